"""Operations as clients send them, read once: parsed, judged by the limits, validated, and kept for the next time."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    VariableDefinitionNode,
    print_ast,
)
from strawberry import Schema

from api.errors import ErrorCode, RequestError, present_error, present_request_errors
from api.execution.plan import Document, StepAsideError
from api.limits import Limits, check_document, cost_model, parse, validate

KEPT_CHARACTERS = 200_000
"""Of all documents together that are kept; each takes 50 to 400 bytes, and an object that Python's cycle collector has to
look at, which holds up everything else: 0.1 seconds for all of them on a busy machine."""
KEPT_LENGTH = 16_384
"""Characters of a document; longer ones are read anew each time."""


class RefusedError(Exception):
    """An operation that is not executed, with the errors that say why as a response holds them."""

    def __init__(self, errors: Sequence[dict[str, Any]]) -> None:
        super().__init__(errors[0]["message"])
        self.errors = errors
        self.code = ErrorCode(errors[0]["extensions"]["code"])

    @classmethod
    def of(cls, cause: RequestError) -> "RefusedError":
        """The refusal of a whole request."""
        return cls([present_error(cause.code, str(cause))])


class Operation:
    """An operation that was found valid and within the limits, whatever its variables are."""

    def __init__(
        self, schema: Schema, document: DocumentNode, definition: OperationDefinitionNode, key: bytes, limits: Limits
    ) -> None:
        self.document = document
        self.definition = definition
        self.key = key
        """Tells it from other operations."""
        self.name = definition.name.value if definition.name else None
        self.type = definition.operation
        self.left_out = {
            found.variable.name.value: _default_text(found) for found in definition.variable_definitions or ()
        }
        """What stands for each variable that a request leaves out."""
        fragments = {
            found.name.value: found for found in document.definitions if isinstance(found, FragmentDefinitionNode)
        }
        self.cost_model = cost_model(schema._schema, document, definition, limits)
        self.plan_document: Document | StepAsideError
        """What a plan can be made of; else why there can be none."""
        try:
            self.plan_document = Document(schema._schema, definition, fragments)
        except StepAsideError as cause:
            self.plan_document = cause

    @property
    def is_subscription(self) -> bool:
        """Whether it goes on, rather than being answered once."""
        return self.type is OperationType.SUBSCRIPTION


def answer_key(operation: Operation, texts: Mapping[str, bytes]) -> tuple[str | bytes, ...]:
    """What tells an answer from others: all variables too, whichever of them are used."""
    return (operation.key, *texts.values())


class Operations:
    """Reads operations, and keeps those that were used lately. What is kept belongs to one event loop."""

    def __init__(self, schema: Schema, limits: Limits) -> None:
        self._schema = schema
        self._limits = limits
        self._kept: OrderedDict[tuple[str, str | None], Operation | RefusedError] = OrderedDict()
        self._characters = 0

    def __len__(self) -> int:
        return len(self._kept)

    def known(self, query: str, name: str | None) -> Operation | None:
        """The operation, if it was kept.

        Raises:
            RefusedError: it was refused, and is again.
        """
        found = self._kept.get((query, name))
        if found is None:
            return None
        self._kept.move_to_end((query, name))
        if isinstance(found, RefusedError):
            raise found.with_traceback(None)
        return found

    def read(self, query: str, name: str | None) -> Operation | RefusedError:
        """The operation, or why it is refused. For any thread; nothing is kept."""
        try:
            return self._read(query, name)
        except RefusedError as cause:
            return cause.with_traceback(None)
        except RequestError as cause:
            return RefusedError.of(cause)
        except GraphQLError as cause:
            return RefusedError(present_request_errors([cause]))

    def keep(self, query: str, name: str | None, found: Operation | RefusedError) -> None:
        """Keeps what was read, unless it is long."""
        length = _length(query, name)
        if length > KEPT_LENGTH or (query, name) in self._kept:
            return
        self._kept[query, name] = found
        self._characters += length
        while self._characters > KEPT_CHARACTERS:
            dropped, _ = self._kept.popitem(last=False)
            self._characters -= _length(*dropped)

    def _read(self, query: str, name: str | None) -> Operation:
        if not query.strip():
            raise RequestError(ErrorCode.GRAPHQL_PARSE_FAILED, "The query is empty.")
        document = parse(query, self._limits)
        definition = _definition(document, name)
        check_document(document, self._limits)
        errors = validate(self._schema._schema, document, self._limits)
        if errors:
            raise RefusedError(present_request_errors(errors))
        key = blake2b(f"{name or ''}\0{query}".encode(errors="surrogatepass"), digest_size=16).digest()
        return Operation(self._schema, document, definition, key, self._limits)


def _definition(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """The operation that is to be executed."""
    found = [definition for definition in document.definitions if isinstance(definition, OperationDefinitionNode)]
    if name is None:
        if len(found) > 1:
            message = f"The document holds {len(found)} operations; name one of them in `operationName`."
            raise RequestError(ErrorCode.OPERATION_RESOLUTION_FAILURE, message)
        named = found
    else:
        named = [definition for definition in found if definition.name and definition.name.value == name]
    if not named:
        wanted = "" if name is None else f" named “{name[:100]}”"
        raise RequestError(ErrorCode.OPERATION_RESOLUTION_FAILURE, f"The document holds no operation{wanted}.")
    return named[0]


def _length(query: str, name: str | None) -> int:
    """Of what is kept of an operation, in characters; even the shortest costs something."""
    return len(query) + len(name or "") + 50


def _default_text(definition: VariableDefinitionNode) -> bytes:
    """Different from the text of any value that a client gives."""
    return b"" if definition.default_value is None else f"= {print_ast(definition.default_value)}".encode()

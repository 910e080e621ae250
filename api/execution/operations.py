"""Operations as clients send them, read once: parsed, judged by the limits, validated, and kept for the next time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b, sha256
from operator import attrgetter
from typing import Any, NamedTuple, TypeAlias

from cachetools import LRUCache
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

from api.adapters.strawberry import core_schema
from api.errors import ErrorCode, RequestError, present_error, present_request_errors
from api.execution.needs import Needs
from api.execution.plan import Document, FallbackError
from api.execution.straight import Code
from api.limits import CostModel, Limits, check_document, parse, validate

KEPT_CHARACTERS = 200_000
"""Of all documents together that are kept; each takes 50 to 400 bytes, and an object that Python's cycle collector has to
look at, which holds up everything else: 0.1 seconds for all of them on a busy machine."""
KEPT_LENGTH = 16_384
"""Characters of a document; longer ones are read anew each time."""


@dataclass(frozen=True, slots=True)
class OperationRequest:
    """What a client wants executed."""

    query: str
    """Empty if the client said only what stands for one."""
    variables: dict[str, Any] = field(default_factory=dict)
    operation_name: str | None = None
    document_id: str | None = None
    """Of a trusted document."""
    extensions: Mapping[str, Any] = field(default_factory=dict)
    """Which may hold the hash of a persisted query."""


class RefusedError(Exception):
    """An operation that is not executed, with the errors that say why as a response holds them."""

    def __init__(self, errors: Sequence[dict[str, Any]]) -> None:
        super().__init__(errors[0]["message"])
        self.errors = errors
        self.code = ErrorCode(errors[0]["extensions"]["code"])

    def again(self) -> "RefusedError":
        """The same to be raised. This one may be kept: if it were raised, it would hold whatever the raising functions had at hand."""
        return RefusedError(self.errors)

    @classmethod
    def of(cls, cause: RequestError) -> "RefusedError":
        """The refusal of a whole request."""
        return cls([present_error(cause.code, str(cause))])


class Operation:
    """An operation that was found valid and within the limits, whatever its variables are."""

    def __init__(
        self, schema: Schema, query: str, document: DocumentNode, definition: OperationDefinitionNode, limits: Limits
    ) -> None:
        """`query`: the text of the document."""
        self.document = document
        self.definition = definition
        self.query_hash = query_hash(query)
        self.name = definition.name.value if definition.name else None
        text = f"{self.name or ''}\0{query}".encode(errors="surrogatepass")
        self.key = blake2b(text, digest_size=16).digest()
        """Tells it from other operations."""
        self.type = definition.operation
        self.type_name = self.type.value
        self.is_subscription = self.type is OperationType.SUBSCRIPTION
        """Whether it goes on, rather than being answered once."""
        self.left_out = {
            found.variable.name.value: _default_text(found) for found in definition.variable_definitions or ()
        }
        """What stands for each variable that a request leaves out."""
        fragments = {
            found.name.value: found for found in document.definitions if isinstance(found, FragmentDefinitionNode)
        }
        core = core_schema(schema)
        self.cost_model = CostModel(core, document, definition, limits)
        self.needs = Needs(core, definition, fragments)
        self.fragments = fragments
        self.plan_document: Document | FallbackError
        """What a plan can be made of; else why there can be none."""
        try:
            self.plan_document = Document(core, definition, fragments)
        except FallbackError as cause:
            self.plan_document = cause
        self.codes: dict[tuple[bytes, ...], Code] = {}
        """What it is answered by, for each set of values of its switches that was asked for."""


def answer_key(operation: Operation, texts: Mapping[str, bytes]) -> tuple[str | bytes, ...]:
    """What tells an answer from others: all variables too, whichever of them are used."""
    return (operation.key, *texts.values())


_Key: TypeAlias = tuple[str, str | None]
"""A document, and the name of one of its operations if it was given."""
_Found: TypeAlias = Operation | RefusedError


class _Known(NamedTuple):
    """What is known of a document."""

    found: _Found
    characters: int


_Kept: TypeAlias = LRUCache[_Key, _Known]
_characters = attrgetter("characters")


class Operations:
    """Reads operations, and keeps those that were used lately. What is kept belongs to one event loop.

    What was asked for again is kept apart from what was not, so that a flood of operations, of which each is another one,
    displaces nothing that clients use.
    """

    def __init__(self, schema: Schema, limits: Limits) -> None:
        self._schema = schema
        self._limits = limits
        self._once, self._again = (_Kept(KEPT_CHARACTERS // 2, getsizeof=_characters) for _ in range(2))

    def __len__(self) -> int:
        return len(self._once) + len(self._again)

    def known(self, query: str, name: str | None) -> Operation | None:
        """The operation, if it was kept.

        Raises:
            RefusedError: it was refused, and is again.
        """
        key = query, name
        kept = self._again.get(key)
        if kept is None:
            kept = self._once.pop(key, None)
            if kept is None:
                return None
            self._again[key] = kept
        found = kept.found
        if isinstance(found, RefusedError):
            raise found.again()
        return found

    def read(self, query: str, name: str | None) -> _Found:
        """The operation, or why it is refused. For any thread; nothing is kept."""
        try:
            return self._read(query, name)
        except RefusedError as cause:
            return cause.with_traceback(None)
        except RequestError as cause:
            return RefusedError.of(cause)
        except GraphQLError as cause:
            return RefusedError(present_request_errors([cause]))

    def keep(self, query: str, name: str | None, found: _Found) -> None:
        """Keeps what was read, unless it is long."""
        key = query, name
        if key not in self._again and key not in self._once and (length := _length(key)) <= KEPT_LENGTH:
            self._once[key] = _Known(found, length)

    def _read(self, query: str, name: str | None) -> Operation:
        document, definition = read_document(query, name, self._limits)
        check_document(document, self._limits)
        errors = validate(core_schema(self._schema), document, self._limits)
        if errors:
            raise RefusedError(present_request_errors(errors))
        return Operation(self._schema, query, document, definition, self._limits)


def read_document(query: str, name: str | None, limits: Limits) -> tuple[DocumentNode, OperationDefinitionNode]:
    """The parsed document, and that of its operations which is to be executed; neither is validated.

    Raises:
        RequestError: the query is too long, or holds no such operation, or several if none is named.
        GraphQLError: it is no GraphQL.
    """
    if not query.strip():
        raise RequestError(ErrorCode.GRAPHQL_PARSE_FAILED, "The query is empty.")
    document = parse(query, limits)
    found = [definition for definition in document.definitions if isinstance(definition, OperationDefinitionNode)]
    if name is None and len(found) > 1:
        message = f"The document holds {len(found)} operations; name one of them in `operationName`."
        raise RequestError(ErrorCode.OPERATION_RESOLUTION_FAILURE, message)
    for definition in found:
        if name is None or (definition.name and definition.name.value == name):
            return document, definition
    wanted = "" if name is None else f" named “{name[:100]}”"
    raise RequestError(ErrorCode.OPERATION_RESOLUTION_FAILURE, f"The document holds no operation{wanted}.")


def query_hash(query: str) -> str:
    """What finds a query that has no name: the first digits of the hash by which persisted queries know it."""
    return sha256(query.encode(errors="surrogatepass")).hexdigest()[:12]


def _length(key: _Key) -> int:
    """Of what is kept of an operation, in characters; even the shortest costs something."""
    query, name = key
    return len(query) + len(name or "") + 50


def _default_text(definition: VariableDefinitionNode) -> bytes:
    """Different from the text of any value that a client gives."""
    return b"" if definition.default_value is None else f"= {print_ast(definition.default_value)}".encode()

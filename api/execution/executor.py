"""`PlannedExecutor`: answers what it can, and says what it has to leave to the reference executor."""

from collections import Counter, OrderedDict
from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

from graphql import (
    FragmentDefinitionNode,
    GraphQLError,
    VariableDefinitionNode,
    get_operation_ast,
    parse,
    print_ast,
    specified_rules,
)
from graphql.execution.values import VariableValues, get_variable_values
from strawberry import Schema
from strawberry.schema.schema import validate_document

from api.context import Context
from api.execution.answers import Answer, AnswerCache
from api.execution.fragments import FragmentCache, SelectionKey
from api.execution.levels import Run, texts_of
from api.execution.plan import Document, Selection, StepAsideError, make_plan
from graph.store import GraphReader

KEPT_CHARACTERS = 500_000
"""Of all documents together of which plans are kept; each takes 50 to 400 bytes."""
KEPT_LENGTH = 16_384
"""Characters of a document; longer ones are left to the reference executor."""
KEPT_PLANS = 16
"""Of one operation, for different values of its `@skip` and `@include`."""


class _Operation:
    """A document that was found valid, and its plans."""

    def __init__(self, document: Document) -> None:
        definitions = document.operation.variable_definitions or ()
        self.document = document
        self.declared = " ".join(map(print_ast, definitions))
        """The variables with their types and defaults: what is valid for one operation need not be for another."""
        self.left_out = {definition.variable.name.value: _default_text(definition) for definition in definitions}
        """What stands for each variable that a request leaves out."""
        self.plans: dict[tuple[bytes, ...], Selection] = {}

    def answer_key(self, plan: Selection, texts: Mapping[str, bytes]) -> SelectionKey:
        """Of all variables, also those that this plan does not refer to: a request may be refused for any of them."""
        return (plan.signature, self.declared, *texts.values())


class PlannedExecutor:
    """For one event loop: what it keeps changes while it answers."""

    def __init__(self, schema: Schema, max_tokens: int, fragment_budget: int, answer_budget: int) -> None:
        self._schema = schema
        self._max_tokens = max_tokens
        self._fragment_budget = fragment_budget
        self._answer_budget = answer_budget
        self._operations: OrderedDict[tuple[str, str | None], _Operation | str] = OrderedDict()
        self._characters = 0
        self._fragments: WeakKeyDictionary[GraphReader, FragmentCache] = WeakKeyDictionary()
        self._answers: WeakKeyDictionary[GraphReader, AnswerCache] = WeakKeyDictionary()
        self.outcomes: Counter[str] = Counter()
        """How many requests were answered (`repeated`, `planned`), and why others were left to the reference executor."""

    async def answer(
        self, query: str, variables: Mapping[str, Any], operation_name: str | None, context: Context
    ) -> Answer | None:
        """The response as JSON; None if the reference executor has to give it."""
        try:
            operation = self._operation(query, operation_name)
            variable_texts = texts_of(variables, operation.left_out)
            return await self._answer(operation, variables, variable_texts, context)
        except StepAsideError as cause:
            self.outcomes[str(cause)] += 1
        except Exception as cause:  # the reference executor will meet it again, and present it
            self.outcomes[f"a field failed: {type(cause).__name__}"] += 1
        return None

    async def _answer(
        self, operation: _Operation, variables: Mapping[str, Any], texts: Mapping[str, bytes], context: Context
    ) -> Answer:
        switches = tuple(texts[name] for name in operation.document.switches)
        plan = operation.plans.get(switches)
        answers = self._answers.get(context.reader)
        if answers is None:
            answers = self._answers[context.reader] = AnswerCache(self._answer_budget)
        if plan is not None:
            kept = answers.get(operation.answer_key(plan, texts))
            if kept is not None:
                self.outcomes["repeated"] += 1
                return kept
        values = self._coerced(operation, variables)
        if plan is None:
            plan = make_plan(operation.document, values)
            if len(operation.plans) >= KEPT_PLANS:
                operation.plans.clear()
            operation.plans[switches] = plan
        fragments = self._fragments.get(context.reader)
        if fragments is None:
            fragments = self._fragments[context.reader] = FragmentCache(self._fragment_budget)
        run = Run(self._schema, context, values, texts, fragments)
        (data,) = await run.objects(plan, [None])
        self.outcomes["planned"] += 1
        return answers.put(operation.answer_key(plan, texts), b'{"data":%b}' % data)

    def _coerced(self, operation: _Operation, variables: Mapping[str, Any]) -> VariableValues:
        definitions = operation.document.operation.variable_definitions or ()
        values = get_variable_values(operation.document.schema, definitions, dict(variables))
        if isinstance(values, list):
            raise StepAsideError("variables do not fit")
        return values

    def _operation(self, query: str, name: str | None) -> _Operation:
        if _length(query, name) > KEPT_LENGTH:
            raise StepAsideError("a long document")
        found = self._operations.get((query, name))
        if found is None:
            try:
                found = self._read(query, name)
            except StepAsideError as cause:
                found = str(cause)
            self._operations[query, name] = found
            self._characters += _length(query, name)
            while self._characters > KEPT_CHARACTERS:
                dropped, _ = self._operations.popitem(last=False)
                self._characters -= _length(*dropped)
        else:
            self._operations.move_to_end((query, name))
        if isinstance(found, str):
            raise StepAsideError(found)
        return found

    def _read(self, query: str, name: str | None) -> _Operation:
        schema = self._schema._schema
        try:
            parsed = parse(query, max_tokens=self._max_tokens, no_location=True)
        except GraphQLError as cause:
            raise StepAsideError("not GraphQL") from cause
        if validate_document(schema, parsed, specified_rules):
            raise StepAsideError("not valid")
        operation = get_operation_ast(parsed, name)
        if operation is None:
            raise StepAsideError("no such operation")
        fragments = {
            definition.name.value: definition
            for definition in parsed.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        return _Operation(Document(schema, operation, fragments))


def _length(query: str, name: str | None) -> int:
    """Of what is kept of an operation, in characters; even the shortest costs something."""
    return len(query) + len(name or "") + 50


def _default_text(definition: VariableDefinitionNode) -> bytes:
    """Different from the text of any value that a client gives."""
    return b"" if definition.default_value is None else f"= {print_ast(definition.default_value)}".encode()

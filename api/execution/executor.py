"""`PlannedExecutor`: answers what it can, and says what it has to leave to the reference executor."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary, ref

from graphql import VariableValues
from strawberry import Schema

from api.errors import RequestError
from api.execution.arguments import Given
from api.execution.fragments import FragmentCache, FragmentCounts
from api.execution.operations import Operation
from api.execution.plan import Document, FallbackError, make_plan
from api.execution.steps import NotedRun, Steps
from api.execution.straight import Code, Run, Texts, straight
from api.schema.context import Context, settle
from graph.stores.protocol import Answer, GraphReader

KEPT_PLANS = 16
"""Of one operation, for different values of its `@skip` and `@include`."""


class PlannedExecutor:
    """May be used by several threads at a time."""

    def __init__(self, schema: Schema, fragment_budget: int) -> None:
        self._schema = schema
        self._fragment_budget = fragment_budget
        self._fragments: WeakKeyDictionary[GraphReader, FragmentCache] = WeakKeyDictionary()
        self._latest: tuple[ref[GraphReader], ref[FragmentCache]] | None = None
        """Nearly all requests read the same snapshot; it is found without asking for the others."""
        self.fragment_counts = FragmentCounts()
        """Of all snapshots, so that they never fall."""

    def fragments(self, reader: GraphReader) -> FragmentCache:
        """What was rendered of the reader's snapshot."""
        latest = self._latest
        if latest is not None and latest[0]() is reader and (kept := latest[1]()) is not None:
            return kept
        kept = self._fragments.get(reader)
        if kept is None:
            kept = self._fragments.setdefault(reader, FragmentCache(self._fragment_budget, self.fragment_counts))
        self._latest = ref(reader), ref(kept)
        return kept

    async def data(
        self,
        operation: Operation,
        variables: Mapping[str, Any],
        texts: Mapping[str, bytes],
        context: Context,
        steps: Steps | None = None,
    ) -> bytes:
        """The `data` of the response as JSON; `texts` are those of the operation's variables, as `texts_of` has them.

        With `steps`, what is read is noted there, and everything is rendered anew.

        Raises:
            FallbackError: the reference executor has to answer.
            RequestError: nobody has to, since the request is refused in the midst of it.
        """
        try:
            (data,) = await settle(self._begun(operation, variables, texts, context, steps))
        except (FallbackError, RequestError):
            raise
        except Exception as cause:  # the reference executor will meet it again, and present it
            raise FallbackError(f"a field failed: {type(cause).__name__}") from cause
        return data

    def _begun(
        self,
        operation: Operation,
        variables: Mapping[str, Any],
        texts: Mapping[str, bytes],
        context: Context,
        steps: Steps | None,
    ) -> Answer[Texts]:
        document = operation.plan_document
        if isinstance(document, FallbackError):
            raise FallbackError(str(document))
        coerced = partial(_coerced, document, variables)
        values = document.variables.taken(variables)
        given = Given(coerced().coerced if values is None else values, texts, coerced)
        switches = tuple([texts[name] for name in document.switches])
        code = operation.codes.get(switches) or _code(operation, document, given, switches)
        if steps is None:
            run = Run(self._schema, context, given, self.fragments(context.reader) if self._fragment_budget else None)
        else:
            run = NotedRun(steps, self._schema, context, given, FragmentCache(self._fragment_budget))
        return code(run, [None], None)


def _coerced(document: Document, variables: Mapping[str, Any]) -> VariableValues:
    found = document.variables.coerced(variables)
    if found is None:
        raise FallbackError("variables do not fit")
    return found


def _code(operation: Operation, document: Document, given: Given, switches: tuple[bytes, ...]) -> Code:
    """Made and kept."""
    code = straight(make_plan(document, given.coerced()))
    if len(operation.codes) >= KEPT_PLANS:
        operation.codes.clear()
    operation.codes[switches] = code
    return code

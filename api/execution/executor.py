"""`PlannedExecutor`: answers what it can, and says what it has to leave to the reference executor."""

from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

from strawberry import Schema

from api.errors import RequestError
from api.execution.fragments import FragmentCache, FragmentCounts
from api.execution.levels import Run
from api.execution.operations import Operation
from api.execution.plan import FallbackError, Selection, make_plan
from api.execution.steps import NotedRun, Steps
from api.schema.context import Context
from graph.stores.protocol import GraphReader

KEPT_PLANS = 16
"""Of one operation, for different values of its `@skip` and `@include`."""


class PlannedExecutor:
    """May be used by several threads at a time."""

    def __init__(self, schema: Schema, fragment_budget: int) -> None:
        self._schema = schema
        self._fragment_budget = fragment_budget
        self._plans: WeakKeyDictionary[Operation, dict[tuple[bytes, ...], Selection]] = WeakKeyDictionary()
        self._fragments: WeakKeyDictionary[GraphReader, FragmentCache] = WeakKeyDictionary()
        self.fragment_counts = FragmentCounts()
        """Of all snapshots, so that they never fall."""

    def fragments(self, reader: GraphReader) -> FragmentCache:
        """What was rendered of the reader's snapshot."""
        kept = self._fragments.get(reader)
        if kept is None:
            kept = self._fragments.setdefault(reader, FragmentCache(self._fragment_budget, self.fragment_counts))
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
            return await self._data(operation, variables, texts, context, steps)
        except (FallbackError, RequestError):
            raise
        except Exception as cause:  # the reference executor will meet it again, and present it
            raise FallbackError(f"a field failed: {type(cause).__name__}") from cause

    async def _data(
        self,
        operation: Operation,
        variables: Mapping[str, Any],
        texts: Mapping[str, bytes],
        context: Context,
        steps: Steps | None,
    ) -> bytes:
        document = operation.plan_document
        if isinstance(document, FallbackError):
            raise FallbackError(str(document))
        values = document.variables.coerced(variables)
        if values is None:
            raise FallbackError("variables do not fit")
        plans = self._plans.get(operation)
        if plans is None:
            plans = self._plans.setdefault(operation, {})
        switches = tuple(texts[name] for name in document.switches)
        plan = plans.get(switches)
        if plan is None:
            plan = make_plan(document, values)
            if len(plans) >= KEPT_PLANS:
                plans.clear()
            plans[switches] = plan
        if steps is None:
            run = Run(self._schema, context, values, texts, self.fragments(context.reader))
        else:
            run = NotedRun(steps, self._schema, context, values, texts, FragmentCache(self._fragment_budget))
        (data,) = await run.objects(plan, [None])
        return data

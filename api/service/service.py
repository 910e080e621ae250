"""`GraphqlService`: answers operations, whatever carries them: limits, then what is kept, then one of the two executors."""

import asyncio
import math
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias, TypeVar
from weakref import WeakKeyDictionary, ref

import orjson
from graphql import GraphQLSchema
from starlette.types import Scope
from strawberry import Schema

from api.adapters.graphql_core import without_suggestions
from api.adapters.strawberry import core_schema
from api.errors import ErrorCode, RequestError
from api.execution import (
    STREAM_REQUIRED,
    Answer,
    AnswerCache,
    FallbackError,
    FragmentCache,
    Need,
    NotedContext,
    Operation,
    OperationRequest,
    Operations,
    PlannedExecutor,
    RefusedError,
    Response,
    Steps,
    Told,
    answer_key,
    body_of,
    bounded,
    execute,
    paths_by_node,
    response_of,
    subscribe,
    texts_of,
)
from api.execution.fragments import SelectionKey
from api.limits import Cost, LimitError, Limits, check_cost, check_variables, filter_cost
from api.schema.assembly import schema as own_schema
from api.schema.context import Context
from api.schema.subscription import Feed
from api.service.access import Access, Client, counted_address
from api.service.explanation import explained_cost, explained_steps
from api.service.loop_budget import LoopBudget
from api.service.offload import Offload, OverloadedError, UsedUpError, in_task, is_background_busy
from api.service.persisted import PersistedQueries
from api.service.rate_limit import RateLimit, RateLimitedError
from api.service.trusted_documents import TrustedDocuments
from api.service.turns import Line
from api.service.warming import Warming
from api.settings import Settings
from api.telemetry import Figure, Telemetry
from api.telemetry.record import Executor, Outcome
from graph.checkpoints import StoppedError
from graph.stores.memory import MemoryReader
from graph.stores.protocol import GraphReader, GraphStore

T = TypeVar("T")
Work: TypeAlias = Callable[[], Coroutine[Any, Any, T]]
"""May be begun anew, somewhere else, as often as it is called."""
MEGABYTE = 1_000_000
CHEAP_COST = 1_500
"""What costs more is done beside the event loop; what turns out to take longer than a slice is begun anew there."""
TRIVIAL_COST = 50
"""What costs more is done there too while the event loop has had enough of such work."""
COST_SECONDS = 0.000_02
"""That a unit of cost stands for."""
PLACES = (0.05, 0.25, 1.0, None)
"""Of the processor, in seconds, that work may use in each of the threads. It begins where it is expected to fit, and is begun
anew in the next one when it does not: so what takes milliseconds need not wait for what takes seconds."""
STEP_PLACE = 1
"""Where work is done that cannot be begun anew."""
STEP_SECONDS = 0.1
"""That such a step, and an event, are expected to take at the most."""
LETTER_SECONDS = 0.000_002
"""That reading a letter of a query takes."""
SUBSCRIPTION_COST = CHEAP_COST
"""Of one event, of which there is one for each of perhaps a thousand subscribers."""
SHORT_QUERY = 1_000
"""Characters; a longer one is read beside the event loop unless it is known."""
TRIVIAL_QUERY = 200
"""Characters; a longer one is read and planned there too while the event loop has had enough of such work."""


_NO_SPAN = nullcontext()

_NOT_EXPLAINED = (
    "Nothing is explained here, where only the operator's own documents are executed: ask a service for development."
)


@dataclass(frozen=True, slots=True)
class Stores:
    """What clients read: one store for all, and one for those who may see what is unpublished."""

    public: GraphStore
    preview: GraphStore

    def of(self, client: Client) -> GraphStore:
        """The store that this client reads."""
        return self.preview if client.sees_unpublished else self.public


@dataclass(slots=True)
class Reply:
    """What came of an operation."""

    answer: Answer
    outcome: Outcome
    code: ErrorCode | None = None
    """Of its first error."""
    is_executed: bool = True
    """Whether there is `data`."""
    executor: Executor = "none"
    fallback: str | None = None
    operation: Operation | None = None
    cost: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    """What tells the client how much it has left."""
    is_newer: bool = False
    """Whether a newer snapshot was read than the one that was asked, since that one was replaced while the operation waited."""
    key: SelectionKey | None = None
    """Of an answer that was kept: what it is asked for by, without reading the operation once more."""
    explanation: Mapping[str, Any] | None = None
    """If the client asked for one."""


class _Executed(NamedTuple):
    response: Response
    executor: Executor
    fallback: str | None = None


Elsewhere: TypeAlias = Callable[[Work[_Executed]], Awaitable[_Executed]]
"""Has work done, wherever that may be."""


async def _here(work: Work[_Executed]) -> _Executed:
    return await work()


class GraphqlService:
    """For one event loop."""

    def __init__(
        self,
        settings: Settings,
        stores: Stores,
        telemetry: Telemetry,
        warming: Callable[[], Warming] = Warming,
        schema: Schema = own_schema,
    ) -> None:
        """`warming`: what of the current snapshots is still being computed."""
        self._settings = settings
        self._stores = stores
        self._warming = warming
        self._telemetry = telemetry
        feeds = {id(store): Feed(store) for store in (stores.public, stores.preview)}
        self._feeds = {
            key: replace(feed, is_waiting=lambda: warming().needed_for(Need.SOON) is not None)
            for key, feed in feeds.items()
        }
        self._late_feeds = {
            key: replace(feed, is_waiting=lambda: warming().needed_for(Need.LATE) is not None)
            for key, feed in feeds.items()
        }
        """Those for what is there last; they share their turns with the others."""
        self.access = Access(settings)
        self.shows_schema = settings.shows_schema
        self._rate_limit = RateLimit(settings.rate_limit) if settings.rate_limit else None
        self._trusted = TrustedDocuments(Path(settings.trusted_documents)) if settings.trusted_documents else None
        self._persisted = PersistedQueries()
        self._limits = Limits.of(settings)
        self._schema = schema
        self._operations = Operations(schema, self._limits)
        self._planned = PlannedExecutor(schema, settings.fragment_cache_mb * MEGABYTE)
        self._answers: WeakKeyDictionary[GraphReader, AnswerCache] = WeakKeyDictionary()
        self._latest: tuple[ref[GraphReader], AnswerCache] | None = None
        """Of these, those of the reader that was asked last: the dictionary takes several times as long."""
        self._loop_budget = LoopBudget()
        self._waiting = 0
        """For what is still being computed."""
        self._places = _places(settings)
        telemetry.metrics.follow(Figure.HEAVY_WORK_WAITING, lambda: sum(map(len, self._places)))
        telemetry.metrics.follow(Figure.ANSWER_CACHE_BYTES, lambda: self._answers_of(stores.public.reader()).size)
        telemetry.metrics.follow(Figure.FRAGMENT_CACHE_BYTES, lambda: self._fragments().size)
        telemetry.metrics.follow(Figure.FRAGMENT_CACHE_HITS, lambda: self._planned.fragment_counts.hits)
        telemetry.metrics.follow(Figure.FRAGMENT_CACHE_MISSES, lambda: self._planned.fragment_counts.misses)

    @property
    def core_schema(self) -> GraphQLSchema:
        """What its operations are asked of."""
        return core_schema(self._schema)

    @property
    def trusted_documents(self) -> Mapping[str, str] | None:
        """The only operations that it answers, by their ids; None if it answers any."""
        return None if self._trusted is None else self._trusted.texts

    def reader(self, client: Client) -> GraphReader:
        """What the client reads now."""
        return self._stores.of(client).reader()

    def query_text(self, query: str | None, document_id: str | None, extensions: Mapping[str, Any]) -> str:
        """The text of the operation that a client asks for, by the text itself or by what stands for it.

        Raises:
            RequestError: there is no such operation here.
        """
        if self._trusted is not None:
            return self._trusted.query(query, document_id)
        if extensions:
            query = self._persisted.query(query, extensions)
        if query is None:
            raise RequestError(ErrorCode.BAD_REQUEST, "The request has no `query`.")
        return query

    def with_text(self, request: OperationRequest) -> OperationRequest:
        """The same request with the text of its operation, which may have been asked for by what stands for it.

        Raises:
            RequestError: there is no such operation here.
        """
        if self._trusted is None and not request.extensions and request.document_id is None:
            return request
        return replace(request, query=self.query_text(request.query or None, request.document_id, request.extensions))

    def known(self, request: OperationRequest) -> Operation | None:
        """The operation, if it was asked for lately and is not refused."""
        try:
            return self._operations.known(request.query, request.operation_name)
        except RefusedError:
            return None

    def check_variables(self, request: OperationRequest) -> None:
        """Does nothing if the variables are of a size that everything else can take.

        Raises:
            RequestError: they are not.
        """
        if request.variables:
            check_variables(request.variables, self._limits)

    def charge(self, client: Client, cost: int) -> Mapping[str, str]:
        """Takes the cost from what the client may cause; the headers that tell it what is left, if anybody counts.

        Raises:
            RateLimitedError: it has too little left.
        """
        return self._rate_limit.take(client.address, cost) if self._rate_limit else {}

    def filter_cost(self, condition: Any, reader: GraphReader) -> int:
        """What a filter of all articles costs, in JSON as the client sent it.

        Raises:
            LimitError: it costs more than an operation may.
        """
        cost = filter_cost(condition, reader.sizes)
        check_cost(cost, self._limits)
        return math.ceil(cost.total)

    async def answer(
        self, request: OperationRequest, client: Client, reader: GraphReader, *, explains: bool = False
    ) -> Reply:
        """The reply to an operation that is answered once; with an explanation, it is executed even if its answer is kept.

        Raises:
            RequestError: the client came at a bad time, rather than with a bad operation.
        """
        reply = self._explained if explains else self._reply
        try:
            if explains and self._trusted is not None:
                raise RequestError(ErrorCode.FORBIDDEN, _NOT_EXPLAINED)
            self.check_variables(request)
            operation = await self._operation(request, client)
            if operation.is_subscription:
                raise RequestError(ErrorCode.STREAM_REQUIRED, STREAM_REQUIRED)
            return await reply(operation, request, client, reader)
        except (OverloadedError, RateLimitedError):
            raise
        except RefusedError as cause:
            return _refused(cause, self.charge(client, 1))
        except RequestError as cause:
            return _refused(RefusedError.of(cause), self.charge(client, 1))

    def again(self, key: SelectionKey, client: Client, reader: GraphReader) -> Reply | None:
        """The reply to an operation that was answered before, if its answer is kept for this reader.

        Raises:
            RateLimitedError: the client has too little left.
        """
        kept = self._answers_of(reader).get(key)
        if kept is None:
            return None
        return Reply(kept, "ok", executor="repeated", cost=kept.cost, headers=self.charge(client, kept.cost), key=key)

    async def offload(self, work: Work[T], line: Line, expected: float = STEP_SECONDS) -> T:
        """What the coroutine function answers, in the first thread for work that takes so long as is expected of this.

        What turns out to be longer work is begun anew in the next one.

        Raises:
            OverloadedError: too much is waiting already.
            TooLongError: it took longer than the limit.
        """
        for place, allowed in zip(self._places, PLACES, strict=True):
            if allowed is not None and expected <= allowed:
                try:
                    return await place.run(work, line, expected, allowed)
                except UsedUpError:
                    expected = 2 * allowed
        return await self._places[-1].run(work, line, expected)

    async def offload_step(self, step: Work[T], line: Line, expected: float = STEP_SECONDS) -> T:
        """The same for what is short indeed, and cannot be begun anew."""
        return await self._places[STEP_PLACE].run(step, line, expected)

    async def warmed(self, need: Need = Need.LATE) -> None:
        """Waits for what is needed and still being computed from the current snapshots.

        Raises:
            OverloadedError: too many wait for it already, or it takes longer than work may.
        """
        await self._computed(need, lambda: None, None)

    async def _computed(self, need: Need, look: Callable[[], T], known: T) -> T:
        """Waits until what is needed is there, of the current snapshots or of newer ones; what `look` found while those were current.

        `known` if nothing is waited for.

        Raises:
            OverloadedError: too many wait for it already, or it takes longer than work may.
        """
        if self._warming().needed_for(need) is None:
            return known
        await in_task()
        is_late = bool(need & (Need.LATE | Need.PICTURES))
        if is_late and self._waiting >= self._settings.max_concurrent_requests:
            raise OverloadedError
        self._waiting += is_late
        try:
            async with asyncio.timeout(self._settings.time_limit_seconds):
                while (part := self._warming().needed_for(need)) is not None:
                    found = look()
                    if await part.wait():
                        return found
                return look()
        except TimeoutError:
            raise OverloadedError from None
        finally:
            self._waiting -= is_late

    # As transports of streams want it

    def authorize(self, scope: Scope, payload: Mapping[str, Any] | None) -> Client:
        """The client that opened a connection; a browser, which cannot set headers, says its token in the first message.

        Raises:
            RequestError: its token is missing or wrong.
        """
        said = next((value for name, value in (payload or {}).items() if name.lower() == "authorization"), None)
        header = dict(scope["headers"]).get(b"authorization")
        given = said if isinstance(said, str) else header.decode("latin-1") if header else None
        host, _ = scope.get("client") or (None, None)
        return self.access.client(given, counted_address(host))

    async def subscribe(self, request: OperationRequest, client: Client) -> AsyncGenerator[Response, None] | Response:
        """The responses to an operation that may have many; its text has to be there.

        Raises:
            RequestError: the operation is refused.
        """
        try:
            operation = await self._operation(request, client)
        except RefusedError as cause:
            self.charge(client, 1)
            return response_of({"errors": cause.errors})
        if not operation.is_subscription:
            reply = await self.answer(request, client, self.reader(client))
            return Response(reply.answer.body, reply.code, reply.is_executed)
        self.check_variables(request)
        store = self._stores.of(client)
        await self.warmed(operation.needs.of(request.variables))
        limits = replace(self._limits, cost=SUBSCRIPTION_COST)
        self.charge(client, self._checked_cost(operation, request, store.reader(), limits))
        self._operations.keep(request.query, request.operation_name, operation)
        feeds = self._late_feeds if Need.LATE in operation.needs.of(request.variables) else self._feeds
        feed = feeds[id(store)]
        make_context = lambda: Context(store.reader(), self._settings)  # noqa: E731
        return await subscribe(
            operation,
            request,
            feed,
            make_context,
            self._schema,
            partial(self._offload_event, Line(client.address, "events")),
            hide_suggestions=not self.shows_schema,
        )

    async def _offload_event(self, line: Line, work: Work[Told]) -> Told:
        return await self.offload(work, line)

    async def _operation(self, request: OperationRequest, client: Client) -> Operation:
        """What is asked for; to be kept once its cost is found to be fine, for what is refused must not displace others."""
        query, name = request.query, request.operation_name
        found: Operation | RefusedError | None = self._operations.known(query, name)
        if found is None:
            if len(query) <= (TRIVIAL_QUERY if self._loop_budget.is_spent() else SHORT_QUERY):
                found = await self._loop_budget.counted(self._read(query, name))
            else:
                line, expected = Line(client.address, "reading"), len(query) * LETTER_SECONDS
                found = await self.offload_step(partial(self._read, query, name), line, expected)
        if isinstance(found, RefusedError):
            self._operations.keep(query, name, found)
            raise found.again()
        return found

    async def _read(self, query: str, name: str | None) -> Operation | RefusedError:
        with self._phase("graphql.read"):
            return self._operations.read(query, name)

    def _phase(self, name: str) -> AbstractContextManager[object]:
        """The span of a part of the work, if there are traces."""
        tracing = self._telemetry.tracing
        return _NO_SPAN if tracing is None else tracing.phase(name)

    async def _reply(
        self, operation: Operation, request: OperationRequest, client: Client, reader: GraphReader
    ) -> Reply:
        texts = texts_of(request.variables, operation.left_out)
        answers = self._answers_of(reader)
        key = answer_key(operation, texts)
        kept = answers.get(key)
        is_newer = False
        if kept is None:
            found = await self._ready(operation, request, client, reader)
            is_newer, reader, answers = reader is not found, found, self._answers_of(found)
            kept = answers.get(key)  # of the first that waited for the same
        cost = kept.cost if kept else self._checked_cost(operation, request, reader, self._limits)
        headers = self.charge(client, cost)
        self._operations.keep(request.query, request.operation_name, operation)
        if kept is not None:
            return Reply(
                kept,
                "ok",
                executor="repeated",
                operation=operation,
                cost=cost,
                headers=headers,
                is_newer=is_newer,
                key=key,
            )
        done = await self._done(partial(self._execute, operation, request, texts, reader), cost, request, client)
        body = done.response.body
        answer = Answer(body, cost) if done.response.code else answers.put(key, body, cost)
        return _reply_of(operation, cost, headers, done, answer, is_newer)

    async def _explained(
        self, operation: Operation, request: OperationRequest, client: Client, reader: GraphReader
    ) -> Reply:
        """Its cost is told also where that is why the operation is refused."""
        reader = await self._ready(operation, request, client, reader)
        fields = operation.cost_model.fields(request.variables, reader.sizes)
        told: dict[str, Any] = {"cost": explained_cost(fields, self._limits.cost)}
        total = Cost.of(fields)
        cost = math.ceil(total.total)
        try:
            check_cost(total, self._limits)
        except LimitError as cause:
            return replace(_refused(RefusedError.of(cause), self.charge(client, 1)), explanation=told)
        headers = self.charge(client, cost)
        self._operations.keep(request.query, request.operation_name, operation)
        steps, texts = Steps(), texts_of(request.variables, operation.left_out)
        done = await self._done(
            partial(self._execute, operation, request, texts, reader, steps=steps), cost, request, client
        )
        told["executor"] = done.executor
        told["fallback"] = done.fallback and done.fallback.partition(":")[0]  # not which part of the service failed
        told["seconds"] = round(steps.seconds, 6)
        told["plan"] = explained_steps(steps)
        return replace(_reply_of(operation, cost, headers, done, Answer(done.response.body, cost)), explanation=told)

    async def _done(
        self,
        work: Callable[[Elsewhere], Coroutine[Any, Any, _Executed]],
        cost: int,
        request: OperationRequest,
        client: Client,
    ) -> _Executed:
        """What came of the work, done where its cost lets it seem best; the clock has the last word."""
        is_longer = _is_longer(cost, request)
        line, expected = Line(client.address), cost * COST_SECONDS
        anywhere = partial(work, _here)
        if cost > CHEAP_COST or (is_longer and self._loop_budget.is_spent()):
            return await self.offload(anywhere, line, expected)
        try:
            return await self._loop_budget.sliced(work(lambda rest: self.offload(rest, line, expected)), is_longer)
        except StoppedError:
            return await self.offload(anywhere, line, expected)

    async def _ready(
        self, operation: Operation, request: OperationRequest, client: Client, reader: GraphReader
    ) -> GraphReader:
        """The reader, or a newer one, when everything is there that the operation reads.

        It comes before the cost, which depends on how large stories are.
        """
        if self._warming().is_over:
            return reader
        return await self._computed(operation.needs.of(request.variables), self._stores.of(client).reader, reader)

    def _checked_cost(
        self, operation: Operation, request: OperationRequest, reader: GraphReader, limits: Limits
    ) -> int:
        cost = operation.cost_model.cost(request.variables, reader.sizes)
        check_cost(cost, limits)
        return math.ceil(cost.total)

    async def _execute(
        self,
        operation: Operation,
        request: OperationRequest,
        texts: Mapping[str, bytes],
        reader: GraphReader,
        elsewhere: Elsewhere,
        steps: Steps | None = None,
    ) -> _Executed:
        """`elsewhere`: has the work done that graphql-core has to do after all; `steps`: what is done is noted there.

        It spreads its work over tasks, which take turns with those of other requests: how long they are at it cannot be
        told, and none can be stopped without the event loop that it runs on.
        """
        if self._schema is not own_schema or not isinstance(reader, MemoryReader):
            await in_task()  # before resolvers of others, or their libraries
        make_context = partial(Context, reader, self._settings, operation.document)
        if steps is not None:
            steps.begin()
        with self._phase("graphql.execute"):
            try:
                context = make_context()
                data = await self._planned.data(operation, request.variables, texts, context, steps)
                executed = _Executed(Response(await body_of(data, context)), "planned")
                if steps is not None:
                    steps.end()
                return executed
            except FallbackError as cause:
                fallback = str(cause)
            if steps is None:
                return await elsewhere(lambda: self._execute_by_reference(request, make_context, fallback))
            return await elsewhere(lambda: self._explain_reference(operation, request, reader, fallback, steps))

    async def _explain_reference(
        self, operation: Operation, request: OperationRequest, reader: GraphReader, fallback: str, steps: Steps
    ) -> _Executed:
        paths = paths_by_node(operation.definition.selection_set, operation.fragments)
        make_context = partial(NotedContext, steps, paths, reader, self._settings, operation.document)
        steps.begin()
        executed = await self._execute_by_reference(request, make_context, fallback)
        steps.end()
        return executed

    async def _execute_by_reference(
        self, request: OperationRequest, make_context: Callable[[], Context], fallback: str
    ) -> _Executed:
        await in_task()
        context = make_context()
        response = await execute(request, context, self._schema)
        if not self.shows_schema:
            for error in response.get("errors", []):  # of variables, of which graphql-core knows all names
                error["message"] = without_suggestions(error["message"])
        return _Executed(bounded(response, context), "reference", fallback)

    def _answers_of(self, reader: GraphReader) -> AnswerCache:
        latest = self._latest
        if latest is not None and latest[0]() is reader:
            return latest[1]
        answers = self._answers.get(reader)
        if answers is None:
            answers = self._answers[reader] = AnswerCache(self._settings.answer_cache_mb * MEGABYTE)
        self._latest = ref(reader), answers
        return answers

    def _fragments(self) -> FragmentCache:
        """Those of what is public now."""
        return self._planned.fragments(self._stores.public.reader())


def _reply_of(
    operation: Operation,
    cost: int,
    headers: Mapping[str, str],
    done: _Executed,
    answer: Answer,
    is_newer: bool = False,
) -> Reply:
    _, code, is_executed = done.response
    return Reply(
        answer,
        "ok" if code is None else "error" if code is ErrorCode.INTERNAL_SERVER_ERROR else "refused",
        code,
        is_executed,
        done.executor,
        done.fallback,
        operation,
        cost,
        headers,
        is_newer,
    )


def _places(settings: Settings) -> Sequence[Offload]:
    """The threads of `PLACES`. Long work gives way to what is done in the background, and to what takes but a moment; where it may take any time, to all that is shorter."""
    limits = settings.time_limit_seconds, settings.max_concurrent_requests
    moment, short = Offload(*limits), Offload(*limits)
    long = Offload(*limits, partial(_is_urgent, [moment]))
    return moment, short, long, Offload(*limits, partial(_is_urgent, [moment, short, long]))


def _is_urgent(shorter: Sequence[Offload]) -> bool:
    return is_background_busy() or any(place.is_busy for place in shorter)


def _is_longer(cost: int, request: OperationRequest) -> bool:
    """Whether the work counts for what the event loop may do."""
    return cost > TRIVIAL_COST or len(request.query) > TRIVIAL_QUERY


def _refused(cause: RefusedError, headers: Mapping[str, str]) -> Reply:
    body = orjson.dumps({"errors": cause.errors})
    return Reply(Answer(body), "refused", cause.code, is_executed=False, headers=headers)

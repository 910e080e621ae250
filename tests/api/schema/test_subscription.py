"""What subscribers are told, without a transport: changes, filters, and what is shared."""

import asyncio
import gc
import json
import weakref
from collections.abc import AsyncGenerator, Coroutine
from typing import Any

import pytest

import graph.stores.memory
from api.execution import Operation, OperationRequest, Operations, Response, execute, response_of, subscribe
from api.limits import Limits
from api.schema.assembly import schema
from api.schema.context import Context
from api.schema.subscription import EVENTS_AT_A_TIME, Feed
from api.service.access import Client
from api.service.service import GraphqlService, Stores
from api.settings import Settings
from api.telemetry import Telemetry
from graph.building.changes import Fingerprint, SnapshotChange, changes
from graph.stores.memory import MemoryStore
from tests.api.streams.serving import article, snapshot_of

QUERY = """subscription ($filter: ArticleFilter) { snapshotChanged(filter: $filter) {
  added { totalCount nodes { title } } updated { nodes { title } } removed
} }"""


CLIENT = Client("192.0.2.7")


def read(query: str) -> Operation:
    found = Operations(schema, Limits()).read(query, None)
    assert isinstance(found, Operation)
    return found


class Subscribers:
    """Of one store, which they all share."""

    def __init__(self, *names: str) -> None:
        self.store = MemoryStore(snapshot_of(*map(article, names)))
        self.feed = Feed(self.store)

    def context(self) -> Context:
        return Context(self.store.reader(), Settings())

    def service(self) -> GraphqlService:
        return GraphqlService(Settings(), Stores(self.store, self.store), Telemetry(log_requests=False))

    def swap(self, *names: str) -> None:
        self.store.swap(snapshot_of(*(article(*name.split("=")) for name in names)))

    async def subscribe(self, query: str = QUERY, **variables: Any) -> AsyncGenerator[Response, None]:
        responses = await subscribe(read(query), OperationRequest(query, variables), self.feed, self.context)
        assert not isinstance(responses, Response)
        return responses


def run(conversation: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(conversation, 120))


async def told(responses: AsyncGenerator[Response, None]) -> tuple[list[str], list[str], list[str]]:
    """The titles of the added, those of the updated, the ids of the removed."""
    change = json.loads((await anext(responses)).body)["data"]["snapshotChanged"]
    added, updated = ([node["title"] for node in change[which]["nodes"]] for which in ("added", "updated"))
    return sorted(added), sorted(updated), change["removed"]


async def is_silent(waiting: "asyncio.Task[Any]") -> bool:
    await asyncio.sleep(0.05)
    return not waiting.done()


def test_change_before_the_first_event_is_asked_for_is_told() -> None:
    async def conversation() -> None:
        subscribers = Subscribers("storm")
        responses = await subscribers.subscribe()
        subscribers.swap("storm", "calm")
        assert await told(responses) == (["Calm"], [], [])

    run(conversation())


def test_changes_between_two_events_are_told_as_one() -> None:
    async def conversation() -> None:
        subscribers = Subscribers("storm", "calm")
        responses = await subscribers.subscribe()
        subscribers.swap("storm", "calm", "wave")
        subscribers.swap("storm=Hurricane", "calm", "wave")
        subscribers.swap("storm=Hurricane", "wave=Breaker")
        assert await told(responses) == (["Breaker"], ["Hurricane"], ["a_calm"])

    run(conversation())


def test_change_that_was_taken_back_is_not_told() -> None:
    async def conversation() -> None:
        subscribers = Subscribers("storm")
        responses = await subscribers.subscribe()
        subscribers.swap("calm")
        subscribers.swap("storm")
        waiting = asyncio.ensure_future(told(responses))
        assert await is_silent(waiting)
        subscribers.swap("storm", "wave")
        assert await waiting == (["Wave"], [], [])

    run(conversation())


def test_filter_lets_pass_what_passes_now_and_all_that_is_gone() -> None:
    async def conversation() -> None:
        subscribers = Subscribers("storm", "calm", "wave")
        responses = await subscribers.subscribe(filter={"title": {"startsWith": "S"}})
        waiting = asyncio.ensure_future(told(responses))
        subscribers.swap("storm", "calm=Silence", "wave", "gust", "sun")
        assert await waiting == (["Sun"], ["Silence"], [])
        waiting = asyncio.ensure_future(told(responses))
        subscribers.swap("storm=Hurricane", "calm=Silence", "wave", "gust=Gale", "sun")
        assert await is_silent(waiting)
        subscribers.swap("storm=Hurricane", "calm=Silence", "gust=Gale", "sun")
        assert await waiting == ([], [], ["a_wave"])

    run(conversation())


def test_whole_event_is_read_from_the_snapshot_that_it_tells_of() -> None:
    query = "subscription { snapshotChanged { version added { nodes { related { totalCount } provider { name } } } } }"

    async def conversation() -> None:
        subscribers = Subscribers("storm")
        responses = await subscribers.subscribe(query)
        for names in (("storm", "calm"), ("storm", "calm", "wave")):
            subscribers.swap(*names)
            change = json.loads((await anext(responses)).body)["data"]["snapshotChanged"]
            assert change == {
                "version": subscribers.store.reader().version,
                "added": {"nodes": [{"related": {"totalCount": 0}, "provider": None}]},
            }

    run(conversation())


def test_forgotten_version_is_an_error_and_the_next_change_is_told() -> None:
    async def conversation() -> None:
        subscribers = Subscribers("storm")
        version = subscribers.store.reader().version
        responses = await subscribers.subscribe()
        for number in range(34):
            subscribers.swap(f"storm={number}")
        assert json.loads((await anext(responses)).body) == {
            "data": None,
            "errors": [
                {
                    "message": f"What changed since version {version} is no longer known; fetch again what you hold.",
                    "locations": [{"line": 1, "column": 41}],
                    "path": ["snapshotChanged"],
                    "extensions": {"code": "NOT_FOUND"},
                }
            ],
        }
        subscribers.swap("storm=33", "calm")
        assert await told(responses) == (["Calm"], [], [])

    run(conversation())


def test_change_is_computed_once_for_all_subscribers(monkeypatch: pytest.MonkeyPatch) -> None:
    computed = []

    def counted(old: Fingerprint, new: Fingerprint) -> SnapshotChange:
        computed.append((old.version, new.version))
        return changes(old, new)

    monkeypatch.setattr(graph.stores.memory, "changes", counted)

    async def conversation() -> None:
        subscribers = Subscribers("storm")
        everyone = [await subscribers.subscribe(filter=given) for given in [None, {}, {"title": {"eq": "Calm"}}] * 5]
        for title in ("Calm", "Wave"):
            subscribers.swap("storm", title.lower())
            assert {str(await told(responses)) for responses in everyone}
        assert len(computed) == len(set(computed)) == 2

    run(conversation())


def test_few_events_are_computed_side_by_side() -> None:
    async def conversation() -> None:
        subscribers = Subscribers("storm")
        most, at_once = 0, 0

        def context() -> Context:
            nonlocal most, at_once
            at_once += 1
            most = max(most, at_once)
            return subscribers_context()

        subscribers_context = subscribers.context
        everyone = []
        for _ in range(50):
            responses = await subscribe(read(QUERY), OperationRequest(QUERY), subscribers.feed, context)
            assert not isinstance(responses, Response)
            everyone.append(responses)
        at_once, most = 0, 0

        async def one(responses: AsyncGenerator[Response, None]) -> None:
            nonlocal at_once
            await anext(responses)
            at_once -= 1

        waiting = [asyncio.ensure_future(one(responses)) for responses in everyone]
        await asyncio.sleep(0)
        subscribers.swap("storm", "calm")
        await asyncio.gather(*waiting)
        assert 1 < most <= EVENTS_AT_A_TIME + 1

    run(conversation())


def test_event_waits_for_what_is_still_being_computed() -> None:
    async def conversation() -> None:
        subscribers, is_waiting = Subscribers("storm"), True
        subscribers.feed = Feed(subscribers.store, is_waiting=lambda: is_waiting)
        waiting = asyncio.ensure_future(told(await subscribers.subscribe()))
        await asyncio.sleep(0)
        subscribers.swap("storm", "calm")
        assert await is_silent(waiting)
        is_waiting = False
        assert await waiting == (["Calm"], [], [])

    run(conversation())


def test_event_waits_too_if_there_is_another_reload_before_its_turn() -> None:
    async def conversation() -> None:
        subscribers, is_waiting = Subscribers("storm"), False
        subscribers.feed = Feed(subscribers.store, is_waiting=lambda: is_waiting)
        waiting = asyncio.ensure_future(told(await subscribers.subscribe()))
        await asyncio.sleep(0)
        for _ in range(EVENTS_AT_A_TIME):
            await subscribers.feed.turns.acquire()
        subscribers.swap("storm", "calm")
        assert await is_silent(waiting)
        is_waiting = True
        subscribers.swap("storm", "calm", "wave")
        for _ in range(EVENTS_AT_A_TIME):
            subscribers.feed.turns.release()
        assert await is_silent(waiting)
        assert not subscribers.feed.turns.locked()  # others have their turns meanwhile
        is_waiting = False
        assert await waiting == (["Calm", "Wave"], [], [])

    run(conversation())


def test_idle_subscriber_keeps_no_snapshot() -> None:
    async def conversation() -> None:
        subscribers = Subscribers("storm")
        responses = await subscribers.subscribe()
        subscribers.swap("calm")
        await anext(responses)
        reader = weakref.ref(subscribers.store.reader())
        subscribers.swap("wave")
        gc.collect()
        assert reader() is None

    run(conversation())


def test_subscriber_who_stops_is_forgotten() -> None:
    async def conversation() -> None:
        subscribers = Subscribers("storm")
        waiting = [asyncio.ensure_future(anext(await subscribers.subscribe())) for _ in range(3)]
        await asyncio.sleep(0)
        assert len(subscribers.store._listeners) == 3
        for one in waiting:
            one.cancel()
        await asyncio.wait(waiting)
        assert len(subscribers.store._listeners) == 0

    run(conversation())


def test_refused_subscription_is_one_response() -> None:
    async def conversation() -> None:
        subscribers = Subscribers("storm")
        request = OperationRequest(
            "subscription ($filter: ArticleFilter!) { snapshotChanged(filter: $filter) { version } }"
        )
        response = await subscribe(read(request.query), request, subscribers.feed, subscribers.context)
        assert isinstance(response, Response)
        assert not response.is_executed
        assert [error["extensions"] for error in json.loads(response.body)["errors"]] == [{"code": "BAD_USER_INPUT"}]

    run(conversation())


def test_limits_hold_for_subscriptions() -> None:
    async def conversation() -> None:
        subscribers = Subscribers("storm")
        long = "subscription { snapshotChanged { " + "version " * 6_000 + "} }"
        two = "subscription A { snapshotChanged { version } } subscription B { snapshotChanged { version } }"
        for query, code in ((long, "QUERY_TOO_LONG"), (two, "OPERATION_RESOLUTION_FAILURE")):
            response = await subscribers.service().subscribe(OperationRequest(query), CLIENT)
            assert isinstance(response, Response)
            assert [error["extensions"] for error in json.loads(response.body)["errors"]] == [{"code": code}]

    run(conversation())


def test_query_is_answered_once() -> None:
    async def conversation() -> None:
        subscribers = Subscribers("storm")
        request = OperationRequest("{ articles { totalCount } }")
        response = await subscribers.service().subscribe(request, CLIENT)
        assert response == Response(b'{"data":{"articles":{"totalCount":1}}}')
        assert response == response_of(await execute(request, subscribers.context()))

    run(conversation())

"""The root type `Subscription`, and the events behind it."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from typing import TypeAlias

import strawberry
from strawberry import Info

from api.schema.context import Context, settle
from api.schema.inputs import ArticleFilterArgument, to_filter
from api.schema.object_types import SnapshotChange
from graph.building import changes
from graph.errors import NotFoundError
from graph.lists.filters import Filter
from graph.stores.protocol import GraphStore

MakeContext: TypeAlias = Callable[[], Context]
"""Makes the context of one event, which reads the snapshot that is current at that time."""


EVENTS_AT_A_TIME = 4
"""How many events of a feed are executed concurrently. A reload wakes all subscribers at once; if all were answered at
once, every other request would have to wait for a turn of each of them."""
_LOOK_AGAIN_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Feed:
    """What the subscribers of one store share while the service runs."""

    store: GraphStore
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(EVENTS_AT_A_TIME))
    """To be held while an event is computed."""
    is_waiting: Callable[[], bool] = lambda: False
    """Whether events must wait, since what they read of a new snapshot is still being computed in the background."""


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A subscriber; takes the place of the context until there is an event, which has one of its own."""

    feed: Feed
    make_context: MakeContext


@dataclass(frozen=True, slots=True)
class Event:
    """A value of the root field, and the context in which to execute its selection set."""

    value: changes.SnapshotChange | NotFoundError | None
    """None if nothing passes the subscriber's filter."""
    context: Context

    @property
    def version(self) -> str:
        """Up to which it tells everything."""
        return self.context.reader.version


class Changes:
    """The source event stream of one subscriber: an iteration that wakes when the snapshot changes.

    Each step yields the stream itself, and `event` then computes the change: so the caller can wait for its turn in
    between, and the event tells everything up to the moment when it is computed. The only state is the version that was
    told last: no queue grows while a subscriber is slow, and all that happens meanwhile becomes one event. An event
    whose computing is stopped is computed again, or told of.
    """

    __slots__ = ("_condition", "_subscriber", "_told")

    def __init__(self, subscriber: Subscriber, condition: Filter) -> None:
        self._subscriber = subscriber
        self._condition = condition
        self._told = subscriber.feed.store.reader().version

    def __aiter__(self) -> "Changes":
        return self

    async def __anext__(self) -> "Changes":
        store = self._subscriber.feed.store
        while self.version == self._told:
            await _next_swap(store)
        await self.until_ready()
        return self

    @property
    def is_ready(self) -> bool:
        """Whether everything is computed that an event reads of the current snapshot."""
        return not self._subscriber.feed.is_waiting()

    async def until_ready(self) -> None:
        while not self.is_ready:
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)

    @property
    def version(self) -> str:
        """Of the snapshot that is current."""
        return self._subscriber.feed.store.reader().version

    async def event(self) -> Event:
        """The change since the version told last, on whatever thread; `tell` says that it was told."""
        context = self._subscriber.make_context()
        change = await settle(context.reader.changes(self._told, self._condition))
        if change is None:
            message = f"What changed since version {self._told} is no longer known; fetch again what you hold."
            return Event(NotFoundError(message), context)
        return Event(change if change.added or change.updated or change.removed else None, context)

    def tell(self, version: str) -> None:
        """Everything up to this version was told."""
        self._told = version


async def _next_swap(store: GraphStore) -> None:
    swapped = asyncio.get_running_loop().create_future()

    def wake() -> None:
        if not swapped.done():
            swapped.set_result(None)

    unsubscribe = store.subscribe(wake)
    try:
        await swapped
    finally:
        unsubscribe()


@strawberry.type(description="What the service tells by itself, over WebSocket or server-sent events.")
class Subscription:
    @strawberry.subscription(
        description=(
            "Every change of the articles, from the version that was told last to the one that is current: reloads that "
            "follow quickly on each other, or while an event is still on its way, are told as one. With a filter, "
            "`added` and `updated` hold only articles that pass now, and nothing is told when there are none and no "
            "article is gone; `removed` holds all articles that are gone, since what is gone cannot be tested. An "
            "event is an error with the code NOT_FOUND if the last version is no longer known; what follows is told as usual."
        )
    )
    async def snapshot_changed(
        self,
        info: Info[Subscriber, None],
        filter: ArticleFilterArgument = None,  # noqa: A002  # the argument's name in the schema
    ) -> AsyncGenerator[SnapshotChange, None]:
        # Not events of the annotated type: `api.execution` iterates over `Changes`, and executes each event it
        # computes.
        return Changes(info.context, to_filter(filter))  # type: ignore[return-value]

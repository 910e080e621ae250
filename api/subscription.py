"""The root `Subscription`: what clients are told of, without asking again."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from typing import TypeAlias

import strawberry
from strawberry.types.info import Info

from api.context import Context, settle
from api.inputs import ArticleFilterArgument, to_filter
from api.object_types import SnapshotChange
from graph import changes
from graph.errors import NotFoundError
from graph.filters import Filter
from graph.store import GraphStore

MakeContext: TypeAlias = Callable[[], Context]
"""Makes the context of one event, which reads the snapshot that is current then."""


EVENTS_AT_A_TIME = 4
"""Events of one feed that are executed side by side. A reload wakes all subscribers at once; were all of them answered
at once, every other request would wait for a turn of each."""


@dataclass(frozen=True, slots=True)
class Feed:
    """What the subscribers of one store share, for as long as the service runs."""

    store: GraphStore
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(EVENTS_AT_A_TIME))
    """To be held while an event is computed."""


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Whom events are for; stands in the place of the context until there is an event."""

    feed: Feed
    make_context: MakeContext


@dataclass(frozen=True, slots=True)
class Event:
    """A value of the root field, and the context to execute its selection set in."""

    value: changes.SnapshotChange | NotFoundError
    context: Context


async def snapshot_changes(subscriber: Subscriber, condition: Filter, told: str) -> AsyncGenerator[Event, None]:
    """Every change since the version `told`, reloads that follow quickly on each other in one.

    All that is kept of a subscriber is the version it was told of last: while it does not ask for the next event, nothing
    is collected for it.
    """
    while True:
        await _until_current_is_not(told, subscriber.feed.store)
        context = subscriber.make_context()
        since, told = told, context.reader.version
        change = await settle(context.reader.changes(since, condition))
        if change is None:
            message = f"What changed since version {since} is no longer known; fetch again what you hold."
            yield Event(NotFoundError(message), context)
        elif change.added or change.updated or change.removed:
            yield Event(change, context)


async def _until_current_is_not(version: str, store: GraphStore) -> None:
    woken = asyncio.Event()
    unsubscribe = store.subscribe(woken.set)
    try:
        while store.reader().version == version:
            woken.clear()
            await woken.wait()
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
        subscriber = info.context
        condition = to_filter(filter)
        # Taken here and not when the first event is asked for, which may be after the first change.
        told = subscriber.feed.store.reader().version
        return snapshot_changes(subscriber, condition, told)  # type: ignore[return-value]  # values with their contexts

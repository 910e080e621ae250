"""`Context`: what the resolvers of one operation read from; made anew for each request."""

from collections.abc import Awaitable, Callable, Hashable, Sequence
from inspect import isawaitable
from typing import Any, TypeGuard, TypeVar, cast

from graphql import DocumentNode
from strawberry.dataloader import DataLoader

from api.schema.answer_size import AnswerSize
from api.settings import Settings
from graph.building.lookups import Lookup
from graph.stores.protocol import Answer, GraphReader

T = TypeVar("T")
U = TypeVar("U")
BatchLoad = Callable[[list[Any]], Awaitable[Sequence[Any]]]


_LISTS = (list, tuple)
"""What nearly all answers are, and no awaitable is; to ask `isawaitable` takes longer than many a read."""


class Context:
    """The snapshot that was current when the request began, and the batches that are being collected."""

    def __init__(self, reader: GraphReader, settings: Settings, document: DocumentNode | None = None) -> None:
        self.reader = reader
        self.settings = settings
        self.document = document
        """The operation's document, if it has been parsed and validated already."""
        self.answer_size = AnswerSize(settings.max_answer_mb)
        self.missed: set[tuple[Lookup, str]] = set()
        """The names that found nothing."""
        self._loaders: dict[Hashable, DataLoader[Any, Any]] = {}

    def loader(self, key: Hashable, load: Callable[[], BatchLoad]) -> DataLoader[Any, Any]:
        """The DataLoader that collects the parents of one field of the operation, each parent once."""
        loader = self._loaders.get(key)
        if loader is None:
            loader = self._loaders[key] = DataLoader(load_fn=load())
        return loader

    def close(self) -> None:
        """Forgets the batches, which know the context in turn: nothing more is asked for."""
        self._loaders.clear()


def is_ready(answer: Answer[T]) -> TypeGuard[T]:
    """Whether this is the answer itself, rather than an awaitable."""
    return type(answer) in _LISTS or not isawaitable(answer)


def then(answer: Answer[T], use: Callable[[T], Answer[U]]) -> Answer[U]:
    """What `use` makes of an answer: at once where both are there at once, else awaitably."""
    if type(answer) in _LISTS or is_ready(answer):
        return use(answer)  # type: ignore[arg-type]  # what it is was found out
    return _later(cast(Awaitable[T], answer), use)


async def _later(answer: Awaitable[T], use: Callable[[T], Answer[U]]) -> U:
    return await settle(use(await answer))


async def settle(answer: Answer[T]) -> T:
    """The answer of a store, awaited if it is an awaitable."""
    return answer if is_ready(answer) else await cast(Awaitable[T], answer)

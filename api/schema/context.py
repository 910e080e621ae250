"""`Context`: what the resolvers of one operation read from; made anew for each request."""

from collections.abc import Awaitable, Callable, Hashable, Sequence
from inspect import isawaitable
from typing import Any, TypeVar, cast

from graphql import DocumentNode
from strawberry.dataloader import DataLoader

from api.schema.answer_size import AnswerSize
from api.settings import Settings
from graph.building.lookups import Lookup
from graph.stores.protocol import Answer, GraphReader

T = TypeVar("T")
BatchLoad = Callable[[list[Any]], Awaitable[Sequence[Any]]]


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


async def settle(answer: Answer[T]) -> T:
    """The answer of a store, awaited if it is an awaitable."""
    if isawaitable(answer):
        return await cast(Awaitable[T], answer)
    return answer

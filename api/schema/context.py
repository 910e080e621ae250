"""`Context`: what one operation reads from, and how it is to be answered; new for each request."""

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from inspect import isawaitable
from typing import Any, Protocol, TypeVar, cast

from graphql import DocumentNode
from strawberry.dataloader import DataLoader

from api.settings import Settings
from graph.stores.protocol import Answer, GraphReader

T = TypeVar("T")
BatchLoad = Callable[[list[Any]], Awaitable[Sequence[Any]]]


class Attempt(Protocol):
    """To answer an operation in another way than graphql-core does."""

    async def data(self, variables: Mapping[str, Any], context: "Context") -> bytes | None:
        """The response's `data` as JSON; None if graphql-core has to answer, as whenever something fails. Raises nothing."""


class Context:
    """The graph as it stood when the request began, the batches that are being collected, and what is known of the operation."""

    def __init__(
        self,
        reader: GraphReader,
        settings: Settings,
        document: DocumentNode | None = None,
        attempt: Attempt | None = None,
    ) -> None:
        """`attempt`: at an operation of `document` that is no subscription."""
        self.reader = reader
        self.settings = settings
        self.document = document
        """The operation's document, if it was parsed and found valid already."""
        self.attempt = attempt
        self._loaders: dict[Hashable, DataLoader[Any, Any]] = {}

    def loader(self, key: Hashable, load: Callable[[], BatchLoad]) -> DataLoader[Any, Any]:
        """The loader that collects the parents of one field of the operation, each parent once."""
        loader = self._loaders.get(key)
        if loader is None:
            loader = self._loaders[key] = DataLoader(load_fn=load())
        return loader


async def settle(answer: Answer[T]) -> T:
    """The answer of a store, whether it came at once or is still on its way."""
    if isawaitable(answer):
        return await cast(Awaitable[T], answer)
    return answer

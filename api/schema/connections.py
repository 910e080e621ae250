"""Relay connections and their cursors.

Cursors are opaque to clients. They hold a digest of their list and its order, and a place in it: a keyset position, which stays
valid when the graph is reloaded, or in a computed order a mark, which tells whether it is.
"""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from functools import cached_property
from typing import Annotated, Any, Generic, NamedTuple, TypeAlias, TypeVar

import orjson
import strawberry

from api.settings import Settings
from graph.errors import CursorError, PageError, check_range
from graph.lists.filters import Filter
from graph.lists.list_sources import ArticleList, ByIds, ByText, ByTopics, ListSource, NamedList
from graph.lists.ordering import Order, Position
from graph.lists.pages import Page, PageEdge, PageRequest

NodeT = TypeVar("NodeT")
EdgeT = TypeVar("EdgeT")

First: TypeAlias = Annotated[
    int | None,
    strawberry.argument(
        description="At most this many entries, from the beginning. 20 if neither this nor `last` is given; at most 100 (settings of the service)."
    ),
]
Last: TypeAlias = Annotated[
    int | None,
    strawberry.argument(description="At most this many entries, from the end; their order stays the same."),
]
After: TypeAlias = Annotated[
    str | None, strawberry.argument(description="Only entries after this cursor, which came with the same order.")
]
Before: TypeAlias = Annotated[
    str | None, strawberry.argument(description="Only entries before this cursor, which came with the same order.")
]


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether entries follow this page.")
    has_previous_page: bool = strawberry.field(description="Whether entries come before this page.")
    start_cursor: str | None = strawberry.field(description="The cursor of the first entry; null on an empty page.")
    end_cursor: str | None = strawberry.field(description="The cursor of the last entry; null on an empty page.")


@strawberry.type
class Edge(Generic[NodeT]):
    cursor: str = strawberry.field(description="Where the entry stands; give it to `after` or `before`.")
    node: NodeT = strawberry.field(description="The entry itself.")


@strawberry.type
class Connection(Generic[NodeT, EdgeT]):
    edges: list[EdgeT] = strawberry.field(
        description="The entries of this page with their cursors and what links them."
    )
    nodes: list[NodeT] = strawberry.field(description="The entries of this page alone.")
    page_info: PageInfo = strawberry.field(description="Where the page stands in the list.")
    total_count: int = strawberry.field(description="Entries in the whole list that pass the filter.")


class OrderedList(NamedTuple):
    """A list in an order, as cursors identify it: independent of its filter and of its current entries."""

    name: str
    """Tells the lists of one node apart."""
    node_id: str
    order: Order

    def signature(self) -> str:
        """A digest that is part of the list's cursors, so that those of other lists and orders are refused."""
        keys = ",".join(f"{'-' if key.is_descending else ''}{key.field}" for key in self.order)
        return hashlib.blake2b(f"{self.name}\0{self.node_id}\0{keys}".encode(), digest_size=6).hexdigest()


def list_name(source: ListSource) -> str:
    """What identifies a list even when the graph changes."""
    match source:
        case NamedList():
            return source.value
        case ByText(text, kinds):
            return f"search {' '.join(sorted(kind.value for kind in kinds))} {text}"
        case ByTopics(topics, match):
            return f"{match.value} of {' '.join(sorted(topics))}"
        case ByIds():
            return "chosen"


class ListRead(NamedTuple):
    """What the pages of several nodes' lists have in common."""

    source: ListSource
    name: str
    """Tells the lists of one node apart."""
    order: Order
    passing: Filter

    def of(self, node_id: str) -> OrderedList:
        """The list of this node, as cursors identify it."""
        return OrderedList(self.name, node_id, self.order)


class ConnectionView:
    """A page with the attributes that a connection type's fields read; what is not selected is not computed."""

    __slots__ = ("_edges", "_list", "_node_id", "_page")

    def __init__(self, page: Page[Any], of_list: ListRead, node_id: str) -> None:
        self._page = page
        self._list = of_list
        self._node_id = node_id
        self._edges: list[EdgeView] | None = None

    @property
    def edges(self) -> list["EdgeView"]:
        if self._edges is None:
            signature = self._list.of(self._node_id).signature()
            self._edges = [EdgeView(edge, signature, self._list.source) for edge in self._page.edges]
        return self._edges

    @property
    def nodes(self) -> Sequence[Any]:
        return self._page.nodes

    @property
    def page_info(self) -> "PageInfoView":
        return PageInfoView(self._page, self._list.of(self._node_id))

    @property
    def total_count(self) -> int:
        return self._page.total_count

    @property
    def whole(self) -> ArticleList:
        """The whole list that the page is part of, for aggregates; meaningless if it is not one of articles."""
        return ArticleList(self._list.source, self._node_id, self._list.passing)


class PageInfoView:
    """A page with the attributes that the fields of `PageInfo` read."""

    def __init__(self, page: Page[Any], ordered: OrderedList) -> None:
        self._page = page
        self._ordered = ordered

    @property
    def has_next_page(self) -> bool:
        return self._page.has_next_page

    @property
    def has_previous_page(self) -> bool:
        return self._page.has_previous_page

    @property
    def start_cursor(self) -> str | None:
        return self._cursor(self._page.nodes[:1])

    @property
    def end_cursor(self) -> str | None:
        return self._cursor(self._page.nodes[-1:])

    def _cursor(self, ends: Sequence[Any]) -> str | None:
        signature = self._ordered.signature()
        return next((encode_cursor(self._page.edge_of(node).position, signature) for node in ends), None)


class EdgeView:
    """An entry with the attributes that an edge type's fields read; its additional fields read the link data."""

    def __init__(self, edge: PageEdge[Any], signature: str, source: ListSource) -> None:
        self.node = edge.node
        self.source = source
        self._link = edge.link
        self._edge = edge
        self._signature = signature

    @cached_property
    def cursor(self) -> str:
        return encode_cursor(self._edge.position, self._signature)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._link, name)


def encode_cursor(position: Position, signature: str) -> str:
    """The cursor of an entry."""
    data = orjson.dumps([signature, position.node_id, *position.values])
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode_cursor(name: str, cursor: str, signature: str) -> Position:
    """The position that a cursor holds.

    Raises:
        CursorError: the cursor was not made here, or for another list.
    """
    try:
        data = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        made_for, node_id, *values = orjson.loads(data)
        if not isinstance(node_id, str) or not all(
            value is None or type(value) in (str, int, float) for value in values
        ):
            raise ValueError("wrong types")
    except (ValueError, TypeError, binascii.Error) as cause:
        raise CursorError(f"`{name}` is no cursor of this service; take it from `cursor` or `pageInfo`.") from cause
    if made_for != signature:
        raise CursorError(f"`{name}` belongs to another list, or to another order of this one; start again without it.")
    return Position(tuple(values), node_id)


class Paging(NamedTuple):
    """The pagination arguments of a connection."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None

    @property
    def has_cursor(self) -> bool:
        """An empty cursor is none: clients that keep cursors as text send it for their first page."""
        return bool(self.after or self.before)


def page_size(settings: Settings, first: int | None) -> int:
    """How many entries the first page has.

    Raises:
        PageError: `first` is out of range.
    """
    if first is None:
        return settings.page_size
    check_range(PageError, "first", first, 0, settings.max_page_size)
    return first


def page_request(settings: Settings, ordered: OrderedList, paging: Paging) -> PageRequest:
    """The page that the four arguments of a connection ask for.

    Raises:
        PageError: `first` or `last` is out of range.
        CursorError: `after` or `before` is not a cursor of this list.
    """
    first, after, last, before = paging
    if last is not None:
        check_range(PageError, "last", last, 0, settings.max_page_size)
    signature = ordered.signature() if paging.has_cursor else ""
    return PageRequest(
        first=None if first is None and last is not None else page_size(settings, first),
        last=last,
        after=decode_cursor("after", after, signature) if after else None,
        before=decode_cursor("before", before, signature) if before else None,
    )

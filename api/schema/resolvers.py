"""The batch resolvers: they take the parents of a level, read the store once, and answer one value for each parent.

They answer the graph's own records, or views of them; the types of `api.schema.object_types` only name their
attributes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from typing import Annotated, Any, Literal, NamedTuple

import strawberry

from api.schema.batching import BatchResolver
from api.schema.connections import (
    After,
    Before,
    ConnectionView,
    EdgeView,
    First,
    Last,
    ListRead,
    Paging,
    list_name,
    page_request,
    page_size,
)
from api.schema.context import Context, settle, then
from api.schema.enums import Direction, EdgeKind, GraphEdgeKind, GroupKey, ProblemCode, Severity, TimeInterval
from api.schema.inputs import ArticleFilterArgument, ArticleOrderArgument, to_filter, to_order
from api.schema.value_types import EdgeCount, HiddenCount, NodeCount, NotReadCount, ProblemCount, Site
from graph import model
from graph.building.changes import SnapshotChange
from graph.checkpoints import checked, checked_if_many
from graph.dates import format_date_time
from graph.errors import CursorError
from graph.lists.aggregates import ArticleGroup, GroupQuery
from graph.lists.filters import EVERYTHING
from graph.lists.list_sources import WHOLE_GRAPH, ArticleList, ByIds, ByText, ListSource, NamedList, list_order
from graph.lists.pages import PROBLEM_ORDER, ListQuery, Neighbors
from graph.lists.timeline import TimelineQuery
from graph.lists.trends import Trend
from graph.stores.protocol import Answer, SnapshotInfo
from graph.traversal import NeighborhoodQuery, Path, PathResult, Step, Subgraph, SubgraphEdge
from graph.traversal.provider_network import NetworkQuery, ProviderNetwork

# Lists


def pages_of(
    source: ListSource,
    parents: Sequence[Any],
    context: Context,
    paging: Paging,
    *,
    condition: Any = None,
    order_by: Any = None,
    name: str | None = None,
) -> Answer[list[Any]]:
    """The same page of each parent's list; None, the parent of root fields, stands for the whole graph.

    `name` identifies the list in cursors where `source` does not. A cursor belongs to one parent's list only; the other
    parents get an error in place of a page.
    """
    if not parents:
        return []
    ids = [WHOLE_GRAPH if parent is None else parent.id for parent in parents]
    order, passing = list_order(source, to_order(order_by)), to_filter(condition)
    wanted = ListRead(source, name or list_name(source), order, passing)

    def views(ids: Sequence[str]) -> Answer[list[Any]]:
        query = ListQuery(page_request(context.settings, wanted.of(ids[0]), paging), passing, order)
        return then(
            context.reader.pages(source, ids, query),
            lambda pages: [ConnectionView(page, wanted, node_id) for node_id, page in zip(ids, pages, strict=True)],
        )

    if not paging.has_cursor or len(ids) == 1:
        return views(ids)
    return _one_by_one(ids, views)


async def _one_by_one(ids: Sequence[str], views: Callable[[Sequence[str]], Answer[list[Any]]]) -> list[Any]:
    answers: list[Any] = []
    for node_id in checked_if_many(ids):
        try:
            answers += await settle(views([node_id]))
        except CursorError as cause:
            answers.append(cause)
    return answers


def _nodes_of(
    source: ListSource, resolve: BatchResolver, parents: Sequence[Any], context: Context, arguments: dict[str, Any]
) -> Answer[Sequence[Any]]:
    """The nodes of the pages that `resolve` answers for these arguments; the first of a list are read as such."""
    for name, value in arguments.items():
        if value is not None and name != "first":
            return then(resolve(parents, context, **arguments), lambda views: list(map(_nodes_alone, views)))
    ids = [WHOLE_GRAPH if parent is None else parent.id for parent in parents]
    return context.reader.first_nodes(source, ids, page_size(context.settings, arguments.get("first")))


def _nodes_alone(view: Any) -> Sequence[Any]:
    if isinstance(view, Exception):
        raise view
    found: Sequence[Any] = view.nodes
    return found


def members_of(listing: NamedList, filter_argument: Any, order_argument: Any) -> BatchResolver:
    """A resolver of pages of a list, with the arguments that every connection of nodes takes."""

    def resolve(
        parents: Sequence[Any],
        context: Context,
        *,
        filter: Any = None,  # noqa: A002  # the argument's name in the schema
        order_by: Any = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Answer[list[ConnectionView]]:
        paging = Paging(first, after, last, before)
        return pages_of(listing, parents, context, paging, condition=filter, order_by=order_by)

    resolve.__annotations__ |= {"filter": filter_argument, "order_by": order_argument}
    return resolve


def nodes_of_members(listing: NamedList, resolve: BatchResolver) -> BatchResolver:
    """A resolver of the nodes of such pages, `resolve`, alone."""

    def nodes(parents: Sequence[Any], context: Context, **arguments: Any) -> Answer[Sequence[Any]]:
        return _nodes_of(listing, resolve, parents, context, arguments)

    return nodes


_FOLDERS_SHOWN = 20
_RELATED = {
    Direction.OUT: NamedList.RELATED_OUT,
    Direction.IN: NamedList.RELATED_IN,
    Direction.ANY: NamedList.RELATED_ANY,
}


def related(
    articles: Sequence[model.Article],
    context: Context,
    *,
    direction: Annotated[
        Direction,
        strawberry.argument(description="Which are wanted: those it names, those that name it, or both, each once."),
    ] = Direction.ANY,
    filter: ArticleFilterArgument = None,  # noqa: A002
    order_by: ArticleOrderArgument = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Answer[list[ConnectionView]]:
    paging = Paging(first, after, last, before)
    return pages_of(_RELATED[direction], articles, context, paging, condition=filter, order_by=order_by)


def nodes_of_related(
    articles: Sequence[model.Article], context: Context, *, direction: Direction = Direction.ANY, **arguments: Any
) -> Answer[Sequence[Any]]:
    resolve = partial(related, direction=direction)
    return _nodes_of(_RELATED[direction], resolve, articles, context, arguments)


def problems_of_snapshot(
    snapshots: Sequence[SnapshotInfo],
    context: Context,
    *,
    severity: Annotated[Severity | None, strawberry.argument(description="Only problems of this severity.")] = None,
    code: Annotated[ProblemCode | None, strawberry.argument(description="Only problems with this code.")] = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Answer[list[ConnectionView]]:
    wanted = ListRead(ByIds(()), "problems", PROBLEM_ORDER, EVERYTHING)
    request = page_request(context.settings, wanted.of(WHOLE_GRAPH), Paging(first, after, last, before))
    return then(
        context.reader.problems(severity, code, request),
        lambda page: [ConnectionView(page, wanted, WHOLE_GRAPH)] * len(snapshots),
    )


# Neighbors and values of a node


def all_neighbors(which: Neighbors) -> BatchResolver:
    def resolve(nodes: Sequence[model.Node], context: Context) -> Answer[Sequence[Any]]:
        return context.reader.neighbors(which, [node.id for node in nodes])

    return resolve


def one_neighbor(which: Neighbors) -> BatchResolver:
    def resolve(nodes: Sequence[model.Node], context: Context) -> Answer[Sequence[Any]]:
        return context.reader.neighbor(which, [node.id for node in nodes])

    return resolve


def problems_of_article(articles: Sequence[model.Article], context: Context) -> Answer[Sequence[Any]]:
    return context.reader.article_problems([article.id for article in articles])


def front_matter(articles: Sequence[model.Article], context: Context) -> list[Any]:
    return [dict(article.front_matter) for article in articles]


def labels(nodes: Sequence[model.Node], context: Context) -> list[str]:
    return [model.label(node) for node in nodes]


def metrics(nodes: Sequence[model.GraphNode], context: Context) -> Answer[Sequence[Any]]:
    return context.reader.metrics([node.id for node in nodes])


# Aggregates over whole lists

TimeZone = Annotated[
    str, strawberry.argument(description="The time zone that the calendar is read in, such as `Europe/Berlin`.")
]


def aggregate(connections: Sequence[ConnectionView], context: Context) -> Answer[Sequence[Any]]:
    return context.reader.aggregates([connection.whole for connection in connections])


@dataclass(frozen=True, eq=False)
class GroupView:
    """A group with the attributes that its type's fields read."""

    group: ArticleGroup
    node: Any
    """The topic, provider or person by which the articles are grouped, or None."""

    @property
    def key(self) -> str | None:
        if self.node is not None:
            return str(self.node.name)
        return format_date_time(self.group.start) if self.group.start else self.group.value

    @property
    def start(self) -> datetime | None:
        return self.group.start

    @property
    def end(self) -> datetime | None:
        return self.group.end

    @property
    def count(self) -> int:
        return len(self.group.articles)

    @cached_property
    def whole(self) -> ArticleList:
        return ArticleList(ByIds(self.group.articles))


async def group_by(
    connections: Sequence[ConnectionView],
    context: Context,
    *,
    key: Annotated[GroupKey, strawberry.argument(description="What the articles are grouped by.")],
    interval: Annotated[
        TimeInterval, strawberry.argument(description="How long a group by DATE is.")
    ] = TimeInterval.MONTH,
    time_zone: TimeZone = "UTC",
    first: Annotated[
        int | None, strawberry.argument(description="At most this many groups, from 1 to 1,000; all if it is left out.")
    ] = None,
    path: Annotated[
        str | None,
        strawberry.argument(
            description="For FRONT_MATTER: the key that they are grouped by, with dots on the way into mappings, such as `series` or `seo.title`."
        ),
    ] = None,
) -> list[list[GroupView]]:
    query = GroupQuery(key, interval, time_zone, first, path)
    found = await settle(context.reader.groups([connection.whole for connection in connections], query))
    is_of_nodes = key in (GroupKey.TOPIC, GroupKey.PROVIDER, GroupKey.PERSON)
    ids = {group.value for groups in found for group in groups if is_of_nodes and group.value is not None}
    nodes = await settle(nodes_by_id(context, sorted(ids)))
    return [[GroupView(group, nodes.get(group.value or "")) for group in groups] for groups in checked(found)]


def groups_aggregate(groups: Sequence[GroupView], context: Context) -> Answer[Sequence[Any]]:
    return context.reader.aggregates([group.whole for group in groups])


def _timelines(lists: list[ArticleList], context: Context, query: TimelineQuery) -> Answer[Sequence[Any]]:
    return context.reader.timelines(lists, query)


TimelineInterval = Annotated[TimeInterval, strawberry.argument(description="How long a bucket is.")]
TimelineStart = Annotated[
    datetime | None, strawberry.argument(name="from", description="Only articles published at this moment or later.")
]
TimelineEnd = Annotated[
    datetime | None, strawberry.argument(name="to", description="Only articles published before this moment.")
]


def timeline_of_list(
    connections: Sequence[ConnectionView],
    context: Context,
    *,
    interval: TimelineInterval = TimeInterval.MONTH,
    time_zone: TimeZone = "UTC",
    start: TimelineStart = None,
    end: TimelineEnd = None,
) -> Answer[Sequence[Any]]:
    lists = [connection.whole for connection in connections]
    return _timelines(lists, context, TimelineQuery(interval, time_zone, start, end))


def timeline_of(listing: NamedList, is_running_total: bool = False) -> BatchResolver:
    """A resolver of the timeline of a node's list of articles."""

    def resolve(
        nodes: Sequence[model.Node],
        context: Context,
        *,
        interval: TimelineInterval = TimeInterval.MONTH,
        time_zone: TimeZone = "UTC",
        start: TimelineStart = None,
        end: TimelineEnd = None,
    ) -> Answer[Sequence[Any]]:
        lists = [ArticleList(listing, node.id) for node in nodes]
        return _timelines(lists, context, TimelineQuery(interval, time_zone, start, end, is_running_total))

    return resolve


# Edges of connections


def nodes_by_id(context: Context, ids: Sequence[str]) -> Answer[dict[str, Any]]:
    """The nodes with these ids, which must all exist."""
    return then(context.reader.nodes(ids), lambda found: dict(zip(ids, found, strict=True))) if ids else {}


def _nodes_in_order(ids: Sequence[str], context: Context) -> Answer[list[Any]]:
    """The node with each id; duplicates are fetched once."""
    return then(
        nodes_by_id(context, sorted(set(ids))), lambda nodes: [nodes[node_id] for node_id in checked_if_many(ids)]
    )


def _nodes_of_groups(context: Context, groups: Sequence[Sequence[str]]) -> Answer[list[list[Any]]]:
    return then(
        nodes_by_id(context, sorted({node_id for group in groups for node_id in group})),
        lambda nodes: [[nodes[node_id] for node_id in group] for group in checked_if_many(groups)],
    )


def shared_topics(edges: Sequence[Any], context: Context) -> Answer[list[list[Any]]]:
    return _nodes_of_groups(context, [edge.shared_topics for edge in edges])


def highlights(edges: Sequence[EdgeView], context: Context) -> Answer[Sequence[Any]]:
    asked = [(edge.node.id, edge.source.text if isinstance(edge.source, ByText) else "") for edge in edges]
    return context.reader.highlights(asked)


# Subgraphs and paths

EdgeKinds = Annotated[
    list[EdgeKind] | None, strawberry.argument(description="Only edges of these kinds; all kinds if it is left out.")
]
Depth = Annotated[int, strawberry.argument(description="Steps to go, at most 4.")]
LimitPerNode = Annotated[
    int,
    strawberry.argument(description="At most this many neighbors of each node, the most telling first; at most 100."),
]
ThroughHubs = Annotated[
    bool,
    strawberry.argument(
        description="Whether to go on from hubs, the nodes that touch more than a fifth of all articles."
    ),
]
WalkDirection = Annotated[Direction, strawberry.argument(description="Which way edges are followed.")]


class NodeAt(NamedTuple):
    """A node of a subgraph with the attributes that its type's fields read."""

    id: str
    distance: int


class EdgeBetween(NamedTuple):
    """An edge of a subgraph with the attributes that its type's fields read."""

    source: str
    target: str
    kind: GraphEdgeKind
    position: int | None = None
    link_count: int | None = None
    shared_topics: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class SubgraphView:
    """A subgraph with the attributes that its type's fields read."""

    nodes: list[NodeAt]
    edges: list[EdgeBetween]
    skipped: Sequence[str]
    truncated: bool


def _part_of_graph(found: Subgraph) -> SubgraphView:
    nodes = [NodeAt(node.id, node.distance) for node in checked_if_many(found.nodes)]
    return SubgraphView(
        nodes, [_between(edge) for edge in checked_if_many(found.edges)], found.skipped_hubs, found.is_truncated
    )


def _between(edge: SubgraphEdge) -> EdgeBetween:
    return EdgeBetween(edge.source, edge.target, GraphEdgeKind[edge.kind.name], edge.position)


def part_of_network(found: ProviderNetwork) -> SubgraphView:
    """A network of providers as a subgraph."""
    edges = [
        EdgeBetween(one, other, GraphEdgeKind.NEAR, link_count=link.link_count, shared_topics=link.shared_topics)
        for one, other, link in checked_if_many(found.edges)
    ]
    nodes = [NodeAt(node_id, distance) for node_id, distance in found.distances.items()]
    return SubgraphView(nodes, edges, found.skipped_hubs, found.is_truncated)


def kinds_of(edge_kinds: Sequence[EdgeKind] | None) -> frozenset[EdgeKind]:
    """The kinds of edges to follow: all, if the argument is left out."""
    return frozenset(EdgeKind if edge_kinds is None else edge_kinds)


def neighborhood(
    nodes: Sequence[Any],
    context: Context,
    *,
    depth: Depth = 1,
    edge_kinds: EdgeKinds = None,
    direction: WalkDirection = Direction.ANY,
    limit_per_node: LimitPerNode = 20,
    through_hubs: ThroughHubs = False,
    filter: ArticleFilterArgument = None,  # noqa: A002
) -> Answer[list[SubgraphView]]:
    query = NeighborhoodQuery(depth, kinds_of(edge_kinds), direction, limit_per_node, through_hubs, to_filter(filter))
    return then(
        context.reader.neighborhoods([node.id for node in nodes], query), lambda found: list(map(_part_of_graph, found))
    )


def provider_networks(ids: Sequence[str], context: Context, query: NetworkQuery) -> Answer[list[SubgraphView]]:
    return then(context.reader.provider_networks(ids, query), lambda found: list(map(part_of_network, found)))


def node_at(places: Sequence[NodeAt], context: Context) -> Answer[list[Any]]:
    return _nodes_in_order([place.id for place in places], context)


def edge_source(edges: Sequence[EdgeBetween | Step], context: Context) -> Answer[list[Any]]:
    return _nodes_in_order([edge.source for edge in edges], context)


def edge_target(edges: Sequence[EdgeBetween | Step], context: Context) -> Answer[list[Any]]:
    return _nodes_in_order([edge.target for edge in edges], context)


def skipped_hubs(parts: Sequence[SubgraphView | PathResult], context: Context) -> Answer[list[list[Any]]]:
    return _nodes_of_groups(
        context, [part.skipped if isinstance(part, SubgraphView) else part.skipped_hubs for part in parts]
    )


def path_nodes(found: Sequence[Path], context: Context) -> Answer[list[list[Any]]]:
    return _nodes_of_groups(context, [path.nodes for path in found])


def path_steps(found: Sequence[Path], context: Context) -> list[tuple[Step, ...]]:
    return [path.steps for path in found]


def path_lengths(found: Sequence[Path], context: Context) -> list[int]:
    return [len(path.steps) for path in found]


def explanations(steps: Sequence[Step], context: Context) -> Answer[Sequence[Any]]:
    return context.reader.explanations(steps)


# The snapshot


def node_counts(snapshots: Sequence[SnapshotInfo], context: Context) -> Answer[list[list[NodeCount]]]:
    return then(
        context.reader.node_counts(),
        lambda counts: [[NodeCount(kind=kind, count=count) for kind, count in counts.items()]] * len(snapshots),
    )


def edge_counts(snapshots: Sequence[SnapshotInfo], context: Context) -> list[list[EdgeCount]]:
    return [[EdgeCount(kind=kind, count=count) for kind, count in info.edge_counts.items()] for info in snapshots]


def hubs(snapshots: Sequence[SnapshotInfo], context: Context) -> Answer[list[list[Any]]]:
    return then(context.reader.hubs(), lambda found: _nodes_of_groups(context, [found] * len(snapshots)))


def sites(snapshots: Sequence[SnapshotInfo], context: Context) -> list[list[Site]]:
    return [
        [
            Site(
                system=site.system,
                name=site.name,
                url=site.url,
                language=site.language,
                folder=site.label.rstrip("/") or ".",
                description=site.description,
                recognised_by=site.evidence,
                file_count=count,
            )
            for site, count in info.inventory.sites
        ]
        for info in snapshots
    ]


def file_count(snapshots: Sequence[SnapshotInfo], context: Context) -> list[int]:
    return [info.inventory.file_count for info in snapshots]


def hidden(snapshots: Sequence[SnapshotInfo], context: Context) -> list[list[HiddenCount]]:
    return [
        [HiddenCount(reason=reason, count=count) for reason, count in info.inventory.hidden.items()]
        for info in snapshots
    ]


def not_read(snapshots: Sequence[SnapshotInfo], context: Context) -> list[list[NotReadCount]]:
    return [
        [
            NotReadCount(reason=reason, count=part.files, folders=part.folders[:_FOLDERS_SHOWN])
            for reason, part in info.inventory.not_read.items()
        ]
        for info in snapshots
    ]


def problem_counts(snapshots: Sequence[SnapshotInfo], context: Context) -> list[list[ProblemCount]]:
    return [[ProblemCount(code=code, count=count) for code, count in info.problem_counts.items()] for info in snapshots]


# Trends and changes


def trend_nodes(trends: Sequence[Trend], context: Context) -> Answer[list[Any]]:
    return _nodes_in_order([trend.node_id for trend in trends], context)


def changes(
    snapshots: Sequence[SnapshotInfo],
    context: Context,
    *,
    since: Annotated[str, strawberry.argument(description="The version of an earlier snapshot.")],
) -> Answer[list[SnapshotChange | None]]:
    return then(context.reader.changes(since), lambda change: [change] * len(snapshots))


def changed_articles(which: Literal["added", "updated"]) -> BatchResolver:
    """A resolver of pages of the articles that a change added or updated."""

    async def resolve(
        found: Sequence[SnapshotChange],
        context: Context,
        *,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> list[ConnectionView]:
        paging = Paging(first, after, last, before)
        lists = [ByIds(getattr(change, which)) for change in found]
        return [
            (await settle(pages_of(chosen, [None], context, paging, name=which)))[0]
            for chosen in checked_if_many(lists)
        ]

    return resolve

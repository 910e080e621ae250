"""Neighborhoods: what the limits and rules mean, and the same answers as networkx walking by those rules."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis.hubs import hubs
from graph.building.snapshot import GraphSnapshot
from graph.errors import FilterError, TraversalError
from graph.lists.filters import EVERYTHING, AllOf, AnyOf, Compare, Filter, Operator, compile_filter
from graph.model import Article, EdgeKind, NodeKind
from graph.traversal import (
    Direction,
    NeighborhoodQuery,
    Subgraph,
    SubgraphEdge,
    SubgraphNode,
    neighborhood,
)
from graph.traversal.neighborhood import EDGE_LIMIT, NODE_LIMIT
from tests.cases import random_cases
from tests.graph.analysis.test_hubs import (
    ABOUT,
    BROADER,
    PUBLISHED_BY,
    RELATED_TO,
    Link,
    connected,
    graph_of,
    idle,
    small_graphs,
)

KIND_ORDER = [
    *(EdgeKind.TRANSLATION_OF, EdgeKind.PART_OF, RELATED_TO, EdgeKind.LINKS_TO),
    *(ABOUT, EdgeKind.WRITTEN_BY, PUBLISHED_BY, BROADER),
]


@pytest.fixture
def world() -> GraphSnapshot:
    links: list[Link] = [
        ("a", "ac", RELATED_TO),
        ("a", "ab", RELATED_TO),
        ("ab", "a", RELATED_TO),
        ("ad", "a", RELATED_TO),
        ("ae", "a", RELATED_TO),
        ("af", "a", RELATED_TO),
        ("a", "t_sea", ABOUT),
        ("ad", "t_sea", ABOUT),
        ("a", "p_post", PUBLISHED_BY),
        ("t_sea", "t_nature", BROADER),
        ("t_sky", "t_nature", BROADER),
        ("ag", "t_sky", ABOUT),
    ]
    return graph_of([*links, *idle(30)], days={"ad": 1, "af": 2})


def ids_at(subgraph: Subgraph, distance: int) -> list[str]:
    return [node.id for node in subgraph.nodes if node.distance == distance]


def test_neighborhood_holds_the_nodes_by_distance_and_all_edges_between_them(world: GraphSnapshot) -> None:
    query = NeighborhoodQuery(depth=2, edge_kinds=frozenset({ABOUT, PUBLISHED_BY, BROADER}))
    assert neighborhood(world, ["p_post"], query) == Subgraph(
        nodes=(SubgraphNode("p_post", 0), SubgraphNode("a", 1), SubgraphNode("t_sea", 2)),
        edges=(SubgraphEdge("a", "p_post", PUBLISHED_BY, 1), SubgraphEdge("a", "t_sea", ABOUT, 1)),
        skipped_hubs=(),
        is_truncated=False,
    )


def test_neighbors_stand_by_kind_then_own_order_then_newest(world: GraphSnapshot) -> None:
    around = neighborhood(world, ["a"], NeighborhoodQuery())
    assert ids_at(around, 0) == ["a"]
    assert ids_at(around, 1) == ["ac", "ab", "af", "ad", "ae", "t_sea", "p_post"]
    assert around.edges[:4] == (
        SubgraphEdge("a", "ac", RELATED_TO, 1),
        SubgraphEdge("a", "ab", RELATED_TO, 2),
        SubgraphEdge("ab", "a", RELATED_TO, 1),
        SubgraphEdge("af", "a", RELATED_TO, 1),
    )
    assert around.edges[-1] == SubgraphEdge("ad", "t_sea", ABOUT, 1)


@pytest.mark.parametrize(
    ("direction", "expected"),
    [
        (Direction.OUT, ["ac", "ab", "t_sea", "p_post"]),
        (Direction.IN, ["af", "ad", "ab", "ae"]),
        (Direction.ANY, ["ac", "ab", "af", "ad", "ae", "t_sea", "p_post"]),
    ],
)
def test_direction_says_which_edges_are_followed(
    world: GraphSnapshot, direction: Direction, expected: list[str]
) -> None:
    around = neighborhood(world, ["a"], NeighborhoodQuery(direction=direction))
    assert ids_at(around, 1) == expected
    assert SubgraphEdge("ab", "a", RELATED_TO, 1) in around.edges


def test_limit_per_node_keeps_the_first_neighbors_and_says_so(world: GraphSnapshot) -> None:
    some = neighborhood(world, ["a"], NeighborhoodQuery(limit_per_node=6))
    assert ids_at(some, 1) == ["ac", "ab", "af", "ad", "ae", "t_sea"]
    assert some.is_truncated
    assert not neighborhood(world, ["a"], NeighborhoodQuery(limit_per_node=7)).is_truncated


def test_depth_ends_the_walk(world: GraphSnapshot) -> None:
    up = partial(NeighborhoodQuery, edge_kinds=frozenset({ABOUT, BROADER}))
    reached = [[node.id for node in neighborhood(world, ["a"], up(depth=depth)).nodes] for depth in range(5)]
    assert reached == [
        ["a"],
        ["a", "t_sea"],
        ["a", "t_sea", "ad", "t_nature"],
        ["a", "t_sea", "ad", "t_nature", "t_sky"],
        ["a", "t_sea", "ad", "t_nature", "t_sky", "ag"],
    ]


def test_articles_that_fail_the_filter_are_not_passed(world: GraphSnapshot) -> None:
    short = Compare("quality", Operator.EQ, 1)
    around = neighborhood(world, ["ad"], NeighborhoodQuery(depth=4, filter=short))
    assert [node.id for node in around.nodes] == ["ad", "a", "t_sea", "p_post", "t_nature", "t_sky"]
    nothing = neighborhood(world, ["a"], NeighborhoodQuery(limit_per_node=2, filter=AnyOf(())))
    assert [node.id for node in nothing.nodes] == ["a", "t_sea", "p_post"]
    assert not nothing.is_truncated


def test_walk_starts_from_several_nodes_at_once(world: GraphSnapshot) -> None:
    around = neighborhood(world, ["ag", "ad", "ag"], NeighborhoodQuery())
    assert ids_at(around, 0) == ["ag", "ad"]
    assert ids_at(around, 1) == ["t_sky", "a", "t_sea"]
    assert neighborhood(world, [], NeighborhoodQuery()) == Subgraph((), (), (), is_truncated=False)


def test_edges_of_each_kind_asked_connect_two_articles() -> None:
    kinds = [EdgeKind.LINKS_TO, EdgeKind.RELATED_TO, EdgeKind.TRANSLATION_OF, EdgeKind.PART_OF]
    snapshot = graph_of([*(("a0", "a1", kind) for kind in kinds), ("a1", "h0", EdgeKind.WRITTEN_BY), *idle(30)])

    def edges(*kinds: EdgeKind) -> list[EdgeKind]:
        found = neighborhood(snapshot, ["a0"], NeighborhoodQuery(depth=2, edge_kinds=frozenset(kinds or EdgeKind)))
        return [edge.kind for edge in found.edges]

    telling = [EdgeKind.TRANSLATION_OF, EdgeKind.PART_OF, EdgeKind.RELATED_TO, EdgeKind.LINKS_TO]
    assert edges() == [*telling, EdgeKind.WRITTEN_BY]
    assert edges(EdgeKind.LINKS_TO) == [EdgeKind.LINKS_TO]


def test_without_kinds_there_is_only_the_start(world: GraphSnapshot) -> None:
    around = neighborhood(world, ["a", "ab"], NeighborhoodQuery(depth=4, edge_kinds=frozenset()))
    assert around == Subgraph((SubgraphNode("a", 0), SubgraphNode("ab", 0)), (), (), is_truncated=False)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (NeighborhoodQuery(depth=5), "`depth` is 5; it must be from 0 to 4"),
        (NeighborhoodQuery(depth=-1), "`depth` is -1; it must be from 0 to 4"),
        (NeighborhoodQuery(limit_per_node=0), "`limitPerNode` is 0; it must be from 1 to 100"),
        (NeighborhoodQuery(limit_per_node=101), "`limitPerNode` is 101; it must be from 1 to 100"),
    ],
)
def test_limits_out_of_range_are_errors(world: GraphSnapshot, query: NeighborhoodQuery, message: str) -> None:
    with pytest.raises(TraversalError, match=message):
        neighborhood(world, ["a"], query)


def test_unknown_start_and_unknown_field_are_errors(world: GraphSnapshot) -> None:
    with pytest.raises(KeyError, match="a_unknown"):
        neighborhood(world, ["a", "a_unknown"], NeighborhoodQuery())
    with pytest.raises(FilterError, match="Article has no field 'colour'"):
        neighborhood(world, ["a"], NeighborhoodQuery(filter=Compare("colour", Operator.EQ, "red")))


def hub_world() -> GraphSnapshot:
    """A hub topic with a parent, between articles that nothing else connects."""
    articles = [f"a{number}" for number in range(9)]
    return graph_of([*((article, "t_hub", ABOUT) for article in articles), ("t_hub", "t_top", BROADER)])


def test_hubs_are_reached_but_not_passed() -> None:
    around = neighborhood(hub_world(), ["a0"], NeighborhoodQuery(depth=3))
    assert [node.id for node in around.nodes] == ["a0", "t_hub"]
    assert around.skipped_hubs == ("t_hub",)
    assert not around.is_truncated


def test_hubs_at_the_rim_are_not_skipped() -> None:
    assert neighborhood(hub_world(), ["a0"], NeighborhoodQuery(depth=1)).skipped_hubs == ()


def test_hubs_are_passed_when_asked_and_from_the_start() -> None:
    through = neighborhood(hub_world(), ["a0"], NeighborhoodQuery(depth=2, through_hubs=True))
    assert (len(through.nodes), through.skipped_hubs) == (11, ())
    start = neighborhood(hub_world(), ["a0", "t_hub"], NeighborhoodQuery())
    assert (len(start.nodes), start.skipped_hubs) == (11, ())


def test_answer_holds_a_thousand_nodes_at_most() -> None:
    topics = [f"t{number:02}" for number in range(12)]
    links: list[Link] = [(f"a{topic}{number}", topic, ABOUT) for topic in topics for number in range(99)]
    snapshot = graph_of(links)
    around = neighborhood(snapshot, topics, NeighborhoodQuery(limit_per_node=100))
    assert (len(around.nodes), len(around.edges), around.is_truncated) == (NODE_LIMIT, NODE_LIMIT - 12, True)
    assert not neighborhood(snapshot, topics[:10], NeighborhoodQuery(limit_per_node=100)).is_truncated
    articles = snapshot.ids[NodeKind.ARTICLE]
    for count, is_truncated in [(NODE_LIMIT, False), (NODE_LIMIT + 1, True)]:
        start = neighborhood(snapshot, articles[:count], NeighborhoodQuery(depth=0))
        assert (len(start.nodes), start.is_truncated) == (NODE_LIMIT, is_truncated)


def test_answer_holds_ten_thousand_edges_at_most_and_no_node_is_cut_off() -> None:
    articles = [f"a{number:03}" for number in range(150)]
    links: list[Link] = [(source, target, RELATED_TO) for source in articles for target in articles if source < target]
    links += [(target, source, RELATED_TO) for source, target, _ in links]
    around = neighborhood(graph_of(links), ["a149"], NeighborhoodQuery(depth=2, limit_per_node=100, through_hubs=True))
    assert (len(around.nodes), len(around.edges), around.is_truncated) == (150, EDGE_LIMIT, True)
    distances = dict(around.nodes)
    for node_id, distance in around.nodes[1:]:
        assert any(edge.target == node_id and distances[edge.source] < distance for edge in around.edges)


# The oracle: networkx walks, breadth-first, from a node that leads to the start, by what may be looked at from each node.

NeighborReader = Callable[[str], list[tuple[EdgeKind, str, str]]]


def neighbor_reader(snapshot: GraphSnapshot) -> NeighborReader:
    """Answers (kind, OUT or IN, neighbor) for each edge of a node, the most telling first."""
    known: dict[str, list[tuple[EdgeKind, str, str]]] = {}

    def neighbors(node_id: str) -> list[tuple[EdgeKind, str, str]]:
        if node_id not in known:
            entries: list[tuple[Any, ...]] = []
            for _, target, edge in snapshot.digraph.out_edges(node_id, data=True):
                entries.append((KIND_ORDER.index(EdgeKind(edge["relation"])), 0, edge["position"], target))
            for source, _, edge in snapshot.digraph.in_edges(node_id, data=True):
                date = getattr(snapshot.nodes[source], "published_date_time", None)
                age = -date.timestamp() if date else float("inf")
                entries.append((KIND_ORDER.index(EdgeKind(edge["relation"])), 1, age, source))
            known[node_id] = [(KIND_ORDER[kind], ("OUT", "IN")[way], found) for kind, way, _, found in sorted(entries)]
        return known[node_id]

    return neighbors


class Oracle:
    """The expected answer."""

    def __init__(
        self, snapshot: GraphSnapshot, neighbors: NeighborReader, start: Sequence[str], query: NeighborhoodQuery
    ) -> None:
        self.snapshot, self.neighbors, self.query = snapshot, neighbors, query
        self.passes = compile_filter(snapshot, Article, query.filter)
        self.closed = set() if query.through_hubs else set(hubs(snapshot)) - set(start)
        self.cut: set[str] = set()
        nodes: nx.DiGraph[str] = nx.DiGraph()
        nodes.add_nodes_from(["START", *snapshot.nodes])
        walk = nx.generic_bfs_edges(
            nodes,
            "START",
            lambda node_id: iter(start if node_id == "START" else self.looked_at(node_id)),
            query.depth + 1,
        )
        self.parents = {found: node_id for node_id, found in islice(walk, NODE_LIMIT + 1)}
        self.distances: dict[str, int] = {}
        for found, parent in islice(self.parents.items(), NODE_LIMIT):
            self.distances[found] = self.distances.get(parent, -1) + 1

    def looked_at(self, node_id: str) -> list[str]:
        if node_id in self.closed:
            return []
        wanted = dict.fromkeys(
            found
            for kind, way, found in self.neighbors(node_id)
            if kind in self.query.edge_kinds and self.query.direction.value in (way, "ANY") and self.may_enter(found)
        )
        assert self.query.limit_per_node is not None
        if len(wanted) > self.query.limit_per_node:
            self.cut.add(node_id)
        return list(wanted)[: self.query.limit_per_node]

    def may_enter(self, node_id: str) -> bool:
        node = self.snapshot.nodes[node_id]
        return not isinstance(node, Article) or self.passes(node)

    def edges(self) -> list[SubgraphEdge]:
        between = self.snapshot.digraph.subgraph(self.distances).edges(data=True)
        edges = [SubgraphEdge(s, t, EdgeKind(edge["relation"]), edge["position"]) for s, t, edge in between]
        place = {node_id: index for index, node_id in enumerate(self.distances)}

        def key(edge: SubgraphEdge) -> tuple[int, int, int, int]:
            source, target, kind, position = edge
            if self.parents[target] == source:
                return 0, place[target], 0, 0
            if self.parents[source] == target:
                return 0, place[source], 1, 0
            return 1, place[source], KIND_ORDER.index(kind), position

        return sorted((edge for edge in edges if edge.kind in self.query.edge_kinds), key=key)

    def subgraph(self) -> Subgraph:
        edges, passed = self.edges(), {found for found, steps in self.distances.items() if steps < self.query.depth}
        return Subgraph(
            nodes=tuple(SubgraphNode(*item) for item in self.distances.items()),
            edges=tuple(edges[:EDGE_LIMIT]),
            skipped_hubs=tuple(sorted(self.closed & passed)),
            is_truncated=bool(self.cut & passed) or len(self.parents) > len(self.distances) or len(edges) > EDGE_LIMIT,
        )


FILTERS: list[Filter] = [
    EVERYTHING,
    Compare("quality", Operator.LT, 3),
    AllOf((Compare("quality", Operator.GT, 2), Compare("published_date_time", Operator.IS_NULL, False))),
    Compare("quality", Operator.GTE, 50),
    AnyOf(()),
]


def queries() -> st.SearchStrategy[NeighborhoodQuery]:
    return st.builds(
        NeighborhoodQuery,
        depth=st.integers(0, 4),
        edge_kinds=st.just(frozenset(EdgeKind)) | st.frozensets(st.sampled_from(EdgeKind)),
        direction=st.sampled_from(Direction),
        limit_per_node=st.sampled_from([1, 2, 3, 20, 100]),
        through_hubs=st.booleans(),
        filter=st.sampled_from(FILTERS),
    )


def starts(snapshot: GraphSnapshot) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(connected(snapshot)), min_size=1, max_size=3)


@given(small_graphs(), queries(), st.data())
@random_cases(1000)
def test_neighborhoods_in_random_graphs_are_those_of_networkx(
    snapshot: GraphSnapshot, query: NeighborhoodQuery, data: st.DataObject
) -> None:
    start = data.draw(starts(snapshot))
    expected = Oracle(snapshot, neighbor_reader(snapshot), start, query).subgraph()
    assert neighborhood(snapshot, start, query) == expected


def test_neighborhoods_in_the_seeds_are_those_of_networkx(seeds: GraphSnapshot) -> None:
    neighbors = neighbor_reader(seeds)

    @given(starts(seeds), queries())
    @random_cases(1000)
    def check(start: list[str], query: NeighborhoodQuery) -> None:
        assert neighborhood(seeds, start, query) == Oracle(seeds, neighbors, start, query).subgraph()

    check()


@pytest.mark.thorough
def test_neighborhoods_in_the_corpus_are_those_of_networkx(azure: GraphSnapshot) -> None:
    neighbors = neighbor_reader(azure)

    @given(starts(azure), queries())
    @random_cases(100)
    def check(start: list[str], query: NeighborhoodQuery) -> None:
        assert neighborhood(azure, start, query) == Oracle(azure, neighbors, start, query).subgraph()

    check()


@pytest.mark.thorough
def test_walks_in_the_corpus_do_not_pass_its_hubs_by_default(azure: GraphSnapshot) -> None:
    closed = hubs(azure)
    for article in azure.ids[NodeKind.ARTICLE][::50]:
        around = neighborhood(azure, [article], NeighborhoodQuery(depth=2, limit_per_node=100))
        nearer = set(ids_at(around, 1))
        assert set(around.skipped_hubs) == nearer & closed
        for node_id in ids_at(around, 2):
            assert any(node in nearer - closed for node in nx.all_neighbors(azure.digraph, node_id))


@pytest.mark.thorough
def test_walks_through_hubs_reach_what_hubs_hide(azure: GraphSnapshot) -> None:
    article = azure.ids[NodeKind.ARTICLE][0]
    hidden = neighborhood(azure, [article], NeighborhoodQuery(depth=2, limit_per_node=100))
    shown = neighborhood(azure, [article], NeighborhoodQuery(depth=2, limit_per_node=100, through_hubs=True))
    assert {node.id for node in hidden.nodes} < {node.id for node in shown.nodes}
    assert azure.lookups.topic("Azure") in hidden.skipped_hubs
    assert not shown.skipped_hubs

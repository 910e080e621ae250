"""Paths: what the rules mean, and the same answers as an enumeration of all paths, or as networkx where they are many."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from heapq import nsmallest
from itertools import islice, pairwise

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis.hubs import hubs
from graph.building.merged_graph import MergeResult
from graph.building.snapshot import GraphSnapshot, build_snapshot
from graph.errors import NotFoundError, TraversalError
from graph.model import Article, ArticleOrigin, EdgeKind, LinkDirection, NodeKind, Person, Provider, Topic
from graph.traversal import NoPath, Path, PathQuery, PathResult, Step, explain, paths
from tests.cases import random_cases
from tests.edges import Edge, targets_of
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
ONLY_RELATED = frozenset({RELATED_TO})
OUT, IN, BOTH = LinkDirection.OUT, LinkDirection.IN, LinkDirection.BOTH


@pytest.fixture
def world() -> GraphSnapshot:
    """From a1 to a2 there are a path by related articles, one by a topic, one by a provider and longer ones."""
    links: list[Link] = [
        ("a1", "ax", RELATED_TO),
        ("a1", "az", RELATED_TO),
        ("az", "a2", RELATED_TO),
        ("a2", "az", RELATED_TO),
        ("a1", "t1", ABOUT),
        ("a2", "t1", ABOUT),
        ("a2", "p", PUBLISHED_BY),
        ("a1", "p", PUBLISHED_BY),
        ("a3", "t2", ABOUT),
        ("a2", "t2", ABOUT),
        ("t1", "t", BROADER),
        ("t2", "t", BROADER),
        ("ax", "t2", ABOUT),
    ]
    return graph_of([*links, *idle(30)])


def nodes_of(result: PathResult) -> list[str]:
    return [" ".join(path.nodes) for path in result.paths]


def test_paths_come_by_length_then_kind_then_id(world: GraphSnapshot) -> None:
    assert nodes_of(paths(world, "a1", "a2", PathQuery(first=20))) == [
        "a1 az a2",
        "a1 t1 a2",
        "a1 p a2",
        "a1 ax t2 a2",
        "a1 t1 t t2 a2",
        "a1 ax t2 t t1 a2",
    ]


def test_steps_say_how_edges_lead(world: GraphSnapshot) -> None:
    assert paths(world, "a1", "a2", PathQuery()) == PathResult(
        paths=(
            Path(("a1", "az", "a2"), (Step("a1", "az", RELATED_TO, OUT, 2), Step("az", "a2", RELATED_TO, BOTH, 1))),
        ),
        skipped_hubs=(),
        reason=None,
    )
    [back] = paths(world, "a2", "a1", PathQuery()).paths
    assert back.steps == (Step("a2", "az", RELATED_TO, BOTH, 1), Step("az", "a1", RELATED_TO, IN, 2))


def test_equal_kinds_are_told_apart_by_id_from_the_start() -> None:
    links: list[Link] = [("a", "am", RELATED_TO), ("an", "a", RELATED_TO), ("am", "az", RELATED_TO)]
    links += [("an", "ay", RELATED_TO), ("ay", "tb", ABOUT), ("az", "tb", ABOUT), ("an", "az", RELATED_TO)]
    snapshot = graph_of([*links, *idle(30)])
    assert nodes_of(paths(snapshot, "a", "tb", PathQuery(first=3))) == ["a am az tb", "a an ay tb", "a an az tb"]


def test_kinds_of_all_steps_come_before_ids() -> None:
    links: list[Link] = [("a1", "ab", RELATED_TO), ("ab", "tb", ABOUT), ("a2", "tb", ABOUT)]
    links += [("a1", "ac", RELATED_TO), ("ac", "ad", RELATED_TO), ("ad", "a2", RELATED_TO)]
    assert nodes_of(paths(graph_of([*links, *idle(30)]), "a1", "a2", PathQuery(first=2))) == [
        "a1 ac ad a2",
        "a1 ab tb a2",
    ]


def test_only_wanted_kinds_are_walked(world: GraphSnapshot) -> None:
    def by(*kinds: EdgeKind) -> PathResult:
        return paths(world, "a1", "a2", PathQuery(first=9, edge_kinds=frozenset(kinds)))

    assert nodes_of(by(PUBLISHED_BY)) == ["a1 p a2"]
    assert nodes_of(by(ABOUT, BROADER)) == ["a1 t1 a2", "a1 t1 t t2 a2"]
    assert by() == PathResult((), (), NoPath.DIFFERENT_COMPONENTS)


def test_node_is_connected_with_itself_without_a_step(world: GraphSnapshot) -> None:
    for query in (PathQuery(first=20), PathQuery(edge_kinds=frozenset())):
        assert paths(world, "t1", "t1", query) == PathResult((Path(("t1",), ()),), (), None)


@pytest.mark.parametrize("first", [0, -1, 21])
def test_number_of_paths_out_of_range_is_an_error(world: GraphSnapshot, first: int) -> None:
    with pytest.raises(TraversalError, match=f"`first` is {first}; it must be from 1 to 20"):
        paths(world, "a1", "a2", PathQuery(first))


@pytest.mark.parametrize(("start", "end"), [("a1", "nothing"), ("nothing", "a1"), ("nothing", "nothing")])
def test_unknown_ends_are_errors(world: GraphSnapshot, start: str, end: str) -> None:
    with pytest.raises(NotFoundError, match="nothing"):
        paths(world, start, end, PathQuery())


def hub_world(*links: Link) -> GraphSnapshot:
    """Nine articles about a hub, further edges, and a topic apart."""
    return graph_of([*((f"a{number}", "t_hub", ABOUT) for number in range(9)), *links], ["t_apart"])


def test_without_a_path_the_answer_says_why() -> None:
    snapshot = hub_world()
    assert paths(snapshot, "a0", "a1", PathQuery()) == PathResult((), ("t_hub",), NoPath.ONLY_THROUGH_HUBS)
    assert paths(snapshot, "a0", "t_apart", PathQuery()) == PathResult((), (), NoPath.DIFFERENT_COMPONENTS)
    through = PathQuery(through_hubs=True)
    assert nodes_of(paths(snapshot, "a0", "a1", through)) == ["a0 t_hub a1"]
    assert paths(snapshot, "a0", "a1", through).skipped_hubs == ()
    assert paths(snapshot, "a0", "t_apart", through) == PathResult((), (), NoPath.DIFFERENT_COMPONENTS)


def test_hubs_may_be_the_ends() -> None:
    result = paths(hub_world(), "t_hub", "a1", PathQuery(first=9))
    assert nodes_of(result) == ["t_hub a1"]
    assert result.skipped_hubs == ()


def test_hubs_that_lie_no_farther_than_the_longest_path_are_named() -> None:
    near: list[Link] = [("a0", "a1", RELATED_TO)]
    far: list[Link] = [("a0", "tx", ABOUT), ("tx", "ty", BROADER), ("a1", "ty", ABOUT)]
    assert paths(hub_world(*near), "a0", "a1", PathQuery()).skipped_hubs == ()
    assert paths(hub_world(*far), "a0", "a1", PathQuery()).skipped_hubs == ("t_hub",)
    both = hub_world(*near, *far)
    assert nodes_of(paths(both, "a0", "a1", PathQuery(first=2))) == ["a0 a1", "a0 tx ty a1"]
    assert paths(both, "a0", "a1", PathQuery(first=1)).skipped_hubs == ()
    assert paths(both, "a0", "a1", PathQuery(first=2)).skipped_hubs == ("t_hub",)


# Explanations.


@pytest.fixture
def titled() -> GraphSnapshot:
    articles = [
        Article("a1", "https://x.example/1", ArticleOrigin.DOCUMENT, "one", title="Tide turns"),
        Article("a2", "https://x.example/2", ArticleOrigin.DOCUMENT, "storm-ahead"),
        Article("a3", "https://x.example/3", ArticleOrigin.REFERENCE, None),
        Article("a4", None, ArticleOrigin.REFERENCE, None),
    ]
    topics = [Topic("t1", "tidal-power", "Tidal power"), Topic("t2", "energy", "Energy")]
    edges = [
        Edge("a1", "a2", RELATED_TO, 1),
        Edge("a1", "a3", RELATED_TO, 2),
        Edge("a3", "a1", RELATED_TO, 1),
        Edge("a4", "a3", RELATED_TO, 1),
        Edge("a1", "t1", ABOUT, 1),
        Edge("a2", "p1", PUBLISHED_BY, 1),
        Edge("t1", "t2", BROADER, 1),
    ]
    edges += [
        Edge("a2", "h1", EdgeKind.WRITTEN_BY, 1),
        Edge("a2", "a1", EdgeKind.LINKS_TO, 1),
        Edge("a2", "a4", EdgeKind.LINKS_TO, 2),
        Edge("a4", "a2", EdgeKind.LINKS_TO, 1),
        Edge("a2", "a3", EdgeKind.LINKS_TO, 3),
        Edge("a3", "a2", EdgeKind.TRANSLATION_OF, 1),
        Edge("a2", "t2", EdgeKind.PART_OF, 1),
    ]
    provider, person = Provider("p1", None, "Harbour Post"), Person("h1", "ada-quill", "Ada Quill")
    return build_snapshot(MergeResult(articles, [provider], topics, targets_of(edges), persons=[person]))


@pytest.mark.parametrize(
    ("source", "target", "sentence"),
    [
        ("a1", "a2", "“Tide turns” names “storm-ahead” as related."),
        ("a2", "a1", "“Tide turns” names “storm-ahead” as related."),
        ("a1", "a3", "“Tide turns” and “https://x.example/3” name each other as related."),
        ("a3", "a1", "“https://x.example/3” and “Tide turns” name each other as related."),
        ("a3", "a4", "“a4” names “https://x.example/3” as related."),
        ("a1", "t1", "“Tide turns” is about Tidal power."),
        ("t1", "a1", "“Tide turns” is about Tidal power."),
        ("a2", "p1", "Harbour Post published “storm-ahead”."),
        ("p1", "a2", "Harbour Post published “storm-ahead”."),
        ("t1", "t2", "Tidal power is part of Energy."),
        ("t2", "t1", "Tidal power is part of Energy."),
        ("h1", "a2", "Ada Quill wrote “storm-ahead”."),
        ("a2", "a4", "“storm-ahead” and “a4” link to each other."),
        ("a3", "a2", "“https://x.example/3” is a translation of “storm-ahead”."),
        ("a2", "t2", "“storm-ahead” is part of Energy."),
    ],
)
def test_steps_are_explained_in_a_sentence(titled: GraphSnapshot, source: str, target: str, sentence: str) -> None:
    [path] = paths(titled, source, target, PathQuery()).paths
    assert [explain(titled, step) for step in path.steps] == [sentence]


def test_step_is_the_most_telling_edge_of_the_kinds_asked(titled: GraphSnapshot) -> None:
    def steps(source: str, target: str, *kinds: EdgeKind) -> list[str]:
        [path] = paths(titled, source, target, PathQuery(edge_kinds=frozenset(kinds or EdgeKind))).paths
        return [explain(titled, step) for step in path.steps]

    assert steps("a1", "a2") == ["“Tide turns” names “storm-ahead” as related."]
    assert steps("a1", "a2", EdgeKind.LINKS_TO) == ["“storm-ahead” links to “Tide turns”."]
    assert steps("a2", "a3", EdgeKind.LINKS_TO) == ["“storm-ahead” links to “https://x.example/3”."]


# The oracle: all paths, each with its place in the order.


@lru_cache(32)
def walkable(
    snapshot: GraphSnapshot, kinds: frozenset[EdgeKind], closed: frozenset[str] = frozenset()
) -> "nx.Graph[str]":
    """The graph without directions, of the edges of these kinds, without what is closed."""
    edges: Iterable[tuple[str, str, str]] = snapshot.digraph.edges(data="relation")
    plain: nx.Graph[str] = nx.Graph()
    plain.add_nodes_from(snapshot.nodes)
    plain.add_edges_from((source, target) for source, target, kind in edges if EdgeKind(kind) in kinds)
    plain.remove_nodes_from(closed)
    return plain


def walkable_between(snapshot: GraphSnapshot, start: str, end: str, query: PathQuery) -> "nx.Graph[str]":
    closed = frozenset() if query.through_hubs else hubs(snapshot) - {start, end}
    return walkable(snapshot, query.edge_kinds, closed)


def simple_paths(plain: "nx.Graph[str]", start: str, end: str, length: int) -> Iterator[list[str]]:
    """All paths of at most so many steps that visit no node twice."""
    distances = nx.single_source_shortest_path_length(plain, end)

    def further(nodes: list[str]) -> Iterator[list[str]]:
        if nodes[-1] == end:
            yield nodes
            return
        for node_id in plain[nodes[-1]]:
            if node_id not in nodes and len(nodes) + distances[node_id] <= length:
                yield from further([*nodes, node_id])

    return further([start])


def kind_between(snapshot: GraphSnapshot, source: str, target: str) -> EdgeKind:
    edges = snapshot.digraph.edges
    edge = edges[source, target] if (source, target) in edges else edges[target, source]
    return EdgeKind(edge["relation"])


def place(snapshot: GraphSnapshot, nodes: list[str]) -> tuple[int, list[int], list[str]]:
    return len(nodes), [KIND_ORDER.index(kind_between(snapshot, *pair)) for pair in pairwise(nodes)], nodes


def expected_step(snapshot: GraphSnapshot, source: str, target: str) -> Step:
    edges = snapshot.digraph.edges
    ways = [pair for pair in ((source, target), (target, source)) if pair in edges]
    direction = BOTH if len(ways) == 2 else OUT if ways == [(source, target)] else IN
    return Step(source, target, kind_between(snapshot, source, target), direction, edges[ways[0]]["position"])


def expected_result(snapshot: GraphSnapshot, start: str, end: str, query: PathQuery) -> PathResult:
    full = walkable(snapshot, query.edge_kinds)
    plain = walkable_between(snapshot, start, end, query)
    first = sorted(nx.all_simple_paths(plain, start, end), key=lambda nodes: place(snapshot, nodes))[: query.first]
    answered = tuple(
        Path(tuple(nodes), tuple(expected_step(snapshot, *pair) for pair in pairwise(nodes))) for nodes in first
    )
    reason = NoPath.ONLY_THROUGH_HUBS if nx.has_path(full, start, end) else NoPath.DIFFERENT_COMPONENTS
    return PathResult(
        paths=answered,
        skipped_hubs=() if query.through_hubs else expected_skips(snapshot, full, start, end, first),
        reason=None if first else reason,
    )


def expected_skips(
    snapshot: GraphSnapshot, full: "nx.Graph[str]", start: str, end: str, found: list[list[str]]
) -> tuple[str, ...]:
    if not nx.has_path(full, start, end):
        return ()
    limit = len(found[-1]) - 1 if found else nx.shortest_path_length(full, start, end)
    ahead, back = (nx.single_source_shortest_path_length(full, node_id) for node_id in (start, end))
    between = hubs(snapshot) & ahead.keys() & back.keys() - {start, end}
    return tuple(sorted(hub for hub in between if ahead[hub] + back[hub] <= limit))


MANY = 20_000
"""Paths, beyond which they are not sorted."""


def two_of(ids: Sequence[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(ids), min_size=2, max_size=2, unique=True)


def queries(first: st.SearchStrategy[int]) -> st.SearchStrategy[PathQuery]:
    kinds = st.just(frozenset(EdgeKind)) | st.frozensets(st.sampled_from(EdgeKind), min_size=2)
    return st.builds(PathQuery, first=first, edge_kinds=kinds, through_hubs=st.booleans())


@given(small_graphs(), queries(st.integers(1, 20)), st.data())
@random_cases(1500)
def test_paths_in_random_graphs_are_the_first_of_all(
    snapshot: GraphSnapshot, query: PathQuery, data: st.DataObject
) -> None:
    start, end = data.draw(two_of(connected(snapshot)))
    assert paths(snapshot, start, end, query) == expected_result(snapshot, start, end, query)


def check_against_networkx(snapshot: GraphSnapshot, ends: list[str], query: PathQuery) -> None:
    """Lengths are those of networkx, the order is total, and of all paths that are no longer the first are answered."""
    start, end = ends
    full, plain = walkable(snapshot, query.edge_kinds), walkable_between(snapshot, start, end, query)
    result = paths(snapshot, start, end, query)
    found = [list(path.nodes) for path in result.paths]
    if not query.through_hubs:
        assert result.skipped_hubs == expected_skips(snapshot, full, start, end, found)
    if not nx.has_path(plain, start, end):
        is_hidden = nx.has_path(full, start, end)
        assert result.reason is (NoPath.ONLY_THROUGH_HUBS if is_hidden else NoPath.DIFFERENT_COMPONENTS)
        assert not found
        return
    shortest = list(islice(nx.shortest_simple_paths(plain, start, end), query.first))
    assert [len(nodes) for nodes in found] == [len(nodes) for nodes in shortest]
    assert all(nx.is_simple_path(plain, nodes) for nodes in found)
    places = [place(snapshot, nodes) for nodes in found]
    assert all(earlier < later for earlier, later in pairwise(places))
    candidates = list(islice(simple_paths(plain, start, end, len(found[-1]) - 1), MANY))
    if len(candidates) < MANY:
        assert places == nsmallest(query.first, (place(snapshot, nodes) for nodes in candidates))


def test_paths_along_a_chain_are_the_first_of_all() -> None:
    chain = [f"a{number:03}" for number in range(120)]
    links = [
        (source, target, RELATED_TO) for step in (1, 2) for source, target in zip(chain, chain[step:], strict=False)
    ]
    check_against_networkx(graph_of(links), [chain[0], chain[-1]], PathQuery(first=20))


def test_paths_in_the_seeds_are_those_of_networkx(seeds: GraphSnapshot) -> None:

    @given(two_of(sorted(seeds.nodes)), queries(st.integers(1, 20)))
    @random_cases(1000)
    def check(ends: list[str], query: PathQuery) -> None:
        check_against_networkx(seeds, ends, query)

    check()


# The corpus.


def random_pairs(snapshot: GraphSnapshot, count: int) -> Iterator[tuple[str, str]]:
    articles, chosen = snapshot.ids[NodeKind.ARTICLE], random.Random(7)
    return ((start, end) for start, end in (chosen.sample(articles, 2) for _ in range(count)))


@pytest.mark.thorough
def test_paths_in_the_corpus_are_those_of_networkx(azure: GraphSnapshot) -> None:
    pairs = two_of(azure.ids[NodeKind.ARTICLE]) | two_of(sorted(azure.nodes))
    kinds = st.sampled_from([frozenset(EdgeKind), ONLY_RELATED, frozenset({RELATED_TO, ABOUT})])

    @given(pairs, kinds, st.integers(1, 3))
    @random_cases(100)
    def check(ends: list[str], edge_kinds: frozenset[EdgeKind], first: int) -> None:
        check_against_networkx(azure, ends, PathQuery(first, edge_kinds))

    check()


@pytest.mark.thorough
def test_paths_in_the_corpus_do_not_pass_its_hubs_and_name_them(azure: GraphSnapshot) -> None:
    topic, provider = azure.lookups.topic("Azure"), azure.lookups.provider("microsoft.com")
    assert hubs(azure) == {topic, provider}
    for start, end in random_pairs(azure, 200):
        result = paths(azure, start, end, PathQuery(first=5))
        assert not any(hubs(azure) & set(path.nodes) for path in result.paths)
        is_longer_than_through_hubs = not result.paths or len(result.paths[-1].steps) >= 2
        assert (topic in result.skipped_hubs) is is_longer_than_through_hubs  # every article is about Azure
        if not result.paths:
            assert result.reason is NoPath.ONLY_THROUGH_HUBS


@pytest.mark.thorough
def test_through_hubs_any_two_articles_of_the_corpus_are_two_steps_apart(azure: GraphSnapshot) -> None:
    for start, end in random_pairs(azure, 100):
        [path] = paths(azure, start, end, PathQuery(through_hubs=True)).paths
        assert len(path.steps) <= 2


@pytest.mark.thorough
def test_related_articles_alone_connect_few_pairs_of_the_corpus(azure: GraphSnapshot) -> None:
    reasons = Counter(
        paths(azure, *pair, PathQuery(edge_kinds=ONLY_RELATED)).reason for pair in random_pairs(azure, 1000)
    )
    assert reasons.keys() == {None, NoPath.DIFFERENT_COMPONENTS}
    assert 0.96 < reasons[NoPath.DIFFERENT_COMPONENTS] / 1000 < 1

"""Networks of providers: breadth first by the strongest links, as networkx walks them; hubs, limits and errors."""

from collections.abc import Mapping
from itertools import combinations

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis.affinity import ProviderLink, provider_link, providers_around
from graph.analysis.hubs import hubs
from graph.building.snapshot import GraphSnapshot
from graph.errors import NotFoundError, TraversalError
from graph.model import NodeKind
from graph.traversal.provider_network import DEPTH_LIMIT, PROVIDER_LIMIT, WIDTH_LIMIT, NetworkQuery, provider_network
from tests.cases import random_cases
from tests.graph.analysis.test_hubs import ABOUT, PUBLISHED_BY, RELATED_TO, Link, graph_of


def network_of(
    pairs: Mapping[tuple[str, str], int], others: int = 100, topics: Mapping[str, str] | None = None
) -> GraphSnapshot:
    """Providers with so many pairs of related articles, beside one that nothing connects with them.

    `others`: its articles. If there are enough of them, neither the other providers nor their topics are hubs.
    `topics`: of an article of its own, for each provider that has one.
    """
    links: list[Link] = []
    for (one, other), count in pairs.items():
        for number in range(count):
            ends = [f"a {number} {one} {other}", f"a {number} {other} {one}"]
            links += [(ends[0], one, PUBLISHED_BY), (ends[1], other, PUBLISHED_BY), (ends[0], ends[1], RELATED_TO)]
    for provider, topic in (topics or {}).items():
        links += [(f"a about {provider}", provider, PUBLISHED_BY), (f"a about {provider}", topic, ABOUT)]
    for number in range(others):
        links += [(f"a apart {number}", "papart", PUBLISHED_BY), (f"a apart {number}", "tapart", ABOUT)]
    return graph_of(links)


CHAIN = {("p1", "p2"): 1, ("p2", "p3"): 1, ("p3", "p4"): 1, ("p4", "p5"): 1, ("p5", "p6"): 1}


@pytest.mark.parametrize("depth", range(DEPTH_LIMIT + 1))
def test_network_goes_as_many_steps_as_asked(depth: int) -> None:
    found = provider_network(network_of(CHAIN), "p2", NetworkQuery(depth))
    expected = {"p2": 0, "p1": 1, "p3": 1, "p4": 2, "p5": 3, "p6": 4}
    assert found.distances == {provider: steps for provider, steps in expected.items() if steps <= depth}
    assert (found.skipped_hubs, found.is_truncated) == ((), False)


def test_nearest_come_first_by_links_then_by_topics_then_by_id() -> None:
    links = {("p1", "p5"): 1, ("p1", "p4"): 1, ("p1", "p3"): 1, ("p1", "p2"): 2}
    snapshot = network_of(links, topics={"p1": "t", "p5": "t", "p6": "t"})
    found = provider_network(snapshot, "p1", NetworkQuery())
    assert list(found.distances) == ["p1", "p2", "p5", "p3", "p4", "p6"]


def test_every_two_providers_with_something_in_common_are_connected() -> None:
    snapshot = network_of({("p1", "p2"): 1, ("p1", "p3"): 2, ("p2", "p3"): 1}, topics={"p1": "t", "p2": "t"})
    found = provider_network(snapshot, "p1", NetworkQuery())
    score = provider_link(snapshot, "p1", "p2").score
    assert score > 0
    assert found.edges == (
        ("p1", "p3", ProviderLink(2, (), 0)),
        ("p1", "p2", ProviderLink(1, ("t",), score)),
        ("p3", "p2", ProviderLink(1, (), 0)),
    )


def test_provider_without_neighbors_stands_alone() -> None:
    snapshot = graph_of([("a1", "p1", PUBLISHED_BY)])
    found = provider_network(snapshot, "p1", NetworkQuery(4))
    assert (found.distances, found.edges, found.is_truncated) == ({"p1": 0}, (), False)


HUB = {("p1", "phub"): 1, **{("phub", f"p other {number}"): 1 for number in range(8)}}


def test_hubs_are_reached_but_not_passed() -> None:
    snapshot = network_of(HUB, others=10)
    assert hubs(snapshot) == {"phub", "papart", "tapart"}
    found = provider_network(snapshot, "p1", NetworkQuery(2))
    assert (found.distances, found.skipped_hubs) == ({"p1": 0, "phub": 1}, ("phub",))
    at_the_rim = provider_network(snapshot, "p1", NetworkQuery(1))
    assert (at_the_rim.distances, at_the_rim.skipped_hubs) == ({"p1": 0, "phub": 1}, ())


def test_hubs_are_passed_when_asked_and_from_the_start() -> None:
    snapshot = network_of(HUB, others=10)
    through = provider_network(snapshot, "p1", NetworkQuery(2, through_hubs=True))
    assert (len(through.distances), through.skipped_hubs) == (10, ())
    from_hub = provider_network(snapshot, "phub", NetworkQuery(1))
    assert (len(from_hub.distances), from_hub.skipped_hubs) == (10, ())


def test_limit_keeps_the_nearest_of_each_provider() -> None:
    snapshot = network_of({("p1", "p2"): 1, ("p1", "p3"): 3, ("p1", "p4"): 2, ("p3", "p5"): 1, ("p4", "p5"): 4})
    found = provider_network(snapshot, "p1", NetworkQuery(2, limit_per_node=2))
    assert (found.distances, found.is_truncated) == ({"p1": 0, "p3": 1, "p4": 1, "p5": 2}, True)
    assert not provider_network(snapshot, "p1", NetworkQuery(1, limit_per_node=3)).is_truncated


def test_provider_among_very_many_has_the_nearest_of_them_around_it() -> None:
    providers = [f"p{number:03}" for number in range(PROVIDER_LIMIT + 50)]
    snapshot = network_of({}, others=1_500, topics=dict.fromkeys(providers, "t"))
    near = provider_network(snapshot, "p007", NetworkQuery(1, WIDTH_LIMIT))
    assert list(near.distances) == [
        "p007",
        *(provider for provider in providers[: WIDTH_LIMIT + 1] if provider != "p007"),
    ]
    assert near.is_truncated
    far = provider_network(snapshot, "p007", NetworkQuery(2, WIDTH_LIMIT, through_hubs=True))
    assert (len(far.distances), far.is_truncated) == (WIDTH_LIMIT + 1, True)  # all have the same nearest ones


def test_last_provider_that_has_room_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    star = {("p1", f"p{number}"): 9 - number for number in range(2, 6)}
    snapshot = network_of({**star, ("p2", "p6"): 1})
    for limit, expected in ((5, True), (6, False)):
        monkeypatch.setattr("graph.traversal.provider_network.PROVIDER_LIMIT", limit)
        found = provider_network(snapshot, "p1", NetworkQuery(2))
        assert list(found.distances) == ["p1", "p2", "p3", "p4", "p5", "p6"][:limit]
        assert found.is_truncated is expected


def test_edges_beyond_the_limit_are_left_out_and_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = network_of({("p1", "p2"): 3, ("p1", "p3"): 2, ("p2", "p3"): 1})
    whole = provider_network(snapshot, "p1", NetworkQuery())
    assert (len(whole.edges), whole.is_truncated) == (3, False)
    monkeypatch.setattr("graph.traversal.provider_network.EDGE_LIMIT", 2)
    cut = provider_network(snapshot, "p1", NetworkQuery())
    assert (cut.edges, cut.is_truncated) == (whole.edges[:2], True)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (NetworkQuery(depth=-1), "`depth` is -1; it must be from 0 to 4"),
        (NetworkQuery(depth=5), "`depth` is 5; it must be from 0 to 4"),
        (NetworkQuery(limit_per_node=0), "`limitPerNode` is 0; it must be from 1 to 100"),
        (NetworkQuery(limit_per_node=101), "`limitPerNode` is 101; it must be from 1 to 100"),
    ],
)
def test_number_out_of_range_is_an_error(query: NetworkQuery, message: str) -> None:
    with pytest.raises(TraversalError, match=message):
        provider_network(network_of(CHAIN), "p1", query)


@pytest.mark.parametrize("start", ["p unknown", "a apart 1", ""])
def test_start_that_is_no_provider_is_an_error(start: str) -> None:
    with pytest.raises(NotFoundError, match=f"No provider has the id “{start}”"):
        provider_network(network_of(CHAIN), start, NetworkQuery())


# The oracle: networkx on the graph of providers, from whose hubs no way leads on.


@st.composite
def networks(draw: st.DrawFn) -> GraphSnapshot:
    providers = [f"p{number}" for number in range(draw(st.integers(2, 8)))]
    pairs = draw(st.dictionaries(st.sampled_from(list(combinations(providers, 2))), st.integers(1, 3), max_size=9))
    topics = draw(st.dictionaries(st.sampled_from(providers), st.sampled_from(["t1", "t2"]), max_size=4))
    return network_of({("p0", "p1"): 1, **pairs}, draw(st.integers(0, 40)), topics)


def oracle(snapshot: GraphSnapshot, start: str, query: NetworkQuery) -> tuple[dict[str, int], set[str]]:
    """Distances, and the hubs from which the walk would have gone on."""
    closed = set() if query.through_hubs else hubs(snapshot) - {start}
    ways: nx.DiGraph[str] = nx.DiGraph()
    ways.add_node(start)
    for provider in snapshot.ids[NodeKind.PROVIDER]:
        if provider not in closed:
            ways.add_edges_from((provider, other) for other in providers_around(snapshot, provider))
    distances = nx.single_source_shortest_path_length(ways, start, cutoff=query.depth)
    return distances, {hub for hub in closed if distances.get(hub, query.depth) < query.depth}


@given(networks(), st.data(), st.integers(0, DEPTH_LIMIT), st.booleans())
@random_cases(1_000)
def test_random_networks_equal_the_oracle(
    snapshot: GraphSnapshot, data: st.DataObject, depth: int, through_hubs: bool
) -> None:
    start = data.draw(st.sampled_from(snapshot.ids[NodeKind.PROVIDER]))
    query = NetworkQuery(depth, through_hubs=through_hubs)
    found = provider_network(snapshot, start, query)
    distances, skipped = oracle(snapshot, start, query)
    assert found.distances == distances
    assert list(found.distances.values()) == sorted(distances.values())
    assert (set(found.skipped_hubs), found.is_truncated) == (skipped, False)
    near = {provider: providers_around(snapshot, provider) for provider in distances}
    assert [(one, other) for one, other, _ in found.edges] == [
        (one, other) for one, other in combinations(found.distances, 2) if other in near[one]
    ]
    assert all(link == near[one][other] == near[other][one] for one, other, link in found.edges)


@pytest.mark.thorough
def test_main_publisher_of_the_corpus_is_not_passed(azure: GraphSnapshot) -> None:
    (hub,) = (node for node in hubs(azure) if node in azure.ids[NodeKind.PROVIDER])
    around = providers_around(azure, hub)
    start = min(around, key=lambda provider: (len(providers_around(azure, provider)), provider))
    found = provider_network(azure, start, NetworkQuery(2, WIDTH_LIMIT))
    assert (found.distances[hub], found.skipped_hubs) == (1, (hub,))
    through = provider_network(azure, start, NetworkQuery(2, WIDTH_LIMIT, through_hubs=True))
    assert len(through.distances) > len(found.distances)
    assert through.skipped_hubs == ()

"""Ways through the graph as the API answers them: from hubs, from nowhere, from nodes of every kind, and nested."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from graph.analysis.hubs import hubs
from graph.analysis.stories import stories
from graph.building.snapshot import GraphSnapshot
from graph.model import NodeKind

Ask = Callable[..., dict[str, Any]]

TOPIC_HUB = "t_va7jpwnfydfc72cx"
PROVIDER_HUB = "p_qvx3cmzjlonfusf4"
AUTHORS = ["h_nasht4jclow2axz4", "h_voklphwm2zqbcn6f"]
"""Each wrote one of the two articles that name an author."""
ARTICLE = "a_3fojh4lmgpkodwbd"
STORY = "s_ldjdcvgs3bntpy3u"
UNKNOWN = ["a_aaaaaaaaaaaaaaaa", "s_aaaaaaaaaaaaaaaa", "x", "", "a_", "s_", ARTICLE.upper(), f" {ARTICLE}", "ü" * 50]
PART = "nodes { distance node { id } } edges { kind position source { id } target { id } } skippedHubs { id } truncated"
AROUND = f"""query ($id: ID!, $depth: Int! = 1, $direction: Direction! = ANY, $throughHubs: Boolean! = false) {{
  neighborhood(id: $id, depth: $depth, direction: $direction, throughHubs: $throughHubs, limitPerNode: 100) {{ {PART} }}
}}"""
PATHS = """query ($from: ID!, $to: ID!, $first: Int! = 1, $throughHubs: Boolean! = false) {
  paths(from: $from, to: $to, first: $first, throughHubs: $throughHubs) {
    noPathReason skippedHubs { id } paths { length nodes { id } edges { kind direction source { id } target { id } } }
  }
}"""


def ids(nodes: list[dict[str, Any]]) -> list[str]:
    return [node["id"] for node in nodes]


def part(ask: Ask, node_id: str, **variables: object) -> dict[str, Any]:
    found: dict[str, Any] = ask(AROUND, {"id": node_id, **variables})["data"]["neighborhood"]
    return found


def distances(found: dict[str, Any]) -> dict[str, int]:
    return {place["node"]["id"]: place["distance"] for place in found["nodes"]}


def walked(snapshot: GraphSnapshot, starts: list[str], depth: int, closed: frozenset[str]) -> dict[str, int]:
    """Breadth-first over all edges in either direction, naively."""
    found = dict.fromkeys(starts, 0)
    for distance in range(depth):
        for node_id in [node_id for node_id, at in found.items() if at == distance and node_id not in closed]:
            for other in {*snapshot.digraph.succ[node_id], *snapshot.digraph.pred[node_id]}:
                found.setdefault(other, distance + 1)
    return found


@pytest.mark.parametrize("through_hubs", [False, True])
@pytest.mark.parametrize("depth", [0, 1, 2, *(pytest.param(depth, marks=pytest.mark.thorough) for depth in (3, 4))])
def test_neighborhood_of_any_node_is_what_a_naive_walk_finds(
    ask: Ask, known: GraphSnapshot, depth: int, through_hubs: bool
) -> None:
    starts = {node_id: [node_id] for node_id in [*list(known.nodes)[::15], TOPIC_HUB, PROVIDER_HUB, *AUTHORS]}
    starts |= {story.id: list(story.articles) for story in stories(known).by_id.values()}
    for start, nodes in starts.items():
        closed = frozenset() if through_hubs else hubs(known).difference(nodes)
        found = part(ask, start, depth=depth, throughHubs=through_hubs)
        expected = walked(known, nodes, depth, closed)
        assert (found["truncated"], distances(found)) == (False, expected)
        assert {(edge["source"]["id"], edge["target"]["id"]) for edge in found["edges"]} == {
            edge for edge in known.digraph.edges if expected.keys() >= {*edge}
        }
        assert ids(found["skippedHubs"]) == sorted(hub for hub in closed if expected.get(hub, depth) < depth)


def test_walk_that_begins_at_a_hub_goes_on_from_it_and_from_no_other(ask: Ask) -> None:
    found = part(ask, TOPIC_HUB, depth=3)
    assert len(found["nodes"]) > 60
    assert ids(found["skippedHubs"]) == [PROVIDER_HUB]


def test_walk_cut_at_its_limit_says_so(ask: Ask) -> None:
    query = f'{{ neighborhood(id: "{TOPIC_HUB}", limitPerNode: 5) {{ {PART} }} }}'
    found = ask(query)["data"]["neighborhood"]
    assert (len(found["nodes"]), found["truncated"]) == (6, True)


def test_direction_decides_which_way_edges_are_followed(ask: Ask, known: GraphSnapshot) -> None:
    out, into = (distances(part(ask, ARTICLE, direction=direction)).keys() for direction in ("OUT", "IN"))
    assert out == {ARTICLE, *known.digraph.succ[ARTICLE]}
    assert into == {ARTICLE, *known.digraph.pred[ARTICLE]}


@pytest.mark.parametrize("filter_", [{"or": []}, {"quality": {"gt": 90}}, {}])
def test_filter_keeps_articles_out_but_never_the_start(ask: Ask, filter_: object) -> None:
    query = f'query ($filter: ArticleFilter) {{ neighborhood(id: "{ARTICLE}", depth: 2, filter: $filter) {{ nodes {{ node {{ id ... on Article {{ quality }} }} }} }} }}'
    nodes = [place["node"] for place in ask(query, {"filter": filter_})["data"]["neighborhood"]["nodes"]]
    articles = [node for node in nodes if "quality" in node]
    assert articles[0]["id"] == ARTICLE
    if filter_:
        assert all(node["quality"] > 90 for node in articles[1:])
    assert (len(articles) == 1) is (filter_ == {"or": []})


@pytest.mark.thorough
def test_neighborhoods_nested_under_a_hundred_articles_are_those_asked_for_one_by_one(
    ask_both: Ask, known: GraphSnapshot
) -> None:
    inside = f"neighborhood(depth: 2) {{ {PART} }}"
    nodes = ask_both(f"{{ articles(first: 100) {{ nodes {{ id {inside} }} }} }}")["data"]["articles"]["nodes"]
    assert len(nodes) == len(known.ids[NodeKind.ARTICLE])
    for node in nodes:
        alone = ask_both(f'{{ neighborhood(id: "{node["id"]}", depth: 2) {{ {PART} }} }}')
        assert node["neighborhood"] == alone["data"]["neighborhood"]


def test_neighborhoods_nest_in_each_other(ask: Ask) -> None:
    inner = "neighborhood(limitPerNode: 3) { nodes { node { ... on Article { id %s } } } }"
    query = "{ articles(first: 3) { nodes { " + inner % (inner % (inner % "")) + " } } }"
    answer = ask(query)
    assert "errors" not in answer
    start, *around = answer["data"]["articles"]["nodes"][0]["neighborhood"]["nodes"]
    assert start["node"]["neighborhood"]["nodes"][0]["node"]["id"] == start["node"]["id"]
    assert all(place["node"] == {} or place["node"]["neighborhood"]["nodes"] for place in around)


@pytest.mark.parametrize("unknown", UNKNOWN)
def test_walk_from_nowhere_is_an_error(ask: Ask, unknown: str) -> None:
    for query, variables in (
        (AROUND, {"id": unknown}),
        (PATHS, {"from": unknown, "to": ARTICLE}),
        (PATHS, {"from": ARTICLE, "to": unknown}),
    ):
        answer = ask(query, variables)
        (error,) = answer["errors"]
        assert answer["data"] is None
        assert f"“{unknown}”" in error["message"]
        assert error["extensions"]["code"] == "NOT_FOUND"


def test_path_to_a_story_is_refused_since_it_is_no_node_of_the_graph(ask: Ask) -> None:
    (error,) = ask(PATHS, {"from": ARTICLE, "to": STORY})["errors"]
    assert error["message"] == f"No article, provider, topic or person has the id “{STORY}”."


@pytest.mark.parametrize("domain", ["", "nothing.example", PROVIDER_HUB, "Harbour Post", "https://smb.example"])
def test_network_around_an_unknown_provider_is_an_error(ask: Ask, domain: str) -> None:
    query = "query ($domain: String!) { providerNeighborhood(domain: $domain) { truncated } }"
    (error,) = ask(query, {"domain": domain})["errors"]
    assert error["message"].startswith(f"There is no provider “{domain}”; `providers` lists them all.")
    assert error["message"].endswith(" Nearest are: “smb.example”.") is ("smb" in domain)
    assert error["extensions"]["code"] == "NOT_FOUND"


@pytest.mark.parametrize("name", ["", "nothing", "Tidal Powers", "t_va7jpwnfydfc72cx"])
def test_articles_about_an_unknown_topic_are_an_error(ask: Ask, name: str) -> None:
    query = "query ($topics: [String!]!) { relatedByTopic(topics: $topics) { totalCount } }"
    (error,) = ask(query, {"topics": ["AI", name]})["errors"]
    assert error["message"].startswith(f"There is no topic “{name}”; `topics` lists them all.")
    assert error["message"].endswith(" Nearest are: “Tidal Power”.") is (name == "Tidal Powers")


def test_topic_is_found_however_it_is_written_and_counts_once(ask: Ask) -> None:
    query = (
        "query ($topics: [String!]!) { relatedByTopic(topics: $topics, first: 100) { edges { score node { id } } } }"
    )
    once = ask(query, {"topics": ["Tidal Power"]})
    assert once == ask(query, {"topics": ["tidal-power", "TIDAL POWER", "Tidal Power", "tídal power"]})


def test_path_from_hub_to_hub_is_gone(ask: Ask) -> None:
    condition = f'{{topics: {{some: {{id: {{eq: "{TOPIC_HUB}"}}}}}}, provider: {{id: {{eq: "{PROVIDER_HUB}"}}}}}}'
    count = ask(f"{{ articles(filter: {condition}) {{ totalCount }} }}")["data"]["articles"]["totalCount"]
    found = ask(PATHS, {"from": TOPIC_HUB, "to": PROVIDER_HUB, "first": 20})["data"]["paths"]
    lengths = [path["length"] for path in found["paths"]]
    assert (lengths[:count], min(lengths[count:]), len(lengths)) == ([2] * count, 3, 20)
    assert found["skippedHubs"] == []


@pytest.mark.parametrize("through_hubs", [False, True])
def test_every_path_is_a_way_along_edges_that_passes_no_node_twice(
    ask: Ask, known: GraphSnapshot, through_hubs: bool
) -> None:
    nodes = list(known.nodes)
    for start, end in zip(nodes[::7], nodes[3::5], strict=False):
        found = ask(PATHS, {"from": start, "to": end, "first": 5, "throughHubs": through_hubs})["data"]["paths"]
        lengths = [path["length"] for path in found["paths"]]
        assert lengths == sorted(lengths)
        assert (found["noPathReason"] is None) is bool(lengths)
        for path in found["paths"]:
            way = ids(path["nodes"])
            assert (way[0], way[-1], len(way)) == (start, end, len(set(way)))
            assert [(edge["source"]["id"], edge["target"]["id"]) for edge in path["edges"]] == list(pairwise(way))
            assert through_hubs or not hubs(known) & {*way[1:-1]}
            for edge in path["edges"]:
                forth = known.digraph.has_edge(edge["source"]["id"], edge["target"]["id"])
                back = known.digraph.has_edge(edge["target"]["id"], edge["source"]["id"])
                assert (
                    edge["direction"] == {(True, False): "OUT", (False, True): "IN", (True, True): "BOTH"}[forth, back]
                )


def test_nodes_are_found_by_ids_of_every_kind_and_of_none(ask: Ask) -> None:
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
    answer = ask(query, {"ids": [STORY, ARTICLE, TOPIC_HUB, PROVIDER_HUB, "s_aaaaaaaaaaaaaaaa", "nonsense", ARTICLE]})
    assert answer["data"]["nodes"] == [
        {"__typename": "Story", "id": STORY},
        {"__typename": "Article", "id": ARTICLE},
        {"__typename": "Topic", "id": TOPIC_HUB},
        {"__typename": "Provider", "id": PROVIDER_HUB},
        None,
        None,
        {"__typename": "Article", "id": ARTICLE},
    ]
    assert [(error["path"], error["extensions"]["code"]) for error in answer["errors"]] == [(["nodes", 5], "BAD_ID")]


def test_every_article_of_a_story_finds_it_by_the_id_it_would_give_it(ask: Ask, known: GraphSnapshot) -> None:
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    for story in stories(known).by_id.values():
        wanted = [f"s_{article.removeprefix('a_')}" for article in story.articles]
        assert ids(ask(query, {"ids": wanted})["data"]["nodes"]) == [story.id] * len(wanted)


def test_look_up_of_an_article_by_the_id_of_another_kind_finds_nothing(ask: Ask) -> None:
    query = "query ($id: ID!) { article(by: {id: $id}) { id } }"
    for other in (STORY, TOPIC_HUB, PROVIDER_HUB):
        assert ask(query, {"id": other}) == {"data": {"article": None}}

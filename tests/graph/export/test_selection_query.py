"""Parts of the graph: what a filter lets pass, what lies around a node, a story; against plain sets and networkx."""

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis.hubs import hubs
from graph.analysis.stories import stories
from graph.building.snapshot import GraphSnapshot
from graph.errors import FilterError, NotFoundError, SelectionError, TraversalError
from graph.export.selection_query import SelectionQuery, selected_nodes, starts
from graph.lists.filters import EVERYTHING, AllOf, AnyOf, Compare, Operator
from graph.model import Article, EdgeKind, NodeKind
from tests.cases import random_cases
from tests.graph.analysis.test_hubs import ABOUT, BROADER, PUBLISHED_BY, RELATED_TO, Link, graph_of, small_graphs

GOOD = Compare("quality", Operator.GT, 2)
"""The quality of an article of `graph_of` is the length of its id."""


APART: list[Link] = [(f"a apart {number}", "t apart", ABOUT) for number in range(20)]
APART += [(article, "p apart", PUBLISHED_BY) for article, _, _ in APART]
"""So many other articles that nothing else is a hub."""


@pytest.fixture
def world() -> GraphSnapshot:
    """Two stories, of a1 and a2, and of a4 and b; and nothing that is a hub."""
    links: list[Link] = [
        *(("a1", "p1", PUBLISHED_BY), ("a2", "p2", PUBLISHED_BY), ("a10", "p1", PUBLISHED_BY)),
        *(("a1", "t1", ABOUT), ("a2", "t2", ABOUT), ("a10", "t1", ABOUT), ("t1", "t0", BROADER)),
        *(("a1", "a2", RELATED_TO), ("a4", "a5", RELATED_TO)),
        *APART,
    ]
    return graph_of(links, days={"a1": 2, "a2": 1})


def found_in(snapshot: GraphSnapshot, part: SelectionQuery) -> set[str]:
    found = selected_nodes(snapshot, part)
    assert found is not None
    assert len(found) == len(set(found))
    return set(found)


@pytest.mark.parametrize("part", [SelectionQuery(), SelectionQuery(depth=3), SelectionQuery(AllOf(()))])
def test_whole_graph_is_no_part(world: GraphSnapshot, part: SelectionQuery) -> None:
    assert selected_nodes(world, part) is None


def test_articles_that_pass_a_filter_bring_their_providers_and_topics(world: GraphSnapshot) -> None:
    two = Compare("slug", Operator.IN, ("a1", "a4"))
    assert found_in(world, SelectionQuery(two)) == {"a1", "a4", "p1", "t1"}


def test_filter_that_nothing_passes_leaves_nothing(world: GraphSnapshot) -> None:
    assert selected_nodes(world, SelectionQuery(AnyOf(()))) == frozenset()


@pytest.mark.parametrize(
    ("depth", "expected"),
    [
        (0, {"a1"}),
        (1, {"a1", "a2", "p1", "t1"}),
        (2, {"a1", "a2", "p1", "t1", "p2", "t2", "t0", "a10"}),
    ],
)
def test_part_around_a_node_goes_as_many_steps_as_asked(world: GraphSnapshot, depth: int, expected: set[str]) -> None:
    assert found_in(world, SelectionQuery(around="a1", depth=depth)) == expected


def test_part_around_a_node_passes_only_articles_that_pass_the_filter(world: GraphSnapshot) -> None:
    assert found_in(world, SelectionQuery(GOOD, around="a1", depth=2)) == {"a1", "p1", "t1", "t0", "a10"}


@pytest.mark.parametrize("story", ["s_1", "s_2"])
def test_story_is_surrounded_by_what_surrounds_its_articles(story: str) -> None:
    snapshot = graph_of(
        [
            *(("a_1", "a_2", RELATED_TO), ("a_1", "t1", ABOUT)),
            *(("a_2", "p1", PUBLISHED_BY), ("a_3", "p1", PUBLISHED_BY), *APART),
        ]
    )
    assert starts(snapshot, story) == ("a_1", "a_2")
    assert found_in(snapshot, SelectionQuery(around=story, depth=0)) == {"a_1", "a_2"}
    assert found_in(snapshot, SelectionQuery(around=story)) == {"a_1", "a_2", "t1", "p1"}
    assert found_in(snapshot, SelectionQuery(around=story, depth=2)) == {"a_1", "a_2", "t1", "p1", "a_3"}
    assert found_in(snapshot, SelectionQuery(story=story)) == {"a_1", "a_2", "t1", "p1"}
    assert found_in(snapshot, SelectionQuery(Compare("slug", Operator.EQ, "a_1"), story=story)) == {"a_1", "t1"}


def test_walk_begins_at_the_node_itself(world: GraphSnapshot) -> None:
    assert [starts(world, node_id) for node_id in ("a1", "p1", "t1")] == [("a1",), ("p1",), ("t1",)]


@pytest.mark.parametrize(
    ("part", "error", "message"),
    [
        (SelectionQuery(around="a unknown"), NotFoundError, "No node has the id “a unknown”"),
        (SelectionQuery(around=""), NotFoundError, "No node has the id “”"),
        (SelectionQuery(around="s_unknown"), NotFoundError, "No node has the id “s_unknown”"),
        (SelectionQuery(story="s_unknown"), NotFoundError, "No story has the id “s_unknown”"),
        (SelectionQuery(story="a1"), NotFoundError, "No story has the id “a1”"),
        (SelectionQuery(story=""), NotFoundError, "No story has the id “”"),
        (SelectionQuery(around="a1", story="s_1"), SelectionError, "`around` and `story` exclude each other"),
        (SelectionQuery(around="", story=""), SelectionError, "`around` and `story` exclude each other"),
        (SelectionQuery(around="a1", depth=5), TraversalError, "`depth` is 5"),
        (SelectionQuery(around="a1", depth=-1), TraversalError, "`depth` is -1"),
        (SelectionQuery(Compare("colour", Operator.EQ, "red")), FilterError, "Article has no field 'colour'"),
        (
            SelectionQuery(Compare("colour", Operator.EQ, "red"), around="a1"),
            FilterError,
            "Article has no field 'colour'",
        ),
    ],
)
def test_part_that_makes_no_sense_is_an_error(
    world: GraphSnapshot, part: SelectionQuery, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        selected_nodes(world, part)


def with_providers_topics_and_authors(snapshot: GraphSnapshot, articles: set[str]) -> set[str]:
    edges = snapshot.digraph.out_edges(articles, data=True)
    return articles | {
        target for _, target, data in edges if data["relation"] in ("PUBLISHED_BY", "ABOUT", "WRITTEN_BY")
    }


def ball(snapshot: GraphSnapshot, around: str, depth: int) -> set[str]:
    """All nodes within so many steps, none of them beyond a hub."""
    undirected = snapshot.digraph.to_undirected(as_view=True)
    ways: nx.DiGraph[str] = nx.DiGraph()
    ways.add_nodes_from(undirected)
    ways.add_edges_from(
        (node, other)
        for node in undirected
        if node == around or node not in hubs(snapshot)
        for other in undirected[node]
    )
    return set(nx.single_source_shortest_path_length(ways, around, cutoff=depth))


@given(small_graphs(), st.data(), st.integers(0, 4))
@random_cases(1_000)
def test_random_parts_equal_the_oracle(snapshot: GraphSnapshot, data: st.DataObject, depth: int) -> None:
    every = set(snapshot.ids[NodeKind.ARTICLE])
    good = {article for article in every if len(article) > 2}
    node_id = data.draw(st.sampled_from(sorted(snapshot.nodes)))
    assert found_in(snapshot, SelectionQuery(GOOD)) == with_providers_topics_and_authors(snapshot, good)
    assert found_in(snapshot, SelectionQuery(around=node_id, depth=depth)) == ball(snapshot, node_id, depth)


def test_stories_of_the_seeds_are_parts(seeds: GraphSnapshot) -> None:
    named = Compare("title", Operator.CONTAINS, "e")
    for story in stories(seeds).by_id.values():
        articles = set(story.articles)
        authors = {author for article in articles for author in seeds.targets[EdgeKind.WRITTEN_BY].get(article, ())}
        around = {*story.providers, *story.topics, *authors}
        assert found_in(seeds, SelectionQuery(story=story.id)) == articles | around
        passing = {article for article in articles if "e" in (title_of(seeds, article) or "")}
        assert found_in(seeds, SelectionQuery(named, story=story.id)) == with_providers_topics_and_authors(
            seeds, passing
        )
        assert found_in(seeds, SelectionQuery(EVERYTHING, around=story.id, depth=0)) == articles


def title_of(snapshot: GraphSnapshot, node_id: str) -> str | None:
    node = snapshot.nodes[node_id]
    assert isinstance(node, Article)
    return node.title


@pytest.mark.thorough
def test_parts_of_the_corpus_are_whole_and_do_not_pass_its_subject(azure: GraphSnapshot) -> None:
    subject = azure.lookups.topic("Azure")
    assert subject in hubs(azure)
    article = next(node for node in azure.ids[NodeKind.ARTICLE] if node not in stories(azure).by_article)
    topics_and_provider = set(azure.digraph.successors(article))
    assert found_in(azure, SelectionQuery(around=article, depth=1)) == {article, *topics_and_provider}
    around = {subject, *azure.digraph.predecessors(subject), *azure.digraph.successors(subject)}
    assert found_in(azure, SelectionQuery(around=subject, depth=1)) == around
    assert len(around) > 4_000

"""Hubs, counted as their definition reads; and the graphs that walks are tested on."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis.affinity import topic_weights
from graph.analysis.hubs import hubs
from graph.building.merged_graph import MergeResult
from graph.building.snapshot import GraphSnapshot, build_snapshot
from graph.model import Article, ArticleOrigin, EdgeKind, NodeKind, Person, Provider, Topic, label
from tests.cases import random_cases
from tests.edges import Edge, targets_of

RELATED_TO, ABOUT = EdgeKind.RELATED_TO, EdgeKind.ABOUT
PUBLISHED_BY, BROADER, WRITTEN_BY = EdgeKind.PUBLISHED_BY, EdgeKind.BROADER, EdgeKind.WRITTEN_BY

Link = tuple[str, str, EdgeKind]


def graph_of(links: Iterable[Link], also: Iterable[str] = (), days: Mapping[str, int] | None = None) -> GraphSnapshot:
    """A graph of these edges and further nodes. An id begins with the letter of its kind: a, p, t or h.

    Days of May 2024 are the dates of articles; those without have none. Quality is the length of the id.
    """
    links = list(dict.fromkeys(links))
    ids = sorted({*also, *(end for source, target, _ in links for end in (source, target))})
    counts: Counter[tuple[str, EdgeKind]] = Counter()
    edges: list[Edge] = []
    for source, target, kind in links:
        counts[source, kind] += 1
        edges.append(Edge(source, target, kind, counts[source, kind]))
    return build_snapshot(
        MergeResult(
            [_article(node_id, (days or {}).get(node_id)) for node_id in ids if node_id.startswith("a")],
            [Provider(node_id, f"{node_id}.example", node_id) for node_id in ids if node_id.startswith("p")],
            [Topic(node_id, node_id, node_id) for node_id in ids if node_id.startswith("t")],
            targets_of(edges),
            persons=[Person(node_id, node_id, node_id) for node_id in ids if node_id.startswith("h")],
        )
    )


def idle(count: int) -> list[Link]:
    """Articles beside everything else, each with a topic and a provider of its own: with enough of them nothing is a hub."""
    links: list[Link] = [(f"a_idle{number}", f"t_idle{number}", ABOUT) for number in range(count)]
    return [*links, *((f"a_idle{number}", f"p_idle{number}", PUBLISHED_BY) for number in range(count))]


def connected(snapshot: GraphSnapshot) -> list[str]:
    """The nodes that have edges and are not idle."""
    return [node_id for node_id, degree in snapshot.digraph.degree if degree and "idle" not in node_id]


def _article(node_id: str, day: int | None) -> Article:
    published = datetime(2024, 5, day, tzinfo=UTC) if day else None
    url = f"https://x.example/{node_id}"
    origin = ArticleOrigin.REFERENCE if "mentioned" in node_id else ArticleOrigin.DOCUMENT
    return Article(node_id, url, origin, node_id, published_date_time=published, quality=len(node_id))


@st.composite
def small_graphs(draw: st.DrawFn) -> GraphSnapshot:
    """2 to 9 articles linked with each other, 3 providers, 4 topics and 2 persons, and up to 30 idle ones; the fewer, the more hubs."""
    chosen = draw(st.randoms(use_true_random=True))
    articles = [f"a{'x' * (number % 2)}{number}" for number in range(chosen.randint(2, 9))]
    links = idle(chosen.choice([0, 5, 10, 30]))
    for _ in range(chosen.randint(2, 14)):
        source, target = chosen.sample(articles, 2)
        links += [(source, target, RELATED_TO), (target, source, RELATED_TO)][: chosen.randint(1, 2)]
    for _ in range(chosen.randint(2, 14)):
        links.append((chosen.choice(articles), f"t{chosen.choice('0000123')}", ABOUT))
    for article in articles[: chosen.randint(0, 9)]:
        links.append((article, f"p{chosen.randint(0, 2)}", PUBLISHED_BY))
    for article in articles[-chosen.randint(1, 9) :: 2]:
        links.append((article, f"h{chosen.randint(0, 1)}", WRITTEN_BY))
    for number in range(chosen.choice([0, 10])):
        links.append((f"a{number}", f"a_mentioned{number}", RELATED_TO))
    for number in range(chosen.randint(0, 3)):
        links.append((f"t{number}", f"t{chosen.randint(number + 1, 3)}", BROADER))
    return graph_of(links, articles, {article: chosen.randint(1, 3) for article in articles[::2]})


def touched_articles(snapshot: GraphSnapshot, node_id: str) -> set[str]:
    """The oracle: the other ends of all edges that name the node."""
    ends = {*snapshot.digraph.predecessors(node_id), *snapshot.digraph.successors(node_id)}
    return {end for end in ends - {node_id} if snapshot.digraph.nodes[end]["kind"] == "ARTICLE"}


def could_have_one(snapshot: GraphSnapshot, node_id: str) -> int:
    """The number of articles that have a file, or an edge to a node of this kind; of all articles for an article."""
    kind = snapshot.digraph.nodes[node_id]["kind"]
    if kind == "ARTICLE":
        return len(snapshot.ids[NodeKind.ARTICLE])
    name = {"TOPIC": "ABOUT", "PROVIDER": "PUBLISHED_BY", "PERSON": "WRITTEN_BY"}[kind]
    having = {source for source, _, data in snapshot.digraph.edges(data=True) if data["relation"] == name}
    return len(having | {node for node in snapshot.ids[NodeKind.ARTICLE] if "mentioned" not in node})


@given(small_graphs())
@random_cases(1000)
def test_hubs_touch_more_than_a_fifth_of_the_articles_that_could_have_an_edge_to_them(snapshot: GraphSnapshot) -> None:
    touched = {node_id: len(touched_articles(snapshot, node_id)) for node_id in snapshot.nodes}
    assert hubs(snapshot) == {
        node_id for node_id, count in touched.items() if count > 1 and count > could_have_one(snapshot, node_id) / 5
    }


def test_node_of_exactly_a_fifth_is_no_hub() -> None:
    two: list[Link] = [("a0", "t", ABOUT), ("a1", "t", ABOUT), ("a0", "p", PUBLISHED_BY), ("a1", "p", PUBLISHED_BY)]
    assert hubs(graph_of([*two, *idle(8)])) == set()
    assert hubs(graph_of([*two, *idle(7)])) == {"t", "p"}


def test_articles_without_a_topic_do_not_count_for_topics() -> None:
    links: list[Link] = [(f"a{number}", "t0", ABOUT) for number in range(3)]
    links += [(f"a{number}", "p", PUBLISHED_BY) for number in range(3)]
    mentioned = [f"a_mentioned{number}" for number in range(90)]
    assert hubs(graph_of([*links, *idle(8)], mentioned)) == {"t0", "p"}
    assert hubs(graph_of([*links, *idle(12)], mentioned)) == set()


def test_articles_of_unknown_authors_count_for_persons() -> None:
    written: list[Link] = [("a0", "h0", WRITTEN_BY), ("a1", "h1", WRITTEN_BY), ("a2", "h1", WRITTEN_BY)]
    assert hubs(graph_of([*written, *idle(5)])) == {"h1"}
    assert hubs(graph_of([*written, *idle(7)])) == set()


def test_node_that_touches_one_article_is_no_hub() -> None:
    links: list[Link] = [
        ("a0", "h", WRITTEN_BY),
        ("a0", "t", ABOUT),
        ("a0", "p", PUBLISHED_BY),
        ("a0", "a1", RELATED_TO),
    ]
    assert hubs(graph_of(links)) == set()


def test_article_that_gets_a_file_counts_from_then_on() -> None:
    def loaded(origin: ArticleOrigin, before: GraphSnapshot | None = None) -> GraphSnapshot:
        articles = [Article(f"a{place}", None, ArticleOrigin.DOCUMENT, None) for place in range(9)]
        articles.append(Article("a9", None, origin, None))
        edges = [Edge(f"a{place}", "h", WRITTEN_BY, 1) for place in range(2)]
        return build_snapshot(
            MergeResult(articles, [], [], targets_of(edges), persons=[Person("h", "h", "h")]), before=before
        )

    before = loaded(ArticleOrigin.REFERENCE)
    assert hubs(before) == {"h"}
    assert hubs(loaded(ArticleOrigin.DOCUMENT, before)) == set()


def test_article_that_names_and_is_named_counts_once() -> None:
    links: list[Link] = [("a0", "a1", RELATED_TO), ("a1", "a0", RELATED_TO), ("a0", "a2", RELATED_TO)]
    assert hubs(graph_of(links, [f"a{number}" for number in range(10)])) == set()
    assert hubs(graph_of(links, [f"a{number}" for number in range(9)])) == {"a0"}


def test_topics_and_providers_do_not_make_a_hub() -> None:
    assert hubs(graph_of([(f"t{number}", "t", BROADER) for number in range(9)], ["a"])) == set()
    assert hubs(graph_of([])) == set()


def test_hubs_of_the_seeds_are_their_town_and_its_paper(seeds: GraphSnapshot) -> None:
    assert sorted(name_of(seeds, hub) for hub in hubs(seeds)) == ["Harbour Post", "Saltmarra"]


@pytest.mark.thorough
def test_hubs_of_the_corpus_are_its_subject_and_its_main_publisher(azure: GraphSnapshot) -> None:
    assert sorted(name_of(azure, hub) for hub in hubs(azure)) == ["Azure", "Microsoft"]


def name_of(snapshot: GraphSnapshot, node_id: str) -> str:
    node = snapshot.nodes[node_id]
    assert isinstance(node, (Provider, Topic, Person))
    return node.name


@pytest.mark.thorough
def test_subject_of_the_corpus_is_a_hub_however_much_of_it_is_published(
    azure: GraphSnapshot, azure_published: GraphSnapshot
) -> None:
    for snapshot in (azure, azure_published):
        assert {label(snapshot.nodes[hub]) for hub in hubs(snapshot)} == {"Azure", "Microsoft"}
        assert topic_weights(snapshot)[snapshot.lookups.topic("Azure") or ""] == 0

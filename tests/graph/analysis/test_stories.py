"""Stories, against components as networkx finds them and records as a reader of the articles would write them."""

import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis import stories as module
from graph.analysis.stories import find_story, stories, story_of
from graph.building.merged_graph import MergeResult
from graph.building.snapshot import GraphSnapshot, build_snapshot
from graph.model import Article, ArticleOrigin, EdgeKind, NodeKind, Provider, Story, Topic
from tests.cases import random_cases
from tests.edges import Edge, targets_of

Links = Iterable[tuple[int, int]]
START = datetime(2024, 5, 1, tzinfo=UTC)


def article_id(number: int) -> str:
    return f"a_{number:03}"


def article(number: int, day: int | None, title: str | None = None) -> Article:
    return Article(
        id=article_id(number),
        url=f"https://x.example/{number}",
        origin=ArticleOrigin.DOCUMENT,
        slug=str(number),
        title=title,
        published_date_time=None if day is None else START + timedelta(days=day),
    )


def linked(articles: Iterable[Article], links: Links, others: Iterable[Edge] = ()) -> GraphSnapshot:
    """A snapshot of the articles, three providers and three topics."""
    edges = [
        Edge(article_id(start), article_id(end), EdgeKind.RELATED_TO, place) for place, (start, end) in enumerate(links)
    ]
    providers = [Provider(f"p_{name}", f"{name}.example", name) for name in "abc"]
    topics = [Topic(f"t_{name}", name, name) for name in "xyz"]
    return build_snapshot(MergeResult(list(articles), providers, topics, targets_of([*edges, *others])))


def clique(numbers: Iterable[int]) -> list[tuple[int, int]]:
    return list(combinations(numbers, 2))


def members(snapshot: GraphSnapshot) -> list[set[int]]:
    """The numbers of the articles of each story, largest story first."""
    found = [{int(name[2:]) for name in story.articles} for story in stories(snapshot).by_id.values()]
    return sorted(found, key=lambda numbers: (-len(numbers), min(numbers)))


# What a story says.


def test_story_tells_of_its_articles() -> None:
    articles = [
        article(0, None, "Undated"),
        article(1, 2, "Later"),
        article(2, 1),
        article(3, 2, "Later too"),
        article(4, 0, "Alone"),
    ]
    others = [
        *(Edge(article_id(number), "p_b", EdgeKind.PUBLISHED_BY, 1) for number in (1, 3)),
        *(Edge(article_id(number), "p_a", EdgeKind.PUBLISHED_BY, 1) for number in (0, 4)),
        *(Edge(article_id(number), topic, EdgeKind.ABOUT, 1) for number in (0, 1) for topic in ("t_z", "t_x")),
        Edge(article_id(2), "t_z", EdgeKind.ABOUT, 1),
    ]
    snapshot = linked(articles, [(0, 1), (3, 1), (2, 3), (3, 2)], others)
    (story,) = stories(snapshot).by_id.values()
    assert fields(story) == {
        "id": "s_002",
        "headline": "Later",
        "articles": ("a_002", "a_001", "a_003", "a_000"),
        "providers": ("p_b", "p_a"),
        "topics": ("t_z", "t_x"),
        "first_published": START + timedelta(days=1),
        "last_published": START + timedelta(days=2),
        "article_count": 4,
        "provider_count": 2,
        "topic_count": 2,
    }
    assert story_of(snapshot, "a_000") is story
    assert [story_of(snapshot, other) for other in ("a_004", "p_b", "s_002", "a_999", "")] == [None] * 5


def fields(story: Story) -> dict[str, object]:
    return {name: getattr(story, name) for name in Story.__slots__}


def test_story_without_dates_titles_providers_and_topics_has_none() -> None:
    (story,) = stories(linked([article(1, None), article(0, None)], [(1, 0)])).by_id.values()
    assert fields(story) == {
        "id": "s_000",
        "headline": None,
        "articles": ("a_000", "a_001"),
        "providers": (),
        "topics": (),
        "first_published": None,
        "last_published": None,
        "article_count": 2,
        "provider_count": 0,
        "topic_count": 0,
    }


def test_graph_without_related_links_has_no_stories() -> None:
    snapshot = linked([article(number, number) for number in range(3)], [(1, 1)])
    assert (dict(stories(snapshot).by_id), dict(stories(snapshot).by_article)) == ({}, {})


def test_stories_are_found_once() -> None:
    snapshot = linked([article(0, 0), article(1, 1)], [(0, 1)])
    assert stories(snapshot) is stories(snapshot)


# Large components.


def crowd(size: int, links: Links) -> GraphSnapshot:
    return linked([article(number, number) for number in range(size)], links)


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        (clique(range(60)), [set(range(60))]),
        ([(number, number + 1) for number in range(49)], [set(range(50))]),
        ([*clique(range(25)), *clique(range(25, 50)), (0, 25)], [set(range(50))]),
        ([*clique(range(26)), *clique(range(26, 51)), (0, 26)], [set(range(26)), set(range(26, 51))]),
        ([*clique(range(60)), (59, 60)], [set(range(61))]),
        ([link for link in clique(range(67)) if sum(link) % 11], [set(range(67))]),
        ([*clique(range(40)), *clique(range(40, 100)), (0, 40)], [set(range(40, 100)), set(range(40))]),
    ],
)
def test_only_large_components_with_communities_are_divided(
    links: list[tuple[int, int]], expected: list[set[int]]
) -> None:
    assert members(crowd(100, links)) == expected


def test_stories_of_a_divided_component_have_ids_of_their_own_leads() -> None:
    snapshot = crowd(100, [*clique(range(40)), *clique(range(40, 100)), (0, 40)])
    assert list(stories(snapshot).by_id) == ["s_000", "s_040"]
    found = find_story(snapshot, "s_099")
    assert found is not None
    assert found.id == "s_040"


def test_division_of_a_component_does_not_depend_on_the_rest_of_the_graph() -> None:
    ring = nx.relaxed_caveman_graph(12, 6, 0.3, seed=3)
    alone = members(crowd(72, ring.edges))
    beside = [numbers for numbers in members(crowd(200, [*clique(range(100, 180)), *ring.edges])) if max(numbers) < 100]
    assert len(alone) > 3
    assert beside == alone


# Generated graphs.

SIZE = 16
NUMBERS = st.integers(0, SIZE - 1)
LINKS = st.lists(st.tuples(NUMBERS, NUMBERS), max_size=20, unique=True)
DAYS = st.lists(st.none() | st.integers(0, 6), min_size=SIZE, max_size=SIZE)


@st.composite
def articles_with_edges(draw: st.DrawFn) -> tuple[list[Article], list[Edge]]:
    """Articles with or without a date, a title, a provider and topics: a number stands for each of the combinations."""
    articles, edges = [], []
    for number, drawn in enumerate(draw(st.lists(st.integers(0, 8 * 3 * 4 * 8 - 1), min_size=SIZE, max_size=SIZE))):
        rest, day = divmod(drawn, 8)
        rest, title = divmod(rest, 3)
        topics, publisher = divmod(rest, 4)
        articles.append(article(number, day or None, [None, "A", "B"][title]))
        if publisher:
            edges.append(Edge(article_id(number), f"p_{'_abc'[publisher]}", EdgeKind.PUBLISHED_BY, 1))
        names = [f"t_{name}" for bit, name in enumerate("xyz") if topics >> bit & 1]
        edges += [Edge(article_id(number), name, EdgeKind.ABOUT, place) for place, name in enumerate(names, 1)]
    return articles, edges


def related(snapshot: GraphSnapshot) -> "nx.Graph[str]":
    edges = snapshot.digraph.edges(data=True)
    found: nx.Graph[str] = nx.Graph([(start, end) for start, end, data in edges if data["relation"] == "RELATED_TO"])
    return found


def components(snapshot: GraphSnapshot) -> list[set[str]]:
    return [set(found) for found in nx.connected_components(related(snapshot)) if len(found) > 1]


def as_told(snapshot: GraphSnapshot, ids: Iterable[str]) -> dict[str, object]:
    """The story of these articles, from the networkx graph."""
    texts = {name: snapshot.digraph.nodes[name].get("publishedDateTime") for name in ids}
    dated = sorted((datetime.fromisoformat(text), name) for name in ids if (text := texts[name]))
    order = [name for _, name in dated] + sorted(set(ids) - {name for _, name in dated})
    records = [snapshot.nodes[name] for name in order]
    titles = [record.title for record in records if isinstance(record, Article) and record.title is not None]
    found: dict[str, list[str]] = {}
    for relation in ("PUBLISHED_BY", "ABOUT"):
        edges = snapshot.digraph.out_edges(order, data=True)
        counts = Counter(end for _, end, data in edges if data["relation"] == relation)
        found[relation] = [name for _, name in sorted((-count, name) for name, count in counts.items())]
    return {
        "id": "s_" + order[0][2:],
        "headline": titles[0] if titles else None,
        "articles": tuple(order),
        "providers": tuple(found["PUBLISHED_BY"]),
        "topics": tuple(found["ABOUT"]),
        "first_published": dated[0][0] if dated else None,
        "last_published": dated[-1][0] if dated else None,
        "article_count": len(order),
        "provider_count": len(found["PUBLISHED_BY"]),
        "topic_count": len(found["ABOUT"]),
    }


def assert_told(snapshot: GraphSnapshot, groups: Iterable[Iterable[str]]) -> None:
    """The snapshot's stories are those of these groups of articles, and every way leads to them."""
    every = stories(snapshot)
    expected = sorted((as_told(snapshot, group) for group in groups), key=lambda told: str(told["id"]))
    assert [fields(story) for story in every.by_id.values()] == expected
    assert list(every.by_id) == [told["id"] for told in expected]
    for story in every.by_id.values():
        assert find_story(snapshot, story.id) is story
        for name in story.articles:
            assert story_of(snapshot, name) is find_story(snapshot, "s_" + name[2:]) is story
    alone = set(snapshot.ids[NodeKind.ARTICLE]) - set(every.by_article)
    assert all(story_of(snapshot, name) is find_story(snapshot, "s_" + name[2:]) is None for name in alone)


@random_cases(1000)
@given(articles_with_edges(), LINKS)
def test_stories_of_generated_graphs_are_their_components(
    content: tuple[list[Article], list[Edge]], links: list[tuple[int, int]]
) -> None:
    snapshot = linked(content[0], links, content[1])
    assert_told(snapshot, components(snapshot))


@random_cases(1000)
@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=5, max_size=40, unique=True), st.integers())
def test_divided_components_leave_no_article_out_and_none_alone(links: list[tuple[int, int]], seed: int) -> None:
    shuffler = random.Random(seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_LARGEST_UNDIVIDED", 5)
        snapshot = crowd(SIZE, links)
        groups = [story.articles for story in stories(snapshot).by_id.values()]
        assert_told(snapshot, groups)
        assert_divided(components(snapshot), groups)
        shuffled = [article(number, number) for number in shuffler.sample(range(SIZE), SIZE)]
        other = linked(shuffled, shuffler.sample(links, len(links)))
        assert [story.articles for story in stories(other).by_id.values()] == groups


def assert_divided(whole: Iterable[set[str]], groups: Sequence[tuple[str, ...]]) -> None:
    for component in whole:
        parts = [group for group in groups if component & set(group)]
        assert sorted(name for part in parts for name in part) == sorted(component)
        assert min(map(len, parts)) > 1
        assert len(parts) == 1 or len(component) > 5


# Ids that stay.


def keeping(days: Mapping[int, int | None], links: Links) -> GraphSnapshot:
    """A snapshot of some of the articles, with the links among them."""
    among = [(start, end) for start, end in links if start in days and end in days]
    return linked([article(number, day) for number, day in days.items()], among)


@random_cases(1000)
@given(DAYS, LINKS, st.sets(NUMBERS))
def test_ids_stay_when_later_articles_join(
    days: list[int | None], links: list[tuple[int, int]], newcomers: set[int]
) -> None:
    known = {number: day for number, day in enumerate(days) if number not in newcomers}
    before = keeping(known, links)
    after = keeping({**known, **{number: 10 + number for number in newcomers}}, links)
    undated = {name for name in map(article_id, known) if known[int(name[2:])] is None}
    for story in stories(before).by_id.values():
        now = find_story(after, story.id)
        assert now is not None
        assert set(story.articles) <= set(now.articles)
        others = set(now.articles) - set(story.articles) - set(map(article_id, newcomers))
        if not others and story.articles[0] not in undated:
            assert now.id == story.id


@random_cases(1000)
@given(st.data(), LINKS, st.sets(NUMBERS), st.integers(3, 50))
def test_old_ids_find_the_story_that_holds_their_article_now(
    data: st.DataObject, links: list[tuple[int, int]], newcomers: set[int], largest: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_LARGEST_UNDIVIDED", largest)
        days = dict(enumerate(data.draw(DAYS)))
        before = keeping({number: day for number, day in days.items() if number not in newcomers}, links)
        after = keeping(days, links)
        for story in stories(before).by_id.values():
            now = find_story(after, story.id)
            assert now is not None
            assert story.articles[0] in now.articles


def test_id_finds_nothing_when_its_article_is_gone_or_alone() -> None:
    snapshot = linked([article(number, number) for number in range(3)], [(0, 1)])
    assert [find_story(snapshot, name) for name in ("s_002", "s_777", "a_000", "s", "s_", "000", "", "s__000")] == [
        None
    ] * 8


# Real articles.


def test_stories_of_the_seeds_are_their_components(seeds: GraphSnapshot) -> None:
    assert_told(seeds, components(seeds))
    assert len(stories(seeds).by_id) == 6


@pytest.mark.thorough
def test_stories_of_real_articles(azure: GraphSnapshot) -> None:
    groups = [story.articles for story in stories(azure).by_id.values()]
    assert_told(azure, groups)
    whole = components(azure)
    undivided = [component for component in whole if component in map(set, groups)]
    assert len(whole) == 529
    assert sorted(len(component) for component in whole if component not in undivided) == [67, 83, 257]
    assert len(groups) == 533
    assert sorted(map(len, groups))[-3:] == [128, 138, 178]
    assert min(map(len, groups)) == 2


@pytest.mark.thorough
def test_large_stories_of_real_articles_are_divided_as_well_as_networkx_does(azure: GraphSnapshot) -> None:
    links = related(azure)
    for component in nx.connected_components(links):
        if len(component) > 50:
            part = links.subgraph(component)
            theirs = nx.community.louvain_communities(part, resolution=0.5, seed=1)
            ours = {story.id: set(story.articles) for name in component if (story := story_of(azure, name))}
            scores = [nx.community.modularity(part, groups, resolution=0.5) for groups in (ours.values(), theirs)]
            assert scores[0] >= scores[1] - 0.01


STORIES_OF_THE_SEEDS = """
from pathlib import Path
from graph.building.live_folders import load_snapshot
from graph.analysis import stories

stories._LARGEST_UNDIVIDED = 5
found = stories.stories(load_snapshot([Path("seeds")]))
print([(story.id, story.articles, story.providers, story.topics) for story in found.by_id.values()])
"""


@pytest.mark.thorough
def test_stories_do_not_depend_on_how_python_hashes(pytestconfig: pytest.Config) -> None:
    answers = {
        subprocess.run(
            [sys.executable, "-c", STORIES_OF_THE_SEEDS],
            cwd=pytestconfig.rootpath,
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(answers) == 1
    assert answers.pop().count("s_") > 6

"""Stories, as a reader of the articles would find and describe them."""

import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis import clusters as module
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


def article(number: int, day: float | None, title: str | None = None, excerpt: str | None = None) -> Article:
    return Article(
        id=article_id(number),
        url=f"https://x.example/{number}",
        origin=ArticleOrigin.DOCUMENT,
        slug=str(number),
        title=title,
        excerpt=excerpt,
        published_date_time=None if day is None else START + timedelta(days=day),
    )


def linked(
    articles: Iterable[Article],
    links: Links,
    others: Iterable[Edge] = (),
    kind: EdgeKind = EdgeKind.RELATED_TO,
    before: GraphSnapshot | None = None,
) -> GraphSnapshot:
    """A snapshot of the articles, three providers and three topics."""
    edges = [Edge(article_id(start), article_id(end), kind, place) for place, (start, end) in enumerate(links)]
    providers = [Provider(f"p_{name}", f"{name}.example", name) for name in "abc"]
    topics = [Topic(f"t_{name}", name, name) for name in "xyz"]
    merged = MergeResult(list(articles), providers, topics, targets_of([*edges, *others]))
    return build_snapshot(merged, before=before)


def clique(numbers: Iterable[int]) -> list[tuple[int, int]]:
    return list(combinations(numbers, 2))


def members(snapshot: GraphSnapshot) -> list[set[int]]:
    """The numbers of the articles of each story, largest story first."""
    found = [{int(name[2:]) for name in story.articles} for story in stories(snapshot).by_id.values()]
    return sorted(found, key=lambda numbers: (-len(numbers), min(numbers)))


# What a story says.


def test_story_tells_of_its_articles() -> None:
    articles = [
        article(0, None, "Storm over the bay"),
        article(1, 2, "A storm"),
        article(2, 1),
        article(3, 2, "The storm in the bay"),
        article(4, 9, "Alone"),
    ]
    others = [
        *(Edge(article_id(number), "p_b", EdgeKind.PUBLISHED_BY, 1) for number in (1, 3)),
        *(Edge(article_id(number), "p_a", EdgeKind.PUBLISHED_BY, 1) for number in (0, 4)),
        *(Edge(article_id(number), topic, EdgeKind.ABOUT, 1) for number in (0, 1) for topic in ("t_z", "t_x")),
        Edge(article_id(2), "t_z", EdgeKind.ABOUT, 1),
        Edge(article_id(2), "p_b", EdgeKind.PUBLISHED_BY, 1),
    ]
    snapshot = linked(articles, [(0, 1), (3, 1), (2, 3), (3, 2)], others)
    (story,) = stories(snapshot).by_id.values()
    assert fields(story) == {
        "id": "s_002",
        "headline": "The storm in the bay",
        "articles": ("a_002", "a_001", "a_003", "a_000"),
        "providers": ("p_b", "p_a"),
        "topics": ("t_z", "t_x"),
        "first_published": START + timedelta(days=1),
        "last_published": START + timedelta(days=2),
        "article_count": 4,
        "telling_count": 4,
        "provider_count": 2,
        "topic_count": 2,
        "first_provider": "p_b",
        "growth": -3,
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
        "telling_count": 2,
        "provider_count": 0,
        "topic_count": 0,
        "first_provider": None,
        "growth": 0,
    }


def test_graph_without_related_links_has_no_stories() -> None:
    snapshot = linked([article(number, number) for number in range(3)], [(1, 1)])
    assert (dict(stories(snapshot).by_id), dict(stories(snapshot).by_article)) == ({}, {})


def test_stories_are_found_once() -> None:
    snapshot = linked([article(0, 0), article(1, 1)], [(0, 1)])
    assert stories(snapshot) is stories(snapshot)


# Which articles tell the same story.

STORM, FERRY = "Storm floods Ostrey harbour", "Skarrow ferry crews strike"


def test_links_between_articles_that_say_other_things_make_no_story() -> None:
    """As those of a program that names everything about the same topic."""
    titles = [*(f"{STORM} {word}" for word in ("tonight", "again", "twice")), *(f"{FERRY} {word}" for word in "xyz")]
    articles = [article(number, number / 10, title) for number, title in enumerate(titles)]
    others = [article(number, 0, f"Nothing like {number}") for number in range(6, 30)]
    assert members(linked([*articles, *others], clique(range(30)))) == [{0, 1, 2}, {3, 4, 5}]


def test_few_links_count_more_than_many() -> None:
    titles = [STORM, FERRY, "Letters", "Weather", "Chess", "Recipes", "Sports", "Lottery", "Births"]
    articles = [article(number, 0, title) for number, title in enumerate(titles)]
    assert members(linked(articles, [(0, 1)])) == [{0, 1}]
    assert members(linked(articles, clique(range(9)))) == []


def test_what_is_not_known_takes_nothing_from_a_link() -> None:
    articles = [article(0, None), article(1, None, STORM), article(2, 0), article(3, 0, FERRY)]
    assert members(linked(articles, [(0, 1), (2, 3), (1, 2)])) == [{0, 1, 2, 3}]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([0, 30], [{0, 1}]),
        ([0, 30.1], []),
        ([0, 25, 50, 75], [{0, 1, 2, 3}]),
        ([0, 25, 56, 75], [{0, 1}, {2, 3}]),
    ],
)
def test_silence_of_more_than_thirty_days_ends_a_story(days: list[float], expected: list[set[int]]) -> None:
    articles = [article(number, day, f"{STORM} {number}") for number, day in enumerate(days)]
    others = [article(number, 0, f"Other {number}") for number in range(10, 20)]
    snapshot = linked([*articles, *others], [*clique(range(len(days))), *clique(range(10, 20))])
    assert [numbers for numbers in members(snapshot) if max(numbers) < 10] == expected


def test_undated_article_bridges_no_silence() -> None:
    articles = [article(0, 0), article(1, 1), article(2, None), article(3, 100), article(4, 101)]
    links = [(0, 1), (3, 4), (2, 0), (2, 3), (2, 4)]
    assert members(linked(articles, links)) == [{2, 3, 4}, {0, 1}]


def test_links_in_bodies_count_where_there_are_no_others_whatever_the_words() -> None:
    articles = [
        article(number, day, f"Page {'abcdef'[number]}") for number, day in enumerate([0, 1, 2, None, None, 99])
    ]
    links = [(0, 1), (1, 2), (3, 4), (2, 5)]
    assert members(linked(articles, links, kind=EdgeKind.LINKS_TO)) == [{0, 1, 2}, {3, 4}]
    related_too = [Edge(article_id(0), article_id(2), EdgeKind.RELATED_TO, 1)]
    assert members(linked(articles, links, related_too, kind=EdgeKind.LINKS_TO)) == [{0, 2}]


def test_large_component_is_divided_where_few_links_hold_its_parts_together() -> None:
    links = [*clique(range(14)), *clique(range(14, 30)), (0, 14)]
    snapshot = linked([article(number, number / 10) for number in range(30)], links)
    assert members(snapshot) == [set(range(14, 30)), set(range(14))]
    assert list(stories(snapshot).by_id) == ["s_000", "s_014"]
    found = find_story(snapshot, "s_029")
    assert found is not None
    assert found.id == "s_014"


def test_large_component_without_communities_is_one_story() -> None:
    links = [link for link in clique(range(30)) if sum(link) % 11]
    assert members(linked([article(number, number / 10) for number in range(30)], links)) == [set(range(30))]


def test_division_of_a_component_does_not_depend_on_the_rest_of_the_graph() -> None:
    ring = nx.relaxed_caveman_graph(12, 6, 0.2, seed=3)
    few = [article(number, number / 10) for number in range(72)]
    many = [article(number, number / 10) for number in range(200)]
    alone = members(linked(few, ring.edges))
    beside = members(linked(many, [*clique(range(100, 180)), *ring.edges]))
    assert len(alone) > 2
    assert [numbers for numbers in beside if max(numbers) < 100] == alone


# One telling by several.


def test_articles_with_the_same_title_are_one_telling() -> None:
    articles = [
        article(0, 0, STORM),
        article(1, 1, STORM.upper()),
        article(2, 2.9, STORM),
        article(3, 4, STORM),
        article(4, 0, FERRY),
    ]
    (story,) = stories(linked(articles, [(0, 4), (1, 4), (2, 4), (3, 4), (3, 0)])).by_id.values()
    assert (story.articles, story.telling_count) == (tuple(map(article_id, (0, 4, 1, 2, 3))), 3)


def test_copies_are_one_story_even_if_none_names_the_other() -> None:
    articles = [article(0, 0, STORM), article(1, 1, STORM), article(2, 40, FERRY), article(3, None, STORM)]
    assert members(linked(articles, [(0, 2), (1, 2), (3, 2)])) == [{0, 1}, {2, 3}]


def test_headline_is_that_of_the_most_central_telling_and_copies_do_not_count() -> None:
    titles = ["Wind rises", STORM, f"{STORM} tonight", "Wind falls in Ostrey", *["Roof gone"] * 4]
    articles = [article(number, number / 10, title) for number, title in enumerate(titles)]
    links = [(1, 0), (1, 2), (1, 3), *((3, copy) for copy in range(4, 8))]
    (story,) = stories(linked(articles, links)).by_id.values()
    assert (story.headline, story.articles[0]) == (STORM, article_id(0))


# Who was first, and what grows.


def test_firsts_are_the_stories_that_others_told_too() -> None:
    articles = [article(number, number / 10) for number in range(6)]
    publishers = zip(range(6), "abaabb", strict=True)
    others = [Edge(article_id(number), f"p_{name}", EdgeKind.PUBLISHED_BY, 1) for number, name in publishers]
    snapshot = linked(articles, [(0, 1), (2, 3), (4, 5)], others)
    assert dict(stories(snapshot).firsts) == {"p_a": ["s_000"]}
    assert [story.first_provider for story in stories(snapshot).by_id.values()] == ["p_a", "p_a", "p_b"]
    snapshot = linked([article(number, None) for number in range(2)], [(0, 1)], others[:2])
    assert dict(stories(snapshot).firsts) == {}


def test_growth_compares_the_week_up_to_the_newest_article_with_the_week_before() -> None:
    days = [86, 87, 93.1, 94, 99, 100, 0, 1, 100]
    snapshot = linked([article(number, day) for number, day in enumerate(days)], [*pairwise(range(6)), (6, 7)])
    assert [story.growth for story in stories(snapshot).by_id.values()] == [4 - 1, 0]


# What is taken over from the snapshot before.


def test_stories_are_found_anew_only_where_links_dates_or_texts_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[object] = []
    found_anew = module._clusters

    def counted(*args: object) -> object:
        calls.append(args)
        return found_anew(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "_clusters", counted)

    def told(before: GraphSnapshot | None, one: Article, links: Links) -> tuple[GraphSnapshot, list[str]]:
        snapshot = linked([article(0, 0, STORM), one, article(2, 2), article(3, 5)], links, before=before)
        return snapshot, [str(story.headline) for story in stories(snapshot).by_id.values()]

    snapshot, headlines = told(None, article(1, 1, "Calm"), [(0, 1)])
    assert (len(calls), headlines) == (1, [STORM])
    for quality in (1, 2):  # nor is what was found lost after the first change
        snapshot, headlines = told(snapshot, replace(article(1, 1, "Calm"), quality=quality), [(0, 1)])
        assert (len(calls), headlines) == (1, [STORM])
    snapshot, _ = told(snapshot, article(1, 1, "Another calm"), [(0, 1)])
    assert len(calls) == 2
    snapshot, headlines = told(snapshot, article(1, 60, "Another calm"), [(0, 1)])
    assert (len(calls), headlines) == (3, [])
    told(snapshot, article(1, 60, "Another calm"), [(0, 1), (1, 2)])
    assert len(calls) == 4


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


def as_told(snapshot: GraphSnapshot, ids: Iterable[str]) -> dict[str, object]:
    """The story of these articles, from the networkx graph."""
    texts = {name: snapshot.digraph.nodes[name].get("publishedDateTime") for name in ids}
    dated = sorted((datetime.fromisoformat(text), name) for name in ids if (text := texts[name]))
    order = [name for _, name in dated] + sorted(set(ids) - {name for _, name in dated})
    records = [snapshot.nodes[name] for name in order]
    titles = {record.title for record in records if isinstance(record, Article) and record.title is not None}
    found: dict[str, list[str]] = {}
    for relation in ("PUBLISHED_BY", "ABOUT"):
        edges = snapshot.digraph.out_edges(order, data=True)
        counts = Counter(end for _, end, data in edges if data["relation"] == relation)
        found[relation] = [name for _, name in sorted((-count, name) for name, count in counts.items())]
    return {
        "id": "s_" + order[0][2:],
        "titles": titles,
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
    expected = {str(told["id"]): told for told in (as_told(snapshot, group) for group in groups)}
    assert list(every.by_id) == sorted(expected)
    for name, told in expected.items():
        story = every.by_id[name]
        titles = told.pop("titles")
        assert isinstance(titles, set)
        assert story.headline in titles if titles else story.headline is None
        assert told.items() <= fields(story).items()
        assert 0 < story.telling_count <= story.article_count
    for story in every.by_id.values():
        assert find_story(snapshot, story.id) is story
        for name in story.articles:
            assert story_of(snapshot, name) is find_story(snapshot, "s_" + name[2:]) is story
    alone = set(snapshot.ids[NodeKind.ARTICLE]) - set(every.by_article)
    assert all(story_of(snapshot, name) is find_story(snapshot, "s_" + name[2:]) is None for name in alone)


def assert_hold_together(snapshot: GraphSnapshot) -> None:
    """Each story is of articles that links or titles connect, and without a long silence."""
    links = related(snapshot)
    for story in stories(snapshot).by_id.values():
        records = [node for name in story.articles if isinstance(node := snapshot.nodes[name], Article)]
        among = nx.Graph(links.subgraph(story.articles))
        among.add_edges_from(
            (one.id, two.id) for one, two in combinations(records, 2) if one.title and one.title == two.title
        )
        assert nx.is_connected(among)
        dates = sorted(record.published_date_time for record in records if record.published_date_time)
        assert all(later - earlier <= timedelta(days=30) for earlier, later in pairwise(dates))


@random_cases(1000)
@given(articles_with_edges(), LINKS, st.integers(), st.integers(3, 50))
def test_stories_of_generated_graphs_hold_together(
    content: tuple[list[Article], list[Edge]], links: list[tuple[int, int]], seed: int, largest: int
) -> None:
    shuffler = random.Random(seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_LARGEST_UNDIVIDED", largest)
        snapshot = linked(content[0], links, content[1])
        groups = [story.articles for story in stories(snapshot).by_id.values()]
        assert_told(snapshot, groups)
        assert_hold_together(snapshot)
        shuffled = linked(shuffler.sample(content[0], SIZE), shuffler.sample(links, len(links)), content[1])
        assert [fields(story) for story in stories(shuffled).by_id.values()] == [
            fields(story) for story in stories(snapshot).by_id.values()
        ]


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
    known = {number: day and day % 3 for number, day in enumerate(days) if number not in newcomers}
    before = keeping(known, links)
    after = keeping({**known, **dict.fromkeys(newcomers, 3)}, links)
    undated = {name for name in map(article_id, known) if known[int(name[2:])] is None}
    for story in stories(before).by_id.values():
        now = find_story(after, story.id)
        assert now is not None
        assert story.articles[0] in now.articles
        others = set(now.articles) - set(story.articles) - set(map(article_id, newcomers))
        if not others and story.articles[0] not in undated:
            assert now.id == story.id


def test_id_finds_nothing_when_its_article_is_gone_or_alone() -> None:
    snapshot = linked([article(number, number) for number in range(3)], [(0, 1)])
    assert [find_story(snapshot, name) for name in ("s_002", "s_777", "a_000", "s", "s_", "000", "", "s__000")] == [
        None
    ] * 8


# Real articles.


def test_stories_of_the_seeds(seeds: GraphSnapshot) -> None:
    assert_told(seeds, [story.articles for story in stories(seeds).by_id.values()])
    assert_hold_together(seeds)
    told = {story.headline: story.article_count for story in stories(seeds).by_id.values()}
    assert told["Ferry crews vote to strike over night rosters"] == 3
    assert max(told.values()) == 5


@pytest.mark.thorough
def test_stories_of_real_articles(azure: GraphSnapshot) -> None:
    every = stories(azure)
    assert_told(azure, [story.articles for story in every.by_id.values()])
    assert_hold_together(azure)
    found = sorted(every.by_id.values(), key=lambda story: -story.article_count)
    spans = [
        story.last_published - story.first_published
        for story in found
        if story.last_published and story.first_published
    ]
    assert sum(span < timedelta(days=30) for span in spans) > 0.9 * len(found)
    assert 700 < len(found) < 900
    assert 0.45 < len(every.by_article) / len(azure.ids[NodeKind.ARTICLE]) < 0.55
    breach = next(story for story in found if "Cosmos" in str(story.headline) and story.article_count > 10)
    assert breach.provider_count > 10
    assert breach.last_published - breach.first_published < timedelta(days=3)  # type: ignore[operator]


STORIES_OF_THE_SEEDS = """
from pathlib import Path
from graph.building.live_folders import load_snapshot
from graph.analysis import clusters, stories

clusters._LARGEST_UNDIVIDED = 2
found = stories.stories(load_snapshot([Path("seeds")]))
print([(story.id, story.headline, story.articles, story.providers, story.topics) for story in found.by_id.values()])
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

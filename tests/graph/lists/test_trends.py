"""Trends, against counting every window of every node anew."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.building.merged_graph import MergeResult
from graph.building.snapshot import GraphSnapshot, build_snapshot
from graph.errors import FilterError, PageError
from graph.lists.filters import EVERYTHING, Compare, Operator
from graph.lists.timeline import FIRST_MOMENT, LAST_MOMENT
from graph.lists.trends import Trend, TrendQuery, TrendWindow, trending
from graph.model import Article, ArticleOrigin, EdgeKind, NodeKind, Provider, Topic
from tests.cases import random_cases
from tests.edges import Edge, targets_of

NOON = datetime(2024, 5, 3, 12, tzinfo=UTC)
DAY = timedelta(days=1)
DAYS = {TrendWindow.DAY: 1, TrendWindow.WEEK: 7, TrendWindow.MONTH: 30, TrendWindow.QUARTER: 91}
NEWS = Compare("category", Operator.EQ, "news")


def news(*articles: tuple[datetime | None, str]) -> GraphSnapshot:
    """Articles with their moments and, each a letter, their topics, of which the first also names the provider."""
    records = [
        Article(
            f"a_{number:03}",
            None,
            ArticleOrigin.DOCUMENT,
            str(number),
            published_date_time=moment,
            category="news" if number % 3 else None,
        )
        for number, (moment, _) in enumerate(articles)
    ]
    edges = []
    for record, (_, topics) in zip(records, articles, strict=True):
        edges += [Edge(record.id, f"p_{topic}", EdgeKind.PUBLISHED_BY, 1) for topic in topics[:1]]
        edges += [Edge(record.id, f"t_{topic}", EdgeKind.ABOUT, place) for place, topic in enumerate(topics, 1)]
    return build_snapshot(
        MergeResult(
            records,
            [Provider(f"p_{letter}", f"{letter}.example", letter) for letter in "abcd"],
            [Topic(f"t_{letter}", letter, letter) for letter in "abcd"],
            targets_of(edges),
        )
    )


def test_a_topic_with_more_articles_than_before_is_a_trend() -> None:
    before = [(NOON - ago * DAY, "ab") for ago in (1.5, 2, 3.5)]
    snapshot = news((NOON - 0.1 * DAY, "b"), (NOON - 0.2 * DAY, "bc"), (NOON - DAY, "bc"), *before, (None, "d"))
    assert trending(snapshot, TrendQuery(NodeKind.TOPIC, TrendWindow.DAY, NOON)) == (
        Trend("t_c", 2.0, 2, (0, 0, 0, 0)),
        Trend("t_b", round((3 - 0.75) / sqrt(1.75), 9), 3, (2, 0, 1, 0)),
    )
    assert trending(snapshot, TrendQuery(NodeKind.PROVIDER, TrendWindow.DAY, NOON, first=1)) == (
        Trend("p_b", 3.0, 3, (0, 0, 0, 0)),
    )


def test_a_window_holds_its_start_and_not_its_end() -> None:
    instants = [
        NOON,
        NOON - DAY,
        NOON - DAY - datetime.resolution,
        NOON - 5 * DAY,
        NOON - 5 * DAY - datetime.resolution,
    ]
    snapshot = news(*((instant, letter) for instant, letter in zip(instants, "abbbb", strict=True)))
    assert trending(snapshot, TrendQuery(NodeKind.TOPIC, TrendWindow.DAY, NOON)) == (
        Trend("t_b", round(0.5 / sqrt(1.5), 9), 1, (1, 0, 0, 1)),
    )


def test_the_window_ends_just_after_the_latest_article_unless_told() -> None:
    snapshot = news((NOON, "a"), (NOON - DAY, "b"), (None, "c"))
    assert [trend.node_id for trend in trending(snapshot, TrendQuery(NodeKind.TOPIC, TrendWindow.DAY))] == ["t_a"]
    assert [t.node_id for t in trending(snapshot, TrendQuery(NodeKind.TOPIC, TrendWindow.DAY, NOON))] == ["t_b"]


def test_only_articles_that_pass_the_filter_count() -> None:
    snapshot = news((NOON, "a"), (NOON, "b"), (NOON, "b"), (NOON, "b"))  # the first and the fourth are no news
    query = TrendQuery(NodeKind.TOPIC, TrendWindow.WEEK, filter=NEWS)
    assert trending(snapshot, query) == (Trend("t_b", 2.0, 2, (0, 0, 0, 0)),)


def test_what_stays_the_same_or_declines_is_no_trend() -> None:
    steady = [(NOON - ago * DAY, "a") for ago in (0.5, 1.5, 2.5, 3.5, 4.5)]
    declining = [(NOON - ago * DAY, "b") for ago in (0.5, 1.5, 1.6, 2.5, 3.5, 4.5)]
    assert trending(news(*steady, *declining), TrendQuery(NodeKind.TOPIC, TrendWindow.DAY, NOON)) == ()


def test_of_equal_scores_the_larger_count_comes_first() -> None:
    recent, before = NOON - DAY / 2, [(NOON - (window + 1.5) * DAY, "bd") for window in range(4) for _ in range(3)]
    snapshot = news(*[(recent, "a")] * 2, *[(recent, "bd")] * 7, *before)
    assert trending(snapshot, TrendQuery(NodeKind.TOPIC, TrendWindow.DAY, NOON)) == (
        Trend("t_b", 2.0, 7, (3, 3, 3, 3)),
        Trend("t_d", 2.0, 7, (3, 3, 3, 3)),
        Trend("t_a", 2.0, 2, (0, 0, 0, 0)),
    )


def test_without_dates_there_are_no_trends() -> None:
    for snapshot in (news(), news((None, "a"))):
        assert trending(snapshot, TrendQuery(NodeKind.TOPIC, TrendWindow.DAY)) == ()
        assert trending(snapshot, TrendQuery(NodeKind.TOPIC, TrendWindow.DAY, NOON)) == ()


@pytest.mark.parametrize("until", [None, FIRST_MOMENT, FIRST_MOMENT + DAY, LAST_MOMENT])
def test_the_ends_of_the_calendar_are_no_obstacle(until: datetime | None) -> None:
    snapshot = news((FIRST_MOMENT, "a"), (LAST_MOMENT - datetime.resolution, "b"), (LAST_MOMENT, "c"))
    found = trending(snapshot, TrendQuery(NodeKind.TOPIC, TrendWindow.QUARTER, until))
    expected = {None: ["t_b"], FIRST_MOMENT: [], FIRST_MOMENT + DAY: ["t_a"], LAST_MOMENT: ["t_b"]}
    assert [trend.node_id for trend in found] == expected[until]


@pytest.mark.parametrize("first", [0, -3, 101])
def test_a_number_of_trends_out_of_range_is_refused(first: int) -> None:
    with pytest.raises(PageError, match=f"`first` is {first}; it must be from 1 to 100"):
        trending(news(), TrendQuery(NodeKind.TOPIC, TrendWindow.DAY, first=first))


@pytest.mark.parametrize("kind", [NodeKind.ARTICLE, NodeKind.PERSON])
def test_only_topics_providers_and_stories_have_trends(kind: NodeKind) -> None:
    with pytest.raises(FilterError, match=f"no trends of kind {kind.value}; ask for TOPIC, PROVIDER or STORY"):
        trending(news(), TrendQuery(kind, TrendWindow.DAY))


def test_a_filter_that_does_not_fit_articles_is_refused() -> None:
    with pytest.raises(FilterError, match="Article has no field 'colour'"):
        trending(news(), TrendQuery(NodeKind.TOPIC, TrendWindow.DAY, filter=Compare("colour", Operator.EQ, "red")))


def brute_force(snapshot: GraphSnapshot, query: TrendQuery) -> list[Trend]:
    texts = {node_id: data.get("publishedDateTime") for node_id, data in snapshot.digraph.nodes(data=True)}
    dates = {node_id: datetime.fromisoformat(text) for node_id, text in texts.items() if text is not None}
    if not dates:
        return []
    until = query.until or max(dates.values()) + datetime.resolution
    relation = "ABOUT" if query.kind is NodeKind.TOPIC else "PUBLISHED_BY"
    members: dict[str, list[datetime]] = {node_id: [] for node_id in snapshot.ids[query.kind]}
    for source, target, data in snapshot.digraph.edges(data=True):
        if data["relation"] == relation and source in dates:
            category = snapshot.digraph.nodes[source].get("category")
            members[target] += [dates[source]] if query.filter == EVERYTHING or category == "news" else []
    found = []
    for node_id, own in members.items():
        ends = [until - window * DAYS[query.window] * DAY for window in range(6)]
        counts = [sum(start <= moment < end for moment in own) for end, start in pairwise(ends)]
        mean = sum(counts[1:]) / 4
        if counts[0] > mean:
            found.append(Trend(node_id, round((counts[0] - mean) / sqrt(mean + 1), 9), counts[0], tuple(counts[1:])))
    found.sort(key=lambda trend: trend.node_id)
    found.sort(key=lambda trend: (trend.score, trend.count), reverse=True)
    return found[: query.first]


def queries(earliest: datetime, days: int) -> st.SearchStrategy[TrendQuery]:
    return st.builds(
        TrendQuery,
        st.sampled_from([NodeKind.TOPIC, NodeKind.PROVIDER]),
        st.sampled_from(TrendWindow),
        st.none() | st.integers(0, days * 24).map(lambda hours: earliest + timedelta(hours=hours)),
        st.sampled_from([1, 3, 100]),
        st.sampled_from([EVERYTHING, NEWS]),
    )


moments = st.none() | st.integers(0, 60).map(lambda half_days: NOON + half_days * DAY / 2)
graphs = st.lists(st.tuples(moments, st.sampled_from(["", "a", "b", "ab", "ba", "abc", "dc"])), max_size=25)


@given(graphs, queries(NOON, 40))
@random_cases(1000)
def test_trends_equal_counting_anew(articles: list[tuple[datetime | None, str]], query: TrendQuery) -> None:
    snapshot = news(*articles)
    assert list(trending(snapshot, query)) == brute_force(snapshot, query)


@given(queries(datetime(2024, 1, 1, tzinfo=UTC), 600))
@random_cases(200)
def test_trends_of_the_seeds_equal_counting_anew(seeds: GraphSnapshot, query: TrendQuery) -> None:
    assert list(trending(seeds, query)) == brute_force(seeds, query)


@given(queries(datetime(2019, 10, 1, tzinfo=UTC), 720))
@random_cases(50)
@pytest.mark.thorough
def test_trends_of_the_corpus_equal_counting_anew(azure: GraphSnapshot, query: TrendQuery) -> None:
    assert list(trending(azure, query)) == brute_force(azure, query)

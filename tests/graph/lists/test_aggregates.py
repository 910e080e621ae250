"""Figures and groups of lists of articles, against the same counted over plain dicts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.building.merged_graph import MergeResult
from graph.building.snapshot import GraphSnapshot, build_snapshot
from graph.errors import FilterError, PageError, TimeError
from graph.lists.aggregates import (
    GROUP_LIMIT,
    ArticleAggregate,
    ArticleGroup,
    GroupKey,
    GroupQuery,
    NumberSummary,
    aggregate,
    group_by,
)
from graph.lists.timeline import FIRST_MOMENT, LAST_MOMENT, TimeInterval
from graph.model import Article, ArticleOrigin, EdgeKind, NodeKind, Person, Provider, Topic
from tests.cases import random_cases
from tests.edges import Edge, targets_of

NO_VALUES = NumberSummary(0, None, None, None, None)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def article(name: str, published: str | None = None, **fields: Any) -> Article:
    moment = utc(published) if published else None
    url = f"https://x.example/{name}"
    return Article(f"a_{name}", url, ArticleOrigin.DOCUMENT, name, published_date_time=moment, **fields)


@pytest.fixture
def world() -> GraphSnapshot:
    articles = [
        article("1", "2024-05-03T23:30", type="article", category="news", quality=3, heat=10),
        article("2", "2024-05-31T22:00", type="video", category="news", quality=-1),
        article("3", "2024-07-01", type="article", quality=0),
        article("4", heat=20, type="article"),
    ]
    edges = [
        *(Edge(source, "t_sea", EdgeKind.ABOUT, 1) for source in ("a_1", "a_2", "a_3")),
        Edge("a_1", "t_sky", EdgeKind.ABOUT, 2),
        Edge("a_1", "h_ann", EdgeKind.WRITTEN_BY, 1),
        Edge("a_1", "h_bo", EdgeKind.WRITTEN_BY, 2),
        Edge("a_2", "h_bo", EdgeKind.WRITTEN_BY, 1),
        Edge("a_1", "p_post", EdgeKind.PUBLISHED_BY, 1),
        Edge("a_2", "p_echo", EdgeKind.PUBLISHED_BY, 1),
    ]
    providers = [Provider("p_post", "post.example", "Post"), Provider("p_echo", "echo.example", "Echo")]
    topics = [Topic("t_sea", "sea", "Sea"), Topic("t_sky", "sky", "Sky"), Topic("t_ice", "ice", "Ice")]
    persons = [Person("h_ann", "ann", "Ann"), Person("h_bo", "bo", "Bo")]
    return build_snapshot(MergeResult(articles, providers, topics, targets_of(edges), persons=persons))


def groups(snapshot: GraphSnapshot, query: GroupQuery, names: str = "4321") -> list[tuple[str | None, str]]:
    """Each group's value, or the month and day it begins, and the names of its articles."""
    found = group_by(snapshot, [f"a_{name}" for name in names], query)
    return [
        (f"{group.start:%m-%d}" if group.start else group.value, "".join(found[2:] for found in group.articles))
        for group in found
    ]


def test_articles_are_summed_up(world: GraphSnapshot) -> None:
    assert aggregate(world, ["a_4", "a_2", "a_1"]) == ArticleAggregate(
        count=3,
        quality=NumberSummary(2, -1, 3, 2, 1.0),
        heat=NumberSummary(2, 10, 20, 30, 15.0),
        provider_count=2,
        topic_count=2,
        person_count=2,
        first_published=utc("2024-05-03T23:30"),
        last_published=utc("2024-05-31T22:00"),
    )


def test_figures_without_values_are_absent(world: GraphSnapshot) -> None:
    assert aggregate(world, []) == ArticleAggregate(0, NO_VALUES, NO_VALUES, 0, 0, 0, None, None)
    assert aggregate(world, ["a_4"]).quality == NO_VALUES


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (GroupKey.TOPIC, [("t_sea", "321"), ("t_sky", "1"), (None, "4")]),
        (GroupKey.PROVIDER, [("p_echo", "2"), ("p_post", "1"), (None, "43")]),
        (GroupKey.PERSON, [("h_bo", "21"), ("h_ann", "1"), (None, "43")]),
        (GroupKey.TYPE, [("article", "431"), ("video", "2")]),
        (GroupKey.CATEGORY, [("news", "21"), (None, "43")]),
        (GroupKey.DATE, [("05-01", "21"), ("07-01", "3"), (None, "4")]),
    ],
)
def test_articles_are_grouped(world: GraphSnapshot, key: GroupKey, expected: list[tuple[str | None, str]]) -> None:
    assert groups(world, GroupQuery(key)) == expected
    assert groups(world, GroupQuery(key, first=2)) == expected[:2]
    assert groups(world, GroupQuery(key), names="") == []


FRONT_MATTER: dict[str, dict[str, Any]] = {
    "1": {"series": "Hives", "part": 1, "seo": {"rank": 2.5, "tags": ["b", "a"]}},
    "2": {"series": ["Hives", "Summer"], "part": True, "seo": [{"rank": "high"}, {"rank": None}]},
    "3": {"Series": "hives", "part": {"b": 1, "a": []}, "seo.rank": 7},
    "4": {"series": None, "part": [], "seo": "rank"},
}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("series", [("Hives", "21"), ("Summer", "2"), ("hives", "3"), (None, "4")]),
        ("SERIES", [("Hives", "21"), ("Summer", "2"), ("hives", "3"), (None, "4")]),
        ("part", [("1", "1"), ("true", "2"), ('{"a":[],"b":1}', "3"), (None, "4")]),
        ("seo.rank", [("2.5", "1"), ("7", "3"), ("high", "2"), (None, "4")]),
        ("seo.tags", [("a", "1"), ("b", "1"), (None, "432")]),
        ("unknown", [(None, "4321")]),
    ],
)
def test_articles_are_grouped_by_front_matter(path: str, expected: list[tuple[str | None, str]]) -> None:
    snapshot = build_snapshot(MergeResult([article(name, front_matter=said) for name, said in FRONT_MATTER.items()]))
    assert groups(snapshot, GroupQuery(GroupKey.FRONT_MATTER, path=path)) == expected


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (GroupQuery(GroupKey.FRONT_MATTER), "need a `path`"),
        (GroupQuery(GroupKey.TOPIC, path="series"), "`path` is for groups by FRONT_MATTER"),
        (GroupQuery(GroupKey.DATE, path="series"), "`path` is for groups by FRONT_MATTER"),
        *((GroupQuery(GroupKey.FRONT_MATTER, path=path), "`path` must name keys") for path in ("", "a..b", "a" * 501)),
    ],
)
def test_a_path_that_does_not_fit_is_refused(world: GraphSnapshot, query: GroupQuery, message: str) -> None:
    with pytest.raises(FilterError, match=message):
        group_by(world, ["a_1"], query)


def test_groups_by_date_lie_in_the_calendar_of_the_time_zone(world: GraphSnapshot) -> None:
    query = GroupQuery(GroupKey.DATE, TimeInterval.DAY, "Europe/Berlin")
    assert groups(world, query) == [("05-03", "1"), ("05-31", "2"), ("06-30", "3"), (None, "4")]
    by_day = group_by(world, ["a_1", "a_2"], query)
    assert [(group.start, group.end) for group in by_day] == [
        (utc("2024-05-03T22:00"), utc("2024-05-04T22:00")),
        (utc("2024-05-31T22:00"), utc("2024-06-01T22:00")),
    ]


def test_dates_at_the_ends_of_the_calendar_have_groups() -> None:
    first, last = article("first"), article("last")
    dates = {first: FIRST_MOMENT, last: LAST_MOMENT}
    articles = [
        Article(one.id, one.url, one.origin, one.slug, published_date_time=moment) for one, moment in dates.items()
    ]
    snapshot = build_snapshot(MergeResult(articles))
    for interval in TimeInterval:
        found = group_by(snapshot, ["a_last", "a_first"], GroupQuery(GroupKey.DATE, interval, "America/New_York"))
        assert [group.articles for group in found] == [("a_first",), ("a_last",)]


@pytest.mark.parametrize("first", [0, -1, GROUP_LIMIT + 1])
def test_a_number_of_groups_out_of_range_is_refused(world: GraphSnapshot, first: int) -> None:
    with pytest.raises(PageError, match=f"`first` is {first}; it must be from 1 to 1,000"):
        group_by(world, [], GroupQuery(GroupKey.TOPIC, first=first))


def test_more_groups_than_can_be_answered_are_an_error_and_none_is_dropped_in_silence() -> None:
    day = datetime(2000, 1, 1, tzinfo=UTC)
    articles = [
        replace(article(f"n{number}"), published_date_time=day + timedelta(days=number))
        for number in range(GROUP_LIMIT + 1)
    ]
    snapshot = build_snapshot(MergeResult(articles))
    ids = [found.id for found in articles]
    daily = GroupQuery(GroupKey.DATE, TimeInterval.DAY)
    with pytest.raises(PageError, match="There are 1,001 groups, more than 1,000; choose a longer interval, or filter"):
        group_by(snapshot, ids, daily)
    assert len(group_by(snapshot, ids[1:], daily)) == GROUP_LIMIT
    assert len(group_by(snapshot, ids, replace(daily, first=3))) == 3
    assert sum(len(group.articles) for group in group_by(snapshot, ids, GroupQuery(GroupKey.DATE))) == len(ids)


def test_an_unknown_time_zone_is_refused(world: GraphSnapshot) -> None:
    with pytest.raises(TimeError, match="There is no time zone “Mars”"):
        group_by(world, [], GroupQuery(GroupKey.DATE, time_zone="Mars"))


def plain(snapshot: GraphSnapshot) -> dict[str, dict[str, Any]]:
    """The articles as dicts, read from the networkx graph."""
    found = {}
    for article_id, data in snapshot.digraph.nodes(data=True):
        if data["kind"] == NodeKind.ARTICLE.value:
            edges = [
                (target, edge["relation"]) for _, target, edge in snapshot.digraph.out_edges(article_id, data=True)
            ]
            found[article_id] = {
                name: getattr(snapshot.nodes[article_id], name)
                for name in ("quality", "heat", "type", "category", "language", "published_date_time")
            } | {
                "topics": {target for target, relation in edges if relation == "ABOUT"},
                "providers": {target for target, relation in edges if relation == "PUBLISHED_BY"},
                "persons": {target for target, relation in edges if relation == "WRITTEN_BY"},
            }
    return found


def expected_numbers(values: list[int]) -> NumberSummary:
    if not values:
        return NO_VALUES
    ordered = sorted(values)
    return NumberSummary(len(ordered), ordered[0], ordered[-1], sum(ordered), sum(ordered) / len(ordered))


def expected_aggregate(articles: dict[str, dict[str, Any]], ids: Sequence[str]) -> ArticleAggregate:
    chosen = [articles[article_id] for article_id in ids]
    dates = sorted(one["published_date_time"] for one in chosen if one["published_date_time"])
    return ArticleAggregate(
        count=len(ids),
        quality=expected_numbers([one["quality"] for one in chosen if one["quality"] is not None]),
        heat=expected_numbers([one["heat"] for one in chosen if one["heat"] is not None]),
        provider_count=len(set().union(*(one["providers"] for one in chosen))),
        topic_count=len(set().union(*(one["topics"] for one in chosen))),
        person_count=len(set().union(*(one["persons"] for one in chosen))),
        first_published=dates[0] if dates else None,
        last_published=dates[-1] if dates else None,
    )


MONTHS = {TimeInterval.MONTH: 1, TimeInterval.QUARTER: 3, TimeInterval.YEAR: 12}


def expected_span(moment: datetime | None, query: GroupQuery) -> tuple[datetime, datetime] | None:
    """The unit of the calendar, by the arithmetic of dates; only for zones that change their clocks by night."""
    if moment is None:
        return None
    zone = ZoneInfo(query.time_zone)
    local = moment.astimezone(zone)
    if query.interval is TimeInterval.HOUR:
        start = moment - timedelta(seconds=moment.timestamp() % 3600)
        return start, start + timedelta(hours=1)
    day = local.date()
    if query.interval in MONTHS:
        length = MONTHS[query.interval]
        month = day.year * 12 + (day.month - 1) // length * length
        days = [date(number // 12, number % 12 + 1, 1) for number in (month, month + length)]
    else:
        length = 7 if query.interval is TimeInterval.WEEK else 1
        start_of_unit = date.fromordinal((day.toordinal() - 1) // length * length + 1)  # the first day was a Monday
        days = [start_of_unit, start_of_unit + timedelta(days=length)]
    start, end = (datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC) for day in days)
    return start, end


def expected_groups(articles: dict[str, dict[str, Any]], ids: Sequence[str], query: GroupQuery) -> list[ArticleGroup]:
    def keys(one: dict[str, Any]) -> set[Any]:
        match query.key:
            case GroupKey.TOPIC:
                return one["topics"] or {None}
            case GroupKey.PROVIDER:
                return one["providers"] or {None}
            case GroupKey.PERSON:
                return one["persons"] or {None}
            case GroupKey.DATE:
                return {expected_span(one["published_date_time"], query)}
            case _:
                return {one[query.key.value.lower()]}

    values = set().union(*(keys(articles[found]) for found in ids))
    members = {value: tuple(found for found in ids if value in keys(articles[found])) for value in values}
    known = sorted(values - {None})
    if query.key is GroupKey.DATE:
        result = [ArticleGroup(None, start, end, members[start, end]) for start, end in known]
    else:
        known.sort(key=lambda value: len(members[value]), reverse=True)  # stable, so ties stay in order
        result = [ArticleGroup(value, None, None, members[value]) for value in known]
    if None in values:
        result.append(ArticleGroup(None, None, None, members[None]))
    return result[: query.first]


queries = st.builds(
    GroupQuery,
    st.sampled_from([key for key in GroupKey if key is not GroupKey.FRONT_MATTER]),
    st.sampled_from(TimeInterval),
    st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo"]),
    st.sampled_from([1, 2, 5, 100, 1_000]),
)


def check(
    snapshot: GraphSnapshot, articles: dict[str, dict[str, Any]], size: int, seed: int, query: GroupQuery
) -> None:
    ids = Random(seed).sample(sorted(articles), min(size, len(articles)))
    assert aggregate(snapshot, ids) == expected_aggregate(articles, ids)
    assert list(group_by(snapshot, ids, query)) == expected_groups(articles, ids, query)


@pytest.fixture(scope="session")
def plain_seeds(seeds: GraphSnapshot) -> dict[str, dict[str, Any]]:
    return plain(seeds)


@pytest.fixture(scope="session")
def plain_azure(azure: GraphSnapshot) -> dict[str, dict[str, Any]]:
    return plain(azure)


@given(size=st.integers(0, 60), seed=st.integers(0, 2**32), query=queries)
@random_cases(1000)
def test_figures_and_groups_equal_plain_counting_on_the_seeds(
    seeds: GraphSnapshot, plain_seeds: dict[str, dict[str, Any]], size: int, seed: int, query: GroupQuery
) -> None:
    check(seeds, plain_seeds, size, seed, query)


@given(size=st.integers(0, 300), seed=st.integers(0, 2**32), query=queries)
@random_cases(100)
@pytest.mark.thorough
def test_figures_and_groups_equal_plain_counting_on_the_corpus(
    azure: GraphSnapshot, plain_azure: dict[str, dict[str, Any]], size: int, seed: int, query: GroupQuery
) -> None:
    check(azure, plain_azure, size, seed, query)


@pytest.mark.thorough
def test_groups_of_the_whole_corpus_hold_what_networkx_says(azure: GraphSnapshot) -> None:
    ids = azure.ids[NodeKind.ARTICLE]
    for group in group_by(azure, ids, GroupQuery(GroupKey.PROVIDER, first=1_000)):
        if group.value is not None:
            assert set(group.articles) == set(azure.digraph.predecessors(group.value))
    assert aggregate(azure, ids).count == len(ids)

"""What is counted over whole lists: equal to what counting over all of their pages gives, whatever the filter."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cases import random_cases

Ask = Callable[..., dict[str, Any]]
Articles = dict[str, dict[str, Any]]

ARTICLE = "a_3fojh4lmgpkodwbd"
LISTS = {
    "ARTICLES": "articles(ARGUMENTS) { PARTS }",
    "OF_PROVIDER": 'provider(by: {domain: "harbourpost.example"}) { articles(ARGUMENTS) { PARTS } }',
    "OF_TOPIC": 'topic(by: {slug: "saltmarra"}) { articles(ARGUMENTS) { PARTS } }',
    "OF_STORY": 'node(id: "s_jp3z5xa6fepg2ind") { ... on Story { articles(ARGUMENTS) { PARTS } } }',
    "RELATED": 'article(by: {slug: "tidal-array-sends-its-first-power-ashore-at-ostrey"}) { related(ARGUMENTS) { PARTS } }',
    "RELATED_IN": 'article(by: {slug: "tidal-array-sends-its-first-power-ashore-at-ostrey"}) '
    "{ related(direction: IN, ARGUMENTS) { PARTS } }",
    "BY_TOPIC": f'node(id: "{ARTICLE}") {{ ... on Article {{ relatedByTopic(ARGUMENTS) {{ PARTS }} }} }}',
    "SIMILAR": f'node(id: "{ARTICLE}") {{ ... on Article {{ similar(ARGUMENTS) {{ PARTS }} }} }}',
    "BY_TOPICS": 'relatedByTopic(topics: ["Energy", "ferries", "AI"], ARGUMENTS) { PARTS }',
    "BY_ALL_TOPICS": 'relatedByTopic(topics: ["Energy", "Saltmarra"], match: ALL, ARGUMENTS) { PARTS }',
}
INTERVALS = ["HOUR", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR"]
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo", "Pacific/Auckland", "Asia/Kolkata"]
NUMBERS = "{ count min max avg sum }"
AGGREGATE = f"count quality {NUMBERS} heat {NUMBERS} providerCount topicCount firstPublished lastPublished"


@pytest.fixture(scope="module")
def articles(ask: Ask) -> Articles:
    """All articles with what can be counted, by id."""
    fields = "id quality heat type category publishedDateTime provider { id name } topics { id name }"
    nodes = ask(f"{{ articles(first: 100) {{ nodes {{ {fields} }} }} }}")["data"]["articles"]["nodes"]
    return {node["id"]: node for node in nodes}


def ask_list(
    ask: Ask, wanted: str, condition: object, parts: str, arguments: str = "", **variables: object
) -> dict[str, Any]:
    """The parts of the list that are asked for, and its `totalCount`."""
    place = LISTS[wanted].replace("ARGUMENTS", f"filter: $filter {arguments}").replace("PARTS", f"totalCount {parts}")
    types = {"filter": "ArticleFilter", "after": "String", "from": "DateTime", "to": "DateTime"}
    given = {"filter": condition, **variables}
    head = ", ".join(f"${name}: {types[name]}" for name in given)
    answer = ask(f"query ({head}) {{ {place} }}", given)
    assert "errors" not in answer
    found = answer["data"]
    while "totalCount" not in found:
        (found,) = found.values()
    return cast(dict[str, Any], found)


def members(ask: Ask, wanted: str, condition: object) -> list[str]:
    """The ids on all pages of the list."""
    ids: list[str] = []
    after = None
    while True:
        page = ask_list(
            ask,
            wanted,
            condition,
            "nodes { id } pageInfo { hasNextPage endCursor }",
            "first: 30, after: $after",
            after=after,
        )
        ids += [node["id"] for node in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            return ids
        after = page["pageInfo"]["endCursor"]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


# The same, counted naively.


def summary(values: Iterable[int | None]) -> dict[str, Any]:
    found = [value for value in values if value is not None]
    if not found:
        return {"count": 0, "min": None, "max": None, "avg": None, "sum": None}
    total = sum(found)
    return {"count": len(found), "min": min(found), "max": max(found), "avg": total / len(found), "sum": total}


def aggregate(members: list[dict[str, Any]]) -> dict[str, Any]:
    dates = sorted(member["publishedDateTime"] for member in members if member["publishedDateTime"])
    return {
        "count": len(members),
        "quality": summary(member["quality"] for member in members),
        "heat": summary(member["heat"] for member in members),
        "providerCount": len({member["provider"]["id"] for member in members if member["provider"]}),
        "topicCount": len({topic["id"] for member in members for topic in member["topics"]}),
        "firstPublished": dates[0] if dates else None,
        "lastPublished": dates[-1] if dates else None,
    }


def keys(member: dict[str, Any], key: str) -> list[tuple[str, str | None]]:
    """What the article is grouped by, each as what breaks ties and as what is shown."""
    if key == "TOPIC":
        return [(topic["id"], topic["name"]) for topic in member["topics"]] or [("", None)]
    if key == "PROVIDER":
        return [(member["provider"]["id"], member["provider"]["name"])] if member["provider"] else [("", None)]
    value = member[key.lower()]
    return [(value or "", value)]


def groups(members: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    found = defaultdict(list)
    for member in members:
        for group in keys(member, key):
            found[group].append(member)
    ordered = sorted(found.items(), key=lambda item: (item[0][1] is None, -len(item[1]), item[0][0]))
    return [{"key": shown, "count": len(inside), "aggregate": aggregate(inside)} for (_, shown), inside in ordered]


def unit(local: datetime, interval: str) -> tuple[date, int]:
    """The first day of the calendar's unit, and for HOUR the hour."""
    day = local.date()
    match interval:
        case "HOUR":
            return day, local.hour
        case "WEEK":
            return day - timedelta(days=day.weekday()), 0
        case "MONTH":
            return day.replace(day=1), 0
        case "QUARTER":
            return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1), 0
        case "YEAR":
            return day.replace(month=1, day=1), 0
    return day, 0


def buckets(moments: Iterable[datetime], interval: str, zone: str) -> dict[str, int]:
    """Start → count, of the units that hold something."""
    units = Counter(unit(moment.astimezone(ZoneInfo(zone)), interval) for moment in moments)
    return {
        (datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(zone)).astimezone(UTC)).strftime(
            "%Y-%m-%dT%H:%M:%SZ"
        ): count
        for (day, hour), count in sorted(units.items())
    }


# Conditions.

values: dict[str, st.SearchStrategy[object]] = {
    "quality": st.builds(lambda how, value: {how: value}, st.sampled_from(["lt", "gte", "eq"]), st.integers(0, 130)),
    "heat": st.sampled_from([{"isNull": True}, {"gt": 60}, {"isNull": False, "lt": 60}]),
    "title": st.builds(lambda word: {"contains": word, "ignoreCase": True}, st.sampled_from(["the", "tid", "a", "x"])),
    "type": st.sampled_from([{"eq": "video"}, {"in": ["article", "letter"]}]),
    "category": st.sampled_from([{"isNull": True}, {"eq": "news"}]),
    "publishedDateTime": st.builds(
        lambda how, year, month: {how: f"{year}-{month:02}-01"},
        st.sampled_from(["lt", "gte"]),
        st.integers(2023, 2025),
        st.integers(1, 12),
    ),
    "provider": st.sampled_from([{"name": {"startsWith": "B"}}, {"articles": {"count": {"gt": 7}}}, {"or": []}]),
    "topics": st.sampled_from(
        [{"some": {"slug": {"eq": "energy"}}}, {"none": {"slug": {"eq": "saltmarra"}}}, {"count": {"gte": 3}}]
    ),
    "related": st.sampled_from([{"count": {"gt": 3}}, {"every": {"quality": {"gt": 50}}}]),
    "story": st.sampled_from([{"articleCount": {"gt": 6}}, {"headline": {"contains": "ferry"}}]),
    "metrics": st.sampled_from([{"inDegree": {"gte": 2}}, {"pageRank": {"lt": 0.008}}, {"community": {"lte": 3}}]),
}
leaves = st.sampled_from(sorted(values)).flatmap(lambda name: values[name].map(lambda value: {name: value}))
conditions = st.none() | st.recursive(
    leaves,
    lambda children: st.one_of(
        children.map(lambda child: {"not": child}),
        st.lists(children, max_size=3).map(lambda found: {"and": found}),
        st.lists(children, min_size=1, max_size=3).map(lambda found: {"or": found}),
    ),
    max_leaves=4,
)
many = random_cases(200)


def test_aggregate_counts_the_whole_list(ask: Ask, articles: Articles) -> None:
    @many
    @given(st.sampled_from(sorted(LISTS)), conditions)
    def check(wanted: str, condition: object) -> None:
        found = [articles[node_id] for node_id in members(ask, wanted, condition)]
        answer = ask_list(ask, wanted, condition, f"aggregate {{ {AGGREGATE} }}", "first: 1")
        assert answer == {"aggregate": aggregate(found), "totalCount": len(found)}

    check()


def test_groups_hold_the_whole_list(ask: Ask, articles: Articles) -> None:
    @many
    @given(
        st.sampled_from(sorted(LISTS)),
        conditions,
        st.sampled_from(["TOPIC", "PROVIDER", "TYPE", "CATEGORY"]),
        st.sampled_from([1, 2, 100, 1000]),
    )
    def check(wanted: str, condition: object, key: str, first: int) -> None:
        found = [articles[node_id] for node_id in members(ask, wanted, condition)]
        parts = f"groupBy(key: {key}, first: {first}) {{ key count aggregate {{ {AGGREGATE} }} }}"
        answer = ask_list(ask, wanted, condition, parts, "last: 1")
        assert answer == {"groupBy": groups(found, key)[:first], "totalCount": len(found)}

    check()


def test_groups_by_date_hold_what_the_timeline_counts(ask: Ask, articles: Articles) -> None:
    @many
    @given(st.sampled_from(sorted(LISTS)), conditions, st.sampled_from(INTERVALS), st.sampled_from(ZONES))
    def check(wanted: str, condition: object, interval: str, zone: str) -> None:
        found = [articles[node_id] for node_id in members(ask, wanted, condition)]
        dates = [moment(member["publishedDateTime"]) for member in found if member["publishedDateTime"]]
        expected = buckets(dates, interval, zone)
        parts = f'groupBy(key: DATE, interval: {interval}, timeZone: "{zone}", first: 1000) {{ key start end count }}'
        by_date = ask_list(ask, wanted, condition, parts)["groupBy"]
        undated = len(found) - len(dates)
        if undated:
            assert by_date.pop() == {"key": None, "start": None, "end": None, "count": undated}
        assert {group["start"]: group["count"] for group in by_date} == expected
        assert all(group["key"] == group["start"] < group["end"] for group in by_date)
        if interval not in ("HOUR", "DAY"):
            parts = f'timeline(interval: {interval}, timeZone: "{zone}") {{ start end count }}'
            timeline = ask_list(ask, wanted, condition, parts)["timeline"]
            assert {bucket["start"]: bucket["count"] for bucket in timeline if bucket["count"]} == expected
            assert_without_gaps(timeline)
            assert all(timeline[end]["count"] for end in (0, -1) if timeline)

    check()


def test_timeline_between_bounds_counts_what_lies_between(ask: Ask, articles: Articles) -> None:
    days = st.integers(0, 900).map(lambda day: datetime(2023, 7, 1, tzinfo=UTC) + timedelta(days=day, minutes=day))

    @many
    @given(
        st.sampled_from(sorted(LISTS)),
        conditions,
        st.sampled_from(INTERVALS[1:]),
        st.sampled_from(ZONES),
        days,
        st.integers(0, 100),
    )
    def check(wanted: str, condition: object, interval: str, zone: str, start: datetime, length: int) -> None:
        end = start + timedelta(days=length, hours=length)
        found = [articles[node_id] for node_id in members(ask, wanted, condition)]
        dates = [moment(member["publishedDateTime"]) for member in found if member["publishedDateTime"]]
        inside = [found for found in dates if start <= found < end]
        parts = f'timeline(interval: {interval}, timeZone: "{zone}", from: $from, to: $to) {{ start end count }}'
        bounds = {"from": start.isoformat(), "to": end.isoformat()}
        timeline = ask_list(ask, wanted, condition, parts, **bounds)["timeline"]
        counted = {bucket["start"]: bucket["count"] for bucket in timeline if bucket["count"]}
        assert counted == buckets(inside, interval, zone)
        assert_without_gaps(timeline)
        assert bool(timeline) is (start < end)
        if timeline:
            assert moment(timeline[0]["start"]) <= start < moment(timeline[0]["end"])
            assert moment(timeline[-1]["start"]) < end <= moment(timeline[-1]["end"])

    check()


def assert_without_gaps(timeline: list[dict[str, Any]]) -> None:
    assert [bucket["end"] for bucket in timeline[:-1]] == [bucket["start"] for bucket in timeline[1:]]


@pytest.mark.parametrize(
    ("node", "wanted"),
    [
        ('provider(by: {domain: "harbourpost.example"})', "OF_PROVIDER"),
        ('topic(by: {slug: "saltmarra"})', "OF_TOPIC"),
        ('node(id: "s_jp3z5xa6fepg2ind")', "OF_STORY"),
    ],
)
def test_timeline_of_a_node_is_that_of_its_articles(ask: Ask, node: str, wanted: str) -> None:
    timeline = 'timeline(interval: WEEK, timeZone: "Europe/Berlin") { start end count }'
    kind = {"OF_PROVIDER": "Provider", "OF_TOPIC": "Topic", "OF_STORY": "Story"}[wanted]
    (own,) = ask(f"{{ {node} {{ ... on {kind} {{ {timeline} }} }} }}")["data"].values()
    assert own["timeline"] == ask_list(ask, wanted, None, timeline)["timeline"]
    assert sum(bucket["count"] for bucket in own["timeline"]) > 4


def test_page_arguments_change_nothing_that_is_counted(ask: Ask) -> None:
    parts = f"aggregate {{ {AGGREGATE} }} groupBy(key: TOPIC) {{ key count }} timeline {{ start count }}"
    for wanted in LISTS:
        answers = [ask_list(ask, wanted, {}, parts, page) for page in ("", "first: 0", "last: 2", "first: 100")]
        assert all(answer == answers[0] for answer in answers)
        assert answers[0]["totalCount"] == answers[0]["aggregate"]["count"] > 0

"""Aggregates over a list of articles: counts, sums and ranges of values, and groups."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from types import MappingProxyType
from typing import TypeAlias

import orjson

from graph.analysis.edges import targets
from graph.building.snapshot import GraphSnapshot
from graph.checkpoints import checked
from graph.errors import FilterError, PageError, check_range
from graph.lists.front_matter import values_at
from graph.lists.timeline import Span, TimeInterval, bucket_span, find_zone
from graph.model import Article, EdgeKind, JsonValue

GROUP_LIMIT = 1_000
"""The most groups in one answer."""


@dataclass(frozen=True, slots=True)
class NumberSummary:
    """The values of one field; articles without a value do not count."""

    count: int
    """How many articles have a value."""
    min: int | None
    """None where no article has a value, as in the fields below."""
    max: int | None
    sum: int | None
    avg: float | None


@dataclass(frozen=True, slots=True)
class ArticleAggregate:
    """The aggregates of a list of articles."""

    count: int
    quality: NumberSummary
    heat: NumberSummary
    provider_count: int
    """Distinct providers."""
    topic_count: int
    """Distinct topics."""
    person_count: int
    """Distinct authors."""
    first_published: datetime | None
    """None where no article has a date, as in the field below."""
    last_published: datetime | None


class GroupKey(Enum):
    """What the articles of a group have in common."""

    TOPIC = "TOPIC"
    PROVIDER = "PROVIDER"
    TYPE = "TYPE"
    CATEGORY = "CATEGORY"
    LANGUAGE = "LANGUAGE"
    DATE = "DATE"
    PERSON = "PERSON"
    FRONT_MATTER = "FRONT_MATTER"


@dataclass(frozen=True, slots=True)
class GroupQuery:
    """How articles are grouped."""

    key: GroupKey
    interval: TimeInterval = TimeInterval.MONTH
    """For groups by DATE only."""
    time_zone: str = "UTC"
    """A name from the IANA time zone database; for groups by DATE only."""
    first: int | None = None
    """The most groups to answer, 1 to `GROUP_LIMIT`; None for all."""
    path: str | None = None
    """For groups by FRONT_MATTER only, and needed there: where the values stand, as `graph.lists.front_matter` reads it."""


@dataclass(frozen=True, slots=True)
class ArticleGroup:
    """Articles with the same value, or published in the same calendar interval."""

    value: str | None
    """The id of a topic, provider or person, the type, category or language, or a value of front matter (JSON, unless it is a text); None
    for articles without one, and by DATE."""
    start: datetime | None
    """By DATE, the start of the interval; None for articles without a date, and by other keys."""
    end: datetime | None
    """Its end, exclusive; None as `start` is."""
    articles: tuple[str, ...]
    """Ids, in the order in which they were given."""


def aggregate(snapshot: GraphSnapshot, article_ids: Sequence[str]) -> ArticleAggregate:
    """The aggregates of these articles; each id must be given once.

    Cost: linear in the articles and their topics.
    """
    articles = _articles(snapshot, article_ids)
    dates = [date for article in articles if (date := article.published_date_time) is not None]
    return ArticleAggregate(
        count=len(articles),
        quality=_summary(article.quality for article in articles),
        heat=_summary(article.heat for article in articles),
        provider_count=_distinct(snapshot, EdgeKind.PUBLISHED_BY, article_ids),
        topic_count=_distinct(snapshot, EdgeKind.ABOUT, article_ids),
        person_count=_distinct(snapshot, EdgeKind.WRITTEN_BY, article_ids),
        first_published=min(dates, default=None),
        last_published=max(dates, default=None),
    )


def _articles(snapshot: GraphSnapshot, article_ids: Iterable[str]) -> list[Article]:
    nodes = (snapshot.nodes[article_id] for article_id in checked(article_ids))
    return [node for node in nodes if isinstance(node, Article)]


def _summary(values: Iterable[int | None]) -> NumberSummary:
    found = [value for value in values if value is not None]
    if not found:
        return NumberSummary(0, None, None, None, None)
    total = sum(found)
    return NumberSummary(len(found), min(found), max(found), total, total / len(found))


def _distinct(snapshot: GraphSnapshot, kind: EdgeKind, article_ids: Iterable[str]) -> int:
    return len({found for article_id in checked(article_ids) for found in targets(snapshot, kind, article_id)})


def group_by(snapshot: GraphSnapshot, article_ids: Sequence[str], query: GroupQuery) -> tuple[ArticleGroup, ...]:
    """The articles in groups, none empty; each id must be given once, and counts in the group of each of its topics, authors or values.

    The largest group first, ties by value; by DATE in chronological order. Articles without a value form the last
    group.

    Raises:
        PageError: `first` is out of range, or it is None and there are more than `GROUP_LIMIT` groups.
        TimeError: the time zone is unknown.
        FilterError: there is no path for groups by FRONT_MATTER or one for others, or it is none.

    Cost: linear in the articles and their topics; by DATE, sorting the dates as well.
    """
    if query.first is not None:
        check_range(PageError, "first", query.first, 1, GROUP_LIMIT)
    _check_path(query)
    articles = _articles(snapshot, article_ids)
    if query.key is GroupKey.DATE:
        groups = _groups_by_date(articles, query)
    else:
        groups = _groups_by_value(snapshot, articles, _values(query))
    if query.first is None and len(groups) > GROUP_LIMIT:
        advice = "choose a longer interval" if query.key is GroupKey.DATE else "ask for the `first` of them"
        raise PageError(f"There are {len(groups):,} groups, more than {GROUP_LIMIT:,}; {advice}, or filter.")
    return tuple(groups[: query.first])


_Values: TypeAlias = Callable[[GraphSnapshot, Article], Sequence[str | None]]
_VALUES: Mapping[GroupKey, _Values] = MappingProxyType(
    {
        GroupKey.TOPIC: lambda snapshot, article: targets(snapshot, EdgeKind.ABOUT, article.id) or (None,),
        GroupKey.PROVIDER: lambda snapshot, article: targets(snapshot, EdgeKind.PUBLISHED_BY, article.id) or (None,),
        GroupKey.PERSON: lambda snapshot, article: targets(snapshot, EdgeKind.WRITTEN_BY, article.id) or (None,),
        GroupKey.TYPE: lambda _, article: (article.type,),
        GroupKey.CATEGORY: lambda _, article: (article.category,),
        GroupKey.LANGUAGE: lambda _, article: (article.language,),
    }
)


def _check_path(query: GroupQuery) -> None:
    if query.key is GroupKey.FRONT_MATTER and query.path is None:
        raise FilterError("Groups by FRONT_MATTER need a `path`: the key that the articles are grouped by.")
    if query.key is not GroupKey.FRONT_MATTER and query.path is not None:
        raise FilterError("`path` is for groups by FRONT_MATTER; leave it out.")


def _values(query: GroupQuery) -> _Values:
    """A function that reads by which values an article is grouped."""
    if query.path is None:
        return _VALUES[query.key]
    found = values_at(query.path)
    return lambda _, article: tuple(dict.fromkeys(map(_text, found(article.front_matter)))) or (None,)


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def _groups_by_value(snapshot: GraphSnapshot, articles: Iterable[Article], values: _Values) -> list[ArticleGroup]:
    members: dict[str | None, list[str]] = defaultdict(list)
    for article in checked(articles):
        for value in values(snapshot, article):
            members[value].append(article.id)
    groups = [ArticleGroup(value, None, None, tuple(ids)) for value, ids in members.items()]
    return sorted(groups, key=lambda group: (group.value is None, -len(group.articles), group.value or ""))


def _groups_by_date(articles: Sequence[Article], query: GroupQuery) -> list[ArticleGroup]:
    spans = _spans_by_date((article.published_date_time for article in articles), query)
    members: dict[Span, list[str]] = {span: [] for span in spans.values()}
    undated: list[str] = []
    for article in checked(articles):
        date = article.published_date_time
        (undated if date is None else members[spans[date]]).append(article.id)
    groups = [ArticleGroup(None, *span, tuple(ids)) for span, ids in members.items()]
    return [*groups, ArticleGroup(None, None, None, tuple(undated))] if undated else groups


def _spans_by_date(dates: Iterable[datetime | None], query: GroupQuery) -> dict[datetime, Span]:
    """The calendar interval that holds each date, in chronological order."""
    zone = find_zone(query.time_zone)
    spans: dict[datetime, Span] = {}
    span: Span | None = None
    for date in checked(sorted({date for date in dates if date is not None})):
        if span is None or date >= span.end:
            span = bucket_span(date, query.interval, zone)
        spans[date] = span
    return spans

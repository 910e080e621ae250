"""Trends: the topics, providers and stories with more articles lately than their recent past lets one expect."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from math import sqrt
from types import MappingProxyType
from typing import TypeAlias

from graph.analysis.edges import targets
from graph.analysis.stories import stories
from graph.building.derived import once_per_snapshot
from graph.building.snapshot import GraphSnapshot
from graph.checkpoints import checked
from graph.errors import FilterError, PageError, check_range
from graph.lists.filters import EVERYTHING, Filter, compile_filter
from graph.lists.timeline import FIRST_MOMENT, LAST_MOMENT
from graph.model import Article, EdgeKind, NodeKind

PREVIOUS_WINDOWS = 4
"""How many windows before the current one form the baseline."""
TREND_LIMIT = 100
"""The most trends in one answer."""


class TrendWindow(Enum):
    """A length of time: 1, 7, 30 or 91 days of 24 hours."""

    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"
    QUARTER = "QUARTER"


_LENGTHS: Mapping[TrendWindow, timedelta] = MappingProxyType(
    {
        TrendWindow.DAY: timedelta(days=1),
        TrendWindow.WEEK: timedelta(days=7),
        TrendWindow.MONTH: timedelta(days=30),
        TrendWindow.QUARTER: timedelta(days=91),
    }
)

_EDGES: Mapping[NodeKind, EdgeKind] = MappingProxyType(
    {NodeKind.TOPIC: EdgeKind.ABOUT, NodeKind.PROVIDER: EdgeKind.PUBLISHED_BY}
)
_Counted: TypeAlias = Callable[[str], Iterable[str]]


@dataclass(frozen=True, slots=True)
class TrendQuery:
    """The window, and the articles that count."""

    kind: NodeKind
    """TOPIC, PROVIDER or STORY."""
    window: TrendWindow
    until: datetime | None = None
    """The window's end, exclusive, in UTC; later articles do not count. None for just after the latest article."""
    first: int = 10
    """The most trends to answer, 1 to `TREND_LIMIT`."""
    filter: Filter = EVERYTHING
    """Which articles count."""


@dataclass(frozen=True, slots=True)
class Trend:
    """A topic, provider or story with more articles than expected."""

    node_id: str
    score: float
    """Above 0."""
    count: int
    """Articles in the window, at least 1."""
    previous_counts: tuple[int, ...]
    """Articles in each of the `PREVIOUS_WINDOWS` windows before it, the latest first."""


def trending(snapshot: GraphSnapshot, query: TrendQuery) -> tuple[Trend, ...]:
    """The nodes with more articles than the windows before let one expect: by descending score and count, then by id.

    The score is (count - mean) / √(mean + 1), where mean is the average of the previous counts: how many standard
    deviations the count lies above its expectation if articles arrive independently (Poisson: the variance is the
    mean). The 1 keeps a single article about something new below a real surge.

    Raises:
        FilterError: the filter does not fit articles, or the kind is none of TOPIC, PROVIDER and STORY.
        PageError: `first` is out of range.

    Cost: linear in the articles of the five windows; on first use, sorting all articles.
    """
    counted = _counted(snapshot, query.kind)
    check_range(PageError, "first", query.first, 1, TREND_LIMIT)
    counts: dict[str, list[int]] = defaultdict(lambda: [0] * (1 + PREVIOUS_WINDOWS))
    passes = compile_filter(snapshot, Article, query.filter)
    for index, article in checked(_recent(snapshot, query)):
        if passes(article):
            for node_id in counted(article.id):
                counts[node_id][index] += 1
    trends = (_trend(node_id, *found) for node_id, found in counts.items())
    rising = sorted((trend for trend in trends if trend.score > 0), key=lambda t: (-t.score, -t.count, t.node_id))
    return tuple(rising[: query.first])


def _counted(snapshot: GraphSnapshot, kind: NodeKind) -> _Counted:
    """A function that names the nodes for which an article counts."""
    if kind is NodeKind.STORY:
        story_of = stories(snapshot).by_article
        return lambda article_id: (story_of[article_id],) if article_id in story_of else ()
    edge = _EDGES.get(kind)
    if edge is None:
        raise FilterError(f"There are no trends of kind {kind.value}; ask for TOPIC, PROVIDER or STORY.")
    return lambda article_id: targets(snapshot, edge, article_id)


def _trend(node_id: str, count: int, *previous_counts: int) -> Trend:
    mean = sum(previous_counts) / PREVIOUS_WINDOWS
    return Trend(node_id, round((count - mean) / sqrt(mean + 1), 9), count, previous_counts)


def _recent(snapshot: GraphSnapshot, query: TrendQuery) -> Iterable[tuple[int, Article]]:
    """The articles of all windows, each with its window's number: 0 for the current window, 1 for the one before it."""
    dates, articles = _dated(snapshot)
    until = query.until or (_just_after(dates[-1]) if dates else FIRST_MOMENT)
    length = _LENGTHS[query.window]
    start = until - min(length * (1 + PREVIOUS_WINDOWS), until - FIRST_MOMENT)
    for place in range(bisect_left(dates, start), bisect_left(dates, until)):
        # The difference is negative and division rounds down: -1 for the current window, which `~` turns into 0.
        yield ~((dates[place] - until) // length), articles[place]


def _just_after(moment: datetime) -> datetime:
    return min(moment, LAST_MOMENT - datetime.resolution) + datetime.resolution


@once_per_snapshot
def _dated(snapshot: GraphSnapshot) -> tuple[Sequence[datetime], Sequence[Article]]:
    """The dates of all dated articles, and those articles, both in chronological order."""
    nodes = (snapshot.nodes[article_id] for article_id in snapshot.ids[NodeKind.ARTICLE])
    dated = [
        (node.published_date_time, node.id, node)
        for node in nodes
        if isinstance(node, Article) and node.published_date_time is not None
    ]
    dated.sort(key=lambda entry: entry[:2])
    return tuple(date for date, _, _ in dated), tuple(article for _, _, article in dated)

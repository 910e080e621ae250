"""Timelines: moments counted by hour, day, week, month, quarter or year, by the calendar of a time zone.

A bucket begins at the first moment when clocks in the zone show the start of its calendar unit or a later time, and
ends where the next one begins. So buckets neither overlap nor leave gaps; a day that a zone skipped (Samoa did, in
2011) has no bucket, and a local time that clocks show twice around midnight belongs to the later day.

An hour is an hour on the clock without a change of the offset from UTC: the hour that is repeated in autumn makes two
buckets, and a change within an hour cuts it in two.

All moments are in UTC, from year 1 to 9999. Those whose local time lies outside those years belong to the first or the
last bucket; the very last bucket also holds its own end, the last moment that a `datetime` can hold.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cache, lru_cache
from importlib.resources import files
from itertools import accumulate
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import ZoneInfo

from graph.checkpoints import checkpoint
from graph.errors import TimeError
from graph.problems import quote

BUCKET_LIMIT = 1_000
"""The most buckets in one timeline."""
FIRST_MOMENT = datetime.min.replace(tzinfo=UTC)
LAST_MOMENT = datetime.max.replace(tzinfo=UTC)
_LAST_BUT_ONE = LAST_MOMENT - datetime.resolution


class TimeInterval(Enum):
    """A calendar unit. Weeks begin on Monday, quarters in January, April, July and October."""

    HOUR = "HOUR"
    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"
    QUARTER = "QUARTER"
    YEAR = "YEAR"


_LONGEST: Mapping[TimeInterval, timedelta] = MappingProxyType(
    {
        TimeInterval.HOUR: timedelta(hours=1),
        TimeInterval.DAY: timedelta(days=1),
        TimeInterval.WEEK: timedelta(days=7),
        TimeInterval.MONTH: timedelta(days=31),
        TimeInterval.QUARTER: timedelta(days=92),
        TimeInterval.YEAR: timedelta(days=366),
    }
)
"""How long each calendar unit can be."""


@dataclass(frozen=True, slots=True)
class TimelineQuery:
    """The buckets and the bounds of a timeline."""

    interval: TimeInterval
    time_zone: str = "UTC"
    """A name from the IANA time zone database."""
    start: datetime | None = None
    """Moments before it are not counted; None to begin at the first moment given."""
    end: datetime | None = None
    """It and the moments after it are not counted; None to end at the last moment given."""
    is_running_total: bool = False
    """Whether each bucket counts the moments before it too, those before `start` among them."""


@dataclass(frozen=True, slots=True)
class TimeBucket:
    """How many moments lie in [start, end), or before `end` in a running total."""

    start: datetime
    end: datetime
    count: int


class Span(NamedTuple):
    """An interval of time, [start, end)."""

    start: datetime
    end: datetime


def timeline(moments: Iterable[datetime], query: TimelineQuery) -> tuple[TimeBucket, ...]:
    """The buckets in chronological order without gaps, empty ones included.

    Buckets are whole units, though only moments within the bounds are counted: the first bucket holds `start` or,
    without one, the first moment; the last holds the last moment before `end` or, without one, the last moment. There
    is no bucket if a bound is missing and nothing is counted, or if the bounds are equal.

    Raises:
        TimeError: the zone is unknown, the end is before the start, or there would be more than `BUCKET_LIMIT` buckets.

    Cost: for each moment, logarithmic in the buckets.
    """
    zone = find_zone(query.time_zone)
    moments = list(moments)
    counted = _within(moments, query)
    first = min(counted, default=None) if query.start is None else query.start
    last = max(counted, default=None) if query.end is None else _shifted(query.end, -datetime.resolution)
    if first is None or last is None or first == query.end:
        return ()
    spans = _spans(first, last, query.interval, zone)
    starts = [span.start for span in spans]
    counts = Counter(bisect_right(starts, moment) - 1 for moment in counted)
    sizes = [counts[index] for index in range(len(spans))]
    if query.is_running_total:
        sizes[0] += sum(moment < query.start for moment in moments) if query.start else 0
        sizes = list(accumulate(sizes))
    return tuple(TimeBucket(*span, size) for span, size in zip(spans, sizes, strict=True))


def find_zone(name: str) -> ZoneInfo:
    """The time zone of that name.

    Raises:
        TimeError: the IANA time zone database has no such zone.
    """
    if name not in _zone_names():
        message = f"There is no time zone {quote(name)}; name one as the IANA database does: Europe/Berlin, or UTC."
        raise TimeError(message)
    return ZoneInfo(name)


@cache
def _zone_names() -> frozenset[str]:
    """The names in the tzdata package: the system's folder has others too, such as `localtime`, which vary."""
    return frozenset(files("tzdata").joinpath("zones").read_text(encoding="utf-8").split())


def _within(moments: Iterable[datetime], query: TimelineQuery) -> list[datetime]:
    start, end = query.start or FIRST_MOMENT, query.end
    if end is None:
        return [moment for moment in moments if moment >= start]
    if end < start:
        message = (
            f"The time asked for ends at {end.isoformat()}, before it starts at {start.isoformat()}; exchange the two."
        )
        raise TimeError(message)
    return [moment for moment in moments if start <= moment < end]


def _spans(first: datetime, last: datetime, interval: TimeInterval, zone: ZoneInfo) -> Sequence[Span]:
    """All buckets from the one that holds `first` to the one that holds `last`."""
    spans = [bucket_span(first, interval, zone)]
    while spans[-1].end <= min(last, _LAST_BUT_ONE):
        if len(spans) == BUCKET_LIMIT:
            raise _too_many(first, last, interval)
        checkpoint()
        spans.append(bucket_span(spans[-1].end, interval, zone))
    return spans


def _too_many(first: datetime, last: datetime, interval: TimeInterval) -> TimeError:
    about = max(BUCKET_LIMIT + 1, (last - first) // _LONGEST[interval])
    return TimeError(
        f"From {first.date()} to {last.date()}, by {interval.value}, there are about {about:,} buckets; "
        f"the limit is {BUCKET_LIMIT:,}. Choose a longer interval or less time."
    )


def bucket_span(moment: datetime, interval: TimeInterval, zone: ZoneInfo) -> Span:
    """The bucket that holds the moment."""
    moment = min(moment, _LAST_BUT_ONE)
    if interval is TimeInterval.HOUR:
        return _hour(moment, zone)
    unit = _unit_start(_shifted(moment, _offset(moment, zone)), interval)
    following = _next_unit(unit, interval)
    span = Span(_first_showing(unit, zone), _first_showing(following, zone))
    if span.end <= moment:  # clocks were put back over midnight, so they show a date again whose bucket has ended
        return Span(span.end, _first_showing(_next_unit(following, interval), zone))
    return span


def _hour(moment: datetime, zone: ZoneInfo) -> Span:
    offset, hour = _offset(moment, zone), timedelta(hours=1)
    past = (moment - FIRST_MOMENT + offset) % hour
    start, end = _shifted(moment, -past), _shifted(moment, hour - past)
    if _offset(start, zone) != offset:
        start = _offset_change(start, moment, zone)
    if _offset(end - datetime.resolution, zone) != offset:
        end = _offset_change(moment, end, zone)
    return Span(start, end)


def _unit_start(local: datetime, interval: TimeInterval) -> datetime:
    """The midnight at which the day, week, month, quarter or year begins.

    Here and below, local times are written as if they were UTC, for calendar arithmetic in which no clock changes.
    """
    day = local.replace(hour=0, minute=0, second=0, microsecond=0)
    match interval:
        case TimeInterval.WEEK:
            return day - timedelta(days=day.weekday())
        case TimeInterval.MONTH:
            return day.replace(day=1)
        case TimeInterval.QUARTER:
            return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
        case TimeInterval.YEAR:
            return day.replace(month=1, day=1)
    return day


def _next_unit(unit: datetime, interval: TimeInterval) -> datetime:
    beyond = _shifted(unit, _LONGEST[interval])
    return beyond if beyond == LAST_MOMENT else _unit_start(beyond, interval)


@lru_cache(maxsize=8 * BUCKET_LIMIT)  # adjacent buckets share a boundary; timelines of the same span share them all
def _first_showing(local: datetime, zone: ZoneInfo) -> datetime:
    """The first moment at which clocks in the zone show this local time or a later one."""
    if local in (FIRST_MOMENT, LAST_MOMENT):
        return local
    clock = local.replace(tzinfo=zone)
    before, after = _offset_of(clock), _offset_of(clock.replace(fold=1))
    moment = _shifted(local, -before)
    if after <= before:
        return moment
    return _offset_change(_shifted(local, -after), moment, zone)  # clocks were put forward and skipped it


def _offset_change(early: datetime, late: datetime, zone: ZoneInfo) -> datetime:
    """The first moment after `early`, up to `late`, with another offset; exactly one change must lie between them."""
    offset, second = _offset(early, zone), timedelta(seconds=1)
    early = early.replace(microsecond=0)  # clocks change at full seconds
    while late - early >= 2 * second:
        middle = early + (late - early) // second // 2 * second
        if _offset(middle, zone) == offset:
            early = middle
        else:
            late = middle
    return early + second


_SAFE = timedelta(days=2)
"""At this distance from the ends of the calendar, a moment has a local time in every zone."""


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    """Local time minus UTC."""
    return _offset_of(min(max(moment, FIRST_MOMENT + _SAFE), LAST_MOMENT - _SAFE).astimezone(zone))


def _offset_of(clock: datetime) -> timedelta:
    offset = clock.utcoffset()
    assert offset is not None  # every zone of the database has one at every time
    return offset


def _shifted(moment: datetime, by: timedelta) -> datetime:
    """`moment + by`, or the first or last moment there is."""
    try:
        return moment + by
    except OverflowError:
        return FIRST_MOMENT if by < timedelta(0) else LAST_MOMENT

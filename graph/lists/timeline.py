"""Moments counted by hours, days, weeks, months, quarters or years of the calendar of a time zone.

A bucket begins with the first moment at which the zone's clocks show the beginning of the calendar unit or a later
time, and ends where the next one begins. So buckets neither overlap nor leave gaps, a day that the calendar skips has
none, and time that clocks show twice around midnight belongs to the later day.

An hour is one on the clock between two changes of the offset from UTC: the repeated hour of autumn gives two buckets,
and a change within an hour cuts it in two.

All moments are in UTC, of the years 1 to 9999. Those that have another year in local time belong to the first or the
last bucket there is, and the last one holds the last moment, at which it ends.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import ZoneInfo

from graph.errors import TimeError
from graph.problems import quote

BUCKET_LIMIT = 1_000
"""Buckets of one timeline."""
FIRST_MOMENT = datetime.min.replace(tzinfo=UTC)
LAST_MOMENT = datetime.max.replace(tzinfo=UTC)
_LAST_BUT_ONE = LAST_MOMENT - datetime.resolution


class TimeInterval(Enum):
    """How long a bucket is, by the calendar. Weeks begin on Monday, quarters in January, April, July and October."""

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
"""The longest unit of each kind in the calendar."""


@dataclass(frozen=True, slots=True)
class TimelineQuery:
    """What a timeline is asked for."""

    interval: TimeInterval
    time_zone: str = "UTC"
    """A name of the IANA time zone database."""
    start: datetime | None = None
    """Earlier moments are not counted; None: begin with the first moment there is."""
    end: datetime | None = None
    """This moment and later ones are not counted; None: end with the last moment there is."""


@dataclass(frozen=True, slots=True)
class TimeBucket:
    """How many moments lie in a piece of the calendar, [start, end)."""

    start: datetime
    end: datetime
    count: int


class Span(NamedTuple):
    """A piece of time, [start, end)."""

    start: datetime
    end: datetime


def timeline(moments: Iterable[datetime], query: TimelineQuery) -> tuple[TimeBucket, ...]:
    """The calendar's buckets in order without gaps, those that hold nothing with 0; the sum is what was counted.

    They are whole buckets: the first one holds the first moment that counts or the `start` asked for, the last one the
    last that counts or the last moment before the `end` asked for. Moments outside of the bounds are not counted, even
    where they lie in one of these two. No bucket if nothing counts and a bound is missing, or if the bounds are equal.

    Raises:
        TimeError: the zone is unknown, the end is before the start, or there would be more than `BUCKET_LIMIT` buckets.

    Cost: moments by the logarithm of buckets.
    """
    zone = find_zone(query.time_zone)
    counted = _within(moments, query)
    first = min(counted, default=None) if query.start is None else query.start
    last = max(counted, default=None) if query.end is None else _shifted(query.end, -datetime.resolution)
    if first is None or last is None or first == query.end:
        return ()
    spans = _spans(first, last, query.interval, zone)
    starts = [span.start for span in spans]
    counts = Counter(bisect_right(starts, moment) - 1 for moment in counted)
    return tuple(TimeBucket(*span, counts[index]) for index, span in enumerate(spans))


def find_zone(name: str) -> ZoneInfo:
    """The time zone of that name.

    Raises:
        TimeError: the IANA time zone database does not hold it.
    """
    if name not in _zone_names():
        message = f"There is no time zone {quote(name)}; name one as the IANA database does: Europe/Berlin, or UTC."
        raise TimeError(message)
    return ZoneInfo(name)


@cache
def _zone_names() -> frozenset[str]:
    """The database's own list: what else the machine's folder of zones holds (`localtime`) differs between machines."""
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
    """All the buckets from the one that holds `first` to the one that holds `last`."""
    spans = [bucket_span(first, interval, zone)]
    while spans[-1].end <= min(last, _LAST_BUT_ONE):
        if len(spans) == BUCKET_LIMIT:
            raise _too_many(first, last, interval)
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
    if span.end <= moment:  # the clocks, put back over midnight, show a date again that had ended
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
    """The midnight with which the day, week, month, quarter or year begins.

    Here and below, local times are kept as if they were UTC: calendar arithmetic without changes of the clocks.
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


@lru_cache(maxsize=8 * BUCKET_LIMIT)  # neighboring buckets share a boundary, timelines of one span all of them
def _first_showing(local: datetime, zone: ZoneInfo) -> datetime:
    """The first moment at which clocks in the zone show this local time or a later one."""
    if local in (FIRST_MOMENT, LAST_MOMENT):
        return local
    clock = local.replace(tzinfo=zone)
    before, after = _offset_of(clock), _offset_of(clock.replace(fold=1))
    moment = _shifted(local, -before)
    if after <= before:
        return moment
    return _offset_change(_shifted(local, -after), moment, zone)  # clocks were put forward over it


def _offset_change(early: datetime, late: datetime, zone: ZoneInfo) -> datetime:
    """The first moment after `early`, up to `late`, with another offset; there is one change between the two."""
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
"""So far from the ends of the calendar, a moment has a local time in every zone."""


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    """Local time minus UTC."""
    return _offset_of(min(max(moment, FIRST_MOMENT + _SAFE), LAST_MOMENT - _SAFE).astimezone(zone))


def _offset_of(clock: datetime) -> timedelta:
    offset = clock.utcoffset()
    assert offset is not None  # every zone of the database has one at every time
    return offset


def _shifted(moment: datetime, by: timedelta) -> datetime:
    """The moment later by so much, or the first or last one there is."""
    try:
        return moment + by
    except OverflowError:
        return FIRST_MOMENT if by < timedelta(0) else LAST_MOMENT

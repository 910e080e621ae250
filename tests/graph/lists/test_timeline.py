"""Timelines: against a scan of the clocks every quarter of an hour, and at the ends of the calendar."""

from bisect import bisect_right
from collections.abc import Hashable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import TimeError
from graph.lists.timeline import (
    BUCKET_LIMIT,
    FIRST_MOMENT,
    LAST_MOMENT,
    TimeBucket,
    TimeInterval,
    TimelineQuery,
    bucket_span,
    find_zone,
    timeline,
)
from tests.cases import random_cases

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kathmandu",  # + 5:45
    "Australia/Lord_Howe",  # half an hour of summer time
    "Pacific/Apia",  # 30 December 2011 did not take place
    "Africa/Cairo",  # the clocks change at midnight
    "America/Havana",  # and here back to midnight
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(bucket: TimeBucket, zone: str) -> str:
    return f"{bucket.start.astimezone(ZoneInfo(zone)).isoformat(' ', 'minutes')} {bucket.end - bucket.start}"


def buckets(zone: str, interval: TimeInterval, first: str, last: str) -> list[str]:
    """From the moment to the moment, both in the zone's time: each bucket's start there, and its length."""
    moments = [datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) for text in (first, last)]
    return [local(bucket, zone) for bucket in timeline(moments, TimelineQuery(interval, zone))]


def test_every_bucket_between_the_first_and_the_last_moment_is_there() -> None:
    moments = [utc("2024-03-31T23:59:59.999999"), utc("2024-01-31"), utc("2024-01-01"), utc("2024-04-01")]
    assert timeline(moments, TimelineQuery(TimeInterval.MONTH)) == (
        TimeBucket(utc("2024-01-01"), utc("2024-02-01"), 2),
        TimeBucket(utc("2024-02-01"), utc("2024-03-01"), 0),
        TimeBucket(utc("2024-03-01"), utc("2024-04-01"), 1),
        TimeBucket(utc("2024-04-01"), utc("2024-05-01"), 1),
    )


@pytest.mark.parametrize(
    ("interval", "start", "end"),
    [
        (TimeInterval.HOUR, "2024-08-15T13:00", "2024-08-15T14:00"),
        (TimeInterval.DAY, "2024-08-15", "2024-08-16"),
        (TimeInterval.WEEK, "2024-08-12", "2024-08-19"),  # a Monday
        (TimeInterval.MONTH, "2024-08-01", "2024-09-01"),
        (TimeInterval.QUARTER, "2024-07-01", "2024-10-01"),
        (TimeInterval.YEAR, "2024-01-01", "2025-01-01"),
    ],
)
def test_a_bucket_is_a_unit_of_the_calendar(interval: TimeInterval, start: str, end: str) -> None:
    bucket = TimeBucket(utc(start), utc(end), 1)
    assert timeline([utc("2024-08-15T13:30")], TimelineQuery(interval)) == (bucket,)


def test_days_of_changing_clocks_are_shorter_or_longer() -> None:
    assert buckets("Europe/Berlin", TimeInterval.DAY, "2024-03-30 12:00", "2024-04-01 00:00") == [
        "2024-03-30 00:00+01:00 1 day, 0:00:00",
        "2024-03-31 00:00+01:00 23:00:00",
        "2024-04-01 00:00+02:00 1 day, 0:00:00",
    ]
    assert buckets("Europe/Berlin", TimeInterval.DAY, "2024-10-27 00:00", "2024-10-27 23:59") == [
        "2024-10-27 00:00+02:00 1 day, 1:00:00",
    ]


def test_the_repeated_hour_gives_two_buckets() -> None:
    assert buckets("Europe/Berlin", TimeInterval.HOUR, "2024-10-27 01:30", "2024-10-27 03:00") == [
        "2024-10-27 01:00+02:00 1:00:00",
        "2024-10-27 02:00+02:00 1:00:00",
        "2024-10-27 02:00+01:00 1:00:00",
        "2024-10-27 03:00+01:00 1:00:00",
    ]


def test_hours_begin_where_the_zone_s_clocks_show_a_full_hour() -> None:
    assert timeline([utc("2024-05-03T09:14:59")], TimelineQuery(TimeInterval.HOUR, "Asia/Kathmandu")) == (
        TimeBucket(utc("2024-05-03T08:15"), utc("2024-05-03T09:15"), 1),
    )


def test_half_an_hour_of_summer_time_cuts_hours_in_two() -> None:
    assert buckets("Australia/Lord_Howe", TimeInterval.HOUR, "2024-04-07 01:00", "2024-04-07 02:00") == [
        "2024-04-07 01:00+11:00 1:00:00",
        "2024-04-07 01:30+10:30 0:30:00",
        "2024-04-07 02:00+10:30 1:00:00",
    ]
    assert buckets("Australia/Lord_Howe", TimeInterval.HOUR, "2024-10-06 01:00", "2024-10-06 03:00") == [
        "2024-10-06 01:00+10:30 1:00:00",
        "2024-10-06 02:30+11:00 0:30:00",
        "2024-10-06 03:00+11:00 1:00:00",
    ]


def test_a_change_within_an_hour_cuts_it_in_two() -> None:
    assert buckets("America/St_Johns", TimeInterval.HOUR, "2010-11-07 00:00", "2010-11-07 01:00") == [
        "2010-11-07 00:00-02:30 0:01:00",
        "2010-11-06 23:01-03:30 0:59:00",
        "2010-11-07 00:00-03:30 1:00:00",
        "2010-11-07 01:00-03:30 1:00:00",
    ]


@pytest.mark.parametrize(
    ("zone", "first", "last", "expected"),
    [
        (
            "Pacific/Apia",  # a whole day skipped
            "2011-12-29",
            "2011-12-31",
            ["2011-12-29 00:00-10:00 1 day, 0:00:00", "2011-12-31 00:00+14:00 1 day, 0:00:00"],
        ),
        (
            "America/Toronto",  # midnight skipped, from half past eleven on
            "1919-03-30",
            "1919-03-31",
            ["1919-03-30 00:00-05:00 23:30:00", "1919-03-31 00:30-04:00 23:30:00"],
        ),
        (
            "America/St_Johns",  # put back at 0:01: the 7th begins, is the 6th again for an hour, and goes on
            "2010-11-06",
            "2010-11-08",
            [
                "2010-11-06 00:00-02:30 1 day, 0:00:00",
                "2010-11-07 00:00-02:30 1 day, 1:00:00",
                "2010-11-08 00:00-03:30 1 day, 0:00:00",
            ],
        ),
    ],
)
def test_days_follow_one_another_whatever_the_clocks_do(zone: str, first: str, last: str, expected: list[str]) -> None:
    assert buckets(zone, TimeInterval.DAY, first, f"{last} 12:00") == expected


def test_time_shown_twice_around_midnight_belongs_to_the_later_day() -> None:
    again = datetime(2010, 11, 6, 23, 30, tzinfo=ZoneInfo("America/St_Johns"), fold=1).astimezone(UTC)
    assert bucket_span(again, TimeInterval.DAY, find_zone("America/St_Johns")).start == utc("2010-11-07T02:30")


def test_bounds_say_what_counts_and_which_buckets_there_are() -> None:
    moments = [utc(f"2024-05-{day}T12:00") for day in ("01", "02", "02", "03", "04")]
    query = TimelineQuery(TimeInterval.DAY, start=utc("2024-04-30T18:00"), end=utc("2024-05-04T12:00"))
    days = [utc(f"2024-{day}") for day in ("04-30", "05-01", "05-02", "05-03", "05-04", "05-05")]
    expected = tuple(map(TimeBucket, days, days[1:], [0, 1, 2, 1, 0]))  # the last moment is the end, so it is outside
    assert timeline(moments, query) == expected


def test_an_end_at_midnight_does_not_begin_another_day() -> None:
    query = TimelineQuery(TimeInterval.DAY, start=utc("2024-05-01"), end=utc("2024-05-02"))
    assert timeline([utc("2024-05-02")], query) == (TimeBucket(utc("2024-05-01"), utc("2024-05-02"), 0),)


def test_part_of_a_bucket_counts_only_what_is_inside_the_bounds() -> None:
    moments = [utc("2024-05-03"), utc("2024-05-20")]
    year = (utc("2024-01-01"), utc("2025-01-01"))
    assert timeline(moments, TimelineQuery(TimeInterval.YEAR, start=utc("2024-05-04"))) == (TimeBucket(*year, 1),)
    assert timeline(moments, TimelineQuery(TimeInterval.YEAR, end=utc("2024-05-04"))) == (TimeBucket(*year, 1),)


@pytest.mark.parametrize(
    ("start", "end"),
    [(None, None), ("2024-05-01", None), (None, "2024-05-01"), ("2024-05-01", "2024-05-01")],
)
def test_there_is_no_bucket_without_a_span_of_time(start: str | None, end: str | None) -> None:
    query = TimelineQuery(TimeInterval.DAY, start=utc(start) if start else None, end=utc(end) if end else None)
    assert timeline([], query) == ()
    assert len(timeline([utc("2024-05-01")], query)) == (end is None)


@pytest.mark.parametrize(
    "zone",
    ["", "Berlin", "europe/berlin", "Europe", "../UTC", "/etc/localtime", "localtime", "\0", "\ud800", "x" * 999],
)
def test_an_unknown_time_zone_is_refused_with_an_example(zone: str) -> None:
    with pytest.raises(TimeError, match=r"There is no time zone .*Europe/Berlin"):
        timeline([], TimelineQuery(TimeInterval.DAY, zone))


def test_an_end_before_the_start_is_refused() -> None:
    query = TimelineQuery(TimeInterval.DAY, start=utc("2024-05-02"), end=utc("2024-05-01"))
    with pytest.raises(TimeError, match=r"ends at 2024-05-01.* before it starts at 2024-05-02.*exchange"):
        timeline([], query)


def test_there_are_at_most_so_many_buckets() -> None:
    start, day = utc("2020-01-01"), timedelta(days=1)
    most = TimelineQuery(TimeInterval.DAY, start=start, end=start + BUCKET_LIMIT * day)
    assert len(timeline([], most)) == BUCKET_LIMIT
    for end, count in ((start + BUCKET_LIMIT * day + datetime.resolution, "1,001"), (start + 366_000 * day, "365,999")):
        with pytest.raises(TimeError, match=rf"by DAY, there are about {count} buckets; the limit is 1,000\. Choose"):
            timeline([], TimelineQuery(TimeInterval.DAY, start=start, end=end))


def test_a_date_far_away_is_refused_at_once() -> None:
    with pytest.raises(TimeError, match="From 0001-01-01 to 9999-12-31, by HOUR, there are about 87,649,415 buckets"):
        timeline([FIRST_MOMENT, LAST_MOMENT], TimelineQuery(TimeInterval.HOUR, "Asia/Tokyo"))


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Asia/Tokyo", "UTC", "America/New_York", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("interval", TimeInterval)
def test_the_first_and_the_last_moment_have_buckets(zone: str, interval: TimeInterval) -> None:
    (first,) = timeline([FIRST_MOMENT], TimelineQuery(interval, zone))
    (last,) = timeline([LAST_MOMENT, LAST_MOMENT], TimelineQuery(interval, zone))
    assert (first.start, first.count) == (FIRST_MOMENT, 1)
    assert (last.end, last.count) == (LAST_MOMENT, 2)
    assert last.start < LAST_MOMENT - timedelta(minutes=10)
    assert timeline([], TimelineQuery(interval, zone, FIRST_MOMENT, FIRST_MOMENT)) == ()


near_the_ends = st.sampled_from([FIRST_MOMENT, LAST_MOMENT]).flatmap(
    lambda end: st.timedeltas(timedelta(0), timedelta(days=3)).map(lambda by: end + (by if end.year == 1 else -by))
)
any_moment = st.one_of(
    st.datetimes(datetime(1, 1, 1), datetime.max, timezones=st.just(UTC)),
    st.datetimes(datetime(1840, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),
    near_the_ends,
)
any_zone = st.sampled_from(sorted(available_timezones() - {"Factory", "localtime"}))


@given(any_moment, any_zone, st.sampled_from(TimeInterval))
@random_cases(1000)
def test_buckets_of_every_zone_and_time_touch(moment: datetime, name: str, interval: TimeInterval) -> None:
    zone = find_zone(name)
    span = bucket_span(moment, interval, zone)
    assert span.start <= moment < span.end or moment == LAST_MOMENT == span.end
    assert bucket_span(span.start, interval, zone) == span
    assert bucket_span(span.end - datetime.resolution, interval, zone) == span
    if span.end < LAST_MOMENT:
        assert bucket_span(span.end, interval, zone).start == span.end
    if span.start > FIRST_MOMENT:
        assert bucket_span(span.start - datetime.resolution, interval, zone).end == span.start


class Tick(NamedTuple):
    """A moment, and the latest time that the clocks of a zone have shown so far."""

    moment: datetime
    latest: datetime


@cache
def ticks(zone: str) -> list[Tick]:
    """The moments at which the hour on the clocks, or their offset, becomes another: a scan of 2011 and 2012."""
    found: list[Tick] = []
    moment, info = utc("2010-12-25"), ZoneInfo(zone)
    step = timedelta(minutes=15 if zone == "Asia/Kathmandu" else 30)
    before: Hashable = None
    latest = datetime.min
    end = utc("2013-01-10")
    while moment < end:
        shown = moment.astimezone(info)
        latest = max(latest, shown.replace(tzinfo=None))
        now = (shown.date(), shown.hour, shown.utcoffset())
        if now != before:
            found.append(Tick(moment, latest))
        before = now
        moment += step
    return found


def label(interval: TimeInterval, tick: Tick) -> Hashable:
    day = tick.latest.date()
    match interval:
        case TimeInterval.HOUR:
            return tick.moment
        case TimeInterval.DAY:
            return day
        case TimeInterval.WEEK:
            return day.isocalendar()[:2]
        case TimeInterval.MONTH:
            return day.year, day.month
        case TimeInterval.QUARTER:
            return day.year, -(-day.month // 3)
        case TimeInterval.YEAR:
            return day.year


@cache
def boundaries(zone: str, interval: TimeInterval) -> list[datetime]:
    def found() -> Iterator[datetime]:
        before: Hashable = None
        for tick in ticks(zone):
            now = label(interval, tick)
            if now != before:
                yield tick.moment
            before = now

    return list(found())


class Case(NamedTuple):
    query: TimelineQuery
    moments: list[datetime]


number = st.integers(0, 2**31)


def placed_case(
    zone: str, interval: TimeInterval, day: int, start: int | None, end: int | None, moments: list[int]
) -> Case:
    """Moments and bounds of 2011 and 2012; half of them where a bucket begins, or just before."""
    edges = boundaries(zone, interval)
    earliest = utc("2011-01-03") + timedelta(days=day)
    room = timedelta(days={TimeInterval.HOUR: 45, TimeInterval.DAY: 200}.get(interval, 400))

    def place(number: int) -> datetime:
        moment = earliest + room * (number / 2**31)
        edge = max(edges[bisect_right(edges, moment) - 1], earliest)
        return (edge, edge - datetime.resolution, moment, moment + datetime.resolution)[number % 4]

    bounds = [None if bound is None else place(bound) for bound in (start, end)]
    if None not in bounds:
        bounds.sort()
    first, last = bounds
    return Case(TimelineQuery(interval, zone, first, last), [place(number) for number in moments])


cases = st.builds(
    placed_case,
    st.sampled_from(ZONES),
    st.sampled_from(TimeInterval),
    st.integers(0, 300),
    st.none() | number,
    st.none() | number,
    st.lists(number, max_size=10),
)


def brute_force(case: Case) -> tuple[TimeBucket, ...]:
    query = case.query
    counted = [m for m in case.moments if not (query.start and m < query.start) and not (query.end and m >= query.end)]
    if (not counted and (query.start is None or query.end is None)) or (query.start and query.start == query.end):
        return ()
    first = query.start or min(counted)
    found = []
    for start, end in pairwise(boundaries(query.time_zone, query.interval)):
        if end > first and (start < query.end if query.end else start <= max(counted)):
            found.append(TimeBucket(start, end, sum(start <= moment < end for moment in counted)))
    return tuple(found)


@given(cases)
@random_cases(1000)
def test_timelines_equal_a_scan_of_the_clocks(case: Case) -> None:
    expected = brute_force(case)
    if len(expected) > BUCKET_LIMIT:
        with pytest.raises(TimeError, match="Choose a longer interval"):
            timeline(case.moments, case.query)
        return
    assert timeline(case.moments, case.query) == expected


@st.composite
def moments_near_another(draw: st.DrawFn) -> tuple[list[datetime], TimeInterval]:
    interval = draw(st.sampled_from(TimeInterval))
    longest = {TimeInterval.HOUR: 1 / 24, TimeInterval.DAY: 1, TimeInterval.WEEK: 7, TimeInterval.MONTH: 31}
    after = st.timedeltas(timedelta(0), timedelta(days=40 * longest.get(interval, 366)))
    earliest = draw(any_moment)
    room = LAST_MOMENT - earliest
    return [earliest + min(by, room) for by in draw(st.lists(after, max_size=10))], interval


@given(moments_near_another(), any_zone)
@random_cases(1000)
def test_sums_equal_totals(case: tuple[list[datetime], TimeInterval], zone: str) -> None:
    moments, interval = case
    found = timeline(moments, TimelineQuery(interval, zone))
    assert sum(bucket.count for bucket in found) == len(moments)
    assert all(bucket.end == after.start for bucket, after in pairwise(found))
    assert not found or (found[0].count > 0 and found[-1].count > 0)


def test_running_total_counts_what_came_before_too() -> None:
    moments = [utc("2024-01-05"), utc("2024-01-20"), utc("2024-03-02"), utc("2024-03-03")]
    query = TimelineQuery(TimeInterval.MONTH, is_running_total=True)
    assert [bucket.count for bucket in timeline(moments, query)] == [2, 2, 4]
    assert [bucket.count for bucket in timeline(moments, replace(query, start=utc("2024-01-10")))] == [2, 2, 4]
    assert [bucket.count for bucket in timeline(moments, replace(query, start=utc("2024-02-01")))] == [2, 4]
    assert [bucket.count for bucket in timeline(moments, replace(query, end=utc("2024-03-03")))] == [2, 2, 3]
    assert timeline([], query) == ()

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.dates import format_date_time, parse_date_time


@pytest.mark.parametrize(
    ("written", "answered"),
    [
        ("2024-05-03T09:30:00Z", "2024-05-03T09:30:00Z"),
        ("2024-05-03t09:30:00z", "2024-05-03T09:30:00Z"),
        ("2024-05-03T09:30Z", "2024-05-03T09:30:00Z"),
        ("2024-05-03T09:30:00", "2024-05-03T09:30:00Z"),
        ("2024-05-03", "2024-05-03T00:00:00Z"),
        ("2024-5-3", "2024-05-03T00:00:00Z"),
        ("2024-05-03 9:30", "2024-05-03T09:30:00Z"),
        ("2024-05-03  09:30:00 UTC", "2024-05-03T09:30:00Z"),
        ("2024-05-03 09:30:00 GMT", "2024-05-03T09:30:00Z"),
        ("2024-05-03 09:30:00 +0200", "2024-05-03T07:30:00Z"),
        ("2024-05-03T09:30:00+02:00", "2024-05-03T07:30:00Z"),
        ("2024-05-03T09:30:00-5", "2024-05-03T14:30:00Z"),
        ("2024-01-01T00:30:00+05:45", "2023-12-31T18:45:00Z"),
        ("2024-05-03T09:30:00.25Z", "2024-05-03T09:30:00.250000Z"),
        ("2024-05-03T09:30:00,123456789Z", "2024-05-03T09:30:00.123456Z"),
        (" 2024-05-03 ", "2024-05-03T00:00:00Z"),
        ("0001-01-01", "0001-01-01T00:00:00Z"),
    ],
)
def test_dates_in_every_form_are_answered_in_utc(written: str, answered: str) -> None:
    moment = parse_date_time(written)

    assert moment is not None
    assert format_date_time(moment) == answered


@pytest.mark.parametrize(
    "text",
    [
        *("", "yesterday", "2024", "2024-05", "03.05.2024", "2024-13-01", "2024-02-30", "2024-05-03T25:00:00Z"),
        *("2024-05-03T09:61:00Z", "2024-05-03T09:30:61Z", "2024-05-03T09:30:00+25:00", "2024-05-03T09:30:00 CET"),
        *("0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-01:00", "0000-01-01", "2024-05-03T", "1714728600"),
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_date_time(text) is None


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_written_moment_reads_as_itself(moment: datetime) -> None:
    assert parse_date_time(format_date_time(moment)) == moment


def test_moments_of_other_zones_are_written_in_utc() -> None:
    tokyo = timezone(timedelta(hours=9))

    assert format_date_time(datetime(2024, 1, 1, 8, tzinfo=tokyo)) == "2023-12-31T23:00:00Z"

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.dates import format_date_time, in_utc
from graph.reading.written_dates import date_in_path, read_date


@pytest.mark.parametrize(
    ("written", "answered"),
    [
        # ISO 8601: extended, basic, week, ordinal, reduced
        ("2024-05-03T09:30:00+02:00", "2024-05-03T07:30:00Z"),
        ("20240503T093000Z", "2024-05-03T09:30:00Z"),
        ("20240503T0930+0200", "2024-05-03T07:30:00Z"),
        ("20240503", "2024-05-03T00:00:00Z"),
        ("2024-W18-5", "2024-05-03T00:00:00Z"),
        ("2024W185", "2024-05-03T00:00:00Z"),
        ("2024-124", "2024-05-03T00:00:00Z"),
        ("2024-05", "2024-05-01T00:00:00Z"),
        ("2024", "2024-01-01T00:00:00Z"),
        ("2024-05-03T09Z", "2024-05-03T09:00:00Z"),
        ("2024-05-03T24:00:00", "2024-05-04T00:00:00Z"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
        # with zones
        ("2023-04-05 18:10:00 -05:00", "2023-04-05T23:10:00Z"),
        ("2023-04-05 18:10:00 -0500", "2023-04-05T23:10:00Z"),
        ("2024-05-03 09:30 CEST", "2024-05-03T07:30:00Z"),
        # English
        ("Apr 05 2023", "2023-04-05T00:00:00Z"),
        ("April 5th, 2023 at 3:30 PM", "2023-04-05T15:30:00Z"),
        ("5 April 2023 12:05 am", "2023-04-05T00:05:00Z"),
        ("Sept. 5, 2023", "2023-09-05T00:00:00Z"),
        ("05-Apr-2023", "2023-04-05T00:00:00Z"),
        ("May 2023", "2023-05-01T00:00:00Z"),
        # programs
        ("Wed, 05 Apr 2023 10:00:00 +0200", "2023-04-05T08:00:00Z"),
        ("Wed Apr 05 2023 10:00:00 GMT+0200 (Central European Summer Time)", "2023-04-05T08:00:00Z"),
        ("Wed Apr  5 10:00:00 UTC 2023", "2023-04-05T10:00:00Z"),
        ("1714728600", "2024-05-03T09:30:00Z"),
        ("1631468522413", "2021-09-12T17:42:02.413000Z"),
        ("999999999999", "2001-09-09T01:46:39.999000Z"),
        ("-864000000000", "1942-08-16T00:00:00Z"),
        # digits alone
        ("202405031200", "2024-05-03T12:00:00Z"),
        ("20240503120005", "2024-05-03T12:00:05Z"),
        ("20240503120005250", "2024-05-03T12:00:05.250000Z"),
        ("20240503120005Z", "2024-05-03T12:00:05Z"),
        ("202405031200+0200", "2024-05-03T10:00:00Z"),
        # numbers alone
        ("04/05/2023", "2023-04-05T00:00:00Z"),
        ("13/05/2023", "2023-05-13T00:00:00Z"),
        ("5.4.2023", "2023-04-05T00:00:00Z"),
        ("2023/04/05 09:30", "2023-04-05T09:30:00Z"),
    ],
)
def test_dates_are_read_in_every_usual_form(written: str, answered: str) -> None:
    moment = in_utc(read_date(written))

    assert moment is not None
    assert format_date_time(moment) == answered


@pytest.mark.parametrize(
    "text",
    [
        *("", "soon", "1.10", "12345", "10:30", "2024-13-01", "2024-02-30", "31/31/2024", "2024-W60-1", "2023-366"),
        *("2024-05-03 25:00", "2024-05-03 13 pm", "2024-05-03T09:30 XYZ", "2024-05-03T09:30+25:00", "Smarch 5 2024"),
        *(
            "v2024.5",
            "2024-05-03 2024-05-04",
            "{{ date }}",
            "9" * 100,
            "20240503126000",
            "18240503120000",
            "240503120000000",
            "9999-12-31 24:00",
        ),
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_date(text) is None


@pytest.mark.parametrize(
    ("written", "zone"),
    [
        *((text, None) for text in ("2024-05-03", "2024-05-03 09:30", "May 3, 2024 9:30 am", "202405030930")),
        *((text, 0) for text in ("2024-05-03T09:30Z", "2024-05-03 09:30 UTC", "May 3, 2024 09:30 GMT", "1714728600")),
        *((text, 2) for text in ("2024-05-03 09:30+02", "2024-05-03T0930+0200", "3 May 2024 09:30 CEST")),
        *((text, -5) for text in ("2024-05-03 09:30:00 -05:00", "20240503T0930-0500", "2024-05-03 9:30 AM EST")),
    ],
)
def test_moments_stand_in_the_zone_in_which_they_are_written(written: str, zone: int | None) -> None:
    moment = read_date(written)

    assert moment is not None
    assert moment.utcoffset() == (None if zone is None else timedelta(hours=zone))


@given(st.datetimes(datetime(1900, 1, 1), datetime(2099, 12, 31)), st.sampled_from(["%Y%m%d%H%M", "%Y%m%d%H%M%S"]))
def test_no_time_in_digits_is_taken_for_milliseconds(moment: datetime, form: str) -> None:
    written = moment.strftime(form)

    assert read_date(written) == datetime.strptime(written, form)


@given(st.text(alphabet="0123456789-/.: TWapmZ+,", max_size=24))
def test_no_text_raises(text: str) -> None:
    moment = in_utc(read_date(text))

    assert moment is None or moment.tzinfo is UTC


@pytest.mark.parametrize(
    ("path", "date"),
    [
        ("_posts/2023-04-05-frost.md", (2023, 4, 5)),
        ("blog/2023/04/05/frost/index.md", (2023, 4, 5)),
        ("blog/2023/04-05-frost.md", (2023, 4, 5)),
        ("2023-04-05.md", (2023, 4, 5)),
        ("2022-01-01-series/2023-04-05 part.md", (2023, 4, 5)),
        ("2023/04/frost.md", None),
        ("notes/v2023-04-05.md", None),
        ("2023-02-30-frost.md", None),
        ("2023-04-055.md", None),
    ],
)
def test_names_and_folders_begin_with_dates(path: str, date: tuple[int, int, int] | None) -> None:
    assert date_in_path(path) == (date and datetime(*date, tzinfo=UTC))

"""Dates as people and programs write them in front matter, in file names and in paths.

ISO 8601 and what `graph.dates` takes count first. The rest is what the generators of sites and the usual tools write: basic, week and
ordinal dates, digits alone (`20240503093000`), English names of months, Americans' `04/30/2024` and Europeans' `30.4.2024`, seconds and
milliseconds since 1970.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone

from graph.dates import parse_written

_LONGEST = 80
"""Characters; JavaScript's dates, with the zone's name in brackets, are the longest."""
_NAMES_OF_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<name>{'|'.join(_NAMES_OF_MONTHS)})[a-z]*\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? )?"
_CLOCK = r"(?P<hour>\d{1,2})(?::?(?P<minute>\d{2})(?::?(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?)?"
_ZONE = r" ?(?P<half>[ap]\.?m\.?)? ?(?P<zone>[a-z]{1,5})?(?: ?(?P<offset>[-+]\d{1,2}(?::?\d{2})?))?(?: ?\([^)]*\))?"
_NAMED = (
    rf"{_WEEKDAY}{_MONTH} {_DAY},? (?P<year>\d{{4}})",
    rf"{_WEEKDAY}{_DAY}[ -]{_MONTH},?[ -](?P<year>\d{{4}})",
)
_NUMBERED = (
    r"(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})",
    r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})",
    r"(?P<day>\d{1,2})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<year>\d{4})",
    r"(?P<year>\d{4})-w(?P<week>\d{2})(?:-(?P<weekday>[1-7]))?",
    r"(?P<year>\d{4})-(?P<ordinal>\d{3})",
)
_BASIC = (
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
    r"(?P<year>\d{4})w(?P<week>\d{2})(?P<weekday>[1-7])?",
    r"(?P<year>\d{4})(?P<ordinal>\d{3})",
)
_DIGITS = r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})(?P<hour>\d{2})(?P<minute>\d{2})(?:(?P<second>\d{2})(?P<fraction>\d{3})?)?"
"""As tools name notes and wikis store times. Of twelve digits these are the likely meaning: as milliseconds they would all be of 1976."""
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_DIGITS}(?: ?(?P<zone>z|utc|gmt)| ?(?P<offset>[-+]\d{{2}}:?\d{{2}}))?",
        *(rf"{calendar}(?:(?:t|,? (?:at )?){_CLOCK}{_ZONE})?" for calendar in (*_NAMED, *_NUMBERED, *_BASIC)),
        rf"{_WEEKDAY}{_MONTH} {_DAY} {_CLOCK}(?: (?P<zone>[a-z]{{1,5}}))? (?P<year>\d{{4}})",  # as Unix writes it
        r"(?P<year>\d{4})-(?P<month>\d{2})",
        rf"{_MONTH} (?P<year>\d{{4}})",
        r"(?P<year>[12]\d{3})",
    )
)
_EPOCH = re.compile(r"-?(?:\d{9,10}|\d{12,13})(?:\.\d+)?")
"""Seconds or milliseconds, of 1973 to 2286: fewer digits are years, days, and numbers that are no dates."""
_MILLISECONDS = 10**11
"""What is larger counts milliseconds: as seconds it would be the year 5138."""
_ZONE_HOURS = {
    **dict.fromkeys(("z", "utc", "gmt", "ut", "wet"), 0),
    "est": -5,
    "edt": -4,
    "cst": -6,
    "cdt": -5,
    "mst": -7,
    "mdt": -6,
    "pst": -8,
    "pdt": -7,
    "bst": 1,
    "cet": 1,
    "cest": 2,
    "eet": 2,
    "eest": 3,
    "msk": 3,
    "jst": 9,
    "aest": 10,
    "aedt": 11,
}
_IN_PATH = re.compile(r"(?:^|(?<=/))(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})(?=[-_/. ]|$)")


def read_date(text: str) -> datetime | None:
    """The moment that the text stands for, in the zone that is written, and without one where none is; None if it is no date.

    A date alone is its midnight, a month or a year its beginning. Of `4/5/2024` the month comes first, unless that is no month.
    """
    moment = parse_written(text)
    if moment is not None or len(text) > _LONGEST:
        return moment
    lowered = " ".join(text.lower().split())
    moment = next(_moments(lowered), None)
    return _since_1970(float(lowered)) if moment is None and _EPOCH.fullmatch(lowered) else moment


def date_in_path(path: str) -> datetime | None:
    """The last date that a folder or file name of the path begins with: `2024-05-03-frost`, `2024/05/03/frost`, `2024/05-03-frost`."""
    days = (_day(match.groupdict()) for match in _IN_PATH.finditer(path))
    found = [day for day in days if day]
    return datetime(found[-1].year, found[-1].month, found[-1].day, tzinfo=UTC) if found else None


def _since_1970(number: float) -> datetime | None:
    seconds = number / 1_000 if abs(number) >= _MILLISECONDS else number
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    except OverflowError:
        return None


def _moments(text: str) -> Iterator[datetime]:
    for form in _FORMS:
        match = form.fullmatch(text)
        moment = _moment(match.groupdict()) if match else None
        if moment:
            yield moment


def _moment(part: dict[str, str | None]) -> datetime | None:
    day = _day(part)
    try:
        zone = _zone(part)
    except (LookupError, ValueError):  # one that is not known
        return None
    if day is None:
        return None
    hour, minute, second = (int(part.get(name) or 0) for name in ("hour", "minute", "second"))
    if part.get("half"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if str(part["half"]).startswith("p") else 0)
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):
        return None
    microsecond = int(f"{(part.get('fraction') or '')[:6]:0<6}")
    time = timedelta(hours=hour, minutes=minute, seconds=second, microseconds=microsecond)
    try:
        return datetime(day.year, day.month, day.day, tzinfo=zone) + time
    except OverflowError:
        return None


def _zone(part: dict[str, str | None]) -> timezone | None:
    """The zone; None if there is none."""
    name, offset = part.get("zone"), part.get("offset")
    if not name and not offset:
        return None
    difference = timedelta(hours=_ZONE_HOURS[name] if name else 0)
    if offset:
        digits = offset[1:].replace(":", "")
        difference = timedelta(
            hours=int(digits[:-2] if len(digits) > 2 else digits), minutes=int(digits[-2:]) if len(digits) > 2 else 0
        )
        difference = -difference if offset[0] == "-" else difference
    return timezone(difference)


def _day(part: dict[str, str | None]) -> date | None:
    try:
        year = int(part["year"] or 0)
        if part.get("week"):
            return date.fromisocalendar(year, int(part["week"] or 0), int(part.get("weekday") or 1))
        if part.get("ordinal"):
            day = date(year, 1, 1) + timedelta(days=int(part["ordinal"] or 0) - 1)
            return day if day.year == year else None
        name = part.get("name")
        month = _NAMES_OF_MONTHS.index(name) + 1 if name else int(part.get("month") or 1)
        return date(year, month, int(part.get("day") or 1))
    except (ValueError, OverflowError):
        return None

"""Dates and times as authors write them, and as this project answers them: ISO 8601, in UTC, with `Z`."""

import re
from datetime import UTC, datetime

_DATE = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"(?:(?:[Tt]|\s+)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"\s*(?P<zone>[Zz]|UTC|GMT|(?P<sign>[-+])(?P<zone_hour>\d{1,2})(?::?(?P<zone_minute>\d{2}))?)?)?"
)


def parse_date_time(text: str) -> datetime | None:
    """The moment in UTC that ISO 8601 text, or the looser form of YAML and Jekyll, stands for; None for other text.

    A date alone is its midnight, and without a zone the time is in UTC.
    """
    return in_utc(parse_written(text))


def parse_written(text: str) -> datetime | None:
    """The same in the zone in which it is written, and without one where none is."""
    match = _DATE.fullmatch(text.strip())
    if match is None:
        return None
    part = match.groupdict()
    try:
        if part["hour"] is None:
            return datetime(int(part["year"]), int(part["month"]), int(part["day"]))
        iso = (
            f"{part['year']}-{part['month']:>02}-{part['day']:>02}T{part['hour']:>02}:{part['minute']}"
            f":{part['second'] or '00'}.{(part['fraction'] or '')[:6]:0<6}"
        )
        zone = f"{part['sign']}{part['zone_hour']:>02}:{part['zone_minute'] or '00'}" if part["sign"] else ""
        return datetime.fromisoformat(iso + (zone or ("+00:00" if part["zone"] else "")))
    except ValueError:
        return None


def in_utc(moment: datetime | None) -> datetime | None:
    """The moment in UTC, where one without a zone is; None if there is none, or if it lies beyond all years there."""
    if moment is None or moment.tzinfo is UTC:
        return moment
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError:
        return None


def format_date_time(moment: datetime) -> str:
    """ISO 8601 in UTC, `2024-05-03T09:30:00Z`, with a fraction of a second only if it is not zero."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")

"""`Said`: what a document says that its address may depend on."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

_DATED_NAME = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?:[-_](?P<name>.+))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a document says, as it is written."""

    permalink: str | None = None
    """Of its own address: `permalink`, `url` or `path`."""
    slug: str | None = None
    id: str | None = None
    title: str | None = None
    date: datetime | None = None
    """In the time zone in which it is written."""
    categories: tuple[str, ...] = ()
    language: str | None = None


class DatedName(NamedTuple):
    """A file's name that begins with a date."""

    date: datetime
    name: str
    """What follows; empty if nothing does."""


def dated_name(name: str) -> DatedName | None:
    """The date that a file's name begins with, `2024-05-03-frost`; None if it does not."""
    found = _DATED_NAME.fullmatch(name)
    if found is None:
        return None
    try:
        date = datetime(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None
    return DatedName(date, found["name"] or "")

"""What a client has already of an answer, and which part of it it wants, by its headers."""

import re
from collections.abc import Mapping
from typing import NamedTuple

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def is_held(if_none_match: str | None, tag: str) -> bool:
    """Whether the client has the answer of this tag; `*` stands for any."""
    given = {held.strip().removeprefix("W/") for held in (if_none_match or "").split(",")}
    return tag.removeprefix("W/") in given or "*" in given


class ByteRange(NamedTuple):
    """A part of a file, from a byte to a byte, both included; without the first, so many bytes at its end."""

    first: int | None
    last: int | None

    def within(self, size: int) -> range | None:
        """The bytes of a file of this size; None if it has none of them."""
        if self.first is None:
            found = range(max(0, size - (self.last or 0)), size)
        else:
            found = range(self.first, size if self.last is None else min(self.last + 1, size))
        return found or None


def wanted_range(headers: Mapping[str, str], tag: str) -> ByteRange | None:
    """The one range that the client wants, if it wants one of the file with this tag.

    What is no range, or several, counts for none, as HTTP lets servers do: the client gets the whole file.
    """
    match = _RANGE.fullmatch(headers.get("range", "").strip())
    if match is None or headers.get("if-range", tag) != tag:
        return None
    first, last = (int(text) if text else None for text in match.groups())
    is_range = last is not None if first is None else last is None or first <= last
    return ByteRange(first, last) if is_range else None

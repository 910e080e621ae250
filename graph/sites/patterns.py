"""`Patterns`: lines as in `.gitignore`, and what they say of a path."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from pathspec import GitIgnoreSpec

_STARS_LIMIT = 3
"""Asterisks in one part of a path: matching takes time that grows with the length of names to this power."""
_DOUBLE_STARS_LIMIT = 6
_LINES_LIMIT = 5_000


class BadLine(NamedTuple):
    """A line that is no pattern, which does not count."""

    line: int
    reason: str


class Patterns:
    """Patterns that count from one folder. The last that matches a path decides; `!` takes back what stands before it."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.bad: list[BadLine] = []
        sound: list[str] = []
        for number, line in enumerate(lines, 1):
            if number > _LINES_LIMIT:
                self.bad.append(BadLine(number, f"there are more than {_LINES_LIMIT:,} lines; the rest does not count"))
                break
            reason = _fault(line)
            if reason is None:
                sound.append(line)
            else:
                self.bad.append(BadLine(number, reason))
        self._spec = GitIgnoreSpec.from_lines(sound)
        expressions = [pattern.regex.pattern for pattern in self._spec.patterns if pattern.regex is not None]
        self._any = (
            re.compile("|".join(f"(?:{_NAMED.sub('(?:', text)})" for text in expressions)) if expressions else None
        )

    def verdict(self, path: str) -> bool | None:
        """Whether the path is named; False if it is taken back; None if no pattern matches it. Folders end with a slash."""
        if self._any is None or not self._any.match(path):  # nearly always, and one look is faster than many
            return None
        return self._spec.check_file(path).include


@lru_cache(64)
def patterns_of(lines: tuple[str, ...]) -> Patterns:
    """The same, once for all who ask."""
    return Patterns(lines)


_NAMED = re.compile(r"\(\?P<\w+>")


def _fault(line: str) -> str | None:
    """What is wrong with a line; None if nothing is."""
    parts = line.strip().split("/")
    if any(len(re.findall(r"\*+", part)) > _STARS_LIMIT for part in parts):
        return f"it has more than {_STARS_LIMIT} asterisks between two slashes"
    if parts.count("**") > _DOUBLE_STARS_LIMIT:
        return f"it has more than {_DOUBLE_STARS_LIMIT} double asterisks"
    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return "it is no pattern as in `.gitignore`"
    return None

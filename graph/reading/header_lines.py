"""Front matter without fences: the lines `Title: …` above the first blank line, as Pelican and MultiMarkdown have them."""

import re
from typing import NamedTuple

from graph.model import JsonValue
from graph.sites.vocabulary import folded

_LINE = re.compile(r"(?P<key>[A-Za-z][\w .-]{0,50}?):(?:[ \t]+(?P<value>\S.*+))?[ \t]*")
_TELLING = frozenset({"title", "date", "slug", "tags", "category", "author", "authors"})
"""Of these two must be there, or one that is the title: else the lines are text that begins so by chance."""


class HeaderLines(NamedTuple):
    """Fields above a body."""

    fields: dict[str, JsonValue]
    lines: dict[str, int]
    """The line of each, from 1."""
    body: str


def header_lines(text: str) -> HeaderLines | None:
    """What the first lines of the text say, if all of them up to a blank line are `Key: value` or go on from one that is."""
    if not _LINE.match(text):
        return None
    head, _, body = text.partition("\n\n")
    fields: dict[str, JsonValue] = {}
    lines: dict[str, int] = {}
    key = ""
    for number, line in enumerate(head.split("\n"), 1):
        match = _LINE.fullmatch(line)
        if match:
            key = match["key"].strip()
            fields[key], lines[key] = match["value"] or "", number
        elif key and line[:1] in (" ", "\t"):
            fields[key] = f"{fields[key]}\n{line.strip()}".strip()
        else:
            return None
    telling = {name for name in map(folded, fields) if name in _TELLING}
    return HeaderLines(fields, lines, body) if "title" in telling or len(telling) > 1 else None

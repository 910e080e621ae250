"""Template tags in bodies: Hugo's and Zola's shortcodes, Liquid's and Nunjucks' tags and values, JSX comments and imports.

They are taken out before markdown is read, since to markdown they are text, and some stand inside a link:
`[Start]({{< ref "start.md" >}})`. Each leaves a mark in its place, from which what it stood for is found again: the target of a link,
or in code, where a tag is only shown, the tag itself.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from graph.model import BodyFormat

_TAG_LIMIT = 50_000
"""Tags of one body; one with more is no template."""
_OPEN, _LINE, _CLOSE = "\ue000", "\ue002", "\ue001"
_LINE_BYTES = _LINE.encode()
_MARK = re.compile(f"{_OPEN}([0-9]{{1,7}}){_LINE}*{_CLOSE}")
_MARK_BYTES = re.compile(f"{_OPEN}([0-9]{{1,7}})(?:{_LINE})*{_CLOSE}".encode())
_DELIMITERS = re.compile(r"\{\{|%?\}\}|\{%|%\}|\n[ \t]*\n")
_NAME = re.compile(r"\{[{%][<%]?-?\s*(/?)\s*([\w.-]*)")
_COMMENT = re.compile(r"^%%(?:(?!%%)[^\n])*\n.*?%%|%%(?:(?!%%)[^\n])*%%", re.DOTALL | re.MULTILINE)
_MODULE_LINES = re.compile(r"^(?:import|export)\b[^\n]*(?:\n(?![ \t]*(?:\n|```|~~~))[^\n]*)*", re.MULTILINE)
_JSX_COMMENT = re.compile(r"\{/\*(?:(?!\{/\*).)*?\*/\}", re.DOTALL)
_ATTRIBUTES = re.compile(r"\{(?::[ \t]*[.#A-Za-z]|[ \t]*\.[A-Za-z_-])[^{}\n]*\}")
_IN_ADDRESS = re.compile(r"(?:\]\(<?|\]:[ \t]*<?|href=[\"']?)[^\s()<>\"']*\Z", re.IGNORECASE)
_LOOK_BACK = 200
_HIDDEN_REGIONS, _CODE_REGIONS, _SHOWN_REGIONS = (
    frozenset({"comment"}),
    frozenset({"highlight"}),
    frozenset({"raw", "verbatim"}),
)
_REGIONS = _HIDDEN_REGIONS | _CODE_REGIONS | _SHOWN_REGIONS


class Tag(NamedTuple):
    """What was taken out of a text in one place."""

    source: str
    code: str | None = None
    """What a tag for highlighting shows as code; None for any other tag."""
    is_in_address: bool = False
    """Whether it is a part of where a link leads."""


@dataclass(frozen=True, slots=True)
class Untagged:
    """A text without its tags."""

    text: str
    """As many lines as before, if what `lines` counts is counted."""
    tags: tuple[Tag, ...]

    def replaced(self, text: str, replacement: Callable[[Tag], str]) -> str:
        """A part of the text, with what the tags that stood there are replaced by."""
        if not self.tags or _OPEN not in text:
            return text
        return _MARK.sub(lambda mark: self._of(mark, replacement), text)

    def placed(self, text: bytes) -> Iterator[tuple[int, Tag]]:
        """The tags that stood in a part of the text, each with the byte at which its mark stands."""
        for mark in _MARK_BYTES.finditer(text) if self.tags else ():
            if (place := int(mark[1])) < len(self.tags):
                yield mark.start(), self.tags[place]

    def _of(self, mark: "re.Match[str]", replacement: Callable[[Tag], str]) -> str:
        place = int(mark[1])
        return replacement(self.tags[place]) if place < len(self.tags) else mark[0]


def lines(text: str | bytes, start: int, end: int) -> int:
    """How many lines of the body end in a part of a text without tags, which may be encoded."""
    if isinstance(text, str):
        return text.count("\n", start, end) + text.count(_LINE, start, end)
    return text.count(b"\n", start, end) + text.count(_LINE_BYTES, start, end)


def without_tags(body: str, written: BodyFormat) -> Untagged:
    """The body without what only a generator understands. Cost: linear, whatever the body."""
    spans = list(islice(_spans(body, written), _TAG_LIMIT + 1))
    if not spans or len(spans) > _TAG_LIMIT:
        return Untagged(body, ())
    pieces: list[str] = []
    tags: list[Tag] = []
    place = 0
    for start, end, code in sorted(spans, key=lambda span: (span.start, -span.end)):
        if start < place:
            continue
        source = body[start:end]
        pieces += (body[place:start], f"{_OPEN}{len(tags)}{_LINE * source.count(chr(10))}{_CLOSE}")
        before = "".join(pieces[-4:-1])[-_LOOK_BACK:]
        tags.append(Tag(source, code, _IN_ADDRESS.search(before) is not None))
        place = end
    pieces.append(body[place:])
    return Untagged("".join(pieces), tuple(tags))


class _Span(NamedTuple):
    start: int
    end: int
    code: str | None = None


def _spans(body: str, written: BodyFormat) -> Iterator[_Span]:
    if "{" in body:
        yield from _regions(body, list(_template_tags(body)))
        if written is not BodyFormat.NOTE:
            yield from _found(_ATTRIBUTES, body)
    if written is BodyFormat.NOTE:
        yield from _found(_COMMENT, body)
    if written is BodyFormat.MDX:
        yield from _found(_MODULE_LINES, body)
        if "*/}" in body:
            yield from _found(_JSX_COMMENT, body)


def _found(pattern: "re.Pattern[str]", body: str) -> Iterator[_Span]:
    return (_Span(*match.span()) for match in pattern.finditer(body))


def _template_tags(body: str) -> Iterator[_Span]:
    """Tags, none of which goes on past an empty line or holds the beginning of another."""
    opening = ""
    start = 0
    for match in _DELIMITERS.finditer(body):
        sign = match[0]
        if sign in ("{{", "{%"):
            opening, start = sign, match.start()
        elif sign.startswith("\n"):
            opening = ""
        elif opening == "{{" and sign.endswith("}}"):
            yield _Span(start, match.end())
            opening = ""
        elif opening == "{%" and sign.startswith("%}"):
            yield _Span(start, match.start() + 2)
            opening = ""


def _regions(body: str, tags: list[_Span]) -> Iterator[_Span]:
    """The tags, but one for each comment or piece of code between two of them, and none inside what is shown as it is."""
    names = [_name(body[start : start + 100]) for start, _, _ in tags]
    ends: defaultdict[str, list[int]] = defaultdict(list)
    for number, name in enumerate(names):
        if name.startswith(("end", "/")):
            ends[name.removeprefix("end").removeprefix("/")].append(number)
    number = 0
    while number < len(tags):
        name, tag = names[number], tags[number]
        closing = ends[name] if name in _REGIONS else []
        place = bisect_left(closing, number)
        if place == len(closing):
            yield tag
        else:
            number = closing[place]
            last = tags[number]
            if name in _SHOWN_REGIONS:
                yield from (tag, last)
            else:
                yield _Span(tag.start, last.end, body[tag.end : last.start] if name in _CODE_REGIONS else None)
        number += 1


def _name(tag: str) -> str:
    match = _NAME.match(tag)
    return "".join(match.groups()) if match else ""

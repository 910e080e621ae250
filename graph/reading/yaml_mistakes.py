"""What authors do that YAML does not take as they mean it: the causes of errors, and of values that are cut without a word."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from graph.problems import quote

_PLACEHOLDER = re.compile(r"\{\{|\{%|<%")
_ODD_SPACES = "\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000"
_ODD_SPACE = re.compile(rf"[{_ODD_SPACES}]")
_KEY = r"[\w.-]+:"
_ODD_STRUCTURE = re.compile(
    rf"^ *[{_ODD_SPACES}][ {_ODD_SPACES}]*(?=- |{_KEY}(?:\s|$))|^ *(?:- +)?{_KEY}[{_ODD_SPACES}]", re.MULTILINE
)
_TAB = re.compile(r"^ *\t")
_NO_SPACE = re.compile(r"[ ]*(?:- )?[A-Za-z_][\w-]*:(?![\s/:]|$)")
_COLON = re.compile(r"[\w .-]+: ++(?![\"'\[{|>&*!])(?P<value>.*: .*)", re.DOTALL)
_START = re.compile(r" *+(?:- ++)?(?:[\w.-][\w .-]*+: ++)?(?P<mark>[@`%])")
_BARE = re.compile(r"[^\s:#][^:]*")
_CUT = re.compile(r"^[ ]*(?:- |[\w.-]+:)(?P<value>[^\n\"'#]*?)(?:^|(?<= ))(?P<lost>#[^\s#][^\n]*)$", re.MULTILINE)
_UNUSED = re.compile(
    r"^[ ]*(?:- +)?(?:[\w.-]+: +)?(?P<anchor>&(?P<name>[\w-]+))[ ]+[^\s\[{|>&*!-][^\n]*$", re.MULTILINE
)


class Cut(NamedTuple):
    """A value of which YAML leaves a part out."""

    line: int
    """From 1."""
    message: str


def cause(text: str, line: int | None) -> str | None:
    """What is probably wrong with text that is no YAML, where the parser fails in this line (from 1); None if unknown."""
    near = text.split("\n")[max((line or 1) - 2, 0) : line or 1]
    found = (found for find in (_sure, _likely, _possible) for written in reversed(near) if (found := find(written)))
    return next(found, None)


def _sure(line: str) -> str | None:
    if _TAB.match(line):
        return "a line begins with a tab; YAML indents with spaces"
    if _PLACEHOLDER.search(line):
        return f"{quote(line.strip())} holds a placeholder that no template filled in; fill it in, or put quotes around the value"
    if space := _ODD_SPACE.search(line):
        return f"{quote(line.strip())} holds a space that is none for YAML (U+{ord(space[0]):04X}); type a plain one"
    if _NO_SPACE.match(line):
        return f"{quote(line.strip())} has no space after its colon; add one"
    return None


def _likely(line: str) -> str | None:
    if match := _COLON.fullmatch(line):
        return f"the value {quote(match['value'])} holds “: ”; put quotes around it"
    if match := _START.match(line):
        return f"a value cannot begin with “{match['mark']}”; put quotes around it"
    return None


def _possible(line: str) -> str | None:
    if _BARE.fullmatch(line):
        return f"{quote(line.strip())} is no “key: value”; indent it if it goes on from the line above"
    return None


def straightened(text: str) -> str:
    """The text with plain spaces where its structure has others: before a key or a dash, and after the colon of a key."""
    return text if text.isascii() else _ODD_STRUCTURE.sub(lambda match: _ODD_SPACE.sub(" ", match[0]), text)


def cuts(text: str) -> Iterator[Cut]:
    """The values that lose a part because of `#` or `&`: `We are #1` and `&Breaking news`."""
    for match in _CUT.finditer(text) if "#" in text else ():
        lost = quote(match["lost"])
        message = f"{lost} is a comment in YAML and no part of the value; put quotes around the whole value if it is."
        yield Cut(text.count("\n", 0, match.start("lost")) + 1, message)
    for match in _UNUSED.finditer(text) if "&" in text else ():
        if f"*{match['name']}" not in text:
            message = f"{quote(match['anchor'])} is an anchor in YAML and no part of the value; put quotes around the whole value if it is."
            yield Cut(text.count("\n", 0, match.start("anchor")) + 1, message)

"""Reads what a configuration in JavaScript or TypeScript exports, without running it: literals, and names of literals.

What takes a run to know (conditions, calls, imports) is left out. A call, such as `starlight({title: "Docs"})`, reads as the list of its
name and its arguments: `["starlight", {"title": "Docs"}]`.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from graph.model import JsonValue

_DEPTH_LIMIT = 24
_VALUE_LIMIT = 20_000
"""Values at most, since names may stand for each other many times over."""

_TOKEN = re.compile(
    r"""
    (?P<space>\s+|//[^\n]*|/\*(?:[^*]|\*(?!/))*+\*/)
    |(?P<text>"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+'|`(?:[^`\\$]|\\.|\$(?!\{))*+`)
    |(?P<number>(?:0[xob][\da-f_]+|\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?)n?)
    |(?P<name>[^\W\d][\w$]*|\$[\w$]*)
    |(?P<mark>=>|\.\.\.|\?\?|\?\.|\|\||&&|[=!]==?|.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_REGULAR_EXPRESSION = re.compile(r"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*+\])++/\w*")
_BEFORE_EXPRESSION = frozenset(
    ["(", ",", "=", ":", "[", "!", "&", "|", "?", "{", "}", ";", "=>", "&&", "||", "??", "return"]
)
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\n)|(.))", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_CONSTANTS: dict[str, JsonValue] = {"true": True, "false": False, "null": None, "undefined": None}
_PAIRS = {"(": ")", "[": "]", "{": "}"}


class _Token(NamedTuple):
    kind: str
    text: str


def exported(source: str) -> dict[str, JsonValue] | None:
    """The object that the script exports by default, or that its exported function returns; None if there is none to be read.

    Beside it stand the names that the script defines at its outermost level, unless the object has such a key itself.
    """
    script = _Script(list(_tokens(source)))
    value = script.default_export()
    found = script.constants()
    if isinstance(value, list) and len(value) > 1:  # a call, such as `defineConfig({…})`
        value = next((item for item in value if isinstance(item, dict)), None)
    if isinstance(value, dict):
        found.update(value)
    return found or None


def _tokens(source: str) -> Iterator[_Token]:
    position, last = 0, "("
    while position < len(source):
        character = source[position]
        if character == "`" and (end := _template_end(source, position)) is not None:
            position, last = end, ")"
            yield _Token("unknown", "``")
            continue
        match = _REGULAR_EXPRESSION.match(source, position) if character == "/" and last in _BEFORE_EXPRESSION else None
        if match and not source.startswith(("//", "/*"), position):
            position, last = match.end(), ")"
            yield _Token("unknown", "//")
            continue
        match = _TOKEN.match(source, position)
        assert match is not None  # any one character is a mark
        position = match.end()
        if match.lastgroup != "space":
            last = match[0]
            yield _Token(str(match.lastgroup), last)


def _template_end(source: str, start: int) -> int | None:
    """Where a template ends that holds expressions; None for one that is a plain text."""
    inside = ["`"]
    """Templates, and braces in their expressions, that are open."""
    position, has_expression = start + 1, False
    while position < len(source) and inside:
        character = source[position]
        if character == "\\":
            position += 1
        elif inside[-1] == "`" and source.startswith("${", position):
            inside.append("{")
            position, has_expression = position + 1, True
        elif character == "`" or (inside[-1] == "{" and character in "{}"):
            if character == inside[-1] == "`" or character == "}":
                inside.pop()
            else:
                inside.append(character)
        position += 1
    return position if has_expression else None


class _Script:
    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._ends = _matching(tokens)
        self._definitions = dict(self._defined())
        self._values = 0

    def default_export(self) -> JsonValue:
        """The value after `export default` or `module.exports =`."""
        for place in self._outermost():
            words = [token.text for token in self._tokens[place : place + 4]]
            if words[:2] == ["export", "default"]:
                return self._value(place + 2)
            if words == ["module", ".", "exports", "="]:
                return self._value(place + 4)
        return None

    def constants(self) -> dict[str, JsonValue]:
        """What the script defines at its outermost level, as far as it can be read."""
        found = {name: self._value(place) for name, place in self._definitions.items()}
        return {name: value for name, value in found.items() if value is not None}

    def _outermost(self) -> Iterator[int]:
        place = 0
        while place < len(self._tokens):
            yield place
            place = self._ends.get(place, place) + 1

    def _defined(self) -> Iterator[tuple[str, int]]:
        """The names that are defined, and where their values begin."""
        for place in self._outermost():
            if self._text(place) in ("const", "let", "var") and self._kind(place + 1) == "name":
                end = self._next(place + 2, "=", ";")
                if self._text(end) == "=":
                    yield self._text(place + 1), end + 1

    def _next(self, place: int, *wanted: str) -> int:
        """The first of these marks that stands at the level of this place; the end of the level if there is none."""
        while place < len(self._tokens) and self._text(place) not in (*wanted, ")", "]", "}"):
            place = self._ends.get(place, place) + 1
        return place

    def _text(self, place: int) -> str:
        token = self._tokens[place] if place < len(self._tokens) else None
        return token.text if token and token.kind in ("mark", "name") else ""

    def _kind(self, place: int) -> str:
        return self._tokens[place].kind if place < len(self._tokens) else ""

    def _value(self, place: int, depth: int = 0) -> JsonValue:
        """The value of the expression that begins here; None if it takes a run to know."""
        self._values += 1
        if depth > _DEPTH_LIMIT or self._values > _VALUE_LIMIT or place >= len(self._tokens):
            return None
        value, end = self._operand(place, depth)
        following = self._text(end)
        if following in ("??", "||"):
            return value if value not in (None, "", False) else self._value(end + 1, depth + 1)
        if following == "+" and isinstance(value, str):
            rest = self._value(end + 1, depth + 1)
            return value + rest if isinstance(rest, str) else None
        return (
            value if following in (",", ";", ")", "]", "}", "", "as", "satisfies") or self._begins_line(end) else None
        )

    def _begins_line(self, place: int) -> bool:
        """Whether a statement begins here, as after a value without a semicolon."""
        return self._kind(place) == "name"

    def _operand(self, place: int, depth: int) -> tuple[JsonValue, int]:
        kind, text = self._tokens[place]
        if kind == "text":
            return _unquoted(text), place + 1
        if kind == "number":
            return (int(text) if text.isdigit() and len(text) < 19 else None), place + 1
        if text == "{":
            return self._object(place, depth), self._ends.get(place, place) + 1
        if text == "[":
            return self._array(place, depth), self._ends.get(place, place) + 1
        if text in ("function", "async", "(") or self._text(place + 1) == "=>":
            return self._returned(place, depth), self._next(place, ",", ";")
        if kind == "name":
            return self._named(place, depth)
        return None, self._next(place, ",", ";", "??", "||")

    def _named(self, place: int, depth: int) -> tuple[JsonValue, int]:
        """What a name stands for, or the call of it."""
        name, end = self._text(place), place + 1
        while self._text(end) in (".", "?.") and self._kind(end + 1) == "name":
            name, end = f"{name}.{self._text(end + 1)}", end + 2
        if self._text(end) == "(":
            return [name, *self._array(end, depth)], self._ends.get(end, end) + 1
        if name in _CONSTANTS:
            return _CONSTANTS[name], end
        return (self._value(self._definitions[name], depth + 1) if name in self._definitions else None), end

    def _returned(self, place: int, depth: int) -> JsonValue:
        """The object that a function returns, or that stands in parentheses."""
        end = self._next(place, ",", ";")
        for at in range(place, end):
            if self._text(at) == "return" and self._text(at + 1) == "{":
                return self._value(at + 1, depth + 1)
            if self._text(at) == "=>" and self._text(at + 1) == "(" and self._text(at + 2) == "{":
                return self._value(at + 2, depth + 1)
        return self._value(place + 1, depth + 1) if self._text(place) == "(" and self._text(place + 1) == "{" else None

    def _array(self, place: int, depth: int) -> list[JsonValue]:
        end, at = self._ends.get(place, len(self._tokens)), place + 1
        items: list[JsonValue] = []
        while at < end:
            items.append(self._value(at, depth + 1))
            at = self._next(at, ",") + 1
        return items

    def _object(self, place: int, depth: int) -> dict[str, JsonValue]:
        end, at = self._ends.get(place, len(self._tokens)), place + 1
        members: dict[str, JsonValue] = {}
        while at < end:
            if self._text(at) == "...":
                spread = self._value(at + 1, depth + 1)
                members.update(spread if isinstance(spread, dict) else {})
            elif self._kind(at) in ("name", "text", "number"):
                key = _unquoted(self._tokens[at].text) if self._kind(at) == "text" else self._tokens[at].text
                is_short = self._text(at + 1) in (",", "}")
                if (is_short or self._text(at + 1) == ":") and self._values <= _VALUE_LIMIT:
                    members[key] = self._value(at if is_short else at + 2, depth + 1)
            at = self._next(at, ",") + 1
        return members


def _matching(tokens: list[_Token]) -> dict[int, int]:
    """By the place of each opening bracket the place of the one that closes it."""
    ends: dict[int, int] = {}
    opened: list[int] = []
    for place, (kind, text) in enumerate(tokens):
        if kind == "mark" and text in _PAIRS:
            opened.append(place)
        elif kind == "mark" and opened and text == _PAIRS[tokens[opened[-1]].text]:
            ends[opened.pop()] = place
    return ends


def _unquoted(text: str) -> str:
    return _ESCAPE.sub(_character, text[1:-1])


def _character(escape: re.Match[str]) -> str:
    braced, four, two, line_end, other = escape.groups()
    if digits := braced or four or two:
        code = int(digits, 16)
        return chr(code) if code < 0x110000 else ""
    return "" if line_end else _ESCAPED.get(other, other)

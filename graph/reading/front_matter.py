"""Text of a source file → its fields and body, with the line each field stands on.

python-frontmatter divides the text and reads it, through three handlers of our own. Its own would not do: they take front matter that never ends for none, look through the whole body for more boundaries, read
YAML slowly and as version 1.1 has it, and say no line. What its interface has no place for stands in the handler
afterwards: the lines of the fields, what is doubtful, and the body with the spaces before its first line, which it strips.
A catalogue that is YAML, JSON or TOML as a whole has no boundaries, so there is nothing to divide, and a handler reads it.
"""

import json
import math
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import cached_property, partial
from typing import Any, cast

import frontmatter
from frontmatter.default_handlers import BaseHandler, JSONHandler, YAMLHandler

from graph.model import JsonValue
from graph.problems import FieldPath, Problem, ProblemCode, quote, warning
from graph.reading.full_yaml import (
    DEPTH_LIMIT,
    FrontMatterError,
    Remark,
    is_carried,
    joined_surrogates,
    load_yaml,
)
from graph.reading.header_lines import header_lines
from graph.reading.plain_yaml import load_plain, plain_lines
from graph.reading.related_items import ItemLines, RelatedItems
from graph.reading.toml_lines import toml_lines

_NOT_PRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_BLANK_LINES = re.compile(r"\A(?:[^\S\n]*\n)+")
_DOTS = re.compile(r"^\.\.\.[ \t]*$", re.MULTILINE)
"""How a YAML document ends, and its front matter too where a document follows that is none."""
_NAMED_FENCE = re.compile(r"(?:---|\+\+\+|;;;)[ \t]*+(?P<language>yaml|yml|json|toml)?[ \t]*+(?=\n)")
_OBJECT = re.compile(r"\{\s*(?:\"|\}|$)", re.MULTILINE)
WHOLE_LIST = ""
"""The key of a list that is all that a catalogue file holds."""
_LONGEST_INTEGER = len(str(-(2**63)))
_TOML_LINE = re.compile(r"\(at line (\d+)")


@dataclass
class FrontMatter:
    """What a document says above its body, and the body."""

    fields: dict[str, JsonValue]
    body: str
    remarks: list[Remark] = field(default_factory=list)
    find_line: Callable[[FieldPath], int | None] = lambda path: None
    """The line on which a field stands, counted from 1 within the front matter's own text."""
    first_line: int = 1
    """The line of the file on which that text begins."""
    count_lines_above: Callable[[], int] = lambda: 0
    """Tells how many lines of the file stand above the body."""
    read_as_written: Callable[[], JsonValue] = lambda: None
    """The fields once more, with each number as the text that stands there."""

    @cached_property
    def _as_written(self) -> JsonValue:
        return self.read_as_written()

    def text(self, path: FieldPath) -> str | None:
        """The number at this place as it is written, `1.10` with its zero; None if there is none."""
        value: Any = self._as_written
        try:
            for step in path:
                value = value[step]
        except (TypeError, LookupError):
            return None
        return value if isinstance(value, str) else None

    def line(self, path: FieldPath) -> int | None:
        """The line in the file on which the field stands, or the nearest field around it; None if unknown."""
        while path:
            line = self.find_line(path)
            if line is not None:
                return line + self.first_line - 1
            path = path[:-1]
        return None


def located(label: str, front_matter: FrontMatter, problems: list[Problem]) -> list[Problem]:
    """The problems of one file, remarks of its parser first, each with file and line."""
    remarks = [
        warning(remark.code, remark.message, file=label, line=remark.line, path=remark.path)
        for remark in front_matter.remarks
    ]
    return remarks + [replace(problem, file=label, line=front_matter.line(problem.path)) for problem in problems]


def parse_front_matter(text: str, related_items: RelatedItems | None = None) -> FrontMatter | None:
    """The fields and body of a document; None if it begins with no front matter.

    Documents that share `related_items` share equal values in them, which nobody may change.

    Raises:
        FrontMatterError: it begins with front matter that cannot be read; lines count from the top of the file.
    """
    stripped = text.strip()
    handlers = (_YamlHandler(related_items), _JsonHandler(), _TomlHandler(), _NamedHandler())
    handler = next((handler for handler in handlers if handler.detect(stripped)), None)
    if handler is None:
        return _from_header_lines(text)
    first_line = text[: len(text) - len(text.lstrip())].count("\n") + 1
    try:
        fields, _ = frontmatter.parse(stripped, handler=handler)
    except _FailedError as failure:
        cause = failure.cause
        line = None if cause.line is None else cause.line + first_line - 1
        raise FrontMatterError(cause.code, str(cause), line) from cause
    remarks = [_shift(remark, first_line) for remark in handler.result.remarks]
    # python-frontmatter also strips the spaces before the body, which make an indented code block in markdown.
    body = _BLANK_LINES.sub("", handler.body)
    result = handler.result
    return FrontMatter(
        cast(dict[str, JsonValue], fields),
        body,
        remarks,
        result.find_line,
        first_line,
        lambda: _count_lines_above(text, body),
        result.read_as_written,
    )


def _from_header_lines(text: str) -> FrontMatter | None:
    first = _BLANK_LINES.sub("", text)
    found = header_lines(first)
    if found is None:
        return None
    body = _BLANK_LINES.sub("", found.body.rstrip())
    return FrontMatter(
        found.fields,
        body,
        find_line=lambda path: found.lines.get(str(path[0])) if len(path) == 1 else None,
        first_line=text.count("\n", 0, len(text) - len(first)) + 1,
        count_lines_above=lambda: _count_lines_above(text, body),
    )


def without_front_matter(text: str) -> FrontMatter:
    """A document that is all body."""
    body = _BLANK_LINES.sub("", text.rstrip())
    return FrontMatter({}, body, count_lines_above=lambda: _count_lines_above(text, body))


def _count_lines_above(text: str, body: str) -> int:
    """How many lines of the text stand above the body, which ends it but for spaces."""
    return text.count("\n", 0, len(text.rstrip()) - len(body))


def parse_catalogue(text: str, suffix: str, may_be_list: bool = False) -> FrontMatter | None:
    """The fields of a catalogue file: a whole YAML, JSON or TOML file, or a document with front matter.

    A list that is the whole of a YAML or JSON file stands under `WHOLE_LIST`, if it `may_be_list`.

    Raises:
        FrontMatterError: the text cannot be read.
    """
    handlers: dict[str, type[_YamlHandler | _JsonHandler | _TomlHandler]]
    handlers = {".yaml": _YamlHandler, ".yml": _YamlHandler, ".json": _JsonHandler, ".toml": _TomlHandler}
    if suffix not in handlers or (suffix in (".yaml", ".yml") and _is_fenced(text)):
        return parse_front_matter(text)
    handler = handlers[suffix]()
    handler.may_be_list = may_be_list
    try:
        fields = handler.load(text)
    except _FailedError as failure:
        raise failure.cause from failure
    result = handler.result
    return FrontMatter(fields, "", result.remarks, result.find_line, read_as_written=result.read_as_written)


def _is_fenced(text: str) -> bool:
    """Whether the text stands between two lines `---`; one such line alone may begin any YAML file."""
    boundary = _YamlHandler.FM_BOUNDARY
    return boundary.match(text.lstrip()) is not None and len(boundary.findall(text)) > 1


def _shift(remark: Remark, first_line: int) -> Remark:
    return Remark(remark.code, remark.message, remark.line + first_line - 1, remark.path)


class _FailedError(Exception):
    """Carries an error through python-frontmatter, which takes a ValueError to mean that there is no front matter."""

    def __init__(self, cause: FrontMatterError) -> None:
        super().__init__(str(cause))
        self.cause = cause


@dataclass
class _Result:
    """What a handler learns beyond the fields."""

    remarks: list[Remark] = field(default_factory=list)
    find_line: Callable[[FieldPath], int | None] = lambda path: None
    read_as_written: Callable[[], JsonValue] = lambda: None


class _Lines:
    """Finds the lines of fields: reads only as far as the questions ask, and nothing twice."""

    def __init__(self, unread: Iterator[tuple[FieldPath, int]]) -> None:
        self._unread = unread
        self._known: dict[FieldPath, int] = {}

    def find(self, wanted: FieldPath) -> int | None:
        if wanted not in self._known:
            for path, line in self._unread:
                self._known[path] = line
                if path == wanted:
                    break
        return self._known.get(wanted)


class _SplitMixin:
    """Divides at the first closing boundary, without searching the rest of the document for more of them."""

    FM_BOUNDARY: re.Pattern[str]
    result: _Result
    body: str = ""
    rest: str = ""
    """What follows the front matter of a document, the boundary included."""
    may_be_list = False

    def split(self, text: str) -> tuple[str, str]:
        opening = self.FM_BOUNDARY.match(text)
        closing = self._closing(text, opening.end()) if opening else None
        if opening is None or closing is None:
            message = f"The front matter that begins with “{text[:3].strip()}” never ends; close it with the same line."
            raise _FailedError(FrontMatterError(ProblemCode.FRONT_MATTER_UNCLOSED, message, 1))
        self.body, self.rest = text[closing.end() :], text[closing.start() :]
        return text[opening.end() : closing.start()], self.body

    def _closing(self, text: str, start: int) -> re.Match[str] | None:
        """The boundary that comes first from `start` on, which begins no line."""
        return _first(text, text[:3], self.FM_BOUNDARY, start)


def _first(text: str, mark: str, pattern: re.Pattern[str], start: int = 0) -> re.Match[str] | None:
    """The first line from `start` on, which begins none, that begins with the mark and is as the pattern says; finding plain text is faster."""
    while (start := text.find(f"\n{mark}", start) + 1) > 0:
        if found := pattern.match(text, start):
            return found
    return None


class _YamlHandler(_SplitMixin, YAMLHandler):
    FM_BOUNDARY = re.compile(r"^-{3,}[ \t]*$", re.MULTILINE)

    def __init__(self, related_items: RelatedItems | None = None) -> None:
        super().__init__()
        self.result = _Result()
        self._load_plain = related_items.load if related_items else load_plain

    def _closing(self, text: str, start: int) -> re.Match[str] | None:
        return super()._closing(text, start) or _first(text, "...", _DOTS, start)

    def load(self, fm: str, **_: object) -> dict[str, JsonValue]:
        plain = self._load_plain(fm)
        if plain is None and self.rest and (dots := _first(fm, "...", _DOTS)):  # no plain text holds such a line
            self.body, self.rest = fm[dots.end() :] + self.rest, ""
            return self.load(fm[: dots.start()])
        if plain is not None:
            items, lines = ItemLines(fm), _Lines(plain_lines(fm))
            self.result = _Result(
                find_line=lambda path: items.find(path) or lines.find(path),
                read_as_written=partial(_yaml_as_written, fm),
            )
            return plain
        if _OBJECT.match(fm.lstrip()):  # JSON may be indented with tabs
            with suppress(_FailedError):
                json_handler = _JsonHandler()
                fields = json_handler.load(fm)
                self.result = json_handler.result
                return fields
        cleaned = _NOT_PRINTABLE.sub("", fm)
        try:
            document = load_yaml(cleaned)
        except FrontMatterError as cause:
            raise _FailedError(cause) from cause
        self.result = _Result(document.remarks, document.lines.get, partial(_yaml_as_written, cleaned))
        if cleaned != fm:
            line = fm.count("\n", 0, _NOT_PRINTABLE.search(fm).start()) + 1  # type: ignore[union-attr]  # it differs
            message = "Control characters were removed from the front matter; delete them from the file."
            document.remarks.append(Remark(ProblemCode.TEXT_CLEANED, message, line, ()))
        return _require_mapping(document.value, self.may_be_list)


class _JsonHandler(JSONHandler):
    body: str = ""
    may_be_list = False

    def __init__(self) -> None:
        super().__init__()
        self.result = _Result()

    def detect(self, text: str) -> bool:
        """Whether an object begins the text: python-frontmatter wants its first brace on a line of its own."""
        return _OBJECT.match(text) is not None

    def split(self, text: str) -> tuple[str, str]:
        """Divides where the object ends; where it has a mistake, at the first line that holds only a brace."""
        end = self._end(text)
        if end is None:
            try:
                written, self.body = super().split(text)
            except ValueError as cause:
                raise _FailedError(_unended(text)) from cause
            return written, self.body
        self.body = text[end:]
        return text[:end], self.body

    def _end(self, text: str) -> int | None:
        try:
            value, end = json.JSONDecoder(parse_int=str, parse_float=str).raw_decode(text)
        except (ValueError, RecursionError):
            return None
        is_alone = text[end : end + 1] in ("", "\n") or not text[end : text.find("\n", end) % (len(text) + 1)].strip()
        return end if isinstance(value, dict) and is_alone else None

    def load(self, fm: str, **_: object) -> dict[str, JsonValue]:
        self.result = _Result(
            find_line=_Lines(_json_lines(fm)).find,
            read_as_written=partial(json.loads, fm, parse_int=str, parse_float=str),
        )
        try:
            value = json.loads(
                fm,
                object_pairs_hook=self._mapping,
                parse_int=_json_integer,
                parse_float=_json_float,
                parse_constant=str,
            )
        except json.JSONDecodeError as cause:
            message = f"The JSON cannot be read: {cause.msg}."
            raise _FailedError(FrontMatterError(ProblemCode.FRONT_MATTER_INVALID, message, cause.lineno)) from cause
        except RecursionError as cause:
            raise _FailedError(_too_deep()) from cause
        if self.result.remarks:
            self.result.remarks = _json_remarks(fm) or self.result.remarks
        return _require_mapping(value, self.may_be_list)

    def _mapping(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        mapping = dict(pairs)
        if len(mapping) < len(pairs):
            [(repeated, _)] = Counter(key for key, _ in pairs).most_common(1)
            message = f"The key {quote(repeated)} stands twice in one object; keep one. The later value is used."
            self.result.remarks.append(Remark(ProblemCode.KEY_REPEATED, message, 1, ()))
        return mapping


class _NamedHandler(_SplitMixin, BaseHandler):
    """Front matter whose fence says in which language it is: `---json`, `---toml`, `;;;`."""

    FM_BOUNDARY = _NAMED_FENCE
    START_DELIMITER = END_DELIMITER = "---"

    def __init__(self) -> None:
        super().__init__()
        self.result = _Result()
        self._language = "json"

    def split(self, text: str) -> tuple[str, str]:
        opening = _NAMED_FENCE.match(text)
        self._language = (opening and opening["language"]) or "json"
        return super().split(text)

    def _closing(self, text: str, start: int) -> re.Match[str] | None:
        return _first(text, text[:3], re.compile(rf"{re.escape(text[:3])}[ \t]*$", re.MULTILINE), start)

    def load(self, fm: str, **_: object) -> dict[str, JsonValue]:
        handlers: dict[str, type[_YamlHandler | _JsonHandler | _TomlHandler]]
        handlers = {"json": _JsonHandler, "toml": _TomlHandler}
        handler = handlers.get(self._language, _YamlHandler)()
        fields = handler.load(fm)
        self.result = handler.result
        return fields


class _TomlHandler(_SplitMixin, BaseHandler):
    FM_BOUNDARY = re.compile(r"^\+{3,}[ \t]*$", re.MULTILINE)
    START_DELIMITER = END_DELIMITER = "+++"

    def __init__(self) -> None:
        super().__init__()
        self.result = _Result()

    def load(self, fm: str, **_: object) -> dict[str, JsonValue]:
        fm = joined_surrogates(fm)
        self.result = _Result(
            find_line=_Lines(toml_lines(fm)).find, read_as_written=partial(tomllib.loads, fm, parse_float=str)
        )
        try:
            return _require_mapping(_json_value(tomllib.loads(fm, parse_float=_json_float), DEPTH_LIMIT))
        except ValueError as cause:
            is_syntax = isinstance(cause, tomllib.TOMLDecodeError)
            line = _TOML_LINE.search(str(cause))
            message = f"The TOML cannot be read: {cause if is_syntax else 'a number has too many digits'}."
            raise _FailedError(
                FrontMatterError(ProblemCode.FRONT_MATTER_INVALID, message, int(line[1]) if line else None)
            ) from cause
        except RecursionError as cause:
            raise _FailedError(_too_deep()) from cause


def _yaml_as_written(text: str) -> JsonValue:
    return load_yaml(text, as_written=True).value


def _unended(text: str) -> FrontMatterError:
    """Why no line ends the JSON that begins the text."""
    try:
        json.loads(text)
    except RecursionError:
        return _too_deep()
    except json.JSONDecodeError as cause:
        if cause.pos < len(text):
            message = f"The JSON cannot be read: {cause.msg}."
            return FrontMatterError(ProblemCode.FRONT_MATTER_INVALID, message, cause.lineno)
    message = "The JSON front matter never ends; close it with “}”."
    return FrontMatterError(ProblemCode.FRONT_MATTER_UNCLOSED, message, 1)


def _json_lines(text: str) -> Iterator[tuple[FieldPath, int]]:
    """JSON is YAML too, and the YAML reader knows lines; it reads the text only when a problem asks."""
    try:
        yield from load_yaml(text).lines.items()
    except FrontMatterError:
        return


def _json_remarks(text: str) -> list[Remark]:
    """Where keys stand twice, since the JSON reader tells only that they do."""
    try:
        return [remark for remark in load_yaml(text).remarks if remark.code is ProblemCode.KEY_REPEATED]
    except FrontMatterError:
        return []


def _require_mapping(value: JsonValue, may_be_list: bool = False) -> dict[str, JsonValue]:
    if value is None:
        return {}
    if may_be_list and isinstance(value, list):
        value = {WHOLE_LIST: value}
    if not isinstance(value, dict):
        message = "The front matter is not a list of “key: value” lines."
        raise _FailedError(FrontMatterError(ProblemCode.FRONT_MATTER_INVALID, message, 1))
    if not _is_shallow(value, DEPTH_LIMIT):
        raise _FailedError(_too_deep())
    return value


def _is_shallow(value: JsonValue, levels: int) -> bool:
    if not isinstance(value, (dict, list)):
        return True
    children = value.values() if isinstance(value, dict) else value
    return levels > 0 and all(_is_shallow(child, levels - 1) for child in children)


def _too_deep() -> FrontMatterError:
    message = f"The front matter nests more than {DEPTH_LIMIT} levels deep; flatten it."
    return FrontMatterError(ProblemCode.FRONT_MATTER_TOO_LARGE, message)


def _json_integer(digits: str) -> int | str:
    """Integers that JSON writers can carry; longer ones stay text."""
    return int(digits) if len(digits) <= _LONGEST_INTEGER and is_carried(int(digits)) else digits


def _json_float(digits: str) -> float | str:
    """Numbers that JSON writers can carry; `1e999` would be infinite and stays text."""
    number = float(digits)
    return number if math.isfinite(number) else digits


def _json_value(value: Any, levels: int) -> JsonValue:
    """A TOML value as JSON has it: dates and times become ISO 8601 text."""
    match value:
        case dict() if levels:
            return {str(key): _json_value(child, levels - 1) for key, child in value.items()}
        case list() if levels:
            return [_json_value(child, levels - 1) for child in value]
        case dict() | list():
            raise _FailedError(_too_deep())
        case datetime() | date() | time():
            return value.isoformat()
        case int() if not is_carried(value):
            return str(value)
        case str() | int() | float() | bool():
            return value
        case _:
            return str(value)

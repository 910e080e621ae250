"""Reads all of YAML, guarded: the reference for `graph.reading.plain_yaml`, and what explains mistakes.

Built on PyYAML's event stream, so nesting, aliases and size are bounded while reading. Scalars follow the core schema
of YAML 1.2 (`no` is a word, not false), except that timestamps stay text, as do numbers that JSON could not carry or
whose digits would be lost (`007`). Merge keys (`<<`) work, as YAML 1.1 readers of front matter expect.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from graph.errors import GraphError
from graph.model import JsonValue
from graph.problems import FieldPath, ProblemCode, quote
from graph.reading.yaml_mistakes import cause, cuts, straightened

DEPTH_LIMIT = 32
_PARSER_TOO_DEEP = "exceeded maximum nesting depth"
"""What libyaml says, which reads ahead and knows a limit of its own since PyYAML 6.0.4."""
NODE_LIMIT = 1_000_000
"""Values after aliases are expanded; bounds the memory that a small file can ask for."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_ODD_LINE_ENDS = re.compile(r"[\x85\u2028\u2029]")
_SURROGATES = re.compile(r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
_DOUBLE_QUOTED = re.compile(r'(?:^|[-:?,\[{=])[^\S\n]*"[^"\\]*+(?:\\.[^"\\]*+)*"', re.MULTILINE | re.DOTALL)
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]")
_CONSTANTS: dict[str, JsonValue] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_CORE = "tag:yaml.org,2002:"
_PLAIN_TAGS = frozenset(_CORE + name for name in ("str", "int", "float", "bool", "null", "map", "seq", "timestamp"))


class FrontMatterError(GraphError):
    """Front matter that cannot be read at all."""

    def __init__(self, code: ProblemCode, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.line = line
        """Counted from 1 within the front matter's own text; None if unknown."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something doubtful that was read all the same."""

    code: ProblemCode
    message: str
    line: int
    path: FieldPath


@dataclass(slots=True)
class YamlDocument:
    """What a text says."""

    value: JsonValue
    remarks: list[Remark]
    lines: dict[FieldPath, int]
    """The line of every value, counted from 1; a value inside an alias has the line where it is written."""


@dataclass(slots=True)
class _Collection:
    """A mapping or sequence that is being read."""

    value: dict[str, JsonValue] | list[JsonValue]
    path: FieldPath
    anchor: str | None
    size: int = 1
    key: str | None = None
    is_merge: bool = False
    merged: list[dict[str, JsonValue]] = field(default_factory=list)


def load_yaml(text: str, *, as_written: bool = False) -> YamlDocument:
    """The value that the text describes, with remarks and the line of each field.

    As written, every scalar is its text: `1.10` stays that.

    Raises:
        FrontMatterError: the text is not YAML, holds several documents, or exceeds `DEPTH_LIMIT` or `NODE_LIMIT`.
    """
    text = joined_surrogates(text)
    shield = _Shield(text)
    shielded = shield.up(straightened(text))
    try:
        document = _Builder(as_written, shield).build(yaml.parse(shielded, Loader=_Loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        if error.problem == _PARSER_TOO_DEEP:
            raise _too_deep(line) from error
        detail = ", ".join(part for part in (error.context, error.problem) if part)
        known = cause(text, line)
        message = (
            f"The YAML cannot be read: {known}."
            if known
            else f"The YAML cannot be read: {detail}. Texts with “: ” or quotation marks need quotes around them."
        )
        raise FrontMatterError(ProblemCode.FRONT_MATTER_INVALID, message, line) from error
    except yaml.YAMLError as error:
        message = f"The YAML cannot be read: {str(error).splitlines()[0]}."
        raise FrontMatterError(ProblemCode.FRONT_MATTER_INVALID, message) from error
    if not isinstance(document.value, (dict, type(None))) and (known := cause(text, 2)):
        raise FrontMatterError(ProblemCode.FRONT_MATTER_INVALID, f"The YAML cannot be read: {known}.", 1)
    document.remarks.extend(_remarks(text, document))
    return document


def _remarks(text: str, document: YamlDocument) -> Iterator[Remark]:
    """What was read otherwise than it looks."""
    paths = {line: path for path, line in document.lines.items() if path}
    for cut in cuts(text):
        yield Remark(ProblemCode.VALUE_CUT, cut.message, cut.line, paths.get(cut.line, ()))
    if straightened(text) != text:
        message = "Spaces that are none for YAML were taken for plain ones; type plain ones."
        place = next(
            place for place, (one, other) in enumerate(zip(text, straightened(text), strict=True)) if one != other
        )
        yield Remark(ProblemCode.TEXT_CLEANED, message, text.count("\n", 0, place) + 1, ())


def joined_surrogates(text: str) -> str:
    r"""The text with characters in double quotes that JSON's writers escape as two halves, `\ud83d\ude00`, as YAML and TOML do."""
    if not _SURROGATES.search(text):
        return text
    return _DOUBLE_QUOTED.sub(lambda quoted: _SURROGATES.sub(_as_one_character, quoted[0]), text)


class _Shield:
    """Keeps three characters from PyYAML, for which they end lines as in YAML 1.1; in 1.2 they are characters like others."""

    def __init__(self, text: str) -> None:
        ends = sorted(set(_ODD_LINE_ENDS.findall(text)))
        free = (chr(code) for code in range(0xE000, 0xF8FF) if chr(code) not in text)
        self._up = dict(zip(map(ord, ends), free, strict=False)) if ends else {}
        self._down = {ord(character): chr(code) for code, character in self._up.items()}

    def up(self, text: str) -> str:
        """The text with other characters in place of these."""
        return text.translate(self._up) if self._up else text

    def down(self, text: str) -> str:
        """A scalar with these again."""
        return text.translate(self._down) if self._down else text


def _as_one_character(pair: re.Match[str]) -> str:
    backslashes, high, low = pair.groups()
    return f"{backslashes}\\U{0x10000 + (int(high, 16) - 0xD800) * 0x400 + int(low, 16) - 0xDC00:08X}"


def _too_deep(line: int | None) -> FrontMatterError:
    message = f"The front matter nests more than {DEPTH_LIMIT} levels deep; flatten it."
    return FrontMatterError(ProblemCode.FRONT_MATTER_TOO_LARGE, message, line)


class _Builder:
    """Turns events into values, without recursion."""

    def __init__(self, as_written: bool, shield: _Shield) -> None:
        self._as_written = as_written
        self._shield = shield
        self._document = YamlDocument(None, [], {})
        self._stack: list[_Collection] = []
        self._anchored: dict[str, tuple[JsonValue, int]] = {}
        self._nodes = 0
        self._documents = 0

    def build(self, events: Iterator[yaml.Event]) -> YamlDocument:
        for event in events:
            line = event.start_mark.line + 1 if event.start_mark else 1
            match event:
                case yaml.ScalarEvent():
                    self._scalar(event, line)
                case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                    self._open(event, line)
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    self._close(line)
                case yaml.AliasEvent():
                    self._alias(event, line)
                case yaml.DocumentStartEvent():
                    self._documents += 1
                    if self._documents > 1:
                        message = "The front matter holds more than one YAML document; keep one."
                        raise FrontMatterError(ProblemCode.FRONT_MATTER_INVALID, message, line)
        return self._document

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        top = self._stack[-1] if self._stack else None
        if top and isinstance(top.value, dict) and top.key is None:
            self._key(top, event, line)
            return
        path = self._next_path()
        value = self._resolve(event, path, line)
        self._remember(event.anchor, value, 1)
        self._add(value, path, line, size=1)

    def _key(self, top: _Collection, event: yaml.ScalarEvent, line: int) -> None:
        assert isinstance(top.value, dict)
        top.key, top.is_merge = self._shield.down(event.value), event.value == "<<" and event.implicit[0]
        if top.key in top.value and not top.is_merge:
            message = f"The key {quote(event.value)} stands twice here; keep one. The later value is used."
            self._remark(ProblemCode.KEY_REPEATED, message, line, (*top.path, event.value))
        self._document.lines.setdefault((*top.path, top.key), line)
        self._remember(event.anchor, event.value, 1)

    def _open(self, event: "yaml.MappingStartEvent | yaml.SequenceStartEvent", line: int) -> None:
        if len(self._stack) >= DEPTH_LIMIT:
            raise _too_deep(line)
        self._refuse_collection_as_key(line)
        path = self._next_path()
        self._check_tag(event.tag, path, line)
        self._document.lines.setdefault(path, line)
        value: dict[str, JsonValue] | list[JsonValue] = {} if isinstance(event, yaml.MappingStartEvent) else []
        self._stack.append(_Collection(value, path, event.anchor))

    def _close(self, line: int) -> None:
        collection = self._stack.pop()
        if isinstance(collection.value, dict):
            for merged in collection.merged:
                for key, value in merged.items():
                    collection.value.setdefault(key, value)
        self._remember(collection.anchor, collection.value, collection.size)
        self._add(collection.value, collection.path, line, collection.size)

    def _alias(self, event: yaml.AliasEvent, line: int) -> None:
        top = self._stack[-1] if self._stack else None
        if event.anchor not in self._anchored:
            message = f"The alias *{event.anchor} has no finished anchor before it."
            raise FrontMatterError(ProblemCode.FRONT_MATTER_INVALID, message, line)
        value, size = self._anchored[event.anchor]
        if top and isinstance(top.value, dict) and top.key is None:
            if not isinstance(value, str):
                self._refuse_collection_as_key(line)
            top.key = str(value)
            return
        self._add(value, self._next_path(), line, size)

    def _add(self, value: JsonValue, path: FieldPath, line: int, size: int) -> None:
        self._nodes += size
        if self._nodes > NODE_LIMIT:
            message = f"The front matter holds more than {NODE_LIMIT:,} values once its aliases are expanded."
            raise FrontMatterError(ProblemCode.FRONT_MATTER_TOO_LARGE, message, line)
        self._document.lines.setdefault(path, line)
        if not self._stack:
            self._document.value = value
            return
        top = self._stack[-1]
        top.size += size
        if isinstance(top.value, list):
            top.value.append(value)
            return
        assert top.key is not None
        if top.is_merge:
            self._merge(top, value, line)
        else:
            top.value[top.key] = value
        top.key, top.is_merge = None, False

    def _merge(self, top: _Collection, value: JsonValue, line: int) -> None:
        mappings = value if isinstance(value, list) else [value]
        for mapping in mappings:
            if not isinstance(mapping, dict):
                message = "The merge key << needs a mapping or a list of mappings."
                raise FrontMatterError(ProblemCode.FRONT_MATTER_INVALID, message, line)
            top.merged.append(mapping)

    def _remember(self, anchor: str | None, value: JsonValue, size: int) -> None:
        if anchor is not None:
            self._anchored[anchor] = (value, size)

    def _refuse_collection_as_key(self, line: int) -> None:
        top = self._stack[-1] if self._stack else None
        if top and isinstance(top.value, dict) and top.key is None:
            message = "A key is a list or mapping; keys must be plain text. Put quotes around a key that begins with [ or {, and around a placeholder {{ }} that no template filled in."
            raise FrontMatterError(ProblemCode.FRONT_MATTER_INVALID, message, line)

    def _next_path(self) -> FieldPath:
        if not self._stack:
            return ()
        top = self._stack[-1]
        step: str | int = len(top.value) if isinstance(top.value, list) else str(top.key)
        return (*top.path, step)

    def _resolve(self, event: yaml.ScalarEvent, path: FieldPath, line: int) -> JsonValue:
        self._check_tag(event.tag, path, line)
        is_plain = event.implicit[0] or (event.tag in _PLAIN_TAGS and event.tag != _CORE + "str")
        text = self._shield.down(event.value)
        return resolve_scalar(text) if is_plain and not self._as_written else text

    def _check_tag(self, tag: str | None, path: FieldPath, line: int) -> None:
        if tag is not None and tag != "!" and tag not in _PLAIN_TAGS:
            message = f"The YAML tag {quote(tag)} is ignored; remove it."
            self._remark(ProblemCode.TAG_IGNORED, message, line, path)

    def _remark(self, code: ProblemCode, message: str, line: int, path: FieldPath) -> None:
        self._document.remarks.append(Remark(code, message, line, path))


def is_carried(number: int) -> bool:
    """Whether every JSON writer and reader of ours can carry the number."""
    return -(2**63) <= number < 2**63


def resolve_scalar(text: str) -> JsonValue:
    """The value of an unquoted scalar."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if len(text) > 32 or _LEADING_ZERO.match(text):
        return text
    if _INTEGER.fullmatch(text):
        number = int(text, 0)
        return number if is_carried(number) else text
    if _FLOAT.fullmatch(text):
        value = float(text)
        return value if value not in (float("inf"), float("-inf")) else text
    return text

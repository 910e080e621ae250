"""Reads plain YAML very fast: what programs and careful people write in front matter.

`_plain` is a grammar: block mappings and sequences, one-line scalars, no anchors, tags, flow collections or block
scalars, nothing whose type the versions of YAML disagree on. A text that matches means the same to every YAML parser,
so the fastest one may read it: rapidyaml, whose whole tree comes over as JSON in two calls (134 MB in 3 s, grammar
included). Everything else is left to `graph.reading.full_yaml`, which is slower, complete, and explains mistakes. That the
two agree on all plain texts is tested.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count

import orjson
import ryml

from graph.model import JsonValue
from graph.problems import FieldPath

_LEVELS = 6
"""Collections within collections; an image of the provider of a related article is the sixth level."""

_BREAKING = r"\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff"
_ESCAPE = r"\\(?:[\"\\/nrt]|u(?!00[01789]|[dD][89a-fA-F])[0-9a-fA-F]{4})"
_DOUBLE_QUOTED = rf'"[^"\\{_BREAKING}]*+(?:{_ESCAPE}[^"\\{_BREAKING}]*+)*"'
_SINGLE_QUOTED = rf"'[^'{_BREAKING}]*+(?:''[^'{_BREAKING}]*+)*'"
_NUMBER = r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?"
_TIME = r"[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z| ?[+-][0-9]{2}:?[0-9]{2})?"
_DATE = rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}(?:{_TIME})?"
_CONSTANT = r"(?:true|false|null|inf|infinity|nan)"
_TEXT_START = (
    rf"(?:(?!(?i:{_CONSTANT}) *+\n)[A-Za-z\u00c0-\u1fff]"
    r"|(?!0[bB])[0-9]++[A-DF-NP-WYZa-df-np-wyz]"  # 9to5, but not 1e3, 0x1f, 0o17 or 0b11
    r"|[0-9][0-9,.%-]*+ ++[A-Za-z])"
)
_TEXT = rf"(?![^\n]*(?::[ \n]| #)){_TEXT_START}[^{_BREAKING}]*+"
_SCALAR = rf"(?:{_DOUBLE_QUOTED}|(?:true|false|null|{_NUMBER}|{_DATE})(?= *+\n)|{_TEXT}(?= *+\n)|{_SINGLE_QUOTED})"
_KEY = rf"(?!(?i:{_CONSTANT}):)[A-Za-z_][A-Za-z0-9_-]{{0,99}}+"
_BLANK_LINES = rf"(?: *+(?:#[^{_BREAKING}]*+)?\n)*"
_LINE_END = rf" *+\n{_BLANK_LINES}"


@cache
def _plain() -> re.Pattern[str]:
    """The grammar. A regular expression that unrolls the recursion: a block names the indentation of its first line and repeats it.

    Every line can match in one way only, so a failure is found in linear time. Quantifiers are possessive around single
    characters alone: Python before 3.11.5 gets possessive groups wrong.
    """
    serial = count()

    def entry(indent: str, levels: int) -> str:
        nested = ""
        if levels > 1:
            sequence_indent, mapping_indent = f"s{next(serial)}", f"m{next(serial)}"
            nested = (
                rf"(?:(?=(?P<{sequence_indent}>{indent} *+)- ){sequence(f'(?P={sequence_indent})', levels - 1)}"
                rf"|(?=(?P<{mapping_indent}>{indent} ++){_KEY}:){mapping(f'(?P={mapping_indent})', levels - 1)})?"
            )
        return rf"{_KEY}:(?: ++{_SCALAR}{_LINE_END}|{_LINE_END}{nested})"

    def mapping(indent: str, levels: int) -> str:
        return rf"(?:{indent}{entry(indent, levels)})+"

    def sequence(indent: str, levels: int) -> str:
        item = rf"{_SCALAR}{_LINE_END}"
        if levels > 1:
            item += rf"|(?:(?:(?<=- )|{indent}  ){entry(indent + '  ', levels - 1)})+"
        return rf"(?:{indent}- (?:{item}))+"

    return re.compile(_BLANK_LINES + mapping("", _LEVELS))


_LINE = re.compile(
    rf"^(?P<indent> *)(?:(?P<dash>- )(?:(?P<key>{_KEY}):(?= |$))?|(?P<only_key>{_KEY}):(?= |$))", re.MULTILINE
)


@dataclass(slots=True)
class _Block:
    """A mapping or sequence that `plain_lines` is inside of."""

    indent: int
    path: FieldPath
    child: FieldPath = ()
    """The path of the entry or item that was met last."""
    length: int = 0
    is_sequence: bool = False


def load_plain(text: str) -> dict[str, JsonValue] | None:
    """The mapping that the text describes, or None if it is not plain or repeats a key.

    Cost: linear in the text, about 45 MB/s.
    """
    if not text.endswith("\n"):
        text += "\n"
    if not _plain().fullmatch(text):
        return None
    tree = ryml.parse_in_arena(text.encode())
    # In place, since what `emit_json` returns leaves a copy in memory that nobody frees.
    value = orjson.loads(ryml.emit_json_in_place(tree, bytearray(ryml.compute_json_length(tree))))
    is_whole = isinstance(value, dict) and tree.size() == 1 + _count(value)
    return value if is_whole else None


def _count(value: "dict[str, JsonValue] | list[JsonValue]") -> int:
    """Everything inside the value; rapidyaml's tree has one node for each, also for keys that JSON readers drop."""
    total = len(value)
    for child in value.values() if isinstance(value, dict) else value:
        if type(child) is dict or type(child) is list:
            total += _count(child)
    return total


def plain_lines(text: str) -> Iterator[tuple[FieldPath, int]]:
    """The path of every field of a plain text with the line it stands on, counted from 1, in the order of the text.

    Lazy: to find a field near the top costs little, which is where most of those that matter stand.
    """
    stack: list[_Block] = []
    number, counted = 1, 0
    for match in _LINE.finditer(text):
        number += text.count("\n", counted, match.start())
        counted = match.start()
        spaces, dash, dashed_key, only_key = match.groups()
        indent, key = len(spaces), dashed_key or only_key
        if dash:
            while stack and stack[-1].indent > indent:
                stack.pop()
            if not stack[-1].is_sequence:
                stack.append(_Block(indent, stack[-1].child, is_sequence=True))
            block = stack[-1]
            block.child = (*block.path, block.length)
            block.length += 1
            yield block.child, number
            if key:
                stack.append(_Block(indent + 2, block.child))
        else:
            while stack and (stack[-1].indent > indent or (stack[-1].is_sequence and stack[-1].indent == indent)):
                stack.pop()
            if not stack or stack[-1].indent < indent:
                stack.append(_Block(indent, stack[-1].child if stack else ()))
        if key:
            stack[-1].child = (*stack[-1].path, key)
            yield stack[-1].child, number

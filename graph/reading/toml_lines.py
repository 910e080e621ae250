"""Where the fields of TOML stand: tomllib tells their values, and no lines."""

import re
from collections.abc import Iterator

from graph.problems import FieldPath

_NAME = r"""(?:[\w-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')"""
_DOTTED = rf"(?P<name>{_NAME}(?:[ \t]*\.[ \t]*{_NAME})*)"
_HEADER = re.compile(rf"[ \t]*\[(?P<list>\[)?[ \t]*{_DOTTED}[ \t]*\]{{1,2}}")
_KEY = re.compile(rf"[ \t]*{_DOTTED}[ \t]*=")
_EACH_NAME = re.compile(_NAME)
_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*|[^\S\n]+|[\n,\[\]{}]|[^\s,\[\]{}\"'#]+",
    re.DOTALL,
)


def toml_lines(text: str) -> Iterator[tuple[FieldPath, int]]:
    """The line of each field of a text that is TOML, tables and items of lists too, in their order; what is nested in these has theirs."""
    table: FieldPath = ()
    last: dict[FieldPath, int] = {}
    """By the path of a list of tables the place of its last one."""
    position, line = 0, 1
    while position < len(text):
        path: FieldPath | None = None
        if header := _HEADER.match(text, position):
            names = _names(header["name"])
            table = _inside(last, names)
            if header["list"]:
                listed = (*_inside(last, names[:-1]), names[-1])
                last[listed] = last.get(listed, -1) + 1
                table = (*listed, last[listed])
            yield table, line
        elif key := _KEY.match(text, position):
            path = (*table, *_names(key["name"]))
            yield path, line
        found = header or key
        position, line, items = _end(text, found.end() if found else position, line)
        if path is not None:
            yield from (((*path, index), at) for index, at in enumerate(items))


def _names(dotted: str) -> FieldPath:
    return tuple(name.strip("\"'") for name in _EACH_NAME.findall(dotted))


def _inside(last: dict[FieldPath, int], names: FieldPath) -> FieldPath:
    """The path of a table, where the names of lists of tables mean their last ones."""
    path: FieldPath = ()
    for name in names:
        path = (*path, name)
        path = (*path, last[path]) if path in last else path
    return path


def _end(text: str, position: int, line: int) -> tuple[int, int, list[int]]:
    """Where the line after a value begins, its number, and the lines of the items if the value is a list."""
    open_at: list[str] = []
    items: list[int] = []
    is_next = False
    for token in _TOKEN.finditer(text, position):
        mark, position = token[0], token.end()
        if mark == "\n" and not open_at:
            return position, line + 1, items
        if mark == "," and open_at == ["["]:
            is_next = True
        elif mark in ("]", "}"):
            del open_at[-1:]
        elif not mark.isspace() and not mark.startswith("#"):
            if is_next and open_at == ["["]:
                items.append(line)
                is_next = False
            if mark in ("[", "{"):
                open_at.append(mark)
                is_next = is_next or open_at == ["["]
        line += mark.count("\n")
    return len(text), line, items

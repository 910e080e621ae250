"""The dialect of markdown in which bodies are read: what the common generators understand, together."""

import re
from collections.abc import Iterator

from pyromark import Options

OPTIONS = (
    Options.ENABLE_WIKILINKS
    | Options.ENABLE_TABLES
    | Options.ENABLE_FOOTNOTES
    | Options.ENABLE_STRIKETHROUGH
    | Options.ENABLE_TASKLISTS
    | Options.ENABLE_HEADING_ATTRIBUTES
    | Options.ENABLE_GFM
)
_CONTAINERS = re.compile(r"^[ \t>*+\-0-9.)]{400,}", re.MULTILINE)
"""Quotations and lists nested hundreds of levels deep, which take time that is quadratic in them."""
_ADMONITION = re.compile(r" *(?:!!!|\?\?\?\+?|===[!+]?(?= *\"))[ \w+|-]*+(?:\"(?P<title>.*)\")?[ \t]*")
_STEP = 4
"""How far what belongs to an admonition is indented."""


def parsable(text: str) -> str:
    """The text as it can be given to a parser, whatever it is, with as many lines."""
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode()
    if "!!!" in text or "???" in text or "===" in text:
        text = "\n".join(_without_admonitions(text.split("\n")))
    return _CONTAINERS.sub("", text)


def _without_admonitions(lines: list[str]) -> Iterator[str]:
    """The lines, of MkDocs' notes and tabs only what they hold: to other parsers these would be code."""
    inside: list[int] = []
    for line in lines:
        indent = len(line) - len(line.lstrip(" "))
        if line.strip():
            while inside and indent < inside[-1] + _STEP:
                inside.pop()
        depth = _STEP * len(inside)
        admonition = _ADMONITION.fullmatch(line)
        if admonition:
            inside.append(indent)
            yield f"{line[depth:indent]}{admonition['title'] or ''}"
        else:
            yield line[min(depth, indent) :] if inside else line

"""A body → the heading that is its title."""

from collections.abc import Iterator
from typing import NamedTuple

import pyromark

from graph.bodies.html_pages import headings, parsed_html
from graph.bodies.markdown import OPTIONS, parsable
from graph.bodies.tags import without_tags
from graph.bodies.targets import shown_text
from graph.model import BodyFormat


class _Heading(NamedTuple):
    level: str
    text: str
    is_first: bool
    """Whether nothing stands before it."""


def title_of(body: str, written: BodyFormat) -> str | None:
    """The text of the heading that the body begins with, else of its first heading of the first level.

    Cost: linear in the body up to that heading.
    """
    is_html = written is BodyFormat.HTML
    if not is_html and "#" not in body and "\n=" not in body and "\n-" not in body:
        return None
    untagged = without_tags(body, written)
    found = _of_html(untagged.text) if is_html else _of_markdown(untagged.text)
    titles = (
        " ".join(untagged.replaced(heading.text, shown_text).split())
        for heading in found
        if heading.is_first or heading.level == "H1"
    )
    return next(filter(None, titles), None)


def _of_html(html: str) -> Iterator[_Heading]:
    page = parsed_html(html)
    for heading in headings(page) if page else ():
        yield _Heading((heading.tag or "").upper(), " ".join(heading.text().split()), False)


def _of_markdown(text: str) -> Iterator[_Heading]:
    level, parts, is_first = "", [""], True
    for event in pyromark.events(parsable(text), options=OPTIONS, merge_text=True):
        match event:
            case {"Start": {"Heading": {"level": level}}}:
                parts = []
            case {"End": {"Heading": _}}:
                yield _Heading(level, " ".join("".join(parts).split()), is_first)
                level, is_first = "", False
            case {"Text": str(part)} | {"Code": str(part)} if level:
                parts.append(part)
            case "SoftBreak" | "HardBreak" if level:
                parts.append(" ")
            case _ if not level:
                is_first = False

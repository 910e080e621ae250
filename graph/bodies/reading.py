"""A body as its file has it → the links and tags in it: what is kept of every body when its file is read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from itertools import chain, islice
from operator import attrgetter
from typing import Any

import pyromark

from graph.bodies.components import Spans, component_links, shortcode_links
from graph.bodies.html_pages import anchors
from graph.bodies.markdown import OPTIONS, parsable
from graph.bodies.tags import Untagged, lines, without_tags
from graph.bodies.targets import BodyLink, body_link
from graph.model import BodyFormat
from graph.sites.site import SiteSystem

LINK_LIMIT = 10_000
"""Links of one body; more are not read."""
_COLOR = re.compile(r"(?=[a-f]*[0-9])(?:[0-9a-f]{3}){1,2}|([a-f])\1\1(?:\1{3})?", re.IGNORECASE)
"""A tag in notes alone: elsewhere `#fff` is a color."""
_INLINE_TAG = re.compile(r"(?<![^\s(\[])#([\w/-]*[^\W\d_][\w/-]*)")
_ADDRESS = re.compile(r"\shref\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class BodyReading:
    """What a body says to others."""

    links: tuple[BodyLink, ...] = ()
    tags: tuple[str, ...] = ()
    """Inline `#tags` without their sign, in the order of the text, where they are some."""


def body_format(system: SiteSystem, suffix: str) -> BodyFormat:
    """How the bodies of files with this suffix are written on sites of this system."""
    if suffix in (".html", ".htm"):
        return BodyFormat.HTML
    if suffix == ".mdx" or system is SiteSystem.DOCUSAURUS:
        return BodyFormat.MDX
    return BodyFormat.NOTE if system is SiteSystem.OBSIDIAN else BodyFormat.MARKDOWN


def read_body(body: str, written: BodyFormat, has_tags: bool = False) -> BodyReading:
    """The links and, where it has such, the tags in a body; none of those in code and comments. Cost: linear in the body."""
    has_tags = has_tags and "#" in body
    if not has_tags and "[" not in body and "<" not in body and "{%" not in body and "{{" not in body:
        return BodyReading()
    untagged = without_tags(body, written)
    if written is BodyFormat.HTML:
        return BodyReading(tuple(islice(_anchors(untagged, untagged.text, 0), LINK_LIMIT)))
    reader = _MarkdownReader(untagged, has_tags, is_jsx=written is BodyFormat.MDX)
    reader.read()
    reader.read_attributes()
    tags = (tag for tag in reader.tags if written is BodyFormat.NOTE or not _COLOR.fullmatch(tag))
    return BodyReading(tuple(reader.links), tuple(dict.fromkeys(tags)))


def _anchors(untagged: Untagged, html: str, line: int) -> Iterator[BodyLink]:
    """The links in some HTML that begins in this line."""
    place = 0
    for anchor in sorted(anchors(html), key=attrgetter("place")):
        line += lines(html, place, anchor.place)
        place = anchor.place
        if link := body_link(untagged, anchor.address, anchor.text, line):
            yield link


@dataclass(slots=True)
class _Open:
    """A link whose end has not come yet."""

    address: str
    line: int
    is_wiki: bool = False
    is_html: bool = False
    text: list[str] = field(default_factory=list)


class _MarkdownReader:
    """Goes through a body once."""

    def __init__(self, untagged: Untagged, has_tags: bool, is_jsx: bool) -> None:
        self.links: list[BodyLink] = []
        self.tags: list[str] = []
        self._untagged = untagged
        self._has_tags = has_tags
        self._source = parsable(untagged.text)
        self._bytes = self._source.encode()
        self._line, self._place = 0, 0
        self._open: list[_Open] = []
        self._html: list[str] | None = None
        self._is_code = False
        self._is_jsx = is_jsx
        self._code: list[tuple[int, int]] = []
        """Where code begins and ends."""

    def read(self) -> None:
        for event, span in pyromark.events_with_range(self._source, options=OPTIONS, merge_text=True):
            if isinstance(event, str):
                self._add_text(" ")
                continue
            [(name, value)] = event.items()
            if name == "Code" or (name == "Start" and self._is_code_block(value)):
                self._code.append((span["start"], span["end"]))
            self._take(name, value, span["start"])
            if len(self.links) >= LINK_LIMIT:
                break

    def read_attributes(self) -> None:
        """Adds the links in attributes of components and shortcodes, each after the others of its line."""
        if len(self.links) >= LINK_LIMIT:
            return
        found = chain(component_links(self._untagged, self._bytes), shortcode_links(self._untagged, self._bytes))
        code = Spans(self._code)
        self._line, self._place = 0, 0
        for place, link in sorted((each for each in found if each.place not in code), key=attrgetter("place")):
            self.links.append(link._replace(line=self._line_at(place)))
        self.links = sorted(self.links, key=attrgetter("line"))[:LINK_LIMIT]

    def _is_code_block(self, element: Any) -> bool:
        """Whether a code block begins; an indented one is none where components are indented as they nest."""
        kind = element.get("CodeBlock") if isinstance(element, dict) else None
        return kind is not None and not (self._is_jsx and kind == "Indented")

    def _take(self, name: str, value: Any, start: int) -> None:
        match name:
            case "Start":
                self._start(value, start)
            case "End":
                self._end(value)
            case "Text" if not self._is_code:
                self._add_text(value)
                if self._has_tags and "#" in value and not self._open:
                    self.tags += _INLINE_TAG.findall(value)
            case "Code":
                self._add_text(value)
            case "InlineHtml":
                self._inline_html(value, start)
            case "Html" if self._html is not None:
                self._html.append(value)

    def _start(self, element: Any, start: int) -> None:
        if element == "HtmlBlock":
            self._html = []
            self._line_at(start)
        elif isinstance(element, dict):
            [(name, value)] = element.items()
            if name == "CodeBlock":
                self._is_code = True
            elif name == "Link" and value["link_type"] != "Email":
                is_wiki = isinstance(value["link_type"], dict)
                self._open.append(_Open(value["dest_url"], self._line_at(start), is_wiki))
            elif name == "Image" and isinstance(value["link_type"], dict):
                self._close(_Open(value["dest_url"], self._line_at(start), is_wiki=True))  # a note within a note

    def _end(self, element: Any) -> None:
        if element == "HtmlBlock" and self._html is not None:
            found = _anchors(self._untagged, "".join(self._html), self._line)
            self.links += islice(found, LINK_LIMIT - len(self.links))
            self._html = None
        elif element == "CodeBlock":
            self._is_code = False
        elif element == "Link" and self._open and not self._open[-1].is_html:
            self._close(self._open.pop())

    def _inline_html(self, tag: str, start: int) -> None:
        if tag[:3].lower() == "</a":
            if self._open and self._open[-1].is_html:
                self._close(self._open.pop())
        elif tag[:2].lower() == "<a":
            self._open = [link for link in self._open if not link.is_html]  # it ends where the next begins
            if address := _ADDRESS.search(tag):
                self._open.append(
                    _Open(unescape("".join(filter(None, address.groups()))), self._line_at(start), is_html=True)
                )

    def _close(self, link: _Open) -> None:
        if found := body_link(self._untagged, link.address, "".join(link.text), link.line, link.is_wiki):
            self.links.append(found)

    def _add_text(self, text: str) -> None:
        for link in self._open:
            link.text.append(text)

    def _line_at(self, start: int) -> int:
        """The line of the body; the events come in the order of the text."""
        if start > self._place:
            self._line += lines(self._bytes, self._place, start)
            self._place = start
        return self._line

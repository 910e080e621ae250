"""HTML of bodies: refused where parsers take time that is quadratic in it; its links and its text."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from graph.checkpoints import checked

_LENGTH_LIMIT = 8 * 1024 * 1024
"""Characters of a page."""
_TAG_LIMIT = 200_000
_DEPTH_LIMIT = 256
_BARE_LIMIT = 5_000
"""Characters of a tag besides its quoted values: names of attributes, each of which parsers compare with all before it."""
_REFERENCE_LIMIT = 10_000
"""Character references in one text."""
_TAG = re.compile(r"<(/?)([A-Za-z][^\s/>]*+)((?:\"[^\"]*\"|'[^']*'|[^>\"'])*+)")
_LINK = re.compile(r"<a(?=[\s/])", re.IGNORECASE)
_PLACE = "data-place"
_TOLD = re.compile(rf"(?<=<a) {_PLACE}=\d+ ", re.IGNORECASE)
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_NOT_NESTED = frozenset(
    [
        "a",
        "area",
        "base",
        "br",
        "col",
        "dd",
        "dt",
        "embed",
        "hr",
        "img",
        "input",
        "li",
        "link",
        "meta",
        "option",
        "p",
        "param",
        "source",
        "td",
        "th",
        "tr",
        "track",
        "wbr",
        "!doctype",
    ]
)
"""Elements that end by themselves."""
_UNSEEN = ["script", "style", "template", "noscript", "iframe", "svg", "math", "head", "object", "select", "button"]
_BLOCKS = (
    "address, article, aside, blockquote, br, dd, details, div, dl, dt, figcaption, figure, footer, form, h1, h2, h3, h4, h5, h6,"
    " header, hr, li, main, nav, ol, p, pre, section, summary, table, td, th, tr, ul"
)
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n[ \n]*")


def parsed_html(html: str) -> LexborHTMLParser | None:
    """The page; None if it is so made that reading it would take too long. Cost: linear."""
    return LexborHTMLParser(html) if is_tame(html) else None


def is_tame(html: str) -> bool:
    """Whether parsers read this in linear time: nothing is too large, too deep, or has too many attributes."""
    if len(html) > _LENGTH_LIMIT or html.count("<") > _TAG_LIMIT:
        return False
    if html.count("&") > _REFERENCE_LIMIT and any(text.count("&") > _REFERENCE_LIMIT for text in html.split("<")):
        return False
    if html.count("<") <= _DEPTH_LIMIT and len(html) <= _BARE_LIMIT:
        return True
    depth = 0
    for end, name, attributes in _TAG.findall(html):
        if len(attributes) > _BARE_LIMIT and len(_QUOTED.sub("", attributes)) > _BARE_LIMIT:
            return False
        if name.lower() not in _NOT_NESTED:
            depth = max(depth - 1, 0) if end else depth + 1
            if depth > _DEPTH_LIMIT:
                return False
    return True


class Anchor(NamedTuple):
    """A link of HTML."""

    address: str
    text: str
    place: int
    """Where its tag begins."""


def anchors(html: str) -> Iterator[Anchor]:
    """The links of some HTML; none of a page that is not tame. Cost: linear."""
    if not _LINK.search(html):
        return
    # The parser tells no places, so each tag is told its own before
    page = parsed_html(_LINK.sub(lambda tag: f"{tag[0]} {_PLACE}={tag.start()} ", html))
    seen: set[str | None] = set()
    for anchor in page.css(f"a[href][{_PLACE}]") if page else ():
        place = anchor.attributes.get(_PLACE)
        if place not in seen:  # a link that is not closed goes on in every paragraph
            seen.add(place)
            address = _TOLD.sub("", anchor.attributes.get("href") or "")
            yield Anchor(address, " ".join(anchor.text().split()), int(place or 0))


def visible_text(page: LexborHTMLParser) -> str:
    """The words of a page as a reader sees them: a line for each block, without scripts and styles."""
    page.strip_tags(_UNSEEN)
    body = page.body
    if body is None:
        return ""
    for block in checked(body.css(_BLOCKS)):
        block.insert_before("\n")
        block.insert_after("\n")
    return _LINES.sub("\n", _SPACES.sub(" ", body.text())).strip()


def headings(page: LexborHTMLParser) -> list[LexborNode]:
    """The headings, in the order of the page."""
    return page.css("h1, h2, h3, h4, h5, h6")

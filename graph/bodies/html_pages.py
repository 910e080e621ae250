"""HTML of bodies: refused where parsers take time that is quadratic in it; its links and its text."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

_LENGTH_LIMIT = 8 * 1024 * 1024
"""Characters of a page."""
_TAG_LIMIT = 200_000
_DEPTH_LIMIT = 256
_BARE_LIMIT = 5_000
"""Characters of a tag besides its quoted values: names of attributes, each of which parsers compare with all before it."""
_REFERENCE_LIMIT = 10_000
"""Character references in one text."""
_TAG = re.compile(r"<(/?)([A-Za-z][^\s/>]*+)((?:\"[^\"]*\"|'[^']*'|[^>\"'])*+)")
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
_LINES = re.compile(r"\s*\n\s*")


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


def anchors(html: str) -> Iterator[tuple[str, str]]:
    """Where the links of some HTML lead, and their text; none of a page that is not tame."""
    page = parsed_html(html) if "<a" in html.lower() else None
    for anchor in page.css("a[href]") if page else ():
        yield anchor.attributes.get("href") or "", " ".join(anchor.text().split())


def visible_text(page: LexborHTMLParser) -> str:
    """The words of a page as a reader sees them: a line for each block, without scripts and styles."""
    page.strip_tags(_UNSEEN)
    body = page.body
    if body is None:
        return ""
    for block in body.css(_BLOCKS):
        block.insert_before("\n")
        block.insert_after("\n")
    return _LINES.sub("\n", _SPACES.sub(" ", body.text())).strip()


def headings(page: LexborHTMLParser) -> list[LexborNode]:
    """The headings, in the order of the page."""
    return page.css("h1, h2, h3, h4, h5, h6")

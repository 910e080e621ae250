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
_ATTRIBUTE_LIMIT = 1_000
"""Of one tag; parsers compare each with all before."""
_REOPENED_LIMIT = 100_000
"""Elements such as `b`: one that is not closed goes on in every block after it."""
_REFERENCE_LIMIT = 10_000
"""Character references in one text."""
_ATTRIBUTE = r"[^ \t\n\f\r/>][^ \t\n\f\r/>=]*+(?:[ \t\n\f\r]*+=[ \t\n\f\r]*+(?:\"[^\"]*+\"|'[^']*+'|[^ \t\n\f\r>\"'][^ \t\n\f\r>]*+)?+)?+"
_ATTRIBUTES = re.compile(_ATTRIBUTE)
_TAG = re.compile(
    r"<(?:!--(?:-?>|.*?(?:--!?>|\Z))|(?P<cdata>!\[CDATA\[)[^>]*+|"
    rf"(?P<end>/?)(?P<name>[A-Za-z][^ \t\n\f\r/>]*+)(?P<attributes>(?:[ \t\n\f\r]++|(?P<slash>/(?=>))|/|{_ATTRIBUTE})*+)|"
    r"[!?/][^>]*+)",
    re.DOTALL,
)
"""Tags and comments where parsers see them."""
_LINK = re.compile(r"<a(?=[\s/])", re.IGNORECASE)
_PLACE = "data-place"
_TOLD = re.compile(rf"(?<=<a) {_PLACE}=\d+ ", re.IGNORECASE)
_NOT_NESTED = frozenset(
    [
        "a",
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
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
_FOREIGN = frozenset({"svg", "math"})
"""In these nothing ends by itself."""
_REOPENED = frozenset({"b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"})
_LEAVES_FOREIGN = frozenset(
    [
        "b",
        "big",
        "blockquote",
        "body",
        "br",
        "center",
        "code",
        "dd",
        "div",
        "dl",
        "dt",
        "em",
        "embed",
        "font",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "head",
        "hr",
        "i",
        "img",
        "li",
        "listing",
        "menu",
        "meta",
        "nobr",
        "ol",
        "p",
        "pre",
        "ruby",
        "s",
        "small",
        "span",
        "strong",
        "strike",
        "sub",
        "sup",
        "table",
        "tt",
        "u",
        "ul",
        "var",
        "desc",
        "foreignobject",
        "annotation-xml",
        "mi",
        "mo",
        "mn",
        "ms",
        "mtext",
    ]
)
"""Elements that are none of SVG and MathML, or hold such."""
_ITEMS = {"li": ("li",), "dd": ("dd", "dt"), "dt": ("dd", "dt")}
"""Elements that end others of a list where they begin."""
_IN_ITEMS = frozenset({"address", "div", "span"})
_ENDS_OTHERS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "center",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "header",
        "hgroup",
        "main",
        "menu",
        "nav",
        "ol",
        "pre",
        "search",
        "section",
        "summary",
        "table",
        "ul",
    ]  # easier to read
)
"""Elements whose end is that of what is still open in them, too."""
_NOT_ENDED_BY_OTHERS = frozenset(
    [
        "applet",
        "button",
        "html",
        "body",
        "marquee",
        "noscript",
        "object",
        "select",
        "table",
        "template",
        "![cdata[",
        *_FOREIGN,
    ]
)
_OF_TEXT = {
    name: re.compile(rf"</{name}(?=[ \t\n\f\r/>])", re.IGNORECASE)
    for name in ("iframe", "noembed", "noframes", "plaintext", "script", "style", "textarea", "title", "xmp")
}
"""Elements in which tags are text, up to their own end."""
_IN_DOUBT = frozenset(["frameset", "noscript", "select", "template", *_FOREIGN])
"""In these some parsers take them for others."""
_MARKUP = re.compile(r"<[A-Za-z/!?]")
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
    if html.count("<") <= _DEPTH_LIMIT and len(html) <= _ATTRIBUTE_LIMIT:
        return True
    elements = _OpenElements()
    place: int | None = 0
    while place is not None and (tag := _TAG.search(html, place)):
        name, attributes, place = (tag["name"] or tag["cdata"] or "").lower(), tag["attributes"] or "", tag.end()
        if len(attributes) > _ATTRIBUTE_LIMIT and len(_ATTRIBUTES.findall(attributes)) > _ATTRIBUTE_LIMIT:
            return False
        if tag["end"]:
            elements.end(name)
        elif name in _OF_TEXT:
            place = _text_end(html, place, name, is_in_doubt=not _IN_DOUBT.isdisjoint(elements.names))
        elif name:
            elements.begin(name, bool(tag["slash"]))
        if elements.are_too_many():
            return False
    return place is not None


def _text_end(html: str, start: int, name: str, is_in_doubt: bool) -> int | None:
    """Where an element ends in which tags are text; None if parsers may see different ends."""
    found = _OF_TEXT[name].search(html, start)
    end = found.start() if found else len(html)
    if is_in_doubt and (found is None or _MARKUP.search(html, start, end)):
        return None
    comment = html.find("<!--", start, end) if name == "script" else -1
    return end if comment < 0 or "<script" not in html[comment:end].lower() else None


class _OpenElements:
    """The elements that a parser has open, or more: an end counts only where every parser takes it for one."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.reopened = 0
        self._reopening = 0
        self._foreign = 0
        self._left_foreign = False

    def begin(self, name: str, is_empty: bool) -> None:
        self.reopened += self._reopening
        if name == "![cdata[" and not self._foreign:
            return
        self._left_foreign = self._foreign > 0 and (self._left_foreign or name in _LEAVES_FOREIGN)
        if self._foreign or name in _FOREIGN:
            is_nested = not is_empty or self._left_foreign
        else:
            is_nested = name not in _NOT_NESTED
            self._end_items(name)
        if is_nested:
            self.names.append(name)
            self._count(name, 1)

    def _end_items(self, name: str) -> None:
        for place in range(len(self.names) - 1, -1, -1) if name in _ITEMS else ():
            other = self.names[place]
            if other in _ITEMS[name]:
                del self.names[place:]
            if other not in _IN_ITEMS:
                break

    def end(self, name: str) -> None:
        self.reopened += self._reopening
        self._left_foreign = self._foreign > 0 and (self._left_foreign or name in ("br", "p"))
        if name in ("html", "body") or name not in self.names:
            return
        place = len(self.names) - 1 - self.names[::-1].index(name)
        inside = self.names[place + 1 :]
        if inside and (name not in _ENDS_OTHERS or not _NOT_ENDED_BY_OTHERS.isdisjoint(inside)):
            return
        kept = [other for other in inside if other in _REOPENED]
        for ended in self.names[place:]:
            self._count(ended, -1)
        for other in kept:
            self._count(other, 1)
        self.names[place:] = kept

    def are_too_many(self) -> bool:
        return len(self.names) > _DEPTH_LIMIT or self.reopened > _REOPENED_LIMIT

    def _count(self, name: str, by: int) -> None:
        self._reopening += by if name in _REOPENED else 0
        self._foreign += by if name in _FOREIGN else 0


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

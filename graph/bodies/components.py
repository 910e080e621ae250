"""Links that components and shortcodes have in their attributes: `<LinkCard href="/x/" />`, `{{< card link="/x/" >}}`."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from html import unescape
from operator import itemgetter
from typing import NamedTuple

from graph.bodies.tags import Tag, Untagged
from graph.bodies.targets import BodyLink, body_link, reference_link

_COMPONENT = re.compile(
    rb"<(?P<name>a|[A-Z][A-Z0-9]*[a-z][\w.]*|[a-z]+(?:-[a-z0-9]+)+)(?=[\s/>])"
    rb"(?P<attributes>(?:\"[^\"]*\"|'[^']*'|\{(?:[^{}]|\{[^{}]*\})*+\}|[^<>\"'{])*+)(?:>(?P<text>[^<>]{0,300}))?"
)
"""A tag that is no element of HTML, or that of a link. What it takes in is not looked at again, so the search is linear."""
_UNSEEN = re.compile(rb"<(?:!--|(?P<name>script|style|pre)(?=[\s>]))")
_CALL = re.compile(r"\{[{%][<%]?-?\s*(?P<name>[\w./-]+)[\s(](?P<attributes>.*)", re.DOTALL)
_ATTRIBUTE = re.compile(
    r"(?<![\w:.-])(?P<name>[A-Za-z_][\w:.-]*+)\s*+=\s*+(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|`(?P<back>[^`]*)`|\{(?P<braces>(?:[^{}]|\{[^{}]*\})*+)\}"
    r"|(?P<bare>[^\s\"'`{}=<>,)%]+))"
)
_LITERAL = re.compile(r"\s*(?:\"([^\"]*)\"|'([^']*)'|`([^`$]*)`)\s*")
_ADDRESSES = ("href", "link", "to", "url")
_REFERENCES = ("relref", "ref")
_TITLES = ("title", "label", "text", "name", "heading")
_SURELY_ADDRESS = re.compile(r"(?:/|\.\.?/|@/|https?://)|[^\s]+\.mdx?(?:#.*)?\Z")
_NO_ADDRESS = frozenset({"", "true", "false"})
_LINKING = frozenset({"ref", "relref", "post_url", "link"})
"""Tags that are an address themselves, wherever they stand."""


class Spans:
    """Parts of a text that do not overlap, in its order."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._spans = list(spans)

    def __contains__(self, place: int) -> bool:
        number = bisect_right(self._spans, place, key=itemgetter(0)) - 1
        return number >= 0 and place < self._spans[number][1]


class PlacedLink(NamedTuple):
    """A link, and the byte of the text at which what has it begins."""

    place: int
    link: BodyLink


def component_links(untagged: Untagged, text: bytes) -> Iterator[PlacedLink]:
    """The links in the attributes of components, in code as well; those of `a` that are written as JSX has it."""
    unseen = Spans(_unseen(text)) if b"<" in text else Spans(())
    for found in _COMPONENT.finditer(text) if b"=" in text else ():
        if found.start() in unseen:
            continue
        said = {
            name: value
            for name, value, is_jsx in _attributes(found["attributes"].decode())
            if is_jsx or found["name"] != b"a"
        }
        inside = "" if found["attributes"].rstrip().endswith(b"/") else (found["text"] or b"").decode("utf-8", "ignore")
        if link := _link(untagged, said, inside, is_free=True):
            yield PlacedLink(found.start(), link)


def shortcode_links(untagged: Untagged, text: bytes) -> Iterator[PlacedLink]:
    """The links in the attributes of shortcodes and of tags that include a template, in code as well."""
    for place, tag in untagged.placed(text):
        call = _CALL.match(tag.source) if "=" in tag.source and _may_link(tag) else None
        if call is not None and call["name"] not in _LINKING:
            said = {name: value for name, value, _ in _attributes(call["attributes"])}
            if link := _link(untagged, said, "", is_free=False):
                yield PlacedLink(place, link)


def _may_link(tag: Tag) -> bool:
    return tag.code is None and not tag.is_in_address


def _unseen(text: bytes) -> Iterator[tuple[int, int]]:
    """Where comments and elements stand whose text is none of the page."""
    place, lowered = 0, text.lower()
    while found := _UNSEEN.search(lowered, place):
        closing = b"-->" if found["name"] is None else b"</" + found["name"]
        end = lowered.find(closing, found.end())
        place = end if end >= 0 else len(text)
        yield found.start(), place


def _attributes(text: str) -> Iterator[tuple[str, str, bool]]:
    """The names, values, and whether the value is written as JSX has it; of code that is not run nothing."""
    for found in _ATTRIBUTE.finditer(text):
        braces = found["braces"]
        if braces is None:
            value = next(filter(None, found.group("double", "single", "back", "bare")), "")
            yield found["name"].lower(), unescape(value), False
        elif literal := _LITERAL.fullmatch(braces):
            yield found["name"].lower(), next(filter(None, literal.groups()), ""), True


def _link(untagged: Untagged, said: dict[str, str], inside: str, *, is_free: bool) -> BodyLink | None:
    """`is_free`: whether `href` may hold any address, as in HTML. From where a shortcode counts `topics/api` only its template tells."""
    text = next((said[name] for name in _TITLES if said.get(name)), inside)
    for name in _REFERENCES:
        if reference := said.get(name):
            return reference_link(reference, text)
    for name in _ADDRESSES:
        address = said.get(name, "").strip()
        is_address = is_free and name in ("href", "link") and address.lower() not in _NO_ADDRESS and " " not in address
        if is_address or _SURELY_ADDRESS.match(address):
            return body_link(untagged, address, text, 0)
    return None

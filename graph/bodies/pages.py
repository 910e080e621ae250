"""Bodies as HTML that is safe to show, with their headings; and as the words that a reader sees."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import NamedTuple
from urllib.parse import quote, unquote

import nh3
import pyromark
from slugify import slugify

from graph.bodies.html_pages import headings, parsed_html, visible_text
from graph.bodies.markdown import OPTIONS, parsable
from graph.bodies.tags import Tag, Untagged, without_tags
from graph.bodies.targets import tag_target
from graph.checkpoints import checked
from graph.model import BodyFormat

PAGE_LIMIT = 1024 * 1024
"""Characters of a body that is shown as HTML; a longer one is shown as it is written."""
_NOWHERE = "%00"
"""An address that only the generator knows."""
ID_PREFIX = "body-"
"""Begins the ids in a body, so that they are none of the page that it is shown on."""
_WORDS_A_MINUTE, _CHARACTERS_A_MINUTE = 220, 500
_SPACELESS = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0e7f\U00020000-\U0003ffff]")
_MARKUP = re.compile(r"[<>\[\]*_`#&\\|~{}=]|%%|^[ \t]*(?:[-+]|\d+[.)])|^(?: {4}|\t)", re.MULTILINE)
_TAGS = nh3.ALLOWED_TAGS - {"map", "area"}
_ATTRIBUTES = {
    **nh3.ALLOWED_ATTRIBUTES,
    "code": {"class"},
    **{tag: {"id"} for tag in ("h1", "h2", "h3", "h4", "h5", "h6", "div", "sup", "li", "section")},
}


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a body."""

    level: int
    """From 1."""
    text: str
    anchor: str
    """The id of the heading in the HTML."""


class HtmlPage(NamedTuple):
    """A body as it can be shown."""

    html: str
    headings: tuple[Heading, ...]


def html_page(body: str, written: BodyFormat, addresses: Mapping[str, str]) -> HtmlPage:
    """The body as HTML without anything that runs or reaches beyond it, its headings with ids.

    `addresses`: where links lead instead, by the address in the body. Links of notes that lead nowhere become text.
    Cost: linear in the body.
    """
    known = {unquote(address): target for address, target in addresses.items()}
    page = parsed_html(_html(body, written, known)) if len(body) <= PAGE_LIMIT else None
    if page is None or page.body is None:
        return HtmlPage(f"<pre>{escape(body)}</pre>", ())
    found: list[Heading] = []
    taken: dict[str, int] = {}
    for node in checked(headings(page)):
        text = " ".join(node.text().split())
        anchor = _free(node.attributes.get("id") or slugify(text, allow_unicode=True) or "section", taken)
        node.attrs["id"] = anchor
        found.append(Heading(int((node.tag or "h1")[1]), text, f"{ID_PREFIX}{anchor}"))
    html = nh3.clean(
        page.body.inner_html or "",
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=partial(_attribute, known),
        id_prefix=ID_PREFIX,
        link_rel="noopener noreferrer",
    )
    return HtmlPage(html.strip(), tuple(found))


def plain_text(body: str, written: BodyFormat) -> str:
    """The words of a body, a line for each block: without markup, tags of templates, scripts and styles.

    Cost: linear in the body; next to nothing for one without any markup.
    """
    if written is not BodyFormat.HTML and not _MARKUP.search(body):
        return "\n".join(filter(None, (" ".join(line.split()) for line in body.split("\n"))))
    page = parsed_html(_html(body, written, None)) if len(body) <= PAGE_LIMIT else None
    return body if page is None else visible_text(page)


def reading_minutes(text: str) -> int:
    """How long it takes to read a text, at 220 words a minute or 500 characters of scripts without spaces; at least 1."""
    characters = len(_SPACELESS.findall(text))
    words = len(_SPACELESS.sub(" ", text).split())
    return max(1, math.ceil(words / _WORDS_A_MINUTE + characters / _CHARACTERS_A_MINUTE))


def _html(body: str, written: BodyFormat, known: Mapping[str, str] | None) -> str:
    untagged = without_tags(body, written)
    if written is BodyFormat.HTML:
        return untagged.replaced(untagged.text, _shown)
    return pyromark.html(_markdown(untagged, known), options=OPTIONS)


class _Edit(NamedTuple):
    """A part of the text, as UTF-8, that is replaced."""

    start: int
    end: int
    text: str


def _markdown(untagged: Untagged, known: Mapping[str, str] | None) -> str:
    """The markdown that a generator would read: tags in code as they are written, those in addresses as what they stand for.

    With `known`, wiki links to other places become text.
    """
    source = parsable(untagged.text)
    if not untagged.tags and not (known is not None and "[[" in source):
        return source
    data = source.encode()
    pieces: list[str] = []
    place = 0
    for start, end, text in _edits(untagged, source, data, known):
        if start >= place:
            pieces += (untagged.replaced(data[place:start].decode(), _shown), text)
            place = end
    pieces.append(untagged.replaced(data[place:].decode(), _shown))
    return "".join(pieces)


def _edits(untagged: Untagged, source: str, data: bytes, known: Mapping[str, str] | None) -> Iterator[_Edit]:
    is_code = False
    for event, span in checked(pyromark.events_with_range(source, options=OPTIONS, merge_text=True)):
        if isinstance(event, str):
            continue
        start, end = span["start"], span["end"]
        [(name, value)] = event.items()
        if name in ("Start", "End") and _is_code_block(value):
            is_code = name == "Start"
        elif untagged.tags and (name == "Code" or (name == "Text" and is_code)):
            yield _Edit(start, end, untagged.replaced(data[start:end].decode(), lambda tag: tag.source))
        elif known is not None and name == "Start" and isinstance(value, dict):
            yield from _wiki_edits(value, _Edit(start, end, data[start:end].decode()), known)


def _is_code_block(element: object) -> bool:
    return element == "CodeBlock" or (isinstance(element, dict) and "CodeBlock" in element)


def _wiki_edits(
    element: Mapping[str, Mapping[str, object]], written: _Edit, known: Mapping[str, str]
) -> Iterator[_Edit]:
    """Notes within notes become links; links to nowhere become their texts."""
    [(kind, value)] = element.items()
    if kind not in ("Link", "Image") or not isinstance(value.get("link_type"), dict):
        return
    is_known = unquote(str(value["dest_url"]).removesuffix("\\")) in known
    if kind == "Image" and is_known:
        yield written._replace(text=written.text.removeprefix("!"))
    elif kind == "Link" and not is_known:
        yield written._replace(text=written.text.strip("[]").rpartition("|")[2])


def _shown(tag: Tag) -> str:
    """What a tag outside code stands for."""
    if tag.is_in_address:
        _, target = tag_target(tag)
        return quote(target, safe="/#?=&.:@-_~%")
    return f"\n\n```\n{tag.code.strip()}\n```\n\n" if tag.code else ""


def _free(anchor: str, taken: dict[str, int]) -> str:
    """The id, with a number if it is taken. `taken` are ids, each with the last number that it was given."""
    found, number = anchor, taken.get(anchor, 0)
    while found in taken:
        number += 1
        found = f"{anchor}-{number}"
    taken[anchor] = number
    taken.setdefault(found, 0)
    return found


def _attribute(known: Mapping[str, str], tag: str, name: str, value: str) -> str | None:
    if tag == "code":
        return value if value.startswith("language-") else None
    if name != "href":
        return value
    if not value or _NOWHERE in value:
        return None
    if value.startswith("#"):
        return f"#{ID_PREFIX}{value[1:]}"
    address = unquote(value).removeprefix("@/").removesuffix("\\")
    target = known.get(address)
    return value if target is None else target

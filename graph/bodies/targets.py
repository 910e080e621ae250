"""What a link says of its target, in whatever way its site has → `BodyLink`."""

import re
from enum import Enum
from typing import NamedTuple

from graph.bodies.tags import Tag, Untagged

_TARGET_LIMIT, _TEXT_LIMIT = 2_048, 300
_REFERENCE = re.compile(
    r"\{\{[<%]-?\s*(?:rel)?ref\s++(?:[^>%]*?\bpath\s*=\s*)?(?:\"([^\"]+)\"|`([^`]+)`|([^\s\"`=<>%]+))"
)
_POST = re.compile(r"\{%-?\s*post_url\s+(\S+)\s*-?%\}")
_FILE = re.compile(r"\{%-?\s*link\s++((?:[^\s%-]|-(?!%\})|\s++(?!-?%\}))++)\s*-?%\}")
_LITERAL = re.compile(r"\{\{-?\s*(?:\"([^\"]*)\"|'([^']*)')\s*(?:\|[^}]*)?-?\}\}")
_ROOT = re.compile(
    r"\{\{-?\s*(?:site\.(?:base_?url|url|github\.url)|\.?site\.baseurl|base_?url|pathprefix|config\.base_url)"
    r"\s*(?:\|[^}]*)?-?\}\}",
    re.IGNORECASE,
)
_GHOST = "__GHOST_URL__"
_PELICAN = re.compile(r"[{|](?P<kind>filename|static|attach|tag|category|author|index)[}|](?P<path>.*)", re.DOTALL)
"""How Pelican links: to a file beside the document, to one below the folder of documents if the path begins with `/`, or to a list."""
_OF_FILES = frozenset({"filename", "static", "attach"})
_UNKNOWN = "\0"


class LinkStyle(Enum):
    """How a link names its target."""

    URL = "url"
    """An address: absolute, from the root of the site, or relative."""
    WIKI = "wiki"
    """`[[Name#Heading]]`."""
    REFERENCE = "ref"
    """Hugo's `ref` and `relref`."""
    POST = "post"
    """Jekyll's `post_url`: the name of a post's file."""
    FILE = "file"
    """Jekyll's `link`, `@/` and `{filename}/`: the path of a file below the site's folder."""


class BodyLink(NamedTuple):
    """A link as it was written."""

    style: LinkStyle
    target: str
    text: str
    """Without markup, on one line; empty if the link has none."""
    line: int
    """Of the body, from 0."""


def body_link(untagged: Untagged, address: str, text: str, line: int, is_wiki: bool = False) -> BodyLink | None:
    """The link to an address; None if it is to no page: within the page, a mail, or known to nobody but the generator."""
    # In a table the bar of `[[Name\\|text]]` is escaped.
    style, target = (LinkStyle.WIKI, address.removesuffix("\\")) if is_wiki else named_target(untagged, address)
    target = target.strip()
    if not target or target[0] in "#?{" or _UNKNOWN in target or len(target) > _TARGET_LIMIT:
        return None
    if style is LinkStyle.URL and _has_other_scheme(target):
        return None
    shown = " ".join(untagged.replaced(text, shown_text).split())
    return BodyLink(style, target, shown[:_TEXT_LIMIT].encode("utf-8", "replace").decode(), line)


def reference_link(path: str, text: str) -> BodyLink | None:
    """The link to a page as `ref` and `relref` name it."""
    target = path.strip()
    is_usable = target and target[0] not in "#?" and len(target) <= _TARGET_LIMIT
    return BodyLink(LinkStyle.REFERENCE, target, " ".join(text.split())[:_TEXT_LIMIT], 0) if is_usable else None


def named_target(untagged: Untagged, address: str) -> tuple[LinkStyle, str]:
    """How an address that may hold tags names its target."""
    styles: list[LinkStyle] = []

    def written(tag: Tag) -> str:
        style, text = tag_target(tag)
        styles.append(style)
        return text

    target = untagged.replaced(address.strip(), written).removeprefix(_GHOST)
    if target.startswith("@/"):
        return LinkStyle.FILE, target[2:]
    if of_pelican := _PELICAN.match(target):
        path = of_pelican["path"] if of_pelican["kind"] in _OF_FILES else _UNKNOWN
        return (LinkStyle.FILE, path[1:]) if path.startswith("/") else (LinkStyle.URL, path)
    return next((style for style in styles if style is not LinkStyle.URL), LinkStyle.URL), target


def shown_text(tag: Tag) -> str:
    """What shows of a tag."""
    return tag.code or ""


def tag_target(tag: Tag) -> tuple[LinkStyle, str]:
    """What a tag inside an address stands for."""
    for pattern, style in _STYLES:
        if match := pattern.match(tag.source):
            return style, next(filter(None, match.groups()), "")
    return LinkStyle.URL, "" if _ROOT.match(tag.source) else _UNKNOWN


_STYLES = (
    (_REFERENCE, LinkStyle.REFERENCE),
    (_POST, LinkStyle.POST),
    (_FILE, LinkStyle.FILE),
    (_LITERAL, LinkStyle.URL),
)


def _has_other_scheme(target: str) -> bool:
    scheme, colon, _ = target.partition(":")
    return (
        bool(colon)
        and scheme.lower() not in ("http", "https")
        and re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*", scheme) is not None
    )

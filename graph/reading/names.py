"""Names out of links and hashtags: what `[[Bees|about bees]]`, `[bees](bees.md)` and `#bees` name."""

import re

from graph.model import JsonValue

_WIKILINK = re.compile(r"!?\[\[(?P<target>[^\[\]|]*)(?:\|[^\[\]]*)?\]\]")
_ADDRESS = re.compile(r"(?<!\s)\s*<[^<>]*>")
_BETWEEN_PERSONS = re.compile(r",\s+(?:and\s+|&\s+)?|(?<!\s)\s+(?:and|&)\s+")
_OFFICE = re.compile(
    r"\b(?:architect|chief|coordinator|designer|developer|director|editor|engineer|founder|head of|manager|officer|president"
    r"|professor|secretary|c[efit]o)s?\b",
    re.IGNORECASE,
)
"""What stands after a name and is none: “Ada Quill, Chief Editor”."""
_LINK = re.compile(r"\[(?P<text>[^\[\]]+)\]\([^()]*\)")


def plain_name(text: str) -> str:
    """What the text names if it is one link: the file of a wikilink, the text of a markdown link; else the text itself."""
    if "[" not in text:
        return text
    stripped = text.strip()
    if match := _WIKILINK.fullmatch(stripped):
        target = match["target"].partition("#")[0].strip() or match["target"]
        return target.rsplit("/", 1)[-1].removesuffix(".md")
    match = _LINK.fullmatch(stripped)
    return match["text"] if match else text


def unnested(item: JsonValue, *, is_only: bool) -> JsonValue:
    """The item of a list; `Bees`, where YAML made two lists of `[[Bees]]` without quotes.

    If it is the only item, the outer of the two may be the list that it stands in.
    """
    inner: JsonValue = item
    while isinstance(inner, list) and len(inner) == 1 and (is_only or isinstance(inner[0], list)):
        (inner,), is_only = inner, True
    return inner if isinstance(inner, str) else item


def without_sign(name: str) -> str:
    """A tag without the sign before it: `#bees` is bees."""
    return name.lstrip("#").strip() if name[:1] == "#" and name.lstrip("#")[:1].isalnum() else name


def persons_in(text: str) -> list[str]:
    """The persons that a text names: after semicolons, or after commas and “and” where each part is a whole name.

    “Quill, Ada” is one person. An address in angle brackets is none of the name.
    """
    text = _ADDRESS.sub("", text).strip()
    if plain_name(text) != text:
        return [text]
    parts = text.split(";") if ";" in text else _BETWEEN_PERSONS.split(text)
    names = [part.strip() for part in parts if part.strip()]
    names = [*names[:1], *(name for name in names[1:] if not _OFFICE.search(name))]
    if ";" not in text and not all(" " in name for name in names):
        return [text]
    return names

"""Texts of others in markdown: none of them ends the line, the link or the fence that it stands in, or hides anything from people."""

import re

from graph.context_packs.budget import shortened, size

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)
"""What moves a cursor or the direction of writing, or is read by a model and seen by nobody; not what letters are joined by."""
_BREAKS = re.compile("\r\n?|[\u2028\u2029\x85]")
_SPECIAL = re.compile(r"[\\`*\[\]<>]")
_BACKTICKS = re.compile("`+")
_ADDRESS = re.compile(r"https?://[^\s<>\\`\"]+")
_SHORTEST_FENCE = 3


def visible(text: str) -> str:
    """The text without what cannot be seen, its lines ended alike."""
    return _INVISIBLE.sub("", _BREAKS.sub("\n", text))


def inline(text: str, most: int) -> str:
    """The text on one line, in which it means nothing but itself, of so many bytes at most before signs are escaped."""
    return _SPECIAL.sub(r"\\\g<0>", shortened(" ".join(visible(text).split()), most))


def code(text: str) -> str:
    """The text on one line, in a span of code."""
    return f"`{' '.join(visible(text).replace('`', '').split())}`"


def address(url: str) -> str:
    """The URL as a link, if it is one to a page."""
    return f"<{url}>" if _ADDRESS.fullmatch(url) else ""


def fenced(text: str, info: str, most: int) -> str:
    """The text, or its beginning, between fences that do not occur in it, in so many bytes at most; empty if nothing has room."""
    shown = shortened(visible(text).strip("\n"), most)
    fence = "`" * max(_SHORTEST_FENCE, 1 + max(map(len, _BACKTICKS.findall(shown)), default=0))
    around = 2 * len(fence) + size(info) + 2
    shown = shortened(shown, most - around)
    return f"{fence}{info}\n{shown}\n{fence}" if shown.strip() else ""

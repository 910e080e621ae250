"""The dialect of markdown in which bodies are read: what the common generators understand, together."""

import re

from pyromark import Options

OPTIONS = (
    Options.ENABLE_WIKILINKS
    | Options.ENABLE_TABLES
    | Options.ENABLE_FOOTNOTES
    | Options.ENABLE_STRIKETHROUGH
    | Options.ENABLE_TASKLISTS
    | Options.ENABLE_HEADING_ATTRIBUTES
    | Options.ENABLE_GFM
)
_CONTAINERS = re.compile(r"^[ \t>*+\-0-9.)]{400,}", re.MULTILINE)
"""Quotations and lists nested hundreds of levels deep, which take time that is quadratic in them."""


def parsable(text: str) -> str:
    """The text as it can be given to a parser, whatever it is, with as many lines."""
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode()
    return _CONTAINERS.sub("", text)

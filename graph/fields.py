"""What the fields of an article are: how each is called, read, compared, and exported.

The table itself is `graph.model.ArticleFields`, one line for each field. Reading checks documents and copies by it, merging
compares them by it, look-ups know the URLs from it, and exports and the documentation list it.
"""

from dataclasses import dataclass, field, fields
from enum import Enum
from typing import Any

_SPEC = "frontgraph"


class FieldKind(Enum):
    """How the values of a field are written, and when two of them are the same."""

    TEXT = "text"
    NAME = "text of at most 500 characters"
    MOMENT = "a moment"
    URL = "a URL"
    """As written; two are the same if they are one address."""
    NUMBER = "a whole number"
    IMAGES = "images"
    """Two lists are the same if they have the same URLs."""


@dataclass(frozen=True, slots=True)
class ArticleField:
    """One row of the table."""

    attribute: str
    """As Python has it: `web_url`."""
    name: str
    """As front matter and the API have it: `webUrl`."""
    kind: FieldKind
    export: str | None
    """As exports have it; None if it is in none."""
    least: int | None
    """A smaller number means that there is no value."""


def row(kind: FieldKind, *, export: str | None = "", least: int | None = None) -> Any:
    """A line of the table; in exports the field is called as in front matter, unless told otherwise."""
    return field(default=() if kind is FieldKind.IMAGES else None, metadata={_SPEC: (kind, export, least)})


def article_fields(table: type[Any]) -> tuple[ArticleField, ...]:
    """The rows of the table, in its order."""
    rows = []
    for line in fields(table):
        kind, export, least = line.metadata[_SPEC]
        name = _camel_case(line.name)
        rows.append(ArticleField(line.name, name, kind, name if export == "" else export, least))
    return tuple(rows)


def _camel_case(attribute: str) -> str:
    first, *rest = attribute.split("_")
    return first + "".join(map(str.capitalize, rest))

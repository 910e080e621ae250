"""The values of the fields that documents and copies have alike: the table of `graph.fields`, read."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from graph.fields import ArticleField, FieldKind
from graph.model import ARTICLE_FIELDS
from graph.reading.field_reader import FieldReader


def article_values(reader: FieldReader) -> dict[str, Any]:
    """The values of the fields that documents and copies have alike, by attribute."""
    said = reader.fields
    return {
        field.attribute: _value(reader, field) if field.name in said else _ABSENT.get(field.kind)
        for field in ARTICLE_FIELDS
    }


_ABSENT: Mapping[FieldKind, object] = MappingProxyType({FieldKind.IMAGES: ()})
"""What a field of a kind has for no value, if that is not None."""


def _value(reader: FieldReader, field: ArticleField) -> Any:
    match field.kind:
        case FieldKind.TEXT:
            return reader.text(field.name)
        case FieldKind.NAME:
            return reader.name(field.name)
        case FieldKind.MOMENT:
            return reader.date_time(field.name)
        case FieldKind.URL:
            return reader.url(field.name)
        case FieldKind.NUMBER:
            number = reader.integer(field.name)
            return None if number is None or (field.least is not None and number < field.least) else number
        case FieldKind.IMAGES:
            return reader.images(field.name)

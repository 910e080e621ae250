"""How the fields of records stand in columns: a column for each field, of the type that the field is annotated with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints

import orjson

from graph.model import NODE_TYPES, ArticleLink, FieldConflict, Image, NodeKind


class ColumnType(Enum):
    """What a column holds; null where a value is missing."""

    TEXT = "TEXT"
    NUMBER = "NUMBER"
    """A whole number of 64 bits."""
    TRUTH = "TRUTH"
    MOMENT = "MOMENT"
    """In UTC, to the microsecond."""
    TEXTS = "TEXTS"
    """A list of texts, never null."""
    JSON = "JSON"
    """Nested values as JSON text, never null."""


class Column(NamedTuple):
    """One column of a table."""

    name: str
    type: ColumnType


class _Field(NamedTuple):
    """How one field of a record becomes a value of a column, and what that means; None where the value is the same."""

    column: Column
    write: Callable[[Any], Any] | None
    read: Callable[[Any], Any] | None


_SCALARS: Mapping[type, ColumnType] = MappingProxyType(
    {str: ColumnType.TEXT, int: ColumnType.NUMBER, bool: ColumnType.TRUTH}
)


@dataclass(frozen=True, slots=True)
class RecordColumns:
    """The columns of records, and records as rows of them."""

    columns: tuple[Column, ...]
    to_row: Callable[[Any], list[Any]]
    to_record: Callable[..., Any]
    """Takes a row's values one by one."""


@cache
def record_columns(kind: NodeKind) -> RecordColumns:
    """The columns of the records of a kind of nodes, in the order of their fields."""
    record_type: Any = NODE_TYPES[kind]
    hints = get_type_hints(record_type)
    found = [_field(field.name, hints[field.name]) for field in fields(record_type)]
    names = [field.column.name for field in found]
    writes = [(index, field.write) for index, field in enumerate(found) if field.write]
    reads = [(index, field.read) for index, field in enumerate(found) if field.read]

    def to_row(record: Any) -> list[Any]:
        row = [getattr(record, name) for name in names]
        for index, write in writes:
            if row[index] is not None:
                row[index] = write(row[index])
        return row

    def to_record(*values: Any) -> Any:
        row = list(values)
        for index, read in reads:
            if row[index] is not None:
                row[index] = read(row[index])
        return record_type(**dict(zip(names, row, strict=True)))

    return RecordColumns(tuple(field.column for field in found), to_row, to_record)


def _field(name: str, hint: Any) -> _Field:
    """Of an annotation such as `str`, `int | None`, `tuple[Image, ...]` or an enum."""
    if get_origin(hint) is UnionType:
        (hint,) = (part for part in get_args(hint) if part is not NoneType)
    if hint is datetime:
        return _Field(Column(name, ColumnType.MOMENT), None, lambda moment: moment.replace(tzinfo=UTC))
    if hint in _SCALARS:
        return _Field(Column(name, _SCALARS[hint]), None, None)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _Field(Column(name, ColumnType.TEXT), lambda value: value.value, hint)
    if get_origin(hint) is tuple:
        member, _ = get_args(hint)
        if member is str:
            return _Field(Column(name, ColumnType.TEXTS), list, tuple)
        read = _MEMBERS[member]
        return _Field(Column(name, ColumnType.JSON), to_json, lambda text: tuple(map(read, orjson.loads(text))))
    return _Field(Column(name, ColumnType.JSON), to_json, lambda text: MappingProxyType(orjson.loads(text)))


def to_json(value: Any) -> str:
    """JSON text, in which keys keep their order and records are objects."""
    return orjson.dumps(value, default=dict).decode()


def _image(values: Mapping[str, Any]) -> Image:
    return Image(**values)


def _link(values: Mapping[str, Any]) -> ArticleLink:
    return ArticleLink(values["text"], tuple(values["addresses"]))


def _conflict(values: Mapping[str, Any]) -> FieldConflict:
    return FieldConflict(**values)


_MEMBERS: Mapping[type, Callable[[Mapping[str, Any]], Any]] = MappingProxyType(
    {Image: _image, ArticleLink: _link, FieldConflict: _conflict}
)
"""The records inside of records."""

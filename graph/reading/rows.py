"""Records ↔ JSON: a record is the list of its fields' values. Data and nothing but data, so bytes from anywhere do no harm."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Generic, TypeVar

import orjson

from graph.model import Image, JsonValue
from graph.problems import Problem, ProblemCode, Severity

R = TypeVar("R")
Row = list[Any]


class RowError(Exception):
    """Bytes or rows that do not hold the records that are expected."""


class Record(Generic[R]):
    """How to read records of one kind."""

    def __init__(self, kind: type[R], decoders: Mapping[str, Callable[[Any], Any]]) -> None:
        """The decoders make of JSON what it has no form for, for the fields that need it and unless they are None."""
        names = field_names(kind)
        self._kind: Callable[..., R] = kind
        self._length = len(names)
        self._decoders = [(names.index(name), decode) for name, decode in decoders.items()]

    def read(self, row: Row) -> R:
        """The record of a row, which is used up.

        Raises:
            RowError: the row is none of this kind.
        """
        try:
            if len(row) != self._length:
                raise RowError(f"A {self._kind.__name__} has {self._length} fields.")
            for index, decode in self._decoders:
                if row[index] is not None:
                    row[index] = decode(row[index])
            return self._kind(*row)
        except (ValueError, TypeError, LookupError, AttributeError) as cause:
            raise RowError(f"A row is no {self._kind.__name__}.") from cause


def write_rows(value: Any) -> bytes:
    """Lists of records, and whatever JSON has, as bytes."""
    return orjson.dumps(value, default=to_row, option=orjson.OPT_PASSTHROUGH_DATACLASS)


def read_rows(data: bytes) -> Any:
    """The rows in these bytes.

    Raises:
        RowError: they are no JSON.
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as cause:
        raise RowError("The bytes are no JSON.") from cause


def to_row(value: Any) -> Any:
    """A record's row; a read-only mapping as a plain one."""
    if is_dataclass(value) and not isinstance(value, type):
        return list(_values(type(value))(value))
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value))


def field_names(kind: type[Any]) -> tuple[str, ...]:
    """The fields in the order of a row."""
    return tuple(field.name for field in fields(kind))


@cache
def _values(kind: type[Any]) -> Callable[[Any], tuple[Any, ...]]:
    return attrgetter(*field_names(kind))


def read_images(rows: list[Row]) -> tuple[Image, ...]:
    return tuple(Image(*row) for row in rows)


def read_mapping(value: dict[str, JsonValue]) -> Mapping[str, JsonValue]:
    return MappingProxyType(value)


read_moment = datetime.fromisoformat
PROBLEM = Record(Problem, {"severity": Severity, "code": ProblemCode, "path": tuple})

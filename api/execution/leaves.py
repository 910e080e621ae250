"""How values of scalars and enums are written as JSON: just as the reference executor would have them written."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from types import NoneType
from typing import Any, TypeAlias

import orjson
from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLString,
)

from api.json_text import plain
from api.schema.scalars import DATE_TIME

LeafWriter: TypeAlias = Callable[[Any], bytes]
LeavesWriter: TypeAlias = Callable[[Sequence[Any]], list[bytes]]


_SURELY_SHORT = 9
"""Characters, of a whole number that is within the bounds of GraphQL's."""


class NullError(Exception):
    """There is no value where there must be one."""


def leaves_writer(of_type: GraphQLLeafType, is_nullable: bool) -> LeavesWriter:
    """Writes many values; an exception says that the type has no such value.

    Those of a usual kind (text, whole numbers, dates) are written without a call of Python's for each.
    """
    write = leaf_writer(of_type)

    def write_one(value: Any) -> bytes:
        if value is not None:
            return write(value)
        if is_nullable:
            return b"null"
        raise NullError("null where there must be a value")

    if of_type in (GraphQLString, GraphQLID):
        return _texts_writer(write_one, is_nullable)
    if of_type is GraphQLInt:
        return _ints_writer(write_one, is_nullable)
    if of_type.name == DATE_TIME.name:
        return lambda values: [
            orjson.dumps(value, None, orjson.OPT_UTC_Z)
            if type(value) is datetime and value.tzinfo is UTC
            else write_one(value)
            for value in values
        ]
    return lambda values: list(map(write_one, values))


def _texts_writer(write_one: LeafWriter, is_nullable: bool) -> LeavesWriter:
    usual = frozenset({str, NoneType} if is_nullable else {str})

    def write(values: Sequence[Any]) -> list[bytes]:
        return list(map(orjson.dumps if usual.issuperset(map(type, values)) else write_one, values))

    return write


def _ints_writer(write_one: LeafWriter, is_nullable: bool) -> LeavesWriter:
    usual = frozenset({int, NoneType} if is_nullable else {int})

    def write(values: Sequence[Any]) -> list[bytes]:
        try:
            texts = list(map(orjson.dumps if usual.issuperset(map(type, values)) else write_one, values))
        except orjson.JSONEncodeError:  # more than 64 bits, or no JSON: whichever it is, the other way tells
            return list(map(write_one, values))
        return texts if max(map(len, texts), default=0) <= _SURELY_SHORT else list(map(write_one, values))

    return write


def leaf_writer(of_type: GraphQLLeafType) -> LeafWriter:
    """Writes a value that is not None; an exception says that the type has no such value."""
    if isinstance(of_type, GraphQLEnumType):
        return _enum_writer(of_type)
    if of_type is GraphQLBoolean:
        return _boolean_writer
    return lambda value: orjson.dumps(of_type.coerce_output_value(value), plain)


def _enum_writer(of_type: GraphQLEnumType) -> LeafWriter:
    known: dict[Any, bytes] = {}

    def write(value: Any) -> bytes:
        found = known.get(value)
        if found is None:
            found = known[value] = orjson.dumps(of_type.coerce_output_value(value))
        return found

    return write


def _boolean_writer(value: Any) -> bytes:
    if value is True:
        return b"true"
    return b"false" if value is False else orjson.dumps(GraphQLBoolean.coerce_output_value(value))

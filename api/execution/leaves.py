"""How values of scalars and enums are written as JSON: just as the reference executor would have them written."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeAlias

import orjson
from graphql import (
    GRAPHQL_MAX_INT,
    GRAPHQL_MIN_INT,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLScalarType,
    GraphQLString,
)

from api.json_text import plain
from api.schema.scalars import DATE_TIME

LeafWriter: TypeAlias = Callable[[Any], bytes]


def leaf_writer(of_type: GraphQLLeafType) -> LeafWriter:
    """Writes a value that is not None; an exception says that the type has no such value."""
    if isinstance(of_type, GraphQLEnumType):
        return _enum_writer(of_type)
    if of_type in (GraphQLString, GraphQLID):
        return _text_writer(of_type)
    if of_type is GraphQLInt:
        return _int_writer
    if of_type is GraphQLBoolean:
        return _boolean_writer
    if of_type.name == DATE_TIME.name:
        return _date_time_writer(of_type)
    return lambda value: orjson.dumps(of_type.coerce_output_value(value), plain)


def _enum_writer(of_type: GraphQLEnumType) -> LeafWriter:
    known: dict[Any, bytes] = {}

    def write(value: Any) -> bytes:
        found = known.get(value)
        if found is None:
            found = known[value] = orjson.dumps(of_type.coerce_output_value(value))
        return found

    return write


def _text_writer(of_type: GraphQLScalarType) -> LeafWriter:
    return lambda value: orjson.dumps(value if type(value) is str else of_type.coerce_output_value(value))


def _date_time_writer(of_type: GraphQLScalarType) -> LeafWriter:
    def write(value: Any) -> bytes:
        if type(value) is datetime and value.tzinfo is UTC:
            return orjson.dumps(value, option=orjson.OPT_UTC_Z)
        return orjson.dumps(of_type.coerce_output_value(value))

    return write


def _int_writer(value: Any) -> bytes:
    if type(value) is int and GRAPHQL_MIN_INT <= value <= GRAPHQL_MAX_INT:
        return b"%d" % value
    return orjson.dumps(GraphQLInt.coerce_output_value(value))


def _boolean_writer(value: Any) -> bytes:
    if value is True:
        return b"true"
    return b"false" if value is False else orjson.dumps(GraphQLBoolean.coerce_output_value(value))

"""Scalars beyond GraphQL's own."""

from datetime import datetime
from typing import NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from graph.dates import format_date_time, parse_date_time


def _parse_date_time(value: object) -> datetime:
    moment = parse_date_time(value) if isinstance(value, str) else None
    if moment is None:
        raise GraphQLError(f"DateTime cannot represent {value!r}; write it like 2024-05-03T09:30:00Z.")
    return moment


def _serialize_date_time(value: datetime) -> str:
    return format_date_time(value)


DATE_TIME: ScalarDefinition = strawberry.scalar(
    name="DateTime",
    description="A moment in ISO 8601. Answers are always in UTC, `2024-05-03T09:30:00Z`; inputs may have any zone, or be a date alone (its midnight, UTC).",
    specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
    serialize=_serialize_date_time,
    parse_value=_parse_date_time,
)

Json = NewType("Json", object)
"""Any JSON value, in annotations."""

JSON: ScalarDefinition = strawberry.scalar(
    name="JSON",
    description="Any JSON value: an object, a list, text, a number, a boolean or null.",
    specified_by_url="https://www.rfc-editor.org/rfc/rfc8259",
)

SCALARS: dict[object, ScalarDefinition] = {datetime: DATE_TIME, Json: JSON}
"""Python types in annotations → their scalars in the schema."""

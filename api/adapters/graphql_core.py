"""graphql-core, beyond its documented interface: messages of errors, which it gives no other mark."""

import re
from typing import NamedTuple

from graphql import GraphQLError

_TOO_MANY_TOKENS = re.compile(r"more than \d+ tokens")
_TOO_DEEP = "nested too deeply"
_SUGGESTION = re.compile(r" Did you mean [^?]*\?")
_UNKNOWN_FIELD = re.compile(r"Cannot query field '(\w+)' on type '(\w+)'\.")
_UNKNOWN_ARGUMENT = re.compile(r"Unknown argument '(\w+)' on field '(\w+)\.(\w+)'\.")
_WANTED_OBJECT = re.compile(
    r"(?P<variable>Variable '\$\w+' has invalid value(?: at (?P<place>\S+))?: )?"
    r"Expected value of type '(?P<type>\w+)!?' to be an object, found: (?P<value>.*)\.",
    re.DOTALL,
)


class UnknownField(NamedTuple):
    """A field that the type has not."""

    name: str
    type_name: str


class UnknownArgument(NamedTuple):
    """An argument that the field of the type has not."""

    name: str
    type_name: str
    field_name: str


class WantedObject(NamedTuple):
    """A value in the place of an object of an input type."""

    type_name: str
    value: str
    """As Python or GraphQL shows it."""
    place: str | None
    """Where in a variable; None in a query."""


def unknown_field(error: GraphQLError) -> UnknownField | None:
    """What the error is about, if that is an unknown field."""
    found = _UNKNOWN_FIELD.match(error.message)
    return found and UnknownField(*found.groups())


def unknown_argument(error: GraphQLError) -> UnknownArgument | None:
    """What the error is about, if that is an unknown argument."""
    found = _UNKNOWN_ARGUMENT.match(error.message)
    return found and UnknownArgument(*found.groups())


def wanted_object(message: str) -> WantedObject | None:
    """What an error with this message is about, if that is a value that is no object."""
    found = _WANTED_OBJECT.fullmatch(message)
    if found is None:
        return None
    return WantedObject(found["type"], found["value"], (found["place"] or "") if found["variable"] else None)


def is_about_tokens(error: GraphQLError) -> bool:
    """Whether the parser stopped since a document has more than `max_tokens`."""
    return _TOO_MANY_TOKENS.search(error.message) is not None


def is_about_depth(error: GraphQLError) -> bool:
    """Whether the parser stopped since a document is nested more deeply than Python's stack could take."""
    return _TOO_DEEP in error.message


def without_suggestions(message: str) -> str:
    """The message without the names that it suggests; `hide_suggestions` reaches no variables that Strawberry coerces."""
    return _SUGGESTION.sub("", message)

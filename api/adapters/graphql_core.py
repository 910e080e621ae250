"""graphql-core, beyond its documented interface: messages of errors, which it gives no other mark."""

import re
from typing import NamedTuple

from graphql import GraphQLError

_TOO_MANY_TOKENS = re.compile(r"more than \d+ tokens")
_TOO_DEEP = "nested too deeply"
_SUGGESTION = re.compile(r" Did you mean [^?]*\?")
_UNKNOWN_FIELD = re.compile(r"Cannot query field '(\w+)' on type '(\w+)'\.")
_UNKNOWN_ARGUMENT = re.compile(r"Unknown argument '(\w+)' on field '(\w+)\.(\w+)'\.")
_NO_SELECTION = re.compile(r"Field '(\w+)' of type '([\w\[\]!]+)' must have a selection of subfields\.")
_IN_VARIABLE = r"(?P<variable>Variable '\$\w+' has invalid value(?: at (?P<place>\S+))?: )?"
_WANTED_OBJECT = re.compile(
    _IN_VARIABLE + r"Expected value of type '(?P<type>\w+)!?' to be an object, found: (?P<value>.*)\.",
    re.DOTALL,
)
_UNKNOWN_KEY = re.compile(
    _IN_VARIABLE + r"Expected value of type '(?P<type>\w+)!?' not to include unknown field '(?P<name>\w+)'"
    r"(?:\. Did you mean .*? Found|, found): (?P<value>.*)\.",
    re.DOTALL,
)
_UNKNOWN_MEMBER = re.compile(
    _IN_VARIABLE + r"(?:Value '(?P<name>\w+)' does not exist in '(?P<type>\w+)' enum\."
    r"|Enum '(?P<of>\w+)' cannot represent non-enum value: [\"'](?P<text>\w+)[\"']\.)"
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


class NoSelection(NamedTuple):
    """A field of which no fields were asked for."""

    name: str
    type_name: str
    """Of what stands in it, without the marks of lists and of what is never null."""


class UnknownKey(NamedTuple):
    """A field that the input type has not."""

    name: str
    type_name: str
    value: str
    """The object that holds it, as Python or GraphQL shows it."""
    is_in_variable: bool


class UnknownMember(NamedTuple):
    """A value that the enum has not, or a text in its place."""

    name: str
    type_name: str
    is_in_variable: bool


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


def no_selection(error: GraphQLError) -> NoSelection | None:
    """What the error is about, if that is a field without a selection of its fields."""
    found = _NO_SELECTION.match(error.message)
    return found and NoSelection(found[1], found[2].strip("[]!"))


def unknown_key(message: str) -> UnknownKey | None:
    """What an error with this message is about, if that is an unknown field of an input type."""
    found = _UNKNOWN_KEY.fullmatch(message)
    return found and UnknownKey(found["name"], found["type"], found["value"], found["variable"] is not None)


def unknown_member(message: str) -> UnknownMember | None:
    """What an error with this message is about, if that is an unknown value of an enum."""
    found = _UNKNOWN_MEMBER.match(message)
    if found is None:
        return None
    is_in_variable = found["variable"] is not None
    return UnknownMember(found["name"] or found["text"], found["type"] or found["of"], is_in_variable)


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

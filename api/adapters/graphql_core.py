"""graphql-core, beyond its documented interface: messages of errors, which it gives no other mark."""

import re

from graphql import GraphQLError

_TOO_MANY_TOKENS = re.compile(r"more than \d+ tokens")
_TOO_DEEP = "nested too deeply"
_SUGGESTION = re.compile(r" Did you mean [^?]*\?")


def is_about_tokens(error: GraphQLError) -> bool:
    """Whether the parser stopped since a document has more than `max_tokens`."""
    return _TOO_MANY_TOKENS.search(error.message) is not None


def is_about_depth(error: GraphQLError) -> bool:
    """Whether the parser stopped since a document is nested more deeply than Python's stack could take."""
    return _TOO_DEEP in error.message


def without_suggestions(message: str) -> str:
    """The message without the names that it suggests; `hide_suggestions` reaches no variables that Strawberry coerces."""
    return _SUGGESTION.sub("", message)

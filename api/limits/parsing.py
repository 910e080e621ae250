"""Parses a query's text, as far as it is not too long, and validates the document, with a bound on the errors."""

import graphql
from graphql import DocumentNode, GraphQLError, GraphQLSchema, GraphQLSyntaxError

from api.adapters.graphql_core import is_about_depth, is_about_tokens
from api.adapters.strawberry import VALIDATION_RULES
from api.errors import ErrorCode
from api.limits.bounds import LimitError, Limits
from api.limits.hints import add_hints


def parse(query_text: str, limits: Limits, *, with_locations: bool = True) -> DocumentNode:
    """The parsed document; without locations, it takes less memory.

    Raises:
        LimitError: the text is too long, or nested more deeply than any parser likes.
        GraphQLSyntaxError: the text is not GraphQL.
    """
    if len(query_text) > limits.characters:
        message = (
            f"The query has {len(query_text):,} characters; the limit is {limits.characters:,}."
            " Send long values as variables, or ask in several requests."
        )
        raise LimitError(ErrorCode.QUERY_TOO_LONG, message)
    try:
        document = graphql.parse(query_text, max_tokens=limits.tokens, no_location=not with_locations)
    except GraphQLSyntaxError as error:
        refused = _refusal(error, limits)
        if refused is None:
            raise
        raise refused from error
    _unlink_tokens(document)
    return document


def _unlink_tokens(document: DocumentNode) -> None:
    """Leaves each token with the next one alone, so that none of the thousands waits for the cycle collector."""
    token = document.loc and document.loc.start_token
    while token:
        token.prev, token = None, token.next


def _refusal(error: GraphQLSyntaxError, limits: Limits) -> LimitError | None:
    """What stands for an error of the parser that is about a limit; None for any other."""
    if is_about_tokens(error):
        message = (
            f"The query has more than {limits.tokens:,} words and signs, which is the limit."
            " Use fragments for what repeats, or ask in several requests."
        )
        return LimitError(ErrorCode.QUERY_TOO_LONG, message)
    if is_about_depth(error):
        message = f"The query has far more than {limits.depth} levels, which is the limit; ask in several requests."
        return LimitError(ErrorCode.QUERY_TOO_DEEP, message)
    return None


def validate(schema: GraphQLSchema, document: DocumentNode, limits: Limits) -> list[GraphQLError]:
    """What is wrong with a document that has passed `check_document`; empty if it is valid."""
    errors = graphql.validate(
        schema,
        document,
        VALIDATION_RULES,
        max_errors=limits.validation_errors,
        hide_suggestions=not limits.is_introspection_allowed,
    )
    if limits.is_introspection_allowed:
        add_hints(schema, errors)
    return errors

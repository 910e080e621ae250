"""Validates a document, with a bound on the errors, and without suggesting names where the schema is not told."""

import re

from graphql import DocumentNode, GraphQLError, GraphQLSchema, specified_rules
from graphql import validate as validate_by_rules
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from api.limits.bounds import Limits

_RULES = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)
"""Those that Strawberry applies."""
_SUGGESTION = re.compile(r" Did you mean [^?]*\?")


def validate(schema: GraphQLSchema, document: DocumentNode, limits: Limits) -> list[GraphQLError]:
    """What is wrong with a document that has passed `check_document`; empty if it is valid."""
    return validate_by_rules(
        schema,
        document,
        _RULES,
        max_errors=limits.validation_errors,
        hide_suggestions=not limits.is_introspection_allowed,
    )


def without_suggestions(message: str) -> str:
    """The message of an error without the names that it suggests; those about variables come from outside of `validate`."""
    return _SUGGESTION.sub("", message)

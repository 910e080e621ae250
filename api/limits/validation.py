"""Validates a document, with a bound on the errors, and without suggesting names where the schema is not told."""

from graphql import DocumentNode, GraphQLError, GraphQLSchema
from graphql import validate as validate_by_rules

from api.adapters.strawberry import VALIDATION_RULES
from api.limits.bounds import Limits


def validate(schema: GraphQLSchema, document: DocumentNode, limits: Limits) -> list[GraphQLError]:
    """What is wrong with a document that has passed `check_document`; empty if it is valid."""
    return validate_by_rules(
        schema,
        document,
        VALIDATION_RULES,
        max_errors=limits.validation_errors,
        hide_suggestions=not limits.is_introspection_allowed,
    )

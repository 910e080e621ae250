"""The graph's enumerations as GraphQL enums: the names are the same, the descriptions stand here."""

from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

from graph.model import ArticleOrigin, EdgeKind, LinkDirection, NodeKind
from graph.problems import PROBLEM_MEANINGS, ProblemCode, Severity

__all__ = ["ArticleOrigin", "EdgeKind", "LinkDirection", "NodeKind", "ProblemCode", "RelatedDirection", "Severity"]

EnumT = TypeVar("EnumT", bound=Enum)


def _describe(enum: type[EnumT], description: str, meanings: Mapping[EnumT, str]) -> None:
    strawberry.enum(enum, description=description)
    definition: StrawberryEnumDefinition = enum.__strawberry_definition__  # type: ignore[attr-defined]  # set just now
    for value in definition.values:
        value.description = meanings[enum[value.name]]


_describe(
    ArticleOrigin,
    "Where an article's values come from.",
    {
        ArticleOrigin.DOCUMENT: "From the article's own file.",
        ArticleOrigin.REFERENCE: "From what other articles say of it; it has no file, or an unpublished one.",
    },
)
_describe(
    NodeKind,
    "What a node stands for.",
    {
        NodeKind.ARTICLE: "A news article.",
        NodeKind.PROVIDER: "Who published articles.",
        NodeKind.TOPIC: "What articles are about.",
        NodeKind.STORY: "Articles that tell of the same events.",
    },
)
_describe(
    EdgeKind,
    "What an edge says of the two nodes it connects.",
    {
        EdgeKind.PUBLISHED_BY: "An article was published by a provider.",
        EdgeKind.ABOUT: "An article is about a topic.",
        EdgeKind.RELATED_TO: "An article names another one as related.",
        EdgeKind.BROADER: "A topic is part of a broader one.",
    },
)
_describe(
    LinkDirection,
    "Which of two related articles names the other.",
    {
        LinkDirection.OUT: "This one names the other.",
        LinkDirection.IN: "The other names this one.",
        LinkDirection.BOTH: "Each names the other.",
    },
)
_describe(
    Severity,
    "How much a problem costs.",
    {
        Severity.ERROR: "Something an article says was left out.",
        Severity.WARNING: "No article lost anything, but something is doubtful.",
    },
)
_describe(ProblemCode, "What is wrong, in a word that never changes its meaning.", PROBLEM_MEANINGS)


@strawberry.enum(description="Which related articles are wanted.")
class RelatedDirection(Enum):
    OUT = strawberry.enum_value("OUT", description="Those that this article names.")
    IN = strawberry.enum_value("IN", description="Those that name this article.")
    ANY = strawberry.enum_value("ANY", description="Both, each once.")

"""The graph's enumerations as GraphQL enums of the same names; their descriptions are here."""

from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

import strawberry

from api.adapters.strawberry import describe_enum
from graph.analysis.affinity import Match
from graph.lists.aggregates import GroupKey
from graph.lists.timeline import TimeInterval
from graph.lists.trends import TrendWindow
from graph.model import ArticleOrigin, BodyFormat, EdgeKind, LinkDirection, NodeKind
from graph.problems import PROBLEM_MEANINGS, ProblemCode, Severity
from graph.reading.records import HiddenReason
from graph.sites.content import NOT_READ_MEANINGS
from graph.sites.content import NotRead as NotReadReason
from graph.sites.site import SiteSystem
from graph.traversal import Direction, NoPath

__all__ = [
    "ArticleOrigin",
    "BodyFormat",
    "Direction",
    "EdgeKind",
    "GraphEdgeKind",
    "GroupKey",
    "HiddenReason",
    "LinkDirection",
    "Match",
    "NoPath",
    "NodeKind",
    "NotReadReason",
    "ProblemCode",
    "Severity",
    "SiteSystem",
    "TimeInterval",
    "TrendKind",
    "TrendWindow",
]

EnumT = TypeVar("EnumT", bound=Enum)


def _describe(enum: type[EnumT], description: str, meanings: Mapping[EnumT, str], name: str | None = None) -> None:
    strawberry.enum(enum, name=name, description=description)
    describe_enum(enum, meanings)


_describe(
    ArticleOrigin,
    "Where an article's values come from.",
    {
        ArticleOrigin.DOCUMENT: "From the article's own file.",
        ArticleOrigin.REFERENCE: "From what other articles say of it; it has no file, or an unpublished one.",
    },
)
_describe(
    BodyFormat,
    "How a body is written.",
    {
        BodyFormat.MARKDOWN: "In markdown.",
        BodyFormat.MDX: "In markdown with components of JSX.",
        BodyFormat.NOTE: "In markdown as Obsidian has it, with its comments and tags.",
        BodyFormat.HTML: "In HTML.",
    },
)
_describe(
    NodeKind,
    "What a node stands for.",
    {
        NodeKind.ARTICLE: "An article: a page, a post, a note or a piece of news.",
        NodeKind.PROVIDER: "Who published articles.",
        NodeKind.TOPIC: "What articles are about.",
        NodeKind.PERSON: "Who wrote articles.",
        NodeKind.STORY: "Articles that tell of the same events.",
    },
)
_describe(
    EdgeKind,
    "What an edge says of the two nodes it connects.",
    {
        EdgeKind.PUBLISHED_BY: "An article was published by a provider.",
        EdgeKind.WRITTEN_BY: "An article was written by a person.",
        EdgeKind.ABOUT: "An article is about a topic.",
        EdgeKind.TRANSLATION_OF: "An article is a translation of another one.",
        EdgeKind.PART_OF: "An article is part of another one or of a topic, such as a series.",
        EdgeKind.RELATED_TO: "An article names another one as related.",
        EdgeKind.LINKS_TO: "The body of an article has a link to another one.",
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
_describe(
    SiteSystem,
    "What makes pages of documents.",
    {system: f"{system.value.title()}." for system in SiteSystem if system is not SiteSystem.PLAIN}
    | {SiteSystem.MKDOCS: "MkDocs.", SiteSystem.PLAIN: "Nothing that is known: a folder of documents."},
)
_describe(
    HiddenReason,
    "Why a site would not show a file.",
    {
        reason: f"It says `{reason.value}`." if ":" in reason.value else f"{reason.value.capitalize()}."
        for reason in HiddenReason
    },
)
_describe(
    NotReadReason,
    "Why what could be a document is not read.",
    {reason: f"{meaning[0].upper()}{meaning[1:]}." for reason, meaning in NOT_READ_MEANINGS.items()},
    name="NotReadReason",
)
_describe(ProblemCode, "What is wrong, in a word that never changes its meaning.", PROBLEM_MEANINGS)


_describe(
    Direction,
    "Which way edges are followed.",
    {
        Direction.OUT: "Along them: to what the node names.",
        Direction.IN: "Against them: to what names the node.",
        Direction.ANY: "Both ways.",
    },
)
_describe(
    Match,
    "How many of the topics an article must have.",
    {Match.ANY: "At least one.", Match.ALL: "Every one."},
)
_describe(
    NoPath,
    "Why there is no path.",
    {
        NoPath.DIFFERENT_COMPONENTS: "Edges of these kinds do not connect the two nodes at all.",
        NoPath.ONLY_THROUGH_HUBS: "They are connected through hubs only; ask with `throughHubs: true`.",
    },
    name="NoPathReason",
)
_describe(
    TimeInterval,
    "A unit of the calendar.",
    {
        TimeInterval.HOUR: "An hour.",
        TimeInterval.DAY: "A day; 23 or 25 hours long when clocks change.",
        TimeInterval.WEEK: "A week, from Monday.",
        TimeInterval.MONTH: "A month.",
        TimeInterval.QUARTER: "Three months, from January, April, July or October.",
        TimeInterval.YEAR: "A year.",
    },
)
_describe(
    TrendWindow,
    "How long a trend's window is.",
    {
        TrendWindow.DAY: "24 hours.",
        TrendWindow.WEEK: "7 days.",
        TrendWindow.MONTH: "30 days.",
        TrendWindow.QUARTER: "91 days.",
    },
)
_describe(
    GroupKey,
    "What articles are grouped by.",
    {
        GroupKey.TOPIC: "Each of their topics; an article counts in every one.",
        GroupKey.PROVIDER: "Their provider.",
        GroupKey.TYPE: "Their type.",
        GroupKey.CATEGORY: "Their category.",
        GroupKey.LANGUAGE: "Their language.",
        GroupKey.DATE: "The span of time they were published in.",
        GroupKey.PERSON: "Each of their authors; an article counts for every one.",
        GroupKey.FRONT_MATTER: "What their front matter has at a `path`, for keys without a field; of a list each item.",
    },
)


@strawberry.enum(description="What can be trending.")
class TrendKind(Enum):
    TOPIC = strawberry.enum_value("TOPIC", description="What more is written about than before.")
    PROVIDER = strawberry.enum_value("PROVIDER", description="Who writes more than before.")
    STORY = strawberry.enum_value("STORY", description="What is told more than before.")


@strawberry.enum(description="What an edge of a part of the graph says of the two nodes it connects.")
class GraphEdgeKind(Enum):
    PUBLISHED_BY = strawberry.enum_value("PUBLISHED_BY", description="An article was published by a provider.")
    WRITTEN_BY = strawberry.enum_value("WRITTEN_BY", description="An article was written by a person.")
    ABOUT = strawberry.enum_value("ABOUT", description="An article is about a topic.")
    TRANSLATION_OF = strawberry.enum_value("TRANSLATION_OF", description="An article is a translation of another one.")
    PART_OF = strawberry.enum_value(
        "PART_OF", description="An article is part of another one or of a topic, such as a series."
    )
    RELATED_TO = strawberry.enum_value("RELATED_TO", description="An article names another one as related.")
    LINKS_TO = strawberry.enum_value("LINKS_TO", description="The body of an article has a link to another one.")
    BROADER = strawberry.enum_value("BROADER", description="A topic is part of a broader one.")
    NEAR = strawberry.enum_value(
        "NEAR", description="Two providers have related articles or topics in common; it has no direction."
    )

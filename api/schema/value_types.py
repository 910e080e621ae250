"""Object types that hold plain values and refer to no node."""

from datetime import datetime
from typing import Any

import strawberry
from strawberry import Info

from api.schema.enums import EdgeKind, HiddenReason, NodeKind, NotReadReason, ProblemCode, Severity, SiteSystem
from api.schema.scalars import Json
from graph.analysis.metrics import NodeMetrics


@strawberry.type(description="A picture of a node.")
class Image:
    url: str = strawberry.field(description="Its address, http or https.")
    width: int | None = strawberry.field(description="Pixels.")
    height: int | None = strawberry.field(description="Pixels.")
    is_cached: bool | None = strawberry.field(description="Whether the site keeps a copy of its own.")
    title: str | None = strawberry.field(description="Its title or description.")
    attribution: str | None = strawberry.field(description="Whom to name for it.")


@strawberry.type(description="A value that lost against another one for the same field of the same article.")
class FieldConflict:
    field: str = strawberry.field(description="The field's name, as in the front matter.")
    value: Json | None = strawberry.field(description="The losing value.")
    file: str = strawberry.field(description="The file that holds it.")
    field_path: str = strawberry.field(description="Where in that file it stands: `title`, or `related[3].title`.")


@strawberry.type(description="An article and what surrounds it, for a language model.")
class ContextPack:
    markdown: str = strawberry.field(
        description="Its facts and sources, its text between fences, and the articles around it, each with the reasons; at its end, what was left out."
    )
    tokens: int = strawberry.field(
        description="How many tokens the markdown has, as an estimate: a quarter of its bytes in UTF-8, rounded up. Never more than were asked for."
    )
    left_out: list[str] = strawberry.field(description="What had no room, in words.")


@strawberry.type(description="A mistake that an author made in one place.")
class Problem:
    severity: Severity = strawberry.field(description="How much it costs.")
    code: ProblemCode = strawberry.field(description="What is wrong, for programs.")
    message: str = strawberry.field(description="What is wrong and what to do, for people.")
    file: str = strawberry.field(description="The file, relative to the loaded folder.")
    line: int | None = strawberry.field(description="Counted from 1; null where the place has no line.")
    field_path: str | None = strawberry.field(
        description="Where in the front matter: `related[3].webUrl`; null for the file as a whole."
    )


@strawberry.interface(description="Where a node stands in the whole graph.")
class Metrics:
    in_degree: int = strawberry.field(description="Edges of all kinds that lead to it.")
    out_degree: int = strawberry.field(description="Edges of all kinds that lead away from it.")
    page_rank: float = strawberry.field(description="Its share of all importance, which sums to 1 over the graph.")
    betweenness: float = strawberry.field(
        description="The share of shortest paths between other nodes that pass it, from 0 to 1, without the edges of hubs; estimated in a large graph."
    )
    core_number: int = strawberry.field(description="The largest k such that it belongs to the k-core.")
    coreness: int = strawberry.field(description="The same as `coreNumber`.", deprecation_reason="Called `coreNumber`.")
    community: int = strawberry.field(
        description="The number of its community; 0 is the largest, a hub is alone in its own."
    )


@strawberry.type(description="Where an article stands in the whole graph.")
class ArticleMetrics(Metrics):
    @classmethod
    def is_type_of(cls, value: object, _info: Info[Any, Any]) -> bool:
        return isinstance(value, NodeMetrics)


@strawberry.type(description="Where a provider stands in the whole graph.")
class ProviderMetrics(Metrics):
    @classmethod
    def is_type_of(cls, value: object, _info: Info[Any, Any]) -> bool:
        return isinstance(value, NodeMetrics)


@strawberry.type(description="Where a topic stands in the whole graph.")
class TopicMetrics(Metrics):
    @classmethod
    def is_type_of(cls, value: object, _info: Info[Any, Any]) -> bool:
        return isinstance(value, NodeMetrics)


@strawberry.type(description="Where a person stands in the whole graph.")
class PersonMetrics(Metrics):
    @classmethod
    def is_type_of(cls, value: object, _info: Info[Any, Any]) -> bool:
        return isinstance(value, NodeMetrics)


@strawberry.type(description="How many articles were published in a span of time.")
class TimeBucket:
    start: datetime = strawberry.field(description="Its first moment.")
    end: datetime = strawberry.field(description="The first moment after it.")
    count: int = strawberry.field(description="How many articles.")


@strawberry.type(description="The numbers that a list of articles has in one field.")
class NumberSummary:
    count: int = strawberry.field(description="How many articles have the number.")
    min: int | None = strawberry.field(description="The smallest; null if none has one.")
    max: int | None = strawberry.field(description="The largest; null if none has one.")
    avg: float | None = strawberry.field(description="The mean; null if none has one.")
    sum: float | None = strawberry.field(description="The sum; null if none has one.")


@strawberry.type(description="A list of articles in numbers: all that pass the filter, not only this page.")
class ArticleAggregate:
    count: int = strawberry.field(description="How many articles.")
    quality: NumberSummary = strawberry.field(description="Their quality scores.")
    heat: NumberSummary = strawberry.field(description="Their heat scores, where they were measured.")
    provider_count: int = strawberry.field(description="How many different providers.")
    topic_count: int = strawberry.field(description="How many different topics.")
    person_count: int = strawberry.field(description="How many different authors.")
    first_published: datetime | None = strawberry.field(description="The earliest publication.")
    last_published: datetime | None = strawberry.field(description="The latest publication.")


@strawberry.type(description="A piece of a text.")
class TextPart:
    text: str = strawberry.field(description="The piece, plain and unescaped.")
    is_match: bool = strawberry.field(description="Whether it is what was searched for.")


@strawberry.type(description="Where a field has what was searched for.")
class Highlight:
    field: str = strawberry.field(description="The field's name, such as `title`.")
    parts: list[TextPart] = strawberry.field(
        description="The field's text, or some of it around a match, cut into matches and what lies between them."
    )


@strawberry.type(description="A heading of a body.")
class BodyHeading:
    level: int = strawberry.field(description="From 1.")
    text: str = strawberry.field(description="Without markup.")
    anchor: str = strawberry.field(description="The id of the heading in `bodyHtml`.")


@strawberry.type(description="How many nodes of one kind there are.")
class NodeCount:
    kind: NodeKind = strawberry.field(description="The kind.")
    count: int = strawberry.field(description="How many nodes.")


@strawberry.type(description="A folder that one system makes pages of.")
class Site:
    system: SiteSystem = strawberry.field(description="What makes the pages.")
    name: str | None = strawberry.field(description="Its name, if that is known.")
    description: str | None = strawberry.field(description="What it says of itself, if anything.")
    url: str | None = strawberry.field(description="The address of its start page, if that is known.")
    language: str | None = strawberry.field(description="The language of documents that say none.")
    folder: str = strawberry.field(
        description="Where its root stands below the loaded folder; `.` is that folder itself."
    )
    recognised_by: str | None = strawberry.field(
        description="The file or folder by which it was recognised; null for a plain folder."
    )
    file_count: int = strawberry.field(description="How many of its files were read.")


@strawberry.type(description="How many files are read and not shown for one reason.")
class HiddenCount:
    reason: HiddenReason = strawberry.field(description="Why they are not shown.")
    count: int = strawberry.field(description="How many files.")


@strawberry.type(description="What could be documents and is not read for one reason.")
class NotReadCount:
    reason: NotReadReason = strawberry.field(description="Why it is not read.")
    count: int = strawberry.field(description="How many files, without those in `folders`.")
    folders: list[str] = strawberry.field(description="Folders that were not looked into, at most 20.")


@strawberry.type(description="How many problems have one code.")
class ProblemCount:
    code: ProblemCode = strawberry.field(description="What kind of mistake it is.")
    count: int = strawberry.field(description="How many problems.")


@strawberry.type(description="How many edges of one kind there are.")
class EdgeCount:
    kind: EdgeKind = strawberry.field(description="The kind.")
    count: int = strawberry.field(description="How many edges.")

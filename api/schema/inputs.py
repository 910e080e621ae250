"""Filter and order inputs, and their translation to filters and orders of the graph.

The names matter: `to_filter` and `to_order` derive attributes, relations and operators from those of the input fields,
so a new field needs only its line here.
"""

from collections.abc import Iterator
from datetime import datetime
from enum import Enum
from typing import Annotated, Any, Generic, TypeAlias, TypeVar

import strawberry
from strawberry import UNSET
from strawberry.types import get_object_definition

from api.schema.enums import ArticleOrigin
from api.schema.scalars import Json
from graph.errors import FilterError, OrderError
from graph.lists.filters import (
    EVERYTHING,
    AllOf,
    AnyOf,
    Compare,
    Filter,
    FrontMatterCondition,
    Not,
    Operator,
    Quantifier,
    RelationCondition,
    RelationCount,
)
from graph.lists.front_matter import scalars
from graph.lists.ordering import Order, OrderKey

FilterT = TypeVar("FilterT")


def _optional(description: str, name: str | None = None, deprecation_reason: str | None = None) -> Any:
    return strawberry.field(default=UNSET, description=description, name=name, deprecation_reason=deprecation_reason)


@strawberry.input(
    description="Compares a text. Every operator given must hold; a missing text passes `isNull: true` only."
)
class StringFilter:
    eq: str | None = _optional("Is exactly this.")
    in_: list[str] | None = _optional("Is one of these; nothing passes an empty list.", name="in")
    lt: str | None = _optional("Stands before this, by code point.")
    lte: str | None = _optional("Is this or stands before it.")
    gt: str | None = _optional("Stands after this, by code point.")
    gte: str | None = _optional("Is this or stands after it.")
    contains: str | None = _optional("Has this somewhere in it.")
    starts_with: str | None = _optional("Begins with this.")
    ends_with: str | None = _optional("Ends with this.")
    is_null: bool | None = _optional("Is missing (true) or present (false).")
    ignore_case: bool = strawberry.field(
        default=False, description="Whether the other operators ignore upper and lower case."
    )


@strawberry.input(description="Compares an id.")
class IDFilter:
    eq: strawberry.ID | None = _optional("Is exactly this.")
    in_: list[strawberry.ID] | None = _optional("Is one of these; nothing passes an empty list.", name="in")


@strawberry.input(
    description="Compares a whole number. Every operator given must hold; a missing number passes `isNull: true` only."
)
class IntFilter:
    eq: int | None = _optional("Is exactly this.")
    in_: list[int] | None = _optional("Is one of these; nothing passes an empty list.", name="in")
    lt: int | None = _optional("Is less than this.")
    lte: int | None = _optional("Is this or less.")
    gt: int | None = _optional("Is greater than this.")
    gte: int | None = _optional("Is this or greater.")
    is_null: bool | None = _optional("Is missing (true) or present (false).")


@strawberry.input(description="Compares a number. Every operator given must hold.")
class FloatFilter:
    eq: float | None = _optional("Is exactly this.")
    in_: list[float] | None = _optional("Is one of these; nothing passes an empty list.", name="in")
    lt: float | None = _optional("Is less than this.")
    lte: float | None = _optional("Is this or less.")
    gt: float | None = _optional("Is greater than this.")
    gte: float | None = _optional("Is this or greater.")


@strawberry.input(
    description="Compares a moment. Every operator given must hold; a missing moment passes `isNull: true` only."
)
class DateTimeFilter:
    eq: datetime | None = _optional("Is exactly this.")
    in_: list[datetime] | None = _optional("Is one of these; nothing passes an empty list.", name="in")
    lt: datetime | None = _optional("Is before this.")
    lte: datetime | None = _optional("Is this or before.")
    gt: datetime | None = _optional("Is after this.")
    gte: datetime | None = _optional("Is this or after.")
    is_null: bool | None = _optional("Is missing (true) or present (false).")


@strawberry.input(description="Compares a yes-or-no value.")
class BooleanFilter:
    eq: bool | None = _optional("Is exactly this.")
    is_null: bool | None = _optional("Is missing (true) or present (false).")


@strawberry.input(description="Compares where an article's values come from.")
class ArticleOriginFilter:
    eq: ArticleOrigin | None = _optional("Is exactly this.")
    in_: list[ArticleOrigin] | None = _optional("Is one of these; nothing passes an empty list.", name="in")


@strawberry.input(description="Compares the length of a list. Every operator given must hold.")
class CountFilter:
    eq: int | None = _optional("Is exactly this.")
    in_: list[int] | None = _optional("Is one of these; nothing passes an empty list.", name="in")
    lt: int | None = _optional("Is less than this.")
    lte: int | None = _optional("Is this or less.")
    gt: int | None = _optional("Is greater than this.")
    gte: int | None = _optional("Is this or greater.")


@strawberry.input
class ListFilter(Generic[FilterT]):
    some: FilterT | None = _optional("At least one passes.")
    none: FilterT | None = _optional("Not one passes.")
    every: FilterT | None = _optional("All pass; so does an empty list.")
    count: CountFilter | None = _optional("How many there are.")


@strawberry.input(description="Looks into a list of texts. Every condition given must hold.")
class StringListFilter(ListFilter[StringFilter]):
    pass


@strawberry.input(description="What an image must be. Every condition given must hold.")
class ImageFilter:
    url: StringFilter | None = _optional("Its address.")
    width: IntFilter | None = _optional("Its width in pixels.")
    height: IntFilter | None = _optional("Its height in pixels.")
    is_cached: BooleanFilter | None = _optional("Whether the site keeps a copy.")
    title: StringFilter | None = _optional("Its title.")
    attribution: StringFilter | None = _optional("Whom to name for it.")
    and_: list["ImageFilter"] | None = _optional("All of these hold.", name="and")
    or_: list["ImageFilter"] | None = _optional("At least one of these holds; none does in an empty list.", name="or")
    not_: "ImageFilter | None" = _optional("This does not hold.", name="not")


@strawberry.input(description="Looks into a list of images. Every condition given must hold.")
class ImageListFilter(ListFilter[ImageFilter]):
    pass


@strawberry.input(description="What the metrics of a node must be. Every condition given must hold.")
class MetricsFilter:
    in_degree: CountFilter | None = _optional("Edges that lead to it.")
    out_degree: CountFilter | None = _optional("Edges that lead away from it.")
    page_rank: FloatFilter | None = _optional("Its PageRank.")
    betweenness: FloatFilter | None = _optional("Its betweenness centrality.")
    core_number: CountFilter | None = _optional("Its core number.")
    coreness: CountFilter | None = _optional("The same.", deprecation_reason="Called `coreNumber`.")
    community: CountFilter | None = _optional("The number of its community.")


@strawberry.input(
    description="Compares what front matter has at a path, for keys without a field. Every operator given must hold. Where lists "
    "are on the way, one of the values that they lead to must pass. Texts compare with texts alone, numbers with numbers."
)
class FrontMatterFilter:
    path: str = strawberry.field(
        description="The key, with dots on the way into mappings, such as `series` or `seo.title`; in any case."
    )
    eq: Json | None = _optional("Is exactly this text, number or boolean.")
    in_: list[Json] | None = _optional("Is one of these; nothing passes an empty list.", name="in")
    lt: Json | None = _optional("Is a smaller number than this, or a text that stands before it, by code point.")
    lte: Json | None = _optional("Is this or stands before it.")
    gt: Json | None = _optional("Is a greater number than this, or a text that stands after it, by code point.")
    gte: Json | None = _optional("Is this or stands after it.")
    contains: str | None = _optional("Is a text that has this somewhere in it.")
    starts_with: str | None = _optional("Is a text that begins with this.")
    ends_with: str | None = _optional("Is a text that ends with this.")
    is_null: bool | None = _optional("Is missing or null (true) or present (false).")
    ignore_case: bool = strawberry.field(
        default=False, description="Whether the other operators ignore upper and lower case."
    )


@strawberry.input(description="What an article must be. Every condition given must hold; `{}` lets every article pass.")
class ArticleFilter:
    id: IDFilter | None = _optional("Its id.")
    url: StringFilter | None = _optional("Its canonical URL.")
    path: StringFilter | None = _optional("Where it stands on its site.")
    slug: StringFilter | None = _optional("Its slug.")
    aliases: StringListFilter | None = _optional("Its other names and former addresses.")
    language: StringFilter | None = _optional("The language it is written in.")
    version: StringFilter | None = _optional("The version of the documentation that it belongs to.")
    origin: ArticleOriginFilter | None = _optional("Where its values come from.")
    title: StringFilter | None = _optional("Its title.")
    excerpt: StringFilter | None = _optional("Its excerpt.")
    body: StringFilter | None = _optional("Its body.")
    published_date_time: DateTimeFilter | None = _optional("When it was published.")
    updated_date_time: DateTimeFilter | None = _optional("When it was last changed.")
    web_url: StringFilter | None = _optional("Its address as written.")
    original_url: StringFilter | None = _optional("The address it was first published at.")
    amp_web_url: StringFilter | None = _optional("The address of its AMP page.")
    cdn_amp_web_url: StringFilter | None = _optional("The address of its AMP page in a cache.")
    type: StringFilter | None = _optional("Its type, such as `article` or `video`.")
    category: StringFilter | None = _optional("Its category.")
    quality: IntFilter | None = _optional("Its quality score.")
    heat: IntFilter | None = _optional("Its heat score.")
    published: BooleanFilter | None = _optional("Whether its file lets a site publish it.")
    images: ImageListFilter | None = _optional("Its images.")
    provider: "ProviderFilter | None" = _optional("Its provider, which must exist.")
    topics: "TopicListFilter | None" = _optional("Its topics.")
    authors: "PersonListFilter | None" = _optional("Its authors.")
    related: "ArticleListFilter | None" = _optional("The articles it names or is named by.")
    links: "ArticleListFilter | None" = _optional("The articles that its body links to.")
    backlinks: "ArticleListFilter | None" = _optional("The articles whose bodies link to it.")
    story: "StoryFilter | None" = _optional("Its story, which must exist.")
    metrics: MetricsFilter | None = _optional("Its metrics.")
    front_matter: FrontMatterFilter | None = _optional("What its front matter has at a path, for keys without a field.")
    and_: list["ArticleFilter"] | None = _optional("All of these hold.", name="and")
    or_: list["ArticleFilter"] | None = _optional("At least one of these holds; none does in an empty list.", name="or")
    not_: "ArticleFilter | None" = _optional("This does not hold.", name="not")


@strawberry.input(description="Looks into a list of articles. Every condition given must hold.")
class ArticleListFilter(ListFilter[ArticleFilter]):
    pass


@strawberry.input(
    description="What a provider must be. Every condition given must hold; `{}` lets every provider pass."
)
class ProviderFilter:
    id: IDFilter | None = _optional("Its id.")
    domain: StringFilter | None = _optional("Its domain, in lower case and without `www.`.")
    name: StringFilter | None = _optional("Its name.")
    aliases: StringListFilter | None = _optional("Other spellings of its name.")
    description: StringFilter | None = _optional("What it says of itself.")
    images: ImageListFilter | None = _optional("Its images.")
    articles: ArticleListFilter | None = _optional("Its articles.")
    topics: "TopicListFilter | None" = _optional("The topics of its articles.")
    firsts: "StoryListFilter | None" = _optional("The stories that it told first, and others after it.")
    metrics: MetricsFilter | None = _optional("Its metrics.")
    and_: list["ProviderFilter"] | None = _optional("All of these hold.", name="and")
    or_: list["ProviderFilter"] | None = _optional(
        "At least one of these holds; none does in an empty list.", name="or"
    )
    not_: "ProviderFilter | None" = _optional("This does not hold.", name="not")


@strawberry.input(description="Looks into a list of providers. Every condition given must hold.")
class ProviderListFilter(ListFilter[ProviderFilter]):
    pass


@strawberry.input(description="What a topic must be. Every condition given must hold; `{}` lets every topic pass.")
class TopicFilter:
    id: IDFilter | None = _optional("Its id.")
    slug: StringFilter | None = _optional("Its slug.")
    name: StringFilter | None = _optional("Its name.")
    short_name: StringFilter | None = _optional("Its short name.")
    aliases: StringListFilter | None = _optional("Its other names and spellings.")
    description: StringFilter | None = _optional("Its description.")
    keywords: StringListFilter | None = _optional("Its keywords.")
    hashtags: StringListFilter | None = _optional("Its hashtags.")
    taxonomies: StringListFilter | None = _optional("What the lists are called in which articles name it.")
    images: ImageListFilter | None = _optional("Its images.")
    parent: "TopicFilter | None" = _optional("The broader topic, which must exist.")
    children: "TopicListFilter | None" = _optional("The narrower topics.")
    articles: ArticleListFilter | None = _optional("The articles about it.")
    providers: ProviderListFilter | None = _optional("The providers of the articles about it.")
    metrics: MetricsFilter | None = _optional("Its metrics.")
    and_: list["TopicFilter"] | None = _optional("All of these hold.", name="and")
    or_: list["TopicFilter"] | None = _optional("At least one of these holds; none does in an empty list.", name="or")
    not_: "TopicFilter | None" = _optional("This does not hold.", name="not")


@strawberry.input(description="Looks into a list of topics. Every condition given must hold.")
class TopicListFilter(ListFilter[TopicFilter]):
    pass


@strawberry.input(description="What a person must be. Every condition given must hold; `{}` lets every person pass.")
class PersonFilter:
    id: IDFilter | None = _optional("The id.")
    slug: StringFilter | None = _optional("The slug.")
    name: StringFilter | None = _optional("The name.")
    aliases: StringListFilter | None = _optional("Other spellings of the name.")
    description: StringFilter | None = _optional("Who the person is.")
    url: StringFilter | None = _optional("The person's own page.")
    images: ImageListFilter | None = _optional("The person's pictures.")
    articles: ArticleListFilter | None = _optional("The person's articles.")
    topics: TopicListFilter | None = _optional("The topics of these articles.")
    metrics: MetricsFilter | None = _optional("The person's metrics.")
    and_: list["PersonFilter"] | None = _optional("All of these hold.", name="and")
    or_: list["PersonFilter"] | None = _optional("At least one of these holds; none does in an empty list.", name="or")
    not_: "PersonFilter | None" = _optional("This does not hold.", name="not")


@strawberry.input(description="Looks into a list of persons. Every condition given must hold.")
class PersonListFilter(ListFilter[PersonFilter]):
    pass


@strawberry.input(description="What a story must be. Every condition given must hold; `{}` lets every story pass.")
class StoryFilter:
    id: IDFilter | None = _optional("Its id.")
    headline: StringFilter | None = _optional("Its headline.")
    first_published: DateTimeFilter | None = _optional("When its first article was published.")
    last_published: DateTimeFilter | None = _optional("When its latest article was published.")
    article_count: CountFilter | None = _optional("How many articles it has.")
    telling_count: CountFilter | None = _optional("How many articles it has without copies.")
    provider_count: CountFilter | None = _optional("How many providers tell it.")
    topic_count: CountFilter | None = _optional("How many topics its articles are about.")
    growth: IntFilter | None = _optional(
        "How many more articles it got in the last seven days than in the seven before."
    )
    first_provider: ProviderFilter | None = _optional("Who told it first, who must be known.")
    articles: ArticleListFilter | None = _optional("Its articles.")
    providers: ProviderListFilter | None = _optional("The providers that tell it.")
    topics: TopicListFilter | None = _optional("The topics of its articles.")
    and_: list["StoryFilter"] | None = _optional("All of these hold.", name="and")
    or_: list["StoryFilter"] | None = _optional("At least one of these holds; none does in an empty list.", name="or")
    not_: "StoryFilter | None" = _optional("This does not hold.", name="not")


@strawberry.input(description="Looks into a list of stories. Every condition given must hold.")
class StoryListFilter(ListFilter[StoryFilter]):
    pass


_COMPARISONS = (
    StringFilter,
    IDFilter,
    IntFilter,
    FloatFilter,
    DateTimeFilter,
    BooleanFilter,
    ArticleOriginFilter,
    CountFilter,
)


def to_filter(given: object | None, path: str = "filter") -> Filter:
    """The graph's filter for a filter input; everything passes for None.

    Raises:
        FilterError: a condition is null.
    """
    if given is None:
        return EVERYTHING
    return _all(_conditions(given, path))


def _conditions(given: object, path: str) -> Iterator[Filter]:
    for attribute, name, value in _given_fields(given, path):
        here = f"{path}.{name}"
        if attribute == "and_":
            yield AllOf(tuple(to_filter(child, f"{here}[{index}]") for index, child in enumerate(value)))
        elif attribute == "or_":
            yield AnyOf(tuple(to_filter(child, f"{here}[{index}]") for index, child in enumerate(value)))
        elif attribute == "not_":
            yield Not(to_filter(value, here))
        elif isinstance(value, _COMPARISONS):
            yield _all(Compare(attribute, *rest) for rest in _comparisons(value, here))
        elif isinstance(value, FrontMatterFilter):
            yield _all(_front_matter_conditions(value, here))
        elif isinstance(value, ListFilter):
            yield _all(_list_conditions(attribute, value, here))
        else:
            yield RelationCondition(attribute, Quantifier.SOME, to_filter(value, here))


def _front_matter_conditions(given: "FrontMatterFilter", path: str) -> Iterator[Filter]:
    for operator, value, ignore_case in _comparisons(given, path):
        wanted = value if isinstance(value, tuple) else (value,)
        values = tuple(scalars(wanted))
        if len(values) < len(wanted):
            raise FilterError(
                f"{path}.{operator.value} compares with texts, numbers and booleans; lists are compared item by item."
            )
        yield FrontMatterCondition(given.path, operator, values, ignore_case)


def _list_conditions(relation: str, given: object, path: str) -> Iterator[Filter]:
    for attribute, name, value in _given_fields(given, path):
        here = f"{path}.{name}"
        if isinstance(value, CountFilter):
            yield from (RelationCount(relation, how, wanted) for how, wanted, _ in _comparisons(value, here))
        elif isinstance(value, StringFilter):
            text = _all(Compare("", *rest) for rest in _comparisons(value, here))
            yield RelationCondition(relation, Quantifier(attribute), text)
        else:
            yield RelationCondition(relation, Quantifier(attribute), to_filter(value, here))


def _comparisons(given: object, path: str) -> Iterator[tuple[Operator, Any, bool]]:
    ignore_case = getattr(given, "ignore_case", False)
    for attribute, name, value in _given_fields(given, path):
        if attribute not in ("ignore_case", "path"):
            operator = Operator(name)
            yield (
                operator,
                tuple(value) if operator is Operator.IN else value,
                ignore_case and operator is not Operator.IS_NULL,
            )


_RENAMED = {"coreness": "core_number"}
"""Deprecated inputs, and the attributes that they stand for."""


def _given_fields(given: object, path: str) -> Iterator[tuple[str, str, Any]]:
    """Attribute, GraphQL name and value of each input field that the client set."""
    for field in get_object_definition(given, strict=True).fields:
        value = getattr(given, field.python_name)
        name = field.graphql_name or _camel_case(field.python_name)
        if value is None:
            raise FilterError(
                f"{path}.{name} is null, which compares with nothing; leave it out, or ask `isNull: true`."
            )
        if value is not UNSET:
            yield _RENAMED.get(field.python_name, field.python_name), name, value


def _camel_case(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def _all(conditions: Iterator[Filter]) -> Filter:
    found = tuple(conditions)
    return found[0] if len(found) == 1 else AllOf(found)


@strawberry.enum(description="Which end of an order comes first. Missing values come last either way.")
class OrderDirection(Enum):
    ASC = strawberry.enum_value("ASC", description="Smallest, earliest or first by code point.")
    DESC = strawberry.enum_value("DESC", description="Largest, latest or last by code point.")


@strawberry.input(description="Orders by the length of a list.", one_of=True)
class CountOrder:
    count: OrderDirection | None = _optional("By how many there are.")


@strawberry.input(description="Orders articles by one thing of their provider.", one_of=True)
class ArticleProviderOrder:
    domain: OrderDirection | None = _optional("By its domain.")
    name: OrderDirection | None = _optional("By its name.")


@strawberry.input(description="Orders stories by one thing of the provider that told them first.", one_of=True)
class StoryProviderOrder:
    domain: OrderDirection | None = _optional("By its domain.")
    name: OrderDirection | None = _optional("By its name.")


@strawberry.input(description="Orders by one of the metrics.", one_of=True)
class MetricsOrder:
    in_degree: OrderDirection | None = _optional("By the edges that lead to it.")
    out_degree: OrderDirection | None = _optional("By the edges that lead away from it.")
    page_rank: OrderDirection | None = _optional("By PageRank.")
    betweenness: OrderDirection | None = _optional("By betweenness centrality.")
    core_number: OrderDirection | None = _optional("By core number.")
    coreness: OrderDirection | None = _optional("The same.", deprecation_reason="Called `coreNumber`.")
    community: OrderDirection | None = _optional("By the number of the community; 0 is the largest.")


@strawberry.input(
    description="One criterion for the order of articles; ties go on to the next one, at last to the id.", one_of=True
)
class ArticleOrder:
    published_date_time: OrderDirection | None = _optional("By the moment of publication.")
    updated_date_time: OrderDirection | None = _optional("By the moment of the last change.")
    title: OrderDirection | None = _optional("By title.")
    slug: OrderDirection | None = _optional("By slug.")
    url: OrderDirection | None = _optional("By canonical URL.")
    path: OrderDirection | None = _optional("By where it stands on its site.")
    language: OrderDirection | None = _optional("By language.")
    version: OrderDirection | None = _optional("By version of the documentation.")
    quality: OrderDirection | None = _optional("By quality score.")
    heat: OrderDirection | None = _optional("By heat score.")
    type: OrderDirection | None = _optional("By type.")
    category: OrderDirection | None = _optional("By category.")
    origin: OrderDirection | None = _optional("By where the values come from.")
    provider: ArticleProviderOrder | None = _optional("By the provider.")
    topics: CountOrder | None = _optional("By the topics.")
    authors: CountOrder | None = _optional("By the authors.")
    related: CountOrder | None = _optional("By the articles it names or is named by.")
    links: CountOrder | None = _optional("By the articles that its body links to.")
    backlinks: CountOrder | None = _optional("By the articles whose bodies link to it.")
    images: CountOrder | None = _optional("By the images.")
    metrics: MetricsOrder | None = _optional("By one of the metrics.")


@strawberry.input(
    description="One criterion for the order of providers; ties go on to the next one, at last to the id.", one_of=True
)
class ProviderOrder:
    domain: OrderDirection | None = _optional("By domain.")
    name: OrderDirection | None = _optional("By name.")
    articles: CountOrder | None = _optional("By the articles.")
    topics: CountOrder | None = _optional("By the topics of its articles.")
    firsts: CountOrder | None = _optional("By the stories that it told first, and others after it.")
    metrics: MetricsOrder | None = _optional("By one of the metrics.")


@strawberry.input(
    description="One criterion for the order of topics; ties go on to the next one, at last to the id.", one_of=True
)
class TopicOrder:
    slug: OrderDirection | None = _optional("By slug.")
    name: OrderDirection | None = _optional("By name.")
    articles: CountOrder | None = _optional("By the articles about it.")
    providers: CountOrder | None = _optional("By the providers of those articles.")
    children: CountOrder | None = _optional("By the narrower topics.")
    metrics: MetricsOrder | None = _optional("By one of the metrics.")


@strawberry.input(
    description="One criterion for the order of persons; ties go on to the next one, at last to the id.", one_of=True
)
class PersonOrder:
    slug: OrderDirection | None = _optional("By slug.")
    name: OrderDirection | None = _optional("By name.")
    articles: CountOrder | None = _optional("By the articles.")
    topics: CountOrder | None = _optional("By the topics of these articles.")
    metrics: MetricsOrder | None = _optional("By one of the metrics.")


@strawberry.input(
    description="One criterion for the order of stories; ties go on to the next one, at last to the id.", one_of=True
)
class StoryOrder:
    last_published: OrderDirection | None = _optional("By the latest article.")
    first_published: OrderDirection | None = _optional("By the first article.")
    article_count: OrderDirection | None = _optional("By how many articles it has.")
    telling_count: OrderDirection | None = _optional("By how many articles it has without copies.")
    provider_count: OrderDirection | None = _optional("By how many providers tell it.")
    topic_count: OrderDirection | None = _optional("By how many topics it is about.")
    growth: OrderDirection | None = _optional(
        "By how many more articles it got in the last seven days than in the seven before."
    )
    first_provider: StoryProviderOrder | None = _optional("By who told it first.")
    headline: OrderDirection | None = _optional("By headline.")


ORDER_LIMIT = 8
"""The most criteria in one order."""


def to_order(
    given: "list[ArticleOrder] | list[ProviderOrder] | list[TopicOrder] | list[PersonOrder] | list[StoryOrder] | None",
) -> Order:
    """The graph's order for a list of order inputs; empty, for the list's own order, if there are none.

    Raises:
        OrderError: there are more than `ORDER_LIMIT` criteria.
    """
    if given is not None and len(given) > ORDER_LIMIT:
        raise OrderError(f"`orderBy` has {len(given)} criteria; give at most {ORDER_LIMIT}.")
    return tuple(_order_key(criterion) for criterion in given or ())


def _order_key(criterion: object, prefix: str = "") -> OrderKey:
    attribute, _, value = next(_given_fields(criterion, "orderBy"))
    if isinstance(value, OrderDirection):
        return OrderKey(prefix + attribute, is_descending=value is OrderDirection.DESC)
    return _order_key(value, f"{attribute}.")


ArticleFilterArgument: TypeAlias = Annotated[
    ArticleFilter | None, strawberry.argument(description="Only articles that pass.", name="filter")
]
ProviderFilterArgument: TypeAlias = Annotated[
    ProviderFilter | None, strawberry.argument(description="Only providers that pass.", name="filter")
]
TopicFilterArgument: TypeAlias = Annotated[
    TopicFilter | None, strawberry.argument(description="Only topics that pass.", name="filter")
]
PersonFilterArgument: TypeAlias = Annotated[
    PersonFilter | None, strawberry.argument(description="Only persons that pass.", name="filter")
]
StoryFilterArgument: TypeAlias = Annotated[
    StoryFilter | None, strawberry.argument(description="Only stories that pass.", name="filter")
]
ArticleOrderArgument: TypeAlias = Annotated[
    list[ArticleOrder] | None, strawberry.argument(description="The order, by one or more criteria.")
]
ProviderOrderArgument: TypeAlias = Annotated[
    list[ProviderOrder] | None, strawberry.argument(description="The order, by one or more criteria.")
]
TopicOrderArgument: TypeAlias = Annotated[
    list[TopicOrder] | None, strawberry.argument(description="The order, by one or more criteria.")
]
PersonOrderArgument: TypeAlias = Annotated[
    list[PersonOrder] | None, strawberry.argument(description="The order, by one or more criteria.")
]
StoryOrderArgument: TypeAlias = Annotated[
    list[StoryOrder] | None, strawberry.argument(description="The order, by one or more criteria.")
]

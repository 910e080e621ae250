"""The nodes of the graph and their values: plain records, independent of how they were read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from types import MappingProxyType
from typing import Self, TypeAlias, TypeVar

from graph.fields import FieldKind, article_fields, row

JsonValue: TypeAlias = "str | int | float | bool | list[JsonValue] | dict[str, JsonValue] | None"


class NodeKind(Enum):
    """What a node stands for."""

    __hash__ = object.__hash__  # a member is one object; the hash of `Enum` takes longer than most look-ups by it

    ARTICLE = "ARTICLE"
    PROVIDER = "PROVIDER"
    TOPIC = "TOPIC"
    PERSON = "PERSON"
    STORY = "STORY"


class EdgeKind(Enum):
    """What an edge says of the two nodes it connects. Where edges of several kinds lead from one node to another, the first counts."""

    __hash__ = object.__hash__  # a member is one object; the hash of `Enum` takes longer than most look-ups by it

    PUBLISHED_BY = "PUBLISHED_BY"
    WRITTEN_BY = "WRITTEN_BY"
    ABOUT = "ABOUT"
    TRANSLATION_OF = "TRANSLATION_OF"
    PART_OF = "PART_OF"
    RELATED_TO = "RELATED_TO"
    LINKS_TO = "LINKS_TO"
    BROADER = "BROADER"


_ALWAYS_COUNTED: frozenset[NodeKind | EdgeKind] = frozenset(
    {
        *(NodeKind.ARTICLE, NodeKind.PROVIDER, NodeKind.TOPIC, NodeKind.STORY),
        *(EdgeKind.PUBLISHED_BY, EdgeKind.ABOUT, EdgeKind.RELATED_TO, EdgeKind.BROADER),
    }
)
"""The others came later."""

KindT = TypeVar("KindT", NodeKind, EdgeKind)


def counted(counts: Mapping[KindT, int]) -> dict[KindT, int]:
    """The counts to tell: kinds that came later only where there are any, so that graphs without them are told of as before."""
    return {kind: count for kind, count in counts.items() if count or kind in _ALWAYS_COUNTED}


class LinkDirection(Enum):
    """Which of two related articles names the other."""

    OUT = "OUT"
    IN = "IN"
    BOTH = "BOTH"


class ArticleOrigin(Enum):
    """Where an article's values come from."""

    DOCUMENT = "DOCUMENT"
    REFERENCE = "REFERENCE"


class BodyFormat(Enum):
    """How a body is written."""

    MARKDOWN = "MARKDOWN"
    MDX = "MDX"
    """Markdown with components, imports and comments of JSX."""
    NOTE = "NOTE"
    """Markdown as Obsidian has it, with its comments and inline tags."""
    HTML = "HTML"


class _Shared:
    """An immutable record, which copies share: `copy.deepcopy` of a graph keeps the record itself."""

    __slots__ = ()

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _: object) -> Self:
        return self


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of a node."""

    url: str
    width: int | None = None
    """Pixels."""
    height: int | None = None
    """Pixels."""
    is_cached: bool | None = None
    title: str | None = None
    attribution: str | None = None

    def to_json(self) -> JsonValue:
        """What is said of it, as front matter names it."""
        values: dict[str, JsonValue] = {
            "url": self.url,
            "width": self.width,
            "height": self.height,
            "isCached": self.is_cached,
            "title": self.title,
            "attribution": self.attribution,
        }
        return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ArticleFields:
    """The fields that an article's file and copies of the article have alike, a line for each: the table of `graph.fields`."""

    title: str | None = row(FieldKind.TEXT, export=None)  # nodes have a label there
    excerpt: str | None = row(FieldKind.TEXT)
    published_date_time: datetime | None = row(FieldKind.MOMENT)
    updated_date_time: datetime | None = row(FieldKind.MOMENT)
    web_url: str | None = row(FieldKind.URL)
    original_url: str | None = row(FieldKind.URL)
    amp_web_url: str | None = row(FieldKind.URL)
    cdn_amp_web_url: str | None = row(FieldKind.URL)
    type: str | None = row(FieldKind.NAME, export="articleType")
    category: str | None = row(FieldKind.NAME)
    quality: int | None = row(FieldKind.NUMBER)
    heat: int | None = row(FieldKind.NUMBER, least=0)
    images: tuple[Image, ...] = row(FieldKind.IMAGES, export=None)  # as those of other nodes


ARTICLE_FIELDS = article_fields(ArticleFields)


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """A value that lost to another one for the same field of the same article."""

    field: str
    """The field's name in the front matter."""
    value: JsonValue
    file: str
    """The file that holds the losing value."""
    field_path: str
    """Where in that file: `title`, or `related[3].title`."""


@dataclass(frozen=True, slots=True)
class ArticleLink:
    """The links in the body of one article to another."""

    text: str | None
    """Of the first that has any, without markup."""
    addresses: tuple[str, ...]
    """How the body writes the target, in every way that it does."""


@dataclass(frozen=True, slots=True, eq=False)
class Article(ArticleFields, _Shared):
    """One article; compared by identity, since a snapshot holds each article once."""

    id: str
    url: str | None
    """The canonical URL: what its file says, else what its site gives it; None if neither is known."""
    origin: ArticleOrigin
    slug: str | None
    """Of an article without a file, the slug in a copy; None if no copy has one."""
    slugs: tuple[str, ...] = ()
    """Every name that a look-up finds the article by: slugs, file names and aliases, its own slug first."""
    path: str | None = None
    """Where it stands on its site: its address below the start page, `/2024/05/03/frost/`; where that is not known, the path of
    its file below the loaded folder without the ending, an index standing for its folder. None without a file."""
    aliases: tuple[str, ...] = ()
    """Other names and former addresses, as its files say them."""
    language: str | None = None
    """A tag of BCP 47, such as `pt-BR`; None if neither the file nor its site says one."""
    version: str | None = None
    """The version of the documentation that it belongs to, where there are several; None for the current one."""
    body: str | None = None
    """As its file has it; None if empty."""
    body_format: BodyFormat = BodyFormat.MARKDOWN
    """How the body is written; nothing without one."""
    links: tuple[ArticleLink, ...] = ()
    """Of the links in its body those to other articles, one for each of its LINKS_TO edges and in their order."""
    published: bool | None = None
    """Whether its own file allows a site generator to publish it; None without a file."""
    front_matter: Mapping[str, JsonValue] = field(default_factory=lambda: MappingProxyType({}))
    """The keys of the front matter that have no field of their own."""
    file: str | None = None
    """The article's file, relative to the loaded folder; of several, the one whose values win."""
    duplicate_files: tuple[str, ...] = ()
    """The other files of the same article."""
    conflicts: tuple[FieldConflict, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Provider(_Shared):
    """A publisher of articles."""

    id: str
    domain: str | None
    """None for a provider that is identified by its name."""
    name: str
    aliases: tuple[str, ...] = ()
    """Other spellings of the name, in alphabetical order."""
    images: tuple[Image, ...] = ()
    description: str | None = None
    """What it says of itself: that of its catalogue, else of its site."""


@dataclass(frozen=True, slots=True, eq=False)
class Topic(_Shared):
    """What articles are about."""

    id: str
    slug: str
    name: str
    short_name: str | None = None
    description: str | None = None
    keywords: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    taxonomies: tuple[str, ...] = ()
    """What the lists are called in which articles name it, in alphabetical order; none if only the catalogue does."""
    aliases: tuple[str, ...] = ()
    """Other names and spellings, in alphabetical order."""


@dataclass(frozen=True, slots=True, eq=False)
class Person(_Shared):
    """Who wrote articles."""

    id: str
    slug: str
    """Of the name, or of the key by which articles name the person."""
    name: str
    aliases: tuple[str, ...] = ()
    """Other spellings of the name, in alphabetical order."""
    description: str | None = None
    url: str | None = None
    """A page of the person's own."""
    images: tuple[Image, ...] = ()


GraphNode: TypeAlias = Article | Provider | Topic | Person
"""A node that is loaded from files."""


@dataclass(frozen=True, slots=True, eq=False)
class Story(_Shared):
    """Articles that tell of the same events, found from their related links, dates and words; derived, never loaded."""

    id: str
    headline: str | None
    """The title of the most central article that has one."""
    articles: tuple[str, ...]
    """Ids of two or more articles, earliest first, undated ones last; the first is the lead."""
    providers: tuple[str, ...]
    """Ids, by descending number of the story's articles, then by id."""
    topics: tuple[str, ...]
    """Ids, by descending number of the story's articles, then by id."""
    first_published: datetime | None
    last_published: datetime | None
    article_count: int
    telling_count: int
    """The articles without those that repeat the title of another one within three days."""
    provider_count: int
    topic_count: int
    first_provider: str | None
    """The id of the lead's provider, if the lead has one and a date."""
    growth: int
    """Its articles in the seven days up to the newest article of the graph, less those in the seven days before."""


Node: TypeAlias = GraphNode | Story

NODE_TYPES: Mapping[NodeKind, type[Node]] = MappingProxyType(
    {
        NodeKind.ARTICLE: Article,
        NodeKind.PROVIDER: Provider,
        NodeKind.TOPIC: Topic,
        NodeKind.PERSON: Person,
        NodeKind.STORY: Story,
    }
)


def kind_of(node: Node) -> NodeKind:
    match node:
        case Article():
            return NodeKind.ARTICLE
        case Provider():
            return NodeKind.PROVIDER
        case Topic():
            return NodeKind.TOPIC
        case Person():
            return NodeKind.PERSON
        case Story():
            return NodeKind.STORY


def origin_of(node: Node) -> ArticleOrigin | None:
    """Where an article's values come from; None for other nodes."""
    return node.origin if isinstance(node, Article) else None


def label(node: Node) -> str:
    """A node's name for people; never empty."""
    match node:
        case Article():
            return node.title or node.slug or node.url or node.id
        case Provider() | Topic() | Person():
            return node.name
        case Story():
            return node.headline or node.id

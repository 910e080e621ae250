"""What the fields of an article are called in front matter: one table for all systems.

A field has one name here and in the API, and many in files. Names are compared by their letters and digits, whatever their
case: `publishedAt`, `published_at` and `Published At` are one. A name with a dot, `date.created`, is a key of that spelling, or
`created` in the mapping `date`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from graph.model import ARTICLE_FIELDS, JsonValue
from graph.sites.site import Site
from graph.typos import has_one_typo

FIELD_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {field.name: (field.name,) for field in ARTICLE_FIELDS}
    | {
        "title": ("title", "headline", "name", "displayName", "linkTitle"),
        "excerpt": (
            *("excerpt", "description", "summary", "customExcerpt", "abstract", "desc", "metaDescription"),
            *("dek", "deck", "subtitle"),
        ),
        "publishedDateTime": (
            *(
                "publishedDateTime",
                "date",
                "datePublished",
                "publishedDate",
                "publishDate",
                "publishedAt",
                "publishedOn",
            ),
            *("published", "pubDate", "publicationDate", "postDate", "date.created", "dateCreated", "created"),
            *("createdAt", "createdDate", "creationDate", "startDateTime", "startDate", "ms.date"),
        ),
        "updatedDateTime": (
            *("updatedDateTime", "updated", "updatedAt", "updatedDate", "dateUpdated", "lastUpdated", "lastmod"),
            *("modified", "lastModified", "lastModifiedAt", "modifiedAt", "modifiedDate", "dateModified"),
            *("modifiedDateTime", "date.updated", "lastUpdate.date", "lastUpdate", "revised"),
        ),
        "webUrl": ("webUrl", "canonicalUrl", "canonical", "website"),
        "originalUrl": ("originalUrl", "sourceUrl", "externalUrl"),
        "images": (
            *("images", "image", "cover.image", "cover", "coverImage", "heroImage", "featureImage", "featuredImage"),
            *("socialImage", "mainImage", "ogImage", "header.image", "banner", "thumbnail"),
        ),
        "slug": ("slug",),
        "provider": ("provider", "publisher", "source", "affiliation"),
        "related": ("related", "relatedPosts", "relatedArticles", "seeAlso"),
        "authors": (
            *(
                "authors",
                "author",
                "byline",
                "creator",
                "publishAs",
                "taxonomies.authors",
                "taxonomies.author",
                "ms.author",
            ),
        ),
        "language": ("language", "lang", "locale"),
        "aliases": ("aliases", "alias", "redirectFrom"),
        "permalink": ("permalink", "url", "path"),
        "id": ("id",),
        "translationKey": ("translationKey",),
        "series": ("series", "taxonomies.series"),
        "items": ("items",),
        "previous": ("previous", "prev", "paginationPrev"),
        "next": ("next", "paginationNext"),
        "weight": ("weight", "order", "navOrder", "sidebarPosition"),
        "published": ("published",),
        "publish": ("publish",),
        "removed": ("removed",),
        "deleted": ("deleted",),
        "draft": ("draft", "isDraft", "saveAsDraft"),
        "status": ("status",),
        "unlisted": ("unlisted",),
        "headless": ("headless",),
        "excluded": ("eleventyExcludeFromCollections", "ignorePost"),
        "build": ("build",),
        "publishDate": ("publishDate", "pubDate"),
        "expiryDate": ("expiryDate", "unpublishDate", "expires", "expirationDate"),
    }
)
"""By field its names in files; of several in one file the first that has a value counts."""

PERSON_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "name": ("name", "displayName", "fullName", "name.display", "name.full"),
        "key": ("key", "id", "slug", "username", "shortName"),
        "url": ("url", "website", "homepage", "uri", "portfolio", "link", "webUrl", "permalink"),
        "images": ("images", "image", "imageUrl", "avatar", "avatarUrl", "picture", "photo"),
        "description": ("description", "bio", "about", "title", "role", "position"),
    }
)
"""The same for an author's mapping, in a document or a data file."""
TOPIC_PAGE_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "name": ("title", "name", "label", "linkTitle"),
        "shortName": ("shortName",),
        "key": ("slug",),
        "description": ("description", "excerpt", "summary"),
        "aliases": ("aliases", "alias", "redirectFrom", "otherNames", "permalink"),
        "keywords": ("keywords",),
        "hashtags": ("hashtags",),
        "images": ("images", "image", "cover", "heroImage", "featuredImage"),
        "parent": ("parent",),
    }
)
"""The same for the page of a term, and for its mapping in a file of tags."""
PROVIDER_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "name": ("name", "title", "label"),
        "domain": ("domain", "host"),
        "url": ("url", "website", "homepage", "webUrl"),
        "images": ("images", "image", "logo", "icon"),
        "key": ("slug", "id", "key"),
    }
)
"""The same for a provider's mapping."""
TOPIC_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "topics": "topics",
        "topic": "topics",
        "tags": "tags",
        "tag": "tags",
        "categories": "categories",
        "category": "categories",
        "keywords": "keywords",
        "keyword": "keywords",
        "subjects": "subjects",
        "ms.topic": "ms.topic",
    }
)
"""By the name in files the taxonomy whose terms it lists; all of them count."""
_SHORTEST_TYPO = 5
"""Letters; shorter keys are one typo apart by chance."""
_PLANS = 1_024
"""Mappings with different keys that are remembered."""
_TAXONOMIES = "taxonomies"
"""A mapping of taxonomies by name, as Zola has it."""
_OWN_WORDS = frozenset({"provider", "publisheddatetime", "weburl"})
"""Keys of documents in our own words: there the category is no topic, and `topics` are all topics if there are any."""


class _Claim(NamedTuple):
    """A value, and where it stands from its mapping on."""

    value: JsonValue
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a mapping says of the fields that it names, by their names here."""

    values: Mapping[str, JsonValue]
    paths: Mapping[str, tuple[str, ...]]
    """Where the values stand, from the mapping on."""
    keys: Mapping[str, str]
    """The keys of the mapping as written, by what their spellings have in common."""


@lru_cache(4_096)
def folded(name: str) -> str:
    """What all spellings of a name have in common."""
    return "".join(letter for letter in name.casefold() if letter.isalnum() or letter == ".") or name


@dataclass(frozen=True, slots=True)
class _Name:
    """A name of a field, ready to be looked up."""

    whole: str
    key: str
    inner: str
    """Of `date.created` the key in the mapping `date`; of other names nothing."""


class _Place(NamedTuple):
    """A key of a mapping under which a field may be said."""

    key: str
    """As written."""
    inner: str
    """What the key in the mapping under that key has in common with the field's name; nothing if the value itself is meant."""
    is_mapping: bool
    """Whether a mapping there holds the value, and is none."""
    is_published: bool
    """Whether this is `published`, which is a date or a flag."""

    @property
    def is_plain(self) -> bool:
        """Whether the value itself is meant, whatever it is."""
        return not (self.inner or self.is_mapping or self.is_published)


class _Plan(NamedTuple):
    """What follows from the keys of a mapping alone, which are the same in most files of a folder."""

    keys: Mapping[str, str]
    plain: tuple[tuple[str, str], ...]
    """Fields that one key alone says, whatever its value, each with that key."""
    paths: Mapping[str, tuple[str, ...]]
    """Where the values of these stand."""
    places: tuple[tuple[str, tuple[_Place, ...]], ...]
    """All other places, by field."""


class Vocabulary:
    """The names of the fields of one kind of mapping."""

    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        self._names = {field: tuple(map(_name, found)) for field, found in names.items()}
        self._mappings = {(field, name.key) for field, found in self._names.items() for name in found if name.inner}
        """Where a field looks into a mapping, so that the mapping itself is none of its values."""
        self._spellings = {folded(name): name for found in names.values() for name in found}
        self._fields: dict[str, dict[str, None]] = {}
        for field, found in self._names.items():
            for name in found:
                self._fields.setdefault(name.key, {})[field] = None
                self._fields.setdefault(name.whole, {})[field] = None
        self._plan = lru_cache(_PLANS)(self._made_plan)

    def __contains__(self, key: str) -> bool:
        """Whether a key with this in common is the name of a field, or of a mapping in which one is looked for."""
        return key in self._fields

    def __iter__(self) -> Iterator[str]:
        """What the keys that it knows have in common."""
        return iter(self._fields)

    def spelling(self, key: str) -> str:
        """How a key with this in common is written best."""
        return self._spellings.get(key, key)

    def fields(self, key: str) -> Iterable[str]:
        """The fields that a key with this in common may be."""
        return self._fields.get(key, ())

    def resolve(self, fields: Mapping[str, JsonValue]) -> Resolved:
        """What the mapping says of each field, whatever the names."""
        plan = self._plan(tuple(fields))
        values = {field: fields[key] for field, key in plan.plain}
        paths = {**plan.paths}
        for field, places in plan.places:
            for place in places:
                for claim in _claims(field, place, fields[place.key]):
                    values[field], paths[field] = claim
                    if not says_nothing(claim.value):
                        break
                else:
                    continue
                break
        return Resolved(values, paths, plan.keys)

    def _made_plan(self, keys: tuple[str, ...]) -> _Plan:
        written: dict[str, str] = {}
        for key in keys:
            written.setdefault(folded(key), key)
        fields = dict.fromkeys(field for key in written for field in self.fields(key))
        places = {field: tuple(self._places(field, written)) for field in fields}
        plain = {field: found[0].key for field, found in places.items() if len(found) == 1 and found[0].is_plain}
        return _Plan(
            MappingProxyType(written),
            tuple(plain.items()),
            {field: (key,) for field, key in plain.items()},
            tuple((field, found) for field, found in places.items() if field not in plain),
        )

    def _places(self, field: str, written: Mapping[str, str]) -> Iterator[_Place]:
        """Where the field may stand, the strongest claim first."""
        for name in self._names[field]:
            if (key := written.get(name.whole)) is not None:
                yield _Place(key, "", (field, name.key) in self._mappings, name.whole == "published")
            elif name.inner and (key := written.get(name.key)) is not None:
                yield _Place(key, name.inner, False, False)


def _claims(field: str, place: _Place, value: JsonValue) -> Iterator[_Claim]:
    """What is said of the field in a place."""
    if not place.inner:
        is_another = place.is_mapping and isinstance(value, dict)
        if not is_another and (not place.is_published or is_dated(value) is (field == "publishedDateTime")):
            yield _Claim(value, (place.key,))
    elif isinstance(value, dict):
        for inner, found in value.items():
            if folded(inner) == place.inner:
                yield _Claim(found, (place.key, inner))


def _name(spelling: str) -> _Name:
    whole = folded(spelling)
    key, _, inner = whole.partition(".")
    return _Name(whole, key, inner)


DOCUMENT = Vocabulary(FIELD_NAMES)


def document_vocabulary(site: Site) -> Vocabulary:
    """The names of the fields of a document of this site: those that its owner says before all others."""
    return _with(tuple((field, *names) for field, names in site.synonyms.items())) if site.synonyms else DOCUMENT


@lru_cache(64)
def _with(synonyms: tuple[tuple[str, ...], ...]) -> Vocabulary:
    said = {field: names for field, *names in synonyms}
    return Vocabulary({field: (*said.get(field, ()), *names) for field, names in FIELD_NAMES.items()})


PERSON = Vocabulary(PERSON_NAMES)
PROVIDER = Vocabulary(PROVIDER_NAMES)
TOPIC = Vocabulary(TOPIC_PAGE_NAMES)


def says_nothing(value: JsonValue) -> bool:
    """Whether a value is empty, as authors leave it who fill in what a template has."""
    return not value.strip() if isinstance(value, str) else value is None or value == [] or value == {}


def is_dated(value: JsonValue) -> bool:
    """Whether the value of `published` is a date; else it says whether something is published."""
    if isinstance(value, list) and len(value) == 1:
        (value,) = value
    return type(value) in (str, int, float) and sum(map(str.isdigit, str(value))) >= 4


class TopicList(NamedTuple):
    """A list of terms of one taxonomy."""

    taxonomy: str
    value: JsonValue
    path: tuple[str, ...]


def topic_lists(fields: Mapping[str, JsonValue], said: Resolved, site: Site) -> list[TopicList]:
    """The lists of topics that count in a document; its `taxonomies` last.

    The names of taxonomies that its site says go before the usual ones; what has a field of its own, such as authors, is no topic.
    """
    synonyms = {folded(name) for names in site.synonyms.values() for name in names}
    own = {folded(key): name for key, name in site.taxonomies.items()}
    own = {key: name for key, name in own.items() if key not in DOCUMENT or key in _FOLDED_TOPIC_NAMES}
    usual = {key: name for key, name in _topic_names(said.keys).items() if key not in own}
    found = [
        TopicList(taxonomy, fields[key], (key,))
        for name, taxonomy in (own | usual).items()
        if name not in synonyms and (key := said.keys.get(name)) is not None
    ]
    named = fields.get(said.keys.get(_TAXONOMIES, ""))
    if isinstance(named, dict):
        key = said.keys[_TAXONOMIES]
        terms = ((name, value) for name, value in named.items() if folded(f"{_TAXONOMIES}.{name}") not in DOCUMENT)
        found += [TopicList(taxonomy, value, (key, taxonomy)) for taxonomy, value in terms]
    return [terms for terms in found if terms.taxonomy == "topics" or not isinstance(terms.value, dict)]


def _topic_names(keys: Mapping[str, str]) -> dict[str, str]:
    if _OWN_WORDS.isdisjoint(keys):
        return _FOLDED_TOPIC_NAMES
    if "topics" in keys:
        return {"topics": TOPIC_NAMES["topics"]}
    return {name: taxonomy for name, taxonomy in _FOLDED_TOPIC_NAMES.items() if name != "category"}


_FOLDED_TOPIC_NAMES = {folded(name): taxonomy for name, taxonomy in TOPIC_NAMES.items()}


def speaks_our_words(said: Resolved) -> bool:
    """Whether a document uses names that no generator has: what such a document does not say is not guessed."""
    return not _OWN_WORDS.isdisjoint(said.keys)


@lru_cache(4_096)
def intended(key: str) -> str | None:
    """The known key that one with this in common was meant to be: it is one typo apart and begins alike."""
    if key in DOCUMENT or key in _FOLDED_TOPIC_NAMES or len(key) < _SHORTEST_TYPO:
        return None
    known = (name for name in (*DOCUMENT, *_FOLDED_TOPIC_NAMES) if name[0] == key[0] and len(name) >= _SHORTEST_TYPO)
    return next((name for name in known if has_one_typo(key, name)), None)

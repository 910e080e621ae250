"""Fields of a source file → a checked `Document` or `CatalogueEntry`, with the problems found on the way."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from operator import attrgetter
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any

import orjson

from graph.fields import ArticleField, FieldKind
from graph.links import canonical_url, clean_url, composed, file_slug, name_slug, provider_domain
from graph.model import ARTICLE_FIELDS, ArticleFields, Image, JsonValue
from graph.problems import FieldPath, Problem, ProblemCode, error, quote, warning
from graph.reading.field_reader import TEXT_LIMIT, FieldReader, json_size
from graph.reading.files import SourceKind
from graph.reading.front_matter import FrontMatter
from graph.reading.related_items import RelatedItems
from graph.sites.site import PLAIN_SITE, Site

BODY_LIMIT = 4 * 1024 * 1024
"""Characters of a document's body."""

_KNOWN_KEYS = frozenset(field.name for field in ARTICLE_FIELDS) | {
    *("provider", "topics", "related", "slug", "published", "removed", "deleted")
}
_COPY_LIMIT = 8 * 1024
"""Bytes of JSON; larger copies are rare, and are checked each time."""
_PROVIDER_PATHS = (("provider",), ("provider", "name"), ("provider", "domain"))
"""Where a mistake explains already why an article has no provider."""
_SLUG_KEY = "slug:"
"""Begins the key of an article that has no URL."""
SECURED = "secured"
"""An encrypted field of the original feeds; it is dropped at the door, wherever in the front matter it stands."""
_SECURED_KEY = f'"{SECURED}"'.encode()


@dataclass(frozen=True, slots=True)
class ProviderMention:
    """A provider as one document names it."""

    key: str
    """The domain, else the slug of the name."""
    domain: str | None
    name: str | None
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Reference(ArticleFields):
    """An embedded copy of another article, from a `related` list.

    Equal by identity, so that it can be counted and looked up fast: of an article that hundreds name there are hundreds of
    copies, nearly all of which say the same. `SharedReferences` makes one object of those.
    """

    key: str
    """The canonical URL, else `slug:` and the slug."""
    slug: str | None
    provider: ProviderMention | None


class SharedReferences:
    """References, each once: equal ones become one object."""

    def __init__(self, references: Iterable[Reference] = ()) -> None:
        self._by_values: dict[tuple[Any, ...], Reference] = {}
        for reference in references:
            self.share(reference)

    def __len__(self) -> int:
        return len(self._by_values)

    def share(self, reference: Reference) -> Reference:
        """The first of all references that are equal to this one."""
        return self._by_values.setdefault(_reference_values(reference), reference)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Document(ArticleFields):
    """An article's own file."""

    file: str
    key: str
    """The canonical URL, else `slug:` and the slug: what makes it the same article as another file."""
    url: str | None
    slug: str
    names: tuple[str, ...]
    """The slug, and the file's name if it differs."""
    body: str | None
    is_visible: bool
    """Whether a site generator would publish it."""
    provider: ProviderMention | None
    topics: tuple[str, ...]
    related: tuple[Reference | None, ...]
    """The items of the list as written, None for one that is of no use; repeats and the article itself included, since
    their values count when copies are compared."""
    related_lines: Mapping[int, int | None]
    """The lines of the useful items, by place; empty unless one of them names its article by a slug."""
    front_matter: Mapping[str, JsonValue]
    identity_line: int | None
    """The line of the URL that makes it this article."""


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """What a catalogue says of a topic or an organization."""

    file: str
    kind: SourceKind
    key: str
    """A topic's slug, or a provider's domain (without one, the slug of its name)."""
    name: str
    domain: str | None = None
    short_name: str | None = None
    description: str | None = None
    other_names: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    parent: str | None = None
    is_visible: bool = True


_reference_values = attrgetter(*(field.name for field in fields(Reference)))


def is_slug_key(key: str) -> bool:
    """Whether this is the key of an article that is known by its slug alone."""
    return key.startswith(_SLUG_KEY)


def check_document(
    label: str, front_matter: FrontMatter, copies: "CheckedCopies | None" = None, site: Site = PLAIN_SITE
) -> tuple[Document, list[Problem]]:
    """The article that a file describes, and everything that is wrong with the file.

    Documents that share `copies` share what they embed.
    """
    reader = FieldReader(front_matter.fields)
    path = PurePosixPath(label)
    stem = composed(path.stem)
    slug = reader.text("slug", 500) or file_slug(stem)
    values = _values(reader)
    web_url = values["web_url"]
    url = canonical_url(web_url or values["original_url"] or "")
    key = url or f"{_SLUG_KEY}{slug}"
    related = _related(reader, key, copies or CheckedCopies())
    document = Document(
        file=label,
        key=key,
        url=url,
        slug=slug,
        names=tuple(dict.fromkeys((slug, stem))),
        body=_body(front_matter.body, reader.problems),
        is_visible=_is_visible(reader),
        provider=_provider(reader),
        topics=_topics(reader),
        related=related,
        related_lines=_related_lines(front_matter, related),
        front_matter=_unknown_keys(reader),
        identity_line=front_matter.line(("webUrl",) if web_url else ("originalUrl",)) if url else None,
        **values,
    )
    if document.title is None and "title" not in {problem.path[0] for problem in reader.problems if problem.path}:
        reader.problems.append(
            warning(ProblemCode.TITLE_MISSING, "The article has no title; add one.", path=("title",))
        )
    if document.provider is None and not any(problem.path in _PROVIDER_PATHS for problem in reader.problems):
        message = "The article names no provider; add one with a name and a domain."
        reader.problems.append(warning(ProblemCode.PROVIDER_MISSING, message, path=("provider",)))
    return document, locate(label, front_matter, reader.problems)


def check_catalogue_entry(
    label: str, kind: SourceKind, front_matter: FrontMatter
) -> tuple[CatalogueEntry | None, list[Problem]]:
    """What a catalogue file says, or None if it does not say of what; and everything that is wrong with it."""
    reader = FieldReader(front_matter.fields)
    name, domain = reader.text("name", 500), _domain(reader)
    key = domain or (name_slug(name) if name else None)
    if kind is SourceKind.TOPIC:
        key, domain = (name_slug(name) if name else None), None
    if key is None:
        wanted = "a name" if kind is SourceKind.TOPIC else "a name or a domain"
        message = f"The catalogue file does not say what it describes; give it {wanted}."
        reader.problems.append(error(ProblemCode.CATALOGUE_INVALID, message))
        return None, locate(label, front_matter, reader.problems)
    entry = CatalogueEntry(
        file=label,
        kind=kind,
        key=key,
        name=name or key,
        domain=domain,
        short_name=reader.text("shortname", 500),
        description=reader.text("description"),
        other_names=reader.texts("otherNames"),
        keywords=reader.texts("keywords"),
        hashtags=reader.texts("hashtags"),
        images=reader.images("images"),
        parent=reader.text("parent", 500),
        is_visible=_is_visible(reader),
    )
    return entry, locate(label, front_matter, reader.problems)


def locate(label: str, front_matter: FrontMatter, problems: list[Problem]) -> list[Problem]:
    """The problems of one file, remarks of its parser first, each with file and line."""
    remarks = [
        warning(remark.code, remark.message, file=label, line=remark.line, path=remark.path)
        for remark in front_matter.remarks
    ]
    return remarks + [replace(problem, file=label, line=front_matter.line(problem.path)) for problem in problems]


def _is_visible(reader: FieldReader) -> bool:
    hiding = (reader.boolean("published") is False, reader.boolean("removed"), reader.boolean("deleted"))
    return not any(hiding)


def _values(reader: FieldReader) -> dict[str, Any]:
    """The values of the fields that documents and copies have alike, by attribute."""
    return {field.attribute: _value(reader, field) for field in ARTICLE_FIELDS}


def _value(reader: FieldReader, field: ArticleField) -> Any:
    match field.kind:
        case FieldKind.TEXT:
            return reader.text(field.name)
        case FieldKind.NAME:
            return reader.text(field.name, 500)
        case FieldKind.MOMENT:
            return reader.date_time(field.name)
        case FieldKind.URL:
            return reader.url(field.name)
        case FieldKind.NUMBER:
            number = reader.integer(field.name)
            return None if number is None or (field.least is not None and number < field.least) else number
        case FieldKind.IMAGES:
            return reader.images(field.name)


def _body(body: str, problems: list[Problem]) -> str | None:
    if len(body) > BODY_LIMIT:
        message = f"The body has {len(body):,} characters, the limit is {BODY_LIMIT:,}; it is left out."
        problems.append(error(ProblemCode.FIELD_TOO_LONG, message))
        return None
    return body or None


def _topics(reader: FieldReader) -> tuple[str, ...]:
    """Topic names whose slugs differ; the first spelling of each stays."""
    by_slug: dict[str, str] = {}
    for name, path in reader.placed_texts("topics"):
        slug = name_slug(name)
        if slug is None:
            message = f"The topic {quote(name)} has no letter or digit to identify it by; rename it."
            reader.problems.append(error(ProblemCode.NAME_UNUSABLE, message, path=path))
        else:
            by_slug.setdefault(slug, name)
    return tuple(by_slug.values())


def _provider(reader: FieldReader) -> ProviderMention | None:
    if isinstance(reader.fields.get("provider"), str):
        name = reader.text("provider", 500)
        domain = provider_domain(name or "")
        return _mention(reader, domain, None if domain else name, ())
    provider = reader.mapping("provider")
    if provider is None:
        return None
    return _mention(reader, _domain(provider), provider.text("name", 500), provider.images("images"))


def _mention(
    reader: FieldReader, domain: str | None, name: str | None, images: tuple[Image, ...]
) -> ProviderMention | None:
    key = domain or (name_slug(name) if name else None)
    if key is None:
        if name is not None:
            message = f"The provider {quote(name)} has no letter or digit to identify it by; give it a domain."
            reader.problems.append(error(ProblemCode.NAME_UNUSABLE, message, path=(*reader.path, "provider")))
        return None
    return ProviderMention(key, domain, name, images)


def _domain(reader: FieldReader) -> str | None:
    text = reader.text("domain", 500)
    if text is None:
        return None
    domain = provider_domain(text)
    if domain is None:
        message = f"{quote(text)} is no domain; write it like example.org, without https:// or a path."
        reader.problems.append(error(ProblemCode.FIELD_TYPE, message, path=(*reader.path, "domain")))
    return domain


def _related(reader: FieldReader, own_key: str, copies: "CheckedCopies") -> tuple[Reference | None, ...]:
    references: list[Reference | None] = []
    seen: dict[str, int] = {}
    for value, path in reader.items("related"):
        reference, problems = copies.check(value)
        if problems:
            reader.problems.extend(replace(problem, path=(*path, *problem.path)) for problem in problems)
        references.append(reference)
        if reference and not is_slug_key(reference.key):  # what a slug names is known when all files are
            first = seen.setdefault(reference.key, len(references) - 1)
            problem = link_problem(path, reference.key == own_key, first)
            if problem:
                reader.problems.append(problem)
    return tuple(references)


def link_problem(path: FieldPath, is_own: bool, first_index: int) -> Problem | None:
    """What is wrong with an item of a `related` list that names the article itself, or one that an item before it names."""
    if is_own:
        message = "The article lists itself as related; take the item out."
        return error(ProblemCode.RELATED_TO_ITSELF, message, path=path)
    if path[-1] != first_index:
        message = f"The item names the same article as related[{first_index}]; keep one."
        return warning(ProblemCode.RELATED_REPEATED, message, path=path)
    return None


def _related_lines(front_matter: FrontMatter, related: Sequence[Reference | None]) -> Mapping[int, int | None]:
    if not any(is_slug_key(reference.key) for reference in related if reference):
        return MappingProxyType({})
    lines = {place: front_matter.line(("related", place)) for place, reference in enumerate(related) if reference}
    return MappingProxyType(lines)


CheckedCopy = tuple[Reference | None, tuple[Problem, ...]]
"""None for an item that names no article; the paths of the problems count from the item."""


class CheckedCopies:
    """The copies of articles that were checked so far: a corpus embeds the same few thousand again and again."""

    def __init__(self, references: SharedReferences | None = None) -> None:
        self._checked: dict[bytes, CheckedCopy] = {}
        self._references = SharedReferences() if references is None else references
        self.items = RelatedItems(without=SECURED)
        """The same copies, as they are written."""

    def check(self, value: JsonValue) -> CheckedCopy:
        """The reference that an item of a `related` list is, the same object for equal items."""
        try:
            data = orjson.dumps(value)
            if _SECURED_KEY in data:  # not even as a key of the cache
                data = orjson.dumps(_public_json(value))
        except TypeError:  # a lone surrogate, which JSON cannot carry
            return _check_reference(value)
        if len(data) > _COPY_LIMIT:
            return _check_reference(value)
        checked = self._checked.get(data)
        if checked is None:
            reference, problems = _check_reference(value)
            shared = reference and self._references.share(reference)
            checked = self._checked[data] = shared, problems
        return checked


def _check_reference(value: JsonValue) -> CheckedCopy:
    """The reference that an item of a `related` list is, with problems whose paths count from the item."""
    if isinstance(value, str):
        value = {"webUrl": value} if clean_url(value) else {"slug": value}
    if not isinstance(value, dict):
        message = "A related item is a URL, a slug, or a mapping with a webUrl; this one is left out."
        return None, (error(ProblemCode.FIELD_TYPE, message),)
    reader = FieldReader(value)
    values, slug = _values(reader), reader.text("slug", 500)
    key = canonical_url(values["web_url"] or values["original_url"] or "") or (f"{_SLUG_KEY}{slug}" if slug else None)
    if key is None:
        message = "The related item has no webUrl, originalUrl or slug, so it names no article; add one of them."
        reader.problems.append(error(ProblemCode.RELATED_UNIDENTIFIED, message))
        return None, tuple(reader.problems)
    reference = Reference(key=key, slug=slug, provider=_provider(reader), **values)
    return reference, tuple(reader.problems)


def _unknown_keys(reader: FieldReader) -> Mapping[str, JsonValue]:
    unknown = {key: value for key, value in reader.fields.items() if key not in _KNOWN_KEYS and key != SECURED}
    if not unknown:
        return MappingProxyType({})
    kept: dict[str, JsonValue] = {}
    for key, value in unknown.items():
        shown_key = _without_surrogates(key)
        if json_size(value) > TEXT_LIMIT:
            message = f"The value holds more than {TEXT_LIMIT:,} characters and values; it is left out."
            reader.problems.append(error(ProblemCode.FIELD_TOO_LONG, message, path=(shown_key,)))
        else:
            kept[shown_key] = _public_json(value)
    return MappingProxyType(kept)


def _public_json(value: JsonValue) -> JsonValue:
    """The value without the secret key at any depth, and with text that every JSON writer takes."""
    match value:
        case str():
            return _without_surrogates(value)
        case list():
            return [_public_json(item) for item in value]
        case dict():
            return {_without_surrogates(key): _public_json(item) for key, item in value.items() if key != SECURED}
        case _:
            return value


def _without_surrogates(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "replace").decode()

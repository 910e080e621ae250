"""Documents → nodes and edges: one id, one value; every value that loses stays as a conflict with its source."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain, count, repeat
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from graph.cycle_collection import paused_collection
from graph.dates import format_date_time
from graph.documents import SLUG_KEY, CatalogueEntry, Document, ProviderMention, Reference, link_problem
from graph.files import SourceKind
from graph.links import canonical_url, name_slug, node_id
from graph.loader import LoadResult
from graph.model import (
    Article,
    ArticleOrigin,
    EdgeKind,
    FieldConflict,
    Image,
    JsonValue,
    NodeKind,
    Provider,
    Topic,
)
from graph.names import BEFORE_ALL_DATES, slug_owners
from graph.problems import Problem, ProblemCode, error, quote, warning

_T = TypeVar("_T")
_OWN_WEIGHT = 1_000_000
"""How many copies it takes to outvote one article's own spelling of its provider: never."""


class Edge(NamedTuple):
    """An edge between two nodes."""

    source: str
    target: str
    kind: EdgeKind
    position: int
    """Place among the source's edges of this kind, counted from 1."""


@dataclass(slots=True)
class MergeResult:
    """The nodes and edges of a graph, in an order that depends on the files alone."""

    articles: list[Article] = field(default_factory=list)
    providers: list[Provider] = field(default_factory=list)
    topics: list[Topic] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class _Named(NamedTuple):
    """What a document's list names. There is a great deal of it, so it is kept in few objects."""

    keys: Sequence[str | None]
    """The article that each item names, None for one that names none."""
    copies: Sequence[Reference | None]
    """What the items say, at the same places."""


_Copies = dict[int, Reference]
"""The copies of one article by identity, since equal ones are one object nearly always; the latest-published first."""


@paused_collection()
def merge(loaded: LoadResult, include_unpublished: bool = False) -> MergeResult:
    """The graph's content. Hidden files leave no trace unless included: no values, no problems.

    Cost: linear in documents and copies.
    """
    hidden: set[str] = set()
    if not include_unpublished:
        hidden.update(document.file for document in loaded.documents if not document.is_visible)
        hidden.update(entry.file for entry in loaded.catalogue if not entry.is_visible)
    documents = [document for document in loaded.documents if document.file not in hidden]
    entries = [entry for entry in loaded.catalogue if entry.file not in hidden]
    result = MergeResult(problems=[problem for problem in loaded.problems if problem.file not in hidden])

    files = _files_by_key(documents, result.problems)
    named = _named_articles(documents, files, result.problems)
    copies = _copies_by_key(named)
    ids = {key: node_id(NodeKind.ARTICLE, key) for key in (*files, *copies)}
    winners = {key: _winners(files.get(key) or copies[key].values()) for key in ids}
    conflicts = _copy_conflicts(winners, copies, named)
    providers, topics = _ProviderNames(), _TopicNames()
    for key in ids:
        same, provider = files.get(key, ()), winners[key]["provider"]
        article = _article(key, same, copies.get(key, {}).values(), winners[key], conflicts.get(key, ()))
        result.articles.append(article)
        if provider is not None:
            providers.add(provider, weight=_OWN_WEIGHT)
            result.edges.append(Edge(article.id, node_id(NodeKind.PROVIDER, provider.key), EdgeKind.PUBLISHED_BY, 1))
        for position, name in enumerate(_topic_names(same), 1):
            result.edges.append(Edge(article.id, node_id(NodeKind.TOPIC, topics.add(name)), EdgeKind.ABOUT, position))
    uses = Counter(id(reference) for found in named.values() for reference in found.copies)
    for reference in (reference for same_article in copies.values() for reference in same_article.values()):
        if reference.provider is not None:
            providers.add_spelling(reference.provider, uses[id(reference)])
    for key, same in files.items():
        result.edges.extend(_related_edges(key, [named[document.file] for document in same], ids))
    catalogue = _Catalogue(entries, result.problems)
    result.providers.extend(providers.build(catalogue))
    result.topics.extend(topics.build(catalogue, result.edges, result.problems))
    return result


def _files_by_key(documents: Iterable[Document], problems: list[Problem]) -> dict[str, list[Document]]:
    """The files of each article, the winner first."""
    files: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        files[document.key].append(document)
    for same in files.values():
        if len(same) > 1:
            same.sort(key=_precedence)
            problems.extend(_duplicate(document, same[0]) for document in same[1:])
    return dict(files)


def _precedence(document: Document) -> tuple[bool, float, float, str]:
    """Published first, then higher quality, then later date, then file name."""
    return (
        not document.is_visible,
        -(document.quality if document.quality is not None else float("-inf")),
        -(document.published_date_time or BEFORE_ALL_DATES).timestamp(),
        document.file,
    )


def _duplicate(loser: Document, winner: Document) -> Problem:
    if loser.url is None:
        message = (
            f"This file and {winner.file} have one slug and no URL, so they are one article, and that file’s values win. "
            "Give each a webUrl, or a slug of its own."
        )
        return error(ProblemCode.ARTICLE_DUPLICATED, message, file=loser.file)
    message = f"This is the same article as {winner.file}, whose values win; links and slugs of both are kept. Merge the two files."
    path = ("webUrl",) if loser.web_url else ("originalUrl",)
    return warning(ProblemCode.ARTICLE_DUPLICATED, message, file=loser.file, line=loser.identity_line, path=path)


def _named_articles(
    documents: Sequence[Document], files: Mapping[str, Sequence[Document]], problems: list[Problem]
) -> dict[str, _Named]:
    """What each file names, the latest-published file first.

    A copy that names an article by slug alone counts for the article that a look-up finds.
    """
    by_slug = _keys_by_slug(documents, files)
    named = {document.file: _resolved(document, by_slug, problems) for document in documents}
    return {document.file: named[document.file] for document in sorted(documents, key=_citing_order)}


def _copies_by_key(named: Mapping[str, _Named]) -> dict[str, _Copies]:
    copies: dict[str, _Copies] = defaultdict(dict)
    for found in named.values():
        for key, reference in zip(found.keys, found.copies, strict=True):
            if key is not None and reference is not None:
                copies[key][id(reference)] = reference
    return dict(copies)


class _Claimant(NamedTuple):
    """An article, as far as its names are concerned."""

    key: str
    file: str | None
    url: str | None
    published_date_time: datetime | None
    slugs: tuple[str, ...]


def _keys_by_slug(documents: Iterable[Document], files: Mapping[str, Sequence[Document]]) -> dict[str, str]:
    """Which article a slug names: the one that a look-up finds."""
    claimants = [
        _Claimant(key, same[0].file, same[0].url, _first_value(same, "published_date_time"), _names(same))
        for key, same in files.items()
    ]
    mentioned = {
        (reference.key, reference.slug)
        for document in documents
        for reference in document.related
        if reference and reference.slug and reference.key not in files and not reference.key.startswith(SLUG_KEY)
    }
    claimants += [_Claimant(key, None, key, None, (slug,)) for key, slug in mentioned]
    return {slug: owner.key for slug, owner in slug_owners(claimants).items()}


def _names(files: Iterable[Document]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for document in files for name in document.names))


def _resolved(document: Document, by_slug: Mapping[str, str], problems: list[Problem]) -> _Named:
    """What the document names; what only shows when slugs are resolved is reported."""
    if not document.related_lines:  # it names nothing by a slug, as nearly all
        return _Named([reference.key if reference else None for reference in document.related], document.related)
    keys: list[str | None] = [None] * len(document.related)
    first: dict[str, int] = {}
    urls = {document.url}
    for index, reference in enumerate(document.related):
        if reference is None:
            continue
        slug = reference.slug if reference.key.startswith(SLUG_KEY) else None
        key = by_slug.get(slug, reference.key) if slug else reference.key
        path = ("related", index)
        problem = None
        if slug and slug not in by_slug and reference.title is None:
            message = f"No article has the slug {quote(slug)}; give the item a webUrl."
            problem = error(ProblemCode.RELATED_UNIDENTIFIED, message, path=path)
        else:
            keys[index] = key
            if reference.key not in urls:
                problem = link_problem(path, key == document.key, first.setdefault(key, index))
        if problem:
            problems.append(replace(problem, file=document.file, line=document.related_lines.get(index)))
        if not slug:
            urls.add(reference.key)
    return _Named(keys, document.related)


def _citing_order(document: Document) -> tuple[float, str]:
    return -(document.published_date_time or BEFORE_ALL_DATES).timestamp(), document.file


def _related_edges(key: str, named: Iterable[_Named], ids: Mapping[str, str]) -> Iterator[Edge]:
    """Links in list order, the winner's before the loser's, each target once, without self-links."""
    targets = [
        ids[target] for target in dict.fromkeys(chain(*(found.keys for found in named))) if target and target != key
    ]
    return map(Edge, repeat(ids[key]), targets, repeat(EdgeKind.RELATED_TO), count(1))


class _Field(NamedTuple):
    """A field that copies and duplicate files may disagree on."""

    attribute: str
    name: str
    """As in the front matter."""
    identity: Callable[[Any], object] = lambda value: value
    """What two values must share to count as the same."""
    to_json: Callable[[Any], JsonValue] = lambda value: value


def _image_json(image: Image) -> JsonValue:
    return _present(
        {
            "url": image.url,
            "width": image.width,
            "height": image.height,
            "isCached": image.is_cached,
            "title": image.title,
            "attribution": image.attribution,
        }
    )


def _present(mapping: Mapping[str, JsonValue]) -> JsonValue:
    return {key: value for key, value in mapping.items() if value is not None}


_FIELDS = (
    _Field("title", "title"),
    _Field("excerpt", "excerpt"),
    _Field("published_date_time", "publishedDateTime", to_json=lambda date: format_date_time(date)),
    _Field("web_url", "webUrl", canonical_url),
    _Field("original_url", "originalUrl", canonical_url),
    _Field("amp_web_url", "ampWebUrl", canonical_url),
    _Field("cdn_amp_web_url", "cdnAmpWebUrl", canonical_url),
    _Field("type", "type"),
    _Field("category", "category"),
    _Field("quality", "quality"),
    _Field("heat", "heat"),
    _Field(
        "images",
        "images",
        lambda images: frozenset(image.url for image in images),
        lambda images: [_image_json(image) for image in images],
    ),
    _Field(
        "provider",
        "provider",
        lambda provider: provider.key,
        lambda provider: _present({"name": provider.name, "domain": provider.domain}),
    ),
)


def _winners(sources: Iterable[Document | Reference]) -> dict[str, Any]:
    """The values of an article, by attribute, from its files or else its copies: gaps are filled among equals only."""
    sources = tuple(sources)
    return {spec.attribute: _first_value(sources, spec.attribute) for spec in _FIELDS}


def _article(
    key: str,
    files: Sequence[Document],
    copies: Iterable[Reference],
    winners: Mapping[str, Any],
    copy_conflicts: Iterable[FieldConflict],
) -> Article:
    slugs = _names(files) or tuple(dict.fromkeys(copy.slug for copy in copies if copy.slug))
    values = {attribute: value for attribute, value in winners.items() if attribute != "provider"}
    return Article(
        id=node_id(NodeKind.ARTICLE, key),
        url=None if key.startswith(SLUG_KEY) else key,
        origin=ArticleOrigin.DOCUMENT if files else ArticleOrigin.REFERENCE,
        slug=slugs[0] if slugs else None,
        slugs=slugs,
        body=_first_value(files, "body"),
        published=files[0].is_visible if files else None,
        front_matter=_front_matter(files),
        file=files[0].file if files else None,
        duplicate_files=tuple(document.file for document in files[1:]),
        conflicts=(*_file_conflicts(winners, files), *copy_conflicts),
        **{**values, "images": values["images"] or ()},
    )


def _topic_names(files: Iterable[Document]) -> Iterable[str]:
    """The topics that the files name, in their order; the first spelling of each."""
    topics: dict[str | None, str] = {}
    for document in files:
        for name in document.topics:
            topics.setdefault(name_slug(name), name)
    return topics.values()


def _first_value(sources: Iterable[Document | Reference], attribute: str) -> Any:
    return next((value for source in sources if (value := getattr(source, attribute)) not in (None, ())), None)


def _front_matter(files: Sequence[Document]) -> Mapping[str, JsonValue]:
    if len(files) == 1:
        return files[0].front_matter
    merged: dict[str, JsonValue] = {}
    for document in files:
        merged = {**document.front_matter, **merged}
    return MappingProxyType(merged)


def _file_conflicts(winners: Mapping[str, Any], files: Sequence[Document]) -> Iterator[FieldConflict]:
    """What the files that lost say differently."""
    front_matter = _front_matter(files)
    for document in files[1:]:
        for name, value in _differences(winners, document):
            yield FieldConflict(name, value, document.file, name)
        if document.body and document.body != _first_value(files, "body"):
            yield FieldConflict("body", document.body, document.file, "body")
        for name, value in document.front_matter.items():
            if value != front_matter[name]:
                yield FieldConflict(name, value, document.file, name)


def _copy_conflicts(
    winners: Mapping[str, Mapping[str, Any]], copies: Mapping[str, _Copies], named: Mapping[str, _Named]
) -> dict[str, list[FieldConflict]]:
    """What the copies in other articles' files say differently, by the article's key."""
    differences = {
        identity: differing
        for key, same_article in copies.items()
        for identity, reference in same_article.items()
        if (differing := tuple(_differences(winners[key], reference)))
    }
    conflicts: dict[str, list[FieldConflict]] = defaultdict(list)
    for file, found in named.items():
        for place, (key, reference) in enumerate(zip(found.keys, found.copies, strict=True)):
            if key is not None and id(reference) in differences:
                conflicts[key].extend(
                    FieldConflict(name, value, file, f"related[{place}].{name}")
                    for name, value in differences[id(reference)]
                )
    return conflicts


def _differences(winners: Mapping[str, Any], source: Document | Reference) -> Iterator[tuple[str, JsonValue]]:
    for spec in _FIELDS:
        value, winner = getattr(source, spec.attribute), winners[spec.attribute]
        if value in (None, ()) or value == winner:
            continue
        if winner in (None, ()) or spec.identity(value) != spec.identity(winner):
            yield spec.name, spec.to_json(value)


class _Catalogue:
    """What the catalogues say, by kind and key; the first of several entries counts."""

    def __init__(self, entries: Iterable[CatalogueEntry], problems: list[Problem]) -> None:
        self._entries: dict[tuple[SourceKind, str], CatalogueEntry] = {}
        for entry in entries:
            first = self._entries.setdefault((entry.kind, entry.key), entry)
            if first is not entry:
                message = f"{first.file} describes {quote(first.name)} already and counts; remove one of the two."
                problems.append(warning(ProblemCode.CATALOGUE_REPEATED, message, file=entry.file))

    def get(self, kind: SourceKind, key: str) -> CatalogueEntry | None:
        return self._entries.get((kind, key))

    def topics(self) -> Iterator[CatalogueEntry]:
        return (entry for (kind, _), entry in self._entries.items() if kind is SourceKind.TOPIC)


class _ProviderNames:
    """Providers by key, with every spelling of their names and how often it was used."""

    def __init__(self) -> None:
        self._domains: dict[str, str | None] = {}
        self._names: dict[str, Counter[str]] = defaultdict(Counter)
        self._images: dict[str, Counter[tuple[Image, ...]]] = defaultdict(Counter)

    def add(self, mention: ProviderMention, weight: int) -> None:
        """A mention by the article itself, which makes the provider a node."""
        self._domains.setdefault(mention.key, mention.domain)
        self.add_spelling(mention, weight)

    def add_spelling(self, mention: ProviderMention, weight: int = 1) -> None:
        if mention.name:
            self._names[mention.key][mention.name] += weight
        if mention.images:
            self._images[mention.key][mention.images] += weight

    def build(self, catalogue: _Catalogue) -> Iterator[Provider]:
        for key, domain in self._domains.items():
            entry = catalogue.get(SourceKind.ORGANIZATION, key)
            names = _by_frequency(self._names[key])
            name = entry.name if entry else names[0] if names else key
            others = {*names, *(entry.other_names if entry else ())} - {name}
            images = (entry.images if entry else ()) or next(iter(_by_frequency(self._images[key])), ())
            yield Provider(node_id(NodeKind.PROVIDER, key), domain, name, tuple(sorted(others)), images)


class _TopicNames:
    """Topics by slug: those that articles name, and those that the catalogue describes."""

    def __init__(self) -> None:
        self._names: dict[str, Counter[str]] = defaultdict(Counter)

    def add(self, name: str) -> str:
        """The slug of the name, which is a topic now."""
        slug = name_slug(name) or name
        self._names[slug][name] += 1
        return slug

    def build(self, catalogue: _Catalogue, edges: list[Edge], problems: list[Problem]) -> Iterator[Topic]:
        """The topics; their BROADER edges and what is wrong with the hierarchy are added to the lists."""
        for entry in catalogue.topics():
            self._names[entry.key][entry.name] += 0
        parents: dict[str, str] = {}
        for entry in catalogue.topics():
            self._add_parent(entry, catalogue, parents, problems)
        edges.extend(
            Edge(node_id(NodeKind.TOPIC, child), node_id(NodeKind.TOPIC, parent), EdgeKind.BROADER, 1)
            for child, parent in parents.items()
        )
        for slug, names in self._names.items():
            yield _topic(slug, catalogue.get(SourceKind.TOPIC, slug), names)

    def _add_parent(
        self, entry: CatalogueEntry, catalogue: _Catalogue, parents: dict[str, str], problems: list[Problem]
    ) -> None:
        parent = name_slug(entry.parent) if entry.parent else None
        if parent is None or entry.parent is None:
            return
        ancestor: str | None = parent
        while ancestor is not None and ancestor != entry.key:
            ancestor = parents.get(ancestor)
        if ancestor == entry.key:
            message = (
                f"{quote(entry.parent)} stands below this topic already, so it cannot be its parent; remove one link."
            )
            problems.append(error(ProblemCode.TOPIC_PARENT_CYCLE, message, file=entry.file, path=("parent",)))
            return
        if parent not in self._names:
            message = f"No article or catalogue names the topic {quote(entry.parent)}; it has no description. Add it."
            problems.append(warning(ProblemCode.TOPIC_PARENT_UNKNOWN, message, file=entry.file, path=("parent",)))
        self._names[parent][entry.parent] += 0
        parents[entry.key] = parent


def _topic(slug: str, entry: CatalogueEntry | None, names: Counter[str]) -> Topic:
    topic_id = node_id(NodeKind.TOPIC, slug)
    if entry is None:
        return Topic(topic_id, slug, _by_frequency(names)[0])
    return Topic(
        topic_id,
        slug,
        entry.name,
        entry.short_name,
        entry.description,
        entry.keywords,
        entry.hashtags,
        entry.images,
    )


def _by_frequency(counter: Counter[_T]) -> list[_T]:
    """The most frequent first, ties in the order of their text."""
    return sorted(counter, key=lambda value: (-counter[value], str(value)))

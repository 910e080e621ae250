"""Documents → nodes and edges: one id, one value; every value that loses stays as a conflict with its source."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from graph.building.names import BEFORE_ALL_DATES, by_precedence, slug_owners
from graph.dates import format_date_time
from graph.links import canonical_url, name_slug, node_id
from graph.memory import paused_collection
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
from graph.problems import Problem, ProblemCode, error, quote, warning
from graph.reading.documents import SLUG_KEY, CatalogueEntry, Document, ProviderMention, Reference, link_problem
from graph.reading.files import SourceKind
from graph.reading.loader import LoadResult

_T = TypeVar("_T")
_OWN_WEIGHT = 1_000_000
"""How many copies it takes to outvote one article's own spelling of its provider: never."""


Targets = dict[EdgeKind, dict[str, tuple[str, ...]]]


@dataclass(slots=True)
class MergeResult:
    """The nodes and edges of a graph, in an order that depends on the files alone."""

    articles: list[Article] = field(default_factory=list)
    providers: list[Provider] = field(default_factory=list)
    topics: list[Topic] = field(default_factory=list)
    targets: Targets = field(default_factory=lambda: {kind: {} for kind in EdgeKind})
    """The edges of each kind: where those of a node lead, in their order. Nodes without any are missing."""
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class _Named:
    """What a document's list names. There is a great deal of it, so it is kept in few objects."""

    file: str
    keys: Sequence[str | None]
    """The article that each item names, None for one that names none."""
    copies: Sequence[Reference | None]
    """What the items say, at the same places."""
    problems: tuple[Problem, ...] = ()
    """What only shows when slugs are resolved."""


class _Dispute(NamedTuple):
    """A copy that says of an article what does not count."""

    named: _Named
    place: int
    differences: tuple[tuple[str, JsonValue], ...]


class _Merged(NamedTuple):
    """What came of everything that is said of one article."""

    article: Article
    provider: ProviderMention | None
    topics: tuple[str, ...]
    """Names, of which no two have one slug."""


class _Said(NamedTuple):
    """What is said of one article."""

    sources: tuple[Document | Reference, ...]
    """Its files, or else its copies: what its values come from."""
    winners: Mapping[str, Any]
    """Its values, by attribute."""
    differences: Mapping[int, tuple[tuple[str, JsonValue], ...]]
    """The copies that say something else, by identity."""


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
    named = _named_articles(documents, files)
    result.problems.extend(problem for document in documents for problem in named[document.file].problems)
    copies = _copies_by_key(named.values())
    ids = {key: node_id(NodeKind.ARTICLE, key) for key in (*files, *copies)}
    providers, topics = _ProviderNames(), _TopicNames()
    for merged in _merged_articles(files, copies, named.values(), ids):
        article = merged.article
        result.articles.append(article)
        if merged.provider is not None:
            providers.add(merged.provider, weight=_OWN_WEIGHT)
            result.targets[EdgeKind.PUBLISHED_BY][article.id] = (node_id(NodeKind.PROVIDER, merged.provider.key),)
        if merged.topics:
            about = tuple(node_id(NodeKind.TOPIC, topics.add(name)) for name in merged.topics)
            result.targets[EdgeKind.ABOUT][article.id] = about
    uses = _uses(named.values())
    for reference in chain.from_iterable(same_article.values() for same_article in copies.values()):
        if reference.provider is not None:
            providers.add_spelling(reference.provider, uses[id(reference)])
    for key, same in files.items():
        lists = (named[document.file] for document in same)
        if related := _related_ids(key, ids, lists):
            result.targets[EdgeKind.RELATED_TO][ids[key]] = related
    catalogue = _Catalogue(entries, result.problems)
    result.providers.extend(providers.build(catalogue))
    result.topics.extend(topics.build(catalogue, result))
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


def _named_articles(documents: Sequence[Document], files: Mapping[str, Sequence[Document]]) -> dict[str, _Named]:
    """What each file names, the latest-published file first.

    A copy that names an article by slug alone counts for the article that a look-up finds.
    """
    by_slug = _keys_by_slug(documents, files)
    return {
        document.file: _resolved(document, _slug_owners(document, by_slug))
        if document.related_lines
        else _named(document.file, document.related)
        for document in sorted(documents, key=_citing_order)
    }


def _named(file: str, related: Sequence[Reference | None]) -> _Named:
    """What a document names of which every item says a URL."""
    return _Named(file, [reference.key if reference else None for reference in related], related)


def _copies_by_key(named: Iterable[_Named]) -> dict[str, _Copies]:
    copies: dict[str, _Copies] = defaultdict(dict)
    for found in named:
        for key, reference in zip(found.keys, found.copies, strict=True):
            if key is not None and reference is not None:
                copies[key][id(reference)] = reference
    return dict(copies)


def _uses(named: Iterable[_Named]) -> Mapping[int, int]:
    """How often each copy stands in a list, by identity."""
    return Counter(map(id, chain.from_iterable(found.copies for found in named)))


class _Claimant(NamedTuple):
    """An article, as far as its names are concerned."""

    key: str
    file: str | None
    url: str | None
    published_date_time: datetime | None
    slugs: tuple[str, ...]


def _keys_by_slug(documents: Iterable[Document], files: Mapping[str, Sequence[Document]]) -> dict[str, str]:
    """Which article a slug names: the one that a look-up finds. Only for slugs by which alone an item names one."""
    slugs = {
        slug
        for document in documents
        if document.related_lines
        for reference in document.related
        if (slug := _only_slug(reference)) is not None
    }
    if not slugs:
        return {}
    claimants = [
        _Claimant(key, same[0].file, same[0].url, _first_value(same, "published_date_time"), names)
        for key, same in files.items()
        if not slugs.isdisjoint(names := _names(same))
    ]
    mentioned = {
        (reference.key, reference.slug)
        for document in documents
        for reference in document.related
        if reference
        and reference.slug in slugs
        and reference.key not in files
        and not reference.key.startswith(SLUG_KEY)
    }
    claimants += [_Claimant(key, None, key, None, (slug,)) for key, slug in mentioned]
    return {slug: owner.key for slug, owner in slug_owners(by_precedence(claimants)).items()}


def _names(files: Iterable[Document]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for document in files for name in document.names))


def _slug_owners(document: Document, by_slug: Mapping[str, str]) -> tuple[str | None, ...]:
    """For each item, which article has the slug by which alone the item names one."""
    return tuple(by_slug.get(_only_slug(reference) or "") for reference in document.related)


def _only_slug(reference: Reference | None) -> str | None:
    return reference.slug if reference and reference.key.startswith(SLUG_KEY) else None


def _resolved(document: Document, owners: Sequence[str | None]) -> _Named:
    """What the document names; what only shows when slugs are resolved is reported."""
    keys: list[str | None] = [None] * len(document.related)
    problems: list[Problem] = []
    first: dict[str, int] = {}
    urls = {document.url}
    for index, (reference, owner) in enumerate(zip(document.related, owners, strict=True)):
        if reference is None:
            continue
        slug = _only_slug(reference)
        key = owner or reference.key
        path = ("related", index)
        problem = None
        if slug and owner is None and reference.title is None:
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
    return _Named(document.file, keys, document.related, tuple(problems))


def _citing_order(document: Document) -> tuple[float, str]:
    return -(document.published_date_time or BEFORE_ALL_DATES).timestamp(), document.file


def _related_ids(key: str, ids: Mapping[str, str], lists: Iterable[_Named]) -> tuple[str, ...]:
    """Links in list order, the winner's before the loser's, each target once, without self-links."""
    targets = dict.fromkeys(chain.from_iterable(found.keys for found in lists))
    return tuple(ids[target] for target in targets if target and target != key)


def _merged_articles(
    files: Mapping[str, Sequence[Document]],
    copies: Mapping[str, _Copies],
    named: Iterable[_Named],
    ids: Mapping[str, str],
) -> Iterator[_Merged]:
    """Each article, in the order of their keys in `ids`."""
    said: dict[str, _Said] = {}
    for key in ids:
        said[key] = _said(*files.get(key, ()), *copies.get(key, {}).values())
    disputes = _disputes(said, named)
    for key, found in said.items():
        yield _merged(found.winners, key, ids[key], found.sources, disputes.get(key, ()))


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


def _said(*sources: Document | Reference) -> _Said:
    """What the files of an article say, which come first, and what its copies do: gaps are filled among equals only."""
    files = tuple(source for source in sources if isinstance(source, Document))
    own = files or sources
    winners = {spec.attribute: _first_value(own, spec.attribute) for spec in _FIELDS}
    differences = {id(copy): found for copy in sources[len(files) :] if (found := _differences(winners, copy))}
    return _Said(own, winners, differences)


def _merged(
    winners: Mapping[str, Any],
    key: str,
    article_id: str,
    sources: Sequence[Document | Reference],
    disputes: Iterable[_Dispute],
) -> _Merged:
    files = [source for source in sources if isinstance(source, Document)]
    slugs = _names(files) or tuple(dict.fromkeys(source.slug for source in sources if source.slug))
    values = {attribute: value for attribute, value in winners.items() if attribute != "provider"}
    article = Article(
        id=article_id,
        url=None if key.startswith(SLUG_KEY) else key,
        origin=ArticleOrigin.DOCUMENT if files else ArticleOrigin.REFERENCE,
        slug=slugs[0] if slugs else None,
        slugs=slugs,
        body=_first_value(files, "body"),
        published=files[0].is_visible if files else None,
        front_matter=_front_matter(files),
        file=files[0].file if files else None,
        duplicate_files=tuple(document.file for document in files[1:]),
        conflicts=(*_file_conflicts(winners, files), *_copy_conflicts(disputes)),
        **{**values, "images": values["images"] or ()},
    )
    return _Merged(article, winners["provider"], tuple(_topic_names(files)))


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


def _disputes(said: Mapping[str, _Said], named: Iterable[_Named]) -> dict[str, list[_Dispute]]:
    """The copies in other articles' files that say something else, by the article's key."""
    differences = {identity: found for about in said.values() for identity, found in about.differences.items()}
    disputes: dict[str, list[_Dispute]] = defaultdict(list)
    for found in named:
        if differences.keys().isdisjoint(map(id, found.copies)):
            continue
        for place, (key, reference) in enumerate(zip(found.keys, found.copies, strict=True)):
            if key is not None and id(reference) in differences:
                disputes[key].append(_Dispute(found, place, differences[id(reference)]))
    return disputes


def _copy_conflicts(disputes: Iterable[_Dispute]) -> Iterator[FieldConflict]:
    for named, place, differences in disputes:
        for name, value in differences:
            yield FieldConflict(name, value, named.file, f"related[{place}].{name}")


def _differences(winners: Mapping[str, Any], source: Document | Reference) -> tuple[tuple[str, JsonValue], ...]:
    """The fields that the source has other values of, and these values."""
    return tuple(
        (spec.name, spec.to_json(value))
        for spec in _FIELDS
        if (value := getattr(source, spec.attribute)) not in (None, ())
        and _differs(spec, value, winners[spec.attribute])
    )


def _differs(spec: _Field, value: Any, winner: Any) -> bool:
    if value == winner:
        return False
    return winner in (None, ()) or spec.identity(value) != spec.identity(winner)


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
            provider_id, aliases = node_id(NodeKind.PROVIDER, key), tuple(sorted(others))
            yield Provider(provider_id, domain, name, aliases, images)


class _TopicNames:
    """Topics by slug: those that articles name, and those that the catalogue describes."""

    def __init__(self) -> None:
        self._names: dict[str, Counter[str]] = defaultdict(Counter)

    def add(self, name: str) -> str:
        """The slug of the name, which is a topic now."""
        slug = name_slug(name) or name
        self._names[slug][name] += 1
        return slug

    def build(self, catalogue: _Catalogue, result: MergeResult) -> Iterator[Topic]:
        """The topics; their BROADER edges and what is wrong with the hierarchy are added to the result."""
        for entry in catalogue.topics():
            self._names[entry.key][entry.name] += 0
        parents: dict[str, str] = {}
        for entry in catalogue.topics():
            self._add_parent(entry, parents, result.problems)
        result.targets[EdgeKind.BROADER].update(
            (node_id(NodeKind.TOPIC, child), (node_id(NodeKind.TOPIC, parent),)) for child, parent in parents.items()
        )
        for slug, names in self._names.items():
            described = catalogue.get(SourceKind.TOPIC, slug)
            yield _topic(slug, described, _by_frequency(names)[0])

    def _add_parent(self, entry: CatalogueEntry, parents: dict[str, str], problems: list[Problem]) -> None:
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


def _topic(slug: str, entry: CatalogueEntry | None, name: str) -> Topic:
    topic_id = node_id(NodeKind.TOPIC, slug)
    if entry is None:
        return Topic(topic_id, slug, name)
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

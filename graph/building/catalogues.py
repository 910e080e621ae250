"""Providers, topics and persons: what articles name, and what the catalogues say of it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from graph.building.merged_graph import MergeResult
from graph.links import name_slug, node_id
from graph.model import EdgeKind, Image, NodeKind, Person, Provider, Topic
from graph.problems import Problem, ProblemCode, error, quote, warning
from graph.reading.files import SourceKind
from graph.reading.mentions import implied_provider
from graph.reading.records import CatalogueEntry, PersonMention, ProviderMention, TopicMention
from graph.sites.site import Site

_T = TypeVar("_T")
_OWN_WEIGHT = 1_000_000
"""How many copies it takes to outvote one article's own spelling of its provider: never."""


class Catalogue:
    """What the catalogues say, by kind and key; the first of several entries counts."""

    def __init__(self, entries: Iterable[CatalogueEntry], problems: list[Problem]) -> None:
        self._entries: dict[tuple[SourceKind, str], CatalogueEntry] = {}
        for entry in entries:
            first = self._entries.setdefault((entry.kind, entry.key), entry)
            if first is not entry:
                message = f"{first.file} describes {quote(first.name)} already and counts; remove one of the two."
                problems.append(warning(ProblemCode.CATALOGUE_REPEATED, message, file=entry.file))

    def get(self, kind: SourceKind, key: str) -> CatalogueEntry | None:
        """The entry that describes the topic or organization with this key."""
        return self._entries.get((kind, key))

    def topics(self) -> Iterator[CatalogueEntry]:
        """All topics that are described, in the order of their files."""
        return (entry for (kind, _), entry in self._entries.items() if kind is SourceKind.TOPIC)


class ProviderNames:
    """Providers by key, with every spelling of their names and how often it was used."""

    def __init__(self) -> None:
        self._domains: dict[str, str | None] = {}
        self._names: dict[str, Counter[str]] = defaultdict(Counter)
        self._images: dict[str, Counter[tuple[Image, ...]]] = defaultdict(Counter)

    def add_own(self, mention: ProviderMention) -> None:
        """A mention that is the value of an article, which makes the provider a node."""
        self._domains.setdefault(mention.key, mention.domain)
        self._add(mention, _OWN_WEIGHT)

    def add_copies(self, mention: ProviderMention, count: int) -> None:
        """A mention in so many copies of articles, which only tells how the provider is spelled."""
        self._add(mention, count)

    def _add(self, mention: ProviderMention, weight: int) -> None:
        if mention.name:
            self._names[mention.key][mention.name] += weight
        if mention.images:
            self._images[mention.key][mention.images] += weight

    def build(self, catalogue: Catalogue, sites: Iterable[Site]) -> Iterator[Provider]:
        """The providers of articles. A catalogue entry names, depicts and describes them; else the most frequent spelling and their site do."""
        described = _descriptions(sites)
        for key, domain in self._domains.items():
            entry = catalogue.get(SourceKind.ORGANIZATION, key)
            names = _by_frequency(self._names[key])
            name = entry.name if entry else names[0] if names else key
            others = {*names, *(entry.other_names if entry else ())} - {name}
            images = (entry.images if entry else ()) or next(iter(_by_frequency(self._images[key])), ())
            description = (entry.description if entry else None) or described.get(key)
            yield Provider(node_id(NodeKind.PROVIDER, key), domain, name, tuple(sorted(others)), images, description)


def _descriptions(sites: Iterable[Site]) -> Mapping[str, str]:
    """What sites say of themselves, by the keys of the providers that they are."""
    found: dict[str, str] = {}
    for site in sites:
        if site.description and (provider := implied_provider(None, site)):
            found.setdefault(provider.key, site.description)
    return found


class PersonNames:
    """Persons by key, with every spelling of their names and whatever else articles say of them, and how often."""

    def __init__(self) -> None:
        self._mentions: dict[str, Counter[PersonMention]] = defaultdict(Counter)

    def add(self, mention: PersonMention) -> None:
        """The mentioned is a person now."""
        self._mentions[mention.key][mention] += 1

    def build(self) -> Iterator[Person]:
        """The authors of articles. What most articles say of them counts."""
        for key, mentions in self._mentions.items():
            names = _most_said(mentions, lambda mention: mention.name)
            yield Person(
                id=node_id(NodeKind.PERSON, key),
                slug=key,
                name=names[0],
                aliases=tuple(sorted(names[1:])),
                description=next(iter(_most_said(mentions, lambda mention: mention.description)), None),
                url=next(iter(_most_said(mentions, lambda mention: mention.url)), None),
                images=next(iter(_most_said(mentions, lambda mention: mention.images)), ()),
            )


def _most_said(mentions: Counter[PersonMention], read: Callable[[PersonMention], _T | None]) -> list[_T]:
    """The values that mentions have, the most frequent first."""
    found: Counter[_T] = Counter()
    for mention, count in mentions.items():
        if value := read(mention):
            found[value] += count
    return _by_frequency(found)


def topic_slug(mention: TopicMention) -> str:
    """By which the topic is known."""
    return name_slug(mention.name) or mention.name


class TopicNames:
    """Topics by slug: those that articles name, and those that the catalogue describes."""

    def __init__(self) -> None:
        self._names: dict[str, Counter[str]] = defaultdict(Counter)
        self._taxonomies: dict[str, set[str]] = defaultdict(set)

    def add(self, mention: TopicMention, count: int = 1) -> None:
        """The mentioned is a topic now; so often it is mentioned."""
        slug = topic_slug(mention)
        self._names[slug][mention.name] += count
        self._taxonomies[slug].add(mention.taxonomy)

    def build(self, catalogue: Catalogue, result: MergeResult) -> Iterator[Topic]:
        """The topics; their BROADER edges and what is wrong with the hierarchy are added to the result."""
        for entry in catalogue.topics():
            self._names[entry.key][entry.name] += 0  # a topic, though no article names it
        parents = self._parents_in_names()
        for entry in catalogue.topics():
            self._add_parent(entry, parents, result.problems)
        result.targets[EdgeKind.BROADER].update(
            (node_id(NodeKind.TOPIC, child), (node_id(NodeKind.TOPIC, parent),)) for child, parent in parents.items()
        )
        for slug, names in self._names.items():
            taxonomies = tuple(sorted(self._taxonomies.get(slug, ())))
            yield _topic(slug, catalogue.get(SourceKind.TOPIC, slug), _by_frequency(names), taxonomies)

    def _parents_in_names(self) -> dict[str, str]:
        """By the slug of a topic like `animal/cat` that of `animal`, which is a topic too."""
        parents: dict[str, str] = {}
        for slug, names in list(self._names.items()):
            name = _by_frequency(names)[0]
            while (broader := name.rpartition("/")[0]) and (parent := name_slug(broader)) and parent != slug:
                self._names[parent][broader] += 0
                if slug in parents or _leads_to(parents, parent, slug):
                    break
                parents[slug] = parent
                slug, name = parent, broader
        return parents

    def _add_parent(self, entry: CatalogueEntry, parents: dict[str, str], problems: list[Problem]) -> None:
        """Adds the link to the broader topic, unless it would close a circle: then the links before it count."""
        parent = name_slug(entry.parent) if entry.parent else None
        if parent is None or entry.parent is None:
            return
        if parent == entry.key or _leads_to(parents, parent, entry.key):
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


def _leads_to(parents: Mapping[str, str], slug: str, ancestor: str) -> bool:
    """Whether the second topic stands above the first."""
    found: str | None = slug
    while found is not None and found != ancestor:
        found = parents.get(found)
    return found == ancestor


def _topic(slug: str, entry: CatalogueEntry | None, names: Sequence[str], taxonomies: tuple[str, ...]) -> Topic:
    """`names` are its spellings in articles, the most frequent first."""
    topic_id = node_id(NodeKind.TOPIC, slug)
    if entry is None:
        return Topic(topic_id, slug, names[0], taxonomies=taxonomies, aliases=tuple(sorted(names[1:])))
    return Topic(
        topic_id,
        slug,
        entry.name,
        entry.short_name,
        entry.description,
        entry.keywords,
        entry.hashtags,
        entry.images,
        taxonomies,
        tuple(sorted({*names, *entry.other_names} - {entry.name, slug})),
    )


def _by_frequency(counter: Counter[_T]) -> list[_T]:
    """The most frequent first, ties in the order of their text."""
    return sorted(counter, key=lambda value: (-counter[value], str(value)))

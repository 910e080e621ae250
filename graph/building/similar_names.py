"""Names that were probably meant to be others: of topics, providers and authors that hardly any article names."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from graph.links import name_slug
from graph.model import NodeKind
from graph.problems import Problem, ProblemCode, quote, warning
from graph.reading.files import SourceKind
from graph.reading.records import CatalogueEntry, Document
from graph.typos import has_one_typo

_FEW = 2
"""Articles; a name that more of them have is meant."""
_MANY = 5
"""How many times more articles must have the other name, unless a catalogue has it."""
_SHORTEST = 5
"""Letters; shorter names are one letter apart by chance."""
_FIELDS = {NodeKind.TOPIC: "topic", NodeKind.PROVIDER: "provider", NodeKind.PERSON: "author"}
_CATALOGUES = {
    SourceKind.TOPIC: NodeKind.TOPIC,
    SourceKind.ORGANIZATION: NodeKind.PROVIDER,
    SourceKind.PERSON: NodeKind.PERSON,
}


class _Use(NamedTuple):
    """A name in a document."""

    slug: str
    name: str
    file: str


def similar_names(documents: Sequence[Document], entries: Iterable[CatalogueEntry]) -> Iterator[Problem]:
    """A problem in the first document of each rare name that is one typo away from a frequent or described one.

    Providers with a domain are left out, since the domain is what is meant. Cost: linear in the names, quadratic in the length of each.
    """
    described: dict[NodeKind, set[str]] = defaultdict(set)
    for entry in entries:
        described[_CATALOGUES[entry.kind]].update(filter(None, (name_slug(entry.name), *entry.slugs)))
    for kind, uses in _USES.items():
        found = _counted(documents, kind)
        pairs = list(_pairs(found, described[kind]))
        first: dict[str, _Use] = {}
        for use in uses(documents) if pairs else ():
            first.setdefault(use.slug, use)
        for slug, wanted in pairs:
            use, other = first[slug], first.get(wanted)
            many = f"{found[wanted]:,} articles name" if found[wanted] else "a catalogue describes"
            message = (
                f"The {_FIELDS[kind]} {quote(use.name)} is nearly {quote(other.name if other else wanted)}, which {many}; "
                "correct it if that is what is meant."
            )
            yield warning(ProblemCode.NAME_SIMILAR, message, file=use.file)


def _counted(documents: Iterable[Document], kind: NodeKind) -> Mapping[str, int]:
    """How many documents have each name, by its slug."""
    match kind:
        case NodeKind.TOPIC:
            names = Counter(topic.name for document in documents for topic in document.topics)
            found: Counter[str] = Counter()
            for name, count in names.items():
                found[_topic_slug(name)] += count
            return found
        case NodeKind.PERSON:
            return Counter(author.key for document in documents for author in document.authors)
        case _:
            return Counter(use.slug for use in _providers(documents))


def _topics(documents: Iterable[Document]) -> Iterator[_Use]:
    for document in documents:
        for topic in document.topics:
            yield _Use(_topic_slug(topic.name), topic.name, document.file)


def _topic_slug(name: str) -> str:
    return name_slug(name) or name


def _persons(documents: Iterable[Document]) -> Iterator[_Use]:
    for document in documents:
        for author in document.authors:
            yield _Use(author.key, author.name, document.file)


def _providers(documents: Iterable[Document]) -> Iterator[_Use]:
    for document in documents:
        provider = document.provider
        if provider and provider.domain is None:
            yield _Use(provider.key, provider.name or provider.key, document.file)


_USES: Mapping[NodeKind, Callable[[Iterable[Document]], Iterator[_Use]]] = {
    NodeKind.TOPIC: _topics,
    NodeKind.PERSON: _persons,
    NodeKind.PROVIDER: _providers,
}


def _pairs(counts: Mapping[str, int], described: set[str]) -> Iterator[tuple[str, str]]:
    """Rare names, each with the most frequent one that is one typo away, and not by a digit or an `s` at the end."""
    common = {slug for slug, count in counts.items() if count >= _MANY} | described
    if not common:
        return
    by_rest: dict[str, list[str]] = defaultdict(list)
    for slug in common:
        for rest in _shortened(slug):
            by_rest[rest].append(slug)
    for slug, count in counts.items():
        if count > _FEW or slug in described or len(slug) < _SHORTEST:
            continue
        near = {
            wanted
            for rest in _shortened(slug)
            for wanted in by_rest.get(rest, ())
            if (wanted in described or counts[wanted] >= _MANY * count) and _is_typo(slug, wanted)
        }
        if near:
            yield slug, max(near, key=lambda wanted: (counts.get(wanted, 0), wanted))


def _shortened(slug: str) -> Iterator[str]:
    """The name, and the name without one of its letters: two names that are one typo apart share one of these."""
    yield slug
    for place in range(len(slug)):
        yield slug[:place] + slug[place + 1 :]


def _is_typo(slug: str, wanted: str) -> bool:
    if f"{slug}s" == wanted or f"{wanted}s" == slug:
        return False
    digits, others = (("".join(filter(str.isdigit, name))) for name in (slug, wanted))
    return digits == others and has_one_typo(slug, wanted)

"""Which articles are parts of others or of a series, in which order, and which one follows another."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from graph.building.languages import Spoken, translation_groups
from graph.building.names import ArticleNames
from graph.building.slug_owners import BEFORE_ALL_DATES
from graph.links import name_slug
from graph.problems import Problem, ProblemCode, quote, warning
from graph.reading.records import Document
from graph.sites.languages import language_tag
from graph.sites.site import PLAIN_SITE, Site


@dataclass(slots=True)
class Sequences:
    """What belongs together. Articles stand for themselves by their keys."""

    items: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The parts of an article, in its order: of a newsletter, a collection, or a chain that the first article leads."""
    series: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The parts of a series, in order, by the slug of its name."""
    names: dict[str, str] = field(default_factory=dict)
    """The names of the series by slug."""
    next: dict[str, str] = field(default_factory=dict)
    previous: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def sequences(documents: Sequence[Document], names: ArticleNames, keys: Mapping[str, str]) -> Sequences:
    """What the documents say of the order among them. `keys` are the keys of the articles by their files.

    What a document itself calls the next or previous one counts first, then the order of its series, then that of the list
    that it stands in. Cost: linear in documents and what they name, apart from sorting.
    """
    found = Sequences()
    telling = [document for document in documents if _says_order(document)]
    if not telling:
        return found
    members = _members(telling, keys, found)
    for document in telling:
        _say_neighbors(document, names, keys, found)
        if document.items and (parts := tuple(_items(document, names, keys, found))):
            found.items[keys[document.file]] = parts
    ranks = {keys[document.file]: _rank(document) for document in reversed(documents)}
    for slug, articles in members.items():
        found.series[slug] = tuple(_in_order(articles, ranks, found.next, found.previous))
    _add_chains(found, ranks)
    for parts in (*found.series.values(), *found.items.values()):
        for before, after in pairwise(parts):
            if before not in found.next and after not in found.previous:
                found.next[before], found.previous[after] = after, before
    return found


def _says_order(document: Document) -> bool:
    return bool(document.series or document.items or document.next or document.previous)


def _members(documents: Iterable[Document], keys: Mapping[str, str], found: Sequences) -> dict[str, list[str]]:
    members: dict[str, dict[str, None]] = defaultdict(dict)
    for document in documents:
        for name in document.series:
            slug = name_slug(name)
            if slug is not None:
                found.names.setdefault(slug, name)
                members[slug][keys[document.file]] = None
    return {slug: list(articles) for slug, articles in members.items()}


def _say_neighbors(document: Document, names: ArticleNames, keys: Mapping[str, str], found: Sequences) -> None:
    """What the document calls the next and the previous one; what only the other one says counts where nothing else is said."""
    own = keys[document.file]
    for name, mine, other in (
        (document.next, found.next, found.previous),
        (document.previous, found.previous, found.next),
    ):
        if not name:
            continue
        target = names.find(name, document)
        if target is None:
            _unknown(document, name, found)
        elif target != own:
            mine[own] = target
            other.setdefault(target, own)


def _items(document: Document, names: ArticleNames, keys: Mapping[str, str], found: Sequences) -> Iterator[str]:
    seen = {keys[document.file]}
    for name in document.items:
        key = names.find(name, document)
        if key is None:
            _unknown(document, name, found)
        elif key not in seen:
            seen.add(key)
            yield key


def _unknown(document: Document, name: str, found: Sequences) -> None:
    message = f"No article has the name, path or address {quote(name, 200)}, so it is left out; correct it."
    found.problems.append(warning(ProblemCode.ITEM_UNKNOWN, message, file=document.file))


Rank = tuple[bool, float, bool, float, str]


def _rank(document: Document) -> Rank:
    """By weight, then by date, then by file; what has none last."""
    date = document.published_date_time
    return (
        document.weight is None,
        document.weight or 0.0,
        date is None,
        (date or BEFORE_ALL_DATES).timestamp(),
        document.file,
    )


def _in_order(
    articles: Sequence[str], ranks: Mapping[str, Rank], following: Mapping[str, str], preceding: Mapping[str, str]
) -> Sequence[str]:
    """The articles by rank, but each after those that are said to be before it; by rank alone if those go round in a circle."""
    by_rank = sorted(articles, key=lambda article: ranks[article])
    inside = frozenset(articles)
    said = [(article, following.get(article)) for article in by_rank]
    said += [(before, article) for article in by_rank if (before := preceding.get(article)) is not None]
    links = [(before, after) for before, after in said if before in inside and after in inside]
    if not links:
        return by_rank
    import networkx as nx  # which a start has to wait for only here

    order: nx.DiGraph[str] = nx.DiGraph()
    order.add_nodes_from(by_rank)
    order.add_edges_from(links)
    try:
        return list(nx.lexicographical_topological_sort(order, key=lambda article: ranks[article]))
    except nx.NetworkXUnfeasible:
        return by_rank


def _add_chains(found: Sequences, ranks: Mapping[str, Rank]) -> None:
    """Chains of next and previous articles that no series names: their first article has the others as parts."""
    ranked = {key: ranks.get(key, (True, 0.0, True, 0.0, key)) for key in (*found.next, *found.previous)}
    named = {article: slug for slug, articles in found.series.items() for article in articles}
    neighbors: dict[str, set[str]] = defaultdict(set)
    for links in (found.next, found.previous):
        for article, other in links.items():
            neighbors[article].add(other)
            neighbors[other].add(article)
    seen: set[str] = set()
    for start in sorted(neighbors, key=lambda key: ranked[key]):
        if start in seen:
            continue
        chain, pending = [], [start]
        while pending:
            article = pending.pop()
            if article not in seen:
                seen.add(article)
                chain.append(article)
                pending.extend(neighbors[article])
        if len({named.get(article) for article in chain}) == 1 and chain[0] in named:
            continue
        first, *others = _in_order(chain, ranked, found.next, found.previous)
        found.items.setdefault(first, tuple(others))


def translations(
    documents: Sequence[Document],
    keys: Mapping[str, str],
    speech: Mapping[str, Spoken],
    sites: Mapping[str, Site],
) -> dict[str, str]:
    """By the key of a translation that of its original: the one in the language of its site, else the first by file."""
    shared: dict[str, list[tuple[str, ...]]] = {}
    languages: dict[str, str | None] = {}
    originals: dict[str, bool] = {}
    if len({spoken_as.language for spoken_as in speech.values()}) < 2:
        return {}
    for document in sorted(documents, key=lambda document: document.file):
        key, spoken_as = keys[document.file], speech[document.file]
        shared.setdefault(key, []).extend(spoken_as.shared)
        languages.setdefault(key, spoken_as.language)
        own = sites.get(document.file, PLAIN_SITE).language
        originals.setdefault(key, spoken_as.language in (None, language_tag(own) if own else None))
    found: dict[str, str] = {}
    for group in translation_groups(shared, languages):
        original = next((key for key in group if originals[key]), group[0])
        found.update((key, original) for key in group if key != original)
    return found

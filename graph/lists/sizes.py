"""`Sizes`: how large the lists and texts of a snapshot are, so that what reading them takes can be told beforehand."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import accumulate, chain
from math import ceil, log2
from operator import attrgetter
from types import MappingProxyType
from typing import Any

from graph.analysis.edges import providers_of_topics, topics_of_persons, topics_of_providers
from graph.analysis.stories import find_story, stories, story_of
from graph.building.derived import once_per_snapshot, once_per_structure
from graph.building.lookups import Lookup
from graph.building.snapshot import Adjacency, GraphSnapshot
from graph.checkpoints import checked
from graph.errors import UrlError
from graph.model import Article, EdgeKind, Image, NodeKind, Person, Provider, Story, Topic

_KINDS: Mapping[str, NodeKind] = MappingProxyType(
    {
        "Article": NodeKind.ARTICLE,
        "Provider": NodeKind.PROVIDER,
        "Topic": NodeKind.TOPIC,
        "Person": NodeKind.PERSON,
    }
)
_TARGETS: Mapping[str, EdgeKind] = MappingProxyType(
    {
        "Article.provider": EdgeKind.PUBLISHED_BY,
        "Article.topics": EdgeKind.ABOUT,
        "Article.links": EdgeKind.LINKS_TO,
        "Article.authors": EdgeKind.WRITTEN_BY,
        "Article.series": EdgeKind.PART_OF,
        "Article.partOf": EdgeKind.PART_OF,
        "Topic.parent": EdgeKind.BROADER,
    }
)
_SOURCES: Mapping[str, EdgeKind] = MappingProxyType(
    {
        "Provider.articles": EdgeKind.PUBLISHED_BY,
        "Topic.articles": EdgeKind.ABOUT,
        "Person.articles": EdgeKind.WRITTEN_BY,
        "Topic.children": EdgeKind.BROADER,
        "Article.backlinks": EdgeKind.LINKS_TO,
    }
)
_PARTS = ("Article.parts", "Topic.parts")
_OTHERS_OF_EDGES = (
    *_PARTS,
    *(
        "Article.related",
        "Article.translations",
        "Provider.topics",
        "Person.topics",
        "Topic.providers",
        "Node.edges",
        "Node.neighbors",
    ),
)
_OF_EDGES = (*_TARGETS, *_SOURCES, *_OTHERS_OF_EDGES)
_IN_RECORDS = (
    *(f"{kind}.images" for kind in _KINDS),
    *("Article.aliases", "Provider.aliases", "Person.aliases", "Topic.aliases"),
    *("Topic.keywords", "Topic.hashtags", "Topic.taxonomies"),
    *("Story.articles", "Story.providers", "Story.topics"),
)
_FIRSTS = "Provider.firsts"
NAMES = frozenset((*_OF_EDGES, *_IN_RECORDS, _FIRSTS))
"""The names of lists that are known."""
_ATTRIBUTES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        record_type.__name__: frozenset(found.name for found in fields(record_type) if found.type in (str, str | None))
        for record_type in (Article, Provider, Topic, Person, Story, Image)
    }
)
"""By type, the attributes that are texts."""
TEXTS = "Text"
"""Stands for the type of records that are texts themselves: aliases, keywords and hashtags."""


@dataclass(frozen=True, slots=True)
class Largest:
    """How much the largest of some sizes are together."""

    sums: Sequence[int]
    """Of the largest, of the two largest, of the four largest, and so on, at last of all."""
    mean: float = 0
    """Of all, each weighed by itself: what is reached along edges is rather what has many of them."""

    @classmethod
    def of(cls, sizes: Iterable[int]) -> "Largest":
        """Cost: sorting them, once."""
        ordered = sorted((size for size in sizes if size), reverse=True)
        together = list(accumulate(ordered))
        places = [2**step for step in range(len(together).bit_length()) if 2**step < len(together)]
        mean = sum(size * size for size in ordered) / together[-1] if ordered else 0
        return cls([*(together[place - 1] for place in places), *together[-1:]], mean)

    def sum(self, count: float) -> int:
        """A bound from above for this many of them."""
        if count <= 0 or not self.sums:
            return 0
        step = ceil(log2(count)) if count > 1 else 0
        return self.sums[min(step, len(self.sums) - 1)]


_NOTHING = Largest(())


class Sizes:
    """Of one snapshot. What is asked for is found out once, and kept with the snapshot."""

    def __init__(self, snapshot: GraphSnapshot) -> None:
        self._snapshot = snapshot

    @property
    def version(self) -> str:
        """Of the snapshot: equal versions have equal sizes."""
        return self._snapshot.version

    def count(self, record_type: str) -> int:
        """How many nodes there are of this type, such as `Article`; of an unknown type, none.

        Cost: none, once stories are known.
        """
        if record_type == "Story":
            return len(stories(self._snapshot).by_id)
        kind = _KINDS.get(record_type)
        return 0 if kind is None else len(self._snapshot.ids[kind])

    def entries(self, name: str, holders: float) -> float:
        """How many entries the lists of this name, such as `Topic.articles`, have at most in that many different nodes together.

        `Node.edges` leave a node; `Node.neighbors` counts those that lead to it too. 0 for a name that is unknown.
        """
        return self._largest(name).sum(holders)

    def reached(self, name: str, holders: float) -> float:
        """The same where the nodes were reached along edges, and may be the same ones again and again."""
        largest = self._largest(name)
        return max(largest.sum(holders), largest.mean * holders)

    def _largest(self, name: str) -> Largest:
        if name in _OF_EDGES:
            return _of_edges(self._snapshot, name)
        if name == _FIRSTS:
            return _of_firsts(self._snapshot)
        return _of_records(self._snapshot, name) if name in _IN_RECORDS else _NOTHING

    def characters(self, record_type: str, attribute: str, records: float) -> float:
        """How long the texts are at most that so many records of this type have in this attribute; 0 for what is no text."""
        is_known = record_type == TEXTS or attribute in _ATTRIBUTES.get(record_type, ())
        return _of_texts(self._snapshot, record_type, attribute).sum(records) if is_known else 0

    def known_characters(self, ids: Iterable[str], attribute: str) -> int:
        """How long the texts are together that the nodes with these ids have in this attribute; other ids count nothing."""
        found = (getattr(self._snapshot.nodes.get(node_id), attribute, None) for node_id in set(ids))
        return sum(len(text) for text in found if isinstance(text, str))

    def story_edges(self, count: float) -> float:
        """How many edges so many different stories have at most among their own articles."""
        return _largest_story_edges(self._snapshot).sum(count)

    def known_stories(self, ids: Iterable[str]) -> tuple[int, int]:
        """How many articles the stories with these ids have together, and how many edges among them; other ids count nothing."""
        found = [story for node_id in ids if (story := find_story(self._snapshot, node_id))]
        edges = _story_edges(self._snapshot)
        return sum(story.article_count for story in found), sum(edges[story.id] for story in found)

    def story_of(self, article_id: str) -> str | None:
        """The id of the story that holds the article."""
        story = story_of(self._snapshot, article_id)
        return story.id if story else None

    def named(self, lookup: Lookup, name: str) -> str | None:
        """The id of the node that the name identifies."""
        try:
            return self._snapshot.lookups.find(lookup, name)
        except UrlError:
            return None

    def warm(self) -> None:
        """Finds out beforehand what follows from edges. Cost: linear in them, apart from sorting."""
        for name in _OF_EDGES:
            self.entries(name, 1)

    def warm_stories(self) -> None:
        """The same for what follows from stories."""
        self._warm_records(["Story"])
        self.entries(_FIRSTS, 1)
        self.story_edges(1)

    def warm_texts(self) -> None:
        """The same for what stands in the records."""
        self._warm_records(record_type for record_type in _ATTRIBUTES if record_type != "Story")
        self.characters(TEXTS, "", 1)

    def _warm_records(self, record_types: Iterable[str]) -> None:
        for record_type in record_types:
            for attribute in _ATTRIBUTES[record_type]:
                self.characters(record_type, attribute, 1)
            for name in _IN_RECORDS:
                if name.startswith(f"{record_type}."):
                    self.entries(name, 1)


@once_per_structure
def _of_edges(snapshot: GraphSnapshot, name: str) -> Largest:
    """Of lists that are made of edges."""
    if name in _TARGETS:
        return Largest.of(map(len, snapshot.targets[_TARGETS[name]].values()))
    if name in _SOURCES:
        return Largest.of(map(len, snapshot.sources[_SOURCES[name]].values()))
    if name in _PARTS:
        return Largest.of(map(len, snapshot.parts.values()))
    match name:
        case "Article.translations":
            groups = map(len, snapshot.sources[EdgeKind.TRANSLATION_OF].values())
            return Largest.of(others for others in groups for _ in range(others + 1))
        case "Article.related":
            return Largest.of(_degrees([snapshot.targets[EdgeKind.RELATED_TO], snapshot.sources[EdgeKind.RELATED_TO]]))
        case "Provider.topics":
            return Largest.of(map(len, topics_of_providers(snapshot).values()))
        case "Person.topics":
            return Largest.of(map(len, topics_of_persons(snapshot).values()))
        case "Topic.providers":
            return Largest.of(map(len, providers_of_topics(snapshot).values()))
        case "Node.edges":
            return Largest.of(_degrees(snapshot.targets.values()))
        case _:  # Node.neighbors
            return Largest.of(_degrees([*snapshot.targets.values(), *snapshot.sources.values()]))


def _degrees(adjacencies: Iterable[Adjacency]) -> Collection[int]:
    degrees: Counter[str] = Counter()
    for adjacency in adjacencies:
        for node_id, others in checked(adjacency.items()):
            degrees[node_id] += len(others)
    return degrees.values()


@once_per_snapshot
def _of_records(snapshot: GraphSnapshot, name: str) -> Largest:
    """Of lists that stand in the records themselves."""
    record_type, _, attribute = name.partition(".")
    return Largest.of(len(getattr(record, attribute)) for record in checked(_records(snapshot, record_type)))


@once_per_snapshot
def _of_texts(snapshot: GraphSnapshot, record_type: str, attribute: str) -> Largest:
    records = checked(_records(snapshot, record_type))
    texts = records if record_type == TEXTS else map(attrgetter(attribute), records)
    return Largest.of(len(text) for text in texts if isinstance(text, str))


def _records(snapshot: GraphSnapshot, record_type: str) -> Iterator[Any]:
    """All records of a type, in no particular order."""
    if record_type == "Story":
        return iter(stories(snapshot).by_id.values())
    if record_type == "Image":
        return chain.from_iterable(node.images for node in snapshot.nodes.values())
    if record_type == TEXTS:
        named = chain.from_iterable(_records(snapshot, kind) for kind in ("Article", "Provider", "Person", "Topic"))
        topics = _records(snapshot, "Topic")
        lists = chain(
            (node.aliases for node in named), (node.keywords + node.hashtags + node.taxonomies for node in topics)
        )
        return chain.from_iterable(lists)
    return map(snapshot.nodes.__getitem__, snapshot.ids[_KINDS[record_type]])


@once_per_snapshot
def _story_edges(snapshot: GraphSnapshot) -> Mapping[str, int]:
    """How many edges of all kinds each story has among its articles. Cost: linear in edges of the stories' articles."""
    every = tuple(targets for targets in snapshot.targets.values() if targets)
    found: dict[str, int] = {}
    for story in checked(stories(snapshot).by_id.values()):
        members = frozenset(story.articles)
        found[story.id] = sum(
            len(members.intersection(targets.get(article, ()))) for targets in every for article in members
        )
    return found


@once_per_snapshot
def _of_firsts(snapshot: GraphSnapshot) -> Largest:
    return Largest.of(map(len, stories(snapshot).firsts.values()))


@once_per_snapshot
def _largest_story_edges(snapshot: GraphSnapshot) -> Largest:
    return Largest.of(_story_edges(snapshot).values())

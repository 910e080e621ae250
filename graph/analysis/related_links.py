"""`RelatedLinks`: the articles related to one, of which nested lists read the first few alone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import filterfalse
from typing import overload

from graph.building.snapshot import GraphSnapshot
from graph.model import EdgeKind, LinkDirection


@dataclass(frozen=True, slots=True)
class RelatedLink:
    """How two articles are related."""

    rank: int
    """Place in the list of the article that names the other, from 1; the asking article's own list if both do."""
    direction: LinkDirection


class RelatedLinks(Mapping[str, RelatedLink]):
    """How other articles are linked to one: those that it names by rank, then those that only name it by their rank, ties by id.

    Cost: none for a part of those that it names but its length; else linear in the edges of the article, and in the lists
    of those that only name it once one of them is read.
    """

    def __init__(self, snapshot: GraphSnapshot, article_id: str, wanted: LinkDirection = LinkDirection.BOTH) -> None:
        """`wanted`: those that it names (OUT), those that name it (IN), or both; who does both is always of them."""
        self._article_id = article_id
        self._wanted = wanted
        self._lists = snapshot.targets[EdgeKind.RELATED_TO]
        self._list = self._lists.get(article_id, ())
        self._sources = snapshot.sources[EdgeKind.RELATED_TO]

    @cached_property
    def _naming(self) -> frozenset[str]:
        return frozenset(self._sources.get(self._article_id, ()))

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {found: place for place, found in enumerate(self._list)}

    @cached_property
    def _named(self) -> tuple[str, ...]:
        if self._wanted is not LinkDirection.IN:
            return self._list
        return tuple(filter(self._naming.__contains__, self._list))

    @cached_property
    def _others(self) -> Sequence[str]:
        if self._wanted is LinkDirection.OUT:
            return ()
        return [*filterfalse(set(self._list).__contains__, self._sources.get(self._article_id, ()))]

    def __contains__(self, found: object) -> bool:
        if found in self._places:
            return self._wanted is not LinkDirection.IN or found in self._naming
        return self._wanted is not LinkDirection.OUT and found in self._naming

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._named) + len(self._others)

    def __getitem__(self, found: str) -> RelatedLink:
        if found not in self:
            raise KeyError(found)
        place = self._places.get(found)
        if place is None:
            return RelatedLink(self._places_there[found] + 1, LinkDirection.IN)
        return RelatedLink(place + 1, LinkDirection.BOTH if found in self._naming else LinkDirection.OUT)

    @property
    def ids(self) -> Sequence[str]:
        """The keys in their order. A part of them that ends within those that the article names costs no more than its length."""
        return _Ids(self)

    @cached_property
    def _places_there(self) -> Mapping[str, int]:
        """Of those that only name the article: where it stands in their lists."""
        return {found: self._lists[found].index(self._article_id) for found in self._others}

    @cached_property
    def _all(self) -> tuple[str, ...]:
        if not self._others:
            return self._named
        places = self._places_there
        return (*self._named, *sorted(self._others, key=lambda found: (places[found], found)))


class _Ids(Sequence[str]):
    def __init__(self, links: RelatedLinks) -> None:
        self._links = links

    def __len__(self) -> int:
        return len(self._links)

    def __iter__(self) -> Iterator[str]:
        return iter(self._links)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[str, ...]: ...
    def __getitem__(self, place: int | slice) -> str | tuple[str, ...]:
        named = self._links._named
        if isinstance(place, slice):
            start, stop = place.start or 0, len(self) if place.stop is None else place.stop
            is_named = place.step is None and start >= 0 and 0 <= stop <= len(named)
            return named[start:stop] if is_named else self._links._all[place]
        return named[place] if 0 <= place < len(named) else self._links._all[place]


def first_ids(
    snapshot: GraphSnapshot, articles: Iterable[str], count: int, wanted: LinkDirection
) -> list[Sequence[str]]:
    """The first of the `ids` of each article's links.

    Cost: where the article names enough, or nobody names it whom it does not name, that of these ids alone.
    """
    lists, sources = snapshot.targets[EdgeKind.RELATED_TO], snapshot.sources[EdgeKind.RELATED_TO]
    found: list[Sequence[str]] = []
    for article in articles:
        named: Sequence[str] = lists.get(article, ())
        if wanted is LinkDirection.IN or (
            len(named) < count and wanted is LinkDirection.BOTH and not set(named).issuperset(sources.get(article, ()))
        ):
            named = RelatedLinks(snapshot, article, wanted).ids[:count]
        found.append(named[:count])
    return found

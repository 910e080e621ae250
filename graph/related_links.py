"""`RelatedLinks`: the articles related to one, of which nested lists read the first few alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import overload

from graph.model import EdgeKind, LinkDirection
from graph.snapshot import GraphSnapshot


@dataclass(frozen=True, slots=True)
class RelatedLink:
    """How two articles are related."""

    rank: int
    """Place in the list of the article that names the other, from 1; the asking article's own list if both do."""
    direction: LinkDirection


class RelatedLinks(Mapping[str, RelatedLink]):
    """How other articles are linked to one: those that it names by rank, then those that only name it by their rank, ties by id.

    Cost: linear in the edges of the article; links are made when they are read, and the latter sorted when one of them is.
    """

    def __init__(self, snapshot: GraphSnapshot, article_id: str, wanted: LinkDirection = LinkDirection.BOTH) -> None:
        """`wanted`: those that it names (OUT), those that name it (IN), or both; who does both is always of them."""
        self._article_id = article_id
        self._wanted = wanted
        self._lists = snapshot.targets[EdgeKind.RELATED_TO]
        naming = snapshot.sources[EdgeKind.RELATED_TO].get(article_id, ())
        self._naming = frozenset(naming)
        named = self._lists.get(article_id, ())
        self._places = {found: place for place, found in enumerate(named)}
        self.named = named if wanted is not LinkDirection.IN else tuple(filter(self._naming.__contains__, named))
        """By rank; without those that are not wanted."""
        self._others = [] if wanted is LinkDirection.OUT else [found for found in naming if found not in self._places]

    @cached_property
    def others(self) -> tuple[str, ...]:
        """Those that only name the article, in order, if they are wanted."""
        return tuple(sorted(self._others, key=lambda found: (self._place_there(found), found)))

    @property
    def ids(self) -> Sequence[str]:
        """The keys in their order, read as far as they are asked for."""
        return _Ids(self)

    def __contains__(self, found: object) -> bool:
        if found in self._places:
            return self._wanted is not LinkDirection.IN or found in self._naming
        return self._wanted is not LinkDirection.OUT and found in self._naming

    def __iter__(self) -> Iterator[str]:
        return chain(self.named, self.others)

    def __len__(self) -> int:
        return len(self.named) + len(self._others)

    def __getitem__(self, found: str) -> RelatedLink:
        if found not in self:
            raise KeyError(found)
        place = self._places.get(found)
        if place is None:
            return RelatedLink(self._place_there(found) + 1, LinkDirection.IN)
        return RelatedLink(place + 1, LinkDirection.BOTH if found in self._naming else LinkDirection.OUT)

    def _place_there(self, found: str) -> int:
        return self._lists[found].index(self._article_id)


class _Ids(Sequence[str]):
    def __init__(self, links: RelatedLinks) -> None:
        self._links = links

    def __len__(self) -> int:
        return len(self._links)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[str, ...]: ...
    def __getitem__(self, place: int | slice) -> str | tuple[str, ...]:
        named = self._links.named
        last = place.indices(len(self))[1] - 1 if isinstance(place, slice) else place
        return named[place] if 0 <= last < len(named) else (*named, *self._links.others)[place]

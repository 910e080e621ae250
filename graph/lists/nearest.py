"""Names that are nearly the one that somebody asked for."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from graph.building.derived import once_per_snapshot
from graph.building.lookups import Lookup
from graph.building.snapshot import GraphSnapshot
from graph.links import name_slug, path_name

_MOST = 3
_ALIKE = 0.7
"""How similar names must be (ratio of `difflib`)."""
_LOOKED_AT = 10
"""Names before and after the one that is asked for, in the order of their beginnings and in that of their ends."""
_LONGEST = 200


def nearest_names(snapshot: GraphSnapshot, lookup: Lookup, names: Sequence[str]) -> list[tuple[str, ...]]:
    """For each name up to three that find something instead, the most similar first; none for URLs.

    Cost: once for each kind of name, sorting them all; then next to nothing.
    """
    return [_nearest(snapshot, lookup, name) for name in names]


def _nearest(snapshot: GraphSnapshot, lookup: Lookup, name: str) -> tuple[str, ...]:
    wanted = _written_alike(lookup, name)
    if not wanted or len(wanted) > _LONGEST:
        return ()
    forwards, backwards = _in_order(snapshot, lookup)
    around = {*_around(forwards, wanted), *(found[::-1] for found in _around(backwards, wanted[::-1]))}
    found = get_close_matches(wanted, sorted(around), 2 * _MOST, _ALIKE)
    ids = _keys(snapshot, lookup)
    nearest: dict[str, str] = {}
    for key in found:
        nearest.setdefault(ids[key], _shown(snapshot, lookup, key))
    return tuple(nearest.values())[:_MOST]


def _written_alike(lookup: Lookup, name: str) -> str:
    """The name as the look-up's keys are written."""
    match lookup:
        case Lookup.ARTICLE_BY_PATH:
            return path_name(name)
        case Lookup.TOPIC_BY_NAME | Lookup.PERSON_BY_NAME:
            return name_slug(name) or ""
        case _:
            return name.strip().casefold()


def _keys(snapshot: GraphSnapshot, lookup: Lookup) -> Mapping[str, str]:
    """The ids by all names of this kind."""
    lookups = snapshot.lookups
    match lookup:
        case Lookup.ARTICLE_BY_SLUG:
            return lookups.articles_by_slug
        case Lookup.ARTICLE_BY_PATH:
            return lookups.articles_by_path
        case Lookup.ARTICLE_BY_URL:
            return {}
        case Lookup.PROVIDER_BY_DOMAIN:
            return lookups.providers_by_domain
        case Lookup.TOPIC_BY_SLUG | Lookup.TOPIC_BY_NAME:
            return lookups.topics_by_slug
        case Lookup.PERSON_BY_SLUG | Lookup.PERSON_BY_NAME:
            return lookups.persons_by_slug


@once_per_snapshot
def _in_order(snapshot: GraphSnapshot, lookup: Lookup) -> tuple[Sequence[str], Sequence[str]]:
    """All keys in order, and all of them spelt backwards."""
    keys = _keys(snapshot, lookup)
    return sorted(keys), sorted(key[::-1] for key in keys)


def _around(in_order: Sequence[str], wanted: str) -> Sequence[str]:
    place = bisect_left(in_order, wanted)
    return [found for found in in_order[max(0, place - _LOOKED_AT) : place + _LOOKED_AT] if len(found) <= _LONGEST]


def _shown(snapshot: GraphSnapshot, lookup: Lookup, key: str) -> str:
    """The name as people write it, which finds the same."""
    if lookup in (Lookup.TOPIC_BY_NAME, Lookup.PERSON_BY_NAME):
        node = snapshot.nodes[_keys(snapshot, lookup)[key]]
        name = str(getattr(node, "name", key))
        return name if name_slug(name) == key else key
    return key

"""Marks: places in an order that a reload can move without touching the entry itself, such as one by score.

A position that holds the entry's values would skip and repeat others in silence there: when an article is added, the values of
all may change. A mark holds the entry, and a digest of which entries come before it. As long as these are the same ones, in
whatever order, a reader who has seen them has yet to see all others, and none twice; and so has one who comes from the end.
"""

from collections.abc import Iterable, Sequence
from zlib import crc32

from graph.errors import CursorError, CursorExpiredError
from graph.lists.ordering import OTHER_LIST, Position


def marks(ids: Sequence[str], wanted: Sequence[str]) -> dict[str, Position]:
    """The mark of each wanted entry, by its id.

    `ids` are all entries in order, `wanted` some of them in the same order.
    Cost: linear in the entries up to the last of the wanted ones.
    """
    if not wanted:
        return {}
    start = ids.index(wanted[0])
    before, waiting = _digest(ids[:start]), set(wanted)
    found: dict[str, Position] = {}
    for place in range(start, len(ids)):  # no slice: of related articles, only those are read that are looked at
        entry = ids[place]
        if entry in waiting:
            found[entry] = Position((before,), entry)
            if len(found) == len(waiting):
                break
        before += _digest((entry,))
    return found


def check_mark(name: str, mark: Position, ids: Sequence[str]) -> None:
    """Checks that the same entries come before the marked one as when the mark was made.

    Raises:
        CursorError: this is no mark.
        CursorExpiredError: they do not, or the entry is gone. `name` is the argument that holds the mark.
    """
    if [type(value) for value in mark.values] != [int]:
        raise CursorError(OTHER_LIST)
    try:
        before = _digest(ids[: ids.index(mark.node_id)])
    except ValueError:
        before = None
    if before != mark.values[0]:
        raise CursorExpiredError(
            f"`{name}` is out of date: the graph was loaded again, and in this order other entries come before it now. "
            "Start again without it."
        )


def _digest(ids: Iterable[str]) -> int:
    """The same for the same ids in any order; ids are hashes themselves, so their checksums are evenly spread."""
    return sum(map(crc32, map(str.encode, ids)))

"""Fragments: what was rendered, kept for as long as its snapshot lives and there is room."""

from collections.abc import Iterable, Sequence
from threading import Lock
from typing import TypeAlias

SelectionKey: TypeAlias = tuple[str | bytes, ...]
"""A selection's signature and the values of the variables in it."""

_OVERHEAD = 150
"""Bytes that a kept text costs besides itself, about."""
_KEY_OVERHEAD = 400
"""Bytes that a selection key costs besides what it is made of, about."""


class FragmentCounts:
    """How often texts were kept when they were asked for, in all caches that share this; for several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.hits = 0
        self.misses = 0

    def add(self, hits: int, misses: int) -> None:
        with self._lock:
            self.hits += hits
            self.misses += misses


class FragmentCache:
    """Texts by selection and node, within a budget of bytes; for several threads.

    They are kept in two generations. When the younger one fills half the budget it becomes the older one, whose texts are
    dropped unless they were used since they grew old. So a whole list of nodes is looked up without noting the use of each: an
    answer takes hundreds of texts, and to note one, as an LRU cache does, takes longer than to find it.
    """

    def __init__(self, budget: int, counts: FragmentCounts | None = None) -> None:
        self.counts = counts or FragmentCounts()
        self._half = budget // 2
        self._young: dict[SelectionKey, dict[str, bytes]] = {}
        self._old: dict[SelectionKey, dict[str, bytes]] = {}
        self._lock = Lock()
        self._young_size = 0
        self._old_size = 0

    @property
    def size(self) -> int:
        """Bytes of what is kept, about; what was used again is counted in both generations."""
        return self._young_size + self._old_size

    def get_all(self, key: SelectionKey, node_ids: Sequence[str]) -> list[bytes | None]:
        """The text of each node, as far as they are kept."""
        young, old = self._young.get(key, _NOTHING), self._old.get(key, _NOTHING)
        found: list[bytes | None] = list(map(young.get, node_ids))
        if all(found):  # as a rule, and found out sooner than how many are None
            self.counts.add(len(found), 0)
            return found
        if old:
            revived = [
                (node_id, old[node_id])
                for node_id, text in zip(node_ids, found, strict=True)
                if text is None and node_id in old
            ]
            self.put_all(key, revived)
            texts = dict(revived)
            found = [
                texts.get(node_id) if text is None else text for node_id, text in zip(node_ids, found, strict=True)
            ]
        missing = sum(text is None for text in found)
        self.counts.add(len(found) - missing, missing)
        return found

    def put_all(self, key: SelectionKey, texts: Iterable[tuple[str, bytes]]) -> None:
        """Keeps the text of each node, but for those that are larger than the budget allows for one."""
        key_size = _size_of(key)
        with self._lock:
            for node_id, text in texts:
                size = len(text) + _OVERHEAD
                if size + key_size <= self._half // 4:
                    self._put(key, key_size, node_id, text, size)

    def _put(self, key: SelectionKey, key_size: int, node_id: str, text: bytes, size: int) -> None:
        if self._young_size + size + key_size > self._half:
            self._old, self._old_size = self._young, self._young_size
            self._young, self._young_size = {}, 0
        if key not in self._young:
            self._young[key] = {}
            self._young_size += key_size
        if node_id not in self._young[key]:  # another thread may have been as far
            self._young_size += size
        self._young[key][node_id] = text


def _size_of(key: SelectionKey) -> int:
    """Bytes; those of a variable are as many as a client likes."""
    return _KEY_OVERHEAD + sum(map(len, key))


_NOTHING: dict[str, bytes] = {}

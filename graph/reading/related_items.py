"""Reads plain YAML without reading again what earlier documents said: articles embed the same few thousand others.

The items of the list `related` are told apart by their text alone: in plain YAML an item ends where the next line of
its indentation begins with a dash. What is left of a document without the items that were met before is short, and
only that is parsed. It is plain if and only if the whole is, since the grammar allows any number of items in any order.
"""

import re
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from graph.model import JsonValue
from graph.problems import FieldPath
from graph.reading.plain_yaml import load_plain, plain_lines

_KEY = "related"
_LIST = re.compile(rf"^{_KEY}: *\n(?P<indent> +)- ", re.MULTILINE)
_LIST_END = re.compile(r"\n(?=[^ \n])")
_ITEM_LIMIT = 8 * 1024
"""Characters; longer items are rare, and are read each time."""
_COUNT_LIMIT = 32_768
"""Items that are kept. Files stand in the order of their names, which often begin with a date, so the last are enough."""


class _Split(NamedTuple):
    """A text around and inside its list."""

    before: str
    """To the end of the line with the key."""
    indent: str
    items: list[str]
    """The text of each, without its dash and the last line feed."""
    after: str


class RelatedItems:
    """The items that were read so far, by indentation and text."""

    def __init__(self, without: str = "") -> None:
        self._without = without
        """An item with this text in it is not kept."""
        self._values: dict[str, dict[str, JsonValue]] = {}

    def load(self, text: str) -> dict[str, JsonValue] | None:
        """What `load_plain` answers; equal items of different documents are one object, so nobody may change them.

        Cost: linear in the text, but small for items that are known.
        """
        split = _split(text)
        if split is None:
            return load_plain(text)
        known = self._values.setdefault(split.indent, {})
        unknown = list(dict.fromkeys(item for item in split.items if item not in known))
        shorter = "".join((split.before, *(f"{split.indent}- {item}\n" for item in unknown), split.after))
        fields = load_plain(shorter)
        if fields is None:
            return None
        values = fields[_KEY] or []
        if not isinstance(values, list) or len(values) != len(unknown):  # the list goes on where it seemed to end
            return load_plain(text)
        fresh = dict(zip(unknown, values, strict=True))
        fields[_KEY] = [fresh[item] if item in fresh else known[item] for item in split.items]
        self._keep(known, fresh)
        return fields

    def _keep(self, known: dict[str, JsonValue], fresh: dict[str, JsonValue]) -> None:
        if len(known) + len(fresh) > _COUNT_LIMIT:
            known.clear()
        known.update((item, value) for item, value in fresh.items() if self._is_kept(item))

    def _is_kept(self, item: str) -> bool:
        return len(item) <= _ITEM_LIMIT and not (self._without and self._without in item)


class ItemLines:
    """Where the items of a plain text's list stand; reads no more of it than the questions need."""

    def __init__(self, text: str) -> None:
        self._text = text

    def find(self, path: FieldPath) -> int | None:
        """The line of an item, or of a field inside it, counted from 1; None for all else."""
        if len(path) < 2 or path[0] != _KEY or self._split is None:
            return None
        index = path[1]
        if not isinstance(index, int) or index >= len(self._split.items):
            return None
        alone = plain_lines(f"{_KEY}:\n{self._split.indent}- {self._split.items[index]}\n")
        line = dict(alone).get((_KEY, 0, *path[2:]))
        return None if line is None else self._starts[index] + line - 2

    @cached_property
    def _split(self) -> _Split | None:
        return _split(self._text)

    @cached_property
    def _starts(self) -> list[int]:
        """The first line of each item, and the line after the last."""
        if self._split is None:
            return []
        lengths = (item.count("\n") + 1 for item in self._split.items)
        return list(accumulate(lengths, initial=self._split.before.count("\n") + 1))


def _split(text: str) -> _Split | None:
    start = _LIST.search(text) if f"\n{_KEY}:" in text else None
    if start is None:
        return None
    indent = start["indent"]
    end = _LIST_END.search(text, start.end())
    items = text[start.end() : end.start() if end else len(text)].rstrip("\n").split(f"\n{indent}- ")
    return _Split(text[: start.start("indent")], indent, items, text[end.end() :] if end else "")

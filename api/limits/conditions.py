"""What filters and orders cost: each condition for each record that it is tested on, by the work that its kind makes.

A condition about other nodes is tested once on each of them, however many records lead there, so a filter of any depth
costs no more than its conditions on all nodes of their kinds.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from graph.lists.sizes import TEXTS, Sizes

TEST = 0.02
"""A comparison of one record."""
JOIN = 0.02
"""An object of conditions, which must all hold, or `and`, `or` or `not`, for one record."""
LOOK_UP = 0.1
"""Finding what a record is related to."""
RELATED = 0.02
"""Each that is found."""
SEARCHED = 0.0003
"""A character of the texts that are searched."""
FOLDED = 0.0006
"""A character of the texts that are compared without upper and lower case."""
READ = 1.0
"""A value in a filter or an order, each time that a list is asked for with it: it is read anew for each node."""
ORDERED = 0.1
"""A node in an order by one criterion."""

_SINGLE = frozenset({"provider", "story", "parent", "metrics"})
"""Relations to one record at the most, whose conditions stand there without `some`."""
_RELATED_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "articles": "Article",
        "related": "Article",
        "provider": "Provider",
        "providers": "Provider",
        "topics": "Topic",
        "parent": "Topic",
        "children": "Topic",
        "story": "Story",
        "metrics": "Metrics",
        "images": "Image",
        "aliases": TEXTS,
        "keywords": TEXTS,
        "hashtags": TEXTS,
    }
)
_JOINS = frozenset({"and", "or", "not"})


class Conditions:
    """Filters and orders over one snapshot."""

    def __init__(self, sizes: Sizes) -> None:
        self._sizes = sizes

    def filtering(self, record_type: str, condition: Any, records: float) -> float:
        """The cost of a filter's value, which may be of any kind, for so many records of a type.

        Cost: linear in the value.
        """
        if isinstance(condition, list):  # of `and` and `or`; GraphQL takes a value for a list of it, too
            return sum(self.filtering(record_type, child, records) for child in condition)
        if not isinstance(condition, dict):
            return 0
        if record_type == TEXTS:
            return self._comparing(TEXTS, "", condition, records)
        found = (self._condition(record_type, name, value, records) for name, value in condition.items())
        return JOIN * records + sum(found)

    def _condition(self, record_type: str, name: str, value: Any, records: float) -> float:
        if name in _JOINS:
            return JOIN * records + self.filtering(record_type, value, records)
        if name in _RELATED_TYPES:
            return self._relation(record_type, name, value, records)
        return self._comparing(record_type, name, value, records)

    def _relation(self, record_type: str, name: str, value: Any, records: float) -> float:
        found = self._related(record_type, name, records)
        related_type = _RELATED_TYPES[name]
        tested = min(found, self._sizes.count(related_type)) if self._sizes.count(related_type) else found
        each = LOOK_UP * records + RELATED * found
        if name in _SINGLE:
            return each + self.filtering(related_type, value, tested)
        quantified = value.values() if isinstance(value, dict) else ()
        return JOIN * records + sum(each + self.filtering(related_type, child, tested) for child in quantified)

    def _related(self, record_type: str, name: str, records: float) -> float:
        """How many others so many records lead to."""
        return records if name in _SINGLE else self._sizes.entries(f"{record_type}.{name}", records)

    def _comparing(self, record_type: str, name: str, value: Any, records: float) -> float:
        if not isinstance(value, dict):
            return TEST * records
        cost = TEST * records * len(value)
        is_folded, is_searched = bool(value.get("ignoreCase")), "contains" in value
        if is_folded or is_searched:
            characters = self._sizes.characters(record_type, attribute(name), records)
            cost += characters * (FOLDED * is_folded * (len(value) - 1) + SEARCHED * is_searched)
        return cost

    def ordering(self, record_type: str, order: Any, records: float) -> float:
        """The cost of an order's value for lists of so many records together: all nodes of the type are ordered, once.

        Cost: linear in the value.
        """
        if order is None:
            return 0
        criteria = order if isinstance(order, list) else [order]
        nodes = self._sizes.count(record_type)
        cost = ORDERED * (nodes * len(criteria) + records)
        for criterion in criteria:
            for name in criterion if isinstance(criterion, dict) else ():
                if name in _RELATED_TYPES:
                    cost += LOOK_UP * nodes + RELATED * self._related(record_type, name, nodes)
        return cost


def values_in(value: Any) -> int:
    """How many values there are in a value, itself included.

    Cost: linear in them.
    """
    count, pending = 0, [value]
    while pending:
        current = pending.pop()
        count += 1
        if isinstance(current, dict):
            pending += current.values()
        elif isinstance(current, list):
            pending += current
    return count


def attribute(name: str) -> str:
    """The attribute of records that a field of GraphQL stands for: `web_url` for `webUrl`."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)

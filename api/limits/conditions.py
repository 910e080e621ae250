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
AT_PATH = 0.1
"""Finding what front matter has at a path, for each comparison."""
SEARCHED = 0.0003
"""A character of the texts that are searched."""
FOLDED = 0.0006
"""A character of the texts that are compared without upper and lower case."""
READ = 1.0
"""A value in a filter or an order, each time that a list is asked for with it: it is read anew for each node."""
ORDERED = 0.1
"""A node in an order by one criterion."""

_SINGLE = frozenset({"provider", "firstProvider", "story", "parent", "metrics"})
"""Relations to one record at the most, whose conditions stand there without `some`."""
RELATED_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "articles": "Article",
        "related": "Article",
        "links": "Article",
        "backlinks": "Article",
        "provider": "Provider",
        "firstProvider": "Provider",
        "providers": "Provider",
        "topics": "Topic",
        "authors": "Person",
        "parent": "Topic",
        "children": "Topic",
        "story": "Story",
        "firsts": "Story",
        "metrics": "Metrics",
        "images": "Image",
        "aliases": TEXTS,
        "keywords": TEXTS,
        "hashtags": TEXTS,
        "taxonomies": TEXTS,
    }
)
_JOINS = frozenset({"and", "or", "not"})


class Conditions:
    """Filters and orders over one snapshot."""

    def __init__(self, sizes: Sizes) -> None:
        self._sizes = sizes

    def filtering(self, record_type: str, condition: Any, records: float) -> float:
        """The cost of a filter's value, which may be of any kind, for so many records of a type.

        Cost: linear in the value, however deep it is.
        """
        cost = 0.0
        pending = [(record_type, condition, records)]
        while pending:
            of_type, value, count = pending.pop()
            if isinstance(value, list):  # of `and` and `or`; GraphQL takes a value for a list of it, too
                pending += [(of_type, child, count) for child in value]
            elif isinstance(value, dict) and of_type == TEXTS:
                cost += self._comparing(TEXTS, "", value, count)
            elif isinstance(value, dict):
                cost += JOIN * count
                for name, inner in value.items():
                    if name in _JOINS:
                        cost += JOIN * count
                        pending.append((of_type, inner, count))
                    elif name in RELATED_TYPES:
                        others = [inner] if name in _SINGLE else list(inner.values()) if isinstance(inner, dict) else []
                        found = self._related(of_type, name, count)
                        tested = self._tested(RELATED_TYPES[name], found)
                        cost += JOIN * count + len(others) * (LOOK_UP * count + RELATED * found)
                        pending += [(RELATED_TYPES[name], other, tested) for other in others]
                    else:
                        cost += self._comparing(of_type, name, inner, count)
        return cost

    def _tested(self, record_type: str, found: float) -> float:
        """On how many records a condition about others is tested, if so many were found: once on each node."""
        nodes = self._sizes.count(record_type)
        return min(found, nodes) if nodes else found

    def _related(self, record_type: str, name: str, records: float) -> float:
        """How many others so many records lead to."""
        return records if name in _SINGLE else self._sizes.entries(f"{record_type}.{name}", records)

    def _comparing(self, record_type: str, name: str, value: Any, records: float) -> float:
        if not isinstance(value, dict):
            return TEST * records
        cost = TEST * records * len(value)
        if name == "frontMatter":
            cost += AT_PATH * records * (len(value) - 1)
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
                if name in RELATED_TYPES:
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

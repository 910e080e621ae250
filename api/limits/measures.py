"""Measures: how many entries the arguments of a field ask for, at most."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from api.limits.bounds import Limits
from graph.lists.aggregates import GROUP_LIMIT
from graph.traversal.neighborhood import MAX_LIMIT_PER_NODE, NODE_LIMIT
from graph.traversal.provider_network import PROVIDER_LIMIT

Arguments: TypeAlias = Mapping[str, Any]
"""The arguments that an operation gives to a field, as plain values; what it leaves out is missing."""
Counting: TypeAlias = Callable[[Arguments], float]

_BUCKETS = {"HOUR": 1_000, "DAY": 1_000, "WEEK": 200, "MONTH": 50, "QUARTER": 20, "YEAR": 5}
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Measure:
    """How to count, by which arguments."""

    arguments: tuple[str, ...]
    counting: Callable[[Limits], Counting]


def _number(value: Any, default: float, most: float) -> float:
    """What the value counts, from 0 to the most; the default stands for a value that is missing or null."""
    if value is None:
        return default
    if isinstance(value, int | float):
        return min(max(value, 0), most)
    return 0


def _page(limits: Limits) -> Counting:
    most = limits.max_page_size

    def count(arguments: Arguments) -> float:
        first, last = arguments.get("first"), arguments.get("last")
        if first is None and last is None:
            return min(limits.page_size, most)
        return max(_number(first, 0, most), _number(last, 0, most))

    return count


def _first(default: int, most: int) -> Callable[[Limits], Counting]:
    return lambda _: lambda arguments: _number(arguments.get("first"), default, most)


def _walk(most: int) -> Callable[[Limits], Counting]:
    """Every step finds fewer new nodes for each node than the one before: about the root of the limit."""

    def count(arguments: Arguments) -> float:
        depth = _number(arguments.get("depth"), 1, _DEEPEST)
        width = max(_number(arguments.get("limitPerNode"), 20, MAX_LIMIT_PER_NODE), 1)
        return min(1 + width ** ((depth + 1) / 2), most) if depth else 1

    return lambda _: count


def _listed(name: str, most: int) -> Callable[[Limits], Counting]:
    def count(arguments: Arguments) -> float:
        value = arguments.get(name)
        return min(len(value), most) if isinstance(value, list) else 1

    return lambda _: count


def _buckets(_: Limits) -> Counting:
    return lambda arguments: _BUCKETS.get(str(arguments.get("interval") or "MONTH"), 0)


def fixed(count: float) -> Measure:
    """A list whose length no argument sets."""
    return Measure((), lambda _: lambda _: count)


PAGE = Measure(("first", "last"), _page)
GROUPS = Measure(("first",), _first(100, GROUP_LIMIT))
PATHS = Measure(("first",), _first(1, 20))
TRENDS = Measure(("first",), _first(10, 100))
WALK = Measure(("depth", "limitPerNode"), _walk(NODE_LIMIT))
PROVIDER_WALK = Measure(("depth", "limitPerNode"), _walk(PROVIDER_LIMIT))
IDS = Measure(("ids",), _listed("ids", 100))
BUCKETS = Measure(("interval",), _buckets)

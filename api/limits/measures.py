"""Measures: how many entries the arguments of a field ask for, at most."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeAlias

from api.limits.bounds import Limits
from graph.context_packs.pack import DEFAULT_TOKENS, MOST_TOKENS
from graph.lists.aggregates import GROUP_LIMIT
from graph.traversal.neighborhood import MAX_DEPTH, MAX_LIMIT_PER_NODE

Arguments: TypeAlias = Mapping[str, Any]
"""The arguments of a field as plain values, those that have one by the schema included; what is left out is missing."""
Measure: TypeAlias = Callable[[Arguments, Limits], float]
"""For each object that the field is asked of."""

_DAYS = {"HOUR": 1 / 24, "DAY": 1, "WEEK": 7, "MONTH": 28, "QUARTER": 90, "YEAR": 365}
_MOST_BUCKETS = 1_000
_BUCKETS = {"HOUR": 1_000, "DAY": 1_000, "WEEK": 200, "MONTH": 50, "QUARTER": 20, "YEAR": 5}


def page(arguments: Arguments, limits: Limits) -> float:
    """Entries of a page."""
    most = limits.max_page_size
    first, last = arguments.get("first"), arguments.get("last")
    if first is None and last is None:
        return min(limits.page_size, most)
    return max(_number(first, 0, most), _number(last, 0, most))


def groups(arguments: Arguments, _: Limits) -> float:
    """Groups of `groupBy`."""
    return _number(arguments.get("first"), 100, GROUP_LIMIT)


def paths(arguments: Arguments, _: Limits) -> float:
    """Paths between two nodes."""
    return _number(arguments.get("first"), 1, 20)


def trends(arguments: Arguments, _: Limits) -> float:
    """Topics, providers or stories of `trending`."""
    return _number(arguments.get("first"), 10, 100)


def tokens(arguments: Arguments, _: Limits) -> float:
    """Tokens of a context pack."""
    return _number(arguments.get("tokens"), DEFAULT_TOKENS, MOST_TOKENS)


def ids(arguments: Arguments, _: Limits) -> float:
    """Nodes that are asked for by their ids."""
    value = arguments.get("ids")
    return min(len(value), 100) if isinstance(value, list) else 1


def representations(arguments: Arguments, _: Limits) -> float:
    """Entities that a gateway asks for."""
    value = arguments.get("representations")
    return len(value) if isinstance(value, list) else 1


def buckets(arguments: Arguments, _: Limits) -> float:
    """Intervals of a timeline: between its ends where it has both, which are ISO 8601; four times the usual where it has one."""
    given = arguments.get("interval") or "MONTH"
    interval = str(getattr(given, "name", given))  # a member where the schema says it, a name where the operation does
    ends = [end for end in (arguments.get("from"), arguments.get("to")) if end is not None]
    if len(ends) < 2 or interval not in _DAYS:
        return min(_BUCKETS.get(interval, 0) * (4 if ends else 1), _MOST_BUCKETS)
    try:
        start, end = (date.fromisoformat(str(moment)[:10]) for moment in ends)
    except ValueError:
        return _MOST_BUCKETS
    return min(max((end - start).days + 1, 1) / _DAYS[interval] + 2, _MOST_BUCKETS)


def steps(arguments: Arguments) -> float:
    """How far a walk goes."""
    return _number(arguments.get("depth"), 1, MAX_DEPTH)


def width(arguments: Arguments) -> float:
    """How many neighbors of each node a walk follows."""
    return max(_number(arguments.get("limitPerNode"), 20, MAX_LIMIT_PER_NODE), 1)


def fixed(count: float) -> Measure:
    """A list whose length no argument sets."""
    return lambda _, __: count


def _number(value: Any, default: float, most: float) -> float:
    """What the value counts, from 0 to the most; the default stands for a value that is missing or null."""
    if value is None:
        return default
    if isinstance(value, int | float):
        return min(max(value, 0), most)
    return 0

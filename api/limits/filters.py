"""What filters and orders cost, by the conditions in them."""

from dataclasses import dataclass
from typing import Any

from api.limits.weights import LISTED_VALUE, ORDER_CRITERION, RELATED_CONDITION, RELATION_CONDITION

_RELATED = frozenset({"related"})
_RELATIONS = frozenset(
    {"articles", "provider", "providers", "topics", "parent", "children", "story", "images", "metrics"}
)


@dataclass(frozen=True, slots=True)
class Scan:
    """The work for a filter and an order."""

    once: float
    """For the whole graph, whatever list is filtered."""
    conditions: int
    """Conditions that each entry of the list has to pass."""


def scan(condition: Any, order: Any) -> Scan:
    """The work for the value of a `filter` and that of an `orderBy`, either of which may be missing or of any kind.

    Cost: linear in the values.
    """
    once = _order_cost(order)
    conditions = 0
    pending = [condition]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            for name, inner in value.items():
                once += RELATED_CONDITION if name in _RELATED else RELATION_CONDITION if name in _RELATIONS else 0
                pending.append(inner)
        elif isinstance(value, list):
            once += LISTED_VALUE * len(value)
            inner_values = [entry for entry in value if isinstance(entry, dict | list)]
            conditions += len(inner_values) < len(value)
            pending += inner_values
        elif value is not None:
            conditions += 1
    return Scan(once, conditions)


def _order_cost(order: Any) -> float:
    if order is None:
        return 0
    return ORDER_CRITERION * (len(order) if isinstance(order, list) else 1)

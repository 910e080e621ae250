"""What a client is told that asks how its operation is answered: the cost of its fields, and what was read for them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import Any

from api.execution import Steps
from api.limits import FieldCost

MOST_FIELDS = 200
"""Of which one explanation tells the cost; the cheapest are left out."""


def explained_cost(fields: Sequence[FieldCost], limit: int) -> dict[str, Any]:
    """The cost of an operation by field, as it is known before anything is executed.

    Fields with fields in them stand in the order of the operation, and the cost of each holds that of those; a field that
    costs next to nothing is told with the one around it.
    """
    told: defaultdict[tuple[str, ...], float] = defaultdict(float)  # a field may be written several times
    for path, cost in _told(fields, ()):
        told[path] += cost
    kept = set(sorted(told, key=lambda path: -told[path])[:MOST_FIELDS])
    shown = [(path, cost) for path, cost in told.items() if path in kept]
    return {
        "estimated": round(sum(map(attrgetter("total"), fields)), 1),
        "limit": limit,
        "fields": [{"path": ".".join(path), "cost": round(cost, 1)} for path, cost in shown],
        "leftOut": len(told) - len(shown),
    }


def explained_steps(steps: Steps) -> list[dict[str, Any]]:
    """What was read, in order."""
    return [
        {
            "path": ".".join(step.path),
            "reads": step.reads,
            "parents": step.parents,
            "seconds": round(step.seconds, 6),
        }
        for step in steps
    ]


def _told(fields: Sequence[FieldCost], around: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], float]]:
    for field in fields:
        path = (*around, field.key)
        if field.fields or field.total >= 1 or not around:
            yield path, field.total
            yield from _told(field.fields, path)

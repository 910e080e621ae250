"""`CostModel`: what an operation costs, worked out for the variables of each request.

The cost of a selection is a sum over its fields, whatever `@skip` and `@include` say, and whether or not two of them ask
for the same: a bound from above. What a field in a connection costs depends on the page that the connection is, and
that is known where the connection is selected, not in a fragment on its type; so each selection has a cost by itself,
one for each entry of the page, and one for each entry of the whole list. With these, each fragment is worked out once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from api.errors import ErrorCode
from api.limits.bounds import LimitError, Limits
from api.limits.formulas import Formula, Term, value_of

_IN_PAGES = ("nodes", "edges", "node")
"""Fields that end no response path, since what they cost is set by the connection around them."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a selection or a field costs."""

    own: Term = 0
    """For each object it is asked of."""
    entry: Term = 0
    """On top, for each entry of the page that the object is."""
    whole: Term = 0
    """On top, for each entry of the whole list that the object is a page of."""
    once: Term = 0
    """On top, however many objects there are."""


@dataclass(slots=True)
class Selection:
    """The fields of a selection set with their costs, and the fragments in it."""

    parts: Parts = field(default_factory=Parts)
    fields: "list[SelectedField]" = field(default_factory=list)
    fragments: "list[Selection]" = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SelectedField:
    """A field with what it costs where it stands, and what its selection is about."""

    key: str
    """Its name in the answer."""
    parts: Parts
    inner: Selection | None
    size: Term
    """How many objects it answers for each object that it is asked of."""
    page: float
    """Instead, if it is not 0, how many for each entry of the page that the object is."""
    entries: Term
    """Of the page that its value is."""
    whole: float
    """How long the list is that its value is a page of."""


class CostModel:
    """Of one operation."""

    def __init__(self, root: Selection, formula: Formula) -> None:
        self._root = root
        self._formula = formula
        self._total = formula.sum([root.parts.own, root.parts.once])

    def cost(self, variables: Mapping[str, Any]) -> "Cost":
        """What the operation costs with these variables, as they came from the client.

        Cost: linear in the document's parts that depend on variables.
        """
        values = self._formula.values(variables)
        return Cost(value_of(self._total, values), self._root, values)


@dataclass(frozen=True)
class Cost:
    """What a request costs."""

    total: float
    _root: Selection
    _values: list[float]

    @cached_property
    def most_expensive_field(self) -> str:
        """The response path of the innermost field that has more than half of all the cost, or of the costliest root field."""
        path: list[str] = []
        place = _Place(self._root)
        while place.selection is not None:
            cost, found = self._costliest(place)
            if found is None or (path and cost * 2 <= self.total):
                break
            path.append(found.key)
            place = self._inside(found, place)
        while len(path) > 1 and path[-1] in _IN_PAGES:
            path.pop()
        return ".".join(path)

    def _costliest(self, place: "_Place") -> tuple[float, SelectedField | None]:
        assert place.selection is not None
        costs = [(self._cost(found.parts, place), found) for found in _fields(place.selection)]
        return max(costs, key=lambda pair: pair[0], default=(0.0, None))

    def _cost(self, parts: Parts, place: "_Place") -> float:
        each = (
            self._value(parts.own) + self._value(parts.entry) * place.entries + self._value(parts.whole) * place.whole
        )
        return place.objects * each + self._value(parts.once)

    def _inside(self, found: SelectedField, place: "_Place") -> "_Place":
        count = found.page * place.entries if found.page else self._value(found.size)
        return _Place(found.inner, place.objects * count, self._value(found.entries), found.whole)

    def _value(self, term: Term) -> float:
        return value_of(term, self._values)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a selection stands."""

    selection: Selection | None
    objects: float = 1
    """How many objects it is asked of."""
    entries: float = 0
    """Of the page that each of them is."""
    whole: float = 0
    """How long the list is that each of them is a page of."""


def _fields(selection: Selection) -> list[SelectedField]:
    """The fields of a selection, those in fragments included, each once."""
    found: list[SelectedField] = []
    seen: set[int] = set()
    pending = [selection]
    while pending:
        current = pending.pop()
        if id(current) not in seen:
            seen.add(id(current))
            found += current.fields
            pending += current.fragments
    return found


def check_cost(cost: Cost, limits: Limits) -> None:
    """Does nothing for an operation that a request may ask for.

    Raises:
        LimitError: it costs more than the budget.
    """
    if cost.total > limits.cost:
        message = (
            f"The query costs {cost.total:,.0f}; the budget is {limits.cost:,}. Most of it is for"
            f" `{cost.most_expensive_field}`: ask for fewer entries there, with a smaller `first`, or for fewer fields."
        )
        raise LimitError(ErrorCode.QUERY_TOO_EXPENSIVE, message)

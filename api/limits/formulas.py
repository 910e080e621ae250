"""`Formula`: sums and products of numbers that are known at once and others that requests give, worked out quickly.

What is known at once is folded while the formula is written. The rest is a list of steps, each of which uses the results
of earlier ones; so a part that is used many times is worked out once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

Given: TypeAlias = Mapping[str, Any]
Read: TypeAlias = Callable[[Given], float]


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of a step's result."""

    index: int


Term: TypeAlias = float | Slot


class Formula:
    """Is written term by term, then worked out as often as wanted."""

    def __init__(self) -> None:
        self._steps: list[tuple[Read | None, float, tuple[int, ...]]] = []
        """What to read from the request; else a number and places: to be summed up, or, below, multiplied."""
        self._products: set[int] = set()

    def read(self, read: Read) -> Slot:
        """A number that each request gives."""
        return self._step(read, 0, ())

    def sum(self, terms: Sequence[Term]) -> Term:
        constant = sum(term for term in terms if not isinstance(term, Slot))
        slots = tuple(term.index for term in terms if isinstance(term, Slot))
        if not slots:
            return constant
        if len(slots) == 1 and not constant:
            return Slot(slots[0])
        return self._step(None, constant, slots)

    def product(self, one: Term, other: Term) -> Term:
        """Zero times anything is zero, so what is multiplied with it is not worked out."""
        if isinstance(one, Slot) and isinstance(other, Slot):
            return self._product(1, (one.index, other.index))
        if not isinstance(one, Slot):
            one, other = other, one
        if not isinstance(one, Slot):
            return one * other  # type: ignore[operator]  # neither is a slot
        assert not isinstance(other, Slot)
        if other == 0:
            return 0
        return one if other == 1 else self._product(other, (one.index,))

    def values(self, given: Given) -> list[float]:
        """The results of all steps."""
        values: list[float] = []
        products = self._products
        for index, (read, constant, places) in enumerate(self._steps):
            if read is not None:
                constant = read(given)
            elif index in products:
                for place in places:
                    constant *= values[place]
            else:
                for place in places:
                    constant += values[place]
            values.append(constant)
        return values

    def _product(self, constant: float, places: tuple[int, ...]) -> Slot:
        self._products.add(len(self._steps))
        return self._step(None, constant, places)

    def _step(self, read: Read | None, constant: float, places: tuple[int, ...]) -> Slot:
        self._steps.append((read, constant, places))
        return Slot(len(self._steps) - 1)


def value_of(term: Term, values: Sequence[float]) -> float:
    """What the term comes to."""
    return values[term.index] if isinstance(term, Slot) else term

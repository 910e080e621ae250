"""Metric families over cells, which all workers share: which cell counts what, and how their sums are shown to Prometheus.

prometheus_client's own way for several processes takes three times as long for a request, has to be chosen before the library is
imported, and needs a folder to write to, which a read-only container does not have.
"""

import mmap
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate, product

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

Labels = tuple[str, ...]
_SIZE = 8


class Cells:
    """`count` numbers for each of `slots` workers, in memory that all of them see; made before they are forked."""

    def __init__(self, count: int, slots: int = 1) -> None:
        self._count = count
        self._memory = mmap.mmap(
            -1, count * slots * _SIZE
        )  # anonymous and shared: it outlives a fork, and no file is needed
        numbers = memoryview(self._memory).cast("d")
        self._slots = [numbers[start : start + count] for start in range(0, count * slots, count)]
        self.own = self._slots[0]
        """Those that this process counts in; no other one writes to them."""

    @property
    def slots(self) -> int:
        """How many workers can count."""
        return len(self._slots)

    def claim(self, slot: int) -> None:
        """From now on this process counts in the slot, which goes on where a worker before it ended."""
        self.own = self._slots[slot]

    def of_each(self, cell: int) -> list[float]:
        """The number of every slot."""
        return [numbers[cell] for numbers in self._slots]

    def totals(self) -> list[float]:
        """Each number, summed over the slots."""
        return [sum(numbers) for numbers in zip(*(slot.tolist() for slot in self._slots), strict=True)]


class Layout:
    """Hands out cells, before there are any."""

    def __init__(self) -> None:
        self.size = 0

    def take(self, count: int) -> int:
        """The first of so many cells."""
        first, self.size = self.size, self.size + count
        return first


class Counter:
    """Counts events for every combination of its labels' values, which are known beforehand: clients cannot add any."""

    def __init__(self, layout: Layout, name: str, text: str, labels: dict[str, Iterable[str]] | None = None) -> None:
        self._name, self._text, self._labels = name, text, tuple(labels or ())
        values = list(product(*(labels or {}).values()))
        first = layout.take(len(values))
        self.cells: dict[Labels, int] = {value: first + place for place, value in enumerate(values)}
        """The cell of each combination."""

    def shown(self, totals: Sequence[float]) -> CounterMetricFamily:
        """The family, zeros included, so that rates are right from the first event on."""
        family = CounterMetricFamily(self._name, self._text, labels=self._labels)
        for values, cell in self.cells.items():
            family.add_metric(values, totals[cell])
        return family


class Histogram:
    """Counts values by size for each value of its label, and sums them up.

    The cells of a label's value are: one for each bound, one for what is above all, the sum.
    """

    def __init__(
        self, layout: Layout, name: str, text: str, bounds: Sequence[float], label: str, values: Iterable[str]
    ) -> None:
        self._name, self._text, self._label, self._bounds = name, text, label, bounds
        self.cells = {value: layout.take(len(bounds) + 2) for value in values}
        """The first cell of each."""
        self._sum = len(bounds) + 1
        """From the first cell to that of the sum."""

    def observe(self, cells: "memoryview[float]", label: str, value: float) -> None:
        """Counts a value."""
        first = self.cells[label]
        cells[first + bisect_left(self._bounds, value)] += 1
        cells[first + self._sum] += value

    def shown(self, totals: Sequence[float]) -> HistogramMetricFamily:
        """The family, with counts that include those of smaller sizes."""
        family = HistogramMetricFamily(self._name, self._text, labels=[self._label])
        names = [*map(str, self._bounds), "+Inf"]
        for value, first in self.cells.items():
            counts = accumulate(totals[first : first + self._sum])
            buckets: list[tuple[str, float]] = list(zip(names, counts, strict=True))
            family.add_metric([value], buckets, totals[first + self._sum])
        return family


def gauge(name: str, text: str, label: str | None, values: dict[str, float]) -> GaugeMetricFamily:
    """A family of numbers as they stand."""
    family = GaugeMetricFamily(name, text, labels=[label] if label else [])
    for value, number in values.items():
        family.add_metric([value] if label else [], number)
    return family

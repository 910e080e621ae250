"""Metric families over cells: which cell counts what, and how the cells' sums are shown to Prometheus."""

from collections.abc import Iterable, Sequence
from itertools import accumulate, product

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

Labels = tuple[str, ...]


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
        self._name, self._text, self._label, self.bounds = name, text, label, bounds
        self.cells = {value: layout.take(len(bounds) + 2) for value in values}
        """The first cell of each."""
        self.sum = len(bounds) + 1
        """From the first cell to that of the sum."""

    def shown(self, totals: Sequence[float]) -> HistogramMetricFamily:
        """The family, with counts that include those of smaller sizes."""
        family = HistogramMetricFamily(self._name, self._text, labels=[self._label])
        names = [*map(str, self.bounds), "+Inf"]
        for value, first in self.cells.items():
            counts = accumulate(totals[first : first + self.sum])
            buckets: list[tuple[str, float]] = list(zip(names, counts, strict=True))
            family.add_metric([value], buckets, totals[first + self.sum])
        return family


def gauge(name: str, text: str, label: str | None, values: dict[str, float]) -> GaugeMetricFamily:
    """A family of numbers as they stand."""
    family = GaugeMetricFamily(name, text, labels=[label] if label else [])
    for value, number in values.items():
        family.add_metric([value] if label else [], number)
    return family

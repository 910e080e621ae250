"""`Metrics`: what is counted of requests and reloads, and everything that Prometheus is shown."""

import os
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Literal, TypeAlias, get_args

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.openmetrics import exposition as openmetrics

from api.errors import ErrorCode
from api.telemetry.cells import Cells
from api.telemetry.families import Counter, Histogram, Layout, gauge
from api.telemetry.figures import Figure, SnapshotFigures
from api.telemetry.record import Executor, Outcome, Protocol, RequestRecord

ReloadResult: TypeAlias = Literal["changed", "unchanged", "failed"]

PREFIX = "frontgraph_"
SECONDS = (
    0.00005,
    0.0001,
    0.00025,
    0.0005,
    0.001,
    0.0025,
    0.005,
    0.01,
    0.025,
    0.05,
    0.1,
    0.25,
    0.5,
    1.0,
    2.5,
    5.0,
    10.0,
)
RELOAD_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)
COSTS = (1.0, 10.0, 50.0, 100.0, 500.0, 1_000.0, 5_000.0, 10_000.0, 50_000.0, 100_000.0)
FALLBACK_REASONS = (
    "a deep answer",
    "a field failed",
    "a huge answer",
    "directive",
    "field",
    "no query",
    "null where there must be a value",
    "something else where there must be a list",
    "too many selections",
    "variables do not fit",
    "other",
)
"""What the planned executor says, without the names in it: there must not be a series for each field of the schema."""

CONNECTION_REASONS = (
    "malformed",
    "upgrade",
    "head_too_large",
    "slow_request",
    "connections",
    "slow_reader",
)
"""What the server in front of the application says."""

_STATUSES = ("1xx", "2xx", "3xx", "4xx", "5xx")
_BY_REFERENCE: Executor = "reference"


class _Layout(Layout):
    """The cells of everything that is counted here."""

    def __init__(self) -> None:
        super().__init__()
        self.pid = self.take(1)
        self.failing = self.take(1)
        self.figures = {figure: self.take(1) for figure in Figure}
        self.requests = Counter(
            self,
            f"{PREFIX}requests",
            "Requests, and operations of connections that carry several.",
            {"protocol": get_args(Protocol), "outcome": get_args(Outcome), "status": _STATUSES},
        )
        self.seconds = Histogram(
            self,
            f"{PREFIX}request_duration_seconds",
            "How long requests took.",
            SECONDS,
            "protocol",
            get_args(Protocol),
        )
        self.costs = Histogram(
            self, f"{PREFIX}request_cost", "Estimated cost of operations.", COSTS, "protocol", get_args(Protocol)
        )
        self.bytes = Counter(self, f"{PREFIX}response_bytes", "Bytes of the bodies of answers.")
        self.refusals = Counter(
            self,
            f"{PREFIX}refusals",
            "Requests that were refused, by the code in the answer.",
            {"code": [code.value for code in ErrorCode]},
        )
        self.ended = Counter(
            self,
            f"{PREFIX}connections_ended",
            "Connections that the server refused or ended, by why; their requests are counted nowhere else.",
            {"reason": CONNECTION_REASONS},
        )
        self.executions = Counter(
            self,
            f"{PREFIX}executions",
            "Operations by what answered them.",
            {"executor": [name for name in get_args(Executor) if name != _BY_REFERENCE]},
        )
        self.fallbacks = Counter(
            self,
            f"{PREFIX}reference_executions",
            "Operations that the reference executor answered, by why the planned one did not.",
            {"reason": FALLBACK_REASONS},
        )
        self.reloads = Counter(
            self, f"{PREFIX}reloads", "Reloads by how they ended.", {"result": get_args(ReloadResult)}
        )
        self.reload_seconds = Histogram(
            self,
            f"{PREFIX}reload_duration_seconds",
            "How long reloads took.",
            RELOAD_SECONDS,
            "result",
            get_args(ReloadResult),
        )


class Metrics:
    """Counts for one service, in as many slots as it has workers."""

    def __init__(self, workers: int = 1) -> None:
        self._layout = _Layout()
        self._cells = Cells(self._layout.size, workers)
        self._read: dict[Figure, Callable[[], float]] = {}
        self._snapshot: Callable[[], SnapshotFigures] | None = None
        self.registry = CollectorRegistry()
        self.registry.register(_Collector(self._families))
        PlatformCollector(self.registry)
        if workers == 1:
            GCCollector(self.registry)  # it knows of its own process only: of several workers it would tell any one

    def claim(self, worker: int) -> None:
        """From now on this process counts as that worker; it was forked after this was made."""
        self._cells.claim(worker)
        self._cells.own[self._layout.pid] = os.getpid()
        self._cells.own[self._layout.failing] = 0
        for cell in self._layout.figures.values():
            self._cells.own[cell] = 0

    def follow(self, figure: Figure, read: Callable[[], float]) -> None:
        """The figure is shown from now on, as this reads it."""
        self._read[figure] = read

    def follow_snapshot(self, read: Callable[[], SnapshotFigures]) -> None:
        """What there is in the snapshot is shown from now on, as this reads it."""
        self._snapshot = read

    def publish(self) -> None:
        """Puts this worker's figures where the others see them."""
        for figure, read in self._read.items():
            self._cells.own[self._layout.figures[figure]] = read()

    def counter_of(self, record: RequestRecord) -> Callable[[float, int], None]:
        """Counts requests of the same kind as this one: seconds, bytes of the answer → None."""
        counted, cells = CountedRequest(self._layout, record), self._cells

        def count(seconds: float, size: int) -> None:
            counted.add(cells.own, seconds, size)

        return count

    def count_ended(self, reason: str) -> None:
        """Counts a connection that the server refused or ended."""
        self._cells.own[self._layout.ended.cells[(reason,)]] += 1

    def count_reload(self, result: ReloadResult, seconds: float) -> None:
        """Counts a reload."""
        own, reloads, durations = self._cells.own, self._layout.reloads, self._layout.reload_seconds
        own[reloads.cells[(result,)]] += 1
        own[durations.cells[result] + bisect_left(durations.bounds, seconds)] += 1
        own[durations.cells[result] + durations.sum] += seconds
        own[self._layout.failing] = result == "failed"

    def text(self, accept: str = "") -> tuple[bytes, str]:
        """Everything, as OpenMetrics for who takes it, else in Prometheus' own format; and the media type."""
        if "application/openmetrics-text" in accept:
            body: bytes = openmetrics.generate_latest(self.registry)  # type: ignore[no-untyped-call]
            return body, openmetrics.CONTENT_TYPE_LATEST
        return generate_latest(self.registry), CONTENT_TYPE_PLAIN_0_0_4

    def _families(self) -> Iterator[Metric]:
        self.publish()
        layout, totals = self._layout, self._cells.totals()
        counted = (
            layout.requests,
            layout.seconds,
            layout.costs,
            layout.bytes,
            layout.refusals,
            layout.ended,
            layout.executions,
        )
        for family in (*counted, layout.fallbacks, layout.reloads, layout.reload_seconds):
            yield family.shown(totals)
        yield gauge(f"{PREFIX}reload_failing", "Workers whose last reload failed.", None, {"": totals[layout.failing]})
        for figure in self._read:
            number, name = totals[layout.figures[figure]], PREFIX + figure.title
            if figure.kind == "counter":
                yield CounterMetricFamily(name, figure.meaning, number)
            else:
                yield gauge(name, figure.meaning, None, {"": number})
        if self._snapshot is not None:
            yield from _snapshot_families(self._snapshot())
        yield from self._processes()

    def _processes(self) -> Iterable[Metric]:
        """Memory, processor time and open files; of each worker where there are several."""
        if self._cells.slots == 1:
            return ProcessCollector(registry=None).collect()
        families: dict[str, Metric] = {}
        for worker, pid in enumerate(self._cells.of_each(self._layout.pid)):
            if not pid:
                continue
            for metric in ProcessCollector(pid=partial(int, pid), registry=None).collect():
                family = families.setdefault(metric.name, Metric(metric.name, metric.documentation, metric.type))
                for sample in metric.samples:
                    family.add_sample(sample.name, {"worker": str(worker)}, sample.value)
        return families.values()


class CountedRequest:
    """The cells that a kind of request is counted in, all but that of its duration."""

    __slots__ = ("_cost", "_cost_cell", "_ones", "_seconds", "_size_cell", "_sum")

    def __init__(self, layout: _Layout, record: RequestRecord) -> None:
        status = _STATUSES[min(max(record.status // 100, 1), 5) - 1]
        ones = [layout.requests.cells[record.protocol, record.outcome, status]]
        if record.executor == _BY_REFERENCE:
            ones.append(layout.fallbacks.cells[(_reason(record.fallback),)])
        else:
            ones.append(layout.executions.cells[(record.executor,)])
        if record.refusal is not None:
            ones.append(layout.refusals.cells[(record.refusal.value,)])
        costs = layout.costs.cells[record.protocol]
        if record.cost is not None:
            ones.append(costs + bisect_left(COSTS, record.cost))
        self._ones = ones
        self._cost, self._cost_cell = record.cost or 0, costs + layout.costs.sum
        self._size_cell = layout.bytes.cells[()]
        self._seconds = layout.seconds.cells[record.protocol]
        self._sum = self._seconds + layout.seconds.sum

    def add(self, cells: "memoryview[float]", seconds: float, size: int) -> None:
        """Counts one that took so long, with an answer of so many bytes."""
        for cell in self._ones:
            cells[cell] += 1
        cells[self._seconds + bisect_left(SECONDS, seconds)] += 1
        cells[self._sum] += seconds
        cells[self._cost_cell] += self._cost
        cells[self._size_cell] += size


def _reason(said: str | None) -> str:
    if said in FALLBACK_REASONS:
        return said
    kind = (said or "").split(":")[0].split(" @")[0]
    if kind.startswith("field "):
        kind = "field"
    return kind if kind in FALLBACK_REASONS else "other"


def _snapshot_families(figures: SnapshotFigures) -> Iterator[Metric]:
    yield gauge(f"{PREFIX}snapshot_info", "The snapshot that is served.", "version", {figures.version: 1})
    yield gauge(f"{PREFIX}snapshot_age_seconds", "Time since the snapshot was loaded.", None, {"": figures.age})
    yield gauge(f"{PREFIX}snapshot_nodes", "Nodes of the snapshot.", "kind", dict(figures.nodes))
    yield gauge(f"{PREFIX}snapshot_edges", "Edges of the snapshot.", "kind", dict(figures.edges))
    problems = Metric(f"{PREFIX}snapshot_problems", "What authors got wrong in what is loaded.", "gauge")
    for (severity, code), count in figures.problems.items():
        problems.add_sample(problems.name, {"severity": severity.value, "code": code.value}, count)
    yield problems


class _Collector:
    """What a registry asks."""

    def __init__(self, collect: Callable[[], Iterable[Metric]]) -> None:
        self.collect = collect

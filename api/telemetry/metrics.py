"""`Metrics`: what is counted of requests and reloads, and everything that Prometheus is shown."""

import os
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Literal, TypeAlias, get_args

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.openmetrics import exposition as openmetrics

from api.errors import ErrorCode
from api.telemetry.families import Cells, Counter, Histogram, Layout, gauge
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

TOOLS = (
    "search",
    "read",
    "related",
    "neighborhood",
    "path",
    "story",
    "trending",
    "aggregate",
    "graphql",
    "schema",
    "other",
)
"""Of language models; what is no name of one, or that of a trusted document, is counted as another one."""

CONNECTION_REASONS = (
    "malformed",
    "upgrade",
    "head_too_large",
    "slow_request",
    "connections",
    "connections_of_client",
    "slow_reader",
    "unread",
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
        self.tools = Counter(
            self,
            f"{PREFIX}tool_calls",
            "Tools that language models called.",
            {"tool": TOOLS, "outcome": get_args(Outcome)},
        )
        self.tool_seconds = Histogram(
            self, f"{PREFIX}tool_call_duration_seconds", "How long calls of tools took.", SECONDS, "tool", TOOLS
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
        self._before = dict.fromkeys(Figure, 0.0)
        """What the workers before this one counted in its slot."""
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
        for figure, cell in self._layout.figures.items():
            if figure.kind != "counter":  # what the worker before counted stays counted
                self._cells.own[cell] = 0
            self._before[figure] = self._cells.own[cell]

    def follow(self, figure: Figure, read: Callable[[], float]) -> None:
        """The figure is shown from now on, as this reads it."""
        self._read[figure] = read

    def follow_snapshot(self, read: Callable[[], SnapshotFigures]) -> None:
        """What there is in the snapshot is shown from now on, as this reads it."""
        self._snapshot = read

    def publish(self) -> None:
        """Puts this worker's figures where the others see them."""
        for figure, read in self._read.items():
            self._cells.own[self._layout.figures[figure]] = self._before[figure] + read()

    def count(self, record: RequestRecord) -> None:
        """Counts a request."""
        layout, own = self._layout, self._cells.own
        status = _STATUSES[min(max(record.status // 100, 1), 5) - 1]
        own[layout.requests.cells[record.protocol, record.outcome, status]] += 1
        if record.executor == _BY_REFERENCE:
            own[layout.fallbacks.cells[(_reason(record.fallback),)]] += 1
        else:
            own[layout.executions.cells[(record.executor,)]] += 1
        if record.refusal is not None:
            own[layout.refusals.cells[(record.refusal.value,)]] += 1
        if record.cost is not None:
            layout.costs.observe(own, record.protocol, record.cost)
        layout.seconds.observe(own, record.protocol, record.seconds)
        if record.tool is not None:
            tool = record.tool if record.tool in TOOLS else "other"
            own[layout.tools.cells[tool, record.outcome]] += 1
            layout.tool_seconds.observe(own, tool, record.seconds)
        own[layout.bytes.cells[()]] += record.size

    def count_ended(self, reason: str) -> None:
        """Counts a connection that the server refused or ended."""
        self._cells.own[self._layout.ended.cells[(reason,)]] += 1

    def count_reload(self, result: ReloadResult, seconds: float) -> None:
        """Counts a reload."""
        own = self._cells.own
        own[self._layout.reloads.cells[(result,)]] += 1
        self._layout.reload_seconds.observe(own, result, seconds)
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
            layout.tools,
            layout.tool_seconds,
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

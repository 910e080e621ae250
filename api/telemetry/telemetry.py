"""`Telemetry`: what an operator is told of the service, in one object that whoever answers requests calls."""

import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from api.telemetry.figures import Figure
from api.telemetry.lines import LineWriter
from api.telemetry.logs import LogFormat, LogHandler, is_json
from api.telemetry.metrics import Metrics, ReloadResult
from api.telemetry.record import RequestRecord, clean
from api.telemetry.request_ids import RequestIds
from api.telemetry.request_lines import JsonLines, RequestLines, TextLines

if TYPE_CHECKING:  # optional, and slow to import
    from api.telemetry.tracing import Tracing

logger = logging.getLogger(__name__)

STANDARD_ERROR = 2
PUBLISH_SECONDS = 1.0
"""How old the figures of other workers may be."""
_NAMED_VARIABLES = 50


class TelemetryError(Exception):
    """Something was switched on that cannot be; the message says what to do."""


class Telemetry:
    """Log, metrics and traces of one service.

    It is made once, before workers are forked; each process that answers does so inside `running`.
    """

    def __init__(
        self,
        *,
        log_format: LogFormat = "auto",
        log_requests: bool = True,
        slow_query_seconds: float = 1.0,
        workers: int = 1,
        tracing: "Tracing | None" = None,
        stream: int = STANDARD_ERROR,
    ) -> None:
        as_json = is_json(log_format, stream)
        self._writer = LineWriter(stream)
        self._lines: RequestLines | None = (JsonLines() if as_json else TextLines()) if log_requests else None
        self._slow_query_seconds = slow_query_seconds
        self._workers = workers
        self.handler = LogHandler(self._writer, as_json)
        """For the root logger."""
        self.metrics = Metrics(workers)
        self.metrics.follow(Figure.LOG_LINES_LOST, lambda: self._writer.lost)
        self.tracing = tracing
        """None if it is switched off."""
        self.request_ids = RequestIds()

    @contextmanager
    def running(self, worker: int = 0) -> Iterator[None]:
        """While this process answers, as the worker with this number from 0."""
        self.request_ids = RequestIds()
        self.metrics.claim(worker)
        self._writer.start()
        ended = Event()
        if self._workers > 1:
            Thread(target=self._publish, args=(ended,), name="figures", daemon=True).start()
        try:
            yield
        finally:
            ended.set()
            if self.tracing is not None:
                self.tracing.close()
            self._writer.close()

    def record(self, record: RequestRecord) -> None:
        """Tells of a request that was answered."""
        self.metrics.count(record)
        if self._lines is not None:
            self._writer.write(self._lines.line(record))
        if record.seconds >= self._slow_query_seconds and record.query is not None:
            _tell_slow_query(record)

    def reloaded(self, result: ReloadResult, seconds: float) -> None:
        """Tells the metrics of a reload."""
        self.metrics.count_reload(result, seconds)

    def _publish(self, ended: Event) -> None:
        while not ended.wait(PUBLISH_SECONDS):
            try:
                self.metrics.publish()
            except Exception:
                logger.exception("figures could not be read")


def metrics_endpoint(telemetry: Telemetry) -> Callable[[Request], Awaitable[Response]]:
    """Answers what Prometheus asks; who may ask is decided before."""

    async def answer(request: Request) -> Response:
        body, media_type = telemetry.metrics.text(request.headers.get("accept", ""))
        return Response(body, headers={"Content-Type": media_type, "Cache-Control": "no-store"})

    return answer


def make_tracing() -> "Tracing":
    """Traces that go where OpenTelemetry's environment variables say.

    Raises:
        TelemetryError: the libraries are not installed.
    """
    try:
        from api.telemetry.tracing import otlp_tracing
    except ModuleNotFoundError as cause:
        message = 'Tracing needs OpenTelemetry: pip install "frontgraph[tracing]", or switch tracing off.'
        raise TelemetryError(message) from cause
    return otlp_tracing()


def _tell_slow_query(record: RequestRecord) -> None:
    logger.warning(
        "slow query",
        extra={
            "request_id": record.request_id,
            "seconds": round(record.seconds, 3),
            "operation": record.operation_name,
            "query": record.query,
            "variable_names": [clean(name) for name in record.variable_names[:_NAMED_VARIABLES]],
        },
    )

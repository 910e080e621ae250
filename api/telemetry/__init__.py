"""What an operator is told of the service: logs, metrics, traces.

A request is told of once, as a `RequestRecord`. Its line is put together by hand and written a moment later by a thread; it is
counted in cells of memory that all workers share (`Cells`), whose sums Prometheus is shown.
"""

from api.telemetry.figures import Figure, SnapshotFigures, snapshot_figures
from api.telemetry.record import RequestRecord
from api.telemetry.telemetry import Repeat, Telemetry, TelemetryError, make_tracing, metrics_endpoint

__all__ = [
    "Figure",
    "Repeat",
    "RequestRecord",
    "SnapshotFigures",
    "Telemetry",
    "TelemetryError",
    "make_tracing",
    "metrics_endpoint",
    "snapshot_figures",
]

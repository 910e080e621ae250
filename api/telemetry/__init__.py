"""What an operator is told of the service: logs, metrics, traces.

The way in is `Telemetry`: whoever answers a request fills in a `RequestRecord` and hands it over once, with `record`; other rooms
have their figures followed. The ways out are the log's stream, to which a thread writes lines a moment later, `metrics_endpoint` for
Prometheus, and the collector of traces. Counts are kept in memory that all workers share, so that each can tell the sums.
"""

from api.telemetry.figures import Figure, SnapshotFigures, snapshot_figures
from api.telemetry.record import RequestRecord
from api.telemetry.telemetry import Telemetry, TelemetryError, make_tracing, metrics_endpoint

__all__ = [
    "Figure",
    "RequestRecord",
    "SnapshotFigures",
    "Telemetry",
    "TelemetryError",
    "make_tracing",
    "metrics_endpoint",
    "snapshot_figures",
]

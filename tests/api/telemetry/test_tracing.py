import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from api.errors import ErrorCode
from api.telemetry import RequestRecord, Telemetry, TelemetryError, make_tracing

pytest.importorskip("opentelemetry.sdk", reason="OpenTelemetry is not installed: pip install 'frontgraph[tracing]'")
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from api.telemetry.tracing import Tracing

TRACE_ID = "0af7651916cd43dd8448eb211c80319c"
PARENT = [(b"host", b"a.example"), (b"traceparent", f"00-{TRACE_ID}-b7ad6b7169203331-01".encode())]


class Traced:
    """Tracing whose finished spans stay here."""

    def __init__(self, with_queries: bool = False) -> None:
        self._exporter = InMemorySpanExporter()
        provider = TracerProvider()
        provider.add_span_processor(SimpleSpanProcessor(self._exporter))
        self.tracing = Tracing(provider, with_queries)

    def spans(self) -> tuple[ReadableSpan, ...]:
        return self._exporter.get_finished_spans()


def a_record() -> RequestRecord:
    return RequestRecord(request_id="5e1f-1", method="POST", path="/v1/graphql", client="192.0.2.7")


def test_request_with_its_phases_continues_the_trace_of_its_caller() -> None:
    traced, record = Traced(), a_record()
    with traced.tracing.request(record, "/graphql", PARENT):
        with traced.tracing.phase("graphql.parse"):
            pass
        record.operation_name, record.operation_type, record.query = "Storms", "query", "{ secret }"
        record.cost, record.executor = 340, "planned"
    parse, request = traced.spans()
    assert (request.name, request.kind) == ("POST /graphql", SpanKind.SERVER)
    assert dict(request.attributes or {}) == {
        "http.request.method": "POST",
        "http.response.status_code": 200,
        "http.route": "/graphql",
        "url.path": "/v1/graphql",
        "client.address": "192.0.2.7",
        "graphql.operation.name": "Storms",
        "graphql.operation.type": "query",
        "frontgraph.request_id": "5e1f-1",
        "frontgraph.executor": "planned",
        "frontgraph.cost": 340,
    }
    assert request.context is not None
    assert request.parent is not None
    assert parse.parent is not None
    assert (parse.name, parse.parent.span_id) == ("graphql.parse", request.context.span_id)
    assert f"{request.context.trace_id:032x}" == record.trace_id == TRACE_ID
    assert f"{request.parent.span_id:016x}" == "b7ad6b7169203331"


def test_query_is_told_when_asked_for() -> None:
    traced, record = Traced(with_queries=True), a_record()
    with traced.tracing.request(record, "/graphql"):
        record.query = "{ a }"
    [request] = traced.spans()
    assert (request.attributes or {})["graphql.document"] == "{ a }"


def test_refusal_has_its_code_and_only_a_failure_of_the_service_is_an_error() -> None:
    traced, record = Traced(), a_record()
    with traced.tracing.request(record, "/graphql"):
        record.outcome, record.refusal, record.status = "refused", ErrorCode.BAD_PAGE, 400
    with traced.tracing.request(record, "/graphql"):
        record.outcome, record.refusal, record.status = "error", ErrorCode.INTERNAL_SERVER_ERROR, 500
    refused, failed = traced.spans()
    assert (refused.status.status_code, (refused.attributes or {})["error.type"]) == (StatusCode.UNSET, "BAD_PAGE")
    assert failed.status.status_code == StatusCode.ERROR


@pytest.mark.parametrize("header", [b"", b"nonsense", b"00-" + b"0" * 32 + b"-b7ad6b7169203331-01", b"\xff" * 9_000])
def test_bad_header_begins_a_trace(header: bytes) -> None:
    traced, record = Traced(), a_record()
    with traced.tracing.request(record, "/graphql", [(b"traceparent", header)]):
        pass
    [request] = traced.spans()
    assert request.parent is None
    assert record.trace_id is not None
    assert int(record.trace_id, 16) > 0


def test_line_of_the_log_names_the_trace(tmp_path: Path) -> None:
    stream = os.open(tmp_path / "log", os.O_CREAT | os.O_WRONLY)
    traced, record = Traced(), a_record()
    telemetry = Telemetry(tracing=traced.tracing, stream=stream)
    with telemetry.running():
        with traced.tracing.request(record, "/graphql", PARENT):
            pass
        telemetry.record(record)
    os.close(stream)
    assert json.loads((tmp_path / "log").read_bytes())["trace_id"] == TRACE_ID


def test_service_has_the_name_that_the_environment_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    def name(make: Callable[[], Tracing]) -> object:
        tracing = make()
        tracing.close()
        return tracing._provider.resource.attributes["service.name"]

    monkeypatch.delenv("OTEL_SERVICE_NAME", raising=False)
    assert name(make_tracing) == "frontgraph"
    monkeypatch.setenv("OTEL_SERVICE_NAME", "news-graph")
    assert name(make_tracing) == "news-graph"


def test_without_the_libraries_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "api.telemetry.tracing", raising=False)
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.resources", None)
    with pytest.raises(TelemetryError) as caught:
        make_tracing()
    assert str(caught.value) == (
        'Tracing needs OpenTelemetry: pip install "frontgraph[tracing]", or switch tracing off.'
    )

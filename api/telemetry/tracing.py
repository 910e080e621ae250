"""Traces of requests by OpenTelemetry, under the names of its semantic conventions for HTTP and GraphQL servers.

Needs the optional libraries: nothing imports this module before tracing was switched on. Where spans go, which are kept, and
what the service is called, the environment variables of OpenTelemetry's SDK say.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from api.telemetry.record import TEXT_LIMIT, RequestRecord, clean

_PROPAGATED = (b"traceparent", b"tracestate")


class Tracing:
    """Makes the spans of one service."""

    def __init__(self, provider: TracerProvider, with_queries: bool = False) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("frontgraph")
        self._propagator = TraceContextTextMapPropagator()
        self._with_queries = with_queries

    @contextmanager
    def request(self, record: RequestRecord, route: str, headers: Iterable[tuple[bytes, bytes]] = ()) -> Iterator[Span]:
        """The span of a request, a part of the trace that its headers name; it ends with what the record says by then.

        The route, not the path, names it: names that clients can choose would be without number.
        """
        carrier = {name.decode(): value.decode("latin-1") for name, value in headers if name in _PROPAGATED}
        with self._tracer.start_as_current_span(
            f"{record.method} {route}", self._propagator.extract(carrier), SpanKind.SERVER
        ) as span:
            record.trace_id = f"{span.get_span_context().trace_id:032x}"
            try:
                yield span
            finally:
                if span.is_recording():
                    self._describe(span, record, route)

    def phase(self, name: str) -> AbstractContextManager[Span]:
        """The span of a part of the work, such as `graphql.read`; inside that of the request."""
        return self._tracer.start_as_current_span(name)

    def close(self) -> None:
        """Sends what was not sent yet."""
        self._provider.shutdown()

    def _describe(self, span: Span, record: RequestRecord, route: str) -> None:
        attributes: dict[str, str | int | None] = {
            "http.request.method": record.method,
            "http.response.status_code": record.status,
            "http.route": route,
            "url.path": clean(record.path),
            "client.address": clean(record.client),
            "graphql.operation.name": clean(record.operation_name) if record.operation_name else None,
            "graphql.operation.type": record.operation_type,
            "graphql.document": clean(record.query, TEXT_LIMIT) if record.query and self._with_queries else None,
            "error.type": record.refusal.value if record.refusal else None,
            "frontgraph.request_id": record.request_id,
            "frontgraph.executor": record.executor,
            "frontgraph.cost": record.cost,
        }
        span.set_attributes({name: value for name, value in attributes.items() if value is not None})
        if record.outcome == "error":
            span.set_status(StatusCode.ERROR)


def otlp_tracing() -> Tracing:
    """Spans go to a collector, in batches, by OTLP over HTTP."""
    named = "OTEL_SERVICE_NAME" in os.environ
    provider = TracerProvider(resource=Resource.create({} if named else {SERVICE_NAME: "frontgraph"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return Tracing(provider)

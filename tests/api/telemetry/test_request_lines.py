import json
import re

import pytest

from api.errors import ErrorCode
from api.telemetry.record import RequestRecord
from api.telemetry.request_lines import Clock, JsonLines, RequestLines, TextLines

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def a_record(**values: object) -> RequestRecord:
    known: dict[str, object] = {
        "request_id": "5e1f-1",
        "method": "POST",
        "path": "/graphql",
        "client": "192.0.2.7",
        "operation_name": "Storms",
        "operation_type": "query",
        "query_hash": "0123456789ab",
        "cost": 1340,
        "executor": "planned",
        "seconds": 0.00021,
        "size": 3210,
    }
    return RequestRecord(**{**known, **values})  # type: ignore[arg-type]


def text(record: RequestRecord) -> str:
    return MOMENT.sub("NOW", TextLines().line(record).decode())


def test_json_line() -> None:
    told = json.loads(JsonLines().line(a_record()))
    assert MOMENT.fullmatch(told.pop("time"))
    assert told == {
        "request_id": "5e1f-1",
        "client": "192.0.2.7",
        "seconds": 0.00021,
        "trace_id": None,
        "level": "info",
        "logger": "api.requests",
        "message": "request",
        "protocol": "http",
        "method": "POST",
        "path": "/graphql",
        "status": 200,
        "outcome": "ok",
        "refusal": None,
        "operation": "Storms",
        "operation_type": "query",
        "tool": None,
        "query_hash": "0123456789ab",
        "cost": 1340,
        "executor": "planned",
        "stepped_aside": None,
        "bytes": 3210,
    }


def test_text_line() -> None:
    assert text(a_record()) == (
        "NOW INFO    api.requests: POST /graphql 200 ok, query Storms (0123456789ab), 0.21 ms, cost 1,340, planned,"
        " 3,210 bytes, 192.0.2.7 [5e1f-1]\n"
    )


def test_text_line_of_a_request_without_an_operation() -> None:
    record = RequestRecord(request_id="5e1f-2", method="GET", path="/healthz", client="192.0.2.7")
    assert text(record) == "NOW INFO    api.requests: GET /healthz 200 ok, 0.00 ms, 0 bytes, 192.0.2.7 [5e1f-2]\n"


def test_text_line_of_an_operation_without_a_name() -> None:
    assert "200 ok, query (0123456789ab), 0.21 ms" in text(a_record(operation_name=None))


def test_tool_of_a_language_model_is_told() -> None:
    called = a_record(protocol="mcp", path="/mcp", tool="search")
    assert ": mcp POST /mcp 200 ok, tool search, query Storms" in text(called)
    assert json.loads(JsonLines().line(called))["tool"] == "search"


def test_refusal_is_told_with_its_code() -> None:
    refused = a_record(status=400, outcome="refused", refusal=ErrorCode.BAD_PAGE)
    assert " INFO    api.requests: POST /graphql 400 refused BAD_PAGE, query" in text(refused)
    assert json.loads(JsonLines().line(refused))["refusal"] == "BAD_PAGE"


def test_failure_of_the_service_is_an_error() -> None:
    failed = a_record(outcome="error")
    assert text(failed).startswith("NOW ERROR   api.requests: POST /graphql 200 error, query")
    assert json.loads(JsonLines().line(failed))["level"] == "error"


@pytest.mark.parametrize("lines", [JsonLines(), TextLines()], ids=["json", "text"])
def test_what_clients_send_cannot_make_lines_or_steer_a_terminal(lines: RequestLines) -> None:
    nasty = 'x\n{"level":"error"}\r\x1b[2J\x9b\u202e\ud800"' + "y" * 10_000
    line = lines.line(
        a_record(operation_name=nasty, tool=nasty, path=nasty, client=nasty, method=nasty, fallback=nasty)
    )
    assert line.count(b"\n") == 1
    assert line.decode().rstrip("\n").isprintable()
    assert len(line) < 2_000


def test_clock_tells_utc_with_milliseconds() -> None:
    moments = iter([0.0, 0.9996, 1.25, 1_714_728_600.123456])
    clock = Clock(lambda: next(moments))
    assert [clock.now() for _ in range(4)] == [
        "1970-01-01T00:00:00.000Z",
        "1970-01-01T00:00:00.999Z",
        "1970-01-01T00:00:01.250Z",
        "2024-05-03T09:30:00.123Z",
    ]

"""The line that the log has of each request, put together by hand: it is a good part of what a repeated answer costs."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

import orjson

from api.telemetry.clean_text import clean
from api.telemetry.record import RequestRecord

LOGGER = "api.requests"

LineOf = Callable[[str, str, float, str | None, int], bytes]
"""Request id, client, seconds, trace id and bytes of the answer → the line."""


class RequestLines(Protocol):
    """One form of the log."""

    def lines_of(self, record: RequestRecord) -> LineOf:
        """Makes the lines of requests of the same kind as this one."""


class JsonLines:
    """An object in a line, always with the same keys."""

    def __init__(self) -> None:
        self._clock = Clock()

    def lines_of(self, record: RequestRecord) -> LineOf:
        now, rest = self._clock.now, orjson.dumps(_lasting(record), option=orjson.OPT_APPEND_NEWLINE)[1:]

        def line(request_id: str, client: str, seconds: float, trace_id: str | None, size: int) -> bytes:
            return b'{"time":"%b","request_id":"%b","client":%b,"seconds":%.6f,"trace_id":%b,"bytes":%d,%b' % (
                now().encode(),
                request_id.encode(),
                orjson.dumps(clean(client)),
                seconds,
                b'"%b"' % trace_id.encode() if trace_id else b"null",
                size,
                rest,
            )

        return line


def _lasting(record: RequestRecord) -> dict[str, object]:
    """What requests of one kind have in common."""
    return {
        "level": level_of(record),
        "logger": LOGGER,
        "message": "request",
        "protocol": record.protocol,
        "method": clean(record.method),
        "path": clean(record.path),
        "status": record.status,
        "outcome": record.outcome,
        "refusal": record.refusal.value if record.refusal else None,
        "operation": clean(record.operation_name) if record.operation_name else None,
        "operation_type": record.operation_type,
        "query_hash": record.query_hash,
        "cost": record.cost,
        "executor": record.executor,
        "stepped_aside": clean(record.fallback) if record.fallback else None,
    }


class TextLines:
    """A line for people: time, level, request and answer, then what is known of the operation."""

    def __init__(self) -> None:
        self._clock = Clock()

    def _line(self, record: RequestRecord) -> bytes:
        asked = f"{clean(record.method)} {clean(record.path)}"
        if record.protocol != "http":
            asked = f"{record.protocol} {asked}"
        told = [
            f"{record.outcome} {record.refusal.value}" if record.refusal else record.outcome,
            f"{record.operation_type or 'operation'} {_operation(record)}" if record.query_hash else None,
            f"{record.seconds * 1000:.2f} ms",
            None if record.cost is None else f"cost {record.cost:,}",
            None if record.executor == "none" else record.executor,
            clean(record.fallback) if record.fallback else None,
            f"{record.size:,} bytes",
            clean(record.client),
            f"trace {record.trace_id}" if record.trace_id else None,
        ]
        text = ", ".join(part for part in told if part)
        head = text_head(self._clock.now(), level_of(record), LOGGER)
        return f"{head}{asked} {record.status} {text} [{record.request_id}]\n".encode()

    def lines_of(self, record: RequestRecord) -> LineOf:
        first = replace(record, query=None, variable_names=())  # of any length

        def line(request_id: str, client: str, seconds: float, trace_id: str | None, size: int) -> bytes:
            first.request_id, first.client, first.seconds, first.trace_id = request_id, client, seconds, trace_id
            first.size = size
            return self._line(first)

        return line


def _operation(record: RequestRecord) -> str:
    name = f"{clean(record.operation_name)} " if record.operation_name else ""
    return f"{name}({record.query_hash})"


def level_of(record: RequestRecord) -> str:
    """Refusals are everyday; a failure of ours is not."""
    return "error" if record.outcome == "error" else "info"


def text_head(now: str, level: str, logger: str) -> str:
    """What every line for people begins with."""
    return f"{now} {level.upper():<7} {logger}: "


class Clock:
    """The time as the log tells it, `2024-05-03T09:30:00.123Z`; the part up to the second is kept while it lasts."""

    def __init__(self, read: Callable[[], float] = time.time) -> None:
        self._read = read
        self._second = -1
        self._text = ""

    def now(self) -> str:
        """Of this moment, in UTC."""
        moment = self._read()
        second = int(moment)
        if second != self._second:
            self._second, self._text = second, time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))
        return f"{self._text}.{int((moment - second) * 1000):03d}Z"

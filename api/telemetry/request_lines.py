"""The line that the log has of each request."""

import time
from collections.abc import Callable
from typing import Protocol

import orjson

from api.telemetry.record import RequestRecord, clean

LOGGER = "api.requests"


class RequestLines(Protocol):
    """One form of the log."""

    def line(self, record: RequestRecord) -> bytes:
        """The line of a request, with its line break."""


class JsonLines:
    """An object in a line, always with the same keys."""

    def __init__(self) -> None:
        self._clock = Clock()

    def line(self, record: RequestRecord) -> bytes:
        told = {
            "time": self._clock.now(),
            "request_id": record.request_id,
            "client": clean(record.client),
            "seconds": round(record.seconds, 6),
            "trace_id": record.trace_id,
            "bytes": record.size,
            "level": level_of(record),
            "logger": LOGGER,
            "message": "request",
            "protocol": record.protocol,
            "method": clean(record.method),
            "path": clean(record.path),
            "status": record.status,
            "outcome": record.outcome,
            "refusal": record.refusal,
            "operation": clean(record.operation_name) if record.operation_name else None,
            "operation_type": record.operation_type,
            "tool": clean(record.tool) if record.tool else None,
            "query_hash": record.query_hash,
            "cost": record.cost,
            "executor": record.executor,
            "stepped_aside": clean(record.fallback) if record.fallback else None,
        }
        return orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE)


class TextLines:
    """A line for people: time, level, request and answer, then what is known of the operation."""

    def __init__(self) -> None:
        self._clock = Clock()

    def line(self, record: RequestRecord) -> bytes:
        asked = f"{clean(record.method)} {clean(record.path)}"
        if record.protocol != "http":
            asked = f"{record.protocol} {asked}"
        told = [
            f"{record.outcome} {record.refusal.value}" if record.refusal else record.outcome,
            f"tool {clean(record.tool)}" if record.tool else None,
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

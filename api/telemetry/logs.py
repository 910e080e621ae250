"""The log: records of every module's logger in one form, JSON for machines or text for people."""

import logging
import os
from typing import Any, Literal, TypeAlias

import orjson
from structlog.processors import format_exc_info
from structlog.stdlib import ExtraAdder, ProcessorFormatter
from structlog.typing import EventDict, Processor, WrappedLogger

from api.request_id import current_request_id
from api.telemetry.clean_text import TEXT_LIMIT, clean
from api.telemetry.lines import LineWriter
from api.telemetry.request_lines import Clock, text_head

LogFormat: TypeAlias = Literal["auto", "text", "json"]

_TRACE_LIMIT = 20_000
"""Characters of an exception with its traceback."""


def is_json(wanted: LogFormat, stream: int) -> bool:
    """Whether the log is JSON: where nobody looks on, unless it was said."""
    return wanted == "json" or (wanted == "auto" and not os.isatty(stream))


class LogHandler(logging.Handler):
    """Takes the records of standard loggers, those of libraries too."""

    def __init__(self, writer: LineWriter, as_json: bool) -> None:
        super().__init__()
        self._writer = writer
        chain: list[Processor] = [
            _about(Clock()),
            ExtraAdder(),
            format_exc_info,
            ProcessorFormatter.remove_processors_meta,
        ]
        self.setFormatter(ProcessorFormatter(processors=[*chain, _tidy, _as_json if as_json else _as_text]))

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = self.format(record)
        except Exception:
            self.handleError(record)
        else:
            self._writer.write(f"{line}\n".encode(errors="backslashreplace"))


def _about(clock: Clock) -> Processor:
    """Adds when, how grave, by whom and for which request."""

    def add(_: WrappedLogger, level: str, event: EventDict) -> EventDict:
        request_id = current_request_id.get()
        return {
            "time": clock.now(),
            "level": level,
            "logger": event["_record"].name,
            "message": event.pop("event"),
            **({"request_id": request_id} if request_id else {}),
            **event,
        }

    return add


def _tidy(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Cleans every text but the traceback, whose lines are kept apart."""
    event.pop("color_message", None)  # uvicorn's, the message once more
    trace = event.pop("exception", None)
    tidied = {key: clean(value, TEXT_LIMIT) if isinstance(value, str) else value for key, value in event.items()}
    if trace is not None:
        tidied["exception"] = "\n".join(clean(line, TEXT_LIMIT) for line in trace[-_TRACE_LIMIT:].splitlines())
    return tidied


def _as_json(_: WrappedLogger, __: str, event: EventDict) -> str:
    return orjson.dumps(event, default=repr, option=orjson.OPT_NON_STR_KEYS).decode()


def _as_text(_: WrappedLogger, __: str, event: EventDict) -> str:
    head = text_head(event.pop("time"), event.pop("level"), event.pop("logger"))
    message, request_id, trace = event.pop("message"), event.pop("request_id", None), event.pop("exception", None)
    extra = "".join(f" {key}={_shown(value)}" for key, value in event.items())
    found_by = f" [{request_id}]" if request_id else ""
    indented = "".join(f"\n    {line}" for line in trace.splitlines()) if trace else ""
    return f"{head}{message}{extra}{found_by}{indented}"


def _shown(value: Any) -> str:
    """On one line, in quotes where a text could be mistaken for more than one."""
    return orjson.dumps(value, default=repr, option=orjson.OPT_NON_STR_KEYS).decode()

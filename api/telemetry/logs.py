"""The log: records of every module's logger in one form, JSON for machines or text for people."""

import logging
import os
from typing import Any, Literal, TypeAlias

import orjson

from api.errors import current_request_id
from api.telemetry.lines import LineWriter
from api.telemetry.record import TEXT_LIMIT, clean
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
        self._clock = Clock()
        self._form = _as_json if as_json else _as_text

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = self._form(self._told(record))
        except Exception:
            self.handleError(record)
        else:
            self._writer.write(f"{line}\n".encode(errors="backslashreplace"))

    def _told(self, record: logging.LogRecord) -> dict[str, Any]:
        """When, how grave, by whom, what, for which request, what was said besides, and the exception.

        Every text is clean but the traceback, whose lines are kept apart.
        """
        request_id = current_request_id.get()
        told = {
            "time": self._clock.now(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **({"request_id": request_id} if request_id else {}),
            **{name: value for name, value in vars(record).items() if name not in _STANDARD},
        }
        told = {name: clean(value, TEXT_LIMIT) if isinstance(value, str) else value for name, value in told.items()}
        if record.exc_info:
            trace = _FORMATTER.formatException(record.exc_info)[-_TRACE_LIMIT:]
            told["exception"] = "\n".join(clean(line, TEXT_LIMIT) for line in trace.splitlines())
        return told


_FORMATTER = logging.Formatter()
_STANDARD = {*vars(logging.makeLogRecord({})), "message", "color_message"}
"""What every record has, and uvicorn's message once more."""


def _as_json(event: dict[str, Any]) -> str:
    return orjson.dumps(event, default=repr, option=orjson.OPT_NON_STR_KEYS).decode()


def _as_text(event: dict[str, Any]) -> str:
    head = text_head(event.pop("time"), event.pop("level"), event.pop("logger"))
    message, request_id, trace = event.pop("message"), event.pop("request_id", None), event.pop("exception", None)
    extra = "".join(f" {key}={_shown(value)}" for key, value in event.items())
    found_by = f" [{request_id}]" if request_id else ""
    indented = "".join(f"\n    {line}" for line in trace.splitlines()) if trace else ""
    return f"{head}{message}{extra}{found_by}{indented}"


def _shown(value: Any) -> str:
    """On one line, in quotes where a text could be mistaken for more than one."""
    return orjson.dumps(value, default=repr, option=orjson.OPT_NON_STR_KEYS).decode()

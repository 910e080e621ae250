"""The settings of the service: each with its name, default, range and meaning; read once, from a mapping passed in."""

import logging
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

logger = logging.getLogger(__name__)

_PREFIX = "FRONTGRAPH_"
_READ_ELSEWHERE = frozenset(("CORPUS", "REQUIRE_FRONTEND", "SEED", "SKIP_FRONTEND"))
"""Variables that the build and the tests read."""
_ALIKE = 0.75
"""How similar an unknown name must be to a setting's (ratio of `difflib`) to be taken for a misspelling of it."""
_SOMEWHAT_ALIKE = 0.6
"""The same for a setting to be told as the nearest one."""
_ALIKE_WITH_PREFIX = 0.9
"""The same for names whose prefix may be misspelt, so that no other program's variable is taken for one of ours."""
_SHORTEST_TOKEN = 16
_PATH = re.compile(r"(/[A-Za-z0-9\-._~]+)+")


class SettingError(Exception):
    """A setting is misspelt or has a value that it cannot have; the message says which, and what to write."""


def _knob(
    default: Any, meaning: str, shown_range: str, read: Callable[[str, str], Any], is_secret: bool = False
) -> Any:
    return field(
        default=default,
        repr=not is_secret,
        metadata={"meaning": meaning, "range": shown_range, "read": read},
    )


def _whole(default: int, meaning: str, low: int, high: int) -> int:
    def read(name: str, text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = low - 1
        if not low <= value <= high:
            raise SettingError(f"{name} is {text!r}; it must be a whole number from {low} to {high}.")
        return value

    knob: int = _knob(default, meaning, f"{low:,} to {high:,}", read)
    return knob


def _switch(default: bool, meaning: str) -> bool:
    def read(name: str, text: str) -> bool:
        if text not in ("0", "1"):
            raise SettingError(f"{name} is {text!r}; it must be 0 or 1.")
        return text == "1"

    knob: bool = _knob(default, meaning, "0 or 1", read)
    return knob


def _choice(meaning: str, *choices: str) -> str:
    def read(name: str, text: str) -> str:
        if text not in choices:
            raise SettingError(f"{name} is {text!r}; it must be one of {', '.join(choices)}.")
        return text

    knob: str = _knob(choices[0], meaning, ", ".join(choices), read)
    return knob


def _token(meaning: str) -> str | None:
    def read(name: str, text: str) -> str | None:
        if text and (len(text) < _SHORTEST_TOKEN or not text.isascii() or not text.isprintable() or " " in text):
            raise SettingError(
                f"{name} must have at least {_SHORTEST_TOKEN} characters, all of them printable ASCII without spaces."
            )
        return text or None

    knob: str | None = _knob(None, meaning, f"{_SHORTEST_TOKEN} or more characters", read, is_secret=True)
    return knob


def _names(meaning: str, shown_range: str, check: Callable[[str], str | None]) -> tuple[str, ...]:
    """A comma-separated list; `check` says what is wrong with an item, or returns None."""

    def read(name: str, text: str) -> tuple[str, ...]:
        given = tuple(part.strip() for part in text.split(",") if part.strip())
        for part in given:
            if wrong := check(part):
                raise SettingError(f"{name} has {part!r}; {wrong}")
        return given

    knob: tuple[str, ...] = _knob((), meaning, shown_range, read)
    return knob


def _wrong_origin(text: str) -> str | None:
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if text == "*" or (
        parts.scheme in ("http", "https") and parts.netloc and text == f"{parts.scheme}://{parts.netloc}"
    ):
        return None
    return "write an origin such as https://news.example, or * for every one."


def _wrong_network(text: str) -> str | None:
    try:
        ip_network(text)
    except ValueError:
        return "write an address such as 10.0.0.7, or a network such as 10.0.0.0/8."
    return None


def _folder(meaning: str) -> str | None:
    def read(name: str, text: str) -> str | None:
        if text and not Path(text).is_dir():
            raise SettingError(f"{name} is {text!r}; there is no such folder.")
        return text or None

    knob: str | None = _knob(None, meaning, "a folder", read)
    return knob


def _prefix(meaning: str) -> str:
    def read(name: str, text: str) -> str:
        path = text.rstrip("/")
        if path and not _PATH.fullmatch(path):  # browsers take `//x` and `/\x` in a redirect for another host
            raise SettingError(
                f"{name} is {text!r}; it must be a path of letters, digits and -._~ that begins with a slash, such as /news."
            )
        return path

    knob: str = _knob("", meaning, "a path", read)
    return knob


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Each setting is read from the environment variable `FRONTGRAPH_` + its name in capitals."""

    page_size: int = _whole(20, "Entries of a page when a query gives neither `first` nor `last`.", 1, 10_000)
    max_page_size: int = _whole(100, "The most entries that `first` or `last` may ask for.", 1, 10_000)
    max_query_characters: int = _whole(100_000, "The most characters of a query.", 100, 10_000_000)
    max_query_tokens: int = _whole(4_000, "The most words and signs of a query, fragments included.", 100, 1_000_000)
    max_depth: int = _whole(20, "The most levels of fields in a query.", 1, 100)
    max_aliases: int = _whole(100, "The most aliases in a query.", 0, 10_000)
    max_repeated_fields: int = _whole(
        20_000,
        "The most pairs of fields with one name in a query; `n` of one name are `n * (n - 1) / 2`.",
        0,
        10_000_000,
    )
    max_directives: int = _whole(5, "The most directives on one field, fragment or operation.", 0, 1_000)
    max_variable_depth: int = _whole(32, "The most levels of lists and objects in variables.", 1, 200)
    max_number_digits: int = _whole(40, "The most characters of a number in a query.", 10, 4_000)
    max_cost: int = _whole(
        50_000, "The most that a query may cost; 1 is about 20 microseconds of work.", 1, 1_000_000_000
    )
    max_answer_mb: int = _whole(16, "The most megabytes of an answer, before it is compressed.", 1, 1_000)
    max_unread_mb: int = _whole(
        64,
        "Megabytes that wait for clients to read them, more than three times `MAX_ANSWER_MB`; beyond that, connections that read nothing are closed.",
        1,
        100_000,
    )
    introspection: bool = _switch(True, "Whether the schema can be asked for.")
    federation: bool = _switch(False, "Whether the service is a subgraph of Apollo Federation.")
    max_head_kb: int = _whole(64, "The most kilobytes of a request's first line and headers.", 1, 1_000)
    max_body_kb: int = _whole(1_024, "The most kilobytes of a request's body.", 1, 100_000)
    time_limit_seconds: int = _whole(10, "Seconds after which the work for a request is stopped.", 1, 3_600)
    max_concurrent_requests: int = _whole(
        64,
        "Requests of one kind that may wait for longer work; of more, some are answered with status 503 at once.",
        1,
        10_000,
    )
    max_connections: int = _whole(1_000, "Open connections of one process.", 1, 1_000_000)
    max_connections_per_address: int = _whole(
        0,
        "Open connections of one client address to one process, trusted proxies aside; 0 is half of `MAX_CONNECTIONS`.",
        0,
        1_000_000,
    )
    request_seconds: int = _whole(12, "Seconds in which a request must arrive whole.", 1, 3_600)
    max_subscriptions: int = _whole(2_000, "Open subscriptions of one process.", 0, 1_000_000)
    rate_limit: int = _whole(
        0,
        "Cost that one client address may cause in a minute, each request 1 at least; 0 is no limit.",
        0,
        1_000_000_000,
    )
    trusted_proxies: tuple[str, ...] = _names(
        "Addresses whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.", "addresses", _wrong_network
    )
    trusted_documents: str | None = _folder("A folder of operations; no others are answered then.")
    read_token: str | None = _token("What a client must send to read anything.")
    preview_token: str | None = _token("What a client sends to see unpublished articles too.")
    admin_token: str | None = _token("What `POST /-/reload` asks for, and `/metrics` if it is set.")
    allowed_origins: tuple[str, ...] = _names("Origins whose pages may read answers (CORS).", "origins", _wrong_origin)
    root_path: str = _prefix("The path below which a proxy shows the service.")
    cache_max_age: int = _whole(
        0, "Seconds for which browsers and proxies may reuse an answer to GET without asking again.", 0, 31_536_000
    )
    fragment_cache_mb: int = _whole(64, "Megabytes for rendered parts of answers.", 0, 1_000_000)
    answer_cache_mb: int = _whole(32, "Megabytes for whole answers.", 0, 1_000_000)
    log_format: str = _choice("How the log is written; `auto` is text on a terminal.", "auto", "text", "json")
    log_requests: bool = _switch(True, "Whether each request has a line in the log.")
    slow_query_ms: int = _whole(1_000, "Milliseconds after which a query is logged as slow.", 1, 3_600_000)
    metrics: bool = _switch(True, "Whether `/metrics` tells figures to Prometheus.")
    tracing: bool = _switch(False, "Whether spans are sent by OpenTelemetry, which must be installed.")

    @property
    def shows_schema(self) -> bool:
        """Whether clients may learn the names in the schema: as a file, or from errors that suggest what was meant."""
        return self.introspection and self.trusted_documents is None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """The settings, with defaults for those that the environment does not set.

        Raises:
            SettingError: a value cannot be parsed or is out of range, or a name seems to be a misspelt setting's.
        """
        _check_names(environment, [knob.name.upper() for knob in fields(cls)])
        values: dict[str, Any] = {}
        for knob in fields(cls):
            name = _PREFIX + knob.name.upper()
            if name in environment:
                values[knob.name] = knob.metadata["read"](name, environment[name])
                if values[knob.name] is None:  # as with `FRONTGRAPH_READ_TOKEN=${TOKEN}` where there is no TOKEN
                    logger.warning("%s is empty, which counts as if it were not set.", name)
        defaults = cls()
        # Who lowers the largest page below the default one need not lower that too, nor who raises the largest answer.
        largest = values.get("max_page_size", defaults.max_page_size)
        unread = max(defaults.max_unread_mb, _least_unread(values.get("max_answer_mb", defaults.max_answer_mb)))
        settings = cls(**{"page_size": min(defaults.page_size, largest), "max_unread_mb": unread, **values})
        if settings.page_size > settings.max_page_size:
            raise SettingError(
                f"{_PREFIX}PAGE_SIZE is {settings.page_size}, above {_PREFIX}MAX_PAGE_SIZE, {settings.max_page_size};"
                " lower the first or raise the second."
            )
        least = _least_unread(settings.max_answer_mb)
        if settings.max_unread_mb < least:
            raise SettingError(
                f"{_PREFIX}MAX_UNREAD_MB is {settings.max_unread_mb}, not more than three times {_PREFIX}MAX_ANSWER_MB,"
                f" {settings.max_answer_mb}: a WebSocket would be closed while its client reads the largest answer;"
                f" raise the first to {least} or more, or lower the second."
            )
        return settings


def _least_unread(answer_mb: int) -> int:
    """Megabytes that wait for one client alone: an answer over WebSocket is there as text, as bytes and as what is being sent."""
    return 3 * answer_mb + 1


def _check_names(environment: Iterable[str], known: list[str]) -> None:
    """Reports each name that is not a setting: a misspelt limit or token would otherwise be missing without notice.

    A name that resembles no setting only warns, as it may be meant for others: Kubernetes, for example, sets
    `FRONTGRAPH_SERVICE_HOST` for a service called frontgraph.
    """
    names = [_PREFIX + name for name in known]
    for name in sorted(environment):
        upper = name.upper()
        if not upper.startswith(_PREFIX):
            may_be_ours = "FRONT" in upper or "GRAPH" in upper
            if may_be_ours and (near := get_close_matches(upper, names, 1, _ALIKE_WITH_PREFIX)):
                raise SettingError(f"{name} is no setting; {near[0]} is. Rename it, or take it away.")
            continue
        given = name[len(_PREFIX) :]
        if name.isupper() and (given in known or given in _READ_ELSEWHERE):
            continue
        if meant := _meant(given.upper(), known):
            raise SettingError(f"{name} is no setting; {_PREFIX}{meant} is. Rename it, or take it away.")
        nearest = "".join(
            f"; the nearest one is {_PREFIX}{found}" for found in get_close_matches(given, known, 1, _SOMEWHAT_ALIKE)
        )
        logger.warning("%s is no setting, and has no effect%s.", name, nearest)


def _meant(given: str, known: list[str]) -> str | None:
    """The setting that has all words of the name, as `READ_TOKEN` has those of `TOKEN`, or is misspelt in it."""
    words = set(given.split("_"))
    wider = get_close_matches(given, [name for name in known if words <= set(name.split("_"))], 1, 0)
    return next(iter(wider or get_close_matches(given, known, 1, _ALIKE)), None)

"""Every knob of the service: name, default and meaning stand together; read once, from a mapping passed in."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

_PREFIX = "FRONTGRAPH_"


class SettingError(Exception):
    """A setting has a value that it cannot have; the message says which, where and what would do."""


def _setting(default: int, meaning: str, low: int, high: int) -> int:
    value: int = field(default=default, metadata={"meaning": meaning, "range": (low, high)})
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Each is read from the environment variable `FRONTGRAPH_` and its name in capitals."""

    page_size: int = _setting(20, "Entries of a page when a query gives neither `first` nor `last`.", 1, 10_000)
    max_page_size: int = _setting(100, "The most entries that `first` or `last` may ask for.", 1, 10_000)
    max_query_tokens: int = _setting(5_000, "The most words and signs of a query, fragments included.", 100, 1_000_000)
    cache_max_age: int = _setting(
        0, "Seconds for which browsers and proxies may reuse an answer to GET without asking again.", 0, 31_536_000
    )
    fragment_cache_mb: int = _setting(64, "Megabytes for rendered parts of answers.", 0, 1_000_000)
    answer_cache_mb: int = _setting(32, "Megabytes for whole answers.", 0, 1_000_000)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """The settings, with defaults for what the environment does not name.

        Raises:
            SettingError: a value is no number or out of its range.
        """
        values: dict[str, int] = {}
        for knob in fields(cls):
            name = _PREFIX + knob.name.upper()
            if name in environment:
                low, high = knob.metadata["range"]
                values[knob.name] = _whole_number(name, environment[name], low, high)
        defaults = cls()
        largest = values.get("max_page_size", defaults.max_page_size)
        settings = cls(**{"page_size": min(defaults.page_size, largest), **values})
        if settings.page_size > settings.max_page_size:
            raise SettingError(
                f"{_PREFIX}PAGE_SIZE is {settings.page_size}, above {_PREFIX}MAX_PAGE_SIZE, {settings.max_page_size};"
                " lower the first or raise the second."
            )
        return settings


def _whole_number(name: str, text: str, low: int, high: int) -> int:
    try:
        value = int(text)
    except ValueError:
        value = low - 1
    if not low <= value <= high:
        raise SettingError(f"{name} is {text!r}; it must be a whole number from {low} to {high}.")
    return value

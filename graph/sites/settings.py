"""`Settings`: the values of a configuration file, asked for one by one; one of a wrong type is a problem and counts as absent."""

from collections.abc import Iterator, Mapping
from typing import Self
from zoneinfo import ZoneInfo

from graph.links import clean_url
from graph.model import JsonValue
from graph.problems import FieldPath, Problem, ProblemCode, quote, warning

TEXT_LIMIT = 1_000
"""Characters of a name, an address or a pattern."""


class Settings:
    """A mapping out of a configuration file."""

    def __init__(
        self,
        values: Mapping[str, JsonValue],
        file: str,
        problems: list[Problem],
        *,
        path: FieldPath = (),
        any_case: bool = False,
    ) -> None:
        """`file` and `path` tell where the mapping stands; `any_case`: keys are written as their author likes."""
        self.file = file
        self.problems = problems
        self._path = path
        self._any_case = any_case
        self._values = {key.lower() if any_case else key: value for key, value in values.items()}

    def __contains__(self, key: str) -> bool:
        return self.get(key) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def in_any_case(self) -> Self:
        """The same, whatever the case of keys."""
        return type(self)(self._values, self.file, self.problems, path=self._path, any_case=True)

    def over(self, other: "Settings | None") -> Self:
        """These values before those of another file."""
        merged = {**(other._values if other else {}), **self._values}
        return type(self)(merged, self.file, self.problems, path=self._path, any_case=self._any_case)

    def get(self, *keys: str) -> JsonValue:
        """The first of these that is there, whatever it is."""
        for key in keys:
            value = self._values.get(key.lower() if self._any_case else key)
            if value is not None:
                return value
        return None

    def text(self, *keys: str) -> str | None:
        """The first of these, as one line; None where there is none, or nothing but spaces."""
        for key in keys:
            value = self.get(key)
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                value = str(value)
            if isinstance(value, str):
                if line := " ".join(value.split()):
                    return self._short(key, line)
            elif value is not None:
                self._wrong(key, value, "text")
        return None

    def url(self, *keys: str) -> str | None:
        """The first of these as a complete address without a slash at its end; a host alone is one with https."""
        text = self.text(*keys)
        if text is None or text.startswith("/") or "://localhost" in text:
            return None
        address = clean_url(text if "://" in text else f"https://{text.removeprefix('//')}")
        if address is None:
            self.remark(f"{quote(text)} is no address of a site; write it as `https://example.org`.", keys[0])
            return None
        return address.rstrip("/")

    def flag(self, *keys: str) -> bool | None:
        value = self.get(*keys)
        if value is None or isinstance(value, bool):
            return value
        self._wrong(keys[0], value, "true or false")
        return None

    def number(self, key: str) -> int | None:
        value = self.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if value is not None:
            self._wrong(key, value, "a whole number")
        return None

    def time_zone(self, key: str) -> str | None:
        """The name of a time zone, `Europe/Berlin`."""
        name = self.text(key)
        try:
            return ZoneInfo(name).key if name else None
        except (LookupError, ValueError, OSError):
            self._wrong(key, name, "a time zone such as `Europe/Berlin`")
            return None

    def lines(self, key: str) -> tuple[str, ...]:
        """The lines of a text, without empty ones and comments."""
        value = self.get(key)
        if value is not None and not isinstance(value, str):
            self._wrong(key, value, "text of several lines")
        lines = [line.strip() for line in value.splitlines()] if isinstance(value, str) else []
        return tuple(line for line in lines if line and not line.startswith("#"))

    def texts(self, *keys: str) -> tuple[str, ...]:
        """The items of a list; one text is a list of one."""
        value = self.get(*keys)
        if value is None:
            return ()
        items = value if isinstance(value, list) else [value]
        found = tuple(item for item in items if isinstance(item, str) and item)
        if len(found) < len(items):
            self._wrong(keys[0], value, "a list of texts")
        return found

    def mapping(self, *keys: str) -> Self:
        """The mapping under the key; an empty one where there is none."""
        value = self.get(*keys)
        if value is not None and not isinstance(value, dict):
            self._wrong(keys[0], value, "a mapping")
        return self._at(value if isinstance(value, dict) else {}, keys[0])

    def mappings(self, *keys: str) -> list[Self]:
        """The mappings in a list; a mapping alone is a list of one."""
        value = self.get(*keys)
        items = value if isinstance(value, list) else [] if value is None else [value]
        found = [self._at(item, keys[0], place) for place, item in enumerate(items) if isinstance(item, dict)]
        if len(found) < len(items):
            self._wrong(keys[0], value, "a list of mappings")
        return found

    def patterns(self) -> dict[str, str]:
        """All texts of this mapping by their keys."""
        for key, value in self._values.items():
            if value is not None and not isinstance(value, str):
                self._wrong(key, value, "text")
        return {key: value for key, value in self._values.items() if isinstance(value, str)}

    def get_all(self) -> dict[str, JsonValue]:
        """All values."""
        return dict(self._values)

    def nothing(self) -> Self:
        """No values at all."""
        return self._at({})

    def inside(self, values: Mapping[str, JsonValue], *steps: str) -> Self:
        """Values of this file that stand deeper in it."""
        return self._at(values, *steps)

    def remark(self, message: str, key: str | None = None) -> None:
        """Notes a problem with one of the values, or with the file."""
        path = (*self._path, key) if key else self._path
        problem = warning(ProblemCode.SITE_CONFIGURATION_INVALID, message, file=self.file, path=path)
        if problem not in self.problems:  # a value may be asked for twice
            self.problems.append(problem)

    def _at(self, values: Mapping[str, JsonValue], *steps: str | int) -> Self:
        path = (*self._path, *steps)
        return type(self)(values, self.file, self.problems, path=path, any_case=self._any_case)

    def _short(self, key: str, text: str) -> str:
        if len(text) > TEXT_LIMIT:
            self.remark(f"The text has more than {TEXT_LIMIT:,} characters; only these count.", key)
        return text[:TEXT_LIMIT]

    def _wrong(self, key: str, value: JsonValue, wanted: str) -> None:
        self.remark(f"{quote(value)} should be {wanted}; it counts as absent.", key)

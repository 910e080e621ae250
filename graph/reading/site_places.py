"""`DiskPlace`: a folder on the disk as recognition sees it. Nothing out of the loaded folder is read by links, and nothing is run."""

import os
from collections.abc import Callable, Mapping

import orjson

from graph.model import JsonValue
from graph.problems import Problem, ProblemCode, warning
from graph.reading.files import SourceFile, SourceKind, decode_text, read_source, suffix_of
from graph.reading.front_matter import parse_catalogue
from graph.reading.full_yaml import DEPTH_LIMIT, FrontMatterError
from graph.sites.javascript import exported
from graph.sites.python_assignments import assigned
from graph.sites.settings import Settings

CONFIGURATION_LIMIT = 512 * 1024
"""Bytes of a configuration file, and of its values once YAML's aliases are expanded."""

_Read = Callable[[str], Mapping[str, JsonValue] | None]


class DiskPlace:
    """A folder that may be the root of a site."""

    def __init__(self, path: str, label: str, boundary: str) -> None:
        """`path` and `boundary` have no symbolic links; what links lead to counts only inside the boundary."""
        self.label = label
        self.problems: list[Problem] = []
        self._path = path
        self._boundary = boundary
        self._names: dict[str, frozenset[str]] = {}
        self._settings: dict[str, Settings] = {}

    @property
    def name(self) -> str:
        return os.path.basename(self._path).encode("utf-8", "replace").decode()

    def names(self, folder: str = "") -> frozenset[str]:
        if folder not in self._names:
            path = os.path.join(self._path, folder)
            try:
                self._names[folder] = frozenset(os.listdir(path)) if self._is_inside(path) else frozenset()
            except (OSError, ValueError):
                self._names[folder] = frozenset()
        return self._names[folder]

    def settings(self, *paths: str) -> Settings | None:
        return next((self._read(path, _values(path)) for path in paths if self._is_there(path)), None)

    def script(self, *paths: str) -> Settings | None:
        for path in paths:
            if self._is_there(path):
                return self._read(path, assigned if path.endswith(".py") else exported)
        return None

    def text(self, *paths: str) -> tuple[str, str] | None:
        for path in paths:
            if self._is_there(path) and (text := self._text(path)) is not None:
                return path, text
        return None

    def _is_there(self, path: str) -> bool:
        folder, _, name = path.rpartition("/")
        place = os.path.join(self._path, path)
        return name in self.names(folder) and self._is_inside(place) and not os.path.isdir(place)

    def _is_inside(self, path: str) -> bool:
        real = os.path.realpath(path)
        return real == self._boundary or real.startswith(os.path.join(self._boundary, ""))

    def _read(self, path: str, read: _Read) -> Settings:
        if path not in self._settings:
            file = self.label + path
            self._settings[path] = Settings({}, file, self.problems)
            text = self._text(path)
            if text is None:
                return self._settings[path]
            try:
                values = read(text)
            except FrontMatterError as cause:
                message = str(cause).replace("front matter", "configuration")
                self.problems.append(_unreadable(f"{message} What is usual counts instead.", file, cause.line))
            else:
                if values is None:
                    self.problems.append(
                        _unreadable(
                            "Nothing can be read in this configuration without running it; say what the site is in `frontgraph.toml`.",
                            file,
                        )
                    )
                else:
                    self._settings[path] = Settings(self._sound(values, file), file, self.problems)
        return self._settings[path]

    def _text(self, path: str) -> str | None:
        file = self.label + path
        data = read_source(SourceFile(os.path.join(self._path, path), file, SourceKind.ARTICLE))
        if isinstance(data, bytes) and len(data) > CONFIGURATION_LIMIT:
            data = _too_large(file)
        text = decode_text(data, file) if isinstance(data, bytes) else data
        if isinstance(text, Problem):
            self.problems.append(_unreadable(text.message, file, text.line))
            return None
        return text

    def _sound(self, values: Mapping[str, JsonValue], file: str) -> dict[str, JsonValue]:
        """The values, which can be sent; lone surrogates in texts are replaced."""
        sound = {str(encodable(key)): encodable(value) for key, value in values.items()}
        if len(orjson.dumps(sound)) <= 2 * CONFIGURATION_LIMIT:
            return sound
        self.problems.append(_too_large(file))
        return {}


def _values(path: str) -> _Read:
    def read(text: str) -> Mapping[str, JsonValue] | None:
        found = parse_catalogue(text, suffix_of(path))
        return found.fields if found else None

    return read


def _unreadable(message: str, file: str, line: int | None = None) -> Problem:
    return warning(ProblemCode.SITE_CONFIGURATION_INVALID, message, file=file, line=line)


def _too_large(file: str) -> Problem:
    message = f"The configuration holds more than {CONFIGURATION_LIMIT // 1024} KiB, so it is not read; say what the site is in `frontgraph.toml`."
    return _unreadable(message, file)


def encodable(value: JsonValue, depth: int = DEPTH_LIMIT) -> JsonValue:
    """The value without what JSON cannot carry: lone surrogates, huge numbers, and what nests too deep."""
    match value:
        case str():
            return value.encode("utf-8", "replace").decode()
        case bool() | float():
            return value
        case int():
            return value if abs(value) < 2**63 else None
        case dict() if depth:
            return {str(encodable(key)): encodable(member, depth - 1) for key, member in value.items()}
        case list() if depth:
            return [encodable(item, depth - 1) for item in value]
    return None

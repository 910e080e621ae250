"""Parsed files ↔ bytes.

The bytes are JSON, in which a record is the list of its fields' values: data and nothing but data, so bytes from anywhere
do no harm. What a related item says, and what is said of a provider, is written once, when it is met first, and is a number from
then on. So what one `Packer` writes is read by one `Unpacker`, in the same order.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Generic, TypeVar

import orjson

from graph.bodies.targets import BodyLink, LinkStyle
from graph.model import BodyFormat, Image, JsonValue
from graph.problems import Problem, ProblemCode, Severity
from graph.reading.files import SourceKind
from graph.reading.parsing import ParsedFile
from graph.reading.records import (
    CatalogueEntry,
    Document,
    HiddenReason,
    PersonMention,
    ProviderMention,
    Reference,
    SharedReferences,
    TopicMention,
)

R = TypeVar("R")
S = TypeVar("S", Document, Reference)
T = TypeVar("T")
Row = list[Any]


class RowError(Exception):
    """Bytes or rows that do not hold the records that are expected."""


class _Record(Generic[R]):
    """How to read records of one kind."""

    def __init__(self, kind: type[R], decoders: Mapping[str, Callable[[Any], Any]]) -> None:
        """The decoders make of JSON what it has no form for, for the fields that need it and unless they are None."""
        self.kind: type[R] = kind
        names = self._names = _field_names(kind)
        self._decoders = [(names.index(name), decode) for name, decode in decoders.items()]

    def read(self, row: Row) -> R:
        """The record of a row, which is used up.

        Raises:
            RowError: the row is none of this kind.
        """
        try:
            if len(row) != len(self._names):
                raise RowError(f"A {self.kind.__name__} has {len(self._names)} fields.")
            for index, decode in self._decoders:
                if row[index] is not None:
                    row[index] = decode(row[index])
            return self.kind(**dict(zip(self._names, row, strict=True)))
        except (ValueError, TypeError, LookupError, AttributeError) as cause:
            raise RowError(f"A row is no {self.kind.__name__}.") from cause


def write_rows(value: Any) -> bytes:
    """Lists of records, and whatever JSON has, as bytes."""
    return orjson.dumps(value, default=_to_row, option=orjson.OPT_PASSTHROUGH_DATACLASS)


def _read_rows(data: bytes) -> Any:
    """The rows in these bytes.

    Raises:
        RowError: they are no JSON.
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as cause:
        raise RowError("The bytes are no JSON.") from cause


def _to_row(value: Any) -> Any:
    """A record's row; a read-only mapping as a plain one; a named tuple as a list."""
    if is_dataclass(value) and not isinstance(value, type):
        return list(_values(type(value))(value))
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, tuple):
        return list(value)
    raise TypeError(type(value))


def _field_names(kind: type[Any]) -> tuple[str, ...]:
    """The fields in the order of a row."""
    return tuple(field.name for field in fields(kind))


@cache
def _values(kind: type[Any]) -> Callable[[Any], tuple[Any, ...]]:
    return attrgetter(*_field_names(kind))


class Packer:
    """Writes parsed files, part by part."""

    def __init__(self) -> None:
        self._references: dict[Reference, int] = {}
        self._providers: dict[ProviderMention, int] = {}

    def pack(self, parsed: Iterable[ParsedFile]) -> bytes:
        """The next part."""
        first_reference, first_provider = len(self._references), len(self._providers)
        files = [[self._document(file.document), file.entries, file.problems] for file in parsed]
        references = [self._row(reference) for reference in list(self._references)[first_reference:]]
        return write_rows([list(self._providers)[first_provider:], references, files])

    def _document(self, document: Document | None) -> Row | None:
        if document is None:
            return None
        row = self._row(document)
        row[_RELATED] = [_number(reference, self._references) for reference in document.related]
        row[_RELATED_LINES] = list(document.related_lines.items())
        return row

    def _row(self, source: Document | Reference) -> Row:
        row: Row = _to_row(source)
        row[_PROVIDERS[type(source)]] = _number(source.provider, self._providers)
        return row


def _number(value: T | None, numbers: dict[T, int]) -> int:
    """From 1; 0 is no value."""
    return 0 if value is None else numbers.setdefault(value, len(numbers) + 1)


class Unpacker:
    """Reads what one `Packer` wrote, part by part."""

    def __init__(self, shared: SharedReferences) -> None:
        """Equal references become the one object that `shared` holds, which several readers may share."""
        self._shared = shared
        self._references: list[Reference | None] = [None]
        self._providers: list[ProviderMention | None] = [None]

    def unpack(self, data: bytes) -> list[ParsedFile]:
        """The files of the next part.

        Raises:
            RowError: this is not the next part.
        """
        try:
            providers, references, files = _read_rows(data)
            self._providers += map(_PROVIDER.read, providers)
            for row in references:
                self._references.append(self._shared.share(self._source(_REFERENCE, row)))
            return [self._file(*file) for file in files]
        except (ValueError, TypeError, LookupError) as cause:
            raise RowError("The rows are no parsed files.") from cause

    def _file(self, document: Row | None, entries: list[Row], problems: list[Row]) -> ParsedFile:
        if document is not None:
            document[_RELATED] = tuple(map(self._references.__getitem__, document[_RELATED]))
        return ParsedFile(
            None if document is None else self._source(_DOCUMENT, document),
            tuple(map(_ENTRY.read, entries)),
            tuple(map(_PROBLEM.read, problems)),
        )

    def _source(self, record: _Record[S], row: Row) -> S:
        place = _PROVIDERS[record.kind]
        row[place] = self._providers[row[place]]
        return record.read(row)


def _images(rows: list[Row]) -> tuple[Image, ...]:
    return tuple(Image(*row) for row in rows)


def _persons(rows: list[Row]) -> tuple[PersonMention, ...]:
    return tuple(map(_PERSON.read, rows))


def _topics(rows: list[tuple[str, str]]) -> tuple[TopicMention, ...]:
    return tuple(TopicMention(*row) for row in rows)


def _mapping(value: dict[str, JsonValue]) -> Mapping[str, JsonValue]:
    return MappingProxyType(value)


def _lines(pairs: list[tuple[int, int | None]]) -> Mapping[int, int | None]:
    return MappingProxyType(dict(pairs))


def _links(rows: list[Row]) -> tuple[BodyLink, ...]:
    return tuple(BodyLink(LinkStyle(style), *rest) for style, *rest in rows)


_RELATED, _RELATED_LINES = (_field_names(Document).index(name) for name in ("related", "related_lines"))
_PROVIDERS: Mapping[type[Any], int] = {kind: _field_names(kind).index("provider") for kind in (Document, Reference)}
"""Where the provider stands in a row."""
_PROBLEM = _Record(Problem, {"severity": Severity, "code": ProblemCode, "path": tuple})
_PROVIDER = _Record(ProviderMention, {"images": _images})
_COMMON: Mapping[str, Any] = {
    "published_date_time": datetime.fromisoformat,
    "updated_date_time": datetime.fromisoformat,
    "images": _images,
}
_REFERENCE = _Record(Reference, _COMMON)
_PERSON = _Record(PersonMention, {"images": _images})
_DOCUMENT = _Record(
    Document,
    {
        **_COMMON,
        **dict.fromkeys(("names", "identity_path", "aliases", "series", "items"), tuple),
        **dict.fromkeys(("visible_from", "visible_until"), datetime.fromisoformat),
        "body_format": BodyFormat,
        "links": _links,
        "hidden": HiddenReason,
        "authors": _persons,
        "topics": _topics,
        "related_lines": _lines,
        "front_matter": _mapping,
    },
)
_ENTRY = _Record(
    CatalogueEntry,
    {
        **dict.fromkeys(("slugs", "other_names", "keywords", "hashtags"), tuple),
        "kind": SourceKind,
        "images": _images,
        "hidden": HiddenReason,
    },
)

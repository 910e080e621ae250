"""Parsed files ↔ bytes.

What a related item says is written once, when it is met first, and is a number from then on. So what one `Packer` writes
is read by one `Unpacker`, in the same order.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from graph.reading.documents import CatalogueEntry, Document, ProviderMention, Reference
from graph.reading.files import SourceKind
from graph.reading.parsing import ParsedFile
from graph.reading.rows import (
    PROBLEM,
    Record,
    Row,
    RowError,
    field_names,
    read_images,
    read_mapping,
    read_moment,
    read_rows,
    to_row,
    write_rows,
)


class Packer:
    """Writes parsed files, part by part."""

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}
        self._written: list[Reference] = []
        """Kept, so that none of them can leave its identity to another."""

    def pack(self, parsed: Iterable[ParsedFile]) -> bytes:
        """The next part."""
        first = len(self._written)
        files = [[self._document(file.document), file.entry, file.problems] for file in parsed]
        return write_rows([self._written[first:], files])

    def _document(self, document: Document | None) -> Row | None:
        if document is None:
            return None
        row: Row = to_row(document)
        row[_RELATED] = [self._number(reference) for reference in document.related]
        row[_RELATED_LINES] = list(document.related_lines.items())
        return row

    def _number(self, reference: Reference | None) -> int:
        """From 1; 0 is no reference."""
        if reference is None:
            return 0
        number = self._numbers.get(id(reference))
        if number is None:
            self._written.append(reference)
            number = self._numbers[id(reference)] = len(self._written)
        return number


class Unpacker:
    """Reads what one `Packer` wrote, part by part."""

    def __init__(self, shared: dict[Reference, Reference]) -> None:
        """Equal references become the one object that `shared` holds, which several readers may share."""
        self._shared = shared
        self._references: list[Reference | None] = [None]

    def unpack(self, data: bytes) -> list[ParsedFile]:
        """The files of the next part.

        Raises:
            RowError: this is not the next part.
        """
        try:
            references, files = read_rows(data)
            for row in references:
                reference = _REFERENCE.read(row)
                self._references.append(self._shared.setdefault(reference, reference))
            return [self._file(*file) for file in files]
        except (ValueError, TypeError, LookupError) as cause:
            raise RowError("The rows are no parsed files.") from cause

    def _file(self, document: Row | None, entry: Row | None, problems: list[Row]) -> ParsedFile:
        if document is not None:
            document[_RELATED] = tuple(map(self._references.__getitem__, document[_RELATED]))
        return ParsedFile(
            None if document is None else _DOCUMENT.read(document),
            None if entry is None else _ENTRY.read(entry),
            tuple(map(PROBLEM.read, problems)),
        )


def _lines(pairs: list[tuple[int, int | None]]) -> Mapping[int, int | None]:
    return MappingProxyType(dict(pairs))


_RELATED, _RELATED_LINES = (field_names(Document).index(name) for name in ("related", "related_lines"))
_MENTION = Record(ProviderMention, {"images": read_images})
_COMMON: Mapping[str, Any] = {
    "published_date_time": read_moment,
    "images": read_images,
    "provider": _MENTION.read,
}
_REFERENCE = Record(Reference, _COMMON)
_DOCUMENT = Record(
    Document, {**_COMMON, "names": tuple, "topics": tuple, "related_lines": _lines, "front_matter": read_mapping}
)
_ENTRY = Record(
    CatalogueEntry,
    {"kind": SourceKind, "other_names": tuple, "keywords": tuple, "hashtags": tuple, "images": read_images},
)

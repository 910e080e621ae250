"""A snapshot in one of the formats, as a stream of bytes or as a file."""

import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from pathlib import Path
from types import MappingProxyType

from graph.export.csv_format import csv_archive
from graph.export.json_formats import cytoscape, node_link
from graph.export.xml_formats import gexf, graphml
from graph.snapshot import GraphSnapshot

CHUNK_SIZE = 65_536
"""Bytes that every chunk of a stream holds at least, save the last one."""


class ExportFormat(Enum):
    """A kind of file; the value is the name that users type."""

    GRAPHML = "graphml"
    GEXF = "gexf"
    JSON = "json"
    CYTOSCAPE = "cytoscape"
    CSV = "csv"

    @property
    def file_name(self) -> str:
        """What the file is called unless the user says otherwise."""
        return f"graph.{_SUFFIXES.get(self, self.value)}"

    @property
    def media_type(self) -> str:
        return _MEDIA_TYPES[self]


_SUFFIXES = {ExportFormat.CYTOSCAPE: "cyjs", ExportFormat.CSV: "zip"}
_MEDIA_TYPES = {
    ExportFormat.GRAPHML: "application/graphml+xml",
    ExportFormat.GEXF: "application/gexf+xml",
    ExportFormat.JSON: "application/json",
    ExportFormat.CYTOSCAPE: "application/json",
    ExportFormat.CSV: "application/zip",
}
_WRITERS: Mapping[ExportFormat, Callable[[GraphSnapshot], Iterator[bytes]]] = MappingProxyType(
    {
        ExportFormat.GRAPHML: graphml,
        ExportFormat.GEXF: gexf,
        ExportFormat.JSON: node_link,
        ExportFormat.CYTOSCAPE: cytoscape,
        ExportFormat.CSV: csv_archive,
    }
)


def export_chunks(snapshot: GraphSnapshot, export_format: ExportFormat) -> Iterator[bytes]:
    """The file, piece by piece; an equal snapshot gives the same bytes.

    Cost: linear in nodes and edges; memory for one chunk.
    """
    return _chunks(_WRITERS[export_format](snapshot))


def write_export(snapshot: GraphSnapshot, export_format: ExportFormat, path: Path) -> None:
    """Write the file whole or not at all: readers see the old file until the new one is complete.

    Raises:
        OSError: it cannot be written; what was there before is untouched.
    """
    path = path.resolve()
    if path.exists() and not path.is_file():  # a pipe or a device has nothing to replace
        with path.open("wb") as file:
            file.writelines(export_chunks(snapshot, export_format))
        return
    temporary = path.with_name(f".frontgraph-{secrets.token_hex(8)}.tmp")
    try:
        with temporary.open("xb") as file:
            file.writelines(export_chunks(snapshot, export_format))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _chunks(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of about `CHUNK_SIZE`."""
    gathered: list[bytes] = []
    size = 0
    for part in parts:
        gathered.append(part)
        size += len(part)
        if size >= CHUNK_SIZE:
            yield b"".join(gathered)
            gathered.clear()
            size = 0
    if gathered:
        yield b"".join(gathered)

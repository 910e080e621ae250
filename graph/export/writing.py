"""Writes a snapshot, or a selection of it, in one of the formats: as a stream of bytes or to a file."""

import os
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from graph.building.snapshot import GraphSnapshot
from graph.checkpoints import checkpoint
from graph.errors import ExportError
from graph.export.csv_format import csv_archive
from graph.export.dot_format import dot
from graph.export.formats import ExportFormat
from graph.export.json_formats import cytoscape, node_link
from graph.export.json_ld_format import json_ld
from graph.export.selection import Selection, select
from graph.export.xml_formats import gexf, graphml

CHUNK_SIZE = 65_536
"""The least bytes of a chunk, except the last one."""


def _parquet_archive(selection: Selection) -> Iterator[bytes]:
    try:
        from graph.export.parquet_format import parquet_archive
    except ModuleNotFoundError as cause:
        if cause.name != "pyarrow":
            raise
        message = 'Parquet files are written by pyarrow, which is not installed. Run: pip install "frontgraph[parquet]"'
        raise ExportError(message) from cause
    return parquet_archive(selection)


_WRITERS: Mapping[ExportFormat, Callable[[Selection], Iterator[bytes]]] = MappingProxyType(
    {
        ExportFormat.GRAPHML: graphml,
        ExportFormat.GEXF: gexf,
        ExportFormat.JSON: node_link,
        ExportFormat.CYTOSCAPE: cytoscape,
        ExportFormat.JSON_LD: json_ld,
        ExportFormat.DOT: dot,
        ExportFormat.CSV: csv_archive,
        ExportFormat.PARQUET: _parquet_archive,
    }
)


def export_chunks(
    snapshot: GraphSnapshot, export_format: ExportFormat, nodes: Collection[str] | None = None
) -> Iterator[bytes]:
    """The file of the nodes with these ids, or of all for None, and of the edges between them; in chunks.

    Unknown ids and those of stories are skipped. Equal snapshots and ids give the same bytes.
    Cost: linear in nodes and edges of the file; memory for one chunk, for Parquet also for one group of rows. The first
    export of a snapshot also computes its metrics and stories.

    Raises:
        ExportError: what the format needs is not installed; raised by the call itself, before the first chunk.
    """
    return _chunks(_WRITERS[export_format](select(snapshot, nodes)))


def write_export(
    snapshot: GraphSnapshot, export_format: ExportFormat, path: Path, nodes: Collection[str] | None = None
) -> None:
    """Writes the file atomically: readers see the old one until the new one is complete.

    A path that is not a regular file, such as a pipe, is written to directly.

    Raises:
        ExportError: what the format needs is not installed.
        OSError: it cannot be written; the old file is untouched.
    """
    chunks = export_chunks(snapshot, export_format, nodes)
    path = path.resolve()
    if path.exists() and not path.is_file():  # a pipe or a device cannot be replaced by a file
        with path.open("wb") as file:
            file.writelines(chunks)
        return
    temporary = path.with_name(f".frontgraph-{secrets.token_hex(8)}.tmp")
    try:
        with temporary.open("xb") as file:
            file.writelines(chunks)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _chunks(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in chunks of about `CHUNK_SIZE`."""
    gathered: list[bytes] = []
    size = 0
    for part in parts:
        gathered.append(part)
        size += len(part)
        if size >= CHUNK_SIZE:
            checkpoint()
            yield b"".join(gathered)
            gathered.clear()
            size = 0
    if gathered:
        yield b"".join(gathered)

"""Writes a snapshot, or a selection of it, in one of the formats: as a stream of bytes or to a file."""

import os
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from graph.building.snapshot import GraphSnapshot
from graph.checkpoints import checkpoint
from graph.errors import ExportError, SelectionError
from graph.export.contents import Contents, ExportOptions
from graph.export.csv_format import csv_archive
from graph.export.dot_format import dot
from graph.export.formats import ExportFormat
from graph.export.json_formats import cytoscape, node_link
from graph.export.json_ld_format import json_ld
from graph.export.projection import ProjectedNodes
from graph.export.selection import select
from graph.export.xml_formats import gexf, graphml

CHUNK_SIZE = 65_536
"""The least bytes of a chunk, except the last one."""


def _parquet_archive(contents: Contents) -> Iterator[bytes]:
    try:
        from graph.export.parquet_format import parquet_archive
    except ModuleNotFoundError as cause:
        if cause.name != "pyarrow":
            raise
        message = 'Parquet files are written by pyarrow, which is not installed. Run: pip install "frontgraph[parquet]"'
        raise ExportError(message) from cause
    return parquet_archive(contents)


_WRITERS: Mapping[ExportFormat, Callable[[Contents], Iterator[bytes]]] = MappingProxyType(
    {
        ExportFormat.GRAPHML: graphml,
        ExportFormat.GEXF: gexf,
        ExportFormat.JSON: node_link,
        ExportFormat.CYTOSCAPE: cytoscape,
        ExportFormat.DOT: dot,
        ExportFormat.CSV: csv_archive,
        ExportFormat.PARQUET: _parquet_archive,
    }
)
_PLAIN = ExportOptions()


def export_chunks(
    snapshot: GraphSnapshot,
    export_format: ExportFormat,
    nodes: Collection[str] | None = None,
    options: ExportOptions = _PLAIN,
) -> Iterator[bytes]:
    """The file of the nodes with these ids, or of all for None, and of the edges between them; in chunks.

    Unknown ids and those of stories are skipped. Equal snapshots, ids and options give the same bytes.
    Cost: linear in nodes and edges of the file; memory for one chunk, for Parquet also for one group of rows. The first
    export of a snapshot also computes its metrics and stories, and the first that shows where nodes stand, their places.

    Raises:
        ExportError: what the format needs is not installed; raised by the call itself, before the first chunk.
        SelectionError: the options do not fit the format; raised by the call itself.
    """
    _check(export_format, options)
    selection = select(snapshot, nodes, with_stories=options.stories)
    if export_format is ExportFormat.JSON_LD:
        return _chunks(json_ld(selection))
    contents: Contents = selection
    if options.projection is not None:
        contents = ProjectedNodes(selection, options.projection, backbone=options.backbone)
    if options.byte_order_mark:
        return _chunks(csv_archive(contents, byte_order_mark=True))
    return _chunks(_WRITERS[export_format](contents))


def _check(export_format: ExportFormat, options: ExportOptions) -> None:
    if options.projection is not None and export_format is ExportFormat.JSON_LD:
        raise SelectionError("JSON-LD has no words for a projection; take another format, such as GraphML.")
    if options.byte_order_mark and export_format is not ExportFormat.CSV:
        raise SelectionError("Only CSV may have a byte order mark; leave `bom` out.")


def write_export(
    snapshot: GraphSnapshot,
    export_format: ExportFormat,
    path: Path,
    nodes: Collection[str] | None = None,
    options: ExportOptions = _PLAIN,
) -> None:
    """Writes the file atomically: readers see the old one until the new one is complete.

    A path that is not a regular file, such as a pipe, is written to directly.

    Raises:
        ExportError: what the format needs is not installed.
        SelectionError: the options do not fit the format.
        OSError: it cannot be written; the old file is untouched.
    """
    chunks = export_chunks(snapshot, export_format, nodes, options)
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

"""A zip archive of two tables, made while it is sent."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from graph.export.attributes import FLAT_ATTRIBUTES, Edge, Scalar, edges, flat_values
from graph.snapshot import GraphSnapshot


def csv_archive(snapshot: GraphSnapshot) -> Iterator[bytes]:
    """nodes.csv and edges.csv in UTF-8, each with a first line of column names."""
    output = _Output()
    with ZipFile(output, "w") as archive:
        for name, rows in (("nodes.csv", _node_rows(snapshot)), ("edges.csv", _edge_rows(snapshot))):
            with archive.open(_entry(name), "w") as entry, io.TextIOWrapper(entry, "utf-8", newline="") as text:
                table = csv.writer(text)
                for row in rows:
                    table.writerow([_cell(value) for value in row])
                    yield output.take()
    yield output.take()


class _Output(io.RawIOBase):
    """Where the archive is written, a piece at a time; the pieces are taken out again as they come."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._pieces.append(bytes(piece))
        return len(self._pieces[-1])

    def take(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


def _entry(name: str) -> ZipInfo:
    """A file of the archive that looks the same whenever and wherever it was made."""
    entry = ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.compress_type = ZIP_DEFLATED
    entry.create_system = 3  # Unix
    entry.external_attr = 0o644 << 16
    return entry


def _node_rows(snapshot: GraphSnapshot) -> Iterator[Iterable[Scalar]]:
    names = [attribute.name for attribute in FLAT_ATTRIBUTES]
    yield "id", *names
    for node in snapshot.nodes.values():
        values = dict(flat_values(node))
        yield node.id, *(values.get(name, "") for name in names)


def _edge_rows(snapshot: GraphSnapshot) -> Iterator[Iterable[Scalar]]:
    yield Edge._fields
    yield from edges(snapshot)


def _cell(value: Scalar) -> Scalar:
    return str(value).lower() if isinstance(value, bool) else value

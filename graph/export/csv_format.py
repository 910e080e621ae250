"""CSV: a zip archive of a node table and an edge table."""

import csv
from collections.abc import Iterable, Iterator

from graph.export.archive import zip_archive
from graph.export.attributes import FLAT_ATTRIBUTES, Scalar, flat_values
from graph.export.selection import Edge, Selection, edges


def csv_archive(selection: Selection) -> Iterator[bytes]:
    """nodes.csv and edges.csv in UTF-8, each with a header row."""
    return zip_archive({"nodes.csv": _lines(_node_rows(selection)), "edges.csv": _lines(_edge_rows(selection))})


class _Echo:
    """A file whose `write` returns the line, and so does `csv.writer.writerow` then: no buffer is needed."""

    def write(self, line: str) -> str:
        return line


def _lines(rows: Iterable[Iterable[Scalar]]) -> Iterator[bytes]:
    table = csv.writer(_Echo())
    for row in rows:
        line: str = table.writerow([_cell(value) for value in row])
        yield line.encode()


def _node_rows(selection: Selection) -> Iterator[Iterable[Scalar]]:
    names = [attribute.name for attribute in FLAT_ATTRIBUTES]
    yield "id", *names
    for node in selection.nodes.values():
        values = dict(flat_values(selection.snapshot, node))
        yield node.id, *(values.get(name, "") for name in names)


def _edge_rows(selection: Selection) -> Iterator[Iterable[Scalar]]:
    yield Edge._fields
    yield from edges(selection)


def _cell(value: Scalar) -> Scalar:
    return str(value).lower() if isinstance(value, bool) else value

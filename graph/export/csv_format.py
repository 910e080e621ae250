"""CSV: a zip archive of a node table and an edge table."""

import csv
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from itertools import chain

from graph.export.archive import zip_archive
from graph.export.attributes import FLAT_ATTRIBUTES, flat_values
from graph.export.contents import Contents, Scalar


def csv_archive(contents: Contents, *, byte_order_mark: bool = False) -> Iterator[bytes]:
    """nodes.csv and edges.csv in UTF-8, each with a header row; with a byte order mark before that if wanted."""
    tables = {"nodes.csv": _node_rows(contents), "edges.csv": _edge_rows(contents)}
    mark = [BOM_UTF8] if byte_order_mark else []
    return zip_archive({name: chain(mark, _lines(rows)) for name, rows in tables.items()})


class _Echo:
    """A file whose `write` returns the line, and so does `csv.writer.writerow` then: no buffer is needed."""

    def write(self, line: str) -> str:
        return line


def _lines(rows: Iterable[Iterable[Scalar]]) -> Iterator[bytes]:
    table = csv.writer(_Echo())
    for row in rows:
        line: str = table.writerow([_cell(value) for value in row])
        yield line.encode()


def _node_rows(contents: Contents) -> Iterator[Iterable[Scalar]]:
    names = [attribute.name for attribute in FLAT_ATTRIBUTES]
    yield "id", *names
    for node in contents.nodes.values():
        values = dict(flat_values(contents.snapshot, node))
        yield node.id, *(values.get(name, "") for name in names)


def _edge_rows(contents: Contents) -> Iterator[Iterable[Scalar]]:
    yield "id", "source", "target", *contents.edge_attributes
    for edge in contents.edges():
        yield edge.id, edge.source, edge.target, *edge.values


def _cell(value: Scalar) -> Scalar:
    return str(value).lower() if isinstance(value, bool) else value

"""Tables ↔ Parquet files. Importing this module needs pyarrow, which is optional."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from graph.tables.columns import Column, ColumnType
from graph.tables.rows import Row, Table

_GROUP = 16_384
"""How many rows are in memory at a time."""
_TYPES = MappingProxyType(
    {
        ColumnType.TEXT: pa.string(),
        ColumnType.NUMBER: pa.int64(),
        ColumnType.TRUTH: pa.bool_(),
        ColumnType.MOMENT: pa.timestamp("us", tz="UTC"),
        ColumnType.TEXTS: pa.list_(pa.string()),
        ColumnType.JSON: pa.string(),
    }
)


def write_table(table: Table, path: Path) -> None:
    """Write a table to a new file.

    Raises:
        OSError: it cannot be written.
    """
    schema = pa.schema([(column.name, _TYPES[column.type]) for column in table.columns])
    rows = iter(table.rows)
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        while group := list(islice(rows, _GROUP)):
            values = [
                pa.array(column, field.type) for column, field in zip(zip(*group, strict=True), schema, strict=True)
            ]
            writer.write_batch(pa.RecordBatch.from_arrays(values, schema=schema))


def read_table(name: str, columns: Sequence[Column], path: Path) -> Table:
    """The table in a file; what else the file has is left alone.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is no such table.
    """
    file = pq.ParquetFile(path)
    wanted = [column.name for column in columns]
    if missing := sorted(set(wanted) - set(file.schema_arrow.names)):
        raise ValueError(f"{path.name} has no column {missing[0]!r}.")
    return Table(name, tuple(columns), _rows(file, wanted))


def _rows(file: Any, wanted: Sequence[str]) -> Iterator[Row]:
    with file:
        for batch in file.iter_batches(_GROUP, columns=list(wanted)):
            yield from map(list, zip(*(batch.column(name).to_pylist() for name in wanted), strict=True))

"""Parquet: a zip archive of a node table and an edge table. Importing this module needs pyarrow, which is optional."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from types import MappingProxyType
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from graph.export.archive import ByteQueue, zip_archive
from graph.export.attributes import EDGE_ATTRIBUTES, NODE_ATTRIBUTES, AttributeType, values_of
from graph.export.selection import Selection, edges

ROW_GROUP_SIZE = 16_384
"""How many rows are in memory at a time."""

_TYPES = MappingProxyType(
    {
        AttributeType.STRING: pa.string(),
        AttributeType.INT: pa.int64(),
        AttributeType.LONG: pa.int64(),
        AttributeType.DOUBLE: pa.float64(),
        AttributeType.BOOLEAN: pa.bool_(),
        AttributeType.DATE_TIME: pa.timestamp("us", tz="UTC"),
        AttributeType.LIST: pa.list_(pa.string()),
        AttributeType.JSON: pa.string(),
    }
)
_NODE_COLUMNS = MappingProxyType({attribute.name: attribute.type for attribute in NODE_ATTRIBUTES})
_JSON = frozenset(name for name, attribute_type in _NODE_COLUMNS.items() if attribute_type is AttributeType.JSON)


def parquet_archive(selection: Selection) -> Iterator[bytes]:
    """nodes.parquet and edges.parquet; missing values are null, nested values JSON text."""
    node_schema = _schema(selection, {"id": AttributeType.STRING, **_NODE_COLUMNS})
    edge_schema = _schema(
        selection, {"source": AttributeType.STRING, "target": AttributeType.STRING, **EDGE_ATTRIBUTES}
    )
    return zip_archive(
        {
            "nodes.parquet": _table(node_schema, _node_rows(selection)),
            "edges.parquet": _table(edge_schema, (edge._asdict() for edge in edges(selection))),
        }
    )


def _schema(selection: Selection, columns: Mapping[str, AttributeType]) -> Any:
    fields = [(name, _TYPES[attribute_type]) for name, attribute_type in columns.items()]
    return pa.schema(fields, metadata={"version": selection.snapshot.version})


def _node_rows(selection: Selection) -> Iterator[dict[str, Any]]:
    for node in selection.nodes.values():
        values = values_of(selection.snapshot, node, NODE_ATTRIBUTES)
        yield {"id": node.id} | {
            name: orjson.dumps(value).decode() if name in _JSON else value for name, value in values
        }


def _table(schema: Any, rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    output = ByteQueue()
    remaining = iter(rows)
    with pq.ParquetWriter(output, schema, compression="zstd") as writer:
        while group := list(islice(remaining, ROW_GROUP_SIZE)):
            writer.write_batch(pa.RecordBatch.from_pylist(group, schema=schema))
            yield output.take()
    yield output.take()

"""Parquet: a zip archive of a node table and an edge table. Importing this module needs pyarrow, which is optional."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from types import MappingProxyType
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from graph.export.archive import ByteQueue, zip_archive
from graph.export.attributes import NODE_ATTRIBUTES, values_of
from graph.export.contents import Contents
from graph.export.formats import AttributeType

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


def parquet_archive(contents: Contents) -> Iterator[bytes]:
    """nodes.parquet and edges.parquet; missing values are null, nested values JSON text."""
    node_schema = _schema(contents, {"id": AttributeType.STRING, **_NODE_COLUMNS})
    ends = {"source": AttributeType.STRING, "target": AttributeType.STRING}
    edge_schema = _schema(contents, {**ends, **contents.edge_attributes})
    return zip_archive(
        {
            "nodes.parquet": _table(node_schema, _node_rows(contents)),
            "edges.parquet": _table(edge_schema, _edge_rows(contents)),
        }
    )


def _schema(contents: Contents, columns: Mapping[str, AttributeType]) -> Any:
    fields = [(name, _TYPES[attribute_type]) for name, attribute_type in columns.items()]
    return pa.schema(fields, metadata={"version": contents.snapshot.version})


def _node_rows(contents: Contents) -> Iterator[dict[str, Any]]:
    for node in contents.nodes.values():
        values = values_of(contents.snapshot, node, NODE_ATTRIBUTES)
        yield {"id": node.id} | {
            name: orjson.dumps(value).decode() if name in _JSON else value for name, value in values
        }


def _edge_rows(contents: Contents) -> Iterator[dict[str, Any]]:
    for edge in contents.edges():
        values = zip(contents.edge_attributes, edge.values, strict=True)
        yield {"source": edge.source, "target": edge.target, **dict(values)}


def _table(schema: Any, rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    output = ByteQueue()
    remaining = iter(rows)
    with pq.ParquetWriter(output, schema, compression="zstd") as writer:
        while group := list(islice(remaining, ROW_GROUP_SIZE)):
            writer.write_batch(pa.RecordBatch.from_pylist(group, schema=schema))
            yield output.take()
    yield output.take()

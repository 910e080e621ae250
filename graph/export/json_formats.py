"""Node-link JSON and Cytoscape JSON, item by item."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from graph.export.attributes import NODE_ATTRIBUTES, Scalar, edges, flat_values, values_of
from graph.model import GraphNode
from graph.snapshot import GraphSnapshot


def node_link(snapshot: GraphSnapshot) -> Iterator[bytes]:
    """What `networkx.node_link_graph(data, edges="edges")` reads, the only format with lists and nested values."""
    yield b'{"directed":true,"multigraph":false,"graph":' + orjson.dumps({"version": snapshot.version})
    yield b',"nodes":[\n'
    yield from _json_items(
        {"id": node.id, **dict(values_of(node, NODE_ATTRIBUTES))} for node in snapshot.nodes.values()
    )
    yield b'],"edges":[\n'
    yield from _json_items(
        {"source": edge.source, "target": edge.target, "relation": edge.relation, "position": edge.position}
        for edge in edges(snapshot)
    )
    yield b"]}\n"


def cytoscape(snapshot: GraphSnapshot) -> Iterator[bytes]:
    """What Cytoscape and Cytoscape.js read; `value` is for `networkx.cytoscape_graph`, `name` for Cytoscape."""
    yield b'{"data":' + orjson.dumps({"name": "Frontgraph", "version": snapshot.version})
    yield b',"directed":true,"multigraph":false,"elements":{"nodes":[\n'
    yield from _json_items({"data": _cytoscape_node(node)} for node in snapshot.nodes.values())
    yield b'],"edges":[\n'
    yield from _json_items({"data": edge._asdict()} for edge in edges(snapshot))
    yield b"]}}\n"


def _cytoscape_node(node: GraphNode) -> dict[str, Scalar]:
    values = dict(flat_values(node))
    return {"id": node.id, "value": node.id, "name": values["label"], **values}


def _json_items(items: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """The items of a JSON list, one to a line."""
    separator = b""
    for item in items:
        yield separator + orjson.dumps(item)
        separator = b",\n"

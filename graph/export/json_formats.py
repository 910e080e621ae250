"""Node-link JSON and Cytoscape JSON."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from graph.building.snapshot import GraphSnapshot
from graph.export.attributes import NODE_ATTRIBUTES, Scalar, flat_values, values_of
from graph.export.selection import Selection, edges
from graph.model import GraphNode


def node_link(selection: Selection) -> Iterator[bytes]:
    """For `networkx.node_link_graph(data, edges="edges")`; lists and nested values stay as they are."""
    yield b'{"directed":true,"multigraph":false,"graph":' + orjson.dumps({"version": selection.snapshot.version})
    yield b',"nodes":[\n'
    yield from json_items(
        {"id": node.id, **dict(values_of(selection.snapshot, node, NODE_ATTRIBUTES))}
        for node in selection.nodes.values()
    )
    yield b'],"edges":[\n'
    yield from json_items(
        {"source": edge.source, "target": edge.target, "relation": edge.relation, "position": edge.position}
        for edge in edges(selection)
    )
    yield b"]}\n"


def cytoscape(selection: Selection) -> Iterator[bytes]:
    """For Cytoscape and Cytoscape.js. `networkx.cytoscape_graph` needs a `value`, Cytoscape a `name`, for each node."""
    yield b'{"data":' + orjson.dumps({"name": "Frontgraph", "version": selection.snapshot.version})
    yield b',"directed":true,"multigraph":false,"elements":{"nodes":[\n'
    yield from json_items({"data": _cytoscape_node(selection.snapshot, node)} for node in selection.nodes.values())
    yield b'],"edges":[\n'
    yield from json_items({"data": edge._asdict()} for edge in edges(selection))
    yield b"]}}\n"


def _cytoscape_node(snapshot: GraphSnapshot, node: GraphNode) -> dict[str, Scalar]:
    values = dict(flat_values(snapshot, node))
    return {"id": node.id, "value": node.id, "name": values["label"], **values}


def json_items(items: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """The items of a JSON list, one on a line; dates in ISO 8601, UTC, with `Z`."""
    separator = b""
    for item in items:
        yield separator + orjson.dumps(item, option=orjson.OPT_UTC_Z)
        separator = b",\n"

"""Node-link JSON and Cytoscape JSON."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from graph.export.attributes import NODE_ATTRIBUTES, flat_values, values_of
from graph.export.contents import Contents, Edge, Picture
from graph.model import Node


def node_link(contents: Contents) -> Iterator[bytes]:
    """For `networkx.node_link_graph(data, edges="edges")`; lists and nested values stay as they are."""
    yield b'{"directed":' + orjson.dumps(contents.is_directed) + b',"multigraph":false'
    yield b',"graph":' + orjson.dumps({"version": contents.snapshot.version}) + b',"nodes":[\n'
    yield from json_items(
        {
            "id": node.id,
            **dict(values_of(contents.snapshot, node, NODE_ATTRIBUTES)),
            **_drawn(contents.picture(node.id)),
        }
        for node in contents.nodes.values()
    )
    yield b'],"edges":[\n'
    yield from json_items(
        {"source": edge.source, "target": edge.target, **_values(contents, edge)} for edge in contents.edges()
    )
    yield b"]}\n"


def cytoscape(contents: Contents) -> Iterator[bytes]:
    """For Cytoscape and Cytoscape.js. `networkx.cytoscape_graph` needs a `value`, Cytoscape a `name`, for each node."""
    yield b'{"data":' + orjson.dumps({"name": "Frontgraph", "version": contents.snapshot.version})
    yield b',"directed":' + orjson.dumps(contents.is_directed) + b',"multigraph":false,"elements":{"nodes":[\n'
    yield from json_items(_cytoscape_node(contents, node) for node in contents.nodes.values())
    yield b'],"edges":[\n'
    yield from json_items(
        {"data": {"id": edge.id, "source": edge.source, "target": edge.target, **_values(contents, edge)}}
        for edge in contents.edges()
    )
    yield b"]}}\n"


def _cytoscape_node(contents: Contents, node: Node) -> dict[str, Any]:
    values = dict(flat_values(contents.snapshot, node))
    picture = contents.picture(node.id)
    data = {"id": node.id, "value": node.id, "name": values["label"], **values, **_look(picture)}
    # Cytoscape counts downwards, all others upwards. A difference is never -0.0.
    return {"data": data, "position": {"x": picture.x, "y": 0.0 - picture.y}}


def _drawn(picture: Picture) -> dict[str, float | str]:
    return {"x": picture.x, "y": picture.y, **_look(picture)}


def _look(picture: Picture) -> dict[str, float | str]:
    return {"size": picture.size, "color": picture.color}


def _values(contents: Contents, edge: Edge) -> dict[str, Any]:
    return dict(zip(contents.edge_attributes, edge.values, strict=True))


def json_items(items: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """The items of a JSON list, one on a line; dates in ISO 8601, UTC, with `Z`."""
    separator = b""
    for item in items:
        yield separator + orjson.dumps(item, option=orjson.OPT_UTC_Z)
        separator = b",\n"

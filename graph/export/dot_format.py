"""DOT, the language of Graphviz, statement by statement."""

import re
from collections.abc import Iterator
from types import MappingProxyType

from graph.building.snapshot import GraphSnapshot
from graph.export.attributes import FORBIDDEN, Scalar, flat_values
from graph.export.selection import Selection, edges
from graph.model import GraphNode, NodeKind, kind_of

_SHAPES = MappingProxyType({NodeKind.ARTICLE: "box", NodeKind.PROVIDER: "house", NodeKind.TOPIC: "ellipse"})
_NAMES = MappingProxyType({"url": "URL"})
"""Where Graphviz has a word of its own: it makes the node a link."""
_LEFT_OUT = frozenset({"image"})
"""Graphviz would look for a file of this name."""
_ENTITY = re.compile(r"&(?=#?\w+;)")
_LINE_END = re.compile(r"\r\n?|\n")
_ESCAPES = str.maketrans(dict.fromkeys(FORBIDDEN) | {"\\": r"\\", '"': r"\""})


def dot(selection: Selection) -> Iterator[bytes]:
    """A directed graph with the same attributes as elsewhere, and a shape for each kind of node."""
    # Gephi takes a graph's attributes for nodes, so the version stands in the name.
    yield f'digraph "Frontgraph {selection.snapshot.version}" {{\n'.encode()
    for node in selection.nodes.values():
        yield f'"{node.id}" [{_attributes(selection.snapshot, node)}];\n'.encode()
    for edge in edges(selection):
        attributes = f'relation="{edge.relation}" position="{edge.position}"'
        yield f'"{edge.source}" -> "{edge.target}" [{attributes}];\n'.encode()
    yield b"}\n"


def _attributes(snapshot: GraphSnapshot, node: GraphNode) -> str:
    values = [("shape", _SHAPES[kind_of(node)]), *flat_values(snapshot, node)]
    return " ".join(f"{_NAMES.get(name, name)}={_quoted(value)}" for name, value in values if name not in _LEFT_OUT)


def _quoted(value: Scalar) -> str:
    """The value as Graphviz reads labels, where backslashes and the entities of HTML have a meaning.

    Every line end becomes that of a centred line: the others would turn the line to the left or right.
    """
    if isinstance(value, bool):
        return '"true"' if value else '"false"'
    text = _ENTITY.sub("&amp;", str(value)).translate(_ESCAPES)
    return '"' + _LINE_END.sub(r"\\n", text) + '"'

"""DOT, the language of Graphviz."""

import re
from collections.abc import Iterator
from types import MappingProxyType

from graph.building.snapshot import GraphSnapshot
from graph.export.attributes import FORBIDDEN, Scalar, flat_values
from graph.export.selection import Selection, edges
from graph.model import GraphNode, NodeKind, kind_of

_SHAPES = MappingProxyType(
    {
        NodeKind.ARTICLE: "box",
        NodeKind.PROVIDER: "house",
        NodeKind.TOPIC: "ellipse",
        NodeKind.PERSON: "octagon",
    }
)
_NAMES = MappingProxyType({"url": "URL"})
"""Graphviz makes the node a link to its `URL`."""
_LEFT_OUT = frozenset({"image"})
"""Graphviz would open it as a local file."""
_ENTITY = re.compile(r"&(?=#?\w+;)")
_AMPERSAND = re.compile("&")
"""Of an address every one is escaped: Graphviz before 3.0 writes it to SVG as it is, and later versions know an entity."""
_PIECE = re.compile(r"(?:\\.|[^\\]){1,4000}", re.DOTALL)
"""A part of a long text, no escape apart. Graphviz before 3.0 refuses a file with a quoted text of 16,382 bytes; a character has up to four."""
_LINE_END = re.compile(r"\r\n?|\n")
_ESCAPES = str.maketrans(dict.fromkeys(FORBIDDEN) | {"\\": r"\\", '"': r"\""})


def dot(selection: Selection) -> Iterator[bytes]:
    """A directed graph with the attributes of the other formats, and a shape for each kind of node."""
    # The version is part of the name, since Gephi takes attributes of the graph for nodes.
    yield f'digraph "Frontgraph {selection.snapshot.version}" {{\n'.encode()
    for node in selection.nodes.values():
        yield f'"{node.id}" [{_attributes(selection.snapshot, node)}];\n'.encode()
    for edge in edges(selection):
        attributes = f'relation="{edge.relation}" position="{edge.position}"'
        yield f'"{edge.source}" -> "{edge.target}" [{attributes}];\n'.encode()
    yield b"}\n"


def _attributes(snapshot: GraphSnapshot, node: GraphNode) -> str:
    values = [("shape", _SHAPES[kind_of(node)]), *flat_values(snapshot, node)]
    return " ".join(
        f"{_NAMES.get(name, name)}={_quoted(value, _ENTITY if name not in _NAMES else _AMPERSAND)}"
        for name, value in values
        if name not in _LEFT_OUT
    )


def _quoted(value: Scalar, ampersands: "re.Pattern[str]") -> str:
    r"""The value as Graphviz reads it in labels, in which backslashes and HTML entities have a meaning.

    Every line ending becomes `\n`, which centers the line before it: `\l` and `\r` would align it left or right.
    """
    if isinstance(value, bool):
        return '"true"' if value else '"false"'
    text = _LINE_END.sub(r"\\n", ampersands.sub("&amp;", str(value)).translate(_ESCAPES))
    return " + ".join(f'"{piece}"' for piece in _PIECE.findall(text) or [""])

"""DOT, the language of Graphviz."""

import re
from collections.abc import Iterable, Iterator
from types import MappingProxyType

from graph.export.attributes import FORBIDDEN, flat_values
from graph.export.contents import Contents, Scalar
from graph.model import NodeKind, kind_of

_SHAPES = MappingProxyType(
    {
        NodeKind.ARTICLE: "box",
        NodeKind.PROVIDER: "house",
        NodeKind.TOPIC: "ellipse",
        NodeKind.PERSON: "octagon",
        NodeKind.STORY: "folder",
    }
)
_NAMES = MappingProxyType({"url": "URL", "weight": "strength"})
"""Graphviz makes the node a link to its `URL`, and takes a `weight` for a whole number."""
_LEFT_OUT = frozenset({"image"})
"""Graphviz would open it as a local file."""
_ENTITY = re.compile(r"&(?=#?\w+;)")
_AMPERSAND = re.compile("&")
"""Of an address every one is escaped: Graphviz before 3.0 writes it to SVG as it is, and later versions know an entity."""
_PIECE = re.compile(r"(?:\\.|[^\\]){1,4000}", re.DOTALL)
"""A part of a long text, no escape apart. Graphviz before 3.0 refuses a file with a quoted text of 16,382 bytes; a character has up to four."""
_LINE_END = re.compile(r"\r\n?|\n")
_ESCAPES = str.maketrans(dict.fromkeys(FORBIDDEN) | {"\\": r"\\", '"': r"\""})


def dot(contents: Contents) -> Iterator[bytes]:
    """A graph with the attributes of the other formats, and a shape for each kind of node."""
    graph, arrow = ("digraph", "->") if contents.is_directed else ("graph", "--")
    # The version is part of the name, since Gephi takes attributes of the graph for nodes.
    yield f'{graph} "Frontgraph {contents.snapshot.version}" {{\n'.encode()
    for node in contents.nodes.values():
        shape = ("shape", _SHAPES[kind_of(node)])
        yield f'"{node.id}" [{_attributes((shape, *flat_values(contents.snapshot, node)))}];\n'.encode()
    for edge in contents.edges():
        values = zip(contents.edge_attributes, edge.values, strict=True)
        yield f'"{edge.source}" {arrow} "{edge.target}" [{_attributes(values)}];\n'.encode()
    yield b"}\n"


def _attributes(values: Iterable[tuple[str, Scalar]]) -> str:
    return " ".join(
        f"{_NAMES.get(name, name)}={_quoted(value, _AMPERSAND if name == 'url' else _ENTITY)}"
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

"""GraphML and GEXF."""

from collections.abc import Iterator, Mapping

from graph.building.snapshot import GraphSnapshot
from graph.export.attributes import EDGE_ATTRIBUTES, FLAT_ATTRIBUTES, FORBIDDEN, AttributeType, Scalar, flat_values
from graph.export.selection import Selection, edges
from graph.model import GraphNode

_GRAPHML_TYPES = {
    AttributeType.STRING: "string",
    AttributeType.INT: "int",
    AttributeType.LONG: "long",
    AttributeType.DOUBLE: "double",
    AttributeType.BOOLEAN: "boolean",
    AttributeType.DATE_TIME: "string",
    AttributeType.LIST: "string",
}
_GEXF_TYPES = {**_GRAPHML_TYPES, AttributeType.INT: "integer"}


def _xml_characters() -> Mapping[int, str | None]:
    # Parsers normalize line endings, and in attribute values all white space, unless they are escaped.
    spaces = "\t\n\r\x85\u2028"
    return dict.fromkeys(FORBIDDEN) | str.maketrans(
        {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"} | {space: f"&#{ord(space)};" for space in spaces}
    )


_XML_CHARACTERS = _xml_characters()


def _xml(value: Scalar) -> str:
    """The value escaped for an element's text or attribute, without characters that XML 1.0 cannot hold."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).translate(_XML_CHARACTERS)


_TYPES = {attribute.name: attribute.type for attribute in FLAT_ATTRIBUTES}
_KEYS = {name: number for number, name in enumerate([*EDGE_ATTRIBUTES, *_TYPES])}
"""The attributes' keys in the file. Edges have the shortest ones, as there may be hundreds of thousands of edges.

Plain numbers: Gephi reads the customary key `d3` as a node's label, whatever its declaration says, because yEd uses it
so.
"""
_RELATION, _POSITION = _KEYS["relation"], _KEYS["position"]


def graphml(selection: Selection) -> Iterator[bytes]:
    """GraphML with a declared type for every attribute. Edges have no ids, since there are no parallel ones."""
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    yield b'<key id="version" for="graph" attr.name="version" attr.type="string"/>\n'
    yield from _graphml_keys("node", _TYPES)
    yield from _graphml_keys("edge", EDGE_ATTRIBUTES)
    yield f'<graph edgedefault="directed">\n<data key="version">{selection.snapshot.version}</data>\n'.encode()
    for node in selection.nodes.values():
        values = flat_values(selection.snapshot, node)
        data = "".join(f'<data key="{_KEYS[name]}">{_xml(value)}</data>' for name, value in values)
        yield f'<node id="{node.id}">{data}</node>\n'.encode()
    for edge in edges(selection):
        yield (
            f'<edge source="{edge.source}" target="{edge.target}">'
            f'<data key="{_RELATION}">{edge.relation}</data><data key="{_POSITION}">{edge.position}</data></edge>\n'
        ).encode()
    yield b"</graph>\n</graphml>\n"


def _graphml_keys(element: str, types: Mapping[str, AttributeType]) -> Iterator[bytes]:
    for name, attribute_type in types.items():
        xml_type = _GRAPHML_TYPES[attribute_type]
        yield f'<key id="{_KEYS[name]}" for="{element}" attr.name="{name}" attr.type="{xml_type}"/>\n'.encode()


def gexf(selection: Selection) -> Iterator[bytes]:
    """GEXF 1.2, which every release of networkx reads; dynamic, with an article's publication as its `start`."""
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">\n'
    yield f"<meta><creator>Frontgraph</creator><description>Snapshot {selection.snapshot.version}</description></meta>\n".encode()
    # The format “dateTime” would be the right one, but networkx does not know it; Gephi reads the times with either.
    yield b'<graph defaultedgetype="directed" mode="dynamic" timeformat="date">\n'
    yield from _gexf_attributes("node", {name: _TYPES[name] for name in _TYPES if name != "label"})
    yield from _gexf_attributes("edge", EDGE_ATTRIBUTES)
    yield b"<nodes>\n"
    for node in selection.nodes.values():
        yield _gexf_node(selection.snapshot, node).encode()
    yield b"</nodes>\n<edges>\n"
    for edge in edges(selection):
        yield (
            f'<edge id="{edge.id}" source="{edge.source}" target="{edge.target}"><attvalues>'
            f'<attvalue for="{_RELATION}" value="{edge.relation}"/><attvalue for="{_POSITION}" value="{edge.position}"/>'
            "</attvalues></edge>\n"
        ).encode()
    yield b"</edges>\n</graph>\n</gexf>\n"


def _gexf_attributes(element: str, types: Mapping[str, AttributeType]) -> Iterator[bytes]:
    yield f'<attributes class="{element}" mode="static">\n'.encode()
    for name, attribute_type in types.items():
        yield f'<attribute id="{_KEYS[name]}" title="{name}" type="{_GEXF_TYPES[attribute_type]}"/>\n'.encode()
    yield b"</attributes>\n"


def _gexf_node(snapshot: GraphSnapshot, node: GraphNode) -> str:
    values = {name: _xml(value) for name, value in flat_values(snapshot, node)}
    label = values.pop("label")
    start = f' start="{values["publishedDateTime"]}"' if "publishedDateTime" in values else ""
    attributes = "".join(f'<attvalue for="{_KEYS[name]}" value="{value}"/>' for name, value in values.items())
    return f'<node id="{node.id}" label="{label}"{start}><attvalues>{attributes}</attvalues></node>\n'

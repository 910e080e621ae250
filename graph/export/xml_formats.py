"""GraphML and GEXF."""

from collections.abc import Iterable, Iterator, Mapping

from graph.export.attributes import FLAT_ATTRIBUTES, FORBIDDEN, flat_values
from graph.export.contents import Contents, Picture, Scalar
from graph.export.formats import AttributeType
from graph.model import Node

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
    return value.translate(_XML_CHARACTERS) if isinstance(value, str) else str(value)


_TYPES = {attribute.name: attribute.type for attribute in FLAT_ATTRIBUTES}
_PICTURE_TYPES = dict.fromkeys(("x", "y", "size"), AttributeType.DOUBLE) | dict.fromkeys("rgb", AttributeType.INT)
"""The names by which Gephi and graphology know how GraphML wants a node drawn."""


def _keys(contents: Contents) -> Mapping[str, int]:
    """The attributes' keys in the file. Edges have the shortest ones, as there may be hundreds of thousands of edges.

    Plain numbers: Gephi reads the customary key `d3` as a node's label, whatever its declaration says, because yEd uses it
    so.
    """
    names = [*contents.edge_attributes, *_TYPES, *_PICTURE_TYPES]
    return {name: number for number, name in enumerate(names)}


def graphml(contents: Contents) -> Iterator[bytes]:
    """GraphML with a declared type for every attribute. Edges have no ids, since there are no parallel ones."""
    keys = _keys(contents)
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    yield b'<key id="version" for="graph" attr.name="version" attr.type="string"/>\n'
    yield from _graphml_keys("node", _TYPES | _PICTURE_TYPES, keys)
    yield from _graphml_keys("edge", contents.edge_attributes, keys)
    yield f'<graph edgedefault="{_direction(contents)}">\n<data key="version">{contents.snapshot.version}</data>\n'.encode()
    for node in contents.nodes.values():
        picture = contents.picture(node.id)
        drawn = zip(_PICTURE_TYPES, (picture.x, picture.y, picture.size, *picture.rgb), strict=True)
        yield f'<node id="{node.id}">{_data(keys, (*flat_values(contents.snapshot, node), *drawn))}</node>\n'.encode()
    names = tuple(contents.edge_attributes)
    for edge in contents.edges():
        data = _data(keys, zip(names, edge.values, strict=True))
        yield f'<edge source="{edge.source}" target="{edge.target}">{data}</edge>\n'.encode()
    yield b"</graph>\n</graphml>\n"


def _graphml_keys(element: str, types: Mapping[str, AttributeType], keys: Mapping[str, int]) -> Iterator[bytes]:
    for name, attribute_type in types.items():
        xml_type = _GRAPHML_TYPES[attribute_type]
        yield f'<key id="{keys[name]}" for="{element}" attr.name="{name}" attr.type="{xml_type}"/>\n'.encode()


def _data(keys: Mapping[str, int], values: Iterable[tuple[str, Scalar]]) -> str:
    return "".join(f'<data key="{keys[name]}">{_xml(value)}</data>' for name, value in values)


def _direction(contents: Contents) -> str:
    return "directed" if contents.is_directed else "undirected"


def gexf(contents: Contents) -> Iterator[bytes]:
    """GEXF 1.2, which every release of networkx reads; dynamic, with an article's publication as its `start`."""
    keys = _keys(contents)
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n'
    yield b'<gexf xmlns="http://www.gexf.net/1.2draft" xmlns:viz="http://www.gexf.net/1.2draft/viz" version="1.2">\n'
    yield f"<meta><creator>Frontgraph</creator><description>Snapshot {contents.snapshot.version}</description></meta>\n".encode()
    # The format “dateTime” would be the right one, but networkx does not know it; Gephi reads the times with either.
    yield f'<graph defaultedgetype="{_direction(contents)}" mode="dynamic" timeformat="date">\n'.encode()
    yield from _gexf_attributes("node", {name: _TYPES[name] for name in _TYPES if name != "label"}, keys)
    types = {name: kind for name, kind in contents.edge_attributes.items() if name != "weight"}
    yield from _gexf_attributes("edge", types, keys)
    yield b"<nodes>\n"
    for node in contents.nodes.values():
        yield _gexf_node(contents, node, keys).encode()
    yield b"</nodes>\n<edges>\n"
    names = tuple(contents.edge_attributes)
    for edge in contents.edges():
        values = dict(zip(names, edge.values, strict=True))
        weight = values.pop("weight")
        yield (
            f'<edge id="{edge.id}" source="{edge.source}" target="{edge.target}" weight="{weight}">'
            f"{_attvalues(keys, values)}</edge>\n"
        ).encode()
    yield b"</edges>\n</graph>\n</gexf>\n"


def _gexf_attributes(element: str, types: Mapping[str, AttributeType], keys: Mapping[str, int]) -> Iterator[bytes]:
    yield f'<attributes class="{element}" mode="static">\n'.encode()
    for name, attribute_type in types.items():
        yield f'<attribute id="{keys[name]}" title="{name}" type="{_GEXF_TYPES[attribute_type]}"/>\n'.encode()
    yield b"</attributes>\n"


def _gexf_node(contents: Contents, node: Node, keys: Mapping[str, int]) -> str:
    values = dict(flat_values(contents.snapshot, node))
    label = _xml(values.pop("label"))
    start = f' start="{values["publishedDateTime"]}"' if "publishedDateTime" in values else ""
    drawn = _viz(contents.picture(node.id))
    return f'<node id="{node.id}" label="{label}"{start}>{_attvalues(keys, values)}{drawn}</node>\n'


def _attvalues(keys: Mapping[str, int], values: Mapping[str, Scalar]) -> str:
    found = "".join(f'<attvalue for="{keys[name]}" value="{_xml(value)}"/>' for name, value in values.items())
    return f"<attvalues>{found}</attvalues>"


def _viz(picture: Picture) -> str:
    red, green, blue = picture.rgb
    return (
        f'<viz:color r="{red}" g="{green}" b="{blue}"/><viz:position x="{picture.x}" y="{picture.y}" z="0.0"/>'
        f'<viz:size value="{picture.size}"/>'
    )

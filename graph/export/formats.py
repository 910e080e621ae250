"""The export formats, with their file names and media types, and the types of the values in them."""

from enum import Enum


class ExportFormat(Enum):
    """A file format; the value is the name on the command line."""

    GRAPHML = "graphml"
    GEXF = "gexf"
    JSON = "json"
    CYTOSCAPE = "cytoscape"
    JSON_LD = "jsonld"
    DOT = "dot"
    CSV = "csv"
    PARQUET = "parquet"

    @property
    def file_name(self) -> str:
        """The default name of the file."""
        return f"graph.{_SUFFIXES.get(self, self.value)}"

    @property
    def media_type(self) -> str:
        return _MEDIA_TYPES[self]

    @property
    def draws_nodes(self) -> bool:
        """Whether the file says where a picture shows each node."""
        return self in _DRAWN


_SUFFIXES = {ExportFormat.CYTOSCAPE: "cyjs", ExportFormat.CSV: "zip", ExportFormat.PARQUET: "parquet.zip"}
_DRAWN = (ExportFormat.GRAPHML, ExportFormat.GEXF, ExportFormat.JSON, ExportFormat.CYTOSCAPE)
_MEDIA_TYPES = {
    ExportFormat.GRAPHML: "application/graphml+xml",
    ExportFormat.GEXF: "application/gexf+xml",
    ExportFormat.JSON: "application/json",
    ExportFormat.CYTOSCAPE: "application/json",
    ExportFormat.JSON_LD: "application/ld+json",
    ExportFormat.DOT: "text/vnd.graphviz",
    ExportFormat.CSV: "application/zip",
    ExportFormat.PARQUET: "application/zip",
}


class AttributeType(Enum):
    """The type of an attribute's values."""

    STRING = "string"
    INT = "int"
    LONG = "long"
    DOUBLE = "double"
    BOOLEAN = "boolean"
    DATE_TIME = "dateTime"
    """In UTC; ISO 8601 text where a format has no dates."""
    LIST = "list"
    """Strings; joined by a separator where a format has no lists."""
    JSON = "json"
    """Nested values; left out where a format has none."""

"""The export formats, with their file names and media types."""

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


_SUFFIXES = {ExportFormat.CYTOSCAPE: "cyjs", ExportFormat.CSV: "zip", ExportFormat.PARQUET: "parquet.zip"}
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

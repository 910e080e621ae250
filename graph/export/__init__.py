"""A whole snapshot as a file that other programs open: GraphML, GEXF, node-link JSON, Cytoscape JSON or CSV."""

from graph.export.writing import ExportFormat, export_chunks, write_export

__all__ = ["ExportFormat", "export_chunks", "write_export"]

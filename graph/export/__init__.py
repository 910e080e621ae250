"""A snapshot, or a part of it, as a file that other programs open."""

from graph.errors import ExportError
from graph.export.selection import selection_of_articles
from graph.export.writing import ExportFormat, export_chunks, write_export

__all__ = ["ExportError", "ExportFormat", "export_chunks", "selection_of_articles", "write_export"]

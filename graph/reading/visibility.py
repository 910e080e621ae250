"""Whether a site generator would publish a file."""

from graph.reading.field_reader import FieldReader


def is_visible(reader: FieldReader) -> bool:
    hiding = (reader.boolean("published") is False, reader.boolean("removed"), reader.boolean("deleted"))
    return not any(hiding)

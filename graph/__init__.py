"""A folder of documents as a graph: reading, merging, querying and exporting it, without any network protocol."""

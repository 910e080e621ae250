"""Tables: a graph as rows of plain values, for what holds it outside of this process, and the graph of such rows again.

The ways in are `folder.write_folder`, of a snapshot, and `live.live_graph`, which finds out whether a folder holds documents or
a graph that was built. `rows` says what the tables are, `columns` how a record's fields stand in them, `parquet` how a table
is a file. The way out is the same snapshot with the same version.
"""

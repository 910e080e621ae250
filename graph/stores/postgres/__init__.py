"""A graph in PostgreSQL: every version that was loaded and is still kept, each readable as a whole.

The ways in are `loading.load_snapshot_into`, and `reading.StoredGraph` for the way back. `contents` says which rows a snapshot has there, `migrations` what the tables are, and
`database` how the database is reached.
"""

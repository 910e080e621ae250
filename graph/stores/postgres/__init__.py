"""A graph in PostgreSQL: every version that was loaded and is still kept, each readable as a whole.

The way in is `loading.load_snapshot_into`. `contents` says which rows a snapshot has there, `migrations` what the tables are, and
`database` how the database is reached.
"""

"""Browser pages: their sources, and the files that are served."""

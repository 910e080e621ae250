"""Export: a snapshot, or a selection of it, as a file that other programs open.

The ways in are `writing.write_export` and `writing.export_chunks`; `formats` names the kinds of files.
"""

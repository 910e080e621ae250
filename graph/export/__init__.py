"""Export: a snapshot, or a selection of it, as a file for other programs.

The ways in are `writing.write_export` and `writing.export_chunks`; `formats` names the file formats.
"""

"""Reading: a folder of files goes in, checked documents come out, with every mistake of their authors as a problem.

The way in is `loader.load_folders`; `files` finds the files, `front_matter` and the two YAML readers take them apart,
`documents` checks them. `parallel` does so in several processes, and `parse_cache` keeps what came of a file.
"""

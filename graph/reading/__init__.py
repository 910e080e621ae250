"""Reading: a folder of files goes in, checked documents come out, with every mistake of their authors as a problem.

The way in is `loader.SourceFolders` (`loader.load_folders` for once). `folders` finds the files, `files` opens them, `front_matter` takes
them apart with the help of two YAML readers, a fast one and a complete one, and `documents` checks the fields. `parallel`
does so in several processes, and `parse_cache` keeps what came of a file until the next start. The way out is
`loader.LoadResult`. `watch` tells when to read again.
"""

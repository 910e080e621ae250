"""`Places`: where the files of problems are on the disk."""

import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from graph.reading.folders import find_sources, labelled_roots
from graph.sites.options import NO_OPTIONS, SiteOptions


class Places:
    """Leads from the names that files have in messages, which are printable and composed, to those that the system knows."""

    def __init__(self, folders: Sequence[Path], options: SiteOptions = NO_OPTIONS) -> None:
        """The folders and options that the problems are of."""
        self._folders = folders
        self._options = options
        self._roots = labelled_roots(folders)

    def path(self, file: str) -> Path:
        """The absolute path of the file of a problem; below the current folder where none is known, as of a graph that is built already."""
        if not self._roots:
            return Path.cwd() / file
        label, _, rest = ("", "", file) if "" in self._roots else file.partition("/")
        path = self._roots[f"{label}/" if label else ""] / rest
        return path if os.path.lexists(path) else Path(self.documents.get(file, path))

    @cached_property
    def documents(self) -> Mapping[str, str]:
        """The paths of the files that are read, by their names in messages; costs a look through the folders."""
        return {source.label: source.path for source in find_sources(self._folders, self._options).sources}

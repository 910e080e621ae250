"""Folders → `GraphSnapshot`, whichever they hold: documents, or a graph that was built; and what both can be asked."""

import time
from collections.abc import AsyncGenerator, Collection, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from graph.building.live_folders import LiveFolders, Loaded
from graph.building.snapshot import GraphSnapshot
from graph.errors import LoadError
from graph.memory import paused_collection
from graph.reading.loader import Track
from graph.reading.watch import changes
from graph.sites.options import NO_OPTIONS, SiteOptions
from graph.tables.folder import MANIFEST, is_built, read_folder, read_manifest
from graph.tables.manifest import Manifest
from graph.tables.rows import TABLES


class LiveGraph(Protocol):
    """What can be loaded again whenever it may have changed."""

    def load(self, track: Track = iter, touched: Collection[str] = ()) -> Loaded:
        """The graph as it is now. `track` is called for the files to read; `touched` is as in `SourceFolders.read`.

        Raises:
            LoadError: there is none; loading may be tried again.
        """

    def changes(self) -> AsyncGenerator[frozenset[Path], None]:
        """The paths of each burst of changes, as `graph.reading.watch.changes` tells them."""


def live_folders(
    folders: Sequence[Path],
    visibilities: Collection[bool] = (False,),
    cache: Path | None = None,
    options: SiteOptions = NO_OPTIONS,
) -> LiveGraph:
    """What loads these folders, which hold documents, or this one, which holds a built graph. See `LiveFolders` for the rest.

    Raises:
        LoadError: a built graph is to be loaded in a way that only documents can.
    """
    if not any(map(is_built, folders)):
        return LiveFolders(folders, visibilities, cache, options)
    check_is_as_built(folders, visibilities, options)
    return BuiltGraph(folders[0], *visibilities)


def check_is_as_built(sources: Sequence[Path], visibilities: Collection[bool], options: SiteOptions) -> None:
    """Checks that of a graph that exists nothing is asked but to be loaded.

    Raises:
        LoadError: something else is, which only documents can do.
    """
    if len(sources) > 1:
        raise LoadError("A graph that is built is loaded alone; build one of all the folders of documents together.")
    if options != NO_OPTIONS:
        raise LoadError(
            "A graph that is built is what it is; say the site's address, exclusions or configuration where it is built."
        )
    if len(visibilities) > 1:
        raise LoadError(
            "A graph that is built is either public or not, so FRONTGRAPH_PREVIEW_TOKEN needs the folders of documents."
        )


def check_visibility(manifest: Manifest, include_unpublished: bool) -> None:
    """Checks that a graph is loaded by those alone who ask for what it holds.

    Raises:
        LoadError: it was built for others to see.
    """
    if manifest.unpublished and not include_unpublished:
        raise LoadError(
            "The graph was built with --unpublished, so it holds what its site hides. Add --unpublished to load it, or build it without."
        )
    if include_unpublished and not manifest.unpublished:
        raise LoadError("The graph was built without --unpublished; leave that out, or build it again with it.")


class BuiltGraph:
    """The graph in a folder of tables, and as it was the last time. Not for several threads at once."""

    def __init__(self, folder: Path, include_unpublished: bool) -> None:
        self._folder = folder
        self._include_unpublished = include_unpublished
        self._snapshot: GraphSnapshot | None = None
        self._manifest: Manifest | None = None

    @paused_collection()
    def load(self, track: Track = iter, touched: Collection[str] = ()) -> Loaded:
        """The graph as it is now, whatever was touched; no documents are read.

        Raises:
            LoadError: it cannot be read, or was built for others to see.
        """
        start = time.monotonic()
        manifest = read_manifest(self._folder)
        check_visibility(manifest, self._include_unpublished)
        is_news = self._snapshot is None or manifest != self._manifest
        if self._snapshot is None or is_news:
            self._manifest, self._snapshot = read_folder(self._folder, self._snapshot)
        read = len(TABLES) if is_news else 0
        snapshots = MappingProxyType({self._include_unpublished: self._snapshot})
        return Loaded(snapshots, len(TABLES), read, read, time.monotonic() - start)

    def changes(self) -> AsyncGenerator[frozenset[Path], None]:
        """The paths of each burst of changes that makes another version current."""
        return changes([self._folder], lambda path, root: path == root / MANIFEST)

"""Folders → `GraphSnapshot`: the whole way, once, or again whenever something in the folders changed.

Loading again goes the same way as loading for the first time, and answers the same. It is faster since files that did not
change are neither read nor parsed again (`graph.reading.loader`), since what follows from names alone serves on while they stay
the same (`graph.building.naming`), and so does what follows from the edges alone (`build_snapshot`).
"""

import time
from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from graph.building.merge import merge
from graph.building.naming import Earlier
from graph.building.snapshot import GraphSnapshot, build_snapshot
from graph.building.timing import next_change
from graph.memory import paused_collection
from graph.reading.loader import LoadResult, SourceFolders, Track
from graph.reading.parse_cache import ParseCache
from graph.reading.watch import changes
from graph.sites.options import NO_OPTIONS, SiteOptions


@dataclass(frozen=True, slots=True)
class Loaded:
    """The graph of some folders, and what it took to load it."""

    snapshots: Mapping[bool, GraphSnapshot]
    """With unpublished articles, and without: those of the two that were asked for. The very snapshot of the last time, if
    its version and its sites are still the same."""
    file_count: int
    read_count: int
    """Files that were read, since they may have changed."""
    parsed_count: int
    """Files that had changed."""
    seconds: float


class LiveFolders:
    """A set of folders, and their graph as it was the last time. Not for several threads at once."""

    def __init__(
        self,
        folders: Sequence[Path],
        visibilities: Collection[bool] = (False,),
        cache: Path | None = None,
        options: SiteOptions = NO_OPTIONS,
    ) -> None:
        """`visibilities`: whether to include unpublished articles; with both, there are two graphs of the same files.

        `cache` is a folder that makes the first load after a start faster, and makes no other difference.
        """
        self._folders = tuple(folders)
        self._sources = SourceFolders(folders, options)
        self._visibilities = tuple(visibilities)
        self._cache = cache
        self._snapshots: Mapping[bool, GraphSnapshot] = {}
        self._earlier = {kind: Earlier() for kind in visibilities}
        self._next_change: datetime | None = None
        """When what is published changes next though no file does."""

    @paused_collection()
    def load(self, track: Track = iter, touched: Collection[str] = ()) -> Loaded:
        """The graph as it is now. `track` is called once, for the files to read; `touched` is as in `SourceFolders.read`.

        Raises:
            FolderError: a folder does not exist or cannot be listed. Loading may be tried again.
        """
        start = time.monotonic()
        cache = ParseCache(self._cache, self._folders) if self._cache and not self._snapshots else None
        result = self._sources.read(track, cache, touched=touched)
        now = datetime.now(UTC)
        is_time = self._next_change is not None and self._next_change <= now
        if result.is_news or is_time or not self._snapshots:
            self._snapshots = MappingProxyType({kind: self._snapshot(kind, result, now) for kind in self._visibilities})
            self._next_change = next_change(result.documents, now)
        seconds = time.monotonic() - start
        return Loaded(self._snapshots, result.file_count, result.read_count, result.parsed_count, seconds)

    def changes(self) -> AsyncGenerator[frozenset[Path], None]:
        """The paths of each burst of changes in the folders, as `graph.reading.watch.changes` tells them."""
        return changes(self._folders)

    def _snapshot(self, include_unpublished: bool, result: LoadResult, now: datetime) -> GraphSnapshot:
        before = self._snapshots.get(include_unpublished)
        merged = merge(result, include_unpublished, now, self._earlier[include_unpublished])
        snapshot = build_snapshot(merged, before=before)
        is_same = (
            before is not None
            and before.version == snapshot.version
            and before.lookups.sites == snapshot.lookups.sites  # of which no version tells
        )
        return before if before and is_same else snapshot


def load_snapshot(
    folders: Sequence[Path],
    include_unpublished: bool = False,
    track: Track = iter,
    cache: Path | None = None,
    options: SiteOptions = NO_OPTIONS,
) -> GraphSnapshot:
    """The graph of the folders, as `LiveFolders` loads it for the first time.

    Raises:
        FolderError: a folder does not exist or cannot be listed.
    """
    return LiveFolders(folders, (include_unpublished,), cache, options).load(track).snapshots[include_unpublished]

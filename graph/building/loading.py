"""Folders → `GraphSnapshot`: the whole way, with what the user's cache folder remembers of the last time."""

from collections.abc import Sequence
from pathlib import Path

from graph.building.merge import MergeResult, merge
from graph.building.merged_cache import MergedCache
from graph.building.snapshot import GraphSnapshot, build_snapshot
from graph.memory import paused_collection
from graph.reading.files import find_sources
from graph.reading.loader import Track, load_sources
from graph.reading.parse_cache import ParseCache


@paused_collection()
def load_snapshot(
    folders: Sequence[Path], include_unpublished: bool = False, track: Track = iter, cache: Path | None = None
) -> GraphSnapshot:
    """The graph of the folders.

    `cache` is a folder that makes the next time faster, and makes no other difference. `track` is called once for
    reading all files, and again if they turn out to have changed.

    Raises:
        FolderError: a folder does not exist or cannot be listed.
    """
    return build_snapshot(_merged(folders, include_unpublished, track, cache))


def _merged(folders: Sequence[Path], include_unpublished: bool, track: Track, cache: Path | None) -> MergeResult:
    sources, problems = find_sources(folders)
    if cache is None:
        return merge(load_sources(sources, problems, track), include_unpublished)
    kept = MergedCache(cache, folders, include_unpublished)
    merged = kept.find(track(sources), len(sources), problems)
    if merged is None:
        loaded = load_sources(sources, problems, track, ParseCache(cache, folders))
        merged = merge(loaded, include_unpublished)
        keys = [key for key in loaded.keys if key is not None]
        if len(keys) == len(sources):
            kept.save(keys, problems, merged)
    return merged

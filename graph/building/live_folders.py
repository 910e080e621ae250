"""Folders that are loaded again whenever something in them changed: what did not change is neither read nor built again.

A reload has the same stages as a full load, and each may recall what it answered for the same inputs the last time. So the
answers are those of a full load, whatever was edited.
"""

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from graph.building.merge import merge
from graph.building.recall import Recall
from graph.building.snapshot import GraphSnapshot, build_snapshot
from graph.memory import paused_collection
from graph.problems import Problem
from graph.reading.documents import Reference
from graph.reading.files import FileStamp, SourceFile, file_stamp, find_sources
from graph.reading.loader import LoadResult, Track, parse_unknown, read_files
from graph.reading.parallel import useful_processes
from graph.reading.parse_cache import ParseCache
from graph.reading.parsing import ParsedFile


@dataclass(frozen=True, slots=True)
class Loaded:
    """The graph of some folders, and what it took to load it."""

    snapshots: Mapping[bool, GraphSnapshot]
    """With unpublished articles, and without: those of the two that were asked for. The very snapshot of the last time, if
    its version is still the same."""
    file_count: int
    read_count: int
    """Files that were read, since they may have changed."""
    parsed_count: int
    """Files that had changed."""
    seconds: float


_Stamped = tuple[SourceFile, FileStamp | None]


@dataclass(frozen=True, slots=True)
class _File:
    """What a file said, and how it stood before it was read."""

    stamp: FileStamp | None
    key: bytes | None
    parsed: ParsedFile


_FEW_COPIES = 1_000
_NEW = _File(None, None, ParsedFile())


class _References:
    """The copies of articles that files embed, each once, so that what is parsed later shares them."""

    def __init__(self) -> None:
        self.shared: dict[Reference, Reference] = {}
        self._limit = -1

    def renew(self, files: Iterable[_File]) -> None:
        """Forgets copies that no file embeds any more, as soon as they might be half of all."""
        if len(self.shared) <= self._limit:
            return
        documents = (file.parsed.document for file in files if file.parsed.document)
        embedded = {id(copy): copy for document in documents for copy in document.related if copy}
        self.shared = {}
        for copy in embedded.values():
            self.shared.setdefault(copy, copy)
        self._limit = 2 * len(self.shared) + _FEW_COPIES


class LiveFolders:
    """A set of folders, and what their files said the last time. Not for several threads at once."""

    def __init__(
        self, folders: Sequence[Path], visibilities: Collection[bool] = (False,), cache: Path | None = None
    ) -> None:
        """`visibilities`: whether to include unpublished articles; with both, there are two graphs of the same files."""
        self._folders = tuple(folders)
        self._cache = cache
        self._recalls = {include_unpublished: Recall() for include_unpublished in visibilities}
        self._files: dict[str, _File] = {}
        """By path, in the order of the files."""
        self._problems: list[Problem] = []
        """Those of finding the files."""
        self._references = _References()
        self._snapshots: Mapping[bool, GraphSnapshot] = {}

    @paused_collection()
    def load(self, track: Track = iter) -> Loaded:
        """The graph as `load_snapshot` answers it, for the first time; every file is read, with the help of the cache.

        Raises:
            FolderError: a folder does not exist or cannot be listed. `load` and `reload` may be tried again.
        """
        start = time.monotonic()
        sources, problems = find_sources(self._folders)
        cache = None if self._cache is None else ParseCache(self._cache, self._folders)
        stamps = [file_stamp(source) for source in sources]
        found = zip(track(sources), stamps, read_files(sources, cache), strict=True)
        files = {source.path: _File(stamp, *keyed) for source, stamp, keyed in found}
        if cache is not None:
            cache.save()
        return self._take(files, problems, len(files), len(files), start)

    @paused_collection()
    def reload(self) -> Loaded:
        """The graph as it is now: files that may have changed are read, and parsed if they have.

        Raises:
            FolderError: a folder does not exist or cannot be listed. What was known is still known the next time.
        """
        start = time.monotonic()
        sources, problems = find_sources(self._folders)
        changed: list[_Stamped] = []
        unsure: list[_Stamped] = []
        for source in sources:
            stamp, before = file_stamp(source), self._files.get(source.path, _NEW)
            if stamp is None or before.stamp is None or stamp.content != before.stamp.content:
                changed.append((source, stamp))
            elif not before.stamp.is_settled:
                unsure.append((source, stamp))
        read = self._read(changed, useful_processes(len(changed))) | self._read(unsure, 1)
        paths = [source.path for source in sources]
        files = {path: read.get(path) or self._files[path] for path in paths}
        parsed_count = sum(file.parsed is not self._files.get(path, _NEW).parsed for path, file in read.items())
        return self._take(files, problems, len(read), parsed_count, start)

    def _read(self, stamped: Sequence[_Stamped], processes: int) -> dict[str, _File]:
        """The files by path; one whose content is still the same says it with the same object."""
        sources = [source for source, _ in stamped]
        before = [self._files.get(source.path, _NEW) for source in sources]
        known = {file.key: file.parsed for file in before if file.key is not None}
        parsed = parse_unknown(sources, known.get, processes, self._references.shared)
        return {source.path: _File(stamp, *keyed) for (source, stamp), keyed in zip(stamped, parsed, strict=True)}

    def _take(
        self, files: dict[str, _File], problems: list[Problem], read_count: int, parsed_count: int, start: float
    ) -> Loaded:
        if not self._snapshots or problems != self._problems or _identities(files) != _identities(self._files):
            self._snapshots = self._built(files.values(), problems)
        self._files, self._problems = files, problems
        self._references.renew(files.values())
        return Loaded(self._snapshots, len(files), read_count, parsed_count, time.monotonic() - start)

    def _built(self, files: Collection[_File], problems: Sequence[Problem]) -> Mapping[bool, GraphSnapshot]:
        loaded = LoadResult(problems=list(problems))
        for file in files:
            loaded.add(file.key, file.parsed)
        snapshots: dict[bool, GraphSnapshot] = {}
        for include_unpublished, recall in self._recalls.items():
            snapshot = build_snapshot(merge(loaded, include_unpublished, recall), recall=recall)
            before = self._snapshots.get(include_unpublished, snapshot)
            snapshots[include_unpublished] = before if before.version == snapshot.version else snapshot
        for recall in self._recalls.values():
            recall.end_round()
        return MappingProxyType(snapshots)


def _identities(files: Mapping[str, _File]) -> list[int]:
    return [id(file.parsed) for file in files.values()]

"""Folders → everything their files say: the pipeline from files to records, readable at a glance."""

import os
import stat
from bisect import insort
from collections import Counter
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from graph.checkpoints import checkpoint
from graph.memory import paused_collection
from graph.problems import Problem
from graph.reading.copies import CheckedCopies
from graph.reading.files import FileStamp, SourceFile, file_stamp, read_source
from graph.reading.folders import FoundSources, find_sources
from graph.reading.parallel import KeyedFile, parse_files, useful_processes
from graph.reading.parse_cache import ParseCache
from graph.reading.parsing import ParsedFile, content_key, parse_source
from graph.reading.records import CatalogueEntry, Document, SharedReferences
from graph.reading.site_roots import LeftOut, may_cascade
from graph.reading.term_files import site_persons
from graph.sites.content import NotRead
from graph.sites.options import NO_OPTIONS, SiteOptions
from graph.sites.site import Site

Track = Callable[[Sequence[SourceFile]], Iterable[SourceFile]]
"""Yields the files one by one, so that a caller can show how far the loading is."""

Find = Callable[[bytes], ParsedFile | None]
"""What a file with this `content_key` says, if that is known."""

_FEW_COPIES = 1_000


@dataclass(slots=True)
class LoadResult:
    """What the files say, in the order of the files, before anything is merged."""

    documents: list[Document] = field(default_factory=list)
    catalogue: list[CatalogueEntry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    file_count: int = 0
    read_count: int = 0
    """Files that were read, since they may have changed."""
    parsed_count: int = 0
    """Files that had changed."""
    sites_read: Sequence[tuple[Site, int]] = ()
    """The sites that the folders are or hold, each with how many of its files were read; a plain folder in which nothing is but sites is none."""
    left_out: Mapping[NotRead, LeftOut] = field(default_factory=dict)
    """What is not read, by reason."""
    sites: dict[str, Site] = field(default_factory=dict)
    """The site that each file belongs to, by the file's label; those of plain folders may be left out."""
    is_news: bool = True
    """Whether anything is said that was not said the last time, or the other way round."""

    def add(self, source: SourceFile, parsed: ParsedFile) -> None:
        """What the next file says."""
        self.sites[source.label] = source.site
        if parsed.document is not None:
            self.documents.append(parsed.document)
        self.catalogue.extend(parsed.entries)
        self.problems.extend(parsed.problems)
        self.file_count += 1


@dataclass(frozen=True, slots=True)
class _File:
    """What a file said, and how it stood before it was read."""

    source: SourceFile
    stamp: FileStamp | None
    key: bytes | None
    parsed: ParsedFile

    def is_of(self, source: SourceFile) -> bool:
        """Whether it was read as this source: what a file says depends on what its folder is, too."""
        old = self.source
        return (old.label, old.kind) == (source.label, source.kind) and (
            old.site is source.site or old.site.fingerprint == source.site.fingerprint
        )


_Stamped = tuple[SourceFile, FileStamp | None]


class _Found(NamedTuple):
    """The files to answer for."""

    sources: Sequence[SourceFile]
    problems: list[Problem]
    """Those of finding them."""
    changed: Sequence[_Stamped]
    unsure: Sequence[_Stamped]
    """Files whose times do not tell whether they have changed."""


class SourceFolders:
    """A set of folders, and what their files said the last time. Not for several threads at once."""

    def __init__(self, folders: Sequence[Path], options: SiteOptions = NO_OPTIONS) -> None:
        self._folders = tuple(folders)
        self._options = options
        self._sources: FoundSources | None = None
        """What was found when the folders were looked through."""
        self._files: dict[str, _File] | None = None
        """By path, in the order of the files; None before the first time."""
        self._problems: list[Problem] = []
        """Those of finding the files."""
        self._references = SharedReferences()
        self._references_limit = 0

    @paused_collection()
    def read(
        self,
        track: Track = iter,
        cache: ParseCache | None = None,
        processes: int | None = None,
        touched: Collection[str] = (),
    ) -> LoadResult:
        """Everything that the files say; a bad file costs that file and is reported.

        Only files that may have changed since the last time are read, and only those that have are parsed; of the others
        the same objects are answered. What is said depends neither on that, nor on what the cache knows, nor on how many
        processes parse (None: as many as help). `track` is told of the files to read.

        `touched` are the paths that were written, made or removed since the last time, if the caller knows that no others were.
        Where all of them are documents in folders that others were in and still are, the folders need not be looked through.

        Raises:
            FolderError: a folder does not exist or cannot be listed. What was known is still known the next time.
        """
        found = self._touched(touched) or self._found()
        read = dict(self._read(found.changed, track, cache, processes))
        read |= self._read(found.unsure, iter, None, 1)
        before = self._files or {}
        files = {source.path: read.get(source.path) or before[source.path] for source in found.sources}
        if cache is not None:
            cache.save()
        return self._taken(files, found.problems, read)

    def _touched(self, touched: Collection[str]) -> "_Found | None":
        """The files with those that were touched as the changed ones; None if the folders must be looked through."""
        known = self._files or {}
        rewritten: list[SourceFile] = []
        made: list[SourceFile] = []
        removed: set[str] = set()
        for path in {*touched}:
            old, is_plain = known.get(path), _is_plain_file(path)
            if old and is_plain:
                source: SourceFile | None = old.source
            else:
                source = self._sources.document_at(path) if self._sources else None
            if source is None or may_cascade(source.label, source.site):
                return None  # it may concern other files
            if is_plain:
                (rewritten if old else made).append(source)
            elif old is None or os.path.lexists(path):
                return None
            else:
                removed.add(path)
        if not touched or not _have_others(known, [source.path for source in made], removed):
            return None
        sources = [file.source for path, file in known.items() if path not in removed]
        for source in made:
            insort(sources, source, key=_place)
        changed = [(source, file_stamp(source)) for source in (*rewritten, *made)]
        return _Found(sources, self._problems, changed, [])

    def _found(self) -> "_Found":
        found = self._sources = find_sources(self._folders, self._options)
        known = self._files or {}
        changed: list[_Stamped] = []
        unsure: list[_Stamped] = []
        for source in found.sources:
            stamp, old = file_stamp(source), known.get(source.path)
            if (
                stamp is None
                or old is None
                or old.stamp is None
                or stamp.content != old.stamp.content
                or not old.is_of(source)
            ):
                changed.append((source, stamp))
            elif not old.stamp.is_settled:
                unsure.append((source, stamp))
        return _Found(found.sources, [*found.problems], changed, unsure)

    def _read(
        self,
        stamped: Sequence[_Stamped],
        track: Track,
        cache: ParseCache | None,
        processes: int | None,
    ) -> Iterator[tuple[str, _File]]:
        """The files by path; one whose content is still the same says it with the same object."""
        sources = [source for source, _ in stamped]
        known = {file.key: file.parsed for file in (self._files or {}).values() if file.key is not None}
        stages = known.get, self._references, cache, processes or useful_processes(len(sources))
        with closing(_said(sources, *stages)) as said:
            for _, (source, stamp), (key, parsed) in zip(track(sources), stamped, said, strict=True):
                yield source.path, _File(source, stamp, key, parsed)

    def _taken(self, files: dict[str, _File], problems: list[Problem], read: dict[str, _File]) -> LoadResult:
        before = self._files or {}
        result = LoadResult(
            problems=list(problems),
            read_count=len(read),
            sites_read=_counted(self._sources.sites, files) if self._sources else (),
            left_out=self._sources.left_out if self._sources else {},
        )
        for file in files.values():
            result.add(file.source, file.parsed)
        for site in self._sources.sites if self._sources else ():
            entries, mistakes = site_persons(site)
            result.catalogue += entries
            result.problems += mistakes
        result.parsed_count = sum(
            path not in before or file.parsed is not before[path].parsed for path, file in read.items()
        )
        is_same = self._files is not None and problems == self._problems and _identities(files) == _identities(before)
        result.is_news = not is_same
        self._files, self._problems = files, problems
        self._forget_references(result.documents)
        return result

    def _forget_references(self, documents: Iterable[Document]) -> None:
        """Lets go of copies that no file embeds any more, as soon as they might be half of all."""
        if len(self._references) > self._references_limit:
            embedded = {copy: None for document in documents for copy in document.related if copy}
            self._references = SharedReferences(embedded)
            self._references_limit = 2 * len(self._references) + _FEW_COPIES


def load_folders(
    folders: Sequence[Path], track: Track = iter, cache: ParseCache | None = None, processes: int | None = None
) -> LoadResult:
    """What the files below the folders say, read once, as `SourceFolders.read` has it.

    Raises:
        FolderError: a folder does not exist or cannot be listed.
    """
    return SourceFolders(folders).read(track, cache, processes)


def _is_plain_file(path: str) -> bool:
    """Whether it is a file and nothing else has its content: neither a link that may lead anywhere, nor one name of several."""
    try:
        status = os.lstat(path)
    except OSError:
        return False
    return stat.S_ISREG(status.st_mode) and status.st_nlink == 1


def _have_others(known: Collection[str], made: Sequence[str], removed: Set[str]) -> bool:
    """Whether each folder in which a file was made or removed has another one that was known and stays."""
    folders = {_folder(path) for path in (*made, *removed)}
    return not folders or folders <= {_folder(path) for path in known if path not in removed}


def _folder(path: str) -> str:
    return path[: path.rfind(os.sep)]


def _place(source: SourceFile) -> list[str]:
    """Where a file comes among those of one folder, as `find_sources` has them."""
    return source.label.split("/")


def _counted(sites: Sequence[Site], files: Mapping[str, _File]) -> list[tuple[Site, int]]:
    counts = Counter(file.source.site.fingerprint for file in files.values())
    found = [(site, counts[site.fingerprint]) for site in sites]
    return [(site, count) for site, count in found if count or site.evidence] or found


def _identities(files: dict[str, _File]) -> list[int]:
    return [id(file.parsed) for file in files.values()]


def _said(
    sources: Sequence[SourceFile],
    known: Find,
    references: SharedReferences,
    cache: ParseCache | None,
    processes: int,
) -> Generator[KeyedFile, None, None]:
    """What each file says, in the order of the files. Close the iterator to end other processes early."""
    if cache is None:
        yield from _parsed(sources, known, processes, references)
        return
    is_useful = processes == 1 or 2 * len(cache) >= len(sources)  # else it is faster to parse all in several processes
    find = cache.find if is_useful else known
    with closing(_parsed(sources, find, 1 if is_useful else processes, references)) as files:
        for key, parsed in files:
            if key is not None and find(key) is None:
                cache.add(key, parsed)
            yield key, parsed


def _parsed(
    sources: Sequence[SourceFile], find: Find, processes: int, references: SharedReferences
) -> Generator[KeyedFile, None, None]:
    """As `_said`, with what `find` answers where that is something.

    Several processes parse known files too. Equal copies of articles become the one object that `references` holds.
    """
    if processes > 1:
        with closing(parse_files(sources, processes, references)) as files:
            for key, parsed in files:
                yield key, (key and find(key)) or parsed
        return
    copies = CheckedCopies(references)
    for source in sources:
        checkpoint()
        data = read_source(source)
        if isinstance(data, Problem):
            yield None, ParsedFile(problems=(data,))
            continue
        key = content_key(source, data)
        yield key, find(key) or parse_source(source, data, copies)

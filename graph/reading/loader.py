"""Folders → everything their files say: the pipeline from files to records, readable at a glance."""

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from graph.checkpoints import checkpoint
from graph.memory import paused_collection
from graph.problems import Problem
from graph.reading.documents import CatalogueEntry, CheckedCopies, Document, Reference
from graph.reading.files import SourceFile, find_sources, read_source
from graph.reading.parallel import KeyedFile, parse_files, useful_processes
from graph.reading.parse_cache import ParseCache
from graph.reading.parsing import ParsedFile, content_key, parse_source

Track = Callable[[Sequence[SourceFile]], Iterable[SourceFile]]
"""Yields the files one by one, so that a caller can show how far the loading is."""


@dataclass(slots=True)
class LoadResult:
    """What the files say, in the order of the files, before anything is merged."""

    documents: list[Document] = field(default_factory=list)
    catalogue: list[CatalogueEntry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    keys: list[bytes | None] = field(default_factory=list)
    """The `content_key` of each file, None for one that could not be read."""

    def add(self, key: bytes | None, parsed: ParsedFile) -> None:
        """What the next file says."""
        if parsed.document is not None:
            self.documents.append(parsed.document)
        if parsed.entry is not None:
            self.catalogue.append(parsed.entry)
        self.problems.extend(parsed.problems)
        self.keys.append(key)


def load_folders(
    folders: Sequence[Path], track: Track = iter, cache: ParseCache | None = None, processes: int | None = None
) -> LoadResult:
    """Everything that the files below the folders say; a bad file costs that file and is reported.

    What is said does not depend on what the cache knows, nor on how many processes parse (None: as many as help).

    Raises:
        FolderError: a folder does not exist or cannot be listed.
    """
    sources, problems = find_sources(folders)
    return load_sources(sources, problems, track, cache, processes)


@paused_collection()
def load_sources(
    sources: Sequence[SourceFile],
    problems: Iterable[Problem],
    track: Track = iter,
    cache: ParseCache | None = None,
    processes: int | None = None,
) -> LoadResult:
    """As `load_folders`, for files that were found already; `problems` are those of finding them."""
    result = LoadResult(problems=list(problems))
    with closing(read_files(sources, cache, processes)) as files:
        for _, (key, parsed) in zip(track(sources), files, strict=True):
            result.add(key, parsed)
    if cache is not None:
        cache.save()
    return result


def read_files(
    sources: Sequence[SourceFile], cache: ParseCache | None = None, processes: int | None = None
) -> Generator[KeyedFile, None, None]:
    """What each file says, in the order of the files. Close the iterator to end other processes early."""
    processes = processes or useful_processes(len(sources))
    if cache is None:
        yield from parse_unknown(sources, _unknown, processes, {})
        return
    is_useful = processes == 1 or 2 * len(cache) >= len(sources)
    find = cache.find if is_useful else _unknown
    with closing(parse_unknown(sources, find, 1 if is_useful else processes, {})) as files:
        for key, parsed in files:
            if key is not None and find(key) is None:
                cache.add(key, parsed)
            yield key, parsed


def _unknown(key: bytes) -> None:
    return None


def parse_unknown(
    sources: Sequence[SourceFile],
    find: Callable[[bytes], ParsedFile | None],
    processes: int,
    references: dict[Reference, Reference],
) -> Generator[KeyedFile, None, None]:
    """What each file says, in the order of the files; as `find` answers for its `content_key`, unless that is None.

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

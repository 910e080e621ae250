"""Folders → everything their files say: the pipeline from files to records, readable at a glance."""

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from graph.cycle_collection import paused_collection
from graph.documents import CatalogueEntry, CheckedCopies, Document
from graph.files import SourceFile, find_sources, read_source
from graph.parallel import KeyedFile, parse_files, useful_processes
from graph.parse_cache import ParseCache
from graph.parsing import ParsedFile, content_key, parse_source
from graph.problems import Problem

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
    with closing(_parsed(sources, cache, processes or useful_processes(len(sources)))) as parsed_files:
        for _, (key, parsed) in zip(track(sources), parsed_files, strict=True):
            if parsed.document is not None:
                result.documents.append(parsed.document)
            if parsed.entry is not None:
                result.catalogue.append(parsed.entry)
            result.problems.extend(parsed.problems)
            result.keys.append(key)
    if cache is not None:
        cache.save()
    return result


def _parsed(
    sources: Sequence[SourceFile], cache: ParseCache | None, processes: int
) -> Generator[KeyedFile, None, None]:
    if processes > 1 and (cache is None or 2 * len(cache) < len(sources)):
        with closing(parse_files(sources, processes)) as parsed_files:
            for key, parsed in parsed_files:
                if cache is not None and key is not None:
                    cache.add(key, parsed)
                yield key, parsed
        return
    copies = CheckedCopies()
    for source in sources:
        data = read_source(source)
        if isinstance(data, Problem):
            yield None, ParsedFile(problems=(data,))
            continue
        key = content_key(source, data)
        parsed_before = cache.find(key) if cache is not None else None
        parsed = parsed_before or parse_source(source, data, copies)
        if cache is not None and parsed_before is None:
            cache.add(key, parsed)
        yield key, parsed

"""Folders → everything their files say: the pipeline from files to records, readable at a glance."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from graph.documents import CatalogueEntry, CheckedCopies, Document, check_catalogue_entry, check_document
from graph.files import SourceFile, SourceKind, find_sources, read_text
from graph.front_matter import FrontMatter, parse_catalogue, parse_front_matter
from graph.problems import Problem, ProblemCode, error, warning
from graph.yaml_reader import FrontMatterError

Track = Callable[[Sequence[SourceFile]], Iterable[SourceFile]]
"""Yields the files one by one, so that a caller can show how far the loading is."""


@dataclass(slots=True)
class LoadResult:
    """What the files say, in the order of the files, before anything is merged."""

    documents: list[Document] = field(default_factory=list)
    catalogue: list[CatalogueEntry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def load_folders(folders: Sequence[Path], track: Track = iter) -> LoadResult:
    """Everything that the files below the folders say; a bad file costs that file and is reported.

    Raises:
        FolderError: a folder does not exist or cannot be listed.
    """
    sources, problems = find_sources(folders)
    result = LoadResult(problems=problems)
    copies = CheckedCopies()
    for source in track(sources):
        _load_file(source, result, copies)
    return result


def _load_file(source: SourceFile, result: LoadResult, copies: CheckedCopies) -> None:
    text = read_text(source)
    if isinstance(text, Problem):
        result.problems.append(text)
        return
    try:
        front_matter = _parse(source, text)
    except FrontMatterError as cause:
        result.problems.append(error(cause.code, str(cause), file=source.label, line=cause.line))
        return
    if front_matter is None:
        if source.suffix != ".html":  # pages without front matter are no documents, as Jekyll sees it
            result.problems.append(_missing_front_matter(source, text))
    elif source.kind is SourceKind.ARTICLE:
        document, problems = check_document(source.label, front_matter, copies)
        result.documents.append(document)
        result.problems.extend(problems)
    else:
        entry, problems = check_catalogue_entry(source.label, source.kind, front_matter)
        result.problems.extend(problems)
        if entry is not None:
            result.catalogue.append(entry)


def _parse(source: SourceFile, text: str) -> FrontMatter | None:
    if source.kind is SourceKind.ARTICLE:
        return parse_front_matter(text)
    return parse_catalogue(text, source.suffix)


def _missing_front_matter(source: SourceFile, text: str) -> Problem:
    state = "has no front matter" if text.strip() else "is empty"
    advice = "begin it with a line “---”, fields, and a second line “---”"
    if text.lstrip().startswith("{"):
        advice += "; or, for JSON, put its first “{” and its last “}” on lines of their own"
    message = f"The file {state}, so it is no article; {advice}."
    return warning(ProblemCode.FRONT_MATTER_MISSING, message, file=source.label, line=1)

"""One file's content → what it says, whatever it is."""

import hashlib
from dataclasses import dataclass
from pathlib import PurePosixPath

from graph.problems import Problem, ProblemCode, error, warning
from graph.reading.catalogue_entries import check_catalogue_entry
from graph.reading.copies import CheckedCopies
from graph.reading.documents import check_document
from graph.reading.files import TERM_FILES, SourceFile, SourceKind, decode_text
from graph.reading.front_matter import FrontMatter, parse_catalogue, parse_front_matter, without_front_matter
from graph.reading.full_yaml import FrontMatterError
from graph.reading.records import CatalogueEntry, Document
from graph.reading.term_files import check_term, check_terms, described
from graph.sites.site import SiteSystem

_NEED_FRONT_MATTER = frozenset({SiteSystem.JEKYLL, SiteSystem.ZOLA})
"""For these a file without front matter is no page."""
KEY_LENGTH = 16
"""Bytes of a `content_key`."""


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """What one file says: an article, or entries of a catalogue, or both, or neither, with what is wrong with it."""

    document: Document | None = None
    entries: tuple[CatalogueEntry, ...] = ()
    problems: tuple[Problem, ...] = ()


def parse_source(source: SourceFile, data: bytes, copies: CheckedCopies) -> ParsedFile:
    """What the file says; it depends on the content, on the file's label, kind and site, and on nothing else."""
    text = decode_text(data, source.label)
    if isinstance(text, Problem):
        return ParsedFile(problems=(text,))
    try:
        front_matter = _front_matter(source, text, copies)
    except FrontMatterError as cause:
        return ParsedFile(problems=(error(cause.code, str(cause), file=source.label, line=cause.line),))
    if front_matter is None:
        if source.suffix == ".html":  # pages without front matter are no documents, as Jekyll sees it
            return ParsedFile()
        if (
            source.kind is not SourceKind.ARTICLE
            or source.site.system in _NEED_FRONT_MATTER
            or not _is_whole(source, text)
        ):
            return ParsedFile(problems=(_missing_front_matter(source, text),))
        front_matter = without_front_matter(text)
    if source.kind is SourceKind.ARTICLE:
        return _article(source, front_matter, copies)
    if source.kind is SourceKind.PERSON or PurePosixPath(source.label).stem in TERM_FILES:
        entries, problems = check_terms(source.label, source.kind, front_matter, source.site)
        return ParsedFile(entries=tuple(entries), problems=tuple(problems))
    entry, problems = check_catalogue_entry(source.label, source.kind, front_matter, source.site)
    return ParsedFile(entries=(entry,) if entry else (), problems=tuple(problems))


def _article(source: SourceFile, front_matter: FrontMatter, copies: CheckedCopies) -> ParsedFile:
    found = described(source)
    entry, problems = check_term(source.label, found, front_matter, source.site) if found else (None, [])
    entries = (entry,) if entry else ()
    if found and not found.is_article:
        return ParsedFile(entries=entries, problems=tuple(problems))
    document, problems = check_document(source.label, front_matter, copies, source.site)
    return ParsedFile(document, entries, tuple(problems))


def _front_matter(source: SourceFile, text: str, copies: CheckedCopies) -> FrontMatter | None:
    if source.kind is SourceKind.ARTICLE:
        return parse_front_matter(text, copies.items)
    return parse_catalogue(text, source.suffix, may_be_list=PurePosixPath(source.label).stem in TERM_FILES)


def _is_whole(source: SourceFile, text: str) -> bool:
    """Whether a text without front matter is a document: an empty one is only where a note may be no more than its name."""
    return bool(text.strip()) or source.site.system is SiteSystem.OBSIDIAN


def _missing_front_matter(source: SourceFile, text: str) -> Problem:
    state = "has no front matter" if text.strip() else "is empty"
    advice = "begin it with a line “---”, fields, and a second line “---”"
    message = f"The file {state}, so it is no article; {advice}."
    return warning(ProblemCode.FRONT_MATTER_MISSING, message, file=source.label, line=1)


def content_key(source: SourceFile, data: bytes) -> bytes:
    """A hash of all that `parse_source` depends on, besides the program itself.

    SHA-256, since processors have instructions for it: every file is hashed at every start.
    """
    digest = hashlib.sha256(f"{source.kind.value}\0{source.suffix}\0{source.label}\0".encode())
    digest.update(source.site.fingerprint)
    digest.update(data)
    return digest.digest()[:KEY_LENGTH]

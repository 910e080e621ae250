"""Finds the files to load in folders of any size.

Paths of files are text here, since there are many, and making objects of them takes longer than listing the folders.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple
from unicodedata import is_normalized

from graph.errors import FolderError
from graph.links import composed
from graph.problems import Problem, ProblemCode, error, warning
from graph.reading.files import CATALOGUE_SUFFIXES, DOCUMENT_SUFFIXES, TERM_FILES, SourceFile, SourceKind, suffix_of
from graph.reading.site_places import DiskPlace
from graph.reading.site_roots import IgnoreFile, LeftOut, Sites, faults, merged
from graph.sites.content import UNREAD_SUFFIXES, NotRead, is_apparatus
from graph.sites.options import NO_OPTIONS, SiteOptions
from graph.sites.recognition import may_tell_of_a_site
from graph.sites.site import PLAIN_SITE, Site

_ORDINARY = re.compile(r"[ -~]*")
"""What nearly all names are: printable ASCII."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_ALWAYS_TELLING = frozenset({".authors.yml", ".eleventy.js", ".gitignore", "CNAME", "app.json", "templates.json"})
"""Hidden files by which a site may be known, and one without an ending; the last two in `.obsidian`, which changes all the time."""
_CATALOGUE_FOLDERS = {
    "topics": SourceKind.TOPIC,
    "organizations": SourceKind.ORGANIZATION,
    **dict.fromkeys(("authors", "people"), SourceKind.PERSON),
}
_DATA_FOLDERS = ("_data", "data")


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder to load, or one below it."""

    path: Path
    root: Path
    """The folder to load, resolved."""
    label: str
    """What stands before the names of what it holds: empty, or ends with a slash."""
    real: str
    """The path without symbolic links."""
    ignored: tuple[IgnoreFile, ...] = ()
    """The `.gitignore` files above it, the nearest first."""


class _Found(NamedTuple):
    """A file, and where it really stands."""

    path: str
    label: str
    kind: SourceKind | None
    """None for a format that is not read."""
    real_path: str
    ignored: tuple[IgnoreFile, ...]


@dataclass(frozen=True, slots=True)
class FoundSources:
    """What is to be loaded, and what is not."""

    sources: Sequence[SourceFile]
    sites: Sequence[Site]
    """The sites that the loaded folders are or hold."""
    left_out: Mapping[NotRead, LeftOut]
    problems: Sequence[Problem]
    finder: Sites | None
    """Which found the sites of the folder, if no file concerns others: there is one folder, there are no symbolic links, and documents
    do not tell what the folder is."""

    def document_at(self, path: str) -> SourceFile | None:
        """The document at a path that is new, or just gone, if nothing else follows from that; None if it needs a closer look.

        There have to be other documents in its folder, since a folder in which there is nothing may be no part of a site.
        """
        directory, name = os.path.split(path)
        if self.finder is None or directory not in self.finder.listed:
            return None
        if not _ORDINARY.fullmatch(name) or name.startswith((".", "_")) or may_tell_of_a_site(path):
            return None
        label, ignored = self.finder.listed[directory]
        folder = Path(directory)
        is_document = _source_kind(name, _catalogue(folder), folder) is SourceKind.ARTICLE
        if not is_document or self.finder.leaves_out_file(label + name, path, ignored):
            return None
        return SourceFile(path, label + name, SourceKind.ARTICLE, self.finder.site_of(label))


def find_sources(folders: Sequence[Path], options: SiteOptions = NO_OPTIONS) -> FoundSources:
    """The files to load: folder by folder as given, in each by label (compared part by part, as Unicode).

    Hidden files and folders are left out, and what is no content of its site. Symbolic links are followed only to places
    inside the same folder, and every real file is taken once, by the first path that reaches it.

    Raises:
        FolderError: a folder does not exist, is no folder, or cannot be listed.
    """
    sources: list[SourceFile] = []
    problems: list[Problem] = faults(options)
    found_sites: list[Sites] = []
    seen: set[str] = set()
    for folder in _labelled(folders):
        sites = Sites(folder.label, str(folder.root), options)
        found_sites.append(sites)
        files: list[_Found] = []
        for found in _walk(folder, sites):
            if isinstance(found, Problem):
                problems.append(found)
            elif found.real_path not in seen:
                seen.add(found.real_path)
                files.append(found)
        sites.ask_documents({file.label: file.path for file in files if file.kind is SourceKind.ARTICLE})
        sites.read_cascades({file.label: file.path for file in files if file.kind is SourceKind.ARTICLE})
        sources.extend(_sources(files, sites))
        problems.extend(sites.problems)
    left_out = merged([sites.left_out for sites in found_sites])
    is_simple = len(found_sites) == 1 and not any(one.is_told_by_documents or one.has_links for one in found_sites)
    return FoundSources(
        sources,
        [site for sites in found_sites for site in sites.sites()],
        left_out,
        problems,
        found_sites[0] if is_simple else None,
    )


def _sources(files: Iterable[_Found], sites: Sites) -> Iterator[SourceFile]:
    """Those of the files that are read."""
    site, folder = PLAIN_SITE, None
    for file in files:
        if (here := file.label[: file.label.rfind("/") + 1]) != folder:
            site, folder = sites.site_of(here), here
        if file.kind is None:
            if not sites.leaves_out_file(file.label, file.path, file.ignored):
                sites.leave_out(NotRead.FORMAT, file.label)
        elif file.kind is not SourceKind.ARTICLE:
            if not sites.leaves_out_catalogue(file.label, file.ignored):
                yield SourceFile(file.path, file.label, file.kind, site)
        elif not sites.leaves_out_file(file.label, file.path, file.ignored):
            yield SourceFile(file.path, file.label, file.kind, site)


def labelled_roots(folders: Sequence[Path]) -> dict[str, Path]:
    """Where the files of each folder stand, by what their names begin with: nothing, or a label and a slash.

    Raises:
        FolderError: as `find_sources`.
    """
    return {folder.label: folder.root for folder in _labelled(folders)}


def _labelled(folders: Sequence[Path]) -> Iterator[_Folder]:
    taken: set[str] = set()
    for folder in folders:
        try:
            root = folder.resolve(strict=True)
            os.scandir(root).close()
        except NotADirectoryError as cause:
            raise FolderError(f"{folder} is not a folder: name the folder that holds the documents.") from cause
        except (OSError, RuntimeError) as cause:
            reason = cause.strerror if isinstance(cause, OSError) and cause.strerror else "a loop of symbolic links"
            raise FolderError(f"The folder {folder} cannot be read: {reason}.") from cause
        if len(folders) == 1:
            yield _Folder(root, root, "", str(root))
            continue
        shown = _shown(root.name)
        name, number = shown, 2
        while name in taken:
            name, number = f"{shown}-{number}", number + 1
        taken.add(name)
        yield _Folder(root, root, f"{name}/", str(root))


def _walk(folder: _Folder, sites: Sites) -> Iterator[_Found | Problem]:
    """What the folder holds, in order; without recursion, since folders may nest deeper than Python calls."""
    pending: list[_Found | Problem | _Folder] = [folder]
    listed: set[tuple[str, str]] = set()
    while pending:
        found = pending.pop()
        if not isinstance(found, _Folder):
            yield found
            continue
        place = found.real, _role(found.path)
        if place not in listed:  # links may lead here again, or in circles
            listed.add(place)
            pending.extend(reversed(list(_listing(found, sites))))


def _role(directory: Path) -> str:
    """What a folder's name says of the files below it; nothing, but for catalogues."""
    return directory.name if "_data" in (directory.name, directory.parent.name) else ""


def _listing(folder: _Folder, sites: Sites) -> Iterator[_Found | Problem | _Folder]:
    try:
        entries = _named(os.scandir(folder.path))
    except OSError as cause:
        yield error(
            ProblemCode.FOLDER_UNREADABLE,
            f"The folder cannot be listed ({cause.strerror}); check its permissions.",
            file=folder.label.removesuffix("/") or ".",
        )
        return
    names = frozenset(entry.name for _, entry in entries)
    folder = replace(folder, ignored=sites.enter(folder.label, folder.real, names, folder.ignored))
    sites.listed[folder.real] = folder.label, folder.ignored
    catalogue = _catalogue(folder.path)
    prefix = os.path.join(folder.real, "")
    for name, entry in entries:
        if not name.startswith(".") or _term_kind(name):
            kind = _source_kind(entry.name, catalogue, folder.path)
            yield from _entry(folder, name, entry, prefix + entry.name, kind, sites)


def _named(entries: Iterable[os.DirEntry[str]]) -> list[tuple[str, os.DirEntry[str]]]:
    """The entries by the names under which they are shown; of names that differ in composition alone all but one stay so."""
    by_name: dict[str, os.DirEntry[str]] = {}
    for entry in sorted(entries, key=lambda entry: (not is_normalized("NFC", entry.name), entry.name)):
        name = _shown(entry.name)
        by_name[name if name not in by_name else _printable(entry.name)] = entry
    return sorted(by_name.items(), key=itemgetter(0))


def _entry(
    folder: _Folder, name: str, entry: os.DirEntry[str], real_path: str, kind: SourceKind | None, sites: Sites
) -> Iterator[_Found | Problem | _Folder]:
    """A file to read, or a folder to list, or what is wrong with either; `real_path` is right unless it is a link."""
    label = folder.label + name
    try:
        if entry.is_symlink():
            sites.has_links = True
            target = Path(entry.path).resolve(strict=True)
            real_path = str(target)
            if not target.is_relative_to(folder.root):
                if kind or target.is_dir():
                    message = "The symbolic link leads out of the loaded folder and is not followed; load its target as a folder of its own."
                    yield warning(ProblemCode.LINK_OUTSIDE_FOLDER, message, file=label)
                return
        is_directory = entry.is_dir()
    except (OSError, RuntimeError) as cause:
        if kind:
            reason = (cause.strerror if isinstance(cause, OSError) else None) or "a loop of symbolic links"
            message = f"The file cannot be opened ({reason}); mend or remove it."
            yield error(ProblemCode.FILE_UNREADABLE, message, file=label)
        return
    if is_directory:
        if sites.leaves_out_folder(f"{label}/", folder.ignored):
            return
        if suffix_of(entry.name) in DOCUMENT_SUFFIXES:
            message = "This is a folder with the name of a document; its content is read. Rename it to avoid confusion."
            yield warning(ProblemCode.FOLDER_NAMED_LIKE_FILE, message, file=label)
        yield _Folder(Path(entry.path), folder.root, f"{label}/", real_path, folder.ignored)
    elif kind or suffix_of(entry.name) in UNREAD_SUFFIXES:
        yield _Found(entry.path, label, kind, real_path, folder.ignored)


def _catalogue(directory: Path) -> SourceKind | None:
    """What the files of a folder describe, if it is one of data."""
    kind = _CATALOGUE_FOLDERS.get(directory.name) if directory.parent.name in _DATA_FOLDERS else None
    return kind if directory.parent.name == "_data" or kind is SourceKind.PERSON else None


def _term_kind(name: str) -> SourceKind | None:
    """What a file of data describes that has many in it."""
    stem, suffix = os.path.splitext(name)
    return TERM_FILES.get(stem) if suffix.lower() in CATALOGUE_SUFFIXES - DOCUMENT_SUFFIXES else None


def may_matter(path: Path, root: Path) -> bool:
    """Whether something that was made, written or removed here may change what is found below the root.

    What is gone may have been a folder of documents, whatever its name.
    """
    parts = path.relative_to(root).parts
    if path.name in _ALWAYS_TELLING or parts[-2:-1] == (".obsidian",):
        return path.name in _ALWAYS_TELLING
    if parts[-2:-1] in ((".vitepress",), (".vuepress",)):
        return path.name.startswith("config.")
    if any(part.startswith(".") for part in parts):
        return not any(part.startswith(".") for part in parts[:-1]) and _term_kind(path.name) is not None
    is_telling = may_tell_of_a_site(path.as_posix()) or _is_inherited(path, root)
    return (
        (is_telling and not any(map(is_apparatus, parts)))
        or bool(_source_kind(path.name, _catalogue(path.parent), path.parent))
        or path.is_dir()
        or not os.path.lexists(path)
    )


def _is_inherited(path: Path, root: Path) -> bool:
    """Whether a configuration of MkDocs in the file's folder or above it names the file, as what it is based on."""
    if suffix_of(path.name) not in (".yaml", ".yml"):
        return False
    above = [folder for folder in path.parents if folder.is_relative_to(root)]
    places = (DiskPlace(str(folder), "", str(root)) for folder in above)
    return any(path.name in found[1] for place in places if (found := place.text("mkdocs.yml", "mkdocs.yaml")))


def _member_kind(name: str, directory: Path) -> SourceKind | None:
    """What a file of data describes that is one of a collection of Astro, `src/content/authors/ada.json`."""
    is_data = suffix_of(name) in CATALOGUE_SUFFIXES - DOCUMENT_SUFFIXES and directory.parent.name == "content"
    kind = _CATALOGUE_FOLDERS.get(directory.name) if is_data else None
    return kind if kind is SourceKind.PERSON else None


def _source_kind(name: str, catalogue: SourceKind | None, directory: Path) -> SourceKind | None:
    suffix = suffix_of(name)
    if catalogue is not None:
        return catalogue if suffix in CATALOGUE_SUFFIXES else None
    return SourceKind.ARTICLE if suffix in DOCUMENT_SUFFIXES else _term_kind(name) or _member_kind(name, directory)


def _shown(name: str) -> str:
    """The name as text that can be printed on a line and compared, whatever its bytes are."""
    return name if _ORDINARY.fullmatch(name) else composed(_printable(name))


def _printable(name: str) -> str:
    try:
        data = name.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # a lone surrogate, which only Windows has in names
        data = name.encode("utf-8", "backslashreplace")
    text = data.decode("utf-8", "backslashreplace")
    return _CONTROL.sub(lambda match: match[0].encode("unicode_escape").decode(), text)

"""Finds and reads source files; the only module that opens them.

Paths of files are text here, since there are many, and making objects of them takes longer than listing the folders.
"""

import os
import re
import stat
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from io import BufferedReader
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple
from unicodedata import is_normalized

from graph.errors import FolderError
from graph.links import composed
from graph.problems import Problem, ProblemCode, error, warning
from graph.sites.site import PLAIN_SITE, Site

FILE_LIMIT = 16 * 1024 * 1024
"""Bytes; a larger file is left out, so that one file cannot exhaust memory."""

_SETTLED_NANOSECONDS = 2_500_000_000
"""The coarsest times in use are those of FAT, which count every second second."""
_ORDINARY = re.compile(r"[ -~]*")
"""What nearly all names are: printable ASCII."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
DOCUMENT_SUFFIXES = frozenset({".md", ".markdown", ".mdown", ".html"})
CATALOGUE_SUFFIXES = frozenset({".yaml", ".yml", ".json", ".toml", *DOCUMENT_SUFFIXES})


class SourceKind(Enum):
    """What a file describes, known from where it stands."""

    ARTICLE = "ARTICLE"
    TOPIC = "TOPIC"
    ORGANIZATION = "ORGANIZATION"


_CATALOGUE_FOLDERS = {"topics": SourceKind.TOPIC, "organizations": SourceKind.ORGANIZATION}


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read."""

    path: str
    label: str
    """The path below the loaded folder, with forward slashes; with several folders, their names come first. Printable, and
    composed (NFC), so that it is the same wherever the folder was copied to; `path` is what the system knows."""
    kind: SourceKind
    site: Site = PLAIN_SITE

    @property
    def suffix(self) -> str:
        return _suffix(self.path)


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
    site: Site
    """The site that it belongs to."""


def find_sources(folders: Sequence[Path]) -> tuple[list[SourceFile], list[Problem]]:
    """The files to load: folder by folder as given, in each by label (compared part by part, as Unicode).

    Hidden files and folders are left out. Symbolic links are followed only to places inside the same folder, and
    every real file is taken once, by the first path that reaches it.

    Raises:
        FolderError: a folder does not exist, is no folder, or cannot be listed.
    """
    sources: list[SourceFile] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for folder in _labelled(folders):
        for found in _walk(folder):
            if isinstance(found, Problem):
                problems.append(found)
            elif found.real_path not in seen:
                seen.add(found.real_path)
                sources.append(found.source)
    return sources, problems


def labelled_roots(folders: Sequence[Path]) -> dict[str, Path]:
    """Where the files of each folder stand, by what their names begin with: nothing, or a label and a slash.

    Raises:
        FolderError: as `find_sources`.
    """
    return {folder.label: folder.root for folder in _labelled(folders)}


class _Found(NamedTuple):
    """A file, and where it really stands."""

    source: SourceFile
    real_path: str


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
            yield _Folder(root, root, "", str(root), PLAIN_SITE)
            continue
        shown = _shown(root.name)
        name, number = shown, 2
        while name in taken:
            name, number = f"{shown}-{number}", number + 1
        taken.add(name)
        yield _Folder(root, root, f"{name}/", str(root), PLAIN_SITE)


def _walk(folder: _Folder) -> Iterator[_Found | Problem]:
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
            pending.extend(reversed(list(_listing(found))))


def _role(directory: Path) -> str:
    """What a folder's name says of the files below it; nothing, but for catalogues."""
    return directory.name if "_data" in (directory.name, directory.parent.name) else ""


def _listing(folder: _Folder) -> Iterator[_Found | Problem | _Folder]:
    try:
        entries = _named(os.scandir(folder.path))
    except OSError as cause:
        yield error(
            ProblemCode.FOLDER_UNREADABLE,
            f"The folder cannot be listed ({cause.strerror}); check its permissions.",
            file=folder.label.removesuffix("/") or ".",
        )
        return
    catalogue = _catalogue(folder.path)
    prefix = os.path.join(folder.real, "")
    for name, entry in entries:
        if not name.startswith("."):
            yield from _entry(folder, name, entry, prefix + entry.name, _source_kind(entry.name, catalogue))


def _named(entries: Iterable[os.DirEntry[str]]) -> list[tuple[str, os.DirEntry[str]]]:
    """The entries by the names under which they are shown; of names that differ in composition alone all but one stay so."""
    by_name: dict[str, os.DirEntry[str]] = {}
    for entry in sorted(entries, key=lambda entry: (not is_normalized("NFC", entry.name), entry.name)):
        name = _shown(entry.name)
        by_name[name if name not in by_name else _printable(entry.name)] = entry
    return sorted(by_name.items(), key=itemgetter(0))


def _entry(
    folder: _Folder, name: str, entry: os.DirEntry[str], real_path: str, kind: SourceKind | None
) -> Iterator[_Found | Problem | _Folder]:
    """A file to read, or a folder to list, or what is wrong with either; `real_path` is right unless it is a link."""
    label = folder.label + name
    try:
        if entry.is_symlink():
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
        if _suffix(entry.name) in DOCUMENT_SUFFIXES:
            message = "This is a folder with the name of a document; its content is read. Rename it to avoid confusion."
            yield warning(ProblemCode.FOLDER_NAMED_LIKE_FILE, message, file=label)
        yield _Folder(Path(entry.path), folder.root, f"{label}/", real_path, folder.site)
    elif kind:
        yield _Found(SourceFile(entry.path, label, kind, folder.site), real_path)


def _catalogue(directory: Path) -> SourceKind | None:
    return _CATALOGUE_FOLDERS.get(directory.name) if directory.parent.name == "_data" else None


def may_matter(path: Path, root: Path) -> bool:
    """Whether something that was made, written or removed here may change what is found below the root.

    What is gone may have been a folder of documents, whatever its name.
    """
    if any(part.startswith(".") for part in path.relative_to(root).parts):
        return False
    return bool(_source_kind(path.name, _catalogue(path.parent))) or path.is_dir() or not os.path.lexists(path)


def _source_kind(name: str, catalogue: SourceKind | None) -> SourceKind | None:
    suffix = _suffix(name)
    if catalogue is not None:
        return catalogue if suffix in CATALOGUE_SUFFIXES else None
    return SourceKind.ARTICLE if suffix in DOCUMENT_SUFFIXES else None


def _suffix(path: str) -> str:
    return os.path.splitext(path)[1].lower()


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


@dataclass(frozen=True, slots=True)
class FileStamp:
    """What tells, without reading it, that a file was not written since: valid for as long as this process lives."""

    content: tuple[int, ...]
    """Place on the disk, size, and both times of the last change."""
    is_settled: bool
    """Whether the last change is so long ago that another one would show in the times, however coarse they are."""


def file_stamp(source: SourceFile) -> FileStamp | None:
    """The file's stamp now; None if there is none to be had. Ask for it before the file is read, not after."""
    try:
        status = os.stat(source.path)
    except OSError:
        return None
    changed = max(status.st_mtime_ns, status.st_ctime_ns)
    content = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    return FileStamp(content, time.time_ns() - changed > _SETTLED_NANOSECONDS)


def read_source(source: SourceFile) -> bytes | Problem:
    """What the file holds, or what keeps it from being read."""
    try:
        status = os.stat(source.path)
        if not stat.S_ISREG(status.st_mode):
            return error(
                ProblemCode.FILE_UNREADABLE,
                "This is no regular file (a device, pipe or socket), or it is gone; remove it from the folder.",
                file=source.label,
            )
        with open(source.path, "rb", buffering=0) as file:
            data = file.read(min(status.st_size, FILE_LIMIT) + 1)  # to ask for more costs time, used or not
            if len(data) != status.st_size:  # it is being written, or comes in parts
                with BufferedReader(file) as rest:
                    data += rest.read(FILE_LIMIT + 1 - len(data))
    except OSError as cause:
        message = f"The file cannot be read ({cause.strerror}); check that it exists and its permissions."
        return error(ProblemCode.FILE_UNREADABLE, message, file=source.label)
    if len(data) > FILE_LIMIT:
        message = f"The file is larger than {FILE_LIMIT // 1024**2} MiB; split it or take embedded data out."
        return error(ProblemCode.FILE_TOO_LARGE, message, file=source.label)
    return data


def decode_text(data: bytes, label: str) -> str | Problem:
    """The text of a file, without a byte order mark and with line feeds alone; or why it is no text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return error(ProblemCode.FILE_NOT_TEXT, "The file is UTF-16; save it as UTF-8.", file=label)
    if (position := data.find(b"\0")) >= 0:
        message = f"The file holds a NUL byte at offset {position}, so it is not text; save it as UTF-8 text."
        return error(ProblemCode.FILE_NOT_TEXT, message, file=label, line=data.count(b"\n", 0, position) + 1)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        line = data.count(b"\n", 0, cause.start) + 1
        message = f"Byte 0x{data[cause.start]:02x} is not UTF-8; save the file as UTF-8."
        return error(ProblemCode.FILE_NOT_TEXT, message, file=label, line=line)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text

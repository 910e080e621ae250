"""Finds and reads source files; the only module that opens them."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path, PurePosixPath

from graph.errors import FolderError
from graph.problems import Problem, ProblemCode, error, warning

FILE_LIMIT = 16 * 1024 * 1024
"""Bytes; a larger file is left out, so that one file cannot exhaust memory."""

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

    path: Path
    label: str
    """The path below the loaded folder, with forward slashes; with several folders, their names come first."""
    kind: SourceKind

    @property
    def suffix(self) -> str:
        return self.path.suffix.lower()


@dataclass(frozen=True, slots=True)
class _Folder:
    root: Path
    label: str
    """What stands before each relative path: empty, or the root's name and a slash."""


def find_sources(folders: Sequence[Path]) -> tuple[list[SourceFile], list[Problem]]:
    """The files to load: folder by folder as given, in each by relative path (compared part by part, as Unicode).

    Hidden files and folders are left out. Symbolic links are followed only to places inside the same folder, and
    every real file is taken once, by the first path that reaches it.

    Raises:
        FolderError: a folder does not exist, is no folder, or cannot be listed.
    """
    sources: list[SourceFile] = []
    problems: list[Problem] = []
    seen: set[Path] = set()
    for folder in _labelled(folders):
        for found in _walk(folder):
            if isinstance(found, Problem):
                problems.append(found)
            elif (real := found.path.resolve()) not in seen:
                seen.add(real)
                sources.append(found)
    return sources, problems


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
            yield _Folder(root, "")
            continue
        name, number = root.name, 2
        while name in taken:
            name, number = f"{root.name}-{number}", number + 1
        taken.add(name)
        yield _Folder(root, f"{name}/")


def _walk(folder: _Folder) -> Iterator[SourceFile | Problem]:
    """What the folder holds, in order; without recursion, since folders may nest deeper than Python calls."""
    pending: list[SourceFile | Problem | Path] = [folder.root]
    listed: set[tuple[Path, str]] = set()
    while pending:
        found = pending.pop()
        if not isinstance(found, Path):
            yield found
        elif (place := (found.resolve(), _role(found))) not in listed:  # links may lead here again, or in circles
            listed.add(place)
            pending.extend(reversed(list(_listing(folder, found))))


def _role(directory: Path) -> str:
    """What a folder's name says of the files below it; nothing, but for catalogues."""
    return directory.name if "_data" in (directory.name, directory.parent.name) else ""


def _listing(folder: _Folder, directory: Path) -> Iterator[SourceFile | Problem | Path]:
    try:
        entries = sorted(os.scandir(directory), key=lambda entry: entry.name)
    except OSError as cause:
        yield error(
            ProblemCode.FOLDER_UNREADABLE,
            f"The folder cannot be listed ({cause.strerror}); check its permissions.",
            file=_label(folder, directory),
        )
        return
    for entry in entries:
        if not entry.name.startswith("."):
            yield from _entry(folder, Path(entry.path))


def _entry(folder: _Folder, path: Path) -> Iterator[SourceFile | Problem | Path]:
    """A file to read, or a folder to list, or what is wrong with either."""
    kind = _source_kind(path)
    try:
        if path.is_symlink():
            target = path.resolve(strict=True)
            if not target.is_relative_to(folder.root):
                if kind or target.is_dir():
                    message = "The symbolic link leads out of the loaded folder and is not followed; load its target as a folder of its own."
                    yield warning(ProblemCode.LINK_OUTSIDE_FOLDER, message, file=_label(folder, path))
                return
        is_directory = path.is_dir()
    except (OSError, RuntimeError) as cause:
        if kind:
            reason = (cause.strerror if isinstance(cause, OSError) else None) or "a loop of symbolic links"
            message = f"The file cannot be opened ({reason}); mend or remove it."
            yield error(ProblemCode.FILE_UNREADABLE, message, file=_label(folder, path))
        return
    if is_directory:
        if path.suffix.lower() in DOCUMENT_SUFFIXES:
            message = "This is a folder with the name of a document; its content is read. Rename it to avoid confusion."
            yield warning(ProblemCode.FOLDER_NAMED_LIKE_FILE, message, file=_label(folder, path))
        yield path
    elif kind:
        yield SourceFile(path, _label(folder, path), kind)


def _source_kind(path: Path) -> SourceKind | None:
    suffix = path.suffix.lower()
    if path.parent.parent.name == "_data" and path.parent.name in _CATALOGUE_FOLDERS:
        return _CATALOGUE_FOLDERS[path.parent.name] if suffix in CATALOGUE_SUFFIXES else None
    return SourceKind.ARTICLE if suffix in DOCUMENT_SUFFIXES else None


def _label(folder: _Folder, path: Path) -> str:
    label = folder.label + PurePosixPath(path.relative_to(folder.root)).as_posix()
    return label.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def read_text(source: SourceFile) -> str | Problem:
    """The file's text, without a byte order mark and with line feeds alone; or what keeps it from being read."""
    try:
        if not source.path.is_file():
            return error(
                ProblemCode.FILE_UNREADABLE,
                "This is no regular file (a device, pipe or socket), or it is gone; remove it from the folder.",
                file=source.label,
            )
        with source.path.open("rb") as file:
            data = file.read(FILE_LIMIT + 1)
    except OSError as cause:
        message = f"The file cannot be read ({cause.strerror}); check that it exists and its permissions."
        return error(ProblemCode.FILE_UNREADABLE, message, file=source.label)
    if len(data) > FILE_LIMIT:
        message = f"The file is larger than {FILE_LIMIT // 1024**2} MiB; split it or take embedded data out."
        return error(ProblemCode.FILE_TOO_LARGE, message, file=source.label)
    return _decode(data, source.label)


def _decode(data: bytes, label: str) -> str | Problem:
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

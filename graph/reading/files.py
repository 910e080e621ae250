"""Reads source files; the only module that opens them.

Paths of files are text here, as in `folders`.
"""

import os
import time
from dataclasses import dataclass
from enum import Enum
from io import BufferedReader

from graph.problems import Problem, ProblemCode, error
from graph.regular_files import IrregularFileError, open_regular
from graph.sites.site import PLAIN_SITE, Site

FILE_LIMIT = 16 * 1024 * 1024
"""Bytes; a larger file is left out, so that one file cannot exhaust memory."""

_SETTLED_NANOSECONDS = 2_500_000_000
"""The coarsest times in use are those of FAT, which count every second second."""
DOCUMENT_SUFFIXES = frozenset({".md", ".markdown", ".mdown", ".mdx", ".mkd", ".mkdn", ".qmd", ".rmd", ".html"})
CATALOGUE_SUFFIXES = frozenset({".yaml", ".yml", ".json", ".toml", *DOCUMENT_SUFFIXES})


class SourceKind(Enum):
    """What a file describes, known from where it stands."""

    ARTICLE = "ARTICLE"
    TOPIC = "TOPIC"
    ORGANIZATION = "ORGANIZATION"
    PERSON = "PERSON"


TERM_FILES = {
    **dict.fromkeys(("authors", ".authors", "people"), SourceKind.PERSON),
    "tags": SourceKind.TOPIC,
}
"""Files of data that describe many by their keys, by their names without an extension."""


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
        return suffix_of(self.path)


def suffix_of(path: str) -> str:
    return os.path.splitext(path)[1].lower()


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
        with open_regular(source.path) as file:
            size = os.fstat(file.fileno()).st_size
            data = file.read(min(size, FILE_LIMIT) + 1)  # to ask for more costs time, used or not
            if len(data) != size:  # it is being written, or comes in parts
                with BufferedReader(file) as rest:
                    data += rest.read(FILE_LIMIT + 1 - len(data))
    except IrregularFileError:
        message = "This is no regular file (a device, pipe or socket), or it is gone; remove it from the folder."
        return error(ProblemCode.FILE_UNREADABLE, message, file=source.label)
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

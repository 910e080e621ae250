"""`open_regular`: opens what is a file, and nothing that would keep its reader waiting or never end."""

import os
import stat
from io import BufferedReader, FileIO, TextIOWrapper

_FLAGS = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"))
"""A named pipe is opened at once, whether or not anybody writes to it."""


class IrregularFileError(OSError):
    """A pipe, a device, a socket or a folder stands where a file should."""

    def __init__(self) -> None:
        super().__init__("it is no regular file (but a device, pipe, socket or folder)")
        self.strerror = str(self)


def open_regular(path: str | os.PathLike[str]) -> FileIO:
    """The regular file at the path, or at the end of a link there, to read.

    Raises:
        IrregularFileError: it is something else.
        OSError: it cannot be opened.
    """
    if not stat.S_ISREG(os.stat(path).st_mode):  # of a device, to be opened alone may change something
        raise IrregularFileError
    descriptor = os.open(path, _FLAGS)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):  # put there in the meantime
            raise IrregularFileError
        return FileIO(descriptor)
    except BaseException:
        os.close(descriptor)
        raise


def read_text(path: str | os.PathLike[str]) -> str:
    """The text of a regular file in UTF-8, its lines ended by line feeds.

    Raises:
        OSError: it cannot be read, or is no regular file.
        UnicodeDecodeError: it is no text.
    """
    with TextIOWrapper(BufferedReader(open_regular(path)), encoding="utf-8") as file:
        return file.read()

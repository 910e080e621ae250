"""Files in the user's cache folder: private, whole or absent, and of no consequence but for time.

fingerprint of the program
block: length, checksum, bytes
block …
"""

import hashlib
import logging
import os
import platform
import stat
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BufferedReader
from pathlib import Path
from struct import Struct
from typing import BinaryIO

from graph.regular_files import open_regular

logger = logging.getLogger(__name__)

SIZE_LIMIT = 4 * 1024**3
"""Bytes of all the files; those that were not used for the longest time go first."""
_SUFFIX, _UNFINISHED = ".cache", ".unfinished"
_UNFINISHED_SECONDS = 3_600
"""After this time nobody is still writing an unfinished file."""
_FINGERPRINT_LENGTH = 32
_BLOCK = Struct(">Q32s")
"""Length and checksum."""
PARSERS = (
    "frontgraph",
    "orjson",
    "pathspec",
    "pyromark",
    "python-frontmatter",
    "python-slugify",
    "pyyaml",
    "rapidyaml",
    "selectolax",
    "text-unidecode",
    "typing_extensions",
)
"""What reading a file stands on."""


def cache_folder(environment: Mapping[str, str]) -> Path | None:
    """Where the user's caches belong on this platform, if that is anywhere; `XDG_CACHE_HOME` counts on all of them."""
    base = Path(environment.get("XDG_CACHE_HOME", ""))
    try:
        if not base.is_absolute():
            local = Path(environment.get("LOCALAPPDATA", ""))
            base = (
                local
                if local.is_absolute()
                else Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")
            )
    except RuntimeError:  # a user without a home
        return None
    return base / "frontgraph"


def cache_file(folder: Path, purpose: str, roots: Sequence[Path]) -> Path:
    """The file that serves one purpose for one set of folders."""
    names = "\0".join((purpose, *(os.fspath(root.resolve()) for root in roots)))
    return folder / f"{hashlib.blake2b(os.fsencode(names), digest_size=16).hexdigest()}{_SUFFIX}"


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO | None]:
    """The file from its first block on; None if it cannot be trusted, was written by another version, or is not there."""
    with ExitStack() as stack:
        file = None
        with suppress(OSError):
            if is_private(path.parent):
                file = stack.enter_context(BufferedReader(open_regular(path)))
                if file.read(_FINGERPRINT_LENGTH) != program_fingerprint():
                    file = None
        yield file


def read_block(file: BinaryIO) -> bytes | None:
    """The next block; None at the end, or if it cannot be read or is damaged."""
    try:
        length, checksum = _header(file)
        data = file.read(length) if length <= _bytes_left(file) else b""
    except OSError:
        return None
    return data if checksum == _checksum(data) else None


def skip_block(file: BinaryIO) -> bool:
    """Goes on behind the next block; False if it does not end in the file."""
    length, checksum = _header(file)
    if not checksum or length > _bytes_left(file):
        return False
    file.seek(length, os.SEEK_CUR)
    return True


def _header(file: BinaryIO) -> tuple[int, bytes]:
    data = file.read(_BLOCK.size)
    length, checksum = _BLOCK.unpack(data) if len(data) == _BLOCK.size else (0, b"")
    return length, checksum


def _bytes_left(file: BinaryIO) -> int:
    return os.fstat(file.fileno()).st_size - file.tell()


def _checksum(data: bytes) -> bytes:
    """SHA-256, since processors have instructions for it: all that is read is checked."""
    return hashlib.sha256(data).digest()


def write_cache_file(path: Path, blocks: Iterable[bytes]) -> None:
    """Lets a new file with these blocks take the place of the old one, for its owner alone.

    Of two processes that write at once one wins, and nobody ever reads half a file. A folder that cannot be written to,
    or that others may write to, is left alone.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if is_private(path.parent):
            _replace(path, blocks)
            _tidy(path)
        else:
            logger.info("The cache file %s was not written: others may write to its folder.", path)
    except OSError as cause:
        logger.info("The cache file %s was not written: %s", path, cause)


def _replace(path: Path, blocks: Iterable[bytes]) -> None:
    descriptor, name = tempfile.mkstemp(_UNFINISHED, dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(program_fingerprint())
            for block in blocks:
                file.write(_BLOCK.pack(len(block), _checksum(block)))
                file.write(block)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def mark_used(path: Path) -> None:
    """Tells that the file still serves."""
    with suppress(OSError):
        os.utime(path)


def is_private(folder: Path) -> bool:
    """Whether the folder exists and nobody but this user can write to it."""
    try:
        status = folder.lstat()
    except OSError:
        return False
    if not hasattr(os, "geteuid"):  # Windows, where what is in a user's profile is the user's own
        return stat.S_ISDIR(status.st_mode)
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & 0o022


@cache
def program_fingerprint() -> bytes:
    """Tells this version of all that reads articles from any other: the program, what it stands on, and the code itself."""
    digest = hashlib.blake2b(platform.python_version().encode(), digest_size=_FINGERPRINT_LENGTH)
    for name in PARSERS:
        with suppress(PackageNotFoundError):
            digest.update(f"{name} {version(name)}\n".encode())
    for module in fingerprinted_modules():
        digest.update(module.read_bytes())
    return digest.digest()


def fingerprinted_modules() -> Iterator[Traversable]:
    """All that can change what is read out of a file: this room, what a site is and what bodies say, and the ground that both stand on."""
    rooms = ("graph", "graph.sites", "graph.sites.rules", "graph.sites.systems", "graph.bodies", "graph.reading")
    for folder in map(files, rooms):
        modules = (file for file in folder.iterdir() if file.name.endswith(".py"))
        yield from sorted(modules, key=lambda file: file.name)


def _tidy(newest: Path) -> None:
    """Removes what was left unfinished, and of the other files those that are too much."""
    for path in newest.parent.glob(f"*{_UNFINISHED}"):
        if _last_use(path) < time.time() - _UNFINISHED_SECONDS:
            _remove(path)
    total = 0
    for path in sorted(newest.parent.glob(f"*{_SUFFIX}"), key=lambda path: (path != newest, -_last_use(path), path)):
        with suppress(OSError):
            total += path.stat().st_size
        if total > SIZE_LIMIT and path != newest:
            _remove(path)


def _last_use(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # another process removed it
        return 0


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()

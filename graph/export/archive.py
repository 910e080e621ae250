"""A zip archive, built while it is sent."""

import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo


class ByteQueue(io.RawIOBase):
    """A writable file that hands on what was written: writers that want a file feed a stream of bytes through it."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._pieces.append(bytes(piece))
        return len(self._pieces[-1])

    def take(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


def zip_archive(files: Mapping[str, Iterable[bytes]]) -> Iterator[bytes]:
    """An archive of these files by name, each given in chunks; equal files give the same bytes."""
    output = ByteQueue()
    with ZipFile(output, "w") as archive:
        for name, pieces in files.items():
            with archive.open(_entry(name), "w") as entry:
                for piece in pieces:
                    entry.write(piece)
                    yield output.take()
    yield output.take()


def _entry(name: str) -> ZipInfo:
    """An archive member with the same date and attributes whenever and wherever it is made."""
    entry = ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    # Readers that go through an archive front to back cannot find the end of an uncompressed (stored) member whose size
    # was not known when its header was written; a deflated one marks its own end.
    entry.compress_type = ZIP_DEFLATED
    entry.create_system = 3  # Unix
    entry.external_attr = 0o644 << 16
    return entry

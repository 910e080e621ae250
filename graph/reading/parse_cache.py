"""Keeps what files said, by their content, so that only files that changed are parsed again.

Nothing is trusted by name, size or time: a file is always read, and what is kept counts only for the same bytes under the
same label. The cache file is a sequence of parts, each a block of keys and a block of packed files. A save copies the parts
that still serve, and adds parts for what is new.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from graph.reading.cache_files import cache_file, mark_used, opened, read_block, skip_block, write_cache_file
from graph.reading.packing import Packer, RowError, Unpacker
from graph.reading.parsing import KEY_LENGTH, ParsedFile
from graph.reading.records import SharedReferences

PART_LENGTH = 8_192
"""Files in one part at most, so that a large corpus is never unpacked at once."""


@dataclass(slots=True)
class _Part:
    """Some files as they stand in the cache file."""

    keys: bytes
    """One after the other."""
    offset: int
    files: Sequence[ParsedFile] | None = None
    """None until they are asked for, none if they cannot be read."""
    used: dict[bytes, ParsedFile] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.keys) // KEY_LENGTH


class ParseCache:
    """What the files of a set of folders said last time, and what they say this time. Not for several threads at once."""

    def __init__(self, folder: Path, roots: Sequence[Path]) -> None:
        """Finds what the folder keeps for these roots; nothing is unpacked before it is asked for."""
        self._path = cache_file(folder, "parsed files", roots)
        self._references = SharedReferences()
        self._new: dict[bytes, ParsedFile] = {}
        with opened(self._path) as file:
            self._parts = list(_parts(file)) if file else []
        self._places = {key: (part, index) for part in self._parts for index, key in enumerate(_keys(part.keys))}

    def __len__(self) -> int:
        """How many files were kept last time."""
        return len(self._places)

    def find(self, key: bytes) -> ParsedFile | None:
        """What a file with this `content_key` said."""
        if key not in self._places:
            return None
        part, index = self._places[key]
        if part.files is None:
            part.files = self._unpacked(part)
        if index >= len(part.files):
            return None
        found = part.used[key] = part.files[index]
        return found

    def add(self, key: bytes, parsed: ParsedFile) -> None:
        """Keeps what a file said; `save` makes it last."""
        self._new[key] = parsed

    def save(self) -> None:
        """Writes what was found and added since the beginning, and forgets everything else."""
        kept, new = self._worth_keeping()
        if new or len(kept) < len(self._parts):
            write_cache_file(self._path, self._blocks(kept, list(new.items())))
        else:
            mark_used(self._path)

    def _worth_keeping(self) -> tuple[list[_Part], dict[bytes, ParsedFile]]:
        """The parts to copy, and the files to pack anew: those of parts that serve little or hold less than what follows.

        So there are few parts, and a file is packed anew rarely.
        """
        kept: list[_Part] = []
        new = dict(self._new)
        for part in reversed(self._parts):
            is_large = 2 * len(part.used) > PART_LENGTH or len(part.used) > len(new)
            if is_large and 2 * len(part.used) > len(part):
                kept.append(part)
            else:
                new = {**part.used, **new}
        return kept[::-1], new

    def _blocks(self, kept: Sequence[_Part], new: Sequence[tuple[bytes, ParsedFile]]) -> Iterator[bytes]:
        for part in kept:
            packed = self._packed(part)
            if packed is not None:
                yield part.keys
                yield packed
        for start in range(0, len(new), PART_LENGTH):
            files = new[start : start + PART_LENGTH]
            yield b"".join(key for key, _ in files)
            yield Packer().pack(file for _, file in files)

    def _unpacked(self, part: _Part) -> Sequence[ParsedFile]:
        try:
            found = Unpacker(self._references).unpack(self._packed(part) or b"")
        except RowError:
            return ()
        return found if len(found) == len(part) else ()

    def _packed(self, part: _Part) -> bytes | None:
        """The part's files; None if the cache file is damaged, or another one by now."""
        with opened(self._path) as file:
            if file is None:
                return None
            file.seek(part.offset)
            return read_block(file) if read_block(file) == part.keys else None


def _parts(file: BinaryIO) -> Iterator[_Part]:
    offset = file.tell()
    while (keys := read_block(file)) is not None and skip_block(file):
        yield _Part(keys, offset)
        offset = file.tell()


def _keys(keys: bytes) -> Iterator[bytes]:
    return (keys[start : start + KEY_LENGTH] for start in range(0, len(keys), KEY_LENGTH))

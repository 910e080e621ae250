"""Parses many files in several processes, in the order of the files.

The other processes are plain Python interpreters that are told what to parse by their standard input. They begin with
nothing of this process, so it may have any threads, and they end when it ends, however that comes. This process takes
part. When another process fails, or cannot even begin, this one does what it left undone.

    request: length, JSON [sites, [[path, label, kind, place of its site], …]]
    reply: length, a key for each file, packed files
    Before its first reply the other process sends a greeting, by which nothing else is taken for a reply.
"""

import json
import os
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from struct import Struct
from threading import Condition, Thread
from typing import IO, TypeAlias

from graph.checkpoints import checkpoint
from graph.memory import paused_collection
from graph.problems import Problem
from graph.reading.copies import CheckedCopies
from graph.reading.files import SourceFile, SourceKind, read_source
from graph.reading.packing import Packer, Unpacker
from graph.reading.parsing import KEY_LENGTH, ParsedFile, content_key, parse_source
from graph.reading.records import SharedReferences
from graph.sites.site import Site

KeyedFile: TypeAlias = tuple[bytes | None, ParsedFile]
"""What a file says, by its `content_key`; without a key if the file could not be read."""

_FILES_EACH = 1_000
"""Another process takes a quarter of a second to begin; with fewer files for each it is not worth while."""
_PROCESS_LIMIT = 8
_CHUNK_LENGTH = 64
_LENGTH = Struct(">I")
_NO_KEY = bytes(KEY_LENGTH)
_GREETING = b"frontgraph parses\n"
_HOME = str(Path(__file__).parents[2])
"""Where this package is; the first place to look, since there may be another package `graph` on the path."""
_PROGRAM = (
    "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n"  # whoever started this process ends it
    "import json, sys; sys.path[:] = json.loads(sys.argv[1])\n"
    "import graph; del sys.path[0]\n"
    "from graph.reading.parallel import work; work(sys.stdin.buffer, sys.stdout.buffer)"
)


def useful_processes(file_count: int) -> int:
    """How many processes, this one included, parse so many files the soonest on this machine."""
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(available, file_count // _FILES_EACH, _PROCESS_LIMIT))


def parse_files(
    sources: Sequence[SourceFile], processes: int, references: SharedReferences
) -> Generator[KeyedFile, None, None]:
    """What each file says, in the order of the files. Close the iterator to end the other processes early.

    Equal copies of articles become the one object that `references` holds.
    """
    chunks = _Chunks(sources)
    workers: list[_Worker] = []
    copies = CheckedCopies(references)
    try:
        for _ in range(processes - 1):
            workers.append(_Worker(chunks, references))
            workers[-1].begin()
        for number in range(len(chunks)):
            checkpoint()
            while (result := chunks.result(number)) is None:
                own = chunks.take_returned()
                if own is None:
                    own = chunks.take()
                if own is None:
                    chunks.wait_for(number)
                else:
                    parsed = [_parse(source, copies) for source in chunks[own]]
                    chunks.finish(own, partial(list, parsed))
            yield from result()
    finally:
        for worker in workers:
            worker.end()


@paused_collection()
def work(requests: IO[bytes], replies: IO[bytes]) -> None:
    """What the other processes do: answers requests until there are no more."""
    packer, copies = Packer(), CheckedCopies()
    replies.write(_GREETING)
    while header := requests.read(_LENGTH.size):
        sites, rows = json.loads(requests.read(*_LENGTH.unpack(header)))
        sites = [Site.from_json(site) for site in sites]
        sources = [
            SourceFile(os.fsdecode(bytes.fromhex(path)), label, SourceKind(kind), sites[place])
            for path, label, kind, place in rows
        ]
        parsed = [_parse(source, copies) for source in sources]
        content = b"".join(key or _NO_KEY for key, _ in parsed) + packer.pack(file for _, file in parsed)
        try:
            replies.write(_LENGTH.pack(len(content)) + content)
            replies.flush()
        except OSError:  # nobody is there to read it, nor what Python would say of that
            os._exit(1)


def _parse(source: SourceFile, copies: CheckedCopies) -> KeyedFile:
    data = read_source(source)
    if isinstance(data, Problem):
        return None, ParsedFile(problems=(data,))
    return content_key(source, data), parse_source(source, data, copies)


_Result: TypeAlias = Callable[[], list[KeyedFile]]
"""A chunk's files; those of another process are unpacked when they are needed, in the order in which they came."""


class _Chunks:
    """The files in chunks that several threads take, the first first, and what came of each.

    Another process numbers what it met as it goes, and is read in the order of the chunks. So it may only take later ones:
    what another one failed at is left to this process.
    """

    def __init__(self, sources: Sequence[SourceFile]) -> None:
        starts = range(0, len(sources), _CHUNK_LENGTH)
        self._chunks = [sources[start : start + _CHUNK_LENGTH] for start in starts]
        self._waiting = deque(range(len(starts)))
        self._returned: list[int] = []
        self._results: dict[int, _Result] = {}
        self._changed = Condition()

    def __len__(self) -> int:
        return len(self._chunks)

    def __getitem__(self, number: int) -> Sequence[SourceFile]:
        return self._chunks[number]

    def take(self) -> int | None:
        """A chunk that nobody has yet; None if there is none."""
        with self._changed:
            return self._waiting.popleft() if self._waiting else None

    def take_returned(self) -> int | None:
        """A chunk that another process failed at; None if there is none."""
        with self._changed:
            return self._returned.pop() if self._returned else None

    def give_back(self, number: int) -> None:
        with self._changed:
            self._returned.append(number)
            self._changed.notify_all()

    def finish(self, number: int, result: _Result) -> None:
        with self._changed:
            self._results[number] = result
            self._changed.notify_all()

    def result(self, number: int) -> _Result | None:
        """What came of the chunk, once; None if nothing came yet."""
        with self._changed:
            return self._results.pop(number, None)

    def wait_for(self, number: int) -> None:
        """Until the chunk is finished or one was returned, or for a second, so that Ctrl-C works on every system."""
        with self._changed:
            self._changed.wait_for(lambda: number in self._results or self._returned, timeout=1)


class _Worker:
    """Another process, and the thread that talks with it."""

    def __init__(self, chunks: _Chunks, references: SharedReferences) -> None:
        self._chunks = chunks
        self._unpacker = Unpacker(references)
        self._process = _start()
        self._thread: Thread | None = None

    def begin(self) -> None:
        """Takes work; not where neither a process nor a thread is to be had."""
        if self._process is not None:
            thread = Thread(target=self._serve, args=[self._process], name="frontgraph-parse", daemon=True)
            with suppress(RuntimeError):  # there are too many threads already
                thread.start()
                self._thread = thread

    def end(self) -> None:
        """Ends the process, whatever it is doing."""
        if self._process is not None:
            self._process.kill()
            if self._thread is not None:
                self._thread.join()
            with suppress(OSError), self._process:  # what was not sent yet cannot be sent any more
                pass

    def _serve(self, process: "subprocess.Popen[bytes]") -> None:
        is_greeted = False
        while (number := self._chunks.take()) is not None:
            try:
                reply = self._ask(process, self._chunks[number], is_greeted)
            except (OSError, EOFError):
                self._chunks.give_back(number)
                return
            is_greeted = True
            self._chunks.finish(number, partial(self._unpacked, reply, len(self._chunks[number])))

    def _ask(self, process: "subprocess.Popen[bytes]", sources: Sequence[SourceFile], is_greeted: bool) -> bytes:
        assert process.stdin is not None
        assert process.stdout is not None
        sites = list({id(source.site): source.site for source in sources}.values())
        places = {id(site): place for place, site in enumerate(sites)}
        rows = [
            [os.fsencode(source.path).hex(), source.label, source.kind.value, places[id(source.site)]]
            for source in sources
        ]
        request = json.dumps([[site.to_json() for site in sites], rows]).encode()
        process.stdin.write(_LENGTH.pack(len(request)) + request)
        process.stdin.flush()
        if not is_greeted and _read(process.stdout, len(_GREETING)) != _GREETING:
            raise EOFError
        return _read(process.stdout, *_LENGTH.unpack(_read(process.stdout, _LENGTH.size)))

    def _unpacked(self, reply: bytes, count: int) -> list[KeyedFile]:
        ends = range(KEY_LENGTH, KEY_LENGTH * count + 1, KEY_LENGTH)
        keys = [reply[end - KEY_LENGTH : end] for end in ends]
        parsed = self._unpacker.unpack(reply[KEY_LENGTH * count :])
        return [(None if key == _NO_KEY else key, file) for key, file in zip(keys, parsed, strict=True)]


def _start() -> "subprocess.Popen[bytes] | None":
    """Python with the same modules; `-I`, since nothing in the current folder may be taken for one of them."""
    if not sys.executable or getattr(sys, "frozen", False):
        return None
    command = [sys.executable, "-I", "-c", _PROGRAM, json.dumps([_HOME, *sys.path])]
    try:
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603  # our own program
    except OSError:
        return None


def _read(stream: IO[bytes], length: int) -> bytes:
    data = stream.read(length)
    if len(data) < length:
        raise EOFError
    return data

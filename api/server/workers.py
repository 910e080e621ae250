"""Several processes that answer on one socket: children forked from one that has loaded the graph, whose memory they share."""

import logging
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

logger = logging.getLogger(__name__)

_SHORT_LIFE = 2.0
"""Seconds. A worker that ends sooner than this would only end again."""
_ENDING = (signal.SIGINT, signal.SIGTERM)


def can_fork() -> bool:
    """Whether this platform has workers."""
    return hasattr(os, "fork")


def run_workers(serve: Callable[[int], None], count: int) -> bool:
    """Keeps `count` children running `serve` with a number from 0, each replaced when it dies, until this process is told to end.

    The children get SIGTERM then, and this returns when they have ended. SIGHUP is handed on to them. False if a worker ended
    as soon as it had begun.
    """
    workers = _Workers(serve)
    handlers = {number: signal.signal(number, workers.end) for number in _ENDING}
    handlers[signal.SIGHUP] = signal.signal(signal.SIGHUP, workers.hand_on)
    try:
        return workers.run(count)
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


class _Workers:
    def __init__(self, serve: Callable[[int], None]) -> None:
        self._serve = serve
        self._started: dict[int, tuple[float, int]] = {}
        """When each process began, and its number."""
        self._is_ending = False

    def run(self, count: int) -> bool:
        is_fine = True
        for number in range(count):
            self._start(number)
        while self._started:
            process, status = os.wait()
            if process not in self._started:  # the first process of a container inherits those whose parents have ended
                continue
            began, number = self._started.pop(process)
            lived = time.monotonic() - began
            if self._is_ending:
                continue
            logger.error("worker %d ended with status %d", process, os.waitstatus_to_exitcode(status))
            if lived < _SHORT_LIFE:
                is_fine = False
                self.end()
            else:
                self._start(number)
        return is_fine

    def end(self, *_: Any) -> None:
        self._is_ending = True
        for process in self._started:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGTERM)

    def hand_on(self, number: int, _: Any) -> None:
        for process in self._started:
            with suppress(ProcessLookupError):
                os.kill(process, number)

    def _start(self, number: int) -> None:
        with _held_back():  # a signal between the fork and the next line would miss the new worker
            if self._is_ending:
                return
            process = os.fork()
            if process:
                self._started[process] = time.monotonic(), number
                return
            for ending in _ENDING:
                signal.signal(ending, signal.SIG_DFL)
            signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until it can load again
        status = 1
        try:
            self._serve(number)
            status = 0
        except KeyboardInterrupt:  # how the server ends, once everything is shut down
            status = 0
        except BaseException:
            logger.exception("a worker failed")
        finally:
            os._exit(status)


@contextmanager
def _held_back() -> Iterator[None]:
    """Signals to end wait until this is done."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

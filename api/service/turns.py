"""`Turns`: which of the jobs that wait is done next, so that whoever sends much of it, or long ones, holds up nobody else.

This is start-time fair queueing (Goyal, Vin and Cheng, https://dl.acm.org/doi/10.1109/90.649569): the next turn is that of the
line that was given the least time so far. Time before a line began to wait does not count: nobody saves up turns.
"""

from collections.abc import Iterator
from heapq import heapify, heappop, heappush
from itertools import count
from typing import Generic, NamedTuple, TypeVar

from cachetools import LRUCache

T = TypeVar("T")

_KNOWN_LINES = 1_024
_LEAST_SECONDS = 0.001
"""That a turn counts for."""


class Line(NamedTuple):
    """Who waits together: jobs of one client and one kind, of which the shortest is the first."""

    client: str = ""
    kind: str = ""


class _Waiting(NamedTuple, Generic[T]):
    seconds: float
    """How long it is expected to take."""
    number: int
    """Of those that are expected to take equally long, the lower one came first."""
    job: T


class Turns(Generic[T]):
    """Jobs by line. Cost of each step: linear in the lines that wait."""

    def __init__(self) -> None:
        self._lines: dict[Line, list[_Waiting[T]]] = {}
        """Heaps, none of them empty; who waits for the longest time comes first."""
        self._given: LRUCache[Line, float] = LRUCache(_KNOWN_LINES)
        """The seconds that lines were given so far."""
        self._now = 0.0
        """Those of the line whose turn was the last, before it had that turn; who was given less has waited for nothing meanwhile."""
        self._numbers = count()

    def __len__(self) -> int:
        return sum(map(len, self._lines.values()))

    def add(self, line: Line, seconds: float, job: T) -> None:
        """Has the job, which is expected to take so long, wait for its turn."""
        heappush(self._lines.setdefault(line, []), _Waiting(seconds, next(self._numbers), job))

    def next(self) -> T | None:
        """Takes out the job whose turn it is; None if none waits."""
        if not self._lines:
            return None
        line = min(self._lines, key=self._start)
        self._now = self._start(line)
        waiting = self._lines.pop(line)
        seconds, _, job = heappop(waiting)
        if waiting:
            self._lines[line] = waiting
        self._given[line] = self._now + max(_LEAST_SECONDS, seconds)
        return job

    def _start(self, line: Line) -> float:
        return max(self._now, self._given.get(line, 0.0))

    def count_in(self, line: Line, seconds: float) -> None:
        """Counts for the line what a job took beyond what was expected."""
        self._given[line] = self._given.get(line, self._now) + seconds

    def remove(self, line: Line, job: T) -> None:
        """Takes out the job, if it waits."""
        waiting = self._lines.get(line, [])
        waiting[:] = [other for other in waiting if other.job is not job]
        heapify(waiting)
        if not waiting:
            self._lines.pop(line, None)

    def least_urgent(self, line: Line, seconds: float) -> T | None:
        """The job that has to go if there is no room for one more, of this line and so long; None if that is the one itself.

        It is the last of the line with the most jobs, among those of the same kind.
        """
        longest = max(self._of_kind(line.kind), key=lambda other: len(self._lines[other]), default=line)
        if longest == line or len(self._lines[longest]) <= len(self._lines.get(line, ())) + 1:
            longest = line
        last = max(self._lines.get(longest, ()), default=None)
        if last is None or (longest == line and last.seconds <= seconds):
            return None
        return last.job

    def _of_kind(self, kind: str) -> Iterator[Line]:
        return (line for line in self._lines if line.kind == kind)

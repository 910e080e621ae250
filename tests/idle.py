"""Whether threads of this process are at work that nobody waits for, which would slow down all tests after it."""

import time


def wait_until_idle(seconds: float = 120) -> None:
    """Waits until all threads but this one rest; fails after so many seconds."""
    deadline = time.monotonic() + seconds
    while _are_others_busy():
        assert time.monotonic() < deadline, "a thread goes on with work that nobody waits for"


def _are_others_busy() -> bool:
    """Whether other threads are at work for most of a while."""
    before, started = time.process_time() - time.thread_time(), time.monotonic()
    time.sleep(0.05)
    return time.process_time() - time.thread_time() - before > (time.monotonic() - started) / 2

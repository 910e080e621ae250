import sys
from pathlib import Path

import pytest

from graph.free_memory import release_free_memory


def resident() -> int:
    """Bytes of this process in memory."""
    status = Path("/proc/self/status").read_text()
    return 1024 * int(status.partition("VmRSS:")[2].split()[0])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how much memory a process has")
def test_holes_between_what_is_in_use_are_given_back() -> None:
    blocks = [bytes([1]) * 60_000 for _ in range(2_000)]
    kept = blocks[::10]
    del blocks
    before = resident()

    release_free_memory()

    assert resident() < before - 50_000_000
    assert len(kept) == 200

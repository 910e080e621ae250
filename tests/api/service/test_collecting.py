import asyncio
import gc
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from weakref import ref

import pytest

from api.service import collecting as module
from api.service.collecting import collecting
from tests.service import running


class Cycle:
    """Garbage, once nobody holds it, that only the collector finds."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def only_what_is_new() -> Iterator[None]:
    """What other tests left is no matter of the collector."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


def test_older_garbage_is_collected_while_it_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_INTERVAL", 0.01)

    async def collect() -> None:
        async with collecting():
            cycle = Cycle()
            older = ref(cycle)
            gc.collect(1)
            del cycle
            async with asyncio.timeout(30):
                while older() is not None:
                    await asyncio.sleep(0.01)

    before = gc.get_threshold()
    asyncio.run(collect())
    assert gc.get_threshold() == before


NOTING = """
import atexit, gc, sys
most = [0, 0]
def note(phase, told):
    if phase == "start" and told["generation"]:
        most[0] = max(most[0], len(gc.get_objects()))
    elif phase == "start":
        most[1] = max(most[1], len(gc.get_objects(0)))
import api.cli, api.web.app as app
before = app.collecting
def collecting():
    gc.callbacks.append(note)
    return before()
app.collecting = collecting
atexit.register(lambda: print(f"the most at once: {most[0]} older, {most[1]} young", file=sys.stderr))
api.cli.main()
"""


@pytest.mark.thorough
def test_no_graph_is_looked_at_by_the_collector_whatever_is_loaded_again(corpus: Path, tmp_path: Path) -> None:
    articles = tmp_path / "articles"
    shutil.copytree(corpus, articles, copy_function=shutil.copyfile)
    settings, operator = {"ADMIN_TOKEN": "t" * 16}, {"Authorization": "Bearer " + "t" * 16}
    edited = [path for path in sorted(articles.rglob("*.md")) if b"\nquality: " in path.read_bytes()][:200]
    with running(tmp_path, "--unpublished", articles=articles, settings=settings, program=NOTING) as served:
        assert served.post({"query": "{ __typename }"}).status == 200  # the reload that it begins with is over
        for number in range(3):
            for path in edited:
                path.write_bytes(
                    re.sub(rb"\nquality: .*", b"\nquality: %d" % (70 + number), path.read_bytes(), count=1)
                )
            assert served.ask("POST", "/-/reload", headers=operator).json() == {"reload": "changed"}
            assert served.post({"query": '{ search(query: "cloud") { totalCount } }'}).json()["data"]
    served.process.wait()
    older, young = served.log().rpartition("the most at once: ")[2].split(",")
    assert int(older.split()[0]) < 150_000
    assert int(young.split()[0]) < 50_000

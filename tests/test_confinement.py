"""The service as the container of docs/deploy.md runs it: by a user of its own, who may read everything and write its cache alone."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.js_tools import give_up
from tests.service import SEEDS, Served, awaited_address
from tests.test_deploy import block

pytestmark = pytest.mark.thorough
USER = "10001"
READ_ONLY = "dac_read_search"
"""What stands in for the rights that files in an image have: they may be read, wherever they are."""


@pytest.fixture
def folder() -> Iterator[Path]:
    """One that everybody may look into, unlike those of other tests; the articles are not the service's user's."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        shutil.copytree(SEEDS, folder / "articles")
        yield folder


@contextmanager
def confined(folder: Path, *options: str) -> Iterator[tuple[Served, Path]]:
    """A service that runs so until the block ends, and the folder that it owns."""
    setpriv = shutil.which("setpriv")
    if os.getuid() != 0 or setpriv is None:
        give_up("only root can start a process of another user, by setpriv of util-linux")
    cache = folder / "cache"
    cache.mkdir()
    os.chown(cache, int(USER), int(USER))
    command = [
        *(setpriv, "--reuid", USER, "--regid", USER, "--clear-groups", "--no-new-privs"),
        *("--inh-caps", f"-all,+{READ_ONLY}", "--ambient-caps", f"-all,+{READ_ONLY}"),
        *("--bounding-set", f"-all,+{READ_ONLY}"),
        *(sys.executable, "-m", "frontgraph", "serve", "--port", "0", *options, str(folder / "articles")),
    ]
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(Path(__file__).parents[1]),
        "XDG_CACHE_HOME": str(cache),
        "FRONTGRAPH_LOG_FORMAT": "json",
        "HOME": "/nonexistent",
        "TMPDIR": "/nonexistent",
        "WATCHFILES_FORCE_POLLING": "1",
    }
    log = folder / "log"
    with log.open("wb") as output, subprocess.Popen(command, stdout=output, stderr=output, env=environment) as process:
        try:
            address = awaited_address(process, log)
            yield Served(address, int(address.split(":")[2].partition("/")[0]), process, log), cache
        finally:
            process.terminate()
    assert '"level":"error"' not in log.read_text("utf-8")
    assert "Traceback" not in log.read_text("utf-8")


def test_container_is_started_like_that() -> None:
    image = block("dockerfile")
    assert f"USER {USER}:{USER}\n" in image
    assert "install -d -o frontgraph /var/cache/frontgraph" in image
    assert "XDG_CACHE_HOME=/var/cache" in image


def test_user_without_rights_serves_and_writes_its_cache_alone(folder: Path) -> None:
    with confined(folder) as (service, cache):
        data = service.post({"query": '{ articles { totalCount } search(query: "azure") { totalCount } }'}).json()[
            "data"
        ]
        assert data["articles"]["totalCount"] > 0
        assert service.ask("GET", "/export/graph.graphml").status == 200
        written = {path for path in cache.rglob("*") if path.is_file()}
        assert {path.relative_to(cache).parts[0] for path in written} == {"frontgraph"}
        assert {path.stat().st_uid for path in written} == {int(USER)}


def test_folder_that_reports_no_changes_is_looked_through(folder: Path) -> None:
    asked = {"query": '{ articles(filter: {title: {eq: "New"}}) { totalCount } }'}
    with confined(folder, "--watch") as (service, _):
        (folder / "articles" / "new.md").write_text("---\ntitle: New\n---\n", "utf-8")
        deadline = time.monotonic() + 120
        while service.post(asked).json()["data"]["articles"]["totalCount"] == 0:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        open_files = Path(f"/proc/{service.process.pid}/fd")
        assert not [file for file in open_files.iterdir() if "inotify" in str(file.readlink())]

"""The client in Java that docs/clients.md shows holds the conversation that all clients hold."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.clients.conversation import CHANGES
from tests.clients.leading import Abilities, Client, edit_until_told, lead, started
from tests.clients.page import write_recipes
from tests.clients.stage import Stage, staged
from tests.js_tools import give_up
from tests.service import running

pytestmark = pytest.mark.thorough

SPEAK = Path(__file__).parent.parent / "java" / "Speak.java"
ABILITIES = Abilities(retries=False)
GSON = Path("/usr/share/java/gson.jar")


def jdk(name: str) -> str:
    """A program of the JDK; without one, or without Gson, `give_up`."""
    found = shutil.which(name)
    if found is None:
        give_up(f"{name} was not found; `apt-get install default-jdk-headless` brings it")
    if not GSON.is_file():
        give_up(f"{GSON} was not found; `apt-get install libgoogle-gson-java` brings it")
    return found


@contextmanager
def speaking(stage: Stage, project: Path) -> Iterator[Client]:
    compiler = jdk("javac")
    write_recipes(project, stage.address, "Frontgraph.java")
    subprocess.run([compiler, "-cp", GSON, "-d", project, project / "Frontgraph.java", SPEAK], check=True)
    command = [jdk("java"), "-cp", f"{GSON}:{project}", "Speak", f"{stage.address}/graphql"]
    with started(command, project) as client:
        yield client


def test_client_is_told_what_all_are_told_and_offers_http_2(tmp_path: Path) -> None:
    service = tmp_path / "service"
    service.mkdir()
    with staged(service) as stage, speaking(stage, tmp_path / "project") as client:
        lead(client, stage, ABILITIES)
        assert b"\r\nUpgrade: h2c\r\n" in stage.wire.sent()


def test_client_notices_that_a_connection_died_in_silence(tmp_path: Path) -> None:
    service = tmp_path / "service"
    service.mkdir()
    with staged(service) as stage, speaking(stage, tmp_path / "project") as client:
        client.subscribe(CHANGES)
        edit_until_told(client, stage)
        stage.wire.hush()
        edit_until_told(client, stage)
        assert client.end() == 0


def test_program_of_one_file_reads_all_pages(tmp_path: Path) -> None:
    java = jdk("java")
    with running(tmp_path) as served:
        write_recipes(tmp_path, served.address, "Frontgraph.java")
        done = subprocess.run(
            [java, "-cp", GSON, "Frontgraph.java"], cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=300
        )
        assert done.returncode == 0, done.stderr
        answer = served.post({"query": "{ articles(first: 100) { totalCount nodes { title } } }"}).json()
    articles = answer["data"]["articles"]
    assert articles["totalCount"] == len(articles["nodes"]) > 50  # more than one page
    assert done.stdout.count("\n") == articles["totalCount"]

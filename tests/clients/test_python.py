"""The clients of Python hold the conversation that all clients hold, set up as docs/clients.md shows."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.clients.conversation import OPERATIONS, WRONG
from tests.clients.leading import Abilities, lead, started
from tests.clients.page import write_recipes
from tests.clients.python_tools import PYTHON, client_program, python_with_clients
from tests.clients.stage import Stage, staged

pytestmark = pytest.mark.thorough

CLIENTS = {
    "httpx": Abilities(retries=False),
    "gql": Abilities(hashes=False, retries=False),
    "ariadne-codegen": Abilities(validation=False, hashes=False, retries=False),
    "sgqlc": Abilities(hashes=False, retries=False),
}
ALL_TITLES = """
import asyncio, typed_client

async def main():
    async for title in typed_client.titles(typed_client.client()):
        print(title)

asyncio.run(main())
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "client"
    folder.mkdir()
    return folder


@pytest.fixture
def service(tmp_path: Path) -> Path:
    folder = tmp_path / "service"
    folder.mkdir()
    return folder


def run(project: Path, *command: str | Path) -> str:
    finished = subprocess.run(command, cwd=project, capture_output=True, encoding="utf-8", timeout=300)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


def generate(project: Path, stage: Stage) -> None:
    """The types of ariadne-codegen, for the operations of the page and the others of the conversation, and sgqlc's module of the schema."""
    operations = project / "operations.graphql"
    shown = operations.read_text(encoding="utf-8")
    names = set(re.findall(r"^(?:query|subscription) (\w+)", shown, re.MULTILINE))
    more = [each.text for each in OPERATIONS if each != WRONG and each.name not in names]
    operations.write_text("\n".join([shown, *more]), encoding="utf-8")
    run(project, client_program("ariadne-codegen"), "--config", "ariadne-codegen.toml")
    run(project, python_with_clients(), "-m", "sgqlc.introspection", f"{stage.address}/graphql", "schema.json")
    run(project, client_program("sgqlc-codegen"), "schema", "schema.json", "news.py")


def lead_python(stage: Stage, project: Path, client: str) -> None:
    speak = Path(project / "speak.py")  # beside the recipes, which it imports
    speak.write_bytes((PYTHON / "speak.py").read_bytes())
    with started([python_with_clients(), speak, client], project) as process:
        lead(process, stage, CLIENTS[client])


@pytest.mark.parametrize("client", CLIENTS)
def test_client_is_told_what_all_are_told(client: str, project: Path, service: Path) -> None:
    with staged(service) as stage:
        write_recipes(project, stage.address)
        if client in ("ariadne-codegen", "sgqlc"):
            generate(project, stage)
        lead_python(stage, project, client)


def test_other_transports_of_gql_do_as_well(project: Path, service: Path) -> None:
    with staged(service) as stage:
        write_recipes(project, stage.address, "gql_client.py")
        program = project / "gql_client.py"
        text = program.read_text(encoding="utf-8")
        for shown, other in (
            ("gql.transport.httpx", "gql.transport.aiohttp"),
            ("HTTPXAsyncTransport", "AIOHTTPTransport"),
            ("gql.transport.websockets", "gql.transport.aiohttp_websockets"),
            ("WebsocketsTransport", "AIOHTTPWebsocketsTransport"),
        ):
            assert shown in text
            text = text.replace(shown, other)
        program.write_text(text, encoding="utf-8")
        lead_python(stage, project, "gql")


def test_typed_client_reads_all_pages(project: Path, service: Path) -> None:
    with staged(service) as stage:
        write_recipes(project, stage.address)
        generate(project, stage)
        printed = run(project, python_with_clients(), "-c", ALL_TITLES)
    assert printed.splitlines() == ["Cider from windfalls", "The first hive", "The second hive", "We are moving"]

"""The clients of npm hold the conversation that all clients hold, set up as docs/clients.md shows."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.clients.conversation import EDITED_TITLE, OPERATIONS, WRONG
from tests.clients.leading import Abilities, Client, lead, started
from tests.clients.page import write_recipes
from tests.clients.stage import VERSION, Stage, staged
from tests.js_tools import JAVASCRIPT, node_with, run_node
from tests.service import running

pytestmark = pytest.mark.thorough

SCHEMA = Path(__file__).parent.parent.parent / "schema.graphql"
CLIENTS = {
    "@urql/core": (["urql.mjs"], Abilities()),
    "@urql/vue": (["vue.mjs"], Abilities()),
    "@urql/svelte": (["svelte.mjs"], Abilities()),
    "@apollo/client": (["apollo.mjs"], Abilities()),
    "graphql-request": (["request.mjs"], Abilities(hashes=False, subscription=False, retries=False)),
    "@tanstack/query-core": (["tanstack.mjs"], Abilities(hashes=False, subscription=False)),
    "graphql-ws": (["streams.mjs", "socket.mjs", "socket"], Abilities(readable=False)),
    "graphql-sse": (["streams.mjs", "sse.mjs", "client"], Abilities()),
}
RELAY = Abilities(validation=False, retries=False)


@pytest.mark.parametrize("name", CLIENTS)
def test_client_is_told_what_all_are_told(name: str, tmp_path: Path) -> None:
    service = tmp_path / "service"
    service.mkdir()
    arguments, abilities = CLIENTS[name]
    with staged(service) as stage, speaking(stage, tmp_path / "client", *arguments) as client:
        lead(client, stage, abilities)


def test_relay_names_trusted_documents_that_its_compiler_registered(tmp_path: Path) -> None:
    project, service = tmp_path / "project", tmp_path / "service"
    service.mkdir()
    compile_operations(project)
    trusted = project / "trusted"
    (trusted / "version.graphql").write_text(VERSION, encoding="utf-8")
    with (
        staged(service, {"TRUSTED_DOCUMENTS": str(trusted)}) as stage,
        speaking(stage, project, "relay.mjs") as client,
    ):
        lead(client, stage, RELAY)


def test_socket_that_is_refused_for_its_token_gives_up(tmp_path: Path) -> None:
    with running(tmp_path, settings={"READ_TOKEN": "read-token-0123456789"}) as served:
        write_recipes(tmp_path, served.address, "socket.mjs", "events.mjs")
        (tmp_path / "node_modules").symlink_to(JAVASCRIPT / "node_modules")
        done = run_node(tmp_path / "events.mjs", cwd=tmp_path)
    assert done.returncode != 0
    assert "CloseEvent" in done.stderr


def test_follower_is_told_each_change_also_what_came_without_a_connection(tmp_path: Path) -> None:
    service = tmp_path / "service"
    service.mkdir()
    with staged(service) as stage, speaking(stage, tmp_path / "client", "follow.mjs", stage.version()) as client:
        stage.edit()
        assert client.event() == [EDITED_TITLE]
        stage.edit_unseen()
        assert client.event() == [EDITED_TITLE]
        stage.stop()
        stage.edit()
        stage.start()
        assert client.event() is None
        assert client.end() == 0


def test_follower_notices_that_a_connection_died_in_silence(tmp_path: Path) -> None:
    service = tmp_path / "service"
    service.mkdir()
    with staged(service) as stage, speaking(stage, tmp_path / "client", "follow.mjs", stage.version()) as client:
        stage.edit()
        assert client.event() == [EDITED_TITLE]
        stage.wire.hush()
        stage.edit()
        assert client.event() == [EDITED_TITLE]
        assert client.end() == 0


def test_what_tanstack_query_shows_is_asked_again_after_changes(tmp_path: Path) -> None:
    service = tmp_path / "service"
    service.mkdir()
    with staged(service) as stage, speaking(stage, tmp_path / "client", "refresh.mjs") as client:
        version = client.event()
        for change in (stage.edit, stage.edit_unseen):
            change()
            version = event_but(client, version)
            assert version == stage.version()
        assert client.end() == 0


def event_but(client: Client, known: str) -> str:
    """The next event that tells anything else; an observer tells also that it asks."""
    while (told := client.event()) == known:
        pass
    return str(told)


@contextmanager
def speaking(stage: Stage, folder: Path, driver: str, *arguments: str) -> Iterator[Client]:
    """A client of tests/js/clients among the programs of the page."""
    write_recipes(folder, stage.address)
    (folder / "node_modules").symlink_to(JAVASCRIPT / "node_modules")
    with started([node_with(JAVASCRIPT), JAVASCRIPT / "clients" / driver, *arguments], folder) as client:
        yield client


def compile_operations(project: Path) -> None:
    """Relay's artifacts of all operations that fit the schema, with the compiler's configuration of the page."""
    for name in ("src", "artifacts", "trusted"):
        (project / name).mkdir(parents=True)
    texts = [operation.text for operation in OPERATIONS if operation != WRONG]
    named = [re.sub(r"^(query|subscription) (\w+)", _relay_name, text) for text in texts]
    (project / "src" / "Operations.js").write_text("".join(f"graphql`{text}`;\n" for text in named), encoding="utf-8")
    (project / "schema.graphql").write_bytes(SCHEMA.read_bytes())
    (project / "trusted" / "operations.json").write_text("{}", encoding="utf-8")  # the compiler wants one
    write_recipes(project, "", "relay.config.json")
    compiler = JAVASCRIPT / "node_modules" / "relay-compiler" / "cli.js"
    finished = run_node(compiler, "--noWatchman", "--output", "quiet-with-errors", "relay.config.json", cwd=project)
    assert finished.returncode == 0, finished.stdout + finished.stderr


def _relay_name(match: "re.Match[str]") -> str:
    """The compiler wants the names of operations to begin with their file's."""
    return f"{match[1]} Operations{match[2]}{match[1].capitalize()}"

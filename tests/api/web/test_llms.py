"""What language models read first: links that lead somewhere, queries that are answered as it says, and nothing that is not theirs."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.settings import Settings
from api.web.app import create_app
from graph.building.live_folders import load_snapshot
from graph.building.snapshot import GraphSnapshot
from graph.stores.memory import MemoryStore
from tests.api.hidden_files import MARKER, write_folder
from tests.folders import document, folder_snapshot

READ = "read-token-0123456789"


@pytest.fixture(scope="module")
def client(known: GraphSnapshot) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(), MemoryStore(known))) as client:
        yield client


def asked(snapshot: GraphSnapshot, path: str, settings: Settings | None = None, **headers: str) -> tuple[int, str]:
    with TestClient(create_app(settings or Settings(), MemoryStore(snapshot))) as client:
        answer = client.get(path, headers=headers)
        return answer.status_code, answer.text


def test_every_link_leads_somewhere(client: TestClient) -> None:
    answer = client.get("/llms.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text.startswith("# Frontgraph\n\n> ")
    assert "This graph holds 57 article nodes, " in answer.text
    links = re.findall(r"\]\((/[^)]*)\)", answer.text)
    assert {"/graphql", "/mcp", "/llms-full.txt", "/schema.graphql", "/docs/agents"} <= set(links)
    for link in links:
        expected = 405 if link == "/mcp" else 200
        assert client.get(link, headers={"Accept": "text/html, */*"}).status_code == expected, link


def test_every_example_is_answered_as_it_says(client: TestClient) -> None:
    text = client.get("/llms-full.txt").text
    examples = re.findall(r"^(`{3,})graphql\n({.+})\n\1\n\n(`{3,})json\n(.+)\n\3$", text, re.MULTILINE)
    assert len(examples) == 9
    whole = 0
    for _, query, _, answer in examples:
        found = client.post("/graphql", json={"query": query}).json()
        assert "errors" not in found, query
        shown = json.loads(answer)
        assert shown.keys() - {"leftOut"} == found.keys()
        whole += shown == found
    assert whole > 5
    assert "type Query {" in text
    assert len(text.encode()) < 35_000


def test_only_who_may_read_is_told(known: GraphSnapshot) -> None:
    settings = Settings(read_token=READ)
    for path in ("/llms.txt", "/llms-full.txt"):
        assert asked(known, path, settings)[0] == 401
        assert asked(known, path, settings, Authorization=f"Bearer {READ}")[0] == 200


def test_schema_is_not_told_where_it_is_not_shown(known: GraphSnapshot) -> None:
    status, text = asked(known, "/llms-full.txt", Settings(introspection=False))
    assert status == 200
    assert "type Query" not in text
    assert "schema.graphql" not in text


def test_trusted_documents_are_told_in_place_of_examples(known: GraphSnapshot, tmp_path: Path) -> None:
    (tmp_path / "topics.graphql").write_text("query Topics { topics { totalCount } }")
    status, text = asked(known, "/llms-full.txt", Settings(trusted_documents=str(tmp_path)))
    assert status == 200
    assert "### topics\n\n```graphql\nquery Topics { topics { totalCount } }\n```" in text
    assert "type Query" not in text
    assert "57" not in text


def test_nothing_hidden_is_told(tmp_path: Path) -> None:
    snapshot = load_snapshot([write_folder(tmp_path / "site", with_hidden=True)])
    assert MARKER not in asked(snapshot, "/llms-full.txt")[1]


def test_names_that_mean_something_in_queries_and_in_markdown_do_no_harm(tmp_path: Path) -> None:
    name = '`````\\n# A \\"heading\\" }'
    files = {f"{title}.md": document(title=f'"{name} {title}"', topics=f'["{name}"]') for title in "ab"}
    status, text = asked(folder_snapshot(tmp_path, files), "/llms-full.txt")
    assert status == 200
    assert not re.search(r"^# A", text, re.MULTILINE)
    assert text.count("### ") >= 8


def test_requests_count_for_the_rate(known: GraphSnapshot) -> None:
    with TestClient(create_app(Settings(rate_limit=300), MemoryStore(known))) as client:
        statuses = [client.get("/llms.txt").status_code for _ in range(12)]
    assert statuses[0] == 200
    assert statuses[-1] == 429

"""Trusted documents: the operations of a folder are answered, however they are asked for, and no others."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.service.trusted_documents import TrustedDocuments
from api.settings import SettingError, Settings
from api.web.app import create_app
from graph.building.snapshot import GraphSnapshot
from graph.stores.memory import MemoryStore

TOPICS = "query Topics {\n  topics { totalCount }\n}\n"
FIRST = "query First($first: Int) { topics(first: $first) { nodes { name } } }"
SEVERAL = "query One { topics { totalCount } } query Two { providers { totalCount } }"
CHANGES = "subscription Changes { snapshotChanged { version } }"
OTHER = "{ articles { totalCount } }"


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trusted")
    (folder / "topics.graphql").write_text(TOPICS, encoding="utf-8")
    (folder / "deeper").mkdir()
    (folder / "deeper" / "changes.gql").write_text(CHANGES, encoding="utf-8")
    (folder / "relay.json").write_text(json.dumps({"0f1e2d3c4b5a69788796a5b4c3d2e1f0": FIRST}), encoding="utf-8")
    apollo = {
        "format": "apollo-persisted-query-manifest",
        "version": 1,
        "operations": [{"id": sha256(SEVERAL), "name": "One", "type": "query", "body": SEVERAL}],
    }
    (folder / "apollo.json").write_text(json.dumps(apollo), encoding="utf-8")
    (folder / "notes.txt").write_text("no document", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def client(known: GraphSnapshot, folder: Path) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(trusted_documents=str(folder)), MemoryStore(known))) as client:
        yield client


COUNTED = {"data": {"topics": {"totalCount": 14}}}
ASKED: list[dict[str, Any]] = [
    {"query": TOPICS},
    {"query": f"\n  {TOPICS}\n\n"},
    {"documentId": "topics"},
    {"documentId": sha256(TOPICS)},
    {"documentId": f"sha256:{sha256(TOPICS)}"},
    {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": sha256(TOPICS)}}},
    {"query": TOPICS, "extensions": {"persistedQuery": {"version": 1, "sha256Hash": sha256(TOPICS)}}},
    {"documentId": sha256(SEVERAL), "operationName": "One"},
]


@pytest.mark.parametrize("body", ASKED, ids=str)
def test_trusted_document_is_answered_by_text_and_by_id(client: TestClient, body: dict[str, Any]) -> None:
    assert client.post("/graphql", json=body).json() == COUNTED
    parameters = {name: value if isinstance(value, str) else json.dumps(value) for name, value in body.items()}
    assert client.get("/graphql", params=parameters).json() == COUNTED


def test_manifest_has_ids_of_its_own_and_variables_are_free(client: TestClient) -> None:
    body = {"documentId": "0f1e2d3c4b5a69788796a5b4c3d2e1f0", "variables": {"first": 1}}
    assert client.post("/graphql", json=body).json() == {"data": {"topics": {"nodes": [{"name": "AI"}]}}}


REFUSED: list[dict[str, Any]] = [
    {"query": OTHER},
    {"query": TOPICS.replace("Topics", "Topicz")},
    {"query": TOPICS + "# more"},
    {"query": OTHER, "documentId": "topics"},
    {"query": OTHER, "extensions": {"persistedQuery": {"version": 1, "sha256Hash": sha256(OTHER)}}},
    {"query": OTHER, "extensions": {"persistedQuery": {"version": 1, "sha256Hash": sha256(TOPICS)}}},
    {"query": "{ __schema { types { name } } }"},
    {"query": "{ __typename }"},
    {"query": ""},
    {"query": "{"},
    {"documentId": "unknown"},
    {"documentId": 5},
    {"documentId": ["topics"]},
    {"documentId": "notes"},
    {"documentId": ""},
    {"extensions": {"persistedQuery": "text"}},
    {},
]


@pytest.mark.parametrize("body", REFUSED, ids=str)
def test_anything_else_is_refused(client: TestClient, body: dict[str, Any]) -> None:
    response = client.post("/graphql", json=body)
    (error,) = response.json()["errors"]
    assert (response.status_code, error["extensions"]["code"]) == (403, "DOCUMENT_NOT_TRUSTED")
    assert error["message"].startswith("This service answers trusted documents only")


def over_socket(client: TestClient, payload: dict[str, Any]) -> dict[str, Any]:
    with client.websocket_connect("/graphql", subprotocols=["graphql-transport-ws"]) as socket:
        socket.send_json({"type": "connection_init"})
        socket.receive_json()
        socket.send_json({"id": "1", "type": "subscribe", "payload": payload})
        answer: dict[str, Any] = socket.receive_json()
        return answer


@pytest.mark.parametrize("payload", ASKED, ids=str)
def test_sockets_answer_trusted_documents(client: TestClient, payload: dict[str, Any]) -> None:
    assert over_socket(client, payload) == {"id": "1", "type": "next", "payload": COUNTED}


@pytest.mark.parametrize(
    "payload",
    [{"query": OTHER}, {"query": "subscription { snapshotChanged { version } }"}, {"documentId": "x"}],
    ids=str,
)
def test_sockets_refuse_anything_else(client: TestClient, payload: dict[str, Any]) -> None:
    answer = over_socket(client, payload)
    assert (answer["type"], answer["payload"][0]["extensions"]) == ("error", {"code": "DOCUMENT_NOT_TRUSTED"})


def test_events_hold_to_them(client: TestClient) -> None:
    headers = {"Accept": "text/event-stream"}
    assert json.dumps(COUNTED, separators=(",", ":")) in client.post("/graphql", json=ASKED[2], headers=headers).text
    refused = client.post("/graphql", json={"query": OTHER}, headers=headers)
    assert (refused.status_code, "DOCUMENT_NOT_TRUSTED" in refused.text) == (403, True)


BAD_FOLDERS: dict[str, str] = {
    "list.json": "[]",
    "text.json": '"text"',
    "broken.json": "{",
    "deep.json": "[" * 100_000,
    "numbers.json": '{"id": 5}',
    "without-id.json": '{"operations": [{"body": "{ __typename }"}]}',
    "without-body.json": '{"operations": [{"id": "x"}]}',
    "texts.json": '{"operations": ["{ __typename }"]}',
}


@pytest.mark.parametrize("name", BAD_FOLDERS)
def test_file_that_is_no_manifest_is_a_setting_error_that_names_it(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(BAD_FOLDERS[name], encoding="utf-8")
    with pytest.raises(SettingError, match=f"{name} cannot be read as trusted documents: "):
        TrustedDocuments(tmp_path)


def test_file_that_is_no_text_is_a_setting_error(tmp_path: Path) -> None:
    (tmp_path / "latin.graphql").write_bytes("{ é }".encode("latin-1"))
    with pytest.raises(SettingError, match=r"latin\.graphql cannot be read"):
        TrustedDocuments(tmp_path)


def test_empty_folder_is_a_setting_error_rather_than_an_open_door(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"holds no trusted documents; put \.graphql files or a JSON manifest there"):
        TrustedDocuments(tmp_path)


def test_missing_folder_is_a_setting_error(tmp_path: Path) -> None:
    missing = str(tmp_path / "missing")
    with pytest.raises(SettingError, match=r"FRONTGRAPH_TRUSTED_DOCUMENTS is .* there is no such folder"):
        Settings.from_environment({"FRONTGRAPH_TRUSTED_DOCUMENTS": missing})

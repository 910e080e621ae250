"""The other routes: pages, files, schema, exports, health; and the headers of every answer."""

import json
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import api.app
from api.app import create_app
from api.schema import print_schema
from api.settings import Settings
from graph.export import ExportFormat, export_chunks
from graph.snapshot import GraphSnapshot
from graph.store import MemoryStore

ROUTES = {
    "/": "text/html; charset=utf-8",
    "/graphql?query={__typename}": "application/json; charset=utf-8",
    "/schema.graphql": "application/graphql; charset=utf-8",
    "/healthz": "application/json",
    "/readyz": "application/json",
    "/static/query.css": "text/css; charset=utf-8",
    "/static/icon.svg": "image/svg+xml",
    "/static/examples.json": "application/json",
    "/export/graph.graphml": "application/graphml+xml",
    "/export/graph.gexf": "application/gexf+xml",
    "/export/graph.json": "application/json",
    "/export/graph.cyjs": "application/json",
    "/export/graph.zip": "application/zip",
}
ERRORS = {"/nothing": 404, "/static/nothing.js": 404, "/export/nothing": 404, "/graphql": 400, "/graphql/x": 404}


def error_of(response: Any) -> tuple[int, str, str]:
    (error,) = response.json()["errors"]
    assert (set(response.json()), set(error)) == ({"errors"}, {"message", "extensions"})
    return response.status_code, error["extensions"]["code"], error["message"]


@pytest.mark.parametrize("path", ROUTES)
def test_route_answers_in_its_media_type(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.headers["content-type"]) == (200, ROUTES[path])
    head = client.head(path)
    assert (head.status_code, head.headers["content-type"], head.content) == (200, ROUTES[path], b"")


@pytest.mark.parametrize("path", [*ROUTES, *ERRORS])
def test_every_answer_tells_browsers_to_be_strict(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == ERRORS.get(path, 200)
    assert response.headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; font-src 'self'; "
        "worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert response.headers["cross-origin-opener-policy"] == "same-origin"
    assert "server" not in response.headers


@pytest.mark.parametrize("path", [path for path in ROUTES if not path.startswith("/graphql")])
def test_routes_are_read_only(client: TestClient, path: str) -> None:
    response = client.post(path)
    assert error_of(response) == (405, "METHOD_NOT_ALLOWED", "POST is not allowed here; use GET, HEAD.")
    assert response.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/graphql/nothing",
        "/static",
        "/static/",
        "/static/nothing.js",
        "/static/../app.py",
        "/static/..%2fapp.py",
        "/static/%2e%2e/app.py",
        "/static/..%5capp.py",
        "/static//etc/passwd",
        "/static/%2fetc%2fpasswd",
        "/static/%00",
        "/static/" + "a" * 5_000,
        "/export/",
        "/export/../../pyproject.toml",
        "/export/..%2f..%2fpyproject.toml",
        "/export/graph.json/x",
        "/%ff%fe",
    ],
)
def test_path_to_nothing_is_not_found(client: TestClient, path: str) -> None:
    expected = (404, "NOT_FOUND", "Nothing stands at this URL; the start page is /.")
    assert error_of(client.get(path)) == expected


@pytest.mark.parametrize("name", ["nothing", "graph", "GRAPH.JSON", "graph.json%00", "graph.csv"])
def test_unknown_export_is_not_found_and_the_known_ones_are_named(client: TestClient, name: str) -> None:
    message = "There is no export of this name; there are graph.graphml, graph.gexf, graph.json, graph.cyjs, graph.zip."
    assert error_of(client.get(f"/export/{name}")) == (404, "NOT_FOUND", message)


@pytest.mark.parametrize("wanted", ExportFormat)
def test_export_is_the_whole_file_as_an_attachment(
    client: TestClient, known: GraphSnapshot, wanted: ExportFormat
) -> None:
    response = client.get(f"/export/{wanted.file_name}")
    assert response.content == b"".join(export_chunks(known, wanted))
    assert response.headers["content-disposition"] == f'attachment; filename="{wanted.file_name}"'


def test_schema_is_the_printed_one(client: TestClient) -> None:
    assert client.get("/schema.graphql").text == print_schema()


def test_health_and_readiness(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready", "version": "0" * 32}


def test_trailing_slash_leads_to_the_route(client: TestClient) -> None:
    response = client.get("/healthz/")
    assert (response.json(), [step.status_code for step in response.history]) == ({"status": "ok"}, [307])


def test_start_page_names_every_export_and_only_own_addresses(client: TestClient) -> None:
    page = client.get("/").text
    assert [wanted for wanted in ExportFormat if f'href="export/{wanted.file_name}"' not in page] == []
    assert "://" not in page
    assert "<script" not in page


@pytest.mark.parametrize("is_built", [True, False])
def test_browser_gets_a_page_whether_the_playground_was_built_or_not(
    known: GraphSnapshot,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    is_built: bool,
) -> None:
    page = tmp_path / "playground.html"
    if is_built:
        page.write_text("<!doctype html><title>Playground</title>", encoding="utf-8")
    monkeypatch.setattr(api.app, "PLAYGROUND", page)
    with caplog.at_level(logging.WARNING):
        client = TestClient(create_app(Settings(), MemoryStore(known)))
    response = client.get("/graphql", headers={"accept": "text/html"})
    assert response.status_code == 200
    assert ("Playground</title>" in response.text) is is_built
    policy = response.headers["content-security-policy"]
    assert ("style-src 'self' 'unsafe-inline'" in policy, "script-src 'self';" in policy) == (is_built, True)
    assert ("The playground was not built" in caplog.text) is not is_built


def test_request_goes_on_with_the_snapshot_that_was_current_when_it_began(known: GraphSnapshot) -> None:
    store = MemoryStore(known)
    client = TestClient(create_app(Settings(), store))
    versions = [client.get("/readyz").json()["version"]]
    store.swap(replace(known, version="1" * 32))
    versions.append(client.get("/readyz").json()["version"])
    answer = client.post("/graphql", json={"query": "{ snapshot { version } }"}).json()
    assert versions == ["0" * 32, "1" * 32]
    assert answer == {"data": {"snapshot": {"version": "1" * 32}}}


def test_page_size_comes_from_the_settings(known: GraphSnapshot) -> None:
    client = TestClient(create_app(Settings(page_size=2, max_page_size=3), MemoryStore(known)))
    answer = client.post(
        "/graphql", json={"query": "{ a: topics { nodes { id } } b: topics(first: 4) { totalCount } }"}
    )
    assert answer.json()["errors"][0]["message"] == "`first` is 4; it must be from 0 to 3."
    answer = client.post("/graphql", json={"query": "{ a: topics { nodes { name } } }"})
    assert answer.json() == {"data": {"a": {"nodes": [{"name": "AI"}, {"name": "Airfields"}]}}}


def test_json_answers_keep_letters_of_every_script(client: TestClient) -> None:
    response = client.get("/graphql?query={articles(first:1){nodes{title}}}")
    assert "Zoéa’s" in response.content.decode()
    assert json.loads(response.content) == response.json()

"""Who may read what: tokens, what is unpublished, and what one client may do with what was kept for another."""

import hmac
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

import api.service.access
from api.schema.assembly import schema
from api.service.access import Access
from api.settings import Settings
from api.telemetry import Telemetry, snapshot_figures
from api.web.app import create_app
from graph.building.live_folders import LiveFolders
from graph.building.snapshot import GraphSnapshot
from graph.export.formats import ExportFormat
from graph.model import Article, NodeKind
from graph.stores.memory import MemoryStore
from tests.api.execution.answering import pools_of
from tests.api.execution.generated_operations import Generator, Pools, Request
from tests.api.hidden_files import MARKER, write_folder
from tests.cases import number_of_cases, random_from

READ, PREVIEW, ADMIN = "read-token-0123456789", "preview-token-0123456789", "admin-token-0123456789"
COUNT = "{ articles { totalCount } }"
GENERATED = number_of_cases(400)
"""Documents, each with several sets of variables."""


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def loaded(folder: Path) -> Mapping[bool, GraphSnapshot]:
    """The graphs of the folder as `serve` loads them for a service with a preview token; of a known date."""
    snapshots = LiveFolders([folder], [False, True]).load().snapshots
    date = datetime(2025, 8, 1, tzinfo=UTC)
    return {key: replace(snapshot, loaded_at=date) for key, snapshot in snapshots.items()}


@pytest.fixture(scope="module")
def with_hidden(tmp_path_factory: pytest.TempPathFactory) -> Mapping[bool, GraphSnapshot]:
    return loaded(write_folder(tmp_path_factory.mktemp("with") / "articles", with_hidden=True))


@pytest.fixture(scope="module")
def without_hidden(tmp_path_factory: pytest.TempPathFactory) -> Mapping[bool, GraphSnapshot]:
    return loaded(write_folder(tmp_path_factory.mktemp("without") / "articles", with_hidden=False))


def client_of(snapshots: Mapping[bool, GraphSnapshot], **settings: Any) -> TestClient:
    public, preview = MemoryStore(snapshots[False]), MemoryStore(snapshots[True])
    telemetry = Telemetry(log_requests=False)
    telemetry.metrics.follow_snapshot(lambda: snapshot_figures(public.reader().snapshot))
    app = create_app(Settings(**settings), public, preview, telemetry)
    return TestClient(app, raise_server_exceptions=False)


@pytest.fixture(scope="module")
def public(with_hidden: Mapping[bool, GraphSnapshot]) -> Iterator[TestClient]:
    """A service on a folder with hidden files, which has a preview token."""
    with client_of(with_hidden, preview_token=PREVIEW) as client:
        yield client


@pytest.fixture(scope="module")
def clean(without_hidden: Mapping[bool, GraphSnapshot]) -> Iterator[TestClient]:
    """The same service on the folder without the hidden files."""
    with client_of(without_hidden, preview_token=PREVIEW) as client:
        yield client


@pytest.fixture(scope="module")
def closed(with_hidden: Mapping[bool, GraphSnapshot]) -> Iterator[TestClient]:
    """A service with all three tokens."""
    with client_of(with_hidden, read_token=READ, preview_token=PREVIEW, admin_token=ADMIN) as client:
        yield client


def refusal(response: Any) -> tuple[int, str]:
    (error,) = response.json()["errors"]
    return response.status_code, error["extensions"]["code"]


class TestTokens:
    READABLE = ("/graphql?query={__typename}", "/schema.graphql", "/export/graph.json")

    @pytest.mark.parametrize("path", READABLE)
    def test_reading_needs_the_read_token_or_the_preview_token(self, closed: TestClient, path: str) -> None:
        refused = closed.get(path)
        assert refusal(refused) == (401, "UNAUTHENTICATED")
        assert refused.headers["www-authenticate"] == 'Bearer realm="frontgraph"'
        assert [closed.get(path, headers=bearer(token)).status_code for token in (READ, PREVIEW)] == [200, 200]

    @pytest.mark.parametrize(
        "given",
        [
            "",
            "Bearer",
            "Bearer ",
            f"Bearer {READ[:-1]}",
            f"Bearer {READ}x",
            f"Bearer {READ.upper()}",
            f"Basic {READ}",
            READ,
            f"Bearer {ADMIN}",
            "Bearer é",
            f"Bearer {READ}, Bearer {READ}",
        ],
    )
    def test_other_tokens_are_wrong(self, closed: TestClient, given: str) -> None:
        response = closed.post("/graphql", json={"query": COUNT}, headers=[(b"authorization", given.encode())])
        assert refusal(response) == (401, "UNAUTHENTICATED")
        assert not any(token in response.text for token in (READ, PREVIEW, ADMIN))

    def test_scheme_is_read_in_any_case(self, closed: TestClient) -> None:
        assert closed.post("/graphql", json={"query": COUNT}, headers={"Authorization": f"bEARER {READ}"}).is_success

    def test_pages_and_health_are_open_without_a_token(self, closed: TestClient) -> None:
        for path in ("/", "/healthz", "/readyz", "/static/query.css"):
            assert closed.get(path).status_code == 200
        assert closed.get("/graphql", headers={"Accept": "text/html"}).status_code == 200

    def test_operators_are_asked_for_their_own_token(self, closed: TestClient) -> None:
        for method, path in (("GET", "/metrics"), ("POST", "/-/reload")):
            for headers in ({}, bearer(READ), bearer(PREVIEW)):
                assert refusal(closed.request(method, path, headers=headers)) == (401, "UNAUTHENTICATED")
        assert closed.get("/metrics", headers=bearer(ADMIN)).status_code == 200
        assert refusal(closed.post("/-/reload", headers=bearer(ADMIN))) == (404, "NOT_FOUND")  # this one has no folders

    def test_reload_is_forbidden_where_no_token_is_set_and_metrics_are_open(self, public: TestClient) -> None:
        assert refusal(public.post("/-/reload", headers=bearer(ADMIN))) == (403, "FORBIDDEN")
        assert public.get("/metrics").status_code == 200

    def test_wrong_preview_token_is_refused_rather_than_taken_for_the_public(self, public: TestClient) -> None:
        assert public.post("/graphql", json={"query": COUNT}).is_success
        assert refusal(public.post("/graphql", json={"query": COUNT}, headers=bearer(READ))) == (401, "UNAUTHENTICATED")

    def test_tokens_are_compared_in_constant_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        compared: list[tuple[bytes, bytes]] = []

        def compare(given: bytes, wanted: bytes) -> bool:
            compared.append((given, wanted))
            return hmac.compare_digest(given, wanted)

        monkeypatch.setattr(api.service.access, "hmac", SimpleNamespace(compare_digest=compare))
        access = Access(Settings(read_token=READ, admin_token=ADMIN))
        access.client(f"Bearer {READ}", "")
        access.require_admin(f"Bearer {ADMIN}")
        assert compared == [(READ.encode(), READ.encode()), (ADMIN.encode(), ADMIN.encode())]

    def test_answers_say_that_they_are_for_one_client(self, closed: TestClient) -> None:
        answer = closed.get("/graphql", params={"query": COUNT}, headers=bearer(READ))
        assert answer.headers["vary"] == "Accept, Accept-Encoding, Authorization"
        assert answer.headers["cache-control"] == "private, no-cache"
        exported = closed.get("/export/graph.json", headers=bearer(READ))
        assert exported.headers["vary"] == "Accept-Encoding, Authorization"
        assert exported.headers["cache-control"] == "private, no-cache"
        schema = closed.get("/schema.graphql", headers=bearer(READ))
        assert schema.headers["vary"] == "Accept-Encoding, Authorization"
        assert schema.headers["cache-control"] == "private, no-cache"

    def test_kept_time_is_private_for_clients_with_a_token(self, with_hidden: Mapping[bool, GraphSnapshot]) -> None:
        with client_of(with_hidden, preview_token=PREVIEW, cache_max_age=60) as client:
            told = [
                client.get("/graphql", params={"query": COUNT}, headers=headers).headers["cache-control"]
                for headers in ({}, bearer(PREVIEW))
            ]
        assert told == ["public, max-age=60", "private, max-age=60"]

    @pytest.mark.parametrize(("payload", "is_in"), [(None, False), ({"Authorization": f"Bearer {READ}"}, True)])
    def test_sockets_say_the_token_in_their_first_message(
        self, closed: TestClient, payload: dict[str, str] | None, is_in: bool
    ) -> None:
        with closed.websocket_connect("/graphql", subprotocols=["graphql-transport-ws"]) as socket:
            socket.send_json({"type": "connection_init", "payload": payload})
            if is_in:
                assert socket.receive_json() == {"type": "connection_ack"}
                return
            with pytest.raises(WebSocketDisconnect) as closing:
                socket.receive_json()
        assert closing.value.code == 4403

    def test_events_need_the_token(self, closed: TestClient) -> None:
        headers = {"Accept": "text/event-stream"}
        assert refusal(closed.post("/graphql", json={"query": COUNT}, headers=headers)) == (401, "UNAUTHENTICATED")
        assert '"totalCount"' in closed.post("/graphql", json={"query": COUNT}, headers=headers | bearer(READ)).text


def requests_of(pools: Pools) -> Iterator[Request]:
    """Operations over the whole schema, the same each time."""
    random = random_from(11)
    for _ in range(GENERATED):
        yield from Generator(schema._schema, pools, random, random.randint(1, 14)).requests(3)


def ask(client: TestClient, request: Request, headers: Mapping[str, str] | None = None) -> Any:
    body = {"query": request.query, "variables": dict(request.variables), "operationName": request.operation_name}
    return client.post("/graphql", json=body, headers=headers)


def pages() -> Iterator[str]:
    """Paths of everything else that tells of articles."""
    ids = ("a_" + "a" * 16, "s_" + "a" * 16)
    for wanted in ExportFormat:
        yield f"/export/{wanted.file_name}"
        yield f"/export/{wanted.file_name}?filter={{%22body%22:{{%22contains%22:%22{MARKER}%22}}}}"
    yield from (f"/export/graph.json?around={node_id}" for node_id in ids)
    yield from ("/readyz", "/", "/schema.graphql", "/static/examples.json")


SNAPSHOT = """{ snapshot { version loadedAt nodeCounts { kind count } edgeCounts { kind count } } }"""
PROBLEMS = "{ snapshot { problems(first: 100) { totalCount nodes { code severity file line fieldPath message } } } }"
SEARCHES = (
    f'{{ search(query: "{MARKER}") {{ totalCount edges {{ score highlights {{ parts {{ text }} }} node {{ __typename }} }} }} }}',
    f'{{ article(by: {{slug: "{MARKER}"}}) {{ id title }} }}',
    f'{{ article(by: {{url: "https://{MARKER}.example/one"}}) {{ id title }} }}',
    f'{{ provider(by: {{domain: "{MARKER}.example"}}) {{ id name }} }}',
    f'{{ topic(by: {{name: "{MARKER} topic"}}) {{ id name }} }}',
    f'{{ relatedByTopic(topics: ["Energy", "{MARKER} topic"], match: ANY) {{ totalCount }} }}',
    f'{{ providerNeighborhood(domain: "{MARKER}.example") {{ nodes {{ id: node {{ id }} }} }} }}',
    f'{{ articles(filter: {{title: {{contains: "{MARKER}"}}}}) {{ totalCount }} }}',
    "{ articles(filter: {quality: {eq: 199}}) { totalCount aggregate { count quality { min max } } } }",
    "{ articles { groupBy(key: TOPIC, first: 1000) { count } timeline(interval: DAY) { start count } } }",
    "{ trending(first: 100) { __typename } }",
    '{ article(by: {url: "https://mentioned.example/hidden-but-mentioned"}) { id slug title excerpt origin body conflicts { field value file fieldPath } problems { code } frontMatter related { totalCount } relatedByTopic { totalCount } story { articleCount } } }',
    '{ article(by: {url: "https://www.harbourpost.example/2024/03/corrin-sound-tidal-array"}) { title quality conflicts { field value file fieldPath } problems { code } frontMatter related(first: 100) { nodes { title } } } }',
    '{ topic(by: {slug: "energy"}) { keywords hashtags parent { name } children { name } problems: articles { totalCount } } }',
    "{ providers(first: 100) { totalCount nodes { name domain aliases images { url } } } }",
)


@pytest.fixture(scope="module")
def hidden_pools(with_hidden: Mapping[bool, GraphSnapshot]) -> Pools:
    """What leads to hidden articles, among others: their ids, slugs, domains, topics and words."""
    snapshot = with_hidden[True]
    pools = pools_of(snapshot)
    hidden = [
        node
        for kind in (NodeKind.ARTICLE, NodeKind.PROVIDER, NodeKind.TOPIC)
        for node in (snapshot.nodes[node_id] for node_id in snapshot.ids[kind])
        if MARKER in str(node)
    ]
    assert len(hidden) > 5
    return replace(
        pools,
        ids=[*pools.ids, *(node.id for node in hidden)],
        by={
            **pools.by,
            "ArticleBy": {
                "id": [node.id for node in hidden],
                "slug": [MARKER, *(node.slug for node in hidden if isinstance(node, Article) and node.slug)],
                "url": [f"https://{MARKER}.example/one"],
            },
        },
        words=[*pools.words, MARKER],
    )


COUNTS = re.compile(r"\b(fileCount|hidden|notRead)\b")
"""Fields that tell everybody how many files there are and how many are hidden, which is no secret; nothing else of them."""


class TestUnpublished:
    """What hidden files hold is in no answer to the public, and changes none."""

    def test_files_have_what_they_are_to_hide(self, with_hidden: Mapping[bool, GraphSnapshot]) -> None:
        assert with_hidden[False].version != with_hidden[True].version
        assert len([node for node in with_hidden[True].nodes.values() if MARKER in str(node)]) >= 9

    def test_generated_operations_are_answered_as_if_nothing_was_hidden(
        self, public: TestClient, clean: TestClient, hidden_pools: Pools
    ) -> None:
        leaked = 0
        for request in requests_of(hidden_pools):
            if COUNTS.search(request.query):
                continue
            answer, expected = ask(public, request), ask(clean, request)
            assert (answer.status_code, answer.content) == (expected.status_code, expected.content), request
            if MARKER not in request.query + json.dumps(request.variables):
                assert MARKER not in answer.text
            leaked += MARKER in ask(public, request, bearer(PREVIEW)).text
            assert ask(public, request).content == expected.content  # whatever was kept for the other client
        assert leaked > GENERATED / 10  # with the token, much of it is told

    @pytest.mark.parametrize("query", [SNAPSHOT, PROBLEMS, *SEARCHES], ids=lambda query: query[:60])
    def test_chosen_operations_are_answered_as_if_nothing_was_hidden(
        self, public: TestClient, clean: TestClient, query: str
    ) -> None:
        answer, expected = (client.get("/graphql", params={"query": query}) for client in (public, clean))
        assert (answer.content, answer.headers.get("etag")) == (expected.content, expected.headers.get("etag"))
        preview = public.get("/graphql", params={"query": query}, headers=bearer(PREVIEW))
        assert "data" in preview.json()
        assert preview.content != answer.content
        assert preview.headers["etag"] != answer.headers.get("etag")

    @pytest.mark.parametrize("path", [*pages()])
    def test_pages_are_answered_as_if_nothing_was_hidden(
        self, public: TestClient, clean: TestClient, path: str
    ) -> None:
        answer, expected = public.get(path), clean.get(path)
        assert (answer.status_code, answer.content) == (expected.status_code, expected.content)
        assert answer.headers.get("etag") == expected.headers.get("etag")
        assert MARKER.encode() not in answer.content

    def test_exports_hold_it_with_the_token(self, public: TestClient) -> None:
        answer = public.get("/export/graph.json", headers=bearer(PREVIEW))
        assert MARKER in answer.text
        assert answer.headers["etag"] != public.get("/export/graph.json").headers["etag"]

    def test_figures_are_those_of_what_is_public(self, public: TestClient, clean: TestClient) -> None:
        def told(client: TestClient) -> list[str]:
            return [
                line for line in client.get("/metrics").text.splitlines() if line.startswith("frontgraph_snapshot_")
            ]

        figures = [[line for line in told(client) if "_age_" not in line] for client in (public, clean)]
        assert figures[0] == figures[1] != []

    def test_known_tag_is_no_key_to_what_is_hidden(self, public: TestClient) -> None:
        tag = public.get("/graphql", params={"query": COUNT}, headers=bearer(PREVIEW)).headers["etag"]
        known = {"If-None-Match": tag}
        assert public.get("/graphql", params={"query": COUNT}, headers=known).status_code == 200
        assert public.get("/graphql", params={"query": COUNT}, headers=known | bearer(PREVIEW)).status_code == 304

    def test_sockets_and_events_of_the_public_tell_nothing(self, public: TestClient, clean: TestClient) -> None:
        def over_socket(client: TestClient, payload: dict[str, str]) -> Any:
            with client.websocket_connect("/graphql", subprotocols=["graphql-transport-ws"]) as socket:
                socket.send_json({"type": "connection_init", "payload": payload})
                socket.receive_json()
                socket.send_json({"id": "1", "type": "subscribe", "payload": {"query": PROBLEMS}})
                return socket.receive_json()

        assert over_socket(public, {}) == over_socket(clean, {})
        assert MARKER in json.dumps(over_socket(public, {"Authorization": f"Bearer {PREVIEW}"}))
        headers = {"Accept": "text/event-stream"}
        events = [client.post("/graphql", json={"query": PROBLEMS}, headers=headers).text for client in (public, clean)]
        assert events[0] == events[1]
        assert MARKER in public.post("/graphql", json={"query": PROBLEMS}, headers=headers | bearer(PREVIEW)).text

"""What spares answers: tags and 304, Cache-Control, compressed forms, persisted queries."""

import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import brotli
import pytest
from starlette.testclient import TestClient

from api.settings import Settings
from api.web.app import create_app
from api.web.compression import ENCODINGS, SMALLEST
from graph.building.snapshot import GraphSnapshot
from graph.stores.memory import MemoryStore

SHORT = "{ articles(first: 1) { totalCount } }"
LONG = "{ articles(first: 50) { nodes { id title excerpt body } } }"


@pytest.fixture
def store(known: GraphSnapshot) -> MemoryStore:
    return MemoryStore(known)


@pytest.fixture
def client(store: MemoryStore) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(), store)) as client:
        client.headers["Accept-Encoding"] = "identity"
        yield client


def get(client: TestClient, query: str, headers: dict[str, str] | None = None, **parameters: str) -> Any:
    return client.get("/graphql", params={"query": query, **parameters}, headers=headers)


class TestTags:
    def test_known_answer_is_304_without_a_body(self, client: TestClient) -> None:
        first = get(client, SHORT)
        again = get(client, SHORT, {"If-None-Match": f'"other", {first.headers["etag"]}'})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
        assert get(client, SHORT, {"If-None-Match": '"other"'}).json() == first.json()
        strong = first.headers["etag"].removeprefix("W/")
        assert get(client, SHORT, {"If-None-Match": strong}).status_code == 304
        several = [("If-None-Match", first.headers["etag"]), ("If-None-Match", '"other"')]
        assert client.get("/graphql", params={"query": SHORT}, headers=several).status_code == 304

    def test_tag_belongs_to_the_request_and_the_media_type(self, client: TestClient) -> None:
        variants = [
            get(client, SHORT),
            get(client, SHORT + " "),
            get(client, SHORT, variables='{"a": 1}'),
            get(client, "query A " + SHORT, operationName="A"),
            get(client, SHORT, {"Accept": "application/graphql-response+json"}),
        ]
        assert len({answer.headers["etag"] for answer in variants}) == len(variants)

    def test_tag_changes_with_the_snapshot(self, client: TestClient, store: MemoryStore, blog: GraphSnapshot) -> None:
        before = get(client, SHORT)
        store.swap(blog)
        after = get(client, SHORT, {"If-None-Match": before.headers["etag"]})
        assert after.status_code == 200
        assert after.json() != before.json()

    @pytest.mark.parametrize("fields", ["loadedAt", 'changes(since: "0") { removed }'])
    def test_tag_of_what_tells_the_history_changes_when_the_same_content_comes_back(
        self, client: TestClient, store: MemoryStore, known: GraphSnapshot, blog: GraphSnapshot, fields: str
    ) -> None:
        query = f"{{ snapshot {{ version {fields} }} }}"
        before, other = get(client, query), get(client, SHORT)
        store.swap(blog)
        store.swap(replace(known, loaded_at=known.loaded_at + timedelta(seconds=1)))
        after = get(client, query, {"If-None-Match": before.headers["etag"]})
        assert (after.status_code, after.json()["data"]["snapshot"]["version"]) == (200, known.version)
        assert get(client, SHORT, {"If-None-Match": other.headers["etag"]}).status_code == 304

    @pytest.mark.parametrize("query", ["{ articles(first: -1) { totalCount } }", "{ nothing }", "{"])
    def test_errors_are_not_to_be_kept(self, client: TestClient, query: str) -> None:
        answer = get(client, query)
        assert answer.json()["errors"]
        assert "etag" not in answer.headers
        assert answer.headers["cache-control"] == "no-store"

    def test_answers_to_post_have_no_tag(self, client: TestClient) -> None:
        headers = client.post("/graphql", json={"query": SHORT}).headers
        assert not {"etag", "cache-control"} & headers.keys()

    @pytest.mark.parametrize(("seconds", "expected"), [(0, "no-cache"), (60, "public, max-age=60")])
    def test_setting_says_how_long_answers_may_be_reused(self, store: MemoryStore, seconds: int, expected: str) -> None:
        with TestClient(create_app(Settings(cache_max_age=seconds), store)) as client:
            assert get(client, SHORT).headers["cache-control"] == expected


class TestCompression:
    @pytest.mark.parametrize(
        ("accepted", "expected"),
        [
            ("br", "br"),
            ("gzip, deflate, br, zstd", "br"),
            ("gzip;q=1.0, br;q=0.5", "gzip"),
            ("gzip", "gzip"),
            ("*", "br"),
            ("br;q=0, *;q=0.1", "gzip"),
            ("identity", None),
            ("br;q=0", None),
            ("deflate", None),
        ],
    )
    def test_large_answers_are_compressed_as_the_client_takes_them(
        self, client: TestClient, accepted: str, expected: str | None
    ) -> None:
        plain = client.post("/graphql", json={"query": LONG}).content
        with client.stream("POST", "/graphql", json={"query": LONG}, headers={"Accept-Encoding": accepted}) as answer:
            raw = b"".join(answer.iter_raw())
        assert answer.headers.get("content-encoding") == expected
        assert answer.headers["vary"] == "Accept, Accept-Encoding"
        read = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}
        assert read[expected](raw) == plain
        assert expected is None or len(raw) < len(plain) / 2

    @pytest.mark.parametrize("encoding", ["br", "gzip"])
    def test_repeated_answer_is_compressed_once(
        self, client: TestClient, monkeypatch: pytest.MonkeyPatch, encoding: str
    ) -> None:
        made: list[int] = []

        def counted(body: bytes) -> bytes:
            made.append(len(body))
            return ENCODINGS[encoding](body)

        monkeypatch.setattr("api.web.graphql_over_http.ENCODINGS", {encoding: counted})
        bodies = {
            client.post("/graphql", json={"query": LONG}, headers={"Accept-Encoding": encoding}).content
            for _ in range(4)
        }
        assert len(bodies) == 1
        assert len(made) == 1

    def test_small_answers_are_not(self, client: TestClient) -> None:
        answer = client.post("/graphql", json={"query": SHORT}, headers={"Accept-Encoding": "br"})
        assert len(answer.content) < SMALLEST
        assert "content-encoding" not in answer.headers


def hashed(query: str) -> dict[str, Any]:
    return {"persistedQuery": {"version": 1, "sha256Hash": hashlib.sha256(query.encode()).hexdigest()}}


class TestPersistedQueries:
    def test_query_is_sent_once_and_then_its_hash(self, client: TestClient) -> None:
        extensions = hashed(SHORT)
        unknown = client.post("/graphql", json={"extensions": extensions})
        assert (unknown.status_code, unknown.json()) == (
            200,
            {"errors": [{"message": "PersistedQueryNotFound", "extensions": {"code": "PERSISTED_QUERY_NOT_FOUND"}}]},
        )
        registered = client.post("/graphql", json={"query": SHORT, "extensions": extensions}).json()
        assert registered["data"]["articles"]["totalCount"] > 0
        assert client.post("/graphql", json={"extensions": extensions}).json() == registered

    @pytest.mark.parametrize(
        "given",
        [
            "text",
            {"version": 2, "sha256Hash": "0" * 64},
            {"version": 1},
            {"version": 1, "sha256Hash": "A" * 64},
            {"version": 1, "sha256Hash": 5},
        ],
    )
    def test_what_is_no_hash_is_refused(self, client: TestClient, given: object) -> None:
        answer = client.post("/graphql", json={"query": SHORT, "extensions": {"persistedQuery": given}})
        assert (answer.status_code, answer.json()["errors"][0]["extensions"]) == (400, {"code": "BAD_REQUEST"})

    def test_hash_of_another_query_is_refused_and_not_kept(self, client: TestClient) -> None:
        answer = client.post("/graphql", json={"query": LONG, "extensions": hashed(SHORT)})
        assert answer.status_code == 400
        assert "is not the SHA-256 of the query" in answer.json()["errors"][0]["message"]
        later = client.post("/graphql", json={"extensions": hashed(SHORT)}).json()
        assert later["errors"][0]["message"] == "PersistedQueryNotFound"

    def test_the_latest_used_queries_are_kept(self, known: GraphSnapshot, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("api.service.persisted._KEPT_QUERIES", 2)
        client = TestClient(create_app(Settings(), MemoryStore(known)))
        queries = [f"{{ a{number}: __typename }}" for number in range(3)]
        for query in (queries[0], queries[1]):
            client.post("/graphql", json={"query": query, "extensions": hashed(query)})
        client.post("/graphql", json={"extensions": hashed(queries[0])})
        client.post("/graphql", json={"query": queries[2], "extensions": hashed(queries[2])})
        found = ["data" in client.post("/graphql", json={"extensions": hashed(query)}).json() for query in queries]
        assert found == [True, False, True]


class TestRepeats:
    """A body that came before is not read once more; all else is as it was the first time."""

    @staticmethod
    def post(client: TestClient, **headers: str) -> Any:
        return client.post("/graphql", json={"query": LONG, "extensions": {"cost": True}}, headers=headers)

    def test_each_answer_is_the_same_but_for_its_id(self, client: TestClient) -> None:
        answers = [self.post(client) for _ in range(5)]
        given = self.post(client, **{"X-Request-Id": "mine"})
        assert {answer.text for answer in (*answers, given)} == {answers[0].text}
        assert answers[0].json()["extensions"]["cost"]["estimated"] > 0
        ids = [answer.headers.pop("x-request-id") for answer in (*answers, given)]
        assert (len(set(ids)), ids[-1]) == (6, "mine")
        assert all(answer.headers == answers[0].headers for answer in (*answers, given))

    def test_answer_is_of_the_snapshot_that_is_current(
        self, client: TestClient, store: MemoryStore, blog: GraphSnapshot
    ) -> None:
        before = [self.post(client).json()["data"]["articles"]["nodes"] for _ in range(3)]
        store.swap(blog)
        after = [self.post(client).json()["data"]["articles"]["nodes"] for _ in range(3)]
        assert before == before[:1] * 3
        assert after == after[:1] * 3
        assert before[0] != after[0]

    def test_answer_is_in_the_form_that_each_client_takes(self, client: TestClient) -> None:
        for _ in range(3):
            plain = self.post(client)
            packed = self.post(client, **{"Accept-Encoding": "br", "Accept": "application/graphql-response+json"})
            assert packed.json() == plain.json()
            assert (plain.headers.get("content-encoding"), packed.headers["content-encoding"]) == (None, "br")
            assert packed.headers["content-type"] == "application/graphql-response+json; charset=utf-8"
            refused = self.post(client, Accept="text/plain"), self.post(client, **{"Content-Type": "text/plain"})
            assert [answer.status_code for answer in refused] == [406, 415]

    def test_any_number_of_requests_may_be_known(self, client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("api.web.graphql_over_http._KNOWN_REQUESTS", 3)
        for _ in range(3):
            for first in range(1, 10):
                answer = client.post("/graphql", json={"query": f"{{ topics(first: {first}) {{ nodes {{ id }} }} }}"})
                assert len(answer.json()["data"]["topics"]["nodes"]) == first

"""What each client may see and do, over real sockets."""

import http.client
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.attacks.attacking import JSON, check_refusal
from tests.api.hidden_files import MARKER, write_folder
from tests.service import Served, running

ADMIN, PREVIEW = "admin-token-0123456789", "preview-token-0123456789"


class TestOperators:
    @pytest.fixture(scope="class")
    @classmethod
    def articles(cls, tmp_path_factory: pytest.TempPathFactory) -> Path:
        return write_folder(tmp_path_factory.mktemp("operated") / "articles", with_hidden=False)

    @pytest.fixture(scope="class")
    @classmethod
    def operated(cls, articles: Path) -> Iterator[Served]:
        """A service with a token of the operator."""
        with running(articles.parent, articles=articles, settings={"ADMIN_TOKEN": ADMIN}) as served:
            yield served

    def test_reload_needs_the_operators_token(self, operated: Served) -> None:
        for given in ({}, {"Authorization": f"Bearer {PREVIEW}"}, {"Authorization": f"Basic {ADMIN}"}):
            check_refusal(operated.ask("POST", "/-/reload", headers=given), 401, "UNAUTHENTICATED")
            check_refusal(operated.ask("GET", "/metrics", headers=given), 401, "UNAUTHENTICATED")
        token = {"Authorization": f"Bearer {ADMIN}"}
        assert operated.ask("POST", "/-/reload", headers=token).json() == {"reload": "unchanged"}
        assert b"frontgraph_reloads_total" in operated.ask("GET", "/metrics", headers=token).body

    def test_failed_reload_is_told_without_telling_where_the_files_are(self, operated: Served, articles: Path) -> None:
        version = operated.ask("GET", "/readyz").json()["version"]
        gone = articles.rename(articles.with_name("gone"))
        try:
            answer = operated.ask("POST", "/-/reload", headers={"Authorization": f"Bearer {ADMIN}"})
            assert answer.json()["reload"] == "failed"
            ready = operated.ask("GET", "/readyz")
            assert (ready.json()["version"], ready.json()["reload"]) == (version, "failed")
            assert str(articles.parent) not in (ready.body + answer.body).decode()
            assert operated.post({"query": "{ topics { totalCount } }"}).status == 200
        finally:
            gone.rename(articles)

    @pytest.mark.thorough
    def test_wrong_trusted_documents_are_told_at_the_start(self, tmp_path: Path) -> None:
        with (
            pytest.raises(AssertionError, match=r"holds no trusted documents; put \.graphql files") as caught,
            running(tmp_path, settings={"TRUSTED_DOCUMENTS": str(tmp_path)}),
        ):
            pass
        assert "Traceback" not in str(caught.value)


class TestClientsApart:
    """What was kept for one client is not for another."""

    def test_same_operation_is_answered_by_what_each_may_see(self, tmp_path: Path) -> None:
        articles = write_folder(tmp_path / "articles", with_hidden=True)
        query = "{ articles(first: 3, orderBy: [{publishedDateTime: DESC}]) { totalCount nodes { title } } }"
        body = json.dumps({"query": query}).encode()
        head = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%b\r\n"
        token = b"Authorization: Bearer %b\r\n" % PREVIEW.encode()
        with running(tmp_path, articles=articles, settings={"PREVIEW_TOKEN": PREVIEW}) as served:
            asked = []
            connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=120)
            for number in range(12):
                headers = {**JSON, **({"Authorization": f"Bearer {PREVIEW}"} if number % 3 == 0 else {})}
                connection.request("POST", "/graphql", body, headers)
                asked.append(MARKER in connection.getresponse().read().decode())
            connection.close()
            assert asked == [number % 3 == 0 for number in range(12)]
            with served.connect() as pipelined:  # all in one piece
                more = [head % (len(body), extra) + body for extra in (token, b"", token, b"Connection: close\r\n")]
                pipelined.sendall(b"".join(more))
                received = b""
                while data := pipelined.recv(65_536):
                    received += data
            answers = received.split(b"HTTP/1.1 200 OK")[1:]
            assert [MARKER.encode() in answer for answer in answers] == [True, False, True, False]

    @pytest.mark.thorough
    def test_addresses_are_taken_from_trusted_proxies_only(self, tmp_path: Path) -> None:
        def statuses(served: Served, *addresses: str) -> list[int]:
            return [
                served.post({"query": "{ __typename }"}, {"X-Forwarded-For": address}).status for address in addresses
            ]

        settings = {"RATE_LIMIT": "2", "TRUSTED_PROXIES": "127.0.0.0/8"}
        networks = ("2001:db8::1", "2001:db8::2", "2001:db8:0:0:3::4", "2001:db8:0:1::1")
        with running(tmp_path, settings=settings) as served:
            assert statuses(served, "192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.2") == [200, 200, 429, 200]
            assert statuses(served, *networks) == [200, 200, 429, 200]
            assert statuses(served, "203.0.113.9, 192.0.2.1") == [429]  # what the client said of itself is no matter
        with running(tmp_path, settings={"RATE_LIMIT": "2"}) as served:
            assert statuses(served, "192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4") == [200, 200, 429, 429]

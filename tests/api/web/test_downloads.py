"""Files that are taken in parts, again, compressed, by HEAD, and by clients that are slow, over real sockets."""

import gzip
import http.client
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import brotli
import pytest

from graph.building.snapshot import GraphSnapshot
from graph.export.formats import ExportFormat
from graph.export.writing import export_chunks
from graph.stores.memory import MemoryReader, MemoryStore
from tests.api.listening import listening
from tests.api.server.running import PATIENCE, until
from tests.service import Answer, Reached

JSON = "/export/graph.json"
PACKED = (ExportFormat.CSV, ExportFormat.PARQUET)
DECODERS = {"br": brotli.decompress, "gzip": gzip.decompress}


@pytest.fixture(scope="module")
def service(known: GraphSnapshot) -> Iterator[Reached]:
    with listening(MemoryStore(known)) as service:
        yield service


@pytest.fixture
def fresh(known: GraphSnapshot) -> Iterator[Reached]:
    """One that has not written any file."""
    with listening(MemoryStore(known)) as service:
        yield service


@pytest.fixture(scope="module")
def whole(known: GraphSnapshot) -> bytes:
    return b"".join(export_chunks(known, ExportFormat.JSON))


def get(service: Reached, path: str = JSON, method: str = "GET", **headers: str) -> Answer:
    return service.ask(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})


class TestHead:
    @pytest.mark.parametrize("wanted", ExportFormat)
    def test_length_is_the_right_one_or_not_told(self, fresh: Reached, wanted: ExportFormat) -> None:
        path = f"/export/{wanted.file_name}"
        first = get(fresh, path, "HEAD")
        assert (first.status, first.body, "content-length" in first.headers) == (200, b"", False)
        body = get(fresh, path).body
        again = get(fresh, path, "HEAD")
        assert (again.headers["content-length"], again.body) == (str(len(body)), b"")
        assert again.headers["etag"] == first.headers["etag"]

    @pytest.mark.parametrize(
        "path", ["/", "/schema.graphql", "/healthz", "/static/query.css", "/graphql?query={__typename}", "/no"]
    )
    @pytest.mark.parametrize("encoding", ["identity", "br"])
    def test_lengths_of_all_else_are_those_of_get(self, service: Reached, path: str, encoding: str) -> None:
        told = get(service, path, "HEAD", Accept_Encoding=encoding)
        assert told.body == b""
        assert told.headers["content-length"] == str(len(get(service, path, Accept_Encoding=encoding).body))


RANGES = {
    "bytes=0-9": (0, 10),
    "bytes=100-199": (100, 200),
    "bytes=50000-": (50_000, None),
    "bytes=-7": (-7, None),
    "bytes=-999999999": (0, None),
    "bytes=97-999999999": (97, None),
}


class TestRanges:
    @pytest.mark.parametrize("given", RANGES)
    def test_part_is_that_of_the_whole(self, service: Reached, whole: bytes, given: str) -> None:
        expected = whole[slice(*RANGES[given])]
        answer = get(service, Range=given)
        start = whole.index(expected)
        assert (answer.status, answer.body) == (206, expected)
        assert answer.headers["content-range"] == f"bytes {start}-{start + len(expected) - 1}/{len(whole)}"
        assert answer.headers["content-length"] == str(len(expected))

    def test_file_that_nobody_took_whole_can_be_resumed(self, fresh: Reached, whole: bytes) -> None:
        tag = get(fresh, method="HEAD").headers["etag"]
        answer = get(fresh, Range="bytes=1000-", If_Range=tag)
        assert (answer.status, answer.body) == (206, whole[1000:])

    @pytest.mark.parametrize("wanted", ExportFormat)
    @pytest.mark.parametrize("encoding", ["identity", "gzip", "br"])
    def test_parts_make_the_file_whatever_its_format_and_encoding(
        self, service: Reached, wanted: ExportFormat, encoding: str
    ) -> None:
        path = f"/export/{wanted.file_name}"
        complete = get(service, path, Accept_Encoding=encoding)
        middle = len(complete.body) // 2
        parts = [
            get(service, path, Accept_Encoding=encoding, Range=f"bytes={part}")
            for part in (f"0-{middle}", f"{middle + 1}-")
        ]
        assert b"".join(part.body for part in parts) == complete.body
        assert {part.headers["etag"] for part in parts} == {complete.headers["etag"]}

    @pytest.mark.parametrize("given", ["bytes=999999999-", "bytes=-0"])
    def test_part_that_there_is_not_is_refused(self, service: Reached, whole: bytes, given: str) -> None:
        answer = get(service, Range=given)
        assert (answer.status, answer.body) == (416, b"")
        assert answer.headers["content-range"] == f"bytes */{len(whole)}"

    @pytest.mark.parametrize(
        "given", ["bytes=", "bytes=-", "bytes=5-2", "bytes=0-1,5-6", "items=0-1", "bytes=a-b", "bytes=0-" + "9" * 5_000]
    )
    def test_what_is_no_single_range_gets_the_whole(self, service: Reached, whole: bytes, given: str) -> None:
        answer = get(service, Range=given)
        assert (answer.status, answer.body) == (200, whole)

    def test_part_of_another_snapshots_file_is_not_mixed_in(self, service: Reached, whole: bytes) -> None:
        for tag in ('"another"', "Wed, 21 Oct 2015 07:28:00 GMT", f"W/{get(service, method='HEAD').headers['etag']}"):
            answer = get(service, Range="bytes=10-", If_Range=tag)
            assert (answer.status, answer.body) == (200, whole)

    @pytest.mark.parametrize("path", ["/schema.graphql", "/static/query.css", "/"])
    def test_all_else_is_sent_whole(self, service: Reached, path: str) -> None:
        answer = get(service, path, Range="bytes=0-9")
        assert (answer.status, len(answer.body) > 10) == (200, True)

    def test_places_are_given_back(self, service: Reached) -> None:
        for given in ["bytes=0-1", "bytes=999999999-", "bytes=-0"] * 4:
            assert get(service, Range=given).status in (206, 416)


class TestValidators:
    @pytest.mark.parametrize("path", [JSON, "/schema.graphql", "/graphql?query={topics(first:1){totalCount}}"])
    def test_what_is_held_is_not_sent_again(self, service: Reached, path: str) -> None:
        answer = get(service, path)
        tag = answer.headers["etag"]
        for held in (tag, f"W/{tag.removeprefix('W/')}", f'"other", {tag}', "*"):
            again = get(service, path, If_None_Match=held)
            assert (again.status, again.body) == (304, b"")
            assert (again.headers["etag"], again.headers["vary"]) == (tag, answer.headers["vary"])
        assert get(service, path, If_None_Match='"other"').status == 200

    def test_tag_tells_snapshots_formats_parts_and_encodings_apart(self, service: Reached, blog: GraphSnapshot) -> None:
        paths = [JSON, "/export/graph.dot", f"{JSON}?filter={{}}", "/schema.graphql"]
        tags = [
            get(service, path, Accept_Encoding=encoding).headers["etag"]
            for path in paths
            for encoding in ("br", "gzip", "")
        ]
        with listening(MemoryStore(blog)) as other:
            tags.append(get(other).headers["etag"])
        assert len(set(tags)) == len(tags)
        assert not any(tag.startswith("W/") for tag in tags)


class TestEncodings:
    @pytest.mark.parametrize("encoding", ["br", "gzip"])
    @pytest.mark.parametrize(
        "path", ["/schema.graphql", *(f"/export/{wanted.file_name}" for wanted in ExportFormat if wanted not in PACKED)]
    )
    def test_texts_are_compressed_for_who_takes_it(self, service: Reached, path: str, encoding: str) -> None:
        plain, packed = get(service, path), get(service, path, Accept_Encoding=encoding)
        assert "content-encoding" not in plain.headers
        assert packed.headers["content-encoding"] == encoding
        assert "Accept-Encoding" in packed.headers["vary"]
        assert DECODERS[encoding](packed.body) == plain.body
        assert len(packed.body) < len(plain.body) / 2

    @pytest.mark.parametrize("wanted", PACKED)
    def test_archives_are_not(self, service: Reached, wanted: ExportFormat) -> None:
        answer = get(service, f"/export/{wanted.file_name}", Accept_Encoding="br, gzip")
        assert "content-encoding" not in answer.headers


class LargeStore(MemoryStore):
    """Its files are as large as those of ten thousand articles."""

    def reader(self) -> Any:
        return LargeReader(self.snapshot)

    def __init__(self, snapshot: GraphSnapshot) -> None:
        super().__init__(snapshot)
        self.snapshot = snapshot


class LargeReader(MemoryReader):
    def export(self, *arguments: Any) -> Iterator[bytes]:
        file = b"".join(super().export(*arguments))
        for _ in range(150):
            yield file


def test_slow_readers_give_way_to_others_and_resume(
    known: GraphSnapshot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("api.web.export_places.SLOW_SECONDS", 0.5)
    with listening(LargeStore(known)) as service, ExitStack() as cleanup:
        connections = [http.client.HTTPConnection("127.0.0.1", service.port, timeout=PATIENCE) for _ in range(4)]
        for connection in connections:
            cleanup.callback(connection.close)
            connection.request("GET", JSON)
        slow = [connection.getresponse() for connection in connections]
        beginning = slow[0].read(10_000)
        until(lambda: get(service).status == 200)  # in the place of the one that was stuck for the longest time
        lost = 0
        for response in slow:
            try:
                response.read()
            except (http.client.IncompleteRead, ConnectionError):
                lost += 1
        assert lost == 1
        tag = slow[0].getheader("etag") or ""
        rest = get(service, Range=f"bytes={len(beginning)}-", If_Range=tag)
        assert (rest.status, beginning + rest.body) == (206, get(service).body)
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


def test_readers_that_read_keep_their_places(known: GraphSnapshot) -> None:
    with listening(LargeStore(known)) as service:
        connections = [service.connect() for _ in range(4)]
        for connection in connections:
            connection.sendall(f"GET {JSON} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            connection.recv(1_000)
        assert get(service).status == 503
        for connection in connections:
            connection.close()
        until(lambda: get(service).status == 200)

"""Offers to speak another protocol are ignored, as HTTP has it: the request is answered as if they were not there."""

import pytest

from tests.api.server.running import Running, ok

OFFERS = {
    "HTTP/2": b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n",
    "HTTP/2 in two lines": b"connection: HTTP2-Settings\r\nUPGRADE: H2C\r\nConnection: upgrade\r\nhttp2-settings: AAMA\r\n",
    "two protocols": b"Connection: keep-alive, Upgrade\r\nUpgrade: h2, h2c\r\n",
    "two lines": b"Connection: Upgrade\r\nUpgrade: h2\r\nUpgrade: h2c\r\n",
    "TLS": b"Upgrade: TLS/1.0, HTTP/1.1\r\nConnection: Upgrade\r\n",
    "TLS 1.2": b"Upgrade: TLS/1.2\r\nConnection: Upgrade\r\n",
    "something else": b"Connection: Upgrade\r\nUpgrade: smtp\r\n",
    "nothing": b"Connection: Upgrade\r\nUpgrade:\r\n",
    "no connection": b"Upgrade: h2c\r\n",
}


@pytest.fixture(params=list(OFFERS.values()), ids=list(OFFERS))
def offer(request: pytest.FixtureRequest) -> bytes:
    return bytes(request.param)


def test_request_with_an_offer_is_answered(service: Running, offer: bytes) -> None:
    get = b"GET / HTTP/1.1\r\nHost: x\r\n" + offer + b"\r\n"
    post = b"POST /count HTTP/1.1\r\nHost: x\r\n" + offer + b"Content-Length: 5\r\n\r\nabcde"
    chunks = b"POST /count HTTP/1.1\r\nHost: x\r\n" + offer + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    with service.connect() as client:
        for _ in range(2):
            for request, answer in ((get, ok()), (post, ok(b"5")), (chunks, ok(b"3"))):
                client.send(request)
                assert client.response() == answer


def test_requests_with_offers_may_come_together_or_in_pieces(service: Running, offer: bytes) -> None:
    post = b"POST /count HTTP/1.1\r\n" + offer + b"Host: x\r\nContent-Length: 5\r\n\r\nabcde"
    chunks = b"POST /count HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n" + offer + b"\r\n3\r\nabc\r\n0\r\n\r\n"
    with service.connect() as client:
        client.send((post + chunks) * 20)
        assert [client.response() for _ in range(40)] == [ok(b"5"), ok(b"3")] * 20
        for byte in post + chunks:
            client.send(bytes([byte]))
        assert [client.response() for _ in range(2)] == [ok(b"5"), ok(b"3")]


def test_application_does_not_see_the_offer_and_sees_all_else(service: Running) -> None:
    head = b"Host: x\r\nA: 1\r\nConnection: close, Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA\r\nUpgrade-Insecure-Requests: 1\r\n"
    assert service.answer(b"GET / HTTP/1.1\r\n" + head + b"\r\n") == ok(headers=b"connection: close\r\n")
    assert service.app.scopes[-1]["headers"] == [
        (b"host", b"x"),
        (b"a", b"1"),
        (b"connection", b"close"),
        (b"upgrade-insecure-requests", b"1"),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        b"Upgrade: h2c\nTransfer-Encoding: chunked\r\n",
        b"Upgrade: h2c\r\n Transfer-Encoding: chunked\r\n",
        b"Upgrade: h2c\rTransfer-Encoding: chunked\r\n",
        b"Upgrade : h2c\r\n",
        b"Upgrade: \0\r\n",
        b"Connection: Upgrade, \0\r\nUpgrade: h2c\r\n",
    ],
)
def test_offer_hides_nothing_malformed(service: Running, lines: bytes) -> None:
    answer = service.answer(b"POST /count HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n" + lines + b"\r\n")
    assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n")

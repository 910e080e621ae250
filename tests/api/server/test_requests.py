"""However a client's bytes are cut, uvicorn is given the same requests, one at a time."""

import pytest

from api.server import ServerLimits
from api.server.requests import RequestReader

GET = b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n\r\n\r\nabc\r\n"
HEAD = b"POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
CHUNKS = HEAD + b"7;note=1\r\na\r\n\r\n\r\n\r\n1\r\nb\r\n0\r\nTrailer: 1\r\n\r\n"


def requests(*parts: bytes) -> list[bytes]:
    """Each request as uvicorn is given it, the chunks of its body as one."""
    reader, given = RequestReader(ServerLimits()), [b""]
    for part in parts:
        at = 0
        while at < len(part):
            more, at = reader.take(part, at)
            given[-1] += more
            if more and not reader.is_reading:
                given.append(b"")
    return [whole(request) for request in given if request]


def whole(request: bytes) -> bytes:
    head, _, rest = request.partition(b"\r\n\r\n")
    if b"chunked" not in head:
        return request
    body = b""
    while rest and not rest.startswith(b"0\r\n\r\n"):
        size, _, rest = rest.partition(b"\r\n")
        body += rest[: int(size, 16)]
        rest = rest[int(size, 16) + 2 :]
    return head + b"\r\n\r\n" + body + b"|" + rest


OTHER = POST.replace(b"abc", GET[:3])
EXPECTED = [GET, POST, OTHER, POST, HEAD + b"a\r\n\r\n\r\nb|0\r\n\r\n", GET, GET, POST]


@pytest.mark.parametrize("size", range(1, 40))
def test_requests_are_the_same_in_parts_of_any_size(size: int) -> None:
    data = GET + b"\r\n" + POST + OTHER + POST + CHUNKS + GET + GET + POST
    assert requests(*(data[start : start + size] for start in range(0, len(data), size))) == EXPECTED
    assert requests(data[:size], data[size:]) == EXPECTED
    assert requests(data[:-size], data[-size:]) == EXPECTED


def test_request_that_is_a_chunk_is_given_as_it_came() -> None:
    data = bytes(bytearray(POST))
    assert RequestReader(ServerLimits()).take(data, 0)[0] is data

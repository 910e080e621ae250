"""`RequestReader`: where a request ends in what a client sends, and whether it is one that the server takes."""

import re
from typing import NamedTuple, TypeAlias

import httptools

from api.server.limits import ServerLimits
from api.server.refusals import HEAD_TOO_LARGE, LINE_TOO_LONG, MALFORMED, UPGRADE, WEBSOCKET_LINE, RefusedError

_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,19})[ \t]*\r\n")
_CODINGS = re.compile(rb"\r\ntransfer-encoding:[ \t]*(.*?)[ \t]*(?=\r\n)")
_UPGRADES = re.compile(rb"\r\nupgrade:[ \t]*(.*?)[ \t]*(?=\r\n)")
_OFFERING = (b"upgrade", b"http2-settings")
"""What `Connection` says of a request that offers another protocol."""
_FRAMING_FACTOR = 8
"""Bytes of chunk sizes and the like that a byte of a body may cost: six, in chunks of one byte."""
_MOST_DIGITS = 9
"""Of the length of a body whose head is known but for that."""

Headers: TypeAlias = list[tuple[bytes, bytes]]


class KnownHead(NamedTuple):
    """A head that was found to be fine, with no body or one of an announced length, after which another request may come.

    All that was found out about it holds for the same head with another length, too.
    """

    text: bytes
    before: bytes
    """Up to the digits of the length; all of it if there are none."""
    after: bytes
    headers: Headers
    """As ASGI has them."""
    length_place: int | None
    """Of the length among these."""

    @classmethod
    def of(cls, head: bytes, length: re.Match[bytes] | None, headers: Headers) -> "KnownHead":
        if length is None:
            return cls(head, head, b"", headers, None)
        place = next(place for place, (name, _) in enumerate(headers) if name == b"content-length")
        return cls(head, head[: length.start(1)], head[length.end(1) :], headers, place)

    def end_of(self, data: bytes, start: int) -> int | None:
        """Where the body begins if this head begins at `start`, whatever length it tells."""
        if not data.startswith(self.before, start):
            return None
        digits_start = start + len(self.before)
        if self.length_place is None:
            return digits_start
        digits_end = data.find(b"\r", digits_start, digits_start + _MOST_DIGITS + 1)
        is_same = digits_end > digits_start and data.startswith(self.after, digits_end)
        return digits_end + len(self.after) if is_same and data[digits_start:digits_end].isdigit() else None

    def length_in(self, data: bytes, start: int, end: int) -> bytes:
        """The digits of the length that this head tells from `start` to `end`."""
        return b"0" if self.length_place is None else data[start + len(self.before) : end - len(self.after)]

    def headers_with(self, length: bytes) -> Headers:
        """The headers that tell of this length."""
        headers, place = self.headers.copy(), self.length_place
        if place is not None:
            headers[place] = (headers[place][0], length)
        return headers


class RequestReader:
    """Follows the requests of one connection.

    uvicorn's parser takes whatever is there, ten thousand requests in a row if they came together, and answers what it cannot
    read in words of its own. So each request passes this reader first: uvicorn gets one at a time, whole heads only, and
    nothing that it would refuse.

    The parser does not tell at which byte a request ended. But a head ends with an empty line, and so does a body in chunks:
    the parser is given pieces that end there, or where the announced length does. Should it see a request end anywhere else,
    the two do not agree on what was sent, and the request is refused.
    """

    def __init__(self, limits: ServerLimits) -> None:
        self._limits = limits
        self._parser = httptools.HttpRequestParser(self)
        self.is_upgrade = False
        """Whether the request was one for a WebSocket; none can follow it."""
        self.known: KnownHead | None = None
        """The head of the current request, or of the one before, if another request may follow it."""
        self._begin()

    def _begin(self) -> None:
        self._head = b""
        self._headers: Headers = []
        self._is_head_read = False
        self._due = 0
        """Bytes of the body that are still to come, where its length was announced."""
        self._is_chunked = False
        self._tail = b""
        """The last bytes of what was read of a body in chunks; its end may come in parts."""
        self._parts: list[bytes] = []
        self._body_size = 0
        self._chunked_size = 0
        self._begun = 0
        self._is_complete = False

    @property
    def is_reading(self) -> bool:
        """Whether a request has begun and is not complete."""
        return self._begun > 0 and not self._is_complete

    @property
    def head(self) -> bytes:
        """What has been read of the head of the current request, before the data that is being taken."""
        return self._head

    def close(self) -> None:
        """Ends the parser, which holds on to this reader."""
        del self._parser

    def take(self, data: bytes, start: int) -> tuple[bytes, int]:
        """What uvicorn shall have of the data from `start` on, and where this request's part of it ends.

        Raises:
            RefusedError: this is no request, or none that the server takes.
        """
        if self._is_complete:
            if self.known is not None and (body_start := self.known.end_of(data, start)) is not None:
                end = body_start + int(self.known.length_in(data, start, body_start))
                if end <= len(data):
                    return data[start:end], end
            self._begin()
        try:
            if not self._is_head_read:
                return self._take_head(data, start)
            return self._take_chunks(data, start) if self._is_chunked else self._take_body(data, start)
        except httptools.HttpParserCallbackError as failure:  # what failed is below, and no fault of the client
            raise failure.__context__ or failure from None
        except httptools.HttpParserError as cause:
            raise RefusedError(MALFORMED) from cause

    def _take_head(self, data: bytes, start: int) -> tuple[bytes, int]:
        before = self._head
        if not before:
            while data[start : start + 1] in (b"\r", b"\n"):  # empty lines may come before a request
                start += 1
        looked_at = max(0, len(before) - len(_END) + 1)
        found = (before + data[start:]).find(_END, looked_at) if before else data.find(_END, start) - start
        if found < 0:
            self._head = before + data[start:]
            self._check_size(self._head)
            self._parser.feed_data(data[start:])
            return b"", len(data)
        end = start + found + len(_END) - len(before)
        head = before + data[start:end]
        self._check_size(head)
        self._head = head
        self._is_head_read = True
        lowered = head.lower()
        if b"\r\nupgrade:" in lowered and not _names_websocket(lowered):
            return self._take_without_offer(head, data, start, end)
        if length := _LENGTH.search(lowered):
            self._due = int(length[1])
        if b"\r\ntransfer-encoding:" in lowered:
            self._is_chunked = True
            self.known = None
            self._feed(data[start:end])
            self._check_head(head, lowered)
            body, end = self._take_chunks(data, end)
            return head + body, end
        body_end = min(len(data), end + self._due)
        self._due -= body_end - end
        self._feed(data[start:body_end])
        self._check_head(head, lowered)
        may_repeat = lowered.count(b"\r\nconnection:") == lowered.count(b"\r\nconnection: keep-alive\r\n")
        is_short = len(head) + _MOST_DIGITS <= self._limits.max_head_bytes
        known = KnownHead.of(head, length, self._headers) if may_repeat and is_short else None
        self.known = known if known is not None and known.end_of(head, 0) == len(head) else None
        self._check_end(self._due == 0)
        return before + data[start:body_end], body_end  # the data itself, if it is one request

    def _take_without_offer(self, head: bytes, data: bytes, start: int, end: int) -> tuple[bytes, int]:
        """The same for a request that offers a protocol which the server does not speak: it is one without the offer.

        HTTP lets servers ignore that, and clients rely on it, such as those that would rather speak HTTP/2.
        """
        self._feed(data[start:end])  # whatever is malformed in the whole head is refused
        if head.startswith(b"CONNECT "):
            raise RefusedError(UPGRADE)
        plain = _without_offer(head)
        self._parser = httptools.HttpRequestParser(self)
        self.is_upgrade = False
        self._begin()
        given, _ = self._take_head(plain, 0)
        self.known = None  # it is not what the client sends
        return given, end

    def _take_body(self, data: bytes, start: int) -> tuple[bytes, int]:
        end = min(len(data), start + self._due)
        self._due -= end - start
        self._feed(data[start:end])
        self._check_end(self._due == 0)
        return data[start:end], end

    def _take_chunks(self, data: bytes, start: int) -> tuple[bytes, int]:
        """The body is written anew for uvicorn: without trailers, which it would take for headers, and extensions."""
        end = start
        cut_in_two = (self._tail + data[start : start + len(_END) - 1]).find(_END)
        found = start - len(self._tail) + cut_in_two + len(_END) if cut_in_two >= 0 else _end_of(data, start)
        while end < len(data) and not self._is_complete:
            self._feed(data[end:found])
            self._chunked_size += found - end
            end, found = found, _end_of(data, max(start, found - len(_END) + 1))
        self._tail = (self._tail + data[max(start, end - len(_END) + 1) : end])[-len(_END) + 1 :]
        if self._chunked_size - self._body_size * _FRAMING_FACTOR > self._limits.max_head_bytes * 2:
            raise RefusedError(MALFORMED)
        body = b"".join(self._parts)
        self._parts.clear()
        chunk = b"%x\r\n%b\r\n" % (len(body), body) if body else b""
        return chunk + b"0\r\n\r\n" if self._is_complete else chunk, end

    def _feed(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self.is_upgrade = True
        if self._begun > 1:
            raise RefusedError(MALFORMED)

    # What the parser calls: nothing here can fail, and what is wrong is found out afterwards

    def on_message_begin(self) -> None:
        self._begun += 1

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.append((name.lower(), value))

    def on_body(self, body: bytes) -> None:
        if self._is_chunked:
            self._parts.append(body)
            self._body_size += len(body)

    def on_message_complete(self) -> None:
        self._is_complete = True

    # What the server does not take

    def _check_size(self, head: bytes) -> None:
        if len(head) > self._limits.max_head_bytes or head.count(b"\r\n") > self._limits.max_headers + 2:
            raise RefusedError(HEAD_TOO_LARGE)

    def _check_end(self, is_complete: bool) -> None:
        if self._is_complete is not is_complete:
            raise RefusedError(MALFORMED)

    def _check_head(self, head: bytes, lowered: bytes) -> None:
        version = self._parser.get_http_version()
        hosts = lowered.count(b"\r\nhost:")
        if version not in ("1.1", "1.0") or hosts > 1 or (hosts == 0 and version == "1.1"):
            raise RefusedError(MALFORMED)
        if self._is_chunked and (version == "1.0" or _CODINGS.findall(lowered) != [b"chunked"]):
            raise RefusedError(MALFORMED)
        if self._parser.should_upgrade():
            self._check_upgrade(head, lowered, version)
        target = head.split(b" ", 2)[1]
        if not target.isascii() or httptools.parse_url(target).path is None:
            raise RefusedError(MALFORMED)

    def _check_upgrade(self, head: bytes, lowered: bytes, version: str) -> None:
        is_plain = head.startswith(b"GET ") and version == "1.1" and not self._is_chunked and self.is_upgrade
        length = _LENGTH.search(lowered)
        is_empty = length is None or int(length[1]) == 0
        is_one = _UPGRADES.findall(lowered) == [b"websocket"] and lowered.count(b"\r\nconnection:") == 1
        if not (is_plain and is_empty and is_one):
            raise RefusedError(UPGRADE)
        if max(map(len, head.split(b"\r\n"))) > WEBSOCKET_LINE:
            raise RefusedError(LINE_TOO_LONG)


def _names_websocket(lowered: bytes) -> bool:
    return any(b"websocket" in offered for offered in _UPGRADES.findall(lowered))


def _without_offer(head: bytes) -> bytes:
    """The head without what it says of other protocols."""
    kept: list[bytes] = []
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        match name.lower():
            case b"upgrade" | b"http2-settings":
                continue
            case b"connection":
                options = [option.strip() for option in value.split(b",")]
                options = [option for option in options if option.lower() not in _OFFERING]
                if not options:
                    continue
                line = name + b": " + b", ".join(options)
        kept.append(line)
    return b"\r\n".join(kept)


def _end_of(data: bytes, start: int) -> int:
    """Where the first empty line from there on ends; where the data does, if there is none."""
    found = data.find(_END, start)
    return len(data) if found < 0 else found + len(_END)

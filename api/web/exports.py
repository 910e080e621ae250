"""Exports over HTTP: the graph, or a part of it, as a file that is written while it is sent."""

import hashlib
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from cachetools import LRUCache
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from api.errors import ErrorCode, RequestError, code_of
from api.execution import Need
from api.service.access import Client
from api.service.service import GraphqlService
from api.service.turns import Line
from api.web.compression import compressed
from api.web.conditions import ByteRange, is_held, wanted_range
from api.web.export_parameters import filter_value, read_options, read_selection
from api.web.export_places import Place, Places
from api.web.negotiation import preferred_encoding
from graph.errors import ExportError, InputError, SelectionError
from graph.export.contents import ExportOptions
from graph.export.formats import ExportFormat
from graph.export.selection_query import SelectionQuery
from graph.problems import quote
from graph.stores.protocol import GraphReader

MOST_AT_ONCE = 4
"""Files that are written at a time; each holds its part of the graph until its client has taken it, or has to give way."""
EXPORT_COST = 1_000
"""What a file counts for where the cost of a client's requests is limited, besides its filter."""
_PACKED = (ExportFormat.CSV, ExportFormat.PARQUET)
"""Formats that are compressed themselves."""
_KEPT_SIZES = 1_000
_VERSION = version("frontgraph")
_KIND = "exports"
_TURN_BYTES = 2_000_000
_TURN_SECONDS = 0.1


class Exports:
    """Writes files for one service, in turns with other work that is done beside the event loop."""

    def __init__(self, service: GraphqlService) -> None:
        self._service = service
        self._places = Places(MOST_AT_ONCE)
        self._sizes: LRUCache[str, int] = LRUCache(_KEPT_SIZES)
        """Of files that were written whole, by tag."""

    async def answer(self, request: Request, client: Client) -> Response:
        """The file that the request names.

        Raises:
            RequestError: there is no such file, or not now.
        """
        formats = {wanted.file_name: wanted for wanted in ExportFormat}
        wanted = formats.get(request.path_params["name"])
        if wanted is None:
            raise RequestError(ErrorCode.NOT_FOUND, f"There is no export of this name; there are {', '.join(formats)}.")
        reader = self._service.reader(client)
        is_text = wanted not in _PACKED
        encoding = preferred_encoding(request.headers.get("accept-encoding")) if is_text else None
        tag = _tag(reader, wanted, request.scope["query_string"], encoding)
        headers = {
            "Content-Disposition": f'attachment; filename="{wanted.file_name}"',
            "ETag": tag,
            "Cache-Control": "private, no-cache" if client.is_known else "no-cache",
            "Accept-Ranges": "bytes",
        }
        varies = ["Accept-Encoding"] * is_text + ["Authorization"] * self._service.access.has_tokens
        if varies:
            headers["Vary"] = ", ".join(varies)
        try:
            given = _single(request.query_params)
            if "filter" in given:
                cost = self._service.filter_cost(filter_value(given["filter"]), reader)
                headers |= self._service.charge(client, cost)
            line = Line(client.address, _KIND)
            selection = await self._read(given, line)
            file = _Wanted(reader, wanted, selection, read_options(given), encoding, tag, line)
            if is_held(request.headers.get("if-none-match"), tag):
                return Response(status_code=304, headers=headers)
            if encoding is not None:
                headers["Content-Encoding"] = encoding
            if request.method == "HEAD":
                return _head(wanted, headers, self._sizes.get(tag))
            headers |= self._service.charge(client, EXPORT_COST)
            return await self._answer(file, wanted_range(request.headers, tag), headers)
        except (InputError, ExportError) as error:
            raise RequestError(code_of(error), str(error)) from error

    async def _answer(self, file: "_Wanted", part: ByteRange | None, headers: dict[str, str]) -> Response:
        """The file, or the part of it; who waits for what it tells takes no place of others meanwhile."""
        await self._service.warmed(file.need)
        place = self._places.take()
        try:
            size = self._sizes.get(file.tag)
            if part is not None and size is None:
                size = await self._measured(file)
            span = part.within(size) if part is not None and size is not None else None
            if part is not None and span is None:
                place.give_back()
                told = {name: headers[name] for name in ("ETag", "Accept-Ranges")}
                return Response(status_code=416, headers={**told, "Content-Range": f"bytes */{size}"})
            pieces = self._noted(await self._begin(file), file.tag)
        except BaseException:
            place.give_back()
            raise
        if span is not None:
            pieces = _within(pieces, span)
            headers["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{size}"
        if size is not None:
            headers["Content-Length"] = str(size if span is None else len(span))
        status = 200 if span is None else 206
        return _File(pieces, place, status_code=status, media_type=file.format.media_type, headers=headers)

    async def _read(self, given: Mapping[str, str], line: Line) -> SelectionQuery:
        """The part that is asked for; a filter is read beside the event loop, since it may be long."""

        async def read() -> SelectionQuery:
            return read_selection(given, hide_suggestions=not self._service.shows_schema)

        return await (self._service.offload_step(read, line) if "filter" in given else read())

    async def _begin(self, file: "_Wanted") -> AsyncIterator[bytes]:
        """The file in pieces; whatever is wrong with the part of the graph is told before the first."""

        async def begin() -> tuple[Iterator[bytes], bytes | None]:
            found: Any = file.reader.export(file.format, file.part, file.options)
            chunks = found if file.encoding is None else compressed(found, file.encoding)
            return chunks, next(chunks, None)

        chunks, first = await self._service.offload(begin, file.line)
        return self._rest(chunks, first, file.line)

    async def _measured(self, file: "_Wanted") -> int:
        """The size of the file, which is written for that alone: none is kept."""
        async for _ in self._noted(await self._begin(file), file.tag):
            pass
        return self._sizes[file.tag]

    async def _noted(self, pieces: AsyncIterator[bytes], tag: str) -> AsyncIterator[bytes]:
        """The pieces; how large they were together is remembered."""
        size = 0
        async for piece in pieces:
            size += len(piece)
            yield piece
        self._sizes[tag] = size

    async def _rest(self, chunks: Iterator[bytes], chunk: bytes | None, line: Line) -> AsyncIterator[bytes]:
        async def following() -> bytes | None:
            return _in_one_turn(chunks) or None

        while chunk is not None:
            yield chunk
            chunk = await self._service.offload_step(following, line)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A file that a client asks for."""

    reader: GraphReader
    format: ExportFormat
    part: SelectionQuery
    options: ExportOptions
    encoding: str | None
    tag: str
    line: Line
    """Where it waits for its turns."""

    @property
    def need(self) -> Need:
        """What of the graph it tells: metrics and stories, and where to draw each node; a projection is drawn by itself."""
        is_drawn = self.format.draws_nodes and self.options.projection is None
        return Need.LATE | Need.PICTURES if is_drawn else Need.LATE


class _File(StreamingResponse):
    """Gives its place back however it ends, and even if its client went before it began."""

    def __init__(self, chunks: AsyncIterator[bytes], place: Place, **more: Any) -> None:
        super().__init__(chunks, **more)
        self._place = place

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._place as place:
            await super().__call__(scope, receive, place.watched(send))


def _head(wanted: ExportFormat, headers: Mapping[str, str], size: int | None) -> Response:
    """What is told of a file that is not sent, without a length that nobody knows yet."""
    response = Response(headers=headers, media_type=wanted.media_type)
    if size is None:
        del response.headers["content-length"]
    else:
        response.headers["content-length"] = str(size)
    return response


async def _within(pieces: AsyncIterator[bytes], span: range) -> AsyncIterator[bytes]:
    """The part of the file; what is before it has to be written, too."""
    at = 0
    async for piece in pieces:
        wanted = piece[max(0, span.start - at) : max(0, span.stop - at)]
        at += len(piece)
        if wanted:
            yield wanted
        if at >= span.stop:
            return


def _in_one_turn(chunks: Iterator[bytes]) -> bytes:
    """What follows, until there is enough of it: a file has hundreds of chunks, and other work may wait between turns."""
    taken: list[bytes] = []
    size, end = 0, time.monotonic() + _TURN_SECONDS
    for chunk in chunks:
        taken.append(chunk)
        size += len(chunk)
        if size >= _TURN_BYTES or time.monotonic() >= end:
            break
    return b"".join(taken)


def _tag(reader: GraphReader, wanted: ExportFormat, query: bytes, encoding: str | None) -> str:
    """Of the file as it is sent, before it is written: the same snapshot gives the same bytes."""
    asked = f"{_VERSION} {reader.version} {wanted.value} {encoding} ".encode() + query
    return f'"{hashlib.blake2b(asked, digest_size=16).hexdigest()}"'


def _single(parameters: QueryParams) -> dict[str, str]:
    """The value of each parameter."""
    for name in parameters:
        if len(parameters.getlist(name)) > 1:
            raise SelectionError(f"The parameter {quote(name)} is given more than once; give it once.")
    return dict(parameters)

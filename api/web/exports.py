"""Exports over HTTP: the graph, or a part of it, as a file that is written while it is sent."""

import hashlib
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from api.errors import ErrorCode, RequestError, code_of
from api.service.access import Client
from api.service.offload import OverloadedError
from api.service.service import GraphqlService
from api.web.export_parameters import filter_value, read_selection
from graph.errors import ExportError, InputError, SelectionError
from graph.export.formats import ExportFormat
from graph.export.selection_query import SelectionQuery
from graph.problems import quote
from graph.stores.protocol import GraphReader

MOST_AT_ONCE = 4
"""Files that are written at a time; each holds its part of the graph until its client has taken it."""
EXPORT_COST = 1_000
"""What a file counts for where the cost of a client's requests is limited, besides its filter."""
_QUEUE = "exports"
_TURN_BYTES = 2_000_000
_TURN_SECONDS = 0.1


class Exports:
    """Writes files for one service, in turns with other work that is done beside the event loop."""

    def __init__(self, service: GraphqlService) -> None:
        self._service = service
        self._open = 0

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
        headers = {
            "Content-Disposition": f'attachment; filename="{wanted.file_name}"',
            "ETag": _tag(reader, wanted, request.scope["query_string"]),
            "Cache-Control": "private, no-cache" if client.is_known else "no-cache",
        }
        if self._service.access.has_tokens:
            headers["Vary"] = "Authorization"
        try:
            given = _single(request.query_params)
            if "filter" in given:
                cost = self._service.filter_cost(filter_value(given["filter"]), reader)
                headers |= self._service.charge(client, cost)
            part = await self._read(given)
            if request.headers.get("if-none-match") == headers["ETag"]:
                return Response(status_code=304, headers=headers)
            if request.method == "HEAD":
                return Response(headers=headers, media_type=wanted.media_type)
            headers |= self._service.charge(client, EXPORT_COST)
            chunks = await self._begin(reader, wanted, part)
        except (InputError, ExportError) as error:
            raise RequestError(code_of(error), str(error)) from error
        return _File(chunks, self._give_back, media_type=wanted.media_type, headers=headers)

    async def _read(self, given: Mapping[str, str]) -> SelectionQuery:
        """The part that is asked for; a filter is read beside the event loop, since it may be long."""

        async def read() -> SelectionQuery:
            return read_selection(given, hide_suggestions=not self._service.shows_schema)

        return await (self._service.offload_step(read, _QUEUE) if "filter" in given else read())

    async def _begin(self, reader: GraphReader, wanted: ExportFormat, part: SelectionQuery) -> AsyncIterator[bytes]:
        """The file in pieces; whatever is wrong with the part is told before the first."""
        if self._open >= MOST_AT_ONCE:
            raise OverloadedError

        async def begin() -> tuple[Iterator[bytes], bytes | None]:
            found: Any = reader.export(wanted, part)
            return found, next(found, None)

        self._open += 1
        try:
            await self._service.warmed()  # some formats tell metrics
            chunks, first = await self._service.offload(begin, _QUEUE)
        except BaseException:
            self._give_back()
            raise
        return self._rest(chunks, first)

    def _give_back(self) -> None:
        self._open -= 1

    async def _rest(self, chunks: Iterator[bytes], chunk: bytes | None) -> AsyncIterator[bytes]:
        async def following() -> bytes | None:
            return _in_one_turn(chunks) or None

        while chunk is not None:
            yield chunk
            chunk = await self._service.offload_step(following, _QUEUE)


class _File(StreamingResponse):
    """Gives its place back however it ends, and even if its client went before it began."""

    def __init__(self, chunks: AsyncIterator[bytes], give_back: Callable[[], None], **more: Any) -> None:
        super().__init__(chunks, **more)
        self._give_back = give_back

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._give_back()


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


def _tag(reader: GraphReader, wanted: ExportFormat, query: bytes) -> str:
    asked = b"%b %b %b" % (reader.version.encode(), wanted.value.encode(), query)
    return f'W/"{hashlib.blake2b(asked, digest_size=16).hexdigest()}"'


def _single(parameters: QueryParams) -> dict[str, str]:
    """The value of each parameter."""
    for name in parameters:
        if len(parameters.getlist(name)) > 1:
            raise SelectionError(f"The parameter {quote(name)} is given more than once; give it once.")
    return dict(parameters)

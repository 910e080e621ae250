"""`SchemaFile`: the schema as a file, which is the same for as long as the service runs."""

import hashlib
from collections.abc import Callable
from functools import cached_property

from starlette.requests import Request
from starlette.responses import Response

from api.web.compression import ENCODINGS
from api.web.conditions import is_held
from api.web.negotiation import preferred_encoding

_MEDIA_TYPE = "application/graphql; charset=utf-8"


class SchemaFile:
    """Made when somebody asks for it."""

    def __init__(self, print_schema: Callable[[], str]) -> None:
        self._print = print_schema
        self._forms: dict[str, bytes] = {}
        """By encoding."""

    @cached_property
    def _plain(self) -> bytes:
        return self._print().encode()

    @cached_property
    def _digest(self) -> str:
        return hashlib.blake2b(self._plain, digest_size=16).hexdigest()

    def answer(self, request: Request, *, is_private: bool) -> Response:
        """The file as the client takes it; `is_private` where not everybody may read it."""
        encoding = preferred_encoding(request.headers.get("accept-encoding"))
        headers = {
            "ETag": f'"{self._digest}{encoding or ""}"',
            "Cache-Control": "private, no-cache" if is_private else "no-cache",
            "Vary": "Accept-Encoding, Authorization" if is_private else "Accept-Encoding",
        }
        if is_held(request.headers.get("if-none-match"), headers["ETag"]):
            return Response(status_code=304, headers=headers)
        if encoding is None:
            return Response(self._plain, headers=headers, media_type=_MEDIA_TYPE)
        if encoding not in self._forms:
            self._forms[encoding] = ENCODINGS[encoding](self._plain)
        headers["Content-Encoding"] = encoding
        return Response(self._forms[encoding], headers=headers, media_type=_MEDIA_TYPE)

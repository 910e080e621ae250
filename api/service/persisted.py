"""Automatic persisted queries: clients send the hash of a query, and the query itself only if it is not known.

As Apollo defines them: https://www.apollographql.com/docs/apollo-server/performance/apq
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from cachetools import LRUCache

from api.errors import ErrorCode, RequestError

_KEPT_QUERIES = 1_000
_KEPT_LENGTH = 16_384
"""Characters; a longer query is answered but not kept, so that the kept ones have a bound in bytes."""
_HASH = re.compile(r"[0-9a-f]{64}")


class PersistedQueries:
    """The queries that were sent with their hashes, the latest used."""

    def __init__(self) -> None:
        self._kept: LRUCache[str, str] = LRUCache(_KEPT_QUERIES)

    def query(self, query: str | None, extensions: Mapping[str, Any]) -> str | None:
        """The query of a request: what it holds, or what was sent before with the hash that it holds.

        Raises:
            RequestError: the hash is of another query, is none, or is not known.
        """
        given = extensions.get("persistedQuery")
        if given is None:
            return query
        if not isinstance(given, Mapping) or given.get("version") != 1:
            message = "`extensions.persistedQuery` must be an object with `version` 1 and `sha256Hash`."
            raise RequestError(ErrorCode.BAD_REQUEST, message)
        wanted = given.get("sha256Hash")
        if not isinstance(wanted, str) or not _HASH.fullmatch(wanted):
            raise RequestError(ErrorCode.BAD_REQUEST, "`sha256Hash` must be 64 hexadecimal digits in lower case.")
        if not query:  # some clients send an empty one for none
            return self._known(wanted)
        if hashlib.sha256(query.encode(errors="surrogatepass")).hexdigest() != wanted:
            raise RequestError(ErrorCode.BAD_REQUEST, "`sha256Hash` is not the SHA-256 of the query.")
        if len(query) <= _KEPT_LENGTH:
            self._kept[wanted] = query
        return query

    def _known(self, wanted: str) -> str:
        query = self._kept.get(wanted)
        if query is None:
            raise RequestError(ErrorCode.PERSISTED_QUERY_NOT_FOUND, "PersistedQueryNotFound")
        return query

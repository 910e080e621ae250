"""`Asker`: has GraphQL operations answered, by the service of this process or by one elsewhere."""

from collections.abc import Mapping
from typing import Any, Protocol

import orjson
from graphql import GraphQLSchema, build_client_schema, get_introspection_query

from api.errors import ErrorCode, RequestError
from api.execution import OperationRequest
from api.service.access import Client
from api.service.service import GraphqlService, Reply
from api.telemetry import RequestRecord

_TIMEOUT = 60
"""Seconds that a service elsewhere has."""


class Asker(Protocol):
    """For one client."""

    async def ask(
        self, query: str, variables: Mapping[str, Any], operation_name: str | None = None, *, explains: bool = False
    ) -> dict[str, Any]:
        """The response to an operation, as it stands in GraphQL over HTTP, with an explanation if one is asked for.

        Raises:
            RequestError: the client came at a bad time, or may not ask this.
        """

    async def schema(self) -> GraphQLSchema:
        """The schema of what is asked.

        Raises:
            RequestError: it is not shown.
        """


class ServiceAsker:
    """Asks the service of this process."""

    def __init__(self, service: GraphqlService, client: Client, record: RequestRecord | None = None) -> None:
        """`record`: of the request that is answered by asking."""
        self._service = service
        self._client = client
        self._record = record

    async def ask(
        self, query: str, variables: Mapping[str, Any], operation_name: str | None = None, *, explains: bool = False
    ) -> dict[str, Any]:
        request = self._service.with_text(OperationRequest(query, dict(variables), operation_name))
        reader = self._service.reader(self._client)
        try:
            reply = await self._service.answer(request, self._client, reader, explains=explains)
        except RequestError as cause:
            if self._record is not None:
                self._record.refusal = cause.code
            raise
        if self._record is not None:
            _note(self._record, reply)
        answered: dict[str, Any] = orjson.loads(reply.answer.body)
        if reply.explanation:
            answered.setdefault("extensions", {})["explain"] = reply.explanation
        return answered

    async def schema(self) -> GraphQLSchema:
        if not self._service.shows_schema:
            raise RequestError(ErrorCode.FORBIDDEN, "This service does not show its schema.")
        return self._service.core_schema


class RemoteAsker:
    """Asks a service at an address."""

    def __init__(self, address: str, token: str | None) -> None:
        """`address`: of its start page, or of its GraphQL endpoint."""
        import httpx2

        self._address = address.rstrip("/").removesuffix("/graphql") + "/graphql"
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = httpx2.AsyncClient(headers=headers, timeout=_TIMEOUT)
        self._schema: GraphQLSchema | None = None

    async def ask(
        self, query: str, variables: Mapping[str, Any], operation_name: str | None = None, *, explains: bool = False
    ) -> dict[str, Any]:
        import httpx2

        body: dict[str, Any] = {"query": query, "variables": variables, "operationName": operation_name}
        if explains:
            body["extensions"] = {"explain": True}
        try:
            response = await self._http.post(self._address, json=body)
            answered = orjson.loads(response.content)
        except (httpx2.HTTPError, orjson.JSONDecodeError) as cause:
            message = f"{self._address} did not answer as a service of GraphQL does: {cause or type(cause).__name__}."
            raise RequestError(ErrorCode.OVERLOADED, message) from cause
        if not isinstance(answered, dict):
            raise RequestError(ErrorCode.OVERLOADED, f"{self._address} did not answer with a GraphQL response.")
        return answered

    async def schema(self) -> GraphQLSchema:
        if self._schema is None:
            answered = await self.ask(get_introspection_query(one_of=True), {})
            if not answered.get("data"):
                raise RequestError(ErrorCode.FORBIDDEN, "The service does not show its schema.")
            self._schema = build_client_schema(answered["data"])
        return self._schema


def _note(record: RequestRecord, reply: Reply) -> None:
    """The operation, in the place of one that was asked before; the cost is that of both."""
    record.executor, record.fallback, record.refusal = reply.executor, reply.fallback, reply.code
    record.cost = (record.cost or 0) + (reply.cost or 0)
    if reply.operation is not None:
        record.operation_name, record.operation_type = reply.operation.name, reply.operation.type_name
        record.query_hash = reply.operation.query_hash

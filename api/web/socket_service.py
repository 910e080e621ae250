"""`SocketService`: operations over WebSockets, each told of in logs and metrics when it ends, as a request over HTTP is."""

import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

from starlette.types import Scope

from api.errors import ErrorCode, RequestError, current_request_id
from api.execution import OperationRequest, Response, query_hash
from api.service.access import Client
from api.service.service import GraphqlService
from api.telemetry import RequestRecord, Telemetry


class SocketService:
    """What sockets need of the service."""

    def __init__(self, service: GraphqlService, telemetry: Telemetry) -> None:
        self._service = service
        self._telemetry = telemetry

    def authorize(self, scope: Scope, payload: Mapping[str, Any] | None) -> Client:
        """The client that opened the socket.

        Raises:
            RequestError: its token is missing or wrong.
        """
        return self._service.authorize(scope, payload)

    async def subscribe(self, operation: OperationRequest, client: Client) -> AsyncGenerator[Response, None] | Response:
        """The responses to an operation, one or many.

        Raises:
            RequestError: the operation is refused.
        """
        record = RequestRecord(self._telemetry.request_ids.next(), "SUBSCRIBE", "/graphql", client.address, "websocket")
        record.operation_name, record.variable_names = operation.operation_name, tuple(operation.variables)
        current_request_id.set(record.request_id)  # of the task that answers this operation alone
        started = time.perf_counter()
        try:
            operation = self._service.with_text(operation)
            record.query, record.query_hash = operation.query, query_hash(operation.query)
            found = await self._service.subscribe(operation, client)
        except RequestError as cause:
            record.outcome, record.refusal = "refused", cause.code
            self._tell(record, started)
            raise
        if isinstance(found, Response):
            _note_errors(record, found)
            self._tell(record, started)
            return found
        return self._told(found, record, started)

    async def _told(
        self, responses: AsyncGenerator[Response, None], record: RequestRecord, started: float
    ) -> AsyncGenerator[Response, None]:
        record.operation_type = "subscription"
        try:
            async with aclosing(responses):
                async for response in responses:
                    yield response
        finally:
            record.query = None  # it is not slow because somebody listens for long
            self._tell(record, started)

    def _tell(self, record: RequestRecord, started: float) -> None:
        record.seconds = time.perf_counter() - started
        self._telemetry.record(record)


def _note_errors(record: RequestRecord, response: Response) -> None:
    if response.code is not None:
        record.refusal = response.code
        record.outcome = "error" if record.refusal is ErrorCode.INTERNAL_SERVER_ERROR else "refused"

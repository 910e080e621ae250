"""`StreamService`: what the transports need from whatever executes operations, and how they report errors."""

import logging
from collections.abc import AsyncGenerator, Mapping
from typing import Any, Protocol, TypeVar

from starlette.types import Scope

from api.errors import RequestError, present_error, present_failure
from api.execution import OperationRequest, Response

logger = logging.getLogger(__name__)

ClientT = TypeVar("ClientT")


class StreamService(Protocol[ClientT]):
    """Executes operations for clients; what a client is is opaque to the transports."""

    def authorize(self, scope: Scope, payload: Mapping[str, Any] | None) -> ClientT:
        """The client, by the request that opened the connection and the payload of `connection_init`, if any.

        Raises:
            RequestError: the client has no access.
        """

    async def subscribe(
        self, operation: OperationRequest, client: ClientT
    ) -> AsyncGenerator[Response, None] | Response:
        """The responses of a subscription, until the generator is closed or the task that waits for it is cancelled.

        A single response for a query, and for an operation that does not parse, validate or fit the limits.

        Raises:
            RequestError: the operation is refused before any of it is executed.
        """


class ClientGoneError(OSError):
    """The connection is closed: nothing more can be sent."""


def presented(error: Exception) -> dict[str, Any]:
    """The error as clients see it: a refusal says why, a failure of ours is masked and logged."""
    if isinstance(error, RequestError):
        return present_error(error.code, str(error))
    logger.error("an operation failed", exc_info=error)
    return present_failure()

"""`StreamService`: what the transports need of whoever executes operations, and what goes wrong with one of them."""

import logging
from collections.abc import AsyncGenerator, Mapping
from typing import Any, Protocol, TypeAlias, TypeVar

from starlette.types import Scope

from api.errors import RequestError, present_error, present_failure
from api.execution import OperationRequest

logger = logging.getLogger(__name__)

ClientT = TypeVar("ClientT")

Response: TypeAlias = Mapping[str, Any]
"""`data` and `errors` of one execution; without `data` if nothing was executed."""


class StreamService(Protocol[ClientT]):
    """Executes operations for clients, which are opaque to the transports."""

    def authorize(self, scope: Scope, payload: Mapping[str, Any] | None) -> ClientT:
        """Who speaks: from the request that opened the connection and what the client said in its first message, if anything.

        Raises:
            RequestError: the client may not speak here.
        """

    async def subscribe(
        self, operation: OperationRequest, client: ClientT
    ) -> AsyncGenerator[Response, None] | Response:
        """The responses of a subscription, until the generator is closed or who waits for it is cancelled.

        A single response for any other operation, and for one that is refused.

        Raises:
            RequestError: the operation is refused before any of it is executed.
        """


class ClientGoneError(OSError):
    """Nothing more can be sent."""


def presented(error: Exception) -> dict[str, Any]:
    """The error as clients see it: what was refused says why; what failed is masked and logged."""
    if isinstance(error, RequestError):
        return present_error(error.code, str(error))
    logger.error("an operation failed", exc_info=error)
    return present_failure()

"""What goes wrong with one operation of a stream."""

import logging
from typing import Any

from api.errors import ErrorCode, RequestError, present_error

logger = logging.getLogger(__name__)


class ClientGoneError(OSError):
    """Nothing more can be sent."""


def present_failure(error: Exception) -> dict[str, Any]:
    """The error as clients see it: what was refused says why; what failed is masked and logged."""
    if isinstance(error, RequestError):
        return present_error(error.code, str(error))
    logger.error("an operation failed", exc_info=error)
    return present_error(ErrorCode.INTERNAL_SERVER_ERROR, "The service failed to answer; its log has the details.")

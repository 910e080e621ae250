"""What goes wrong with one operation of a stream."""

import logging
from typing import Any

from api.errors import RequestError, present_error, present_failure

logger = logging.getLogger(__name__)


class ClientGoneError(OSError):
    """Nothing more can be sent."""


def presented(error: Exception) -> dict[str, Any]:
    """The error as clients see it: what was refused says why; what failed is masked and logged."""
    if isinstance(error, RequestError):
        return present_error(error.code, str(error))
    logger.error("an operation failed", exc_info=error)
    return present_failure()

"""`LimitError`: an operation is beyond a limit."""

from api.errors import RequestError


class LimitError(RequestError):
    """A request that is refused for its size or its cost; the message says what is too large, by how much, what to do."""

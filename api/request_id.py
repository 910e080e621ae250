"""`current_request_id`: what a request, the lines that the log has of it, and errors that it was answered with have in common."""

from contextvars import ContextVar

current_request_id: ContextVar[str | None] = ContextVar("current_request_id", default=None)
"""Of the request that is being answered; set by whoever answers it."""

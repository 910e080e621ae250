"""Ids by which a request is found again: in an answer's header, in every line of the log, in a masked error."""

import re
import secrets
from itertools import count

_SANE = re.compile(r"[A-Za-z0-9._-]{1,64}")


class RequestIds:
    """Ids that differ between processes and within one; made after a fork, or two workers would give the same."""

    def __init__(self) -> None:
        self._prefix = secrets.token_hex(5)
        self._numbers = count(1)

    def next(self, given: str | None = None) -> str:
        """The id that a client or proxy gave, if it is a plain word of at most 64 characters; else a new one."""
        if given is not None and _SANE.fullmatch(given):
            return given
        return f"{self._prefix}-{next(self._numbers):x}"

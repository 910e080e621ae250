"""`RequestRecord`: what is told of one request, to logs, metrics and traces alike; and `clean`, without which no text is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from api.errors import ErrorCode

Protocol: TypeAlias = Literal["http", "websocket", "sse", "mcp"]
Outcome: TypeAlias = Literal["ok", "error", "refused"]
Executor: TypeAlias = Literal["repeated", "planned", "reference", "none"]


NAME_LIMIT = 200
"""Characters of a name, a path or an address."""
TEXT_LIMIT = 2_000
"""Characters of a message or a query."""


@dataclass(slots=True, eq=False)
class RequestRecord:
    """One request, or one operation of a connection that carries several; filled in while it is answered."""

    request_id: str
    method: str
    path: str
    client: str
    """The address that asked; of the client, not of a proxy that is trusted."""
    protocol: Protocol = "http"
    status: int = 200
    outcome: Outcome = "ok"
    """`refused`: the client has to change something. `error`: the service failed, and its log has the details."""
    refusal: ErrorCode | None = None
    """Why it was refused, or the code of the first error in its answer."""
    operation_name: str | None = None
    operation_type: str | None = None
    tool: str | None = None
    """That a language model called; the operation is the last one that was asked for it, the cost that of all."""
    query: str | None = None
    """Its text, for the log of slow queries."""
    query_hash: str | None = None
    variable_names: Sequence[str] = ()
    """The values may be secret, and are told nobody."""
    cost: int | None = None
    executor: Executor = "none"
    fallback: str | None = None
    """Why the planned executor left it to the reference executor."""
    seconds: float = 0.0
    size: int = 0
    """Bytes of the answer's body."""
    trace_id: str | None = None


def clean(text: str, limit: int = NAME_LIMIT) -> str:
    """The text of a client made safe to stand in a log: one line, cut, with escapes as Python writes them for what does not print."""
    if len(text) <= limit and text.isprintable():
        return text
    shown = text[:limit]
    if not shown.isprintable():
        shown = "".join(map(_escaped, shown))
    return f"{shown}…" if len(text) > limit else shown


def _escaped(character: str) -> str:
    return character if character.isprintable() else character.encode("unicode_escape").decode("ascii")

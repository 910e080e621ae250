"""`RequestRecord`: what is told of one request, to logs and metrics alike."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Literal, TypeAlias

from api.errors import ErrorCode

Protocol: TypeAlias = Literal["http", "websocket", "sse"]
Outcome: TypeAlias = Literal["ok", "error", "refused"]
Executor: TypeAlias = Literal["repeated", "planned", "reference", "none"]


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

    def kind(self) -> tuple[Hashable, ...]:
        """All that the records of many requests have in common: what is not of this one alone."""
        return _kind(self)


_OWN = {"request_id", "client", "query", "variable_names", "seconds", "size", "trace_id"}
_kind = attrgetter(*(field.name for field in fields(RequestRecord) if field.name not in _OWN))

"""Answers operations a whole level at a time, and keeps what it rendered for as long as the snapshot lives.

The way of a request: its text, once for all requests, is read and judged (`operations`) and becomes a plan (`plan`): for each
selection the fields with their batch resolvers and the shapes of their values; and the plan becomes straight code (`straight`), a
function for each selection. Each request brings its variables (`variables`), which are filled in to the arguments of fields
(`arguments`), and runs the code: all parents of a level in one call of each resolver, each parent once, straight to JSON (`leaves`).
What a store answers at once is not waited for. What a node's selection renders to is a fragment (`fragments`), which later requests
take as it is; a request that repeats takes the whole answer (`answers`).

The service asks the planned executor (`executor`) first. Whatever is out of the ordinary (an error, introspection, what a plan
does not know) falls back to `Schema.execute` (`reference`), which answers as if there were no plans. Subscriptions have none. Where a client
asks how its operation is answered, what both executors read is noted (`steps`).
"""

from api.execution.answers import Answer, AnswerCache, Response, response_of
from api.execution.executor import PlannedExecutor
from api.execution.fragments import FragmentCache
from api.execution.hints import body_of, hints_of
from api.execution.needs import Need
from api.execution.operations import Operation, OperationRequest, Operations, RefusedError, answer_key, query_hash
from api.execution.plan import FallbackError
from api.execution.reference import STREAM_REQUIRED, Told, bounded, execute, subscribe
from api.execution.steps import NotedContext, Steps, paths_by_node
from api.execution.variables import texts_of

__all__ = [
    "STREAM_REQUIRED",
    "Answer",
    "AnswerCache",
    "FallbackError",
    "FragmentCache",
    "Need",
    "NotedContext",
    "Operation",
    "OperationRequest",
    "Operations",
    "PlannedExecutor",
    "RefusedError",
    "Response",
    "Steps",
    "Told",
    "answer_key",
    "body_of",
    "bounded",
    "execute",
    "hints_of",
    "paths_by_node",
    "query_hash",
    "response_of",
    "subscribe",
    "texts_of",
]

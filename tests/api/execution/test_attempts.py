"""What a context brings to answer by is asked inside Strawberry's own `execute`; graphql-core goes on where it leaves off."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
import strawberry
from graphql import get_introspection_query, parse
from strawberry.schema.config import StrawberryConfig

from api.execution import PlannedAttempt, texts_of
from api.json_text import to_json
from api.schema.assembly import ExecutionByContext, OperationRequest, execute
from api.schema.context import Attempt, Context
from api.schema.object_types import Article, Provider, Story, Topic
from api.schema.query import Query
from api.schema.scalars import SCALARS
from api.service.access import Client
from api.service.service import GraphqlService, Reply, Stores
from api.settings import Settings
from api.telemetry import Telemetry
from graph.building.snapshot import GraphSnapshot
from graph.stores.memory import MemoryReader, MemoryStore
from tests.api.execution.answering import planned_executor
from tests.api.execution.generated_operations import Request

PAGE = "query ($first: Int!) { articles(first: $first) { totalCount nodes { title topics { name } } } }"


def attempt_of(request: Request) -> tuple[PlannedAttempt, Any]:
    planner = planned_executor()
    operation = planner.operation(request)
    return planner.executor.attempt(operation, texts_of(request.variables, operation.left_out)), operation.document


def answer(request: Request, context: Context) -> bytes:
    wanted = OperationRequest(request.query, dict(request.variables), request.operation_name)
    return to_json(asyncio.run(execute(wanted, context)))


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (Request(PAGE, {"first": 3}, None), None),
        (Request(f"query A {{ snapshot {{ version }} }} {PAGE.replace('query', 'query B')}", {"first": 3}, "B"), None),
        (Request(PAGE, {"first": "many"}, None), "variables do not fit"),
        (Request(PAGE, {"first": -1}, None), "a field failed"),
        (Request(get_introspection_query(), {}, None), "__schema"),
    ],
)
def test_answers_are_those_without_the_attempt(known: GraphSnapshot, request_: Request, reason: str | None) -> None:
    attempt, document = attempt_of(request_)
    found = answer(request_, Context(MemoryReader(known), Settings(), document, attempt))
    assert found == answer(request_, Context(MemoryReader(known), Settings()))
    assert attempt.fallback is None if reason is None else reason in str(attempt.fallback)


class Fixed:
    """An attempt that answers nothing, or something that graphql-core never would."""

    def __init__(self, data: bytes | None) -> None:
        self._data = data
        self.asked: list[Mapping[str, Any]] = []

    async def data(self, variables: Mapping[str, Any], _: Context) -> bytes | None:
        self.asked.append(variables)
        return self._data


def test_what_an_attempt_answers_is_not_executed(known: GraphSnapshot) -> None:
    request = Request(PAGE, {"first": 3}, None)
    _, document = attempt_of(request)
    fixed: Attempt = Fixed(b'{"articles":"as they are"}')
    found = answer(request, Context(MemoryReader(known), Settings(), document, fixed))
    assert found == b'{"data":{"articles":"as they are"}}'


def test_one_of_several_operations_must_be_named_in_a_document_that_is_known_too(known: GraphSnapshot) -> None:
    request = Request("query A { snapshot { version } } query B { topics { totalCount } }", {}, None)
    for document in (parse(request.query), None):
        found = answer(request, Context(MemoryReader(known), Settings(), document))
        assert b'"code":"OPERATION_RESOLUTION_FAILURE"' in found
        assert b'"data"' not in found


def test_errors_are_told_and_not_kept_even_if_no_attempt_fallbacks(
    known: GraphSnapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = MemoryStore(known)
    service = GraphqlService(Settings(), Stores(store, store), Telemetry(log_requests=False))

    def ask() -> Reply:
        asked = OperationRequest("{ snapshot { version } }")
        return asyncio.run(service.answer(asked, Client("192.0.2.7"), store.reader()))

    async def fail(*_: object) -> bytes | None:
        raise ValueError("broken")

    with monkeypatch.context() as broken:
        broken.setattr(PlannedAttempt, "data", fail)
        reply = ask()
    assert reply.code is not None
    assert reply.outcome != "ok"
    reply = ask()
    assert (reply.outcome, reply.code, reply.executor) == ("ok", None, "planned")
    assert ask().executor == "repeated"


@pytest.mark.parametrize("data", [None, b'{"articles":"as they are"}'])
def test_the_extension_works_in_any_schema_of_strawberry(known: GraphSnapshot, data: bytes | None) -> None:
    plain = strawberry.Schema(
        query=Query,
        types=[Article, Provider, Topic, Story],
        config=StrawberryConfig(scalar_map=SCALARS),
        extensions=[ExecutionByContext],
    )
    attempt = Fixed(data)
    _, document = attempt_of(Request(PAGE, {"first": 3}, None))
    context = Context(MemoryReader(known), Settings(), document, attempt)
    result = asyncio.run(plain.execute(PAGE, variable_values={"first": 3}, context_value=context))
    expected = answer(Request(PAGE, {"first": 3}, None), Context(MemoryReader(known), Settings()))
    assert to_json({"data": result.data}) == (b'{"data":%b}' % data if data else expected)
    assert result.errors is None
    assert attempt.asked == [{"first": 3}]

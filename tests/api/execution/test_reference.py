"""What plans do not answer, `Schema.execute` does, and it is public: it works for whoever holds the schema, too."""

import asyncio
import gc
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from graphql import get_introspection_query, parse

from api.execution import FallbackError, OperationRequest, PlannedExecutor, Response, execute, query_hash, texts_of
from api.json_text import to_json
from api.schema.assembly import schema
from api.schema.context import Context
from api.service.access import Client
from api.service.service import GraphqlService, Reply, Stores
from api.settings import Settings
from api.telemetry import Telemetry
from graph.building.snapshot import GraphSnapshot
from graph.stores.memory import MemoryReader, MemoryStore
from tests.api.execution.answering import planned_executor
from tests.api.execution.generated_operations import Request
from tests.folders import document as document_text
from tests.folders import folder_snapshot

PAGE = "query ($first: Int!) { articles(first: $first) { totalCount nodes { title topics { name } } } }"
TWO = f"query A {{ snapshot {{ version }} }} {PAGE.replace('query', 'query B')}"


def reply_of(service: GraphqlService, store: MemoryStore, request: Request) -> Reply:
    asked = OperationRequest(request.query, dict(request.variables), request.operation_name)
    return asyncio.run(service.answer(asked, Client("192.0.2.7"), store.reader()))


def service_of(known: GraphSnapshot) -> tuple[GraphqlService, MemoryStore]:
    store = MemoryStore(known)
    return GraphqlService(Settings(), Stores(store, store), Telemetry(log_requests=False)), store


@pytest.mark.parametrize(
    ("request_", "fallback"),
    [
        (Request(PAGE, {"first": 3}, None), None),
        (Request(TWO, {"first": 3}, "B"), None),
        (Request(PAGE, {"first": "many"}, None), "variables do not fit"),
        (Request(PAGE, {"first": -1}, None), "a field failed"),
        (Request(get_introspection_query(), {}, None), "__schema"),
    ],
)
def test_service_answers_as_the_reference_does(known: GraphSnapshot, request_: Request, fallback: str | None) -> None:
    reply = reply_of(*service_of(known), request_)
    wanted = OperationRequest(request_.query, dict(request_.variables), request_.operation_name)
    assert reply.answer.body == to_json(asyncio.run(execute(wanted, Context(MemoryReader(known), Settings()))))
    assert reply.executor == ("planned" if fallback is None else "reference")
    assert reply.fallback is None if fallback is None else fallback in str(reply.fallback)


def test_known_document_is_answered_like_its_text(known: GraphSnapshot) -> None:
    request = OperationRequest(PAGE, {"first": 3})
    reader = MemoryReader(known)
    answers = [asyncio.run(execute(request, Context(reader, Settings(), document))) for document in (parse(PAGE), None)]
    assert answers[0] == answers[1]
    assert "errors" not in answers[0]


def test_one_of_several_operations_must_be_named(known: GraphSnapshot) -> None:
    request = Request("query A { snapshot { version } } query B { topics { totalCount } }", {}, None)
    found = to_json(asyncio.run(execute(OperationRequest(request.query), Context(MemoryReader(known), Settings()))))
    for answer in (found, reply_of(*service_of(known), request).answer.body):
        assert b'"code":"OPERATION_RESOLUTION_FAILURE"' in answer
        assert b'"data"' not in answer


def test_planned_executor_says_why_it_falls_back(known: GraphSnapshot) -> None:
    operation = planned_executor().operation(Request(PAGE, {}, None))
    variables = {"first": -1}
    answer = PlannedExecutor(schema, 0).data(
        operation, variables, texts_of(variables, operation.left_out), Context(MemoryReader(known), Settings())
    )
    with pytest.raises(FallbackError, match="a field failed: PageError"):
        asyncio.run(answer)


def test_errors_are_told_and_not_kept(known: GraphSnapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    service, store = service_of(known)
    request = Request("{ snapshot { version } }", {}, None)

    async def fail(*_: object) -> None:
        raise ValueError("broken")

    with monkeypatch.context() as broken:
        broken.setattr(MemoryReader, "info", fail)
        reply = reply_of(service, store, request)
    assert reply.code is not None
    assert reply.outcome == "error"
    reply = reply_of(service, store, request)
    assert (reply.outcome, reply.code, reply.executor) == ("ok", None, "planned")
    assert reply_of(service, store, request).executor == "repeated"


def test_schema_is_strawberrys_for_whoever_holds_it(known: GraphSnapshot) -> None:
    context = Context(MemoryReader(known), Settings())
    result = asyncio.run(schema.execute(PAGE, {"first": 1}, context_value=context))
    assert result.errors is None
    assert result.data is not None
    assert len(result.data["articles"]["nodes"]) == 1
    assert schema.execute_sync("{ __typename }").data == {"__typename": "Query"}
    assert schema.execute_sync("{ unknown }").errors


def test_query_hash_begins_the_hash_of_a_persisted_query() -> None:
    assert query_hash("{__typename}") == "ecf4edb46db4"
    assert query_hash("\ud800") != query_hash("\ud801")


@pytest.mark.parametrize(
    "query",
    [
        "{ articles { nodes { provider { name } related { edges { node { topics { name } } } } } } }",
        '{ node(id: "no id") { id } topics { nodes { label } } }',
        "{ topics(first: -1) { totalCount } }",
        "{ __schema { types { name } } }",
    ],
    ids=["nested", "failed", "null", "introspection"],
)
def test_operation_leaves_nothing_to_the_cycle_collector(known: GraphSnapshot, query: str) -> None:
    reader, document, loop = MemoryReader(known), parse(query), asyncio.new_event_loop()

    def answer(times: int) -> None:
        for _ in range(times):
            context = Context(reader, Settings(), document)
            loop.run_until_complete(execute(OperationRequest(query), context))

    with closing(loop), uncollected():
        answer(2)
        gc.collect()
        answer(20)
        assert gc.collect() < 20


def test_event_leaves_nothing_to_the_cycle_collector(tmp_path: Path) -> None:
    query = "subscription { snapshotChanged { updated { nodes { title provider { name } } } } }"
    snapshots = [
        folder_snapshot(tmp_path / f"{number}", {"a.md": document_text(title=number, id=1)}) for number in range(2)
    ]

    async def listen() -> int:
        service, store = service_of(snapshots[0])
        responses = await service.subscribe(OperationRequest(query), Client("192.0.2.7"))
        assert not isinstance(responses, Response)

        async def told(times: int) -> None:
            for number in range(times):
                store.swap(snapshots[(number + 1) % 2])
                assert b'"title"' in (await anext(responses)).body

        await told(2)
        gc.collect()
        await told(20)
        return gc.collect()

    with uncollected():
        assert asyncio.run(listen()) < 1_000  # a snapshot that is replaced is in cycles itself


@contextmanager
def uncollected() -> Iterator[None]:
    gc.disable()
    try:
        yield
    finally:
        gc.enable()

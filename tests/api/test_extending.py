"""A schema with more fields than the service's own: what docs/extending.md shows, served, limited and planned like the rest."""

import asyncio
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import orjson
import pytest
from starlette.testclient import TestClient
from strawberry import Schema

import api
from api.execution import OperationRequest, Operations, RefusedError, execute
from api.limits import Limits
from api.schema.assembly import print_schema
from api.schema.assembly import schema as own_schema
from api.schema.context import Context
from api.service.access import Client
from api.service.service import GraphqlService, Reply, Stores
from api.settings import Settings
from api.telemetry import Telemetry
from graph.building.snapshot import GraphSnapshot
from graph.stores.memory import MemoryReader, MemoryStore

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
PLANNED = "{ longest(first: 2) { title minutesToRead topics { name } } articles(first: 2) { nodes { minutesToRead } } }"
BY_RESOLVER = "{ longest(first: 1) { title minutesToRead shout } }"


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What the page's program defines."""
    (program,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    folder = tmp_path_factory.mktemp("yours")
    (folder / "yours_to_extend.py").write_text(program.replace('"seeds"', repr(str(ROOT / "seeds"))), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield vars(import_module("yours_to_extend"))


@pytest.fixture(scope="module")
def schema(shown: dict[str, Any]) -> Schema:
    found: Schema = shown["schema"]
    return found


def ask(known: GraphSnapshot, schema: Schema, query: str, settings: Settings | None = None) -> Reply:
    store = MemoryStore(known)
    service = GraphqlService(settings or Settings(), Stores(store, store), Telemetry(log_requests=False), schema=schema)
    return asyncio.run(service.answer(OperationRequest(query), Client("192.0.2.7"), store.reader()))


@pytest.mark.parametrize(("query", "executor"), [(PLANNED, "planned"), (BY_RESOLVER, "reference")])
def test_added_fields_are_answered_alike_by_plan_and_by_reference(
    known: GraphSnapshot, schema: Schema, query: str, executor: str
) -> None:
    reply = ask(known, schema, query)
    reference = asyncio.run(execute(OperationRequest(query), Context(MemoryReader(known), Settings()), schema))
    assert orjson.loads(reply.answer.body) == reference
    assert (reply.outcome, reply.executor) == ("ok", executor)
    article = reference["data"]["longest"][0]
    assert article["minutesToRead"] >= 1
    assert article.get("shout", f"{article['title'].upper()}!") == f"{article['title'].upper()}!"


def test_application_serves_the_page_of_the_docs(shown: dict[str, Any]) -> None:
    (query,) = re.findall(r"```graphql-of-your-own\n(.*?)```", PAGE, re.DOTALL)
    with TestClient(shown["app"]) as client:
        answer = client.post("/graphql", json={"query": query}).json()
        assert list(answer["data"]["longest"][0]) == ["title", "minutesToRead", "shout"]
        assert "minutesToRead: Int!" in client.get("/schema.graphql").text


def test_own_schema_stays_as_it_is(schema: Schema) -> None:
    assert "minutesToRead" in print_schema(schema)
    assert "minutesToRead" not in print_schema() == print_schema(own_schema)
    assert "minutesToRead" not in print_schema(api.build_schema())


def cost(known: GraphSnapshot, schema: Schema, query: str) -> float:
    operation = Operations(schema, Limits()).read(query, None)
    assert not isinstance(operation, RefusedError)
    return operation.cost_model.cost({}, MemoryReader(known).sizes).total


def test_unknown_fields_cost_what_their_values_may_be(known: GraphSnapshot, schema: Schema) -> None:
    whole = cost(known, schema, "{ longest { title provider { name } } }")
    assert whole == pytest.approx(
        20 * cost(known, own_schema, '{ node(id: "a_1") { ... on Article { title provider { name } } } }'), rel=0.7
    )
    leaf = cost(known, schema, "{ articles(first: 9) { nodes { title minutesToRead } } }")
    assert leaf == cost(known, schema, "{ articles(first: 9) { nodes { title slug } } }")


def test_limits_hold_for_unknown_fields(known: GraphSnapshot, schema: Schema) -> None:
    nested = "{ longest { related(first: 100) { nodes { related(first: 100) { nodes { minutesToRead } } } } } }"
    assert ask(known, schema, nested).code is not None
    assert ask(known, schema, "{ longest { title } }", Settings(max_cost=5)).code is not None


def test_names_of_the_package_are_there() -> None:
    assert all(getattr(api, name) is not None for name in api.__all__)
    assert set(api.__all__) <= set(dir(api))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = api.nothing

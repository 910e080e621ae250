"""An answer has no more bytes than it may, whoever makes it, and whatever it was made of before."""

import asyncio
import json
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import strawberry
from strawberry.schema.config import StrawberryConfig

from api.execution import OperationRequest, Response
from api.schema.answer_size import AnswerSize, CountedAnswer, heaviest
from api.schema.scalars import SCALARS, Json
from api.service.access import Client
from api.service.service import GraphqlService, Reply, Stores
from api.settings import Settings
from api.telemetry import Telemetry
from graph.building.snapshot import GraphSnapshot
from graph.library import load
from graph.stores.memory import MemoryStore
from tests.api.heavy_files import ARTICLES, write_heavy

CLIENT = Client("192.0.2.7")
NESTED = "articles(first: 100) { nodes { related(first: 100) { nodes { title body } } } }"
REFERENCE = "__schema { queryType { name } }"
"""What graphql-core has to answer."""


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> GraphSnapshot:
    return load(write_heavy(tmp_path_factory.mktemp("heavy")))


def service(store: MemoryStore) -> GraphqlService:
    settings = Settings(max_answer_mb=1, max_cost=1_000_000, max_aliases=200)
    return GraphqlService(settings, Stores(store, store), Telemetry(stream=os.open(os.devnull, os.O_WRONLY)))


def replies(snapshot: GraphSnapshot, *queries: str) -> list[Reply]:
    async def ask() -> list[Reply]:
        store = MemoryStore(snapshot)
        asked = service(store)
        return [await asked.answer(OperationRequest(query), CLIENT, store.reader()) for query in queries]

    return asyncio.run(ask())


def refusal(reply: Reply) -> str:
    """The field that weighs most, as the refusal names it."""
    (error,) = json.loads(reply.answer.body)["errors"]
    assert (reply.outcome, reply.is_executed) == ("refused", False)
    assert error["extensions"] == {"code": "ANSWER_TOO_LARGE"}
    assert error["message"].startswith("The answer would have more than 1 MB, which is the limit. Most of it is `")
    return str(error["message"].split("`")[1])


def ids(snapshot: GraphSnapshot) -> str:
    return json.dumps([found for found in snapshot.nodes if found.startswith("a_")][:ARTICLES])


@pytest.mark.parametrize("before", ["", f"{REFERENCE} "], ids=["planned", "reference"])
@pytest.mark.parametrize(
    ("query", "path"),
    [
        (NESTED, "articles.nodes.related.nodes.body"),
        (f"small: topics {{ totalCount }} {NESTED} own: articles {{ nodes {{ body }} }}", "articles.nodes.related.nodes.body"),
        ("nodes(ids: IDS) { ... on Article { slug related(first: 100) { nodes { body } } } }", "nodes.related.nodes.body"),
        (" ".join(f"a{n}: articles(first: 40) {{ nodes {{ title body }} }}" for n in range(9)), "a0.nodes.body"),
        (" ".join(f"a{n}: articles(first: {40 - n}) {{ nodes {{ id }} }}" for n in range(9)), None),
    ],
    ids=["lists in lists", "beside others", "nodes", "aliases", "small"],
)  # fmt: skip
def test_answer_that_is_too_large_is_refused_with_the_field_that_weighs_most(
    snapshot: GraphSnapshot, before: str, query: str, path: str | None
) -> None:
    (reply,) = replies(snapshot, f"{{ {before}{query} }}".replace("IDS", ids(snapshot)))
    if path is None:
        assert reply.outcome == "ok"
    else:
        assert path.startswith(refusal(reply))
        assert len(refusal(reply)) > 1


def test_parts_that_were_rendered_before_are_counted_too(snapshot: GraphSnapshot) -> None:
    selection = "{ nodes { title body } }"
    kept, reply = replies(
        snapshot,
        f"{{ articles(first: 100) {selection} }}",
        f"{{ articles(first: 100) {{ nodes {{ related(first: 100) {selection} }} }} }}",
    )
    assert kept.outcome == "ok"
    assert refusal(reply) == "articles.nodes.related"


def test_event_that_is_too_large_is_told_as_an_error_and_the_next_one_as_usual(tmp_path: Path) -> None:
    body = " ".join(f"b{number}: body" for number in range(5))
    query = f"subscription {{ snapshotChanged {{ updated(first: 40) {{ totalCount nodes {{ {body} }} }} }} }}"

    async def converse() -> list[dict[str, Any]]:
        store = MemoryStore(load(write_heavy(tmp_path)))
        responses = await service(store).subscribe(OperationRequest(query), CLIENT)
        assert not isinstance(responses, Response)
        store.swap(load(write_heavy(tmp_path, " again")))
        told = [json.loads((await anext(responses)).body)]
        path = tmp_path / "a0.md"
        path.write_text(path.read_text(encoding="utf-8").replace(" again", ""), encoding="utf-8")
        store.swap(load(tmp_path))
        return [*told, json.loads((await anext(responses)).body)]

    large, small = asyncio.run(converse())
    (error,) = large["errors"]
    assert (large["data"], error["extensions"]) == (None, {"code": "ANSWER_TOO_LARGE"})
    assert "Most of it is `snapshotChanged.updated" in error["message"]
    assert error["message"].endswith("What changed is not told; fetch again what you hold.")
    assert small["data"]["snapshotChanged"]["updated"]["totalCount"] == 1


def test_path_ends_where_no_part_has_more_than_half() -> None:
    sizes = {("a",): 90, ("b",): 5, ("a", "nodes"): 90, ("a", "nodes", "c"): 44, ("a", "nodes", "d"): 46}
    assert heaviest(sizes) == ["a", "nodes", "d"]
    assert heaviest({**sizes, ("a", "nodes", "e"): 45}) == ["a"]
    assert heaviest(sizes, ["b"]) == ["b"]


@pytest.mark.parametrize("beside", [{"a": 1}, None, [], 1, "a"], ids=str)
def test_list_counts_whatever_it_begins_with(beside: object) -> None:
    @strawberry.type
    class Query:
        @strawberry.field
        def values(self) -> Json:
            return Json([beside, {"text": "x" * 600_000}, ["x" * 600_000]])

    context = SimpleNamespace(answer_size=AnswerSize(1))
    schema = strawberry.Schema(Query, extensions=[CountedAnswer], config=StrawberryConfig(scalar_map=SCALARS))
    schema.execute_sync("{ values }", context_value=context)
    assert context.answer_size.is_exceeded

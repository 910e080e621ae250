"""Look-ups that find nothing: null, without an error, and beside the answer the names that were nearly asked for."""

import asyncio
import json
from typing import Any

import pytest

from api.execution import OperationRequest, execute
from api.schema.context import Context
from api.service.access import Client
from api.service.service import GraphqlService, Stores
from api.settings import Settings
from api.telemetry import Telemetry
from graph.building.snapshot import GraphSnapshot
from graph.stores.memory import MemoryReader, MemoryStore


def answers(snapshot: GraphSnapshot, query: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """By plans, as often as it is asked, and by the reference."""
    store = MemoryStore(snapshot)
    service = GraphqlService(Settings(), Stores(store, store), Telemetry(log_requests=False))
    request, client = OperationRequest(query), Client("192.0.2.7")
    replies = [asyncio.run(service.answer(request, client, store.reader())) for _ in range(2)]
    assert [reply.executor for reply in replies] == ["planned", "repeated"]
    assert replies[0].answer.body == replies[1].answer.body
    reference = asyncio.run(execute(request, Context(MemoryReader(snapshot), Settings())))
    return json.loads(replies[0].answer.body), reference


@pytest.mark.parametrize(
    ("query", "hints"),
    [
        (
            '{ a: topic(by: {name: "Ferris"}) { id } b: topic(by: {name: "Ferris"}) { name } person(by: {name: "Nobody"}) { id } }',
            [{"message": "No topic has the name “Ferris”; the nearest: “Ferries”.", "nearest": ["Ferries"]}],
        ),
        (
            '{ provider(by: {domain: "harbourpost.exmple"}) { id } topic(by: {slug: "ferris"}) { id } }',
            [
                {
                    "message": "No provider has the domain “harbourpost.exmple”; the nearest: “harbourpost.example”.",
                    "nearest": ["harbourpost.example"],
                },
                {"message": "No topic has the slug “ferris”; the nearest: “ferries”.", "nearest": ["ferries"]},
            ],
        ),
        ('{ topic(by: {name: "Ferries"}) { name } }', None),
        ('{ topic(by: {name: "nothing of the kind"}) { name } }', None),
        ('{ topic(by: {id: "t_aaaaaaaaaaaaaaaa"}) { name } }', None),
    ],
    ids=["twice", "two", "found", "not near", "id"],
)
def test_both_executors_tell_the_nearest_names(
    seeds: GraphSnapshot, query: str, hints: list[dict[str, Any]] | None
) -> None:
    planned, reference = answers(seeds, query)
    assert planned == reference
    assert "errors" not in planned
    assert planned.get("extensions") == (hints and {"hints": hints})

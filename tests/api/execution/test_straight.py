"""Straight code: what it reads of the store, and that waiting for it changes nothing."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest

from api.execution.straight import straight
from api.settings import Settings
from graph.building.snapshot import GraphSnapshot
from graph.stores.memory import MemoryReader
from graph.stores.protocol import GraphReader
from tests.api.conftest import LaterReader
from tests.api.execution.answering import doubling, plan_of, planned_answer, planned_executor
from tests.api.execution.generated_operations import Request
from tests.work import calls_of


class WatchedReader:
    """Writes down the reads, and the lists and neighbors that they are of."""

    def __init__(self, reader: GraphReader) -> None:
        self._reader = reader
        self.reads: list[tuple[str, str]] = []

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def read(*arguments: Any) -> Any:
            self.reads.append((name, getattr(arguments[0], "value", "")))
            return getattr(self._reader, name)(*arguments)

        return read


def reads(snapshot: GraphSnapshot, query: str) -> list[tuple[str, str]]:
    reader = WatchedReader(MemoryReader(snapshot))
    asked = planned_answer(planned_executor(), Request(query, {}, None), cast(GraphReader, reader), Settings())
    assert asyncio.run(asked) is not None
    return reader.reads


RELATED = "{ articles(first: 3) { nodes { id related%s { %s } } } }"


@pytest.mark.parametrize(
    ("arguments", "selection", "read"),
    [
        ("", "nodes { id }", "first_nodes"),
        ("(first: 2)", "found: nodes { id } __typename", "first_nodes"),
        ("(first: 2, filter: null, orderBy: null, after: null)", "nodes { id }", "first_nodes"),
        ("(first: 2)", "nodes { id } totalCount", "pages"),
        ("(first: 2)", "nodes { id } other: nodes { slug }", "pages"),
        ("(first: 2)", "edges { node { id } }", "pages"),
        ("(last: 2)", "nodes { id }", "pages"),
        ("(first: 2, filter: {})", "nodes { id }", "pages"),
        ("(first: 2, orderBy: {title: ASC})", "nodes { id }", "pages"),
    ],
)
def test_first_nodes_alone_are_read_as_such(seeds: GraphSnapshot, arguments: str, selection: str, read: str) -> None:
    assert reads(seeds, RELATED % (arguments, selection)) == [("first_nodes", "ARTICLES"), (read, "RELATED_ANY")]


def test_answer_of_a_store_that_waits_is_that_of_one_that_does_not(seeds: GraphSnapshot) -> None:
    query = """{
      articles(first: 5) { totalCount nodes { title provider { name } topics { name parent { name } } related { nodes { id authors { name } } } } }
      nodes(ids: ["a_aaaaaaaaaaaaaaaa"]) { id }
      search(query: "a*", first: 5) { edges { score node { __typename id ... on Article { images { url } problems { code } } } } }
    }"""
    readers = MemoryReader(seeds), cast(GraphReader, LaterReader(MemoryReader(seeds)))
    at_once, later = (
        asyncio.run(planned_answer(planned_executor(), Request(query, {}, None), reader, Settings()))
        for reader in readers
    )
    assert at_once is not None
    assert later == at_once


def test_selection_has_its_code_made_once_in_however_many_places_it_stands() -> None:
    plan = plan_of(Request(doubling(30), {}, None))
    calls_of(lambda: straight(plan), most=20_000)

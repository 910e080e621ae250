"""Planned answers equal those of the reference executor, byte for byte, whatever is asked of whatever graph."""

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.json_text import to_json
from api.schema.assembly import schema
from api.settings import Settings
from graph.building.snapshot import GraphSnapshot
from graph.stores.memory import MemoryReader
from tests.api.execution.answering import (
    Comparison,
    planned_answer,
    planned_executor,
    pools_of,
    reference_answer,
)
from tests.api.execution.generated_operations import Generator, Pools, Request
from tests.cases import number_of_cases, random_cases

ROOT = Path(__file__).parent.parent.parent.parent
VARIATIONS = (3, 1, 1)
"""For each document of an example, the sets of variables that it is asked with."""
FLOOR = 0.6
"""The share of generated requests that have to be planned; the others are those with errors."""


@dataclass(repr=False)  # hypothesis shows it beside each failing example
class Bench:
    """What the generated requests of one snapshot share."""

    pools: Pools
    comparison: Comparison
    runner: asyncio.Runner
    operations: set[str] = field(default_factory=set)
    """Texts of all that was asked."""

    def check(self, seed: int, size: int) -> None:
        random = Random(seed)
        for count in VARIATIONS:
            for request in Generator(schema._schema, self.pools, random, size).requests(count):
                self.operations.add(request.query)
                self.runner.run(self.comparison.check(request, random))


def bench_on(snapshot: GraphSnapshot) -> Iterator[Bench]:
    with asyncio.Runner() as runner:
        yield Bench(pools_of(snapshot), Comparison(MemoryReader(snapshot)), runner)


@pytest.fixture(scope="module")
def on_seeds(known: GraphSnapshot) -> Iterator[Bench]:
    yield from bench_on(known)


SEEDS, SIZES = st.integers(0, 2**48), st.integers(3, 14)


@random_cases(3_000)
@given(seed=SEEDS, size=SIZES)
def test_generated_operations_on_the_seeds(on_seeds: Bench, seed: int, size: int) -> None:
    on_seeds.check(seed, size)


def check_most_were_planned(bench: Bench, least: int) -> None:
    asked = bench.comparison.asked
    if asked.total() == 0:
        pytest.skip("only this test was run")
    assert len(bench.operations) >= number_of_cases(least)
    assert asked["planned"] / asked.total() > FLOOR, asked


def test_most_generated_requests_were_planned(on_seeds: Bench) -> None:
    check_most_were_planned(on_seeds, 8_500)


def written_requests() -> Iterator[Any]:
    """The golden queries, the playground's examples and what the docs show."""
    for path in sorted((ROOT / "tests" / "api" / "schema" / "queries").glob("*.graphql")):
        variables = path.with_suffix(".variables.json")
        given = json.loads(variables.read_text(encoding="utf-8")) if variables.exists() else {}
        yield pytest.param(Request(path.read_text(encoding="utf-8"), given, None), id=path.stem)
    for example in json.loads((ROOT / "api" / "pages" / "static" / "examples.json").read_text(encoding="utf-8"))[
        "examples"
    ]:
        yield pytest.param(Request(example["query"], example["variables"], None), id=f"example: {example['name']}")
    for page in ("api", "cookbook"):
        text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
        blocks = list(re.finditer(r"^```(?P<info>[^\n]*)\n(?P<text>.*?)^```$", text, re.MULTILINE | re.DOTALL))
        for block, following in pairwise([*blocks, None]):
            if block and block["info"] == "graphql":
                has_variables = following and following["info"] == "json variables"
                given = json.loads(following["text"]) if following and has_variables else {}
                line = text.count("\n", 0, block.start()) + 1
                yield pytest.param(Request(block["text"], given, None), id=f"{page}.md:{line}")


@pytest.mark.parametrize("request_", list(written_requests()))
def test_written_queries(known: GraphSnapshot, request_: Request) -> None:
    reader, executor = MemoryReader(known), planned_executor()

    async def ask() -> tuple[bytes | None, bytes | None, dict[str, Any]]:
        first, again = [await planned_answer(executor, request_, reader, Settings()) for _ in range(2)]
        return first, again, await reference_answer(request_, reader, Settings())

    first, again, answer = asyncio.run(ask())
    if "errors" in answer or "__schema" in request_.query:
        assert (first, again) == (None, None)
    else:
        assert first == again == to_json(answer)
        assert executor.outcomes == {"planned": 1, "repeated": 1}

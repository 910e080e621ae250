"""The same as `test_planned_equals_reference`, on real articles; apart, so that both run side by side."""

from collections.abc import Iterator

import pytest
from hypothesis import given

from graph.building.snapshot import GraphSnapshot
from tests.api.execution.test_planned_equals_reference import (
    SEEDS,
    SIZES,
    Bench,
    bench_on,
    check_most_were_planned,
)
from tests.cases import random_cases

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def on_azure(azure: GraphSnapshot) -> Iterator[Bench]:
    yield from bench_on(azure)


@random_cases(530)
@given(seed=SEEDS, size=SIZES)
def test_generated_operations_on_real_articles(on_azure: Bench, seed: int, size: int) -> None:
    on_azure.check(seed, size)


def test_most_generated_requests_were_planned(on_azure: Bench) -> None:
    check_most_were_planned(on_azure, 1_500)

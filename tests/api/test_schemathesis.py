"""Cases that schemathesis makes of the schema: none makes the running service fail, or tell of its inside."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis_graphql import nodes

import api.schema.assembly
from tests.api.attacks.attacking import INSIDE
from tests.service import Served, running

CASES = 1_000
SCALARS = {
    "DateTime": st.datetimes().map(lambda date: nodes.String(date.isoformat())),
    "JSON": st.integers(-5, 5).map(nodes.Int),
}


pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    for name, strategy in SCALARS.items():
        schemathesis.graphql.scalar(name, strategy)
    with running(tmp_path_factory.mktemp("service")) as served:
        yield served


def test_no_case_makes_the_service_fail(served: Served) -> None:
    schema = schemathesis.graphql.from_url(f"{served.address}/graphql")
    outcomes, asked = {"data": 0, "errors": 0}, set()

    @settings(max_examples=CASES)
    @given(case=schema.as_strategy())
    def ask(case: Any) -> None:
        response = case.call()
        assert response.status_code < 500
        answer = response.json()
        assert "data" in answer or "errors" in answer
        told = [error["message"] for error in answer.get("errors", ())]
        assert [word for word in INSIDE if any(word in message for message in told)] == []
        assert "INTERNAL_SERVER_ERROR" not in response.text
        asked.add(case.operation.label)
        outcomes["data" if answer.get("data") else "errors"] += 1

    ask()
    assert sum(outcomes.values()) >= CASES
    assert outcomes["data"] > CASES / 10, outcomes
    assert asked == {f"Query.{name}" for name in api.schema.assembly.schema._schema.query_type.fields}  # type: ignore[union-attr]
    assert '"level":"error"' not in served.whole_log()

"""What `extensions.explain` tells: cost by field, the executor, and what was read, by either executor."""

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.service.explanation import MOST_FIELDS
from api.settings import Settings
from api.web.app import create_app
from graph.building.snapshot import GraphSnapshot
from graph.stores.memory import MemoryStore

QUERY = """
query Nested($first: Int!) {
  articles(first: $first) { nodes { ...Line related(first: 2) { nodes { title provider { name } } } } }
}
fragment Line on Article { title by: provider { name } }
"""
REFERENCE = "query Nested($first: Int!) { articles(first: $first) { nodes { provider { name } } } __schema { queryType { name } } }"


def explained(client: TestClient, query: str, variables: dict[str, Any] | None = None, **more: Any) -> Any:
    body = {"query": query, "variables": variables or {}, "extensions": {"explain": True, **more}}
    return client.post("/graphql", json=body)


def costs(explanation: dict[str, Any]) -> dict[str, float]:
    return {field["path"]: field["cost"] for field in explanation["cost"]["fields"]}


def reads(explanation: dict[str, Any]) -> dict[str, tuple[int, int]]:
    return {step["path"]: (step["reads"], step["parents"]) for step in explanation["plan"]}


def test_planned_operation_is_explained_beside_its_data(client: TestClient) -> None:
    plain = client.post("/graphql", json={"query": QUERY, "variables": {"first": 3}})
    response = explained(client, QUERY, {"first": 3})
    answer = response.json()
    assert answer["data"] == plain.json()["data"]
    assert response.headers["cache-control"] == "no-store"
    explanation = answer["extensions"]["explain"]
    assert list(explanation) == ["cost", "executor", "fallback", "seconds", "plan"]
    assert (explanation["executor"], explanation["fallback"]) == ("planned", None)
    assert list(reads(explanation)) == [
        "articles",
        "articles.nodes.by",
        "articles.nodes.related",
        "articles.nodes.related.nodes.provider",
    ]
    assert reads(explanation)["articles"] == (1, 1)
    assert reads(explanation)["articles.nodes.related"] == (1, 3)
    assert 0 < sum(step["seconds"] for step in explanation["plan"]) <= explanation["seconds"] * 1.01 + 0.001


def test_cost_of_each_field_holds_that_of_the_fields_in_it(client: TestClient) -> None:
    few, many = (explained(client, QUERY, {"first": first}).json()["extensions"]["explain"] for first in (3, 30))
    found = costs(many)
    assert list(found)[:2] == ["articles", "articles.nodes"]
    assert found["articles"] == many["cost"]["estimated"]
    assert found["articles"] > found["articles.nodes"] > found["articles.nodes.related"]
    assert found["articles.nodes.related"] > costs(few)["articles.nodes.related"]
    assert many["cost"]["limit"] == Settings().max_cost
    assert many["cost"]["leftOut"] == 0


def test_operation_of_the_reference_executor_is_explained_with_the_reason(client: TestClient) -> None:
    explanation = explained(client, REFERENCE, {"first": 3}).json()["extensions"]["explain"]
    assert explanation["executor"] == "reference"
    assert explanation["fallback"]
    assert reads(explanation)["articles"] == (1, 1)
    assert reads(explanation)["articles.nodes.provider"] == (1, 3)
    assert explanation["seconds"] > 0


def test_fields_of_fragments_are_told_by_their_paths_on_both_executors(client: TestClient) -> None:
    planned = explained(client, QUERY, {"first": 3}).json()["extensions"]["explain"]
    with_schema = QUERY.replace("articles(", "__schema { queryType { name } } articles(")
    reference = explained(client, with_schema, {"first": 3}).json()["extensions"]["explain"]
    assert reference["executor"] == "reference"
    assert reads(reference).keys() == reads(planned).keys()


def test_kept_answer_is_executed_and_nothing_of_others_is_told(client: TestClient) -> None:
    first = explained(client, QUERY, {"first": 5}).json()["extensions"]["explain"]
    client.post("/graphql", json={"query": QUERY, "variables": {"first": 5}})
    again = explained(client, QUERY, {"first": 5}).json()["extensions"]["explain"]
    assert again["executor"] == "planned"
    assert reads(again) == reads(first)


def test_refused_operation_tells_what_its_fields_cost(client: TestClient) -> None:
    query = (
        "{ articles(first: 100) { nodes { related(first: 100) { nodes { related(first: 100) { nodes { id } } } } } } }"
    )
    answer = explained(client, query).json()
    assert answer["errors"][0]["extensions"]["code"] == "QUERY_TOO_EXPENSIVE"
    assert list(answer["extensions"]["explain"]) == ["cost"]
    assert costs(answer["extensions"]["explain"])["articles.nodes.related.nodes.related"] > Settings().max_cost


@pytest.mark.parametrize("query", ["{", "{ nothing }", "subscription { snapshotChanged { version } }"])
def test_invalid_operation_has_no_explanation(client: TestClient, query: str) -> None:
    answer = explained(client, query).json()
    assert list(answer) == ["errors"]


def test_failed_field_says_no_more_than_without_an_explanation(client: TestClient) -> None:
    query = '{ articles(first: 1, after: "nonsense") { nodes { id } } }'
    plain = client.post("/graphql", json={"query": query}).json()
    answer = explained(client, query).json()
    assert answer["errors"] == plain["errors"]
    assert answer["extensions"]["explain"]["fallback"] == "a field failed"


def test_cost_and_hints_stand_beside_the_explanation(client: TestClient) -> None:
    answer = explained(client, '{ topic(by: {name: "Ferris"}) { name } }', cost=True).json()
    assert answer["extensions"].keys() == {"hints", "cost", "explain"}


def test_get_is_explained_without_a_tag(client: TestClient) -> None:
    parameters = {"query": "{ topics { totalCount } }", "extensions": '{"explain": true}'}
    for _ in range(2):
        response = client.get("/graphql", params=parameters)
        assert reads(response.json()["extensions"]["explain"])["topics"] == (1, 1)
        assert "etag" not in response.headers
        assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("value", [False, 1, "true", None, {}])
def test_nothing_else_asks_for_an_explanation(client: TestClient, value: object) -> None:
    body = {"query": "{ topics { totalCount } }", "extensions": {"explain": value}}
    assert "extensions" not in client.post("/graphql", json=body).json()


def test_the_cheapest_of_many_fields_are_left_out(client: TestClient) -> None:
    dear = "dear: articles(first: 50) { nodes { title } }"
    cheap = " ".join(
        f'a{number}: topic(by: {{ slug: "a" }}) {{ articles(first: 1) {{ nodes {{ id }} }} }}' for number in range(90)
    )
    answer = explained(client, f"{{ {cheap} {dear} }}").json()
    cost = answer["extensions"]["explain"]["cost"]
    assert len(cost["fields"]) == MOST_FIELDS
    assert cost["leftOut"] > 0
    assert "dear" in costs(answer["extensions"]["explain"])


def test_service_of_trusted_documents_explains_nothing(tmp_path: Path, known: GraphSnapshot) -> None:
    query = "{ topics { totalCount } }"
    (tmp_path / "topics.graphql").write_text(query)
    with TestClient(create_app(Settings(trusted_documents=str(tmp_path)), MemoryStore(known))) as client:
        response = explained(client, query)
        assert response.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
        assert list(response.json()) == ["errors"]
        assert "data" in client.post("/graphql", json={"query": query}).json()


def test_explanation_takes_the_cost_from_what_the_client_has(known: GraphSnapshot) -> None:
    with TestClient(create_app(Settings(rate_limit=100), MemoryStore(known))) as client:
        response = explained(client, "{ articles(first: 50) { nodes { id } } }")
        estimated = response.json()["extensions"]["explain"]["cost"]["estimated"]
        assert f'"cost";r={100 - -int(-estimated // 1)}' in response.headers["ratelimit"]

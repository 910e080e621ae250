"""The subgraph of Apollo Federation: its schema, its entities, and a real gateway in front of it."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from graphql import parse
from graphql.language import ObjectTypeDefinitionNode
from starlette.testclient import TestClient

from api.schema.assembly import print_schema
from api.schema.federation import ENTITIES_LIMIT, subgraph_schema
from api.settings import Settings
from api.web.app import create_app
from graph.building.lookups import Lookup
from graph.building.merged_graph import MergeResult
from graph.building.snapshot import GraphSnapshot, build_snapshot
from graph.model import Article, Node, NodeKind, Person, Provider, Topic
from graph.stores.memory import MemoryReader, MemoryStore
from tests.js_tools import JAVASCRIPT, run_node
from tests.service import running

PACKAGES = JAVASCRIPT / "federation"
QUERY = """
query Entities($representations: [_Any!]!) {
  _entities(representations: $representations) {
    __typename
    ... on Article { id title provider { name } }
    ... on Provider { id name }
    ... on Topic { id name }
    ... on Person { id name }
  }
}
"""


@pytest.fixture
def client(known: GraphSnapshot) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(federation=True), MemoryStore(known))) as client:
        yield client


def ask(client: TestClient, representations: Sequence[Any], query: str = QUERY, **extensions: bool) -> dict[str, Any]:
    body = {"query": query, "variables": {"representations": representations}, "extensions": extensions}
    answer: dict[str, Any] = client.post("/graphql", json=body).json()
    return answer


def first(snapshot: GraphSnapshot, kind: NodeKind, fits: Callable[[Any], object] = bool) -> Any:
    return next(node for node in (snapshot.nodes[node_id] for node_id in snapshot.ids[kind]) if fits(node))


def keys_of(node: Node) -> list[dict[str, str]]:
    """A representation of the node for each of its keys."""
    match node:
        case Article(id=node_id, url=url, slug=slug):
            keys = {"id": node_id, "url": url, "slug": slug}
        case Provider(id=node_id, domain=domain):
            keys = {"id": node_id, "domain": domain}
        case Topic(id=node_id, slug=slug) | Person(id=node_id, slug=slug):
            keys = {"id": node_id, "slug": slug}
        case _:
            raise AssertionError(node)
    return [{"__typename": type(node).__name__, key: value} for key, value in keys.items() if value is not None]


@pytest.fixture
def nodes(known: GraphSnapshot) -> list[Any]:
    return [
        first(known, NodeKind.ARTICLE, lambda node: node.url and node.slug),
        first(known, NodeKind.PROVIDER, lambda node: node.domain),
        first(known, NodeKind.TOPIC),
        first(known, NodeKind.PERSON),
    ]


def test_every_key_finds_its_entity_by_plans(client: TestClient, nodes: list[Any]) -> None:
    representations = [key for node in nodes for key in keys_of(node)]
    assert len(representations) == 9
    answer = ask(client, representations, explain=True)
    assert "errors" not in answer
    assert answer["extensions"]["explain"]["executor"] == "planned"
    entities = answer["data"]["_entities"]
    assert [entity["id"] for entity in entities] == [node.id for node in nodes for _ in keys_of(node)]
    assert [entity["__typename"] for entity in entities] == [key["__typename"] for key in representations]


def test_reference_executor_has_the_same_entities(client: TestClient, nodes: list[Any]) -> None:
    representations = [key for node in nodes for key in keys_of(node)]
    by_reference = QUERY.replace("_entities(", "__schema { queryType { name } } _entities(")
    answer = ask(client, representations, by_reference, explain=True)
    assert answer["extensions"]["explain"]["executor"] == "reference"
    assert answer["data"]["_entities"] == ask(client, representations)["data"]["_entities"]


def test_what_the_graph_does_not_hold_is_null(client: TestClient, nodes: list[Any]) -> None:
    article, provider, *_ = nodes
    representations = [
        {"__typename": "Article", "slug": "nothing-of-this-name"},
        {"__typename": "Topic", "id": provider.id},
        {"__typename": "Article", "url": article.url, "id": None},
    ]
    entities = ask(client, representations)["data"]["_entities"]
    assert [entity and entity["id"] for entity in entities] == [None, None, article.id]


@pytest.mark.parametrize(
    ("representation", "code", "message"),
    [
        ({"__typename": "Story", "id": "s_1"}, "BAD_ID", "“Story” is no entity of this service; Article, Provider"),
        ({"__typename": "Article", "title": "A"}, "BAD_ID", "needs one of the keys id, url, slug, as a text."),
        ({"__typename": "Article", "slug": 1}, "BAD_ID", "needs one of the keys id, url, slug, as a text."),
        ({"__typename": "Article", "url": "no address"}, "BAD_URL", "no http or https address"),
    ],
)
def test_wrong_representation_is_an_error_and_leaves_the_others(
    client: TestClient, nodes: list[Any], representation: dict[str, Any], code: str, message: str
) -> None:
    url = {"__typename": "Article", "url": nodes[0].url}
    answer = ask(client, [url, representation, *keys_of(nodes[2])])
    (error,) = answer["errors"]
    assert (error["path"], error["extensions"]["code"]) == (["_entities", 1], code)
    assert message in error["message"]
    found = [entity and entity["id"] for entity in answer["data"]["_entities"]]
    assert found == [nodes[0].id, None, nodes[2].id, nodes[2].id]


@pytest.mark.parametrize("representation", ["a", None, 1, [], {}, {"__typename": 1}])
def test_representation_of_another_shape_is_refused(client: TestClient, representation: Any) -> None:
    answer = ask(client, [representation])
    assert "data" not in answer
    assert "errors" in answer


def test_representations_may_stand_in_the_query(client: TestClient, nodes: list[Any]) -> None:
    query = f'{{ _entities(representations: [{{__typename: "Topic", slug: "{nodes[2].slug}"}}]) {{ ... on Topic {{ id }} }} }}'
    answer = client.post("/graphql", json={"query": query}).json()
    assert answer == {"data": {"_entities": [{"id": nodes[2].id}]}}


def test_many_representations_are_read_at_once(known: GraphSnapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    read: Counter[str] = Counter()
    find, by_id = MemoryReader.find, MemoryReader.nodes

    def counted_find(reader: MemoryReader, lookup: Lookup, names: Sequence[str]) -> list[Node | None]:
        read[lookup.name] += 1
        return find(reader, lookup, names)

    def counted_nodes(reader: MemoryReader, ids: Sequence[str]) -> list[Node | None]:
        read["nodes"] += 1
        return by_id(reader, ids)

    monkeypatch.setattr(MemoryReader, "find", counted_find)
    monkeypatch.setattr(MemoryReader, "nodes", counted_nodes)
    articles = [known.nodes[node_id] for node_id in known.ids[NodeKind.ARTICLE]]
    with TestClient(create_app(Settings(federation=True), MemoryStore(known))) as client:
        answer = ask(
            client, [key for node in articles for key in keys_of(node)] * 2, QUERY.replace("provider { name }", "")
        )
    assert "errors" not in answer
    assert read == {"nodes": 1, "ARTICLE_BY_URL": 1, "ARTICLE_BY_SLUG": 1}


def test_representations_cost_what_they_are_many(client: TestClient, nodes: list[Any]) -> None:
    key = keys_of(nodes[0])[0]
    few, many = (ask(client, [key] * count, cost=True)["extensions"]["cost"]["estimated"] for count in (10, 100))
    assert 9 * few < many < 11 * few


def test_too_many_representations_are_refused(client: TestClient, nodes: list[Any]) -> None:
    query = "query ($representations: [_Any!]!) { _entities(representations: $representations) { __typename } }"
    key = keys_of(nodes[0])[0]
    assert "errors" not in ask(client, [key] * ENTITIES_LIMIT, query)
    (error,) = ask(client, [key] * (ENTITIES_LIMIT + 1), query)["errors"]
    assert error["extensions"]["code"] == "BAD_ID"
    assert "at most 1000" in error["message"]


def test_cost_of_entities_has_the_budget_of_any_query(known: GraphSnapshot, nodes: list[Any]) -> None:
    with TestClient(create_app(Settings(federation=True, max_cost=100), MemoryStore(known))) as client:
        (error,) = ask(client, keys_of(nodes[0]) * 100)["errors"]
    assert error["extensions"]["code"] == "QUERY_TOO_EXPENSIVE"


def test_schema_is_the_services_own_with_keys(client: TestClient) -> None:
    answer = client.post("/graphql", json={"query": "{ _service { sdl } }"}).json()
    text = answer["data"]["_service"]["sdl"]
    assert text == subgraph_schema()
    keys = {
        definition.name.value: [
            argument.value.value  # type: ignore[union-attr]  # a text
            for directive in definition.directives or ()
            for argument in directive.arguments or ()
        ]
        for definition in parse(text).definitions
        if isinstance(definition, ObjectTypeDefinitionNode) and definition.directives
    }
    assert keys == {
        "Article": ["id", "url", "slug"],
        "PageInfo": [],
        "Person": ["id", "slug"],
        "Provider": ["id", "domain"],
        "Topic": ["id", "slug"],
    }
    own = {definition.name.value for definition in parse(print_schema()).definitions if hasattr(definition, "name")}
    told = {definition.name.value for definition in parse(text).definitions if hasattr(definition, "name")}
    assert told == own - {"oneOf"}


def test_service_without_introspection_keeps_its_schema(known: GraphSnapshot, nodes: list[Any]) -> None:
    with TestClient(create_app(Settings(federation=True, introspection=False), MemoryStore(known))) as client:
        (error,) = client.post("/graphql", json={"query": "{ _service { sdl } }"}).json()["errors"]
        assert error["extensions"]["code"] == "INTROSPECTION_DISABLED"
        assert ask(client, keys_of(nodes[0]))["data"]["_entities"][0]["id"] == nodes[0].id


def test_unpublished_entities_are_for_the_preview_token_alone(known: GraphSnapshot) -> None:
    """A store that holds more stands in for what is unpublished."""
    article = first(known, NodeKind.ARTICLE)
    fewer = MemoryStore(_without_articles(known))
    token = "preview-token-0123456789"
    with TestClient(create_app(Settings(federation=True, preview_token=token), fewer, MemoryStore(known))) as client:
        assert ask(client, keys_of(article))["data"]["_entities"] == [None] * len(keys_of(article))
        client.headers["Authorization"] = f"Bearer {token}"
        assert ask(client, keys_of(article))["data"]["_entities"][0]["id"] == article.id


def _without_articles(snapshot: GraphSnapshot) -> GraphSnapshot:
    return build_snapshot(MergeResult([], [], [node for node in snapshot.nodes.values() if isinstance(node, Topic)]))


def test_other_services_have_none_of_it(known: GraphSnapshot) -> None:
    assert "_entities" not in print_schema()
    with TestClient(create_app(Settings(), MemoryStore(known))) as client:
        for query in ("{ _service { sdl } }", "{ _entities(representations: []) { __typename } }"):
            (error,) = client.post("/graphql", json={"query": query}).json()["errors"]
            assert error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


@pytest.mark.thorough
def test_gateway_joins_the_service_with_another_subgraph(
    known: GraphSnapshot, nodes: list[Any], tmp_path: Path
) -> None:
    article, provider, topic, person = nodes
    other = first(known, NodeKind.ARTICLE, lambda node: node.url and node.slug and node.id != article.id)
    reviews = {
        key: [
            {"stars": 5, "of": {key: getattr(article, key)}, "topic": {"id": topic.id}},
            {"stars": 3, "of": {key: getattr(other, key)}, "house": {"domain": provider.domain}},
            {"stars": 1, "author": {"slug": person.slug}, "of": {key: getattr(article, key)}},
        ]
        for key in ("id", "url", "slug")
    }
    operations = [
        {"query": "{ reviews { stars of { title } topic { name followers } house { name } author { name } } }"},
        {
            "query": "query ($id: ID) { article(by: {id: $id}) { title reviews { stars } } }",
            "variables": {"id": article.id},
        },
        {"query": "{ topics(first: 1) { nodes { followers } pageInfo { hasNextPage } } }"},
    ]
    file = tmp_path / "asked.json"
    file.write_text(json.dumps({"reviews": reviews, "operations": operations}), encoding="utf-8")
    with running(tmp_path, "--federation") as served:
        done = run_node(PACKAGES / "gateway.mjs", served.address, file, cwd=tmp_path, packages=PACKAGES)
        assert done.returncode == 0, done.stderr
        lines = [json.loads(line) for line in served.whole_log().splitlines() if '"request"' in line]
    answers = json.loads(done.stdout)
    nothing = {"topic": None, "house": None, "author": None}
    expected = [
        {
            "reviews": [
                {
                    "stars": 5,
                    "of": {"title": article.title},
                    **nothing,
                    "topic": {"name": topic.name, "followers": len(topic.id)},
                },
                {"stars": 3, "of": {"title": other.title}, **nothing, "house": {"name": provider.name}},
                {"stars": 1, "of": {"title": article.title}, **nothing, "author": {"name": person.name}},
            ]
        },
        {"article": {"title": article.title, "reviews": [{"stars": 5}, {"stars": 1}]}},
        {"topics": {"nodes": [{"followers": 18}], "pageInfo": {"hasNextPage": True}}},
    ]
    assert answers == {key: [{"data": data} for data in expected] for key in reviews}
    assert {line["executor"] for line in lines} <= {"planned", "repeated"}

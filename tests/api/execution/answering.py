"""Asks both executors the same, and knows what can be asked of a snapshot."""

import asyncio
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any
from weakref import WeakKeyDictionary

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLObjectType,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableValues,
    get_named_type,
    get_operation_ast,
    get_variable_values,
    parse,
)

from api.execution import (
    AnswerCache,
    FallbackError,
    Operation,
    OperationRequest,
    Operations,
    PlannedExecutor,
    RefusedError,
    answer_key,
    body_of,
    execute,
    texts_of,
)
from api.execution.plan import Document, Selection, make_plan
from api.json_text import to_json
from api.limits import Limits
from api.schema.assembly import schema
from api.schema.context import Context
from api.settings import Settings
from graph.building.snapshot import GraphSnapshot
from graph.model import Article, NodeKind, Provider, Topic
from graph.stores.memory import MemoryReader
from graph.stores.protocol import GraphReader
from tests.api.execution.generated_operations import Pools, Request
from tests.cases import random_from

SMALL_PAGES = Settings(page_size=2, max_page_size=5)
LARGE = Limits(
    tokens=100_000,
    characters=1_000_000,
    depth=1_000,
    aliases=10**12,
    fields=10**12,
    repeated_fields=10**9,
    introspection_depth=20,
    directives=100,
    cost=10**30,
)
"""What is compared here is answers, not what is refused."""


class Planner:
    """A planned executor with what is kept for it, and why it left some requests to the reference executor."""

    def __init__(self, fragment_budget: int, answer_budget: int) -> None:
        self.operations = Operations(schema, LARGE)
        self.executor = PlannedExecutor(schema, fragment_budget)
        self.answers: WeakKeyDictionary[GraphReader, AnswerCache] = WeakKeyDictionary()
        self.outcomes: Counter[str] = Counter()
        self._answer_budget = answer_budget

    async def answer(self, request: Request, context: Context) -> bytes | None:
        """None if the reference executor has to answer, or if the operation is refused."""
        try:
            operation = self.operation(request)
            texts = texts_of(request.variables, operation.left_out)
            answers = self.answers.setdefault(context.reader, AnswerCache(self._answer_budget))
            kept = answers.get(answer_key(operation, texts))
            if kept is not None:
                self.outcomes["repeated"] += 1
                return kept.body
            data = await self.executor.data(operation, request.variables, texts, context)
        except (RefusedError, TypeError):  # or the variables are no JSON
            self.outcomes["refused"] += 1
            return None
        except FallbackError as cause:
            self.outcomes[str(cause)] += 1
            return None
        self.outcomes["planned"] += 1
        return answers.put(answer_key(operation, texts), await body_of(data, context), 0).body

    def operation(self, request: Request) -> Operation:
        query, name = request.query, request.operation_name
        known = self.operations.known(query, name)
        if known is not None:
            return known
        found = self.operations.read(query, name)
        self.operations.keep(query, name, found)
        if isinstance(found, RefusedError):
            raise found
        return found


def planned_executor(fragment_budget: int = 64_000_000, answer_budget: int = 32_000_000) -> Planner:
    return Planner(fragment_budget, answer_budget)


async def reference_answer(
    request: Request, reader: GraphReader, settings: Settings, document: DocumentNode | None = None
) -> dict[str, Any]:
    """The document is parsed and validated unless it is given."""
    wanted = OperationRequest(request.query, dict(request.variables), request.operation_name)
    return await execute(wanted, Context(reader, settings, document))


async def planned_answer(executor: Planner, request: Request, reader: GraphReader, settings: Settings) -> bytes | None:
    return await executor.answer(request, Context(reader, settings))


def plan_of(request: Request) -> Selection:
    """The plan that the request is answered by."""
    parsed = parse(request.query)
    operation = get_operation_ast(parsed, request.operation_name)
    fragments = {found.name.value: found for found in parsed.definitions if isinstance(found, FragmentDefinitionNode)}
    assert operation
    values = get_variable_values(schema._schema, operation.variable_definitions or (), dict(request.variables))
    assert isinstance(values, VariableValues)
    return make_plan(Document(schema._schema, operation, fragments), values)


def doubling(steps: int) -> str:
    """Fragments each of which spreads the next one twice: 2 ** steps fields."""
    fragments = [
        f"fragment f{step} on Article {{ a: related(first: 1) {{ nodes {{ ...f{step + 1} }} }} b: related(first: 1) {{ nodes {{ ...f{step + 1} }} }} }}"
        for step in range(steps)
    ]
    return "\n".join(
        ["{ articles(first: 2) { nodes { ...f0 } } }", *fragments, f"fragment f{steps} on Article {{ id }}"]
    )


class Comparison:
    """Executors that live long, with much room and with little, on one snapshot."""

    def __init__(self, reader: GraphReader, settings: Settings = SMALL_PAGES) -> None:
        self._reader = reader
        self._settings = settings
        self.large = planned_executor()
        self.tiny = planned_executor(fragment_budget=24_000, answer_budget=12_000)
        self.tiny.operations = self.large.operations  # to validate each document once less
        self.asked: Counter[str] = Counter()
        """How many requests were answered, and why others were not planned."""
        self._earlier: deque[tuple[Request, bytes]] = deque(maxlen=300)
        self._validated: tuple[str, DocumentNode] | None = None
        """The last document, which the next request may ask with other variables: to validate it once."""

    async def check(self, request: Request, random: Random) -> None:
        """Fails unless the planned answers equal the reference's, now and whenever the request is repeated."""
        query, document = self._validated or ("", None)
        known = document if query == request.query else None
        answer = await reference_answer(request, self._reader, self._settings, known)
        assert "data" in answer or "VALIDATION" not in str(answer), (request, answer)
        if known is None:
            self._validated = request.query, parse(request.query)
        if "errors" in answer or "__schema" in request.query:
            before = Counter(self.large.outcomes)
            for executor in (self.large, self.tiny):
                assert await planned_answer(executor, request, self._reader, self._settings) is None, (request, answer)
            self.asked.update(self.large.outcomes - before)
            return
        expected = to_json(answer)
        self._earlier.append((request, expected))
        for executor in (self.large, self.large, self.tiny):
            await self._check_one(executor, request, expected)
        for _ in range(2):
            await self._check_one(random.choice([self.large, self.tiny]), *random.choice(self._earlier))
        self.asked["planned"] += 1

    async def _check_one(self, executor: Planner, request: Request, expected: bytes) -> None:
        found = await planned_answer(executor, request, self._reader, self._settings)
        assert found is not None, (executor.outcomes, request)
        assert found == expected, request


CURSORS = """query ($first: Int = 4) {
  articles(first: $first) { edges { cursor node {
    related(first: $first) { edges { cursor } }
    relatedByTopic(first: $first) { edges { cursor } }
    similar(first: $first) { edges { cursor } }
    story {
      articles(first: $first) { edges { cursor } }
      providers(first: $first) { edges { cursor } }
      topics(first: $first) { edges { cursor } }
    }
  } } }
  providers(first: $first) { edges { cursor node {
    articles(first: $first) { edges { cursor } }
    topics(first: $first) { edges { cursor } }
    providers(first: $first) { edges { cursor } }
  } } }
  topics(first: $first) { edges { cursor node {
    articles(first: $first) { edges { cursor } }
    providers(first: $first) { edges { cursor } }
    topics(first: $first) { edges { cursor } }
  } } }
  stories(first: $first) { edges { cursor node { id } } }
  search(query: "a*", first: $first) { edges { cursor } }
  snapshot { problems(first: $first) { edges { cursor } } }
}"""


def pools_of(snapshot: GraphSnapshot) -> Pools:
    """Values that lead to something in the snapshot, and a few that do not."""
    answer = asyncio.run(reference_answer(Request(CURSORS, {}, None), MemoryReader(snapshot), SMALL_PAGES))
    assert "errors" not in answer, answer
    random = random_from(7)
    articles = _some(snapshot, NodeKind.ARTICLE, random)
    providers = _some(snapshot, NodeKind.PROVIDER, random)
    topics = _some(snapshot, NodeKind.TOPIC, random)
    stories = [edge["node"]["id"] for edge in answer["data"]["stories"]["edges"]]
    slugs = [node.slug for node in articles if isinstance(node, Article) and node.slug]
    urls = [node.web_url for node in articles if isinstance(node, Article) and node.web_url]
    titles = [node.title for node in articles if isinstance(node, Article) and node.title]
    domains = [node.domain for node in providers if isinstance(node, Provider) and node.domain]
    names = [node.name for node in topics if isinstance(node, Topic)]
    words = sorted({word for title in titles for word in title.split() if word.isalnum() and len(word) > 3})
    ids = [node.id for node in (*articles, *providers, *topics)] + stories
    return Pools(
        ids=[*ids, "a_" + "a" * 16],
        by={
            "ArticleBy": {"id": ids, "slug": [*slugs, "unknown"], "url": [*urls, "https://unknown.example/"]},
            "ProviderBy": {"id": ids, "domain": [*domains, "unknown.example"]},
            "TopicBy": {"id": ids, "slug": [_slug(node) for node in topics], "name": [*names, "Unknown"]},
            "PersonBy": {"id": ids, "slug": ["unknown"], "name": ["Unknown"]},
        },
        topics=names,
        domains=domains,
        words=[*words[:40], "a", "e", "unknown-word"],
        dates=["2019-05-01", "2020-03-31T12:00:00Z", "2023-06-30T23:30:00+02:00", "2024-02-29"],
        versions=[snapshot.version, "unknown"],
        cursors=_by_field(answer["data"]),
    )


def _some(snapshot: GraphSnapshot, kind: NodeKind, random: Random) -> list[Any]:
    ids = list(snapshot.ids[kind])
    return [snapshot.nodes[node_id] for node_id in sorted(random.sample(ids, min(12, len(ids))))]


def _slug(node: Any) -> str:
    return str(node.slug)


def _by_field(data: Mapping[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    operation = parse(CURSORS).definitions[0]
    query = schema._schema.query_type
    assert isinstance(operation, OperationDefinitionNode)
    assert query
    for where, cursor in _cursors(data, operation.selection_set, query):
        found.setdefault(where, []).append(cursor)
    return found


def _cursors(
    data: Any, selected: SelectionSetNode, of_type: GraphQLObjectType, where: str = ""
) -> Iterator[tuple[str, str]]:
    if isinstance(data, list):
        for child in data:
            yield from _cursors(child, selected, of_type, where)
    elif data is not None:
        for node in selected.selections:
            assert isinstance(node, FieldNode)
            name = node.name.value
            if name == "cursor":
                yield where, data[name]
            target = get_named_type(of_type.fields[name].type)
            if node.selection_set and isinstance(target, GraphQLObjectType):
                here = where if name == "edges" else f"{of_type.name}.{name}"
                yield from _cursors(data[name], node.selection_set, target, here)

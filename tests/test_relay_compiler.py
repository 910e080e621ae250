"""Relay's own compiler accepts the committed schema, and what it generates gets its answers."""

import asyncio
import json
import re
import shutil
from pathlib import Path
from typing import Any, cast

import pytest

from api.execution import OperationRequest, execute
from api.schema.context import Context
from api.settings import Settings
from graph.analysis.stories import stories
from graph.building.snapshot import GraphSnapshot
from graph.model import NodeKind
from graph.stores.memory import MemoryStore
from tests.js_tools import JAVASCRIPT, run_node

pytestmark = pytest.mark.thorough

SCHEMA = Path(__file__).parent.parent / "schema.graphql"
_QUERY_TEXT = re.compile(r'^    "text": (".+")$', re.MULTILINE)


@pytest.fixture(scope="module")
def artifacts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the compiler makes of the components in tests/js/relay."""
    project = tmp_path_factory.mktemp("relay") / "project"
    shutil.copytree(JAVASCRIPT / "relay", project)
    shutil.copy(SCHEMA, project)
    (project / "artifacts").mkdir()
    compiler = JAVASCRIPT / "node_modules" / "relay-compiler" / "cli.js"
    finished = run_node(compiler, "--noWatchman", "--output", "quiet-with-errors", "relay.config.json", cwd=project)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return project / "artifacts"


def query_text(artifact: Path) -> str:
    match = _QUERY_TEXT.search(artifact.read_text(encoding="utf-8"))
    assert match is not None, artifact.name
    return str(json.loads(match[1]))


def answer(snapshot: GraphSnapshot, text: str, variables: dict[str, Any]) -> dict[str, Any]:
    context = Context(MemoryStore(snapshot).reader(), Settings())
    return asyncio.run(execute(OperationRequest(text, variables), context))


def test_every_component_gets_its_artifacts(artifacts: Path) -> None:
    assert sorted(path.name.removesuffix(".graphql.ts") for path in artifacts.iterdir()) == [
        "ArticleCardRelatedNextQuery",
        "ArticleCardRelated_article",
        "ArticleCard_article",
        "ArticleListNextQuery",
        "ArticleListPageQuery",
        "ArticleList_query",
        "NodePageArticleQuery",
        "NodePageQuery",
        "NodePageTopicsPreviousQuery",
        "NodePageTopics_provider",
        "SearchPageNextQuery",
        "SearchPageQuery",
        "SearchPage_query",
        "StoryPageNextQuery",
        "StoryPage_story",
    ]


def test_look_ups_by_one_key_become_a_strict_union(artifacts: Path) -> None:
    text = (artifacts / "NodePageArticleQuery.graphql.ts").read_text(encoding="utf-8")
    assert "id: string;\n  path?: never;\n  slug?: never;\n  url?: never;" in text


def test_generated_queries_are_answered_without_errors(artifacts: Path, seeds: GraphSnapshot) -> None:
    article, provider = seeds.ids[NodeKind.ARTICLE][0], seeds.ids[NodeKind.PROVIDER][0]
    story = next(iter(stories(seeds).by_id))
    variables: dict[str, dict[str, Any]] = {
        "ArticleListPageQuery": {"count": 2, "filter": {"quality": {"gte": 50}}, "order": [{"title": "ASC"}]},
        "ArticleListNextQuery": {},
        "ArticleCardRelatedNextQuery": {"id": article, "direction": "OUT"},
        "NodePageQuery": {"id": provider},
        "NodePageArticleQuery": {"by": {"id": article}},
        "NodePageTopicsPreviousQuery": {"id": provider, "count": 3},
        "SearchPageQuery": {"text": "election", "kinds": ["STORY", "ARTICLE"]},
        "SearchPageNextQuery": {"text": "election"},
        "StoryPageNextQuery": {"id": story},
    }
    queries = {path.name.removesuffix(".graphql.ts"): query_text(path) for path in artifacts.glob("*Query.graphql.ts")}
    assert queries.keys() == variables.keys()
    for name, text in queries.items():
        found = answer(seeds, text, variables[name])
        assert "errors" not in found, name
        assert None not in found["data"].values(), name


@pytest.mark.parametrize(
    ("name", "place", "variables"),
    [
        ("ArticleListNextQuery", ["articles"], {}),
        ("SearchPageNextQuery", ["search"], {"text": "harbor"}),
        ("StoryPageNextQuery", ["node", "articles"], {"id": "s_ldjdcvgs3bntpy3u"}),
    ],
)
def test_the_refetched_page_follows_the_first(
    artifacts: Path, seeds: GraphSnapshot, name: str, place: list[str], variables: dict[str, Any]
) -> None:
    text = query_text(artifacts / f"{name}.graphql.ts")

    def page(**more: Any) -> dict[str, Any]:
        found = answer(seeds, text, {**variables, **more})["data"]
        for step in place:
            found = found[step]
        return cast(dict[str, Any], found)

    first = page(count=2)
    second = page(count=2, cursor=first["pageInfo"]["endCursor"])
    whole = page(count=4)
    assert len(whole["edges"]) == 4
    assert first["edges"] + second["edges"] == whole["edges"]

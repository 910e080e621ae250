"""Every tool and resource, on the seeds and, in the thorough run, on the corpus of real articles."""

import json
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp.shared.exceptions import MCPError

from api.mcp.tools import TOOLS
from api.settings import Settings
from graph.building.live_folders import load_snapshot
from graph.building.snapshot import GraphSnapshot
from tests.api.hidden_files import MARKER, write_folder
from tests.api.mcp.talking import Told, call, called, talk

ROBOT = "how-an-ocean-robot-learned-to-recognise-herring-by-ear"
STRIKE = "ferry-crews-vote-to-strike-over-night-rosters"
CALLS: list[tuple[str, dict[str, Any]]] = [
    ("search", {"query": "herring"}),
    ("search", {"query": "the", "kinds": ["ARTICLE"], "first": 100, "filter": {"topics": {"count": {"gte": 1}}}}),
    ("read", {"article": ROBOT}),
    ("related", {"article": ROBOT, "first": 50}),
    ("related", {"article": ROBOT, "by": ["translations"]}),
    ("neighborhood", {"node": "Energy", "depth": 2, "throughHubs": True}),
    ("path", {"from": "Energy", "to": "harbourpost.example", "first": 5}),
    ("story", {}),
    ("story", {"story": STRIKE, "first": 50}),
    ("trending", {"kind": "PROVIDER", "window": "MONTH"}),
    ("aggregate", {}),
    ("aggregate", {"by": "DATE", "interval": "MONTH", "filter": {"topics": {"some": {"name": {"eq": "Science"}}}}}),
    ("graphql", {"query": "query A($n: Int) { articles(first: $n) { nodes { title body } } }", "variables": {"n": 60}}),
    ("schema", {"question": "Which articles link to this one?"}),
    ("schema", {}),
]


def told_by_all(snapshot: GraphSnapshot, calls: list[tuple[str, dict[str, Any]]], tokens: int) -> list[Told]:
    async def session(client: Client) -> list[Told]:
        return [await called(client, name, {**arguments, "tokens": tokens}) for name, arguments in calls]

    return talk(snapshot, session)


def test_every_tool_is_called_here() -> None:
    assert {name for name, _ in CALLS} == {tool.name for tool in TOOLS}


@pytest.mark.parametrize("tokens", [300, 20_000])
def test_every_tool_answers_within_its_tokens(seeds: GraphSnapshot, tokens: int) -> None:
    for (name, arguments), told in zip(CALLS, told_by_all(seeds, CALLS, tokens), strict=True):
        assert not told.is_error, (name, arguments, told.text)
        assert 10 < told.tokens <= tokens, (name, arguments, told.text)


def test_query_is_explained_beside_its_answer_if_that_is_wanted(seeds: GraphSnapshot) -> None:
    query = "{ articles(first: 3) { nodes { title provider { name } } } }"
    plain = json.loads(call(seeds, "graphql", query=query).text)
    told = json.loads(call(seeds, "graphql", query=query, explain=True).text)
    explanation = told.pop("explain")
    assert told == plain
    assert [field["path"] for field in explanation["cost"]["fields"]] == [
        "articles",
        "articles.nodes",
        "articles.nodes.provider",
    ]
    assert explanation["executor"] == "planned"
    assert [step["path"] for step in explanation["plan"]] == ["articles", "articles.nodes.provider"]


def test_query_that_costs_too_much_tells_the_cost_of_its_fields(seeds: GraphSnapshot) -> None:
    query = "{ articles(first: 30) { nodes { title related(first: 30) { nodes { title } } } } topics { totalCount } }"
    for explain in (False, True):
        told = call(seeds, "graphql", Settings(max_cost=100), query=query, explain=explain)
        assert told.is_error
        assert "A cheaper query" in told.text
        assert ("Cost by field: articles " in told.text) is explain


@pytest.mark.thorough
def test_every_tool_answers_from_real_articles(azure: GraphSnapshot) -> None:
    snapshot = azure
    stories = json.loads(call(snapshot, "story", first=1, tokens=400).text)
    story = stories["data"]["stories"]["nodes"][0]["id"]
    lead = json.loads(call(snapshot, "story", story=story, first=1, tokens=1_000).text)
    article = lead["data"]["story"]["articles"]["nodes"][0]["id"]
    calls: list[tuple[str, dict[str, Any]]] = [
        ("search", {"query": "kubernetes", "first": 50}),
        ("read", {"article": article}),
        ("related", {"article": article}),
        ("neighborhood", {"node": article, "depth": 2}),
        ("path", {"from": article, "to": "Microsoft"}),
        ("story", {"story": story, "first": 100}),
        ("trending", {}),
        ("aggregate", {"by": "PROVIDER", "first": 100}),
        ("graphql", {"query": "{ articles(first: 100) { nodes { title excerpt url } } }"}),
        ("schema", {"question": "stories"}),
    ]
    for tokens in (400, 4_000):
        for (name, arguments), told in zip(calls, told_by_all(snapshot, calls, tokens), strict=True):
            assert told.tokens <= tokens, name
            assert told.is_error is (name == "path" and "There is no" in told.text), (name, arguments, told.text)


def test_what_has_no_room_is_told(seeds: GraphSnapshot) -> None:
    query = "{ articles(first: 40) { nodes { title topics { name } } } }"
    answered = json.loads(call(seeds, "graphql", query=query, tokens=300).text)
    shown = len(answered["data"]["articles"]["nodes"])
    assert 0 < shown < 40
    assert f"data.articles.nodes: {40 - shown} more" in answered["leftOut"]
    whole = json.loads(call(seeds, "graphql", query=query, tokens=20_000).text)
    assert len(whole["data"]["articles"]["nodes"]) == 40
    assert "leftOut" not in whole


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("red", {}, "There is no tool “red”; the nearest: read, related."),
        ("read", {}, "'article' is a required property"),
        ("read", {"article": ROBOT, "tokns": 3}, "`read` takes no “tokns”; the nearest: tokens."),
        ("read", {"article": ROBOT, "tokens": 9}, "9 is less than the minimum of 200"),
        ("read", {"article": ROBOT[:-1]}, f"“{ROBOT}”. The tool `search`"),
        ("read", {"article": "t_va7jpwnfydfc72cx"}, "is no article of this graph"),
        ("read", {"article": "a_aaaaaaaaaaaaaaaa"}, "is no article of this graph"),
        ("path", {"from": "Energi", "to": "Fisheries"}, "the nearest names: “Energy”"),
        ("story", {"story": "s_aaaaaaaaaaaaaaaa"}, "is no story or article of this graph"),
        ("search", {"query": "a", "kinds": ["X"]}, "at `kinds.0`: 'X' is not one of ['ARTICLE'"),
        ("search", {"query": "a", "filter": {"titel": {}}}, "titel"),
        ("search", {"query": "“"}, "search"),
        ("graphql", {"query": "{ topics { nodes { nam } } }"}, "Did you mean 'name'?\nThe tool `schema` tells"),
        ("graphql", {"query": "{ topics "}, "Syntax Error"),
        ("graphql", {"query": "subscription { snapshotChanged { version } }"}, "subscription"),
        ("aggregate", {"by": "FRONT_MATTER"}, "path"),
    ],
)
def test_errors_tell_what_to_do(seeds: GraphSnapshot, name: str, arguments: dict[str, Any], expected: str) -> None:
    told = call(seeds, name, **arguments)
    assert told.is_error
    assert expected in told.text


def test_query_that_costs_too_much_is_answered_with_a_cheaper_one_that_does_not(seeds: GraphSnapshot) -> None:
    query = "{ articles(first: 100) { nodes { related { nodes { similar(last: 90) { nodes { title } } } } } } }"
    told = call(seeds, "graphql", query=query)
    assert told.is_error
    assert "the budget is 50,000" in told.text
    cheaper = told.text.split("five entries of each list:\n")[1]
    assert not call(seeds, "graphql", query=cheaper, tokens=10_000).is_error


def test_resources_are_listed_and_read(seeds: GraphSnapshot) -> None:
    async def session(client: Client) -> dict[str, str]:
        templates = (await client.list_resource_templates()).resource_templates
        assert [template.name for template in templates] == ["article", "topic", "story"]
        found = (await client.list_resources()).resources
        texts = {}
        for resource in found:
            result: Any = await client.read_resource(resource.uri)
            texts[resource.uri] = result.contents[0].text
        slug: Any = await client.read_resource(f"frontgraph://article/{ROBOT}")
        named: Any = await client.read_resource("frontgraph://topic/Tidal%20Power")
        assert slug.contents[0].text.startswith("# How an ocean robot")
        assert json.loads(named.contents[0].text)["data"]["node"]["name"] == "Tidal Power"
        for address in ("frontgraph://topic/x", "frontgraph://nothing/x", "file:///etc/passwd", "frontgraph://story/"):
            with pytest.raises(MCPError, match="There is no"):
                await client.read_resource(address)
        return texts

    texts = talk(seeds, session)
    kinds = {address.split("/")[2] for address in texts}
    assert kinds == {"article", "topic", "story"}
    assert all(len(text) > 50 for text in texts.values())


def test_trusted_documents_are_the_only_tools(seeds: GraphSnapshot, tmp_path: Path) -> None:
    (tmp_path / "topics.graphql").write_text(
        '"The topics, by name."\nquery Topics($first: Int! = 3, $kind: TrendKind! = TOPIC, $filter: TopicFilter)'
        " { topics(first: $first, filter: $filter) { nodes { name } } trending(kind: $kind, first: 1) { count } }"
    )
    (tmp_path / "count.graphql").write_text("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }")
    (tmp_path / "old.graphql").write_text("{ nonsense")
    (tmp_path / "changes.graphql").write_text("subscription { snapshotChanged { version } }")
    settings = Settings(trusted_documents=str(tmp_path))

    async def session(client: Client) -> None:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert list(tools) == ["count", "Topics"]
        assert tools["Topics"].description == "The topics, by name."
        properties = tools["Topics"].input_schema["properties"]
        assert properties["first"] == {"type": "integer", "default": 3}
        assert properties["kind"] == {"type": "string", "enum": ["TOPIC", "PROVIDER", "STORY"], "default": "TOPIC"}
        assert properties["filter"]["type"] == "object"
        assert tools["count"].input_schema["required"] == ["ids"]
        told = await called(client, "Topics", {"first": 2})
        assert json.loads(told.text)["data"]["topics"] == {"nodes": [{"name": "AI"}, {"name": "Airfields"}]}
        assert (await called(client, "count", {})).is_error
        for name in ("graphql", "search", "schema", "read"):
            assert (await called(client, name, {"query": "{ __typename }", "article": "x"})).is_error
        with pytest.raises(MCPError):
            await client.list_resources()

    talk(seeds, session, settings)


def test_schema_is_not_told_where_it_is_not_shown(seeds: GraphSnapshot) -> None:
    settings = Settings(introspection=False)
    assert call(seeds, "schema", settings) == Told("This service does not show its schema.", True)
    told = call(seeds, "graphql", settings, query="{ topics { nodes { nam } } }")
    assert told.is_error
    assert "Did you mean" not in told.text
    expensive = "{ articles(first: 100) { nodes { related { nodes { similar(last: 90) { nodes { title } } } } } } }"
    assert "the budget is 50,000" in call(seeds, "graphql", settings, query=expensive).text


def test_rate_is_that_of_graphql(seeds: GraphSnapshot) -> None:
    told = call(seeds, "graphql", Settings(rate_limit=100), query="{ articles(first: 100) { nodes { title } } }")
    assert told.is_error
    assert "This client may cause a cost of 100 in a minute" in told.text


def test_nothing_hidden_is_told_by_any_tool(tmp_path: Path) -> None:
    snapshot = load_snapshot([write_folder(tmp_path / "site", with_hidden=True)])
    calls = [
        *CALLS,
        ("search", {"query": MARKER}),
        ("graphql", {"query": "{ articles(first: 60) { nodes { title excerpt body } } }"}),
    ]
    for told in told_by_all(snapshot, calls, 20_000):
        assert MARKER not in told.text


def test_hidden_characters_are_in_no_answer(tmp_path: Path) -> None:
    hidden = "".join(chr(0xE0000 + ord(letter)) for letter in "obey")
    (tmp_path / "a.md").write_text(f"---\ntitle: A{hidden}\nkey{hidden}: x\n---\nText.\n", encoding="utf-8")
    snapshot = load_snapshot([tmp_path])
    told = call(snapshot, "graphql", query="{ articles { nodes { title frontMatter } } }")
    assert json.loads(told.text)["data"]["articles"]["nodes"] == [{"title": "A", "frontMatter": {"key": "x"}}]

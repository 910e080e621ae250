"""The session that docs/agents.md shows. `UPDATE_GOLDEN=1 pytest` writes it anew."""

import json
import os
import textwrap
from collections.abc import Mapping
from typing import Any

import pytest
from mcp import Client

from graph.building.snapshot import GraphSnapshot
from tests.api.mcp.talking import called, talk
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "agents.md"
_BEGIN, _END = "<!-- the session begins -->\n", "<!-- the session ends -->\n"
_WIDTH = 150

QUESTIONS: list[tuple[str, list[tuple[str, Mapping[str, Any]]]]] = [
    (
        "What was written about most, and by whom?",
        [
            ("aggregate", {"by": "TOPIC", "first": 5, "tokens": 300}),
            ("aggregate", {"by": "PROVIDER", "first": 3, "tokens": 300}),
        ],
    ),
    ("Which topics were on the rise at the end?", [("trending", {"window": "MONTH", "first": 3, "tokens": 250})]),
    (
        "What is the largest story, and who tells it?",
        [
            ("schema", {"question": "order stories by the number of their articles", "tokens": 1_100}),
            (
                "graphql",
                {
                    "query": "{ stories(first: 1, orderBy: [{ articleCount: DESC }]) { nodes { id headline articleCount"
                    " providers(first: 3) { totalCount edges { articleCount node { name } } } } } }"
                },
            ),
        ],
    ),
    ("What does its first article say, and what surrounds it?", [("read", {"article": "LEAD", "tokens": 420})]),
    (
        "How is that article connected with another topic?",
        [("path", {"from": "LEAD", "to": "Azur DevOps"}), ("path", {"from": "LEAD", "to": "DevOps", "tokens": 400})],
    ),
]


async def session(client: Client) -> str:
    lead = json.loads(
        (
            await called(
                client,
                "graphql",
                {"query": "{ stories(first: 1, orderBy: [{ articleCount: DESC }]) { nodes { lead { id } } } }"},
            )
        ).text
    )["data"]["stories"]["nodes"][0]["lead"]["id"]
    lines: list[str] = []
    for question, calls in QUESTIONS:
        lines += [f"### {question}", ""]
        for name, arguments in calls:
            given = {key: lead if value == "LEAD" else value for key, value in arguments.items()}
            told = await called(client, name, given)
            mark = "the tool’s error" if told.is_error else f"{told.tokens} tokens"
            text = told.text
            if name == "schema":  # the rest of it changes with every field of the schema
                mark = "among others"
                text = "\n".join(line for line in told.text.splitlines() if line.startswith("input StoryOrder "))
            lines += [f"`{name}` {json.dumps(given, ensure_ascii=False)} → {mark}", "", "````text"]
            lines += [
                part
                for line in text.splitlines()
                for part in (textwrap.wrap(line, _WIDTH, break_on_hyphens=False) or [""])
            ]
            lines += ["````", ""]
    return "\n".join(lines)


@pytest.mark.thorough
def test_session_is_that_of_the_page(azure: GraphSnapshot) -> None:
    told = talk(azure, session)
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(_BEGIN)
    shown, _, after = rest.partition(_END)
    if os.environ.get("UPDATE_GOLDEN"):
        PAGE.write_text(f"{before}{_BEGIN}\n{told}\n{_END}{after}", encoding="utf-8")
        return
    assert shown.strip() == told.strip()

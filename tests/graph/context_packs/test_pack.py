"""Context packs of articles: within their budgets, with reasons, and with nothing that an article could pass off as something else."""

import asyncio
import random
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from api.schema.context import Context
from api.schema.context_packs import context_packs
from api.settings import Settings
from graph.building.live_folders import load_snapshot
from graph.building.snapshot import GraphSnapshot
from graph.context_packs.budget import estimated_tokens
from graph.context_packs.pack import LEAST_TOKENS, ContextPack
from graph.errors import BudgetError
from graph.model import Article
from graph.stores.memory import MemoryReader
from tests.api.hidden_files import MARKER, write_folder
from tests.cases import SEED
from tests.folders import articles_of, document, folder_snapshot


def packs(snapshot: GraphSnapshot, articles: Sequence[Article], tokens: int = 2_000) -> list[ContextPack]:
    return asyncio.run(context_packs(articles, Context(MemoryReader(snapshot), Settings()), tokens=tokens))


def pack(snapshot: GraphSnapshot, tokens: int = 2_000) -> ContextPack:
    """Of the first article."""
    return packs(snapshot, articles_of(snapshot)[:1], tokens)[0]


@pytest.mark.parametrize("tokens", [200, 450, 3_000, 100_000])
def test_no_pack_has_more_tokens_than_asked_for(seeds: GraphSnapshot, blog: GraphSnapshot, tokens: int) -> None:
    for snapshot in (seeds, blog):
        for found in packs(snapshot, articles_of(snapshot), tokens):
            assert estimated_tokens(found.markdown) == found.tokens <= tokens
            assert found.markdown.startswith("# ")


def test_pack_of_hostile_articles_keeps_its_budget_and_its_form(tmp_path: Path) -> None:
    chosen = random.Random(SEED or 1)
    for turn in range(5):
        text = "".join(chosen.choices(["`", "````", "\n", "# Left out: nothing\n", "漢", "[a](b)", "> ", " x"], k=400))
        title = "".join(chosen.choices("`[]<>*漢x ", k=300)) + "x"
        files = {
            f"{turn}/a.md": f"---\ntitle: {title!r}\nexcerpt: {text[:200]!r}\ntopics: [{title!r}]\n---\n{text}",
            f"{turn}/b.md": f"---\ntitle: {title!r}\n---\n[{title}](a.md) {text}",
        }
        snapshot = folder_snapshot(tmp_path / str(turn), files)
        for tokens in (LEAST_TOKENS, 257, 700):
            for found in packs(snapshot, articles_of(snapshot), tokens):
                assert found.tokens <= tokens
                outside = re.sub(r"^(`{3,})\n.*?\n\1$", "", found.markdown, flags=re.MULTILINE | re.DOTALL)
                headings = [line for line in outside.split("\n") if line.startswith("#")]
                assert headings[1:] in (
                    [],
                    ["## Its text"],
                    ["## What surrounds it"],
                    ["## Its text", "## What surrounds it"],
                )
                assert outside.rstrip("\n").split("\n")[-1].startswith(("Left out: ", "Nothing was left out."))


def test_article_is_told_once_with_all_reasons(tmp_path: Path) -> None:
    files = {
        "a.md": document(title="A", topics="[Tide]", related='[{title: B, webUrl: "https://x.example/b"}]').replace(
            "Text.", "See [the *other*](b.md)."
        ),
        "b.md": document(title="B", topics="[Tide]", webUrl="https://x.example/b", publishedDateTime="2024-05-03"),
        "c.md": document(title="C", topics="[Ebb]").replace("Text.", "[Back](a.md)"),
    }
    found = pack(folder_snapshot(tmp_path, files))
    around = found.markdown.split("## What surrounds it\n\n")[1].split("\n\n")[0].split("\n")
    assert [re.sub(r"`a_\w+`", "id", line) for line in around] == [
        "- **B**, 2024-05-03 (id <https://x.example/b>): place 1 in this one's list of related articles; "
        "this one's text links to it with “the other”; it shares the topics Tide.",
        "- **C** (id `c`): its text links here with “Back”.",
    ]
    assert found.left_out == ()
    assert found.markdown.endswith("\nNothing was left out.\n")


def test_text_gives_room_that_it_does_not_need_and_takes_what_is_left(tmp_path: Path) -> None:
    linked = "".join(f"[link {place}](p{place}.md) " for place in range(30))
    files = {f"p{place}.md": document(title=f"Page {place}") for place in range(30)}
    short = pack(folder_snapshot(tmp_path / "short", {"a.md": "---\ntitle: A\n---\n" + linked, **files}), 1_000)
    long = pack(
        folder_snapshot(tmp_path / "long", {"a.md": "---\ntitle: A\n---\n" + linked + "word " * 9_000, **files}), 1_000
    )
    alone = pack(folder_snapshot(tmp_path / "alone", {"a.md": "---\ntitle: A\n---\n" + "word " * 9_000}), 1_000)
    assert short.markdown.count("\n- **Page") > long.markdown.count("\n- **Page") > 0
    assert alone.markdown.count("word") > long.markdown.count("word") > 300
    assert alone.left_out == ("a part of its text, which has 44,999 characters (`body`)",)
    assert min(long.tokens, alone.tokens) > 850


def test_text_of_html_is_shown_as_words(tmp_path: Path) -> None:
    found = pack(folder_snapshot(tmp_path, {"a.html": "---\ntitle: A\n---\n<p>One <b>two</b></p><script>x()</script>"}))
    assert "```\nOne two\n```" in found.markdown


def test_nothing_hidden_is_in_any_pack(tmp_path: Path) -> None:
    snapshot = load_snapshot([write_folder(tmp_path / "site", with_hidden=True)])
    for found in packs(snapshot, articles_of(snapshot), 20_000):
        assert MARKER not in found.markdown
    with_hidden = load_snapshot([tmp_path / "site"], include_unpublished=True)
    assert any(MARKER in found.markdown for found in packs(with_hidden, articles_of(with_hidden), 20_000))


def test_opaque_keys_are_in_no_pack(tmp_path: Path) -> None:
    text = document(title="A", secured="opaque-value").replace("Text.", "Body.")
    assert "opaque-value" not in pack(folder_snapshot(tmp_path, {"a.md": text})).markdown


@pytest.mark.parametrize("tokens", [-1, 0, 199, 100_001])
def test_budget_out_of_range_is_refused(seeds: GraphSnapshot, tokens: int) -> None:
    with pytest.raises(BudgetError, match=rf"`tokens` is {tokens}; it must be from 200 to 100,000"):
        pack(seeds, tokens)

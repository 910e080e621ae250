"""The playground's examples: each that a graph is offered runs on it without errors and answers something."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graph.building.live_folders import load_snapshot
from graph.building.snapshot import GraphSnapshot
from graph.stores.memory import MemoryReader
from graph.stores.protocol import GraphReader

Ask = Callable[..., dict[str, Any]]

STATIC = Path(__file__).parents[3] / "api" / "pages" / "static"
WRITTEN = json.loads((STATIC / "examples.json").read_text(encoding="utf-8"))
EXAMPLES = WRITTEN["examples"]


def leaves(value: object) -> list[object]:
    match value:
        case dict():
            return [leaf for child in value.values() for leaf in leaves(child)]
        case list():
            return [leaf for child in value for leaf in leaves(child)]
    return [value]


def empty_lists(value: object, path: str = "") -> list[str]:
    match value:
        case []:
            return [path]
        case list():
            return [found for child in value for found in empty_lists(child, path)]
        case dict():
            return [found for key, child in value.items() for found in empty_lists(child, f"{path}.{key}")]
    return []


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["name"])
def test_example_answers_something(ask: Ask, example: dict[str, Any]) -> None:
    answer = ask(example["query"], example["variables"])
    assert "errors" not in answer
    assert len([leaf for leaf in leaves(answer) if leaf is not None]) >= 3
    roots = {
        path for path in empty_lists(answer["data"]) if path.count(".") == 1 or path.endswith((".nodes", ".edges"))
    }
    assert {path for path in roots if path.count(".") <= 2} == set()


def test_examples_have_names_of_their_own_and_short_comments() -> None:
    assert len({example["name"] for example in EXAMPLES}) == len(EXAMPLES)
    assert all({"name", "query", "variables"} <= set(example) for example in EXAMPLES)
    assert all(example["query"].startswith("# ") and example["query"].endswith("}\n") for example in EXAMPLES)


def value_at(value: Any, path: str) -> Any:
    """What stands there in an answer; None where something on the way is missing."""
    for key in path.split("."):
        if isinstance(value, list):
            value = value[int(key)] if int(key) < len(value) else None
        else:
            value = (value or {}).get(key)
    return value


def found(data: Any, paths: list[str]) -> Any:
    return next((value for path in paths if (value := value_at(data, path)) is not None), None)


def offered(ask: Ask) -> list[dict[str, Any]]:
    """What api/pages/static/examples.js makes of the examples for a graph."""
    answer = ask(WRITTEN["names"])
    assert "errors" not in answer
    data, examples = answer["data"], []
    for example in EXAMPLES:
        values = {name: found(data, paths) for name, paths in example.get("find", {}).items()}
        texts = {name: found(data, paths) for name, paths in example.get("findWord", {}).items()}
        values |= {name: text and max(re.findall(r"[^\W_]+", text), key=len) for name, text in texts.items()}
        needed = [value_at(data, path) for path in example.get("needs", [])]
        if None not in [*values.values(), *needed]:
            examples.append({**example, "variables": {**example["variables"], **values}})
    return examples


def check_examples(ask: Ask, *missing: str) -> None:
    """All but a few are offered, and each of those is answered."""
    examples = offered(ask)
    assert [example["name"] for example in EXAMPLES if example["name"] not in missing] == [
        example["name"] for example in examples
    ]
    for example in examples:
        test_example_answers_something(ask, example)


LINKED, RELATED = "What is linked to most", "Related articles, two steps away"


def test_examples_name_what_the_seeds_hold(ask: Ask) -> None:
    check_examples(ask, LINKED)


@pytest.mark.thorough
def test_examples_name_what_a_corpus_holds(
    ask_reader: Callable[[GraphReader], Ask], azure: GraphSnapshot, azure_published: GraphSnapshot
) -> None:
    for snapshot in (azure, azure_published):
        check_examples(ask_reader(MemoryReader(snapshot)), LINKED)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("site", "missing"),
    [("jekyll-docs", (RELATED,)), ("zola-docs", (RELATED,)), ("obsidian-kepano", ())],
)
def test_examples_name_what_a_site_holds(
    ask_reader: Callable[[GraphReader], Ask], shared: Path, site: str, missing: tuple[str, ...]
) -> None:
    snapshot = load_snapshot([shared / "sites" / site])
    check_examples(ask_reader(MemoryReader(snapshot)), *missing)

"""The playground's examples: each runs on the seeds without errors and answers something."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Ask = Callable[..., dict[str, Any]]

STATIC = Path(__file__).parents[3] / "api" / "pages" / "static"
EXAMPLES = json.loads((STATIC / "examples.json").read_text(encoding="utf-8"))


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
    assert len([leaf for leaf in leaves(answer) if leaf is not None]) >= 5
    roots = {path for path in empty_lists(answer["data"]) if path.count(".") <= 2}
    assert roots == set()


def test_examples_have_names_of_their_own_and_short_comments() -> None:
    assert len({example["name"] for example in EXAMPLES}) == len(EXAMPLES)
    assert all(set(example) == {"name", "query", "variables"} for example in EXAMPLES)
    assert all(example["query"].startswith("# ") and example["query"].endswith("}\n") for example in EXAMPLES)

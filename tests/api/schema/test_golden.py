"""Operations and their whole answers, side by side in files. `UPDATE_GOLDEN=1 pytest` writes the answers anew."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from graphql import FieldNode, GraphQLInterfaceType, GraphQLObjectType, TypeInfo, TypeInfoVisitor, Visitor, parse, visit

from api.schema.assembly import schema

Ask = Callable[..., dict[str, Any]]

QUERIES = sorted((Path(__file__).parent / "queries").glob("*.graphql"))
BLOG_QUERIES = sorted((Path(__file__).parent / "blog_queries").glob("*.graphql"))
TYPES = schema._schema.type_map  # the graphql-core schema inside Strawberry's


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_operation_has_this_answer(path: Path, ask_both: Ask) -> None:
    compare(path, ask_both)


@pytest.mark.parametrize("path", BLOG_QUERIES, ids=lambda path: path.stem)
def test_operation_has_this_answer_for_a_blog(path: Path, ask_both_of_blog: Ask) -> None:
    compare(path, ask_both_of_blog)


def compare(path: Path, ask: Ask) -> None:
    variables = path.with_suffix(".variables.json")
    given = json.loads(variables.read_text(encoding="utf-8")) if variables.exists() else {}
    answer = rounded(ask(path.read_text(encoding="utf-8"), given))
    expected = path.with_suffix(".json")
    if os.environ.get("UPDATE_GOLDEN"):
        expected.write_text(json.dumps(answer, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    assert answer == json.loads(expected.read_text(encoding="utf-8"))


def rounded(value: Any) -> Any:
    """The answer with six significant digits of each number: scores of texts are computed with little more."""
    match value:
        case float():
            return float(f"{value:.6g}")
        case list():
            return [rounded(child) for child in value]
        case dict():
            return {key: rounded(child) for key, child in value.items()}
    return value


class FieldCollector(Visitor):
    """Collects the fields that a document selects, with the types they are selected on."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self._types = types
        self.found: set[tuple[str, str]] = set()

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        parent = self._types.get_parent_type()
        assert isinstance(parent, GraphQLObjectType | GraphQLInterfaceType)
        self.found.add((parent.name, node.name.value))


def selected_fields(text: str) -> set[tuple[str, str]]:
    types = TypeInfo(schema._schema)
    collector = FieldCollector(types)
    visit(parse(text), TypeInfoVisitor(types, collector))
    return collector.found


def test_every_field_of_every_object_type_has_an_answer_in_the_files() -> None:
    fields = {
        (name, field)
        for name, found in TYPES.items()
        if isinstance(found, GraphQLObjectType) and not name.startswith("__") and name != "Subscription"
        for field in found.fields
    }
    selected = {
        field for path in (*QUERIES, *BLOG_QUERIES) for field in selected_fields(path.read_text(encoding="utf-8"))
    }
    assert fields - selected == set()


def test_no_answer_in_the_files_lacks_its_operation() -> None:
    for queries in (QUERIES, BLOG_QUERIES):
        answers = {path.stem for path in queries[0].parent.glob("*.json") if not path.stem.endswith(".variables")}
        assert answers == {path.stem for path in queries}

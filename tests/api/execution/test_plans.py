"""Operations, their plans and their answers, side by side in files. `UPDATE_GOLDEN=1 pytest` writes the latter two anew."""

import asyncio
import json
import os
from pathlib import Path

import pytest

from api.settings import Settings
from graph.building.snapshot import GraphSnapshot
from graph.stores.memory import MemoryReader
from tests.api.execution.answering import plan_of, planned_answer, planned_executor
from tests.api.execution.generated_operations import Request
from tests.api.execution.plan_text import plan_text

PLANS = sorted((Path(__file__).parent / "plans").glob("*.graphql"))


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_operation_has_this_plan_and_this_answer(path: Path, known: GraphSnapshot) -> None:
    variables = path.with_suffix(".variables.json")
    given = json.loads(variables.read_text(encoding="utf-8")) if variables.exists() else {}
    request = Request(path.read_text(encoding="utf-8"), given, None)

    plan = plan_text(plan_of(request))
    answer = asyncio.run(planned_answer(planned_executor(), request, MemoryReader(known), Settings()))

    assert answer is not None
    shown = json.dumps(json.loads(answer), indent=2, ensure_ascii=False) + "\n"
    for suffix, text in ((".plan", plan), (".json", shown)):
        expected = path.with_suffix(suffix)
        if os.environ.get("UPDATE_GOLDEN"):
            expected.write_text(text, encoding="utf-8")
        assert text == expected.read_text(encoding="utf-8")


def test_every_file_belongs_to_an_operation() -> None:
    folder = Path(__file__).parent / "plans"
    files = {path.name.partition(".")[0] for path in folder.iterdir()}
    assert files == {path.stem for path in PLANS}

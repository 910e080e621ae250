"""The sources of the explorer: types are right, and what the schema refuses does not get through a build."""

import shutil
from pathlib import Path

import pytest

from tests.js_tools import give_up, run_node

pytestmark = pytest.mark.thorough

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "api/pages/sources"


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A copy of the sources beside a copy of the schema, with the installed npm packages."""
    if not (SOURCES / "node_modules/typescript").is_dir():
        give_up("the npm packages of the pages are not installed; `python hatch_build.py` installs them")
    copy = tmp_path / "api/pages/sources"
    shutil.copytree(SOURCES, copy, ignore=shutil.ignore_patterns("node_modules", "*.operations.ts"))
    (copy / "node_modules").symlink_to(SOURCES / "node_modules")
    shutil.copy(ROOT / "schema.graphql", tmp_path)
    return copy


def test_types_are_right(sources: Path) -> None:
    assert run_node(sources / "operations.mjs", cwd=sources).stderr == ""
    done = run_node(sources / "node_modules/typescript/bin/tsc", cwd=sources)
    assert (done.stdout, done.returncode) == ("", 0)


def test_query_that_the_schema_refuses_fails_the_build(sources: Path) -> None:
    query = "query Wrong {\n  articles {\n    nodes {\n      headline\n    }\n  }\n}\n"
    (sources / "src/explorer/home/wrong.graphql").write_text(query, encoding="utf-8")
    done = run_node(sources / "node_modules/vite/bin/vite.js", "build", cwd=sources)
    assert done.returncode == 1
    assert 'Cannot query field "headline" on type "Article".' in done.stderr
    assert "src/explorer/home/wrong.graphql:4:7" in done.stderr

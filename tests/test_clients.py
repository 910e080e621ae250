"""The recipes of docs/clients.md, each followed as it stands there."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest
from graphql import GraphQLScalarType

from api.adapters.strawberry import core_schema
from api.schema.assembly import schema
from tests.clients.page import PAGE, recipes, write_recipes
from tests.js_tools import JAVASCRIPT, run_node
from tests.service import SEEDS, Served, running

TOKEN = "admin-token-0123456789"
CODEGEN = JAVASCRIPT / "codegen"
LATEST = """
query Since($moment: DateTime!) {
  articles(first: 2, filter: { publishedDateTime: { gte: $moment } }, orderBy: { publishedDateTime: ASC }) {
    nodes { title publishedDateTime }
  }
}
"""


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(SEEDS, tmp_path_factory.mktemp("articles") / "seeds"))


@pytest.fixture(scope="module")
def served(articles: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with running(tmp_path_factory.mktemp("service"), articles=articles, settings={"ADMIN_TOKEN": TOKEN}) as served:
        yield served


@pytest.fixture(scope="module")
def project(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page's project in TypeScript with the generated types."""
    folder = tmp_path_factory.mktemp("project")
    write_recipes(folder, served.address, "codegen.ts", "src/latest.ts")
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (folder / "node_modules").symlink_to(CODEGEN / "node_modules")
    generator = CODEGEN / "node_modules" / "@graphql-codegen" / "cli" / "esm" / "bin.js"
    done = run_node(generator, "--config", "codegen.ts", cwd=folder, packages=CODEGEN)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def run_recipe(name: str, served: Served, folder: Path) -> "subprocess.CompletedProcess[str]":
    """The finished run of a program of the page, with the packages of tests/js."""
    write_recipes(folder, served.address)
    (folder / "node_modules").symlink_to(JAVASCRIPT / "node_modules")
    return run_node(folder / name, cwd=folder)


def compiled(project: Path, program: str) -> "list[str]":
    """What the compiler of TypeScript says of the program."""
    options = ("--outDir", "dist", "--rootDir", "src", "--module", "nodenext", "--target", "es2023", "--strict")
    compiler = CODEGEN / "node_modules" / "typescript" / "bin" / "tsc"
    done = run_node(compiler, *options, "--types", "node", program, cwd=project, packages=CODEGEN)
    return done.stdout.splitlines()


def test_page_names_every_scalar_of_the_schema_with_its_specification() -> None:
    scalars = [found for found in core_schema(schema).type_map.values() if isinstance(found, GraphQLScalarType)]
    own = {
        found.name: found.specified_by_url
        for found in scalars
        if found.name not in ("Boolean", "Float", "ID", "Int", "String")
    }
    rows = re.findall(r"^\| `(\w+)` \| \[.*?\]\((.*?)\)", PAGE, re.MULTILINE)
    assert dict(rows) == own
    configured = re.search(r"scalars: \{ (.*?) \}", recipes()["codegen.ts"])
    assert configured is not None
    assert {entry.split(":")[0] for entry in configured[1].split(", ")} == own.keys()


@pytest.mark.thorough
def test_typescript_with_generated_types_compiles_and_asks(served: Served, project: Path) -> None:
    assert compiled(project, "src/latest.ts") == []
    done = run_node(project / "dist" / "latest.js", cwd=project, packages=CODEGEN)
    assert done.returncode == 0, done.stderr
    answer = served.post({"query": LATEST, "variables": {"moment": "2024-05-01"}}).json()
    nodes = answer["data"]["articles"]["nodes"]
    assert done.stdout.splitlines() == [f"{node['publishedDateTime'][:10]} {node['title']}" for node in nodes]


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('{ moment: "2024-05-01" }', "{ moment: 20240501 }"),
        ("publishedDateTime?.slice(0, 10)", "publishedDateTime?.getTime()"),
    ],
)
def test_compiler_knows_what_scalars_are(project: Path, right: str, wrong: str) -> None:
    program = (project / "src" / "latest.ts").read_text(encoding="utf-8")
    assert program.count(right) == 1
    (project / "src" / "wrong.ts").write_text(program.replace(right, wrong), encoding="utf-8")
    (said, *_) = compiled(project, "src/wrong.ts")
    assert "src/wrong.ts" in said
    assert "error TS" in said


@pytest.mark.thorough
@pytest.mark.parametrize("program", ["pages.mjs", "titles.mjs"])  # of Apollo Client and of TanStack Query
def test_program_reads_all_pages(served: Served, program: str, tmp_path: Path) -> None:
    done = run_recipe(program, served, tmp_path)
    assert done.returncode == 0, done.stderr
    answer = served.post({"query": "{ articles(first: 100) { totalCount nodes { title } } }"}).json()["data"][
        "articles"
    ]
    assert answer["totalCount"] == len(answer["nodes"]) > 50  # more than one page
    assert done.stdout.splitlines() == [str(node["title"]).replace("None", "null") for node in answer["nodes"]]


@pytest.mark.thorough
def test_urql_asks_for_a_topic(served: Served, tmp_path: Path) -> None:
    done = run_recipe("topic.mjs", served, tmp_path)
    assert done.returncode == 0, done.stderr
    query = '{ topic(by: {name: "Heritage"}) { articles { totalCount } } }'
    count = served.post({"query": query}).json()["data"]["topic"]["articles"]["totalCount"]
    assert done.stdout == f"{count}\n"


@pytest.mark.thorough
def test_graphql_request_tells_errors(served: Served, tmp_path: Path) -> None:
    done = run_recipe("errors.mjs", served, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "BAD_ID “x” is no id of this service.\n"


@pytest.mark.thorough
def test_events_tell_what_changed(served: Served, articles: Path, tmp_path: Path) -> None:
    query = "{ articles(first: 1, filter: {origin: {eq: DOCUMENT}}) { nodes { title file } } }"
    [article] = served.post({"query": query}).json()["data"]["articles"]["nodes"]
    file = articles / article["file"]
    with ThreadPoolExecutor(1) as pool:
        listening = pool.submit(run_recipe, "events.mjs", served, tmp_path)
        while not listening.done():  # until an edit comes after the program has subscribed
            file.write_text(file.read_text(encoding="utf-8") + "\nMore.\n", encoding="utf-8")
            assert served.ask("POST", "/-/reload", headers={"Authorization": f"Bearer {TOKEN}"}).status == 200
            wait([listening], timeout=0.2)
    done = listening.result()
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{article['title']}\n"

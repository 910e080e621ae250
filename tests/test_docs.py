"""What README and docs promise: every example is run, every table is compared with the code, every link is followed."""

import argparse
import asyncio
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import click
import pytest
from graphql import GraphQLArgument, GraphQLObjectType, GraphQLSchema, build_schema, get_named_type, parse, print_ast
from graphql.language import FieldNode, OperationDefinitionNode

from api.cli import ExitStatus, main
from api.errors import ErrorCode
from api.execution import OperationRequest, execute
from api.json_text import to_json
from api.schema.context import Context
from api.schema.inputs import ORDER_LIMIT
from api.schema.query import NODES_LIMIT
from api.settings import Settings
from graph.analysis.metrics import NodeMetrics
from graph.analysis.nodes import nodes_of
from graph.building.live_folders import load_snapshot
from graph.building.snapshot import GraphSnapshot
from graph.export.formats import ExportFormat
from graph.export.writing import write_export
from graph.links import URL_LIMIT
from graph.lists.aggregates import GROUP_LIMIT
from graph.lists.timeline import BUCKET_LIMIT
from graph.lists.trends import TREND_LIMIT
from graph.model import EdgeKind, NodeKind, kind_of
from graph.problems import PROBLEM_MEANINGS
from graph.reading.documents import BODY_LIMIT, check_document
from graph.reading.field_reader import LIST_LIMIT, TEXT_LIMIT
from graph.reading.files import CATALOGUE_SUFFIXES, DOCUMENT_SUFFIXES, FILE_LIMIT
from graph.reading.front_matter import parse_front_matter
from graph.reading.full_yaml import DEPTH_LIMIT, NODE_LIMIT
from graph.search.fields import field_texts
from graph.search.query_text import MOST_CHARACTERS, MOST_WORDS
from graph.sites.site import SiteSystem
from graph.stores.memory import MemoryStore
from graph.traversal.neighborhood import EDGE_LIMIT, MAX_DEPTH, MAX_LIMIT_PER_NODE
from graph.traversal.neighborhood import NODE_LIMIT as SUBGRAPH_LIMIT
from graph.traversal.paths import MAX_PATHS
from graph.traversal.provider_network import EDGE_LIMIT as NETWORK_EDGE_LIMIT
from graph.traversal.provider_network import PROVIDER_LIMIT
from tests.js_tools import run_node
from tests.service import SEEDS, serving

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
API, COMMAND_LINE, COOKBOOK, DATA_MODEL, SITES = (
    ROOT / "docs" / f"{name}.md" for name in ("api", "command-line", "cookbook", "data-model", "sites")
)
SCHEMA = ROOT / "schema.graphql"
ADDRESS = "http://127.0.0.1:8000"
EXAMPLE_FOLDERS = ("seeds", "FOLDER", "articles", "more-articles")
NOT_INSTALLED = {"pandas"}
"""What examples import although the project's tests do without it."""
KEPT_VERSION = "THE VERSION THAT YOU KEPT"
"""Stands in examples for the version of the seeds before their last file came."""
LAST_FILE = "2024-12-12-*"

_FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_SHOWN_LINK = re.compile(r"`\[[^`]*`")
"""A link in code."""
_LINK = re.compile(r"\[[^\]]+\]\((?!https?:)(?P<path>[^)#]*)(?:#(?P<anchor>[^)]*))?\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    page: Path
    line: int
    info: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


@dataclass(frozen=True)
class Example:
    """A query as a page shows it."""

    query: Block
    variables: dict[str, Any]
    answer: dict[str, Any] | None
    """None if the page does not show it."""


def blocks(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    return [
        Block(page, text.count("\n", 0, match.start()) + 1, match["info"], match["text"])
        for match in _FENCE.finditer(text)
    ]


def all_blocks(info: str) -> list[Block]:
    return [block for page in PAGES for block in blocks(page) if block.info == info]


def examples() -> Iterator[Example]:
    for page in PAGES:
        following = blocks(page)
        while following:
            block = following.pop(0)
            if block.info != "graphql":
                continue
            is_given = following and following[0].info == "json variables"
            variables = json.loads(following.pop(0).text) if is_given else {}
            is_shown = following and following[0].info == "json"
            yield Example(block, variables, json.loads(following.pop(0).text) if is_shown else None)


def prose(page: Path) -> str:
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def section(page: Path, heading: str) -> str:
    """What stands under the heading, up to the next one of its level."""
    return prose(page).split(f"\n## {heading}\n")[1].split("\n## ")[0]


def table(text: str, *header: str) -> list[list[str]]:
    """The rows of the table with this header."""
    lines = text.splitlines()
    start = lines.index(f"| {' | '.join(header)} |") + 2
    end = next((at for at in range(start, len(lines)) if not lines[at].startswith("|")), len(lines))
    return [[cell.strip() for cell in re.split(r" \|(?= )", line.strip("|"))] for line in lines[start:end]]


def schema_types() -> dict[str, GraphQLObjectType]:
    """The object types of the schema, by name."""
    schema: GraphQLSchema = build_schema(SCHEMA.read_text(encoding="utf-8"))
    return {name: found for name, found in schema.type_map.items() if isinstance(found, GraphQLObjectType)}


def default_of(argument: GraphQLArgument) -> str:
    """An argument's default as the tables show it."""
    assert argument.ast_node is not None
    default = argument.ast_node.default_value
    if default is None or print_ast(default) == "null":
        return "all" if str(argument.type).startswith("[") else ""
    return code(print_ast(default))


def code(text: str) -> str:
    return f"`{text}`"


def anchor(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("service")) as address:
        yield address


@pytest.fixture
def workspace(tmp_path: Path, seeds: GraphSnapshot, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder of a reader who has followed the pages so far: with articles, and with every export."""
    for name in EXAMPLE_FOLDERS:
        shutil.copytree(SEEDS, tmp_path / name)
    for wanted in ExportFormat:
        write_export(seeds, wanted, tmp_path / wanted.file_name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> GraphSnapshot:
    """The seeds before their last file came."""
    folder = tmp_path_factory.mktemp("earlier") / "seeds"
    shutil.copytree(SEEDS, folder, ignore=shutil.ignore_patterns(LAST_FILE))
    return load_snapshot([folder])


@pytest.fixture(scope="module")
def store(earlier: GraphSnapshot, seeds: GraphSnapshot) -> MemoryStore:
    """Holds the seeds, and remembers what they were before."""
    store = MemoryStore(earlier)
    store.swap(seeds)
    return store


def sample_site(block: Block) -> Path | None:
    """The small site that a block of the page on sites is about, named as the part that it stands in."""
    above = "".join(block.page.read_text(encoding="utf-8").splitlines(keepends=True)[: block.line])
    folder = ROOT / "tests" / "sites" / above.rpartition("\n## ")[2].partition("\n")[0].lower()
    return folder if block.page == SITES and folder.is_dir() else None


@pytest.mark.parametrize("example", list(examples()), ids=lambda example: str(example.query))
def test_query_has_the_answer_that_the_page_shows(example: Example, store: MemoryStore, earlier: GraphSnapshot) -> None:
    if sample := sample_site(example.query):
        store = MemoryStore(load_snapshot([sample]))
    variables = {name: earlier.version if value == KEPT_VERSION else value for name, value in example.variables.items()}
    request = OperationRequest(example.query.text, variables)
    answer = asyncio.run(execute(request, Context(store.reader(), Settings())))
    if example.answer is None:
        assert "errors" not in answer
    else:
        assert json.loads(to_json(answer)) == example.answer


def test_page_on_sites_asks_a_small_site_of_each_system_three_questions() -> None:
    asked = [sample.name for example in examples() if example.answer and (sample := sample_site(example.query))]
    systems = {system.value.lower() for system in SiteSystem} - {"plain"}
    assert dict.fromkeys(systems, 3) == dict(Counter(asked))


def test_api_page_shows_about_twenty_queries() -> None:
    assert len([example for example in examples() if example.query.page == API]) >= 18


class TestCookbook:
    RECIPES = tuple(example for example in examples() if example.query.page == COOKBOOK)

    def test_every_recipe_shows_its_answer(self) -> None:
        assert len(self.RECIPES) >= 25
        assert [str(example.query) for example in self.RECIPES if not (example.answer or {}).get("data")] == []

    def test_every_question_has_a_recipe(self) -> None:
        text = COOKBOOK.read_text(encoding="utf-8")
        questions = [part.partition("\n") for part in text.split("\n### ")[1:]]
        assert [question for question, _, _ in questions if not question.endswith("?")] == []
        assert [
            question for question, _, recipe in questions if "```graphql\n" not in recipe and "```sh\n" not in recipe
        ] == []

    def test_every_way_into_the_graph_has_a_recipe(self) -> None:
        fields_asked = {
            field.name.value
            for example in examples()
            for operation in parse(example.query.text).definitions
            if isinstance(operation, OperationDefinitionNode)
            for field in operation.selection_set.selections
            if isinstance(field, FieldNode)
        }
        assert fields_asked == schema_types()["Query"].fields.keys()


class TestShellExamples:
    COMMANDS = re.compile(r"^(?:\w+=\S+ |echo .*\| )?frontgraph\b")

    def lines(self, page: Path) -> list[str]:
        """The commands of a page, continued lines joined."""
        texts = [block.text.replace("\\\n", "") for block in blocks(page) if block.info == "sh"]
        return [line for text in texts for line in text.splitlines() if line.strip()]

    def run(self, line: str) -> "subprocess.CompletedProcess[str]":
        if any(found in line for found in ("frontgraph serve", "frontgraph mcp", "postgresql://")):
            line = line.partition("  #")[0] + " --help"  # which still refuses unknown options
        here = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
        return subprocess.run(line, shell=True, env=here, capture_output=True, encoding="utf-8", timeout=300)

    @pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
    @pytest.mark.usefixtures("workspace")
    @pytest.mark.thorough
    def test_commands_end_as_the_page_says(self, page: Path) -> None:
        lines = [line for line in self.lines(page) if self.COMMANDS.match(line)]
        with ThreadPoolExecutor() as pool:
            finished = dict(zip(lines, pool.map(self.run, lines), strict=True))
        for line, process in finished.items():
            expected = ExitStatus.FAILED if line.endswith("# exits 1") else ExitStatus.FINE
            assert process.returncode == expected, f"{line}\n{process.stderr}"

    def test_nothing_but_known_programs_is_called(self) -> None:
        known = re.compile(
            r"frontgraph |FRONTGRAPH_\w+=\d+ frontgraph |echo |curl |pip install \.$|npm install |npx |scripts/|python -m sgqlc|sgqlc-codegen "
        )
        assert [line for page in PAGES for line in self.lines(page) if not known.match(line)] == []

    def test_scripts_of_the_readme_exist_and_can_be_started(self) -> None:
        text = PAGES[0].read_text(encoding="utf-8")
        names = set(re.findall(r"scripts/\w+", text))
        assert names >= {"scripts/serve", "scripts/test"}
        assert [name for name in names if not os.access(ROOT / name, os.X_OK)] == []
        assert [name for name in re.findall(r"python (\w+\.py)", text) if not (ROOT / name).is_file()] == []

    def test_requests_with_curl_are_answered(self, address: str) -> None:
        requests = [
            curl_request(line, address) for page in PAGES for line in self.lines(page) if line.startswith("curl ")
        ]
        assert len(requests) >= 4
        for request in requests:
            with urlopen(request, timeout=120) as response:
                answer = response.read()
            assert "/export/" in request.full_url or "errors" not in json.loads(answer), request.full_url


def curl_request(line: str, address: str) -> Request:
    """The request that a command sends; knows the options that the pages use, and no others."""
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("-H", dest="headers", action="append", default=[])
    parser.add_argument("-d", dest="body")
    parser.add_argument("-G", dest="get", action="store_true")
    parser.add_argument("--data-urlencode", dest="parameters", action="append", default=[])
    parser.add_argument("-O", dest="save", action="store_true")
    parser.add_argument("-C", dest="resumed_at")
    given = parser.parse_args(shlex.split(line)[1:])
    assert given.url.startswith(ADDRESS)
    assert given.get == bool(given.parameters)
    query = "?" + urlencode(dict(parameter.split("=", 1) for parameter in given.parameters)) if given.parameters else ""
    headers = dict(header.split(": ", 1) for header in given.headers)
    return Request(given.url.replace(ADDRESS, address) + query, given.body.encode() if given.body else None, headers)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
@pytest.mark.usefixtures("workspace")
def test_python_examples_print_what_the_page_shows(
    page: Path, address: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    module = ModuleType("yours")  # types of Strawberry look into the module that they are of
    monkeypatch.setitem(sys.modules, module.__name__, module)
    for block, following in pairwise([*blocks(page), None]):
        if block is not None and block.info == "python":
            program = compile(block.text.replace(ADDRESS, address), str(block), "exec")
            try:
                exec(program, vars(module))
            except ModuleNotFoundError as error:
                if error.name not in NOT_INSTALLED:
                    raise
            printed = capsys.readouterr().out
            if following is not None and following.info == "text":
                assert printed == following.text


def test_javascript_client_gets_data(tmp_path: Path, address: str) -> None:
    [block] = [block for block in blocks(API) if block.info == "js"]
    browser = (
        f"const onHost = fetch; globalThis.fetch = (path, ...rest) => onHost({json.dumps(address)} + path, ...rest);"
    )
    script = tmp_path / "client.mjs"
    script.write_text(f"{browser}\n{block.text}\nconsole.log(JSON.stringify({{ data, errors }}));\n", encoding="utf-8")
    finished = run_node(script)
    assert finished.returncode == 0, finished.stderr
    answer = json.loads(finished.stdout)
    assert answer.keys() == {"data"}
    assert len(answer["data"]["topic"]["articles"]["nodes"]) > 0


@pytest.mark.parametrize("block", all_blocks("yaml"), ids=str)
def test_document_example_has_no_problems(block: Block) -> None:
    front_matter = parse_front_matter(block.text)
    assert front_matter is not None
    assert front_matter.remarks == []
    document, problems = check_document("regatta.md", front_matter)
    assert problems == []
    assert document.front_matter == {}
    assert document.body is not None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    lost = []
    for link in _LINK.finditer(_SHOWN_LINK.sub("", prose(page))):
        target = page.parent / link["path"] if link["path"] else page
        headings = _HEADING.findall(prose(target)) if target.suffix == ".md" and target.is_file() else []
        if not target.exists() or (link["anchor"] and link["anchor"] not in map(anchor, headings)):
            lost.append(link[0])
    assert lost == []


def test_readme_lists_every_page() -> None:
    listed = re.findall(r"^\| \[(docs/[\w-]+\.md)\]", prose(PAGES[0]), re.MULTILINE)
    assert sorted(listed) == sorted(page.relative_to(ROOT).as_posix() for page in PAGES[1:])


class TestDataModelPage:
    TEXT = prose(DATA_MODEL)

    def test_problem_codes(self) -> None:
        expected = [[code(problem.value), meaning] for problem, meaning in PROBLEM_MEANINGS.items()]
        assert table(section(DATA_MODEL, "Problems"), "code", "meaning") == expected

    def test_limits(self) -> None:
        assert dict(table(section(DATA_MODEL, "Limits"), "limit", "is")) == {
            "a file": f"{FILE_LIMIT // 1024**2} MiB",
            "the body of a document": f"{BODY_LIMIT:,} characters",
            "a text; the whole value of a key without a field": f"{TEXT_LIMIT:,} characters",
            "a name, a domain, a slug, `type`, `category`": "500 characters",
            "a text in a list, such as a topic": "1,000 characters",
            "a URL": f"{URL_LIMIT:,} characters after `https://`",
            "a list": f"{LIST_LIMIT:,} items",
            "nesting of front matter": f"{DEPTH_LIMIT} levels",
            "values in YAML front matter, aliases expanded": f"{NODE_LIMIT:,}",
            "a number in a field of the schema": "±2,147,483,647",
        }

    def test_edges(self) -> None:
        rows = table(section(DATA_MODEL, "The graph"), "edge", "from", "to", "position")
        assert [row[0] for row in rows] == [code(kind.value) for kind in EdgeKind]

    def test_metrics(self) -> None:
        rows = table(section(DATA_MODEL, "What is derived"), "metric", "is")
        attributes = [re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", row[0].strip("`")) for row in rows]
        assert attributes == [field.name for field in fields(NodeMetrics)]

    def test_file_names(self) -> None:
        assert {suffix for suffix in DOCUMENT_SUFFIXES if f"`*{suffix}`" not in section(DATA_MODEL, "Files")} == set()
        catalogues = CATALOGUE_SUFFIXES - DOCUMENT_SUFFIXES
        assert {suffix for suffix in catalogues if f"`*{suffix}`" not in section(DATA_MODEL, "Catalogues")} == set()

    def test_fields_without_a_row_are_kept_as_json(self) -> None:
        first_cells = [row[0] for row in table(section(DATA_MODEL, "Fields"), "field", "value")]
        names = re.findall(r"`(\w+)`", " ".join(first_cells))
        text = "---\n" + "".join(f"{name}:\n" for name in (*names, "other")) + "---\n"
        front_matter = parse_front_matter(text)
        assert front_matter is not None
        document, _ = check_document("x.md", front_matter)
        assert dict(document.front_matter) == {"other": None}


class TestApiPage:
    def test_error_codes(self) -> None:
        rows = table(section(API, "Errors"), "code", "meaning")
        assert [row[0] for row in rows] == [code(error.value) for error in ErrorCode]

    def test_limits(self) -> None:
        settings = Settings()
        assert dict(table(section(API, "Limits"), "limit", "is")) == {
            "body of a request": f"{settings.max_body_kb // 1024} MiB of JSON, one operation",
            "entries of a page": f"{settings.max_page_size}, {settings.page_size} by default"
            " ([settings](command-line.md#settings))",
            "ids in `nodes`, topics in `relatedByTopic`": f"{NODES_LIMIT}",
            "criteria in `orderBy`": f"{ORDER_LIMIT}",
            "`depth`": f"{MAX_DEPTH}",
            "`limitPerNode`": f"{MAX_LIMIT_PER_NODE}",
            "nodes of a neighborhood": f"{SUBGRAPH_LIMIT:,}",
            "edges of a neighborhood": f"{EDGE_LIMIT:,}",
            "providers of `providerNeighborhood`": f"{PROVIDER_LIMIT}, with {NETWORK_EDGE_LIMIT:,} edges",
            "paths of `paths`": f"{MAX_PATHS}",
            "text to search for": f"{MOST_CHARACTERS:,} characters, {MOST_WORDS} words",
            "groups of `groupBy`": f"{GROUP_LIMIT:,}",
            "spans of a timeline": f"{BUCKET_LIMIT:,}",
            "entries of `trending`": f"{TREND_LIMIT}",
        }

    @pytest.mark.parametrize(
        ("heading", "field"), [("Neighborhoods", "neighborhood"), ("Paths", "paths"), ("Trends", "trending")]
    )
    def test_arguments_with_their_defaults(self, heading: str, field: str) -> None:
        rows = table(section(API, heading), "argument", "default", "meaning")
        known = schema_types()["Query"].fields[field].args
        described = {row[0].strip("`"): row[1] for row in rows}
        assert described == {name: default_of(known[name]) for name in described}
        assert known.keys() - described.keys() <= {"id", "from", "to"}

    def test_arguments_of_groups_and_timelines(self) -> None:
        connection = schema_types()["ArticleConnection"].fields
        known = {"groupBy": connection["groupBy"].args, "timeline": connection["timeline"].args}
        described: dict[str, dict[str, str]] = {"groupBy": {}, "timeline": {}}
        for names, field, default, _ in table(section(API, "Numbers"), "argument", "of", "default", "meaning"):
            for name in re.findall(r"`(\w+)`", names):
                for described_field in described if field == "both" else [field.strip("`")]:
                    described[described_field][name] = default
        assert described == {
            field: {name: default_of(argument).replace('"', "") for name, argument in arguments.items()}
            for field, arguments in known.items()
        }

    def test_lists_and_what_their_edges_say(self) -> None:
        header = ("list", "of", "entries", "own order", "edges")
        described = {
            (name.strip("`"), owner): set(re.findall(r"`(\w+)`", edges))
            for name, owners, _, _, edges in table(section(API, "What belongs together"), *header)
            for owner in owners.split(", ")
        }
        types = schema_types()
        known = {}
        for owner in ("Article", "Provider", "Topic", "Person", "Story"):
            for name, field in types[owner].fields.items():
                connection = types.get(str(get_named_type(field.type)))
                if connection and connection.name.endswith("Connection"):
                    edge = types[str(get_named_type(connection.fields["edges"].type))]
                    known[name, owner] = edge.fields.keys() - {"cursor", "node"}
        known["relatedByTopic", "Query"] = known["relatedByTopic", "Article"]
        assert described == known

    def test_texts_that_are_searched(self, seeds: GraphSnapshot) -> None:
        rows = table(section(API, "Search"), "kind", "texts", "weights")
        described = {
            (kind.strip("`"), *pair)
            for kind, texts, weights in rows
            for pair in zip(re.findall(r"`(\w+)`", texts), map(float, weights.split(", ")), strict=True)
        }
        nodes = [node for kind in NodeKind for node in nodes_of(seeds, kind)]
        found = {
            (kind_of(node).value, field.name, field.weight.value) for node in nodes for field, _ in field_texts(node)
        }
        assert described - found == {  # what none of the seeds has
            ("TOPIC", "description", 1.0),
            ("TOPIC", "aliases", 2.0),
            ("PERSON", "aliases", 2.0),
        }
        assert found <= described

    def test_paths(self, address: str) -> None:
        for path, answers in table(section(API, "HTTP"), "path", "answers"):
            name = path.split("`")[1]
            request = Request(address + name, headers={"Accept": "text/html, */*"})
            with urlopen(request, timeout=120) as response:
                body = response.read().decode()
            if answers.startswith("`{"):
                shape = json.loads(answers.split("`")[1])
                assert json.loads(body).keys() == shape.keys()
                assert json.loads(body)["status"] == shape["status"]

    def test_operators(self) -> None:
        schema = SCHEMA.read_text(encoding="utf-8")
        rows = dict(table(section(API, "Filters"), "for", "operators"))
        inputs = {
            "text": "StringFilter",
            "number, moment": "IntFilter",
            "yes or no": "BooleanFilter",
            "id, origin": "IDFilter",
            "list": "ArticleListFilter",
            "`count`, metric": "FloatFilter",
        }
        for row, name in inputs.items():
            body = schema.split(f"input {name} {{")[1].split("\n}")[0]
            assert rows[row].split() == [code(field) for field in re.findall(r"^  (\w+):", body, re.MULTILINE)]


class TestCommandLinePage:
    def options(self, command: click.Command) -> set[str]:
        return {name for option in command.params if isinstance(option, click.Option) for name in option.opts}

    def test_every_command_has_a_section_with_its_options(self) -> None:
        for name, command in main.commands.items():
            rows = [line for line in section(COMMAND_LINE, name).splitlines() if line.startswith("| `--")]
            assert {line.split("`")[1] for line in rows} == self.options(command), name

    def test_every_command_has_an_example(self) -> None:
        text = COMMAND_LINE.read_text(encoding="utf-8")
        assert [name for name in main.commands if f"frontgraph {name}" not in text] == []

    def test_defaults_of_options(self) -> None:
        for name, command in main.commands.items():
            for line in section(COMMAND_LINE, name).splitlines():
                cells = [cell.strip() for cell in line.strip("|").split("|")]
                if line.startswith("| `--") and len(cells) == 3 and cells[1]:
                    [option] = [option for option in command.params if cells[0].strip("`") in option.opts]
                    assert cells[1] == code(str(option.default)), (name, cells[0])

    def test_settings(self) -> None:
        rows = table(section(COMMAND_LINE, "Settings"), "variable", "default", "range", "meaning")
        expected = []
        for knob in fields(Settings):
            variable = code(f"FRONTGRAPH_{knob.name.upper()}")
            default = knob.default or 0 if isinstance(knob.default, bool | int) else knob.default or ""
            shown = f"{int(default):,}" if isinstance(default, int) else default
            expected.append([variable, shown, knob.metadata["range"], knob.metadata["meaning"]])
        assert rows == expected

    def test_exit_statuses(self) -> None:
        rows = table(section(COMMAND_LINE, "Exit status"), "status", "when")
        assert [row[0] for row in rows] == [str(int(status)) for status in ExitStatus]


def test_architecture_page_tells_of_every_room_and_names_files_that_are_there() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = {
        f"{path.parent.relative_to(ROOT)}"
        for house in ("graph", "api")
        for path in (ROOT / house).glob("*/__init__.py")
    }
    told = {match[1].rstrip("/") for match in re.finditer(r"^\| `([\w/]+)`", text, re.MULTILINE)}
    assert told == rooms | {"graph", "api"}
    named = set(re.findall(r"`((?:graph|api|tests|scripts)/[\w/]+(?:\.py)?)`", text))
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
    assert len(named) > 40

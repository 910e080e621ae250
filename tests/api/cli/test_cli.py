"""The command line: every command and option, exit statuses, and which stream says what."""

import json
import os
import pty
import socket
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from api.cli import ExitStatus, main
from api.schema.assembly import print_schema
from api.schema.federation import subgraph_schema
from graph.export.formats import ExportFormat

ROOT = Path(__file__).parents[3]
SEEDS = str(ROOT / "seeds")
PROGRAM = (sys.executable, "-c", "from api.cli import main; main(prog_name='frontgraph')")
COMMANDS = ["build", "check", "context", "export", "init", "load", "mcp", "query", "schema", "serve", "stats", "synth"]
SUMMARY = "90 nodes, 322 edges, 10 problems (see `frontgraph check`)"

GOOD = "---\ntitle: Storm\nwebUrl: https://post.example/storm\nprovider: {name: Post, domain: post.example}\n---\n"


def run(*arguments: str, env: dict[str, str] | None = None, text: str | None = None) -> Result:
    return CliRunner().invoke(main, arguments, env=env, input=text, prog_name="frontgraph")


def run_program(*arguments: str, **options: Any) -> "subprocess.CompletedProcess[str]":
    options = {"capture_output": True, "encoding": "utf-8", "timeout": 60, **options}
    return subprocess.run([*PROGRAM, *arguments], check=False, **options)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One article without problems."""
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "storm.md").write_text(GOOD, encoding="utf-8")
    return folder


def test_help_names_every_command() -> None:
    result = run("--help")
    assert (result.exit_code, sorted(main.commands), result.stderr) == (0, COMMANDS, "")
    assert all(f"\n  {name} " in result.stdout for name in COMMANDS)
    assert "Exit status: 0 fine" in result.stdout


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_every_command_explains_itself_and_its_options(command: str, flag: str) -> None:
    result = run(command, flag)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(f"Usage: frontgraph {command} [OPTIONS]")
    options = {option for parameter in main.commands[command].params for option in parameter.opts if option[0] == "-"}
    assert all(option in result.stdout for option in options)
    assert all(len(line) <= 110 for line in result.stdout.splitlines())


def test_version_is_the_packages() -> None:
    result = run("--version")
    assert result.stdout.startswith("frontgraph 0.")
    assert result.exit_code == ExitStatus.FINE


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["check", "--nonsense"],
        ["check", "--format", "xml"],
        ["check", "no such folder"],
        ["stats", "no such folder"],
        ["query", "{ __typename }", "no such folder"],
        ["query"],
        ["query", "{ __typename }", "--variables", "nonsense"],
        ["query", "{ __typename }", "--variables", "[]"],
        ["query", "{ __typename }", "--variables", "7"],
        ["export", "--format", "xml", "--output", "-"],
        ["export", "--output", "-"],
        ["export", "--format", "json"],
        ["serve", "--port", "70000"],
        ["serve", "--port", "x"],
        ["schema", "folder"],
    ],
)
def test_wrong_command_line_is_status_2_with_a_message(arguments: list[str]) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (ExitStatus.USAGE, "")
    assert "\nError: " in result.stderr


def test_check_reports_problems_with_their_place() -> None:
    result = run("check", SEEDS)
    lines = result.stdout.splitlines()
    assert (result.exit_code, len(lines)) == (ExitStatus.FINE, 1 + 9 + 1 + 10)
    assert result.stderr == (
        "Plain folder: 70 files read.\n"
        "Hidden: 2 by `published: false`, 1 by `removed: true`; add --unpublished to see them.\n"
        "10 problems\n"
    )
    assert lines[:2] == [
        "10 problems in 10 files: 6 errors, 4 warnings",
        "  1 error   DATE_INVALID: A date is not one that ISO 8601 or YAML writes; the value is left out.",
    ]
    assert lines[11] == (
        "_news/2024-02-29-leap-day-swimmers-cross-the-inner-harbour-for-the-twelfth-time.md:5: error: publishedDateTime: "
        "“2024-02-30” is no date; write it like 2024-05-03T09:30:00Z. [DATE_INVALID]"
    )


def test_check_answers_json() -> None:
    result = run("check", SEEDS, "--format", "json")
    assert (result.exit_code, result.stderr) == (ExitStatus.FINE, "")
    assert json.loads(result.stdout)[0] == {
        "severity": "ERROR",
        "code": "DATE_INVALID",
        "message": "“2024-02-30” is no date; write it like 2024-05-03T09:30:00Z.",
        "file": "_news/2024-02-29-leap-day-swimmers-cross-the-inner-harbour-for-the-twelfth-time.md",
        "line": 5,
        "fieldPath": "publishedDateTime",
    }


def test_strict_check_fails_where_there_are_problems(folder: Path) -> None:
    assert run("check", SEEDS, "--strict").exit_code == ExitStatus.FAILED
    assert run("check", SEEDS, "--strict", "--format", "json").exit_code == ExitStatus.FAILED
    result = run("check", str(folder), "--strict")
    assert (result.exit_code, result.stdout, result.stderr) == (
        ExitStatus.FINE,
        "",
        "Plain folder: 1 file read.\nNo problems.\n",
    )


def test_query_answers_json_on_standard_output(folder: Path) -> None:
    result = run("query", "{ articles { nodes { title } } }", str(folder))
    assert (result.exit_code, result.stderr) == (ExitStatus.FINE, "")
    assert json.loads(result.stdout) == {"data": {"articles": {"nodes": [{"title": "Storm"}]}}}


def test_query_takes_variables_an_operation_name_and_standard_input(folder: Path) -> None:
    text = "query A($n: Int!) { articles(first: $n) { nodes { title } } } query B { __typename }"
    result = run("query", "-", str(folder), "--variables", '{"n": 0}', "--operation", "A", text=text)
    assert json.loads(result.stdout) == {"data": {"articles": {"nodes": []}}}
    result = run("query", "-", str(folder), "--operation", "B", text=text)
    assert json.loads(result.stdout) == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize("text", ["{ nothing }", "{", "", '{ node(id: "x") { id } }'])
def test_query_with_errors_is_status_1_with_the_errors_as_data(folder: Path, text: str) -> None:
    result = run("query", text, str(folder))
    assert (result.exit_code, result.stderr) == (ExitStatus.FAILED, "")
    assert json.loads(result.stdout)["errors"]


def test_answer_deeper_than_fast_json_goes_is_printed() -> None:
    text = "{ articles(first: 1) { nodes {" + "related(first: 1) { nodes {" * 90 + "id" + "} }" * 90 + "} } }"
    result = run("query", text, SEEDS)
    assert (result.exit_code, result.stdout.count("related")) == (ExitStatus.FINE, 90)


def test_several_folders_become_one_graph_and_hidden_articles_are_on_request(folder: Path, tmp_path: Path) -> None:
    more = tmp_path / "more"
    more.mkdir()
    (more / "tide.md").write_text("---\ntitle: Tide\npublished: false\n---\n", encoding="utf-8")
    text = "{ articles(orderBy: [{title: ASC}]) { nodes { title } } }"

    def titles(result: Result) -> list[str]:
        return [node["title"] for node in json.loads(result.stdout)["data"]["articles"]["nodes"]]

    assert titles(run("query", text, str(folder), str(more))) == ["Storm"]
    assert titles(run("query", text, str(folder), str(more), "--unpublished")) == ["Storm", "Tide"]
    nothing = run("query", text, str(more))
    assert (nothing.exit_code, nothing.stdout) == (ExitStatus.FAILED, "")
    assert nothing.stderr.endswith(
        "Error: There is no article: the 1 file that was found is hidden. Add --unpublished to see it.\n"
    )


def test_stats_count_nodes_edges_and_problems() -> None:
    result = run("stats", SEEDS, "--format", "json")
    stats = json.loads(result.stdout)
    assert len(stats.pop("version")) == 32
    assert stats == {
        "nodes": {"ARTICLE": 57, "PROVIDER": 17, "TOPIC": 14, "PERSON": 2, "STORY": 12},
        "edges": {"PUBLISHED_BY": 57, "WRITTEN_BY": 2, "ABOUT": 112, "RELATED_TO": 140, "BROADER": 11},
        "problems": {
            "ARTICLE_DUPLICATED": 1,
            "DATE_INVALID": 1,
            "FIELD_TYPE": 1,
            "FRONT_MATTER_INVALID": 1,
            "RELATED_REPEATED": 2,
            "RELATED_TO_ITSELF": 1,
            "RELATED_UNIDENTIFIED": 1,
            "TITLE_MISSING": 1,
            "URL_INVALID": 1,
        },
        "files": {"read": 70, "hidden": 3},
        "hidden": {"PUBLISHED_FALSE": 2, "REMOVED": 1},
        "not read": {},
    }
    table = run("stats", SEEDS)
    assert (table.exit_code, table.stderr.splitlines()[0]) == (ExitStatus.FINE, "Plain folder: 70 files read.")
    assert all(word in table.stdout for word in ("ARTICLE", "57", "PUBLISHED_BY", "URL_INVALID", "version "))


def test_schema_prints_a_subgraph_for_a_composition() -> None:
    result = run("schema", "--federation")
    assert (result.exit_code, result.stderr) == (ExitStatus.FINE, "")
    assert result.stdout == subgraph_schema()


def test_schema_prints_the_committed_schema() -> None:
    result = run("schema")
    assert (result.exit_code, result.stderr) == (ExitStatus.FINE, "")
    assert result.stdout == print_schema() == (ROOT / "schema.graphql").read_text(encoding="utf-8")


@pytest.mark.parametrize("wanted", [wanted.value for wanted in ExportFormat])
def test_export_writes_a_file_and_says_so(tmp_path: Path, wanted: str) -> None:
    output = tmp_path / "graph"
    result = run("export", SEEDS, "--format", wanted, "--output", str(output))
    assert (result.exit_code, result.stdout) == (ExitStatus.FINE, "")
    assert result.stderr == f"{output}: {SUMMARY}\n"
    starts = {"graphml": b"<?xml", "gexf": b"<?xml", "csv": b"PK", "parquet": b"PK", "dot": b"digraph"}
    assert output.read_bytes().startswith(starts.get(wanted, b"{"))
    assert zipfile.is_zipfile(output) is (wanted in ("csv", "parquet"))
    assert list(tmp_path.iterdir()) == [output]


def test_export_to_standard_output_is_the_file_alone(tmp_path: Path) -> None:
    output = tmp_path / "graph.json"
    assert run("export", SEEDS, "--format", "json", "--output", str(output)).exit_code == ExitStatus.FINE
    result = run("export", SEEDS, "--format", "json", "--output", "-")
    assert (result.stdout_bytes, result.stderr) == (output.read_bytes(), "")


ARTICLE = "a_3fojh4lmgpkodwbd"
STORY = "s_ldjdcvgs3bntpy3u"


@pytest.mark.parametrize(
    ("options", "count"),
    [
        (["--filter", "{}"], None),
        (["--filter", '{"topics": {"some": {"slug": {"eq": "weather"}}}}'], 7),
        (["--filter", '{"or": []}'], 0),
        (["--around", ARTICLE], 8),
        (["--around", ARTICLE, "--depth", "0"], 1),
        (["--around", ARTICLE, "--depth", "1", "--filter", '{"quality": {"gt": 95}}'], 7),
        (["--story", STORY], 9),
        (["--story", STORY, "--filter", '{"publishedDateTime": {"lt": "2024-11-01"}}'], 5),
    ],
    ids=str,
)
def test_export_of_a_part_holds_its_nodes_and_says_how_many(
    tmp_path: Path, options: list[str], count: int | None
) -> None:
    output = tmp_path / "graph.json"
    result = run("export", SEEDS, "--format", "json", "--output", str(output), *options)
    kept = "" if count is None else f"{count} nodes of "
    assert (result.exit_code, result.stdout, result.stderr) == (ExitStatus.FINE, "", f"{output}: {kept}{SUMMARY}\n")
    assert len(json.loads(output.read_bytes())["nodes"]) == (90 if count is None else count)
    streamed = run("export", SEEDS, "--format", "json", "--output", "-", *options)
    assert (streamed.stdout_bytes, streamed.stderr) == (output.read_bytes(), "")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--filter", "{"], "The filter is not JSON: unexpected end of data"),
        (["--filter", ""], "The filter is not JSON: "),
        (["--filter", "[]"], "The filter is no JSON object; write, for example, "),
        (["--filter", '{"titel": {}}'], "filter: Expected value of type 'ArticleFilter' not to include unknown field"),
        (["--filter", '{"title": {"eq": null}}'], "filter.title.eq is null, which compares with nothing"),
        (["--filter", '{"not":' * 900 + "{}" + "}" * 900], "The filter is nested too deeply; "),
        (["--depth", "1"], "`depth` counts steps around a node; name the node in `around`."),
        (["--story", STORY, "--depth", "1"], "`depth` counts steps around a node; name the node in `around`."),
        (["--around", ARTICLE, "--depth", "x"], "`depth` is “x”; it must be a whole number."),
        (["--around", ARTICLE, "--depth", "-1"], "`depth` is “-1”; it must be a whole number."),
        (["--around", ARTICLE, "--depth", "5"], "5"),
        (["--around", "nonsense"], "No node has the id “nonsense”."),
        (["--around", ""], "No node has the id “”."),
        (["--story", "nonsense"], "No story has the id “nonsense”."),
        (["--story", ARTICLE], f"No story has the id “{ARTICLE}”."),
        (["--story", STORY, "--around", ARTICLE], "`around` and `story` exclude each other; give one of them."),
        (["--projection", "words"], "`projection` is “words”; it may be providers, topics, persons."),
        (["--backbone"], "`backbone` leaves edges out of a projection; say which one in `projection`."),
        (["--projection", "topics", "--stories"], "`stories` and `projection` exclude each other; give one of them."),
        (["--bom"], "Only CSV may have a byte order mark; leave `bom` out."),
    ],
    ids=lambda value: str(value)[:40],
)
def test_export_of_no_part_is_status_2_and_leaves_no_file(tmp_path: Path, options: list[str], message: str) -> None:
    result = run("export", SEEDS, "--format", "json", "--output", str(tmp_path / "graph.json"), *options)
    assert (result.exit_code, result.stdout) == (ExitStatus.USAGE, "")
    assert result.stderr.startswith("Usage: frontgraph export [OPTIONS] [FOLDERS]...\n")
    assert message in result.stderr.partition("\nError: ")[2]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "kept", "kinds"),
    [
        (["--stories"], "", {"ARTICLE", "PROVIDER", "TOPIC", "PERSON", "STORY"}),
        (["--projection", "providers"], "providers among ", {"PROVIDER"}),
        (["--projection", "topics", "--backbone", "--story", STORY], "topics among 9 nodes of ", {"TOPIC"}),
    ],
    ids=["stories", "projection", "backbone of a part"],
)
def test_export_makes_of_a_part_what_is_asked_for(
    tmp_path: Path, options: list[str], kept: str, kinds: set[str]
) -> None:
    output = tmp_path / "graph.json"
    result = run("export", SEEDS, "--format", "json", "--output", str(output), *options)
    assert (result.exit_code, result.stderr) == (ExitStatus.FINE, f"{output}: {kept}{SUMMARY}\n")
    assert {node["kind"] for node in json.loads(output.read_bytes())["nodes"]} == kinds


def test_part_is_checked_before_the_folders_are_read() -> None:
    result = run("export", "no such folder", "--format", "json", "--output", "-", "--depth", "1")
    assert (result.exit_code, "`depth` counts steps" in result.stderr) == (ExitStatus.USAGE, True)


def test_export_that_needs_what_is_not_installed_is_status_1_and_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "graph.export.parquet_format", raising=False)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    for place in (str(tmp_path / "graph.zip"), "-"):
        result = run("export", SEEDS, "--format", "parquet", "--output", place)
        assert (result.exit_code, result.stdout) == (ExitStatus.FAILED, "")
        assert result.stderr == (
            "Error: Parquet files are written by pyarrow, which is not installed. "
            'Run: pip install "frontgraph[parquet]"\n'
        )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", ["missing/graph.json", "folder"])
def test_export_to_an_unwritable_place_is_status_1(tmp_path: Path, place: str) -> None:
    (tmp_path / "folder").mkdir()
    output = str(tmp_path / place)
    result = run("export", SEEDS, "--format", "json", "--output", output)
    assert (result.exit_code, result.stdout) == (ExitStatus.FAILED, "")
    assert result.stderr.startswith(f"Error: {output} cannot be written: ")


@pytest.mark.parametrize("value", ["x", "0", "-1"])
def test_bad_setting_is_status_2(folder: Path, value: str) -> None:
    environment = {"FRONTGRAPH_PAGE_SIZE": value}
    for arguments in (["query", "{ __typename }", str(folder)], ["serve", str(folder), "--port", "0"]):
        result = run(*arguments, env=environment)
        assert (result.exit_code, result.stdout) == (ExitStatus.USAGE, "")
        assert f"FRONTGRAPH_PAGE_SIZE is '{value}'; it must be a whole number from 1 to 10000." in result.stderr
    assert run("check", str(folder), env=environment).exit_code == ExitStatus.FINE


def test_settings_reach_the_query() -> None:
    result = run("query", "{ topics { nodes { id } } }", SEEDS, env={"FRONTGRAPH_PAGE_SIZE": "3"})
    assert len(json.loads(result.stdout)["data"]["topics"]["nodes"]) == 3


def test_folder_defaults_to_seeds_here_else_the_sample(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def counts(result: Result) -> object:
        return json.loads(result.stdout)["nodes"]["ARTICLE"]

    monkeypatch.chdir(tmp_path)
    assert counts(run("stats", "--format", "json")) == 57
    folder.rename(tmp_path / "seeds")
    assert counts(run("stats", "--format", "json")) == 1
    assert counts(run("stats", "--format", "json", SEEDS)) == 57


def test_taken_port_and_unknown_host_are_status_1(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = run("serve", str(folder), "--port", port)
    assert (result.exit_code, result.stdout) == (ExitStatus.FAILED, "")
    assert result.stderr == (
        f"Error: 127.0.0.1 port {port} cannot be listened on: Address already in use. "
        "Choose another with --host and --port.\n"
    )
    result = run("serve", str(folder), "--host", "a" * 80 + ".example")
    assert result.exit_code == ExitStatus.FAILED
    assert "cannot be listened on: It is no host name." in result.stderr


# As a program of its own.


def test_program_keeps_data_and_messages_apart(folder: Path) -> None:
    done = run_program("check", str(folder))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "Plain folder: 1 file read.\nNo problems.\n")
    done = run_program("check", "no such folder")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Error: The folder no such folder cannot be read" in done.stderr


SERVER = {
    "api.server",
    "api.streams",
    "api.telemetry",
    "prometheus_client",
    "starlette",
    "uvicorn",
    "websockets",
}
GRAPHQL = {"api.schema", "graphql", "strawberry"}
READING = {"frontmatter", "graph.building", "graph.reading", "networkx", "orjson", "rich", "yaml"}
ANALYSIS = {"igraph", "numpy", "scipy", "tantivy"}


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [
        (["--version"], SERVER | GRAPHQL | READING | ANALYSIS),
        pytest.param(["--help"], SERVER | GRAPHQL | READING | ANALYSIS, marks=pytest.mark.thorough),
        pytest.param(["serve", "--help"], SERVER | GRAPHQL | READING | ANALYSIS, marks=pytest.mark.thorough),
        (["check", SEEDS], SERVER | GRAPHQL | ANALYSIS),
        pytest.param(["check", SEEDS, "--format", "sarif"], SERVER | GRAPHQL | ANALYSIS, marks=pytest.mark.thorough),
        (["stats", SEEDS], SERVER | GRAPHQL),
        pytest.param(
            ["export", SEEDS, "--format", "json", "--output", "-"], SERVER | GRAPHQL, marks=pytest.mark.thorough
        ),
        (["query", "{ __typename }", SEEDS], SERVER),
        pytest.param(["schema"], SERVER, marks=pytest.mark.thorough),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_command_imports_only_what_it_needs(arguments: list[str], unwanted: set[str]) -> None:
    program = (
        "import atexit, json, sys; atexit.register(lambda: print(json.dumps(list(sys.modules)), file=sys.stderr))\n"
        "from api.cli import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, check=False, timeout=300)
    assert done.returncode == ExitStatus.FINE
    assert unwanted & set(json.loads(done.stderr.splitlines()[-1])) == set()


@pytest.mark.thorough
def test_answer_in_letters_of_every_script_is_utf_8(folder: Path) -> None:
    (folder / "more.md").write_text(GOOD.replace("Storm", "Буря 嵐 🌊").replace("/storm", "/more"), encoding="utf-8")
    done = run_program("query", '{ article(by: {slug: "more"}) { title } }', str(folder))
    assert json.loads(done.stdout) == {"data": {"article": {"title": "Буря 嵐 🌊"}}}


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["schema"], marks=pytest.mark.thorough),
        ["check", SEEDS],
        pytest.param(["check", SEEDS, "--format", "json"], marks=pytest.mark.thorough),
        pytest.param(["stats", SEEDS], marks=pytest.mark.thorough),
        ["export", SEEDS, "--format", "graphml", "--output", "-"],
    ],
    ids=" ".join,
)
def test_closed_pipe_ends_the_program_without_a_word(arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([*PROGRAM, *arguments], stdout=writing, stderr=subprocess.PIPE, check=False, timeout=300)
    os.close(writing)
    assert done.stderr.decode().strip() in ("", "10 problems")
    assert done.returncode in (0, 1)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full on this system")
@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["schema"], marks=pytest.mark.thorough),
        ["export", SEEDS, "--format", "json", "--output", "-"],
    ],
    ids=" ".join,
)
def test_full_disk_is_status_1_with_a_message(arguments: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = run_program(*arguments, capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == ExitStatus.FAILED
    assert done.stderr.startswith("Error: ")
    assert "Traceback" not in done.stderr


def test_progress_is_shown_on_a_terminal_and_nowhere_else(folder: Path) -> None:
    terminal, child = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    environment.pop("NO_COLOR", None)
    done = subprocess.run(
        [*PROGRAM, "stats", "--format", "json", SEEDS],
        stdout=subprocess.PIPE,
        stderr=child,
        env=environment,
        check=False,
        timeout=300,
    )
    os.close(child)
    shown = read_all(terminal)
    assert "Reading" in shown
    assert "files" in shown
    assert json.loads(done.stdout)["nodes"]["ARTICLE"] == 57
    assert run("stats", "--format", "json", SEEDS).stderr == ""


def read_all(terminal: int) -> str:
    data = b""
    while True:
        try:
            chunk = os.read(terminal, 65_536)
        except OSError:  # how Linux says that the other end is closed
            chunk = b""
        if not chunk:
            os.close(terminal)
            return data.decode()
        data += chunk


def test_synth_writes_a_corpus_that_loads(tmp_path: Path) -> None:
    folder = tmp_path / "invented"
    result = run("synth", str(folder), "--articles", "40", "--seed", "3")
    assert (result.exit_code, result.stdout, result.stderr) == (ExitStatus.FINE, "", f"{folder}: 40 articles\n")
    counts = json.loads(run("stats", str(folder), "--format", "json").stdout)
    assert counts["nodes"]["ARTICLE"] == 40
    assert counts["problems"] == {}


def test_synth_leaves_a_folder_alone_that_is_not_empty(tmp_path: Path) -> None:
    (tmp_path / "mine.md").write_text("mine", encoding="utf-8")
    result = run("synth", str(tmp_path))
    assert (result.exit_code, result.stdout) == (ExitStatus.USAGE, "")
    assert f"The folder {tmp_path} is not empty: name a new one." in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.md"]


def test_second_load_takes_what_the_first_one_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    first = run("stats", SEEDS, "--format", "json").stdout
    assert list((tmp_path / "frontgraph").iterdir())
    assert run("stats", SEEDS, "--format", "json").stdout == first


def test_context_prints_the_pack_of_an_article_by_any_name(folder: Path) -> None:
    packs = {run("context", str(folder), name).stdout for name in ("storm", "https://post.example/storm", "/storm")}
    assert len(packs) == 1
    [pack] = packs
    assert pack.startswith("# Storm\n")
    assert pack.endswith("\nNothing was left out.\n")


def test_context_of_an_unknown_article_names_the_nearest(folder: Path) -> None:
    result = run("context", str(folder), "strom")
    assert (result.exit_code, result.stdout) == (ExitStatus.FAILED, "")
    assert "There is no article “strom”" in result.stderr
    assert "Nearest are: “storm”" in result.stderr
    assert "`tokens` is 9; it must be" in run("context", str(folder), "storm", "--tokens", "9").stderr

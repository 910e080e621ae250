import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft7Validator

from api.cli import ExitStatus, main
from api.cli.places import Places
from api.cli.sarif import sarif_log
from graph.problems import PROBLEM_MEANINGS, Problem, ProblemCode, Severity, error, warning
from tests.js_tools import js_file
from tests.service import SEEDS


@pytest.fixture(scope="module")
def official() -> Draft7Validator:
    """Checks against the schema of SARIF 2.1.0."""
    schema = json.loads(js_file("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json").read_bytes())
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    return folder


def run(problems: list[Problem], folders: list[Path], working_folder: Path) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(json.dumps(sarif_log(problems, Places(folders), working_folder)))
    return log["runs"][0]  # type: ignore[no-any-return]


def places(problems: list[Problem], folders: list[Path], working_folder: Path) -> list[dict[str, str]]:
    results = run(problems, folders, working_folder)["results"]
    return [result["locations"][0]["physicalLocation"]["artifactLocation"] for result in results]


def fingerprints(*problems: Problem, folder: Path) -> list[str]:
    results = run(list(problems), [folder], folder)["results"]
    return [result["partialFingerprints"]["primaryLocationLineHash"] for result in results]


def a_date(line: int | None = 5, place: int = 0, file: str = "storm.md") -> Problem:
    path = ("related", place, "date")
    return error(ProblemCode.DATE_INVALID, "“soon” is no date.", file=file, line=line, path=path)


def test_problem_with_its_place(folder: Path, tmp_path: Path) -> None:
    [result] = run([a_date()], [folder], tmp_path)["results"]
    assert result.pop("partialFingerprints").keys() == {"primaryLocationLineHash"}
    assert result == {
        "ruleId": "DATE_INVALID",
        "ruleIndex": list(ProblemCode).index(ProblemCode.DATE_INVALID),
        "level": "error",
        "message": {"text": "related[0].date: “soon” is no date."},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "articles/storm.md", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 5},
                },
                "logicalLocations": [{"fullyQualifiedName": "related[0].date", "kind": "property"}],
            }
        ],
    }


def test_problem_of_a_whole_file_has_no_region(folder: Path, tmp_path: Path) -> None:
    problem = warning(ProblemCode.TITLE_MISSING, "The article has no title.", file="storm.md")
    [result] = run([problem], [folder], tmp_path)["results"]
    assert (result["level"], result["message"]) == ("warning", {"text": "The article has no title."})
    location = {"artifactLocation": {"uri": "articles/storm.md", "uriBaseId": "%SRCROOT%"}}
    assert result["locations"] == [{"physicalLocation": location}]


def test_rules_are_all_that_can_be_wrong(folder: Path) -> None:
    rules = run([], [folder], folder)["tool"]["driver"]["rules"]
    assert {rule["id"]: rule["fullDescription"]["text"] for rule in rules} == {
        code.value: meaning for code, meaning in PROBLEM_MEANINGS.items()
    }
    assert rules[list(ProblemCode).index(ProblemCode.DATE_INVALID)] == {
        "id": "DATE_INVALID",
        "name": "DateInvalid",
        "shortDescription": {"text": "A date is not one that ISO 8601 or YAML writes."},
        "fullDescription": {"text": "A date is not one that ISO 8601 or YAML writes; the value is left out."},
        "help": {"text": "A date is not one that ISO 8601 or YAML writes; the value is left out."},
    }


def test_rule_index_leads_to_the_rule(folder: Path) -> None:
    problems = [Problem(Severity.WARNING, code, "", "storm.md") for code in ProblemCode]
    found = run(problems, [folder], folder)
    rules = found["tool"]["driver"]["rules"]
    assert [rules[result["ruleIndex"]]["id"] for result in found["results"]] == [code.value for code in ProblemCode]


def test_names_of_files_are_percent_encoded(folder: Path, tmp_path: Path) -> None:
    name = "a b/100%: “who?” #1.md"
    [place] = places([a_date(file=name)], [folder], tmp_path)
    assert place["uri"] == "articles/a%20b/100%25%3A%20%E2%80%9Cwho%3F%E2%80%9D%20%231.md"


def test_several_folders_are_told_apart(tmp_path: Path) -> None:
    first, second = tmp_path / "site" / "news", tmp_path / "archive" / "news"
    for folder in (first, second):
        folder.mkdir(parents=True)
    problems = [a_date(file="news/storm.md"), a_date(file="news-2/storm.md"), a_date(file="news-2")]
    found = [place["uri"] for place in places(problems, [first, second], tmp_path)]
    assert found == ["site/news/storm.md", "archive/news/storm.md", "archive/news"]


def test_file_elsewhere_is_named_absolutely(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "working folder"
    elsewhere.mkdir()
    assert places([a_date()], [folder], elsewhere) == [{"uri": (folder / "storm.md").resolve().as_uri()}]


def test_folder_itself_is_named(folder: Path, tmp_path: Path) -> None:
    assert [place["uri"] for place in places([a_date(file=".")], [folder], tmp_path)] == ["articles"]


def test_fingerprint_stays_when_lines_and_list_entries_move(folder: Path) -> None:
    assert fingerprints(a_date(line=5, place=0), folder=folder) == fingerprints(a_date(line=9, place=3), folder=folder)


def test_fingerprints_differ_within_a_run(folder: Path) -> None:
    found = fingerprints(a_date(), a_date(line=9, place=3), a_date(file="other.md"), folder=folder)
    assert len(set(found)) == 3
    assert fingerprints(a_date(), folder=folder) == found[:1]


def test_message_makes_no_links_and_no_placeholders(folder: Path) -> None:
    problem = error(ProblemCode.URL_INVALID, "“[prize](http://evil.example) {0}” is no address.", file="storm.md")
    [result] = run([problem], [folder], folder)["results"]
    assert result["message"]["text"] == "“[prize] (http://evil.example) {{0}}” is no address."


def test_check_writes_what_the_official_schema_allows(official: Draft7Validator) -> None:
    result = CliRunner().invoke(main, ["check", str(SEEDS), "--format", "sarif"])
    assert (result.exit_code, result.stderr) == (ExitStatus.FINE, "")
    log = json.loads(result.stdout)
    assert [failure.message for failure in official.iter_errors(log)] == []
    assert len(log["runs"][0]["results"]) == 10


def test_run_without_problems_is_valid(official: Draft7Validator, folder: Path) -> None:
    text = "---\ntitle: Storm\nwebUrl: https://post.example/storm\nprovider: {name: Post, domain: post.example}\n---\n"
    (folder / "storm.md").write_text(text, encoding="utf-8")
    result = CliRunner().invoke(main, ["check", str(folder), "--format", "sarif", "--strict"])
    assert result.exit_code == ExitStatus.FINE
    log = json.loads(result.stdout)
    assert [failure.message for failure in official.iter_errors(log)] == []
    assert log["runs"][0]["results"] == []


def test_schema_refuses_what_is_wrong(official: Draft7Validator, folder: Path) -> None:
    log: dict[str, Any] = sarif_log([a_date(line=0)], Places([folder]), folder)
    assert [failure.message for failure in official.iter_errors(log)] == ["0 is less than the minimum of 1"]


def test_strict_check_fails_where_there_are_problems() -> None:
    assert CliRunner().invoke(main, ["check", str(SEEDS), "--format", "sarif", "--strict"]).exit_code == 1

"""`frontgraph check` as editors, workflows and hooks run it: in a folder, with its options and its status."""

import json
import re
from contextlib import chdir
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from api.cli import main
from graph.reading.files import DOCUMENT_SUFFIXES

ROOT = Path(__file__).parents[3]
PROVIDER = "provider: {name: Post, domain: post.example}\n"
GOOD = f"---\ntitle: Storm\n{PROVIDER}---\n"
BAD_DATE = f"---\ntitle: Tide\ndate: soon\n{PROVIDER}---\n"
NO_TITLE = f"---\nquality: 5\n{PROVIDER}---\n"


def check(*arguments: str, folder: Path, environment: dict[str, str] | None = None) -> Result:
    """Run in the folder."""
    with chdir(folder):
        return CliRunner().invoke(main, ["check", *arguments], env=environment, prog_name="frontgraph")


def codes(done: Result) -> list[tuple[str, str]]:
    return [(problem["file"], problem["code"]) for problem in json.loads(done.stdout)]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A repository with a site of one good article, one error and five equal warnings."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "_config.yml").write_text("title: Post\nurl: https://post.example\n", encoding="utf-8")
    posts = tmp_path / "_posts"
    posts.mkdir()
    (posts / "2024-01-01-storm.md").write_text(GOOD, encoding="utf-8")
    (posts / "2024-01-02-tide.md").write_text(BAD_DATE, encoding="utf-8")
    for day in range(3, 8):
        text = f"---\ntitle: Wind {day}\n{PROVIDER}images: [{{url: nowhere}}]\n---\n"
        (posts / f"2024-01-0{day}-wind.md").write_text(text, encoding="utf-8")
    return tmp_path


def test_summary_comes_first_and_what_repeats_is_said_once(site: Path) -> None:
    done = check(".", folder=site)
    lines = done.stdout.splitlines()
    assert lines[0] == "6 problems in 6 files: 6 errors"
    assert [line.split(":")[0].split() for line in lines[1:3]] == [
        ["5", "error", "URL_INVALID"],
        ["1", "error", "DATE_INVALID"],
    ]
    assert lines[4].startswith("error: images[].url: “nowhere” is no http or https address;")
    assert lines[4].endswith("[URL_INVALID] 5 times:")
    assert lines[5:9] == [
        "  _posts/2024-01-03-wind.md:4",
        "  _posts/2024-01-04-wind.md:4",
        "  _posts/2024-01-05-wind.md:4",
        "  … and 2 more like these; --all tells every one",
    ]
    assert lines[9].startswith("_posts/2024-01-02-tide.md:3: error: date: “soon” is no date;")
    assert (len(lines), done.exit_code, done.stderr.splitlines()[-1]) == (10, 0, "6 problems")


def test_alike_problems_are_shown_by_the_first_of_them(site: Path) -> None:
    for day in range(3, 8):
        path = site / "_posts" / f"2024-01-0{day}-wind.md"
        path.write_text(path.read_text(encoding="utf-8").replace("nowhere", f"nowhere-{day}"), encoding="utf-8")
    lines = check(".", "--select", "URL_INVALID", folder=site).stdout.splitlines()
    assert [line.partition(": ")[0] for line in lines[3:6]] == [f"_posts/2024-01-0{day}-wind.md:4" for day in (3, 4, 5)]
    assert lines[6:] == ["  … and 2 more like these; --all tells every one"]


def test_all_tells_every_problem_on_a_line(site: Path) -> None:
    lines = check(".", "--all", folder=site).stdout.splitlines()
    places = ["02-tide.md:3", *(f"0{day}-wind.md:4" for day in range(3, 8))]
    assert [line.partition(": ")[0] for line in lines[4:]] == [f"_posts/2024-01-{place}" for place in places]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["--select", "DATE_INVALID"], ["DATE_INVALID"]),
        (["--select", "date_invalid, url-invalid"], ["DATE_INVALID", "URL_INVALID"]),
        (["--select", "DATE_INVALID", "--select", "URL_INVALID"], ["DATE_INVALID", "URL_INVALID"]),
        (["--ignore", "URL_INVALID"], ["DATE_INVALID"]),
        (["--ignore", "URL_INVALID,DATE_INVALID"], []),
        (["--select", "URL_INVALID,DATE_INVALID", "--ignore", "DATE_INVALID"], ["URL_INVALID"]),
    ],
    ids=" ".join,
)
def test_codes_are_selected_and_ignored(site: Path, options: list[str], found: list[str]) -> None:
    done = check(".", "--format", "json", "--fail-on", "error", *options, folder=site)
    assert sorted({code for _, code in codes(done)}) == found
    assert done.exit_code == (1 if found else 0)


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_unknown_code_is_told_with_the_nearest_right_one(site: Path, option: str) -> None:
    done = check(".", option, "URL_INVALID,DATE_INVALD", folder=site)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "There is no code DATE_INVALD; did you mean DATE_INVALID?" in done.stderr


@pytest.mark.parametrize(
    ("text", "options", "status"),
    [
        (BAD_DATE, [], 0),
        (BAD_DATE, ["--fail-on", "never"], 0),
        (BAD_DATE, ["--fail-on", "error"], 1),
        (BAD_DATE, ["--fail-on", "warning"], 1),
        (NO_TITLE, ["--fail-on", "error"], 0),
        (NO_TITLE, ["--fail-on", "warning"], 1),
        (NO_TITLE, ["--strict"], 1),
        (GOOD, ["--fail-on", "warning"], 0),
        (GOOD, ["--strict", "--fail-on", "error"], 2),
    ],
)
def test_status_is_by_how_bad_the_worst_problem_is(tmp_path: Path, text: str, options: list[str], status: int) -> None:
    (tmp_path / "a.md").write_text(text.replace("---\n", "---\nid: 1\n", 1), encoding="utf-8")
    assert check(str(tmp_path), *options, folder=tmp_path).exit_code == status


def test_baseline_keeps_known_problems_quiet_wherever_they_move(site: Path, tmp_path: Path) -> None:
    known = ["--baseline", ".ci/known.json"]
    (site / ".ci").mkdir()
    written = check(".", *known, "--write-baseline", folder=site)
    assert (written.exit_code, written.stdout, written.stderr) == (0, "", ".ci/known.json: 6 problems\n")
    assert check(".", *known, "--strict", folder=site).stderr.endswith("\nNo new problems.\n")

    tide = site / "_posts" / "2024-01-02-tide.md"
    tide.write_text(BAD_DATE.replace("title", "id: 1\nquality: 3\ntitle"), encoding="utf-8")
    wind = site / "_posts" / "2024-01-03-wind.md"
    wind.write_text(wind.read_text().replace("{url", "{url: 'https://a.example/1.png'}, {url"), encoding="utf-8")
    below = check("_posts", *known, "--strict", folder=site)
    assert (below.exit_code, below.stdout) == (0, "")

    wind.write_text(wind.read_text().replace("images: [", "images: [{url: nowhere}, "), encoding="utf-8")
    tide.write_text(BAD_DATE.replace("soon", "later"), encoding="utf-8")
    new = check(".", *known, "--strict", "--format", "json", folder=site)
    assert (new.exit_code, codes(new)) == (
        1,
        [("_posts/2024-01-02-tide.md", "DATE_INVALID"), ("_posts/2024-01-03-wind.md", "URL_INVALID")],
    )


def test_entries_of_a_baseline_that_are_equal_count_together(site: Path) -> None:
    known = ["--baseline", "known.json"]
    wind = site / "_posts" / "2024-01-03-wind.md"
    wind.write_text(wind.read_text().replace("images: [", "images: [{url: nowhere}, "), encoding="utf-8")
    check(".", *known, "--write-baseline", folder=site)
    written = json.loads((site / "known.json").read_text())
    one_by_one = [entry | {"count": 1} for entry in written["problems"] for _ in range(entry["count"])]
    assert len(one_by_one) > len(written["problems"])
    (site / "known.json").write_text(json.dumps(written | {"problems": one_by_one}), encoding="utf-8")
    assert check(".", *known, "--strict", folder=site).stderr.endswith("\nNo new problems.\n")


@pytest.mark.parametrize("text", [None, "", "[]", '{"problems": [{"file": "a"}]}'])
def test_what_is_no_baseline_is_told(site: Path, text: str | None) -> None:
    if text is not None:
        (site / "known.json").write_text(text, encoding="utf-8")
    done = check(".", "--baseline", "known.json", folder=site)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "with --write-baseline." in done.stderr
    assert "Traceback" not in done.stderr


def test_single_files_are_checked_within_their_site(site: Path) -> None:
    tide, wind = "_posts/2024-01-02-tide.md", "_posts/2024-01-04-wind.md"
    done = check(tide, wind, "_posts/2024-01-01-storm.md", "--format", "json", folder=site)
    assert codes(done) == [(tide, "DATE_INVALID"), (wind, "URL_INVALID")]
    here = check("2024-01-02-tide.md", "--format", "json", folder=site / "_posts")
    assert codes(here) == [("2024-01-02-tide.md", "DATE_INVALID")]
    good = check("_posts/2024-01-01-storm.md", "_config.yml", "--strict", folder=site)
    assert (good.exit_code, good.stdout) == (0, "")
    assert good.stderr == "_config.yml is no document of its folder; it is not read.\nNo problems.\n"


@pytest.mark.parametrize("name", ["missing.md", "l" * 300 + ".md"], ids=len)
def test_file_that_cannot_be_there_is_told(tmp_path: Path, name: str) -> None:
    done = check(name, folder=tmp_path)
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"Error: The folder {name} cannot be read: " in done.stderr
    assert "Traceback" not in done.stderr


def test_single_file_knows_the_other_files_of_a_folder_without_a_site(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        text = GOOD.replace("title", "webUrl: https://post.example/storm\ntitle")
        (tmp_path / name / "storm.md").write_text(text, encoding="utf-8")
    assert codes(check("b/storm.md", "--format", "json", folder=tmp_path)) == [("b/storm.md", "ARTICLE_DUPLICATED")]


def test_names_of_files_are_escaped_in_every_format(tmp_path: Path) -> None:
    names = ["100%.md", "a,b:c.md", "esc\x1b[31m.md", "new\nline.md", "turn\u202edm.md"]
    for name in names:
        (tmp_path / name).write_text(BAD_DATE, encoding="utf-8")
    text = check(".", "--all", folder=tmp_path).stdout
    assert "\x1b" not in text
    assert [line.partition(".md:")[0] for line in text.splitlines()[3:]] == [
        "100%",
        "a,b:c",
        "esc\\x1b[31m",
        "new\\nline",
        "turn\\u202edm",
    ]
    github = check(".", "--format", "github", folder=tmp_path).stdout.splitlines()
    assert [line.partition(",line=3,title=DATE_INVALID::")[0] for line in github] == [
        "::error file=100%25.md",
        "::error file=a%2Cb%3Ac.md",
        "::error file=esc\\x1b[31m.md",
        "::error file=new%0Aline.md",
        "::error file=turn\\u202edm.md",
    ]
    log = json.loads(check(".", "--format", "sarif", folder=tmp_path).stdout)
    places = [result["locations"][0]["physicalLocation"] for result in log["runs"][0]["results"]]
    assert [place["artifactLocation"]["uri"] for place in places] == [
        "100%25.md",
        "a%2Cb%3Ac.md",
        "esc%1B%5B31m.md",
        "new%0Aline.md",
        "turn%E2%80%AEdm.md",
    ]
    single = check("new\nline.md", "esc\x1b[31m.md", "--format", "json", folder=tmp_path)
    assert codes(single) == [("esc\\x1b[31m.md", "DATE_INVALID"), ("new\\nline.md", "DATE_INVALID")]


def test_github_names_files_from_the_top_of_the_workspace(site: Path) -> None:
    done = check("_posts", "--format", "github", folder=site / "_posts" / "..", environment={"GITHUB_WORKSPACE": ""})
    inside = check(".", "--format", "github", folder=site / "_posts", environment={"GITHUB_WORKSPACE": str(site)})
    assert done.stdout == inside.stdout
    assert done.stdout.startswith(
        "::error file=_posts/2024-01-02-tide.md,line=3,title=DATE_INVALID::date: “soon” is no"
    )


def test_hook_of_pre_commit_takes_all_documents_and_fails_on_errors(site: Path) -> None:
    [hook] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert all(re.search(hook["files"], f"a/b{suffix}") for suffix in DOCUMENT_SUFFIXES)
    assert not re.search(hook["files"], "a/b.md.txt")
    assert (hook["entry"], hook["require_serial"]) == ("frontgraph check", True)
    options: list[str] = hook["args"]
    page = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    [repository] = yaml.safe_load(page.partition("```yaml pre-commit\n")[2].partition("```")[0])["repos"]
    assert [shown["id"] for shown in repository["hooks"]] == [hook["id"]]
    assert check(*options, "_posts/2024-01-01-storm.md", folder=site).exit_code == 0
    assert check(*options, "_posts/2024-01-02-tide.md", folder=site).exit_code == 1

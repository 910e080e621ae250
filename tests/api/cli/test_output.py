"""What the command writes is UTF-8 wherever it runs."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = (sys.executable, "-c", "from api.cli import main; main(prog_name='frontgraph')")
ENCODINGS = ["cp1252", *(pytest.param(encoding, marks=pytest.mark.thorough) for encoding in ("ascii", "euc-jp"))]
TEXT = "“高い” ü 🌊"


def run(*arguments: str, environment: dict[str, str], text: str = "") -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [*PROGRAM, *arguments],
        env=os.environ | environment,
        input=text.encode(),
        capture_output=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An article whose name, text and mistake no 8-bit encoding has."""
    folder = tmp_path / "文書"
    folder.mkdir()
    (folder / "嵐 ü.md").write_text(f"---\ntitle: {TEXT}\nquality: {TEXT}\n---\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(
    ("command", "shown"),
    [
        (["check"], "嵐 ü.md"),
        pytest.param(["check", "--format", "json"], "嵐 ü.md", marks=pytest.mark.thorough),
        pytest.param(["check", "--format", "sarif"], TEXT, marks=pytest.mark.thorough),
        (["query", "{ articles { nodes { title } } }"], TEXT),
        pytest.param(["stats", "--format", "json"], "ARTICLE", marks=pytest.mark.thorough),
        pytest.param(["schema"], "“", marks=pytest.mark.thorough),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_output_is_utf_8_whatever_the_terminal_has(folder: Path, command: list[str], shown: str, encoding: str) -> None:
    arguments = command if command == ["schema"] else [*command, str(folder)]
    done = run(*arguments, environment={"PYTHONIOENCODING": encoding})
    assert (done.returncode, shown in done.stdout.decode()) == (0, True)
    assert "Traceback" not in done.stderr.decode()


def test_output_is_utf_8_where_the_locale_has_no_letters(folder: Path) -> None:
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = run("check", str(folder), environment=plain)
    assert (done.returncode, "嵐 ü.md" in done.stdout.decode()) == (0, True)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_messages_are_utf_8_too(tmp_path: Path, encoding: str) -> None:
    done = run("check", str(tmp_path / "嵐"), environment={"PYTHONIOENCODING": encoding})
    assert (done.returncode, done.stdout) == (2, b"")
    assert f"The folder {tmp_path / '嵐'} cannot be read" in done.stderr.decode()


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_query_on_standard_input_is_read_as_utf_8(folder: Path, encoding: str) -> None:
    text = f'{{ articles(filter: {{title: {{eq: "{TEXT}"}}}}) {{ nodes {{ title }} }} }}'
    done = run("query", "-", str(folder), environment={"PYTHONIOENCODING": encoding}, text=text)
    assert json.loads(done.stdout) == {"data": {"articles": {"nodes": [{"title": TEXT}]}}}

from pathlib import Path

from click.testing import CliRunner, Result

from api.cli import ExitStatus, main


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, prog_name="frontgraph")


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_toml", ".toml").replace("_md", ".md")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


HUGO = 'baseURL = "https://a.example"\ntitle = "A"'


def test_init_writes_what_was_recognised_once(tmp_path: Path) -> None:
    write(tmp_path, hugo_toml=HUGO, content__a_md="Text.")

    first, second = run("init", str(tmp_path)), run("init", str(tmp_path))

    assert (first.exit_code, first.stdout) == (ExitStatus.FINE, "")
    assert first.stderr == f"{tmp_path}/frontgraph.toml: Hugo “A” at https://a.example, recognised by hugo.toml\n"
    assert 'system = "hugo"\nname = "A"\n' in (tmp_path / "frontgraph.toml").read_text()
    assert (second.exit_code, "is there already" in second.stderr) == (ExitStatus.FAILED, True)


def test_init_names_the_root_of_the_site(tmp_path: Path) -> None:
    write(tmp_path, site__hugo_toml=HUGO, site__content__posts__a_md="Text.")

    above, below = run("init", str(tmp_path)), run("init", str(tmp_path / "site" / "content" / "posts"))

    assert (above.exit_code, below.exit_code) == (ExitStatus.FAILED, ExitStatus.FAILED)
    assert f"`frontgraph init {tmp_path}/site`" in above.stderr
    assert "whose root is ../..; run `frontgraph init" in below.stderr
    assert not list(tmp_path.rglob("frontgraph.toml"))


def test_init_of_no_folder_is_told(tmp_path: Path) -> None:
    assert run("init", str(tmp_path / "nothing")).exit_code == ExitStatus.USAGE


def test_folder_without_articles_is_an_explained_failure(tmp_path: Path) -> None:
    write(tmp_path, notes__empty="", drafts__a_md="---\ntitle: A\ndraft: true\n---\n", vendor__b_md="Text.")

    for command, ending in [
        (["check", str(tmp_path / "notes")], "no markdown file was found. Name the folder that holds the documents.\n"),
        (["stats", str(tmp_path / "drafts")], "the 1 file that was found is hidden. Add --unpublished to see it.\n"),
        (["query", "{ __typename }", str(tmp_path), "--exclude", "*"], "take it back with `--exclude '!PATTERN'`.\n"),
        (["export", "--format", "graphml", "--output", "-", str(tmp_path / "notes")], "that holds the documents.\n"),
        (["serve", "--port", "0", str(tmp_path / "notes")], "that holds the documents.\n"),
    ]:
        result = run(*command)
        assert result.exit_code == ExitStatus.FAILED, command
        assert result.stderr.endswith(ending), (command, result.stderr)
        assert result.stderr.count("Plain folder") == 1, result.stderr


def test_options_of_sites_are_heeded_by_every_command(tmp_path: Path) -> None:
    write(tmp_path, a_md="---\ntitle: A\n---\n", b__c_md="---\ntitle: C\n---\n")
    options = ["--site-url", "site.example", "--exclude", "b/"]

    result = run(
        "query", "{ snapshot { sites { url fileCount } notRead { reason count folders } } }", str(tmp_path), *options
    )

    assert result.exit_code == ExitStatus.FINE, result.stderr
    assert '"url": "https://site.example"' in result.stdout
    assert '"folders": [' in result.stdout
    assert run("check", str(tmp_path), "--site-url", "no address").exit_code == ExitStatus.USAGE
    assert run("check", str(tmp_path), "--config", str(tmp_path / "none.toml")).exit_code == ExitStatus.USAGE
    assert "`--exclude` does not count" in run("check", str(tmp_path), "--exclude", "!").stdout

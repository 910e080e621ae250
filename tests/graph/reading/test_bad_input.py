"""What authors, feeds and attackers put into a folder: each file costs itself at most, and the author learns why."""

import os
import subprocess
import sys
import tempfile
from json import dumps
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.building.live_folders import load_snapshot
from graph.building.snapshot import GraphSnapshot
from graph.model import Article
from graph.reading.files import FILE_LIMIT
from graph.reading.loader import load_folders
from tests.cases import random_cases

ROOT = Path(__file__).parents[3]
SEED = next((ROOT / "seeds" / "_news").glob("2023-12-09-*.md")).read_bytes()
GOOD = "---\ntitle: Good\nprovider: P\nwebUrl: https://p.example/good\n---\nBody\n"
HEAD = "title: T\nprovider: P\nwebUrl: https://p.example/x\n"

Found = list[tuple[str, int | None, str | None]]


def yaml(fields: str, body: str = "") -> str:
    return f"---\n{HEAD}{fields}\n---\n{body}"


def json(**fields: object) -> str:
    written = orjson.dumps({"title": "T", "provider": "P", "webUrl": "https://p.example/x"} | fields).decode()
    return f"{{\n{written[1:-1]}\n}}\n"


def load(folder: Path) -> tuple[GraphSnapshot, Found]:
    """The snapshot of the folder with a good document beside all others, and what is wrong with `x.md`."""
    (folder / "good.md").write_text(GOOD)
    snapshot = load_snapshot([folder])
    assert "https://p.example/good" in snapshot.lookups.articles_by_url
    assert {problem.file for problem in snapshot.problems} <= {"x.md"}
    return snapshot, [(problem.code.value, problem.line, problem.field_path) for problem in snapshot.problems]


def load_text(folder: Path, text: str | bytes) -> tuple[Article | None, Found]:
    (folder / "x.md").write_bytes(text if isinstance(text, bytes) else text.encode())
    snapshot, found = load(folder)
    id_ = snapshot.lookups.articles_by_slug.get("x")
    article = snapshot.nodes[id_] if id_ else None
    assert article is None or isinstance(article, Article)
    return article, found


BOMB = "\n".join(
    [
        "a: &a [x,x,x,x,x,x,x,x,x]",
        *(f"{k}: &{k} [{','.join([f'*{j}'] * 9)}]" for j, k in zip("abcdefgh", "bcdefghi", strict=True)),
    ]
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("---\ntitle: 'a\nb: [\n---\n", [("FRONT_MATTER_INVALID", 4, None)], id="open quote"),
        pytest.param(yaml("a: b: c"), [("FRONT_MATTER_INVALID", 5, None)], id="colon in text"),
        pytest.param(yaml("a:\n\t- b"), [("FRONT_MATTER_INVALID", 6, None)], id="tab"),
        pytest.param(yaml("a: *b"), [("FRONT_MATTER_INVALID", 5, None)], id="unknown alias"),
        pytest.param(yaml("a: &a [*a]"), [("FRONT_MATTER_INVALID", 5, None)], id="alias of itself"),
        pytest.param(yaml(BOMB), [("FRONT_MATTER_TOO_LARGE", 10, None)], id="billion laughs"),
        pytest.param(yaml("a: " + "[" * 100_000), [("FRONT_MATTER_TOO_LARGE", 5, None)], id="deep YAML"),
        pytest.param(yaml("a: " + "{b: " * 100_000), [("FRONT_MATTER_TOO_LARGE", 5, None)], id="deep YAML mappings"),
        pytest.param('{\n"a": ' + "[" * 100_000 + "\n}\n", [("FRONT_MATTER_TOO_LARGE", None, None)], id="deep JSON"),
        pytest.param('{\n"a": ' + '{"b":' * 100_000 + "\n}\n", [("FRONT_MATTER_TOO_LARGE", None, None)], id="deep JSON mappings"),
        pytest.param("+++\na = " + "[" * 100_000 + "\n+++\n", [("FRONT_MATTER_TOO_LARGE", None, None)], id="deep TOML"),
        pytest.param("x" * (FILE_LIMIT + 1), [("FILE_TOO_LARGE", None, None)], id="large file"),
        pytest.param(yaml("").encode() + "é".encode("latin-1"), [("FILE_NOT_TEXT", 7, None)], id="Latin-1"),
        pytest.param(yaml("").encode("utf-16"), [("FILE_NOT_TEXT", None, None)], id="UTF-16"),
        pytest.param(yaml("", "a\0b"), [("FILE_NOT_TEXT", 7, None)], id="NUL"),
        pytest.param(bytes(range(256)) * 9, [("FILE_NOT_TEXT", 1, None)], id="binary"),
        pytest.param(b"", [("FRONT_MATTER_MISSING", 1, None)], id="empty"),
        pytest.param(b" \n\t\n", [("FRONT_MATTER_MISSING", 1, None)], id="space"),
        pytest.param("---\ntitle: a\n", [("FRONT_MATTER_UNCLOSED", 1, None)], id="unclosed YAML"),
        pytest.param('+++\ntitle = "a"\n', [("FRONT_MATTER_UNCLOSED", 1, None)], id="unclosed TOML"),
        pytest.param('{\n"title": "a"\n', [("FRONT_MATTER_UNCLOSED", 1, None)], id="unclosed JSON"),
        pytest.param("---\na: 1\n--- b\nc: 1\n---\n", [("FRONT_MATTER_INVALID", 3, None)], id="two YAML documents"),
        pytest.param(yaml("? [a, b]\n: 1"), [("FRONT_MATTER_INVALID", 5, None)], id="list as key"),
        pytest.param(yaml("{a: b}: 1"), [("FRONT_MATTER_INVALID", 5, None)], id="mapping as key"),
        pytest.param(yaml("<<: 5"), [("FRONT_MATTER_INVALID", 5, None)], id="merge of no mapping"),
        pytest.param("---\n- a\n---\n", [("FRONT_MATTER_INVALID", 1, None)], id="list"),
        pytest.param("+++\na = " + "9" * 5_000 + "\n+++\n", [("FRONT_MATTER_INVALID", None, None)], id="TOML digits"),
    ],
)  # fmt: skip
def test_bad_file_costs_that_file(tmp_path: Path, text: str | bytes, found: Found) -> None:
    assert load_text(tmp_path, text) == (None, found)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(yaml("a: !!python/object/apply:os.abort []"), [("TAG_IGNORED", 5, "a")], id="Python tag"),
        pytest.param(yaml("a: !ruby/object:Gem {b: 1}"), [("TAG_IGNORED", 5, "a")], id="Ruby tag"),
        pytest.param("---\nprovider: P\n---\n", [("TITLE_MISSING", None, "title")], id="no title"),
        pytest.param("---\ntitle: T\n---\n", [("PROVIDER_MISSING", None, "provider")], id="no provider"),
        pytest.param(yaml("excerpt: " + "x" * 10_000_000), [("FIELD_TOO_LONG", 5, "excerpt")], id="long field"),
        pytest.param(f"---\ntitle: {'x' * 10_000_000}\nprovider: P\n---\n", [("FIELD_TOO_LONG", 2, "title")], id="long title"),
        pytest.param(yaml("", "x" * 10_000_000), [("FIELD_TOO_LONG", None, None)], id="long body"),
        pytest.param(yaml("ampWebUrl: 'javascript:alert(1)'"), [("URL_INVALID", 5, "ampWebUrl")], id="javascript"),
        pytest.param(yaml("ampWebUrl: 'data:text/html,x'"), [("URL_INVALID", 5, "ampWebUrl")], id="data"),
        pytest.param(yaml('excerpt: "a\\u0007b"'), [("TEXT_CLEANED", 5, "excerpt")], id="escaped control character"),
        pytest.param(yaml("excerpt: a\x07b"), [("TEXT_CLEANED", 5, None)], id="raw control character"),
        pytest.param(json(excerpt="@").replace("@", "\\ud800"), [("TEXT_CLEANED", None, "excerpt")], id="lone surrogate"),
        pytest.param(json(a="@").replace('"a"', '"\\ud800":1,"\\ud800"'), [("KEY_REPEATED", 1, None)], id="lone surrogates as keys"),
        pytest.param(json(a="x" * 100_001).replace('"a"', '"\\ud800"'), [("FIELD_TOO_LONG", None, "?")], id="lone surrogate as key"),
        pytest.param(yaml("quality: " + "9" * 5_000), [("FIELD_TYPE", 5, "quality")], id="YAML digits"),
        pytest.param(json(quality=7).replace("7", "9" * 5_000), [("FIELD_TYPE", 2, "quality")], id="JSON digits"),
        pytest.param(yaml("quality: 99999999999999999999"), [("FIELD_TYPE", 5, "quality")], id="over 64 bit"),
        pytest.param(yaml("quality: 9999999999"), [("NUMBER_OUT_OF_RANGE", 5, "quality")], id="over 32 bit"),
        pytest.param(yaml("quality: .inf\nheat: .nan"), [("FIELD_TYPE", 5, "quality"), ("FIELD_TYPE", 6, "heat")], id="YAML infinity"),
        pytest.param(json(quality=7).replace("7", "1e999"), [("FIELD_TYPE", 2, "quality")], id="JSON infinity"),
        pytest.param(json(quality=7).replace("7", "NaN"), [("FIELD_TYPE", 2, "quality")], id="JSON NaN"),
        pytest.param(yaml("title: T"), [("KEY_REPEATED", 5, "title")], id="repeated key"),
        pytest.param(yaml("a: {b: 1, b: 2}"), [("KEY_REPEATED", 5, "a.b")], id="repeated key in flow"),
        pytest.param(yaml("topics: 'a, b, c'"), [("LIST_AS_TEXT", 5, "topics")], id="topics in one text"),
        pytest.param(yaml("a: &a {b: 1}\nc: {<<: *a}"), [], id="merge key"),
        pytest.param(yaml("1: a\nnull: b\ntrue: c\n1.5: d"), [], id="keys that are no text"),
        pytest.param(b"\xef\xbb\xbf" + yaml("").encode(), [], id="byte order mark"),
    ],
)  # fmt: skip
def test_bad_field_costs_that_field(tmp_path: Path, text: str | bytes, found: Found) -> None:
    article, problems = load_text(tmp_path, text)

    assert article is not None
    assert problems == found


VALUES: dict[str, Any] = {"list": [[1]], "dict": {"a": 1}, "int": 7, "bool": True, "str": "text"}
URLS = ("webUrl", "originalUrl", "ampWebUrl", "cdnAmpWebUrl")
WRONG: dict[str, dict[str, str]] = {
    **dict.fromkeys(
        ("title", "excerpt", "type", "category", "slug"), dict.fromkeys(("list", "dict", "bool"), "FIELD_TYPE")
    ),
    **dict.fromkeys(("quality", "heat"), dict.fromkeys(("list", "dict", "bool", "str"), "FIELD_TYPE")),
    **dict.fromkeys(("published", "removed", "deleted"), dict.fromkeys(("list", "dict", "int", "str"), "FIELD_TYPE")),
    **{name: dict.fromkeys(("list", "dict", "int", "bool"), "FIELD_TYPE") | {"str": "URL_INVALID"} for name in URLS},
    "publishedDateTime": {**dict.fromkeys(("list", "dict", "int", "bool"), "FIELD_TYPE"), "str": "DATE_INVALID"},
    "provider": {**dict.fromkeys(("list", "int", "bool"), "FIELD_TYPE"), "dict": "PROVIDER_MISSING"},
    "topics": {"list": "FIELD_TYPE", "dict": "FIELD_TYPE", "bool": "FIELD_TYPE"},
    "images": {**dict.fromkeys(("list", "int", "bool"), "FIELD_TYPE"), "str": "URL_INVALID"},
    "related": {**dict.fromkeys(("list", "dict", "int", "bool"), "FIELD_TYPE"), "str": "RELATED_UNIDENTIFIED"},
}


@pytest.mark.parametrize("kind", VALUES)
@pytest.mark.parametrize("field", WRONG)
def test_value_of_a_wrong_type_costs_that_value(tmp_path: Path, field: str, kind: str) -> None:
    _, found = load_text(tmp_path, json(**{field: VALUES[kind]}))

    code = WRONG[field].get(kind)
    is_item = (kind == "list" and field in ("topics", "images")) or (field == "related" and kind in ("list", "str"))
    path = f"{field}[0]" if is_item else field
    assert found == ([(code, 2, path)] if code else [])


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_line_ends_make_no_difference(tmp_path: Path, line_end: str) -> None:
    text = yaml("excerpt: |\n  a\n  b\nquality: high", "One\n\nTwo\n")
    versions = []
    for name, written in (("lf", text), ("other", text.replace("\n", line_end))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.md").write_bytes(written.encode())
        versions.append(load(tmp_path / name)[0].version)

    assert versions[0] == versions[1]


def test_folders_links_and_pipes_named_like_documents_cost_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "x.md").mkdir()
    assert load(tmp_path)[1] == [("FOLDER_NAMED_LIKE_FILE", None, None)]

    (tmp_path / "x.md").rmdir()
    os.mkfifo(tmp_path / "x.md")
    assert load(tmp_path)[1] == [("FILE_UNREADABLE", None, None)]

    for target in ("nowhere", "x.md"):
        (tmp_path / "x.md").unlink()
        (tmp_path / "x.md").symlink_to(target)
        assert load(tmp_path)[1] == [("FILE_UNREADABLE", None, None)]


def test_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text(yaml(""))
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "x.md").symlink_to(tmp_path / "secret.md")

    snapshot, found = load(tmp_path / "in")

    assert found == [("LINK_OUTSIDE_FOLDER", None, None)]
    assert list(snapshot.lookups.articles_by_url) == ["https://p.example/good"]


def test_file_that_vanishes_between_finding_and_reading_costs_itself(tmp_path: Path) -> None:
    (tmp_path / "good.md").write_text(GOOD)
    (tmp_path / "x.md").write_text(yaml(""))

    def remove(sources: Any) -> Any:
        (tmp_path / "x.md").unlink()
        return sources

    loaded = load_folders([tmp_path], remove)

    assert [document.file for document in loaded.documents] == ["good.md"]
    assert [(problem.code.value, problem.file) for problem in loaded.problems] == [("FILE_UNREADABLE", "x.md")]


def in_subprocess(code: str, folder: Path) -> str:
    """What a fresh interpreter prints; `folder` stands for the folder in the code."""
    setup = "import os, re\nfrom pathlib import Path\nfrom graph.reading.loader import load_folders\nfrom graph.building.merge import merge\n"
    setup += f"from graph.building.snapshot import build_snapshot\nfolder = Path({str(folder)!r})\n"
    done = subprocess.run([sys.executable, "-c", setup + code], capture_output=True, text=True, cwd=ROOT, timeout=120)
    assert done.stderr == ""
    return done.stdout.strip()


@pytest.mark.skipif(os.name != "posix", reason="permissions are those of POSIX")
def test_files_and_folders_without_permission_cost_themselves() -> None:
    code = (
        "load_folders([folder])\n"  # imports what is imported late, while it may be read
        "os.getuid() or os.setuid(65534)\n"  # root may read everything
        "loaded = load_folders([folder])\n"
        "print([document.file for document in loaded.documents], [(p.code.value, p.file) for p in loaded.problems])"
    )
    with tempfile.TemporaryDirectory() as name:  # unlike tmp_path, in a folder that others may enter
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "good.md").write_text(GOOD)
        (folder / "x.md").write_text(yaml(""))
        (folder / "x.md").chmod(0)
        (folder / "closed").mkdir(mode=0)

        printed = in_subprocess(code, folder)

    assert printed == "['good.md'] [('FOLDER_UNREADABLE', 'closed'), ('FILE_UNREADABLE', 'x.md')]"


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is read from /proc")
@pytest.mark.thorough
def test_a_hundred_thousand_related_items_stay_within_bounded_memory(tmp_path: Path) -> None:
    items = "".join(
        f"  - webUrl: https://x.example/{n}\n    title: Item {n}\n    quality: bad\n" for n in range(100_000)
    )
    (tmp_path / "x.md").write_text(yaml("related:\n" + items))
    code = (
        "snapshot = build_snapshot(merge(load_folders([folder])))\n"
        "peak = re.search(r'VmHWM:\\s*(\\d+) kB', Path('/proc/self/status').read_text())\n"
        "print(len(snapshot.nodes), len(snapshot.problems), int(peak[1]) < 600 * 1024)"
    )

    assert in_subprocess(code, tmp_path) == "10002 10001 True"


def test_long_file_names_are_read(tmp_path: Path) -> None:
    name = "x" * 250 + ".md"
    (tmp_path / name).write_text(yaml(""))

    assert [document.file for document in load_folders([tmp_path]).documents] == [name]


def build(folder: Path, data: bytes, name: str = "x.md") -> GraphSnapshot:
    (folder / name).write_bytes(data)
    (folder / "good.md").write_text(GOOD)
    snapshot = load_snapshot([folder], include_unpublished=True)
    assert "https://p.example/good" in snapshot.lookups.articles_by_url
    return snapshot


@st.composite
def damaged_seeds(draw: st.DrawFn) -> bytes:
    """The seed with a few places overwritten, as bytes or as text."""
    data = SEED
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data) - 1))
        piece = draw(
            st.one_of(st.binary(max_size=4), st.text(max_size=8).map(lambda text: text.encode("utf-8", "replace")))
        )
        data = data[:at] + piece + data[at + draw(st.integers(0, 200)) :]
        data = data or b"x"
    return data


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("damaged")


@given(damaged_seeds())
@random_cases(500)
def test_no_damage_stops_the_loading(folder: Path, data: bytes) -> None:
    build(folder, data)


json_values = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.sampled_from(["https://p.example/a", "\ud800", "2024-01-01", "a.md", "P.example"])
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["url", "webUrl", "name", "domain", "title", "secured", "x"]), inner, max_size=3)),
    max_leaves=8,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from([*WRONG, "unknown", "secured", "\ud800"]), json_values))
@random_cases(500)
def test_no_values_of_known_fields_stop_the_loading(folder: Path, fields: dict[str, Any]) -> None:
    text = dumps(fields)
    snapshot = build(folder, f"{{\n{text[1:-1]}\n}}\n".encode())

    assert "secured" not in repr(list(snapshot.nodes.values()))

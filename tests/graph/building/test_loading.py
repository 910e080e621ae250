"""The whole way from folders to a graph, with and without what the cache folder remembers."""

import json
import random
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.building.live_folders import load_snapshot
from graph.building.merge import merge
from graph.building.snapshot import GraphSnapshot, build_snapshot
from graph.errors import FolderError
from graph.model import NodeKind, Provider
from graph.reading.files import SourceFile
from graph.reading.loader import load_folders
from graph.reading.parsing import parse_source
from tests.cases import random_cases

ROOT = Path(__file__).parents[3]
SEEDS = ROOT / "seeds"


def content(snapshot: GraphSnapshot) -> dict[str, Any]:
    """All that a snapshot holds, and of which types."""
    return {
        "version": snapshot.version,
        "nodes": repr(snapshot.nodes),
        "ids": repr(snapshot.ids),
        "targets": repr(snapshot.targets),
        "sources": repr(snapshot.sources),
        "edges": repr(list(snapshot.digraph.edges(data=True))),
        "counts": snapshot.edge_counts,
        "lookups": repr(snapshot.lookups),
        "problems": repr(snapshot.problems),
    }


def plain(folder: Path, include_unpublished: bool = False) -> GraphSnapshot:
    return build_snapshot(merge(load_folders([folder], processes=1), include_unpublished))


def write(folder: Path, name: str, **fields: object) -> None:
    """A document in JSON, which is YAML too."""
    text = "".join(f"{key}: {json.dumps(value)}\n" for key, value in fields.items())
    (folder / name).write_text(f"---\n{text}---\n")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    write(tmp_path / "docs", "a.md", title="A", webUrl="https://p.example/a", provider="P", topics=["T"], related=["b"])
    write(tmp_path / "docs", "b.md", title="B", webUrl="https://p.example/b", provider="P", published=False)
    return tmp_path / "docs"


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that were parsed."""
    done: list[str] = []

    def parsing(source, data, copies):  # type: ignore[no-untyped-def]
        done.append(source.label)
        return parse_source(source, data, copies)

    monkeypatch.setattr("graph.reading.loader.parse_source", parsing)
    return done


@pytest.mark.parametrize("include_unpublished", [False, True])
def test_seeds_are_the_same_without_and_with_a_cache(tmp_path: Path, include_unpublished: bool) -> None:
    wanted = content(plain(SEEDS, include_unpublished))

    assert content(load_snapshot([SEEDS], include_unpublished)) == wanted
    for _ in range(3):
        assert content(load_snapshot([SEEDS], include_unpublished, cache=tmp_path / "cache")) == wanted


@pytest.mark.thorough
def test_corpus_is_the_same_without_and_with_a_cache(azure: GraphSnapshot, corpus: Path, tmp_path: Path) -> None:
    for _ in range(2):
        assert load_snapshot([corpus], True, cache=tmp_path / "cache").version == azure.version
    warm = load_snapshot([corpus], True, cache=tmp_path / "cache")
    assert (warm.targets, warm.sources, warm.problems) == (azure.targets, azure.sources, azure.problems)
    assert repr([*warm.nodes.values()][::40]) == repr([*azure.nodes.values()][::40])


def test_files_that_the_cache_knows_are_not_parsed(folder: Path, tmp_path: Path, parsed: list[str]) -> None:
    load_snapshot([folder], cache=tmp_path / "cache")
    assert parsed == ["a.md", "b.md"]
    parsed.clear()
    load_snapshot([folder], True, cache=tmp_path / "cache")
    assert parsed == []
    write(folder, "b.md", title="New")

    snapshot = load_snapshot([folder], cache=tmp_path / "cache")

    assert parsed == ["b.md"]
    assert content(snapshot) == content(plain(folder))


def edited(chance: random.Random, folder: Path) -> None:
    """One of the things that people do to folders."""
    name, other = (f"{chance.choice('abcd')}.md" for _ in range(2))
    match chance.randrange(7):
        case 0:
            (folder / name).unlink(missing_ok=True)
        case 1 if (folder / name).exists():
            (folder / name).rename(folder / other)
        case 2:
            (folder / name).write_bytes(chance.choice([b"", b"\0", b"---\ntitle: [\n---\n", b"text"]))
        case 3:
            (folder / "_data" / "topics").mkdir(parents=True, exist_ok=True)
            (folder / "_data" / "topics" / "t.yaml").write_text(f"name: T\nparent: {chance.choice('TUV')}\n")
        case 4:
            (folder / "link.md").unlink(missing_ok=True)
            (folder / "link.md").symlink_to(chance.choice([folder / name, folder.parent / "outside.md"]))
        case _:
            write(
                folder,
                name,
                title=chance.choice(["A", "B"]),
                webUrl=f"https://p.example/{chance.choice('abc')}",
                published=chance.random() < 0.7,
                provider=chance.choice(["P", {"name": "Q", "domain": "q.example"}]),
                topics=chance.sample("TUV", 2),
                related=[
                    {"webUrl": f"https://p.example/{chance.choice('abcd')}", "title": chance.choice("AB")},
                    other[0],
                ],
            )


@random_cases(100)
@given(st.integers(0, 10**9))
def test_cache_never_serves_what_is_no_longer_there(seed: int) -> None:
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder, cache = Path(name) / "docs", Path(name) / "cache"
        folder.mkdir()
        (folder.parent / "outside.md").write_text("---\ntitle: O\n---\n")
        for _ in range(10):
            edited(chance, folder)
            unpublished = chance.random() < 0.3

            assert content(load_snapshot([folder], unpublished, cache=cache)) == content(plain(folder, unpublished))


def test_file_that_cannot_be_read_is_tried_again(folder: Path, tmp_path: Path) -> None:
    (folder / "c.md").symlink_to(folder / "gone.md")
    (folder / "d.md").write_bytes(b"x" * 17_000_000)
    for _ in range(2):
        problems = load_snapshot([folder], cache=tmp_path / "cache").problems
        assert [problem.file for problem in problems] == ["a.md", "c.md", "d.md"]


@pytest.mark.parametrize("damage", [*(pytest.param(data, marks=pytest.mark.thorough) for data in (b"", b"x")), None])
def test_damaged_caches_are_ignored(folder: Path, tmp_path: Path, damage: bytes | None) -> None:
    wanted = content(load_snapshot([folder], cache=tmp_path / "cache"))
    whole = {path: path.read_bytes() for path in (tmp_path / "cache").iterdir()}
    assert len(whole) == 1
    for damaged, data in whole.items():
        for place in range(0, len(data), 7):
            for path in whole:
                path.unlink()
            damaged.write_bytes(data[:place] if damage is None else data[:place] + damage + data[place + 1 :])

            assert content(load_snapshot([folder], cache=tmp_path / "cache")) == wanted
            assert {path: path.read_bytes() for path in whole} == whole


def test_every_reading_can_be_followed(folder: Path, tmp_path: Path) -> None:
    seen: list[str] = []

    def track(sources: Any) -> Iterator[SourceFile]:
        for source in sources:
            yield source
            seen.append(source.label)

    for wanted in (["a.md", "b.md"], ["a.md", "b.md"]):
        seen.clear()
        load_snapshot([folder], track=track, cache=tmp_path / "cache")
        assert seen == wanted
    write(folder, "b.md", title="New")
    seen.clear()
    load_snapshot([folder], track=track, cache=tmp_path / "cache")
    assert seen == ["a.md", "b.md"]


def test_missing_folder_stops_the_loading(tmp_path: Path) -> None:
    with pytest.raises(FolderError):
        load_snapshot([tmp_path / "missing"], cache=tmp_path / "cache")


def test_cache_that_cannot_be_written_is_done_without(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    for _ in range(2):
        assert content(load_snapshot([folder], cache=tmp_path / "file")) == content(plain(folder))


def test_node_kinds_keep_their_ids(folder: Path, tmp_path: Path) -> None:
    started = datetime.now(UTC)
    first, second = (load_snapshot([folder], True, cache=tmp_path / "cache") for _ in range(2))

    assert first.ids == second.ids
    assert len(second.ids[NodeKind.ARTICLE]) == 2
    assert started <= first.loaded_at <= second.loaded_at <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("also", "description"),
    [
        ({}, "News from the shore."),
        ({"frontgraph.toml": '[site]\ndescription = "Of tides."'}, "Of tides."),
        ({"_data/organizations/shore.yaml": "domain: shore.example\nname: Shore\ndescription: Since 1901."}, "Since 1901."),
    ],
)  # fmt: skip
def test_provider_says_what_its_site_says_of_itself(tmp_path: Path, also: dict[str, str], description: str) -> None:
    files = {
        "_config.yml": "title: Shore\nurl: https://shore.example\ndescription: News from the shore.\n",
        "a.md": "---\ntitle: A\n---\n",
        "b.md": "---\ntitle: B\nprovider: Elsewhere\n---\n",
    }
    for name, text in (files | also).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)

    snapshot = load_snapshot([tmp_path])

    providers = [snapshot.nodes[node_id] for node_id in snapshot.ids[NodeKind.PROVIDER]]
    assert {(node.name, node.description) for node in providers if isinstance(node, Provider)} == {
        ("Shore", description),
        ("Elsewhere", None),
    }

"""Changes between snapshots, against comparing all their records and edges; files are edited as authors do."""

import dataclasses
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.building.changes import Fingerprint, SnapshotChange, changes, fingerprint
from graph.building.live_folders import load_snapshot
from graph.building.snapshot import GraphSnapshot
from graph.model import Article
from tests.cases import random_cases

SEEDS = Path(__file__).parents[3] / "seeds"
CHOSEN = (
    "_news/2024-04-17-herring-quota-cut-by-a-third-on-the-fenn-bank.md",
    "_news/2024-05-29-skippers-blockade-the-mouth-of-brennhaven-harbour-for-six-hours.md",
    "_news/2024-07-15-regatta-postponed-for-lack-of-wind.markdown",
    "_data/topics/07-fisheries.yaml",
)
"""Two articles that name each other, one apart, and a topic of the catalogue."""
OTHERS = (
    "_news/2024-08-28-skippers-say-the-tidal-cable-crosses-their-best-herring-ground.md",
    "_news/2024-10-02-harvest-supper-on-the-quay.md",
    "_news/2024-12-12-dorvane-trawlers-turned-back-from-the-fenn-bank.md",
)
Files = dict[str, str]
Edit = Callable[[Files], None]


def seed_files(names: tuple[str, ...]) -> Files:
    return {name: (SEEDS / name).read_text(encoding="utf-8") for name in names}


def load(folder: Path, files: Mapping[str, str]) -> GraphSnapshot:
    """The snapshot of the folder, once it holds just these files."""
    folder.mkdir(exist_ok=True)
    there = {str(path.relative_to(folder)): path for path in folder.rglob("*.*")}
    for name in there.keys() - files.keys():
        there[name].unlink()
    for name, text in files.items():
        if name not in there or there[name].read_text(encoding="utf-8") != text:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
    return load_snapshot([folder])


def site(folder: Path, **articles: dict[str, Any]) -> GraphSnapshot:
    """The snapshot of articles by the last letter of their URL."""
    return load(
        folder,
        {
            f"{name}.md": f"---\n{json.dumps({'webUrl': f'https://x.example/{name}', **fields})}\n---\nBody\n"
            for name, fields in articles.items()
        },
    )


def names(snapshot: GraphSnapshot, ids: tuple[str, ...]) -> str:
    return "".join(sorted(str(snapshot.digraph.nodes[found]["url"])[-1] for found in ids))


def citing(*others: str) -> dict[str, Any]:
    return {"related": [{"webUrl": f"https://x.example/{name}"} for name in others]}


def test_articles_come_go_and_change(tmp_path: Path) -> None:
    old = site(tmp_path / "site", a={"title": "A"}, b={"title": "B"}, c={"title": "C"}, e={})
    new = site(tmp_path / "site", a={"title": "A"}, b={"title": "Bee"}, d={"title": "D"}, e={})
    found = changes(fingerprint(old), fingerprint(new))
    assert (found.since, found.version) == (old.version, new.version)
    assert (names(new, found.added), names(new, found.updated), names(old, found.removed)) == ("d", "b", "c")


@pytest.mark.parametrize(
    ("before", "after", "updated"),
    [
        ({"a": {"topics": ["Sea", "Sky"]}}, {"a": {"topics": ["Sky", "Sea"]}}, "a"),
        ({"a": {"provider": {"domain": "y.example"}}}, {"a": {"provider": {"domain": "z.example"}}}, "a"),
        ({"a": citing("b", "c"), "b": {}, "c": {}}, {"a": citing("c", "b"), "b": {}, "c": {}}, "a"),
        ({"a": {}, "b": {}}, {"a": citing("b"), "b": {}}, "ab"),  # b is named by a
        ({"a": {"quality": 1}}, {"a": {"quality": "much"}}, "a"),
        ({"a": {"tags": {"x": 1, "y": 2}}}, {"a": {"tags": {"x": 1, "y": 3}}}, "a"),
        ({"a": {"tags": {"x": 1, "y": 2}}}, {"a": {"tags": {"y": 2, "x": 1}}}, ""),
        ({"a": {"secured": "x"}}, {"a": {"secured": "y"}}, ""),
        # The name of a provider is its own; the article is still published by the same one.
        (
            {"a": {"provider": {"domain": "y.example", "name": "Y"}}},
            {"a": {"provider": {"domain": "y.example", "name": "Why"}}},
            "",
        ),
    ],
)
def test_what_clients_see_of_an_article_makes_it_updated(
    tmp_path: Path, before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]], updated: str
) -> None:
    old, new = site(tmp_path / "site", **before), site(tmp_path / "site", **after)
    found = changes(fingerprint(old), fingerprint(new))
    assert (found.added, names(new, found.updated), found.removed) == ((), updated, ())


def test_a_problem_in_its_file_makes_an_article_updated(tmp_path: Path) -> None:
    old, new = site(tmp_path / "site", a={}), site(tmp_path / "site", a={"quality": "much"})
    (before,), (after,) = visible(old).values(), visible(new).values()
    assert {name for name in before if before[name] != after[name]} == {"problems"}
    assert names(new, changes(fingerprint(old), fingerprint(new)).updated) == "a"


def test_the_same_content_has_not_changed(seeds: GraphSnapshot) -> None:
    again = load_snapshot([SEEDS])
    nothing = SnapshotChange(seeds.version, seeds.version, (), (), ())
    assert changes(fingerprint(seeds), fingerprint(again)) == nothing


def test_from_and_to_nothing(seeds: GraphSnapshot) -> None:
    nothing = fingerprint(load_snapshot([]))
    everything = fingerprint(seeds)
    ids = tuple(sorted(everything.digest_by_id()))
    assert changes(nothing, everything) == SnapshotChange(nothing.version, seeds.version, ids, (), ())
    assert changes(everything, nothing) == SnapshotChange(seeds.version, nothing.version, (), (), ids)


def test_a_fingerprint_is_light_and_made_once(seeds: GraphSnapshot) -> None:
    found = fingerprint(seeds)
    assert fingerprint(seeds) is found
    assert len(found.ids) + len(found.digests) < 28 * len(found.digest_by_id())


def visible(snapshot: GraphSnapshot) -> dict[str, Any]:
    """All that can be seen of each article, as plain values, read from the networkx graph."""
    found = {}
    for article_id, data in snapshot.digraph.nodes(data=True):
        if data["kind"] != "ARTICLE":
            continue
        record = snapshot.nodes[article_id]
        assert isinstance(record, Article)
        out = snapshot.digraph.out_edges(article_id, data=True)
        found[article_id] = {
            **{field.name: getattr(record, field.name) for field in dataclasses.fields(record)},
            "out": sorted((edge["relation"], edge["position"], target) for _, target, edge in out),
            "in": sorted(source for source, _ in snapshot.digraph.in_edges(article_id)),
            "problems": [one for one in snapshot.problems if one.file in (record.file, *record.duplicate_files)],
        }
    return found


def brute_force(old: GraphSnapshot, new: GraphSnapshot) -> SnapshotChange:
    before, after = visible(old), visible(new)
    return SnapshotChange(
        old.version,
        new.version,
        tuple(found for found in sorted(after) if found not in before),
        tuple(found for found in sorted(after) if found in before and before[found] != after[found]),
        tuple(found for found in sorted(before) if found not in after),
    )


def pick(files: Files, number: int) -> str:
    return sorted(files)[number % len(files)]


def deleted(number: int) -> Edit:
    def edit(files: Files) -> None:
        del files[pick(files, number)]

    return edit


def renamed(number: int, name: str) -> Edit:
    def edit(files: Files) -> None:
        old = pick(files, number)
        files[str(Path(old).with_stem(name))] = files.pop(old)

    return edit


def added(name: str) -> Edit:
    return lambda files: files.update(seed_files((name,)))


def copied(number: int) -> Edit:
    def edit(files: Files) -> None:
        old = pick(files, number)
        files[str(Path(old).with_stem("copy"))] = files[old]

    return edit


def replaced(number: int, words: tuple[str, str]) -> Edit:
    def edit(files: Files) -> None:
        old = pick(files, number)
        files[old] = files[old].replace(*words)

    return edit


number = st.integers(0, 20)
words = [
    ("published: true", "published: false"),
    ("quality: 5", "quality: 6"),
    ("heat: ", "heat: -"),
    ("publishedDateTime: 2024", "publishedDateTime: 2023"),
    ("herring", "salmon"),  # texts, and in some places URLs
    ("Fisheries", "Fishing"),
    ("related:\n", "references:\n"),
    ("\n---\n", "\n---\nAnother paragraph.\n\n"),
    ("secured:", "# secured:"),
    ("provider:", "provider: []\nothers:"),
    ("  - ", "  -  "),
]
edits = st.one_of(
    st.builds(deleted, number),
    st.builds(renamed, number, st.sampled_from(["2024-01-01-new", "other"])),
    st.builds(added, st.sampled_from(OTHERS)),
    st.builds(copied, number),
    st.builds(replaced, number, st.sampled_from(words)),
)


class World(NamedTuple):
    folder: Path
    files: Files
    snapshot: GraphSnapshot


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder, files = tmp_path_factory.mktemp("changes") / "site", seed_files(CHOSEN)
    return World(folder, files, load(folder, files))


@given(st.lists(edits, max_size=4))
@random_cases(1000)
def test_changes_equal_comparing_everything(world: World, edits: list[Edit]) -> None:
    files = dict(world.files)
    for edit in edits:
        edit(files)
    old, new = world.snapshot, load(world.folder, files)
    found = changes(fingerprint(old), fingerprint(new))
    assert found == brute_force(old, new)
    assert changes(fingerprint(new), fingerprint(old)) == SnapshotChange(
        new.version, old.version, found.removed, found.updated, found.added
    )


@given(st.dictionaries(st.integers(0, 30), st.binary(min_size=8, max_size=8)))
def test_digests_are_read_as_they_were_written(digests: dict[int, bytes]) -> None:
    by_id = {f"a_{key:02}": digest for key, digest in sorted(digests.items())}
    assert Fingerprint("v", " ".join(by_id), b"".join(by_id.values())).digest_by_id() == by_id

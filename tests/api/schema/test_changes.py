"""What changed between snapshots, and ids that outlive them, through a store whose snapshot is exchanged."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graph.building.live_folders import load_snapshot
from graph.building.snapshot import GraphSnapshot
from graph.stores.memory import MemoryStore
from graph.stores.protocol import GraphReader

Ask = Callable[..., dict[str, Any]]
AskReader = Callable[[GraphReader], Ask]

SEEDS = Path(__file__).parents[3] / "seeds"
CHANGES = """query ($since: String!) { snapshot { version changes(since: $since) {
  since version removed
  added { totalCount nodes { title } aggregate { count } }
  updated { totalCount nodes { title } groupBy(key: CATEGORY) { key count } }
} } }"""


def load(folder: Path) -> GraphSnapshot:
    return load_snapshot([folder])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The seeds, to be edited."""
    return shutil.copytree(SEEDS, tmp_path / "seeds")


def edit(folder: Path, name: str, old: str, new: str) -> None:
    (path,) = folder.glob(f"_news/*{name}*")
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def changes(ask: Ask, since: str) -> Any:
    answer = ask(CHANGES, {"since": since})
    assert "errors" not in answer
    return answer["data"]["snapshot"]["changes"]


def test_changes_name_what_was_added_updated_and_removed(folder: Path, ask_reader: AskReader) -> None:
    store = MemoryStore(load(folder))
    before = store.reader().info().version
    query = '{ article(by: {slug: "the-bakery-that-opens-at-three-for-the-night-boats"}) { id } }'
    bakery = ask_reader(store.reader())(query)["data"]["article"]["id"]
    edit(folder, "regatta-postponed", "title: ", "subtitle: Not a breath\ntitle: ")
    (removed,) = folder.glob("_news/*the-bakery-that*")
    removed.unlink()
    new = "---\ntitle: Fog\nwebUrl: https://fog.example/fog\npublishedDateTime: 2025-06-01\n---\n"
    (folder / "_news" / "fog.md").write_text(new, encoding="utf-8")
    store.swap(load(folder))

    found = changes(ask_reader(store.reader()), before)
    now = store.reader().info().version
    assert (found["since"], found["version"]) == (before, now)
    assert found["added"] == {"totalCount": 1, "nodes": [{"title": "Fog"}], "aggregate": {"count": 1}}
    assert found["updated"] == {
        "totalCount": 1,
        "nodes": [{"title": "Regatta postponed for lack of wind"}],
        "groupBy": [{"key": "news", "count": 1}],
    }
    assert found["removed"] == [bakery]


def test_cursor_of_what_was_added_is_not_taken_by_what_was_updated(folder: Path, ask_reader: AskReader) -> None:
    store = MemoryStore(load(folder))
    before = store.reader().info().version
    edit(folder, "regatta-postponed", "title: ", "subtitle: Not a breath\ntitle: ")
    (folder / "_news" / "fog.md").write_text(
        "---\ntitle: Fog\nwebUrl: https://fog.example/fog\n---\n", encoding="utf-8"
    )
    store.swap(load(folder))
    ask = ask_reader(store.reader())
    query = "query ($since: String!, $after: String) {{ snapshot {{ changes(since: $since) {{ {}(after: $after) {{ edges {{ cursor }} }} }} }} }}"
    added = ask(query.format("added"), {"since": before})["data"]["snapshot"]["changes"]["added"]["edges"][0]["cursor"]
    assert "errors" not in ask(query.format("added"), {"since": before, "after": added})
    (error,) = ask(query.format("updated"), {"since": before, "after": added})["errors"]
    assert error["extensions"]["code"] == "BAD_CURSOR"


def test_reader_of_before_knows_nothing_of_what_came_after(folder: Path, ask_reader: AskReader) -> None:
    store = MemoryStore(load(folder))
    old = ask_reader(store.reader())
    first = store.reader().info().version
    edit(folder, "regatta-postponed", 'title: "Regatta', 'title: "The regatta')
    store.swap(load(folder))
    second = store.reader().info().version
    query = '{ article(by: {slug: "regatta-postponed-for-lack-of-wind"}) { title } snapshot { version } }'
    assert old(query)["data"] == {
        "article": {"title": "Regatta postponed for lack of wind"},
        "snapshot": {"version": first},
    }
    assert changes(old, second) is None
    assert changes(old, first) == nothing_changed(first)
    assert changes(ask_reader(store.reader()), second) == nothing_changed(second)


def nothing_changed(version: str) -> dict[str, Any]:
    return {
        "since": version,
        "version": version,
        "removed": [],
        "added": {"totalCount": 0, "nodes": [], "aggregate": {"count": 0}},
        "updated": {"totalCount": 0, "nodes": [], "groupBy": []},
    }


def test_changes_are_known_since_each_of_the_last_32_versions(folder: Path, ask_reader: AskReader) -> None:
    small = folder.parent / "small"
    small.mkdir()
    store = MemoryStore(load(small))
    versions = [store.reader().info().version]
    for number in range(34):
        (small / f"{number:02}.md").write_text(f"---\ntitle: Number {number}\n---\n", encoding="utf-8")
        store.swap(load(small))
        versions.append(store.reader().info().version)
    ask = ask_reader(store.reader())
    assert [changes(ask, version) for version in versions[:2]] == [None, None]
    counts = [changes(ask, version)["added"]["totalCount"] for version in versions[2:]]
    assert counts == list(range(32, -1, -1))


def test_pages_of_changes_are_the_whole_list(folder: Path, ask_reader: AskReader) -> None:
    empty = folder.parent / "empty"
    empty.mkdir()
    store = MemoryStore(load(empty))
    version = store.reader().info().version
    store.swap(load(folder))
    ask = ask_reader(store.reader())
    query = """query ($since: String!, $after: String) { snapshot { changes(since: $since) {
      added(first: 20, after: $after) { pageInfo { hasNextPage endCursor } nodes { id } }
    } } }"""
    seen: list[str] = []
    page: dict[str, Any] = {"pageInfo": {"hasNextPage": True, "endCursor": None}}
    while page["pageInfo"]["hasNextPage"]:
        answer = ask(query, {"since": version, "after": page["pageInfo"]["endCursor"]})
        page = answer["data"]["snapshot"]["changes"]["added"]
        seen += [node["id"] for node in page["nodes"]]
    everything = ask("{ articles(first: 100) { nodes { id } } }")["data"]["articles"]["nodes"]
    assert seen == [node["id"] for node in everything]


def test_page_goes_on_where_it_ended_though_the_snapshot_was_exchanged(folder: Path, ask_reader: AskReader) -> None:
    query = "query ($after: String) { articles(first: 10, after: $after, orderBy: [{publishedDateTime: ASC}]) { pageInfo { endCursor } nodes { title } } }"
    store = MemoryStore(load(folder))
    whole = ask_reader(store.reader())(query.replace("10", "100"))["data"]["articles"]["nodes"]
    page = ask_reader(store.reader())(query)["data"]["articles"]
    new = "---\ntitle: Old news\nwebUrl: https://fog.example/fog\npublishedDateTime: 2001-01-01\n---\n"
    (folder / "_news" / "old.md").write_text(new, encoding="utf-8")
    store.swap(load(folder))
    after = {"after": page["pageInfo"]["endCursor"]}
    assert ask_reader(store.reader())(query, after)["data"]["articles"]["nodes"] == whole[10:20]


STRIKE = "s_v5gqyik2und4s2mx"
"""A story of three articles."""


def write_of_the_strike(folder: Path, ask: Ask, title: str, date: str) -> None:
    """An article that belongs to that story: it is of its days, has its words, and relates to all of it."""
    query = "query ($id: ID!) { node(id: $id) { ... on Story { articles { nodes { url } } } } }"
    urls = [node["url"] for node in ask(query, {"id": STRIKE})["data"]["node"]["articles"]["nodes"]]
    related = "".join(f"- webUrl: {url}\n" for url in urls)
    text = (
        f"---\ntitle: {title}\nwebUrl: https://fog.example/strike\npublishedDateTime: {date}\nrelated:\n{related}---\n"
    )
    (folder / "_news" / "strike.md").write_text(text, encoding="utf-8")


def test_story_is_found_by_its_old_id_when_an_earlier_article_takes_the_lead(
    folder: Path, ask_reader: AskReader
) -> None:
    query = "query ($id: ID!) { node(id: $id) { __typename id ... on Story { headline articleCount lead { title } } } }"
    old_id = STRIKE
    store = MemoryStore(load(folder))
    ask = ask_reader(store.reader())
    before = ask(query, {"id": old_id})["data"]["node"]
    assert (before["id"], before["headline"], before["articleCount"]) == (
        old_id,
        "Ferry crews vote to strike over night rosters",
        3,
    )
    write_of_the_strike(folder, ask, "Ferry crews may strike over night rosters", "2024-05-02")
    store.swap(load(folder))
    ask = ask_reader(store.reader())
    after = ask(query, {"id": old_id})["data"]["node"]
    assert after["id"] != old_id
    assert (after["lead"]["title"], after["articleCount"]) == ("Ferry crews may strike over night rosters", 4)
    assert ask(query, {"id": after["id"]})["data"]["node"] == after
    nodes = ask(
        "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": [old_id, after["id"], "s_aaaaaaaaaaaaaaaa"]}
    )
    assert nodes["data"]["nodes"] == [{"id": after["id"]}, {"id": after["id"]}, None]


def test_story_keeps_its_id_when_a_later_article_joins(folder: Path, ask_reader: AskReader) -> None:
    query = "query ($id: ID!) { node(id: $id) { id ... on Story { articleCount lastPublished } } }"
    store = MemoryStore(load(folder))
    write_of_the_strike(folder, ask_reader(store.reader()), "Ferry crews look back at the strike", "2024-05-24")
    store.swap(load(folder))
    assert ask_reader(store.reader())(query, {"id": STRIKE})["data"]["node"] == {
        "id": STRIKE,
        "articleCount": 4,
        "lastPublished": "2024-05-24T00:00:00Z",
    }

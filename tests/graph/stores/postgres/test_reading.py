"""What comes back out of a database: the same snapshot, with the same version, however many there are."""

import asyncio
from dataclasses import fields
from pathlib import Path

import orjson
import pytest

import graph
from graph.building.live_folders import load_snapshot
from graph.building.snapshot import GraphSnapshot
from graph.errors import DatabaseError, LoadError
from graph.stores.live import live_graph
from graph.stores.postgres import reading
from graph.stores.postgres.loading import load_snapshot_into
from graph.stores.postgres.reading import StoredGraph
from tests.folders import document, folder_snapshot
from tests.postgres import Postgres


def assert_comes_back(snapshot: GraphSnapshot, database: Postgres) -> None:
    load_snapshot_into(database.address, snapshot, unpublished=False, kept=3)
    found = graph.load(database.address)
    assert found.version == snapshot.version
    assert list(found.nodes) == list(snapshot.nodes)
    for node_id, node in snapshot.nodes.items():
        for field in fields(node):
            new, old = (getattr(one.nodes[node_id], field.name) for one in (found, snapshot))
            assert (type(new), new) == (type(old), old)
            assert orjson.dumps(new, default=dict) == orjson.dumps(old, default=dict)
    for name in ("ids", "targets", "sources", "parts", "next", "previous", "lookups", "problems", "inventory"):
        assert getattr(found, name) == getattr(snapshot, name), name


def test_seeds(seeds: GraphSnapshot, database: Postgres) -> None:
    assert_comes_back(seeds, database)


def test_odd_values(database: Postgres, tmp_path: Path) -> None:
    files = {
        "a.md": '---\ntitle: "\\u2028 and \\U0001F600"\ndate: 0001-01-01\nnul: "a\\0b"\nf: 1.0\nnested: {b: [1, {a: null}], a: ""}\n---\nBody\\N\ttab [b](b.md).\n',
        "b.md": "---\ntitle: '{\"a\", NULL}'\ndate: 9999-12-31T23:59:59.999999Z\ntags: ['x/y', 'NULL', '\"', '\\']\n---\n",
    }
    snapshot = folder_snapshot(tmp_path, files, unpublished=True)
    assert len(snapshot.nodes) > 4
    assert_comes_back(snapshot, database)


@pytest.mark.thorough
def test_real_articles(azure: GraphSnapshot, database: Postgres) -> None:
    assert_comes_back(azure, database)


@pytest.mark.thorough
def test_real_sites(shared: Path, database: Postgres) -> None:
    for site in sorted(path for path in (shared / "sites").iterdir() if path.is_dir()):
        assert_comes_back(load_snapshot([site]), database)


def test_loading_again_gives_the_very_snapshot_until_there_is_another(
    seeds: GraphSnapshot, blog: GraphSnapshot, database: Postgres
) -> None:
    load_snapshot_into(database.address, seeds, unpublished=False, kept=3)
    live = live_graph([Path(database.address)])
    assert isinstance(live, StoredGraph)
    first, again = live.load(), live.load()
    assert first.snapshots[False] is again.snapshots[False]
    assert (first.parsed_count, again.parsed_count) == (6, 0)
    load_snapshot_into(database.address, blog, unpublished=False, kept=3)
    assert live.load().snapshots[False].version == blog.version


def test_it_tells_of_each_new_version_and_outlives_an_outage(
    seeds: GraphSnapshot, blog: GraphSnapshot, database: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_LOOK", 0.05)
    monkeypatch.setattr(reading, "_PAUSE", 0.05)
    load_snapshot_into(database.address, seeds, unpublished=False, kept=3)

    async def told() -> None:
        changes = StoredGraph(database.address, include_unpublished=False).changes()
        assert await asyncio.wait_for(anext(changes), 30) == frozenset()  # what changed since it was loaded is unknown
        waiting = asyncio.ensure_future(anext(changes))
        await asyncio.sleep(0.5)
        assert not waiting.done()
        database.stop("immediate")
        await asyncio.sleep(0.5)
        assert not waiting.done()
        database.start()
        load_snapshot_into(database.address, blog, unpublished=False, kept=3)
        assert await asyncio.wait_for(waiting, 30) == frozenset()
        await changes.aclose()

    asyncio.run(told())


class TestWhatIsWrong:
    def test_a_database_without_a_graph(self, database: Postgres, seeds: GraphSnapshot) -> None:
        with pytest.raises(DatabaseError, match=r"^There is no graph in the database; `frontgraph load FOLDER --into`"):
            graph.load(database.address)
        load_snapshot_into(database.address, seeds, unpublished=False, kept=3)
        database.do("DELETE FROM frontgraph.version")
        with pytest.raises(DatabaseError, match=r"^There is no graph in the database"):
            graph.load(database.address)

    def test_no_database(self) -> None:
        with pytest.raises(DatabaseError, match=r"^PostgreSQL: [^\n]*refused"):
            graph.load("postgresql://127.0.0.1:1/none")

    @pytest.mark.parametrize(
        ("damage", "message"),
        [
            (
                "UPDATE frontgraph.article SET title = 'other' WHERE title LIKE 'A%'",
                r"Another version of frontgraph loaded the graph",
            ),
            ("DELETE FROM frontgraph.edge WHERE position = 1 AND kind = 'ABOUT'", r"is damaged: .* Load it again\.$"),
            (
                "UPDATE frontgraph.version SET facts = '{\"frontgraph\": 2}'",
                r"Another version of frontgraph loaded the graph",
            ),
        ],
    )
    def test_a_graph_that_is_damaged(self, damage: str, message: str, database: Postgres, seeds: GraphSnapshot) -> None:
        load_snapshot_into(database.address, seeds, unpublished=False, kept=3)
        database.do(damage)
        with pytest.raises(DatabaseError, match=message):
            graph.load(database.address)

    def test_what_a_site_hides_is_loaded_by_those_alone_who_ask_for_it(
        self, database: Postgres, tmp_path: Path
    ) -> None:
        snapshot = folder_snapshot(tmp_path, {"a.md": document(title="A", draft="true")}, unpublished=True)
        load_snapshot_into(database.address, snapshot, unpublished=True, kept=3)
        with pytest.raises(LoadError, match=r"built with --unpublished, so it holds what its site hides"):
            graph.load(database.address)
        assert len(graph.load(database.address, include_unpublished=True).nodes) == 1

    def test_who_may_only_read_reads(self, database: Postgres, seeds: GraphSnapshot) -> None:
        load_snapshot_into(database.address, seeds, unpublished=False, kept=3)
        database.do("CREATE ROLE only_reads LOGIN")
        database.do("GRANT USAGE ON SCHEMA frontgraph TO only_reads")
        database.do("GRANT SELECT ON ALL TABLES IN SCHEMA frontgraph TO only_reads")
        assert graph.load(database.address.replace("postgres@", "only_reads@")).version == seeds.version

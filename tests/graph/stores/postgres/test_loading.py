"""Loading into PostgreSQL: every version is there as a whole, only what changed is written, and whatever breaks leaves what was."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import orjson
import psycopg
import pytest

from graph.building.live_folders import LiveFolders
from graph.building.snapshot import GraphSnapshot
from graph.errors import DatabaseError
from graph.stores.postgres.contents import Rows, contents
from graph.stores.postgres.loading import load_snapshot_into
from graph.tables.manifest import manifest_of
from tests.cases import number_of_cases, random_from
from tests.folders import document, folder_snapshot, write_folder
from tests.postgres import Postgres

Content = dict[str, list[tuple[Any, ...]]]


def store(database: Postgres, snapshot: GraphSnapshot, kept: int = 32) -> tuple[int, bool, int, int]:
    stored = load_snapshot_into(database.address, snapshot, unpublished=False, kept=kept)
    return stored.number, stored.is_news, stored.written, stored.ended


def in_snapshot(snapshot: GraphSnapshot) -> Content:
    """What the tables should hold, each row as text, sorted."""
    return {rows.table: sorted(plain(rows, row) for row in rows.rows) for rows in contents(snapshot)}


def in_database(database: Postgres, number: int, snapshot: GraphSnapshot) -> Content:
    """What the tables hold of a version."""
    found: Content = {}
    with psycopg.connect(database.address, autocommit=True) as connection:
        connection.execute("SET time zone 'UTC'")
        for rows in contents(snapshot):
            names = ", ".join(rows.columns)
            statement = f"SELECT {names} FROM frontgraph.{rows.table} WHERE born <= %s AND died > %s"
            answer = connection.execute(statement.encode(), [number, number])
            found[rows.table] = sorted(plain(rows, row) for row in answer)
    return found


def plain(rows: Rows, row: Sequence[Any]) -> tuple[str, ...]:
    """Values that can be compared and sorted: moments in one zone, JSON as it means."""
    values = zip(rows.columns, row, strict=True)
    return tuple(repr(_plain(value, (rows.table, name) in JSON)) for name, value in values)


def _plain(value: Any, is_json: bool) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return orjson.loads(value) if is_json and isinstance(value, str) else value


JSON = {
    *(("article", name) for name in ("images", "links", "front_matter", "conflicts")),
    *((table, "images") for table in ("provider", "topic", "person")),
    ("problem", "path"),
}


def test_all_that_a_snapshot_holds_is_there(seeds: GraphSnapshot, database: Postgres) -> None:
    number, is_news, written, ended = store(database, seeds)
    expected = in_snapshot(seeds)
    assert (number, is_news, ended) == (1, True, 0)
    assert written == sum(map(len, expected.values())) > 500
    assert all(expected.values())
    assert in_database(database, 1, seeds) == expected
    [(version, unpublished, facts)] = database.query("SELECT version, unpublished, facts FROM frontgraph.version")
    assert (version, unpublished) == (seeds.version, False)
    manifest = manifest_of(facts)
    assert (manifest.version, manifest.inventory) == (seeds.version, seeds.inventory)


@pytest.mark.thorough
def test_real_articles_are_there(azure: GraphSnapshot, database: Postgres) -> None:
    store(database, azure)
    assert in_database(database, 1, azure) == in_snapshot(azure)


def test_the_same_graph_is_no_news(seeds: GraphSnapshot, database: Postgres) -> None:
    store(database, seeds)
    before = database.query("SELECT count(*), max(xmin::text) FROM frontgraph.edge")
    assert store(database, seeds) == (1, False, 0, 0)
    assert database.query("SELECT count(*), max(xmin::text) FROM frontgraph.edge") == before


def test_only_what_changed_is_written(database: Postgres, tmp_path: Path) -> None:
    files = {f"{number}.md": document(title=f"Title {number}", tags="[a, b]") for number in range(50)}
    store(database, folder_snapshot(tmp_path, files))
    _, is_news, written, ended = store(
        database, folder_snapshot(tmp_path, {"7.md": document(title="Other", tags="[a, b]")})
    )
    assert is_news
    assert (written, ended) == (2, 2)  # the article and its fingerprint
    _, _, written, ended = store(database, folder_snapshot(tmp_path, {"7.md": document(title="Other", tags="[a]")}))
    changed = dict(database.query("SELECT rows_of, count(*) FROM frontgraph.piece GROUP BY 1"))
    assert changed["article"] == 50
    current = database.query(
        "SELECT position FROM frontgraph.current_edges e JOIN frontgraph.current_articles a ON a.id = e.source WHERE a.title = 'Other'"
    )
    assert current == [(1,)]


class TestManyVersions:
    """A folder that is edited at random; each version is compared with the snapshot that it was loaded from."""

    def edits(self, folder: Path, draw: Random) -> Iterator[None]:
        names = [f"{name}.md" for name in "abcdefgh"]
        while True:
            for _ in range(draw.randint(1, 3)):
                path = folder / draw.choice(names)
                if path.exists() and draw.random() < 0.3:
                    path.unlink()
                else:
                    tags = draw.sample(["x", "y", "z"], draw.randint(0, 3))
                    links = " ".join(f"[l]({name})" for name in draw.sample(names, 2))
                    text = document(
                        title=draw.choice("ABC"), tags=f"[{', '.join(tags)}]", date=f"2024-01-0{draw.randint(1, 9)}"
                    )
                    write_folder(folder, {path.name: f"{text}{links}\n"})
            yield

    def test_each_stays_what_it_was(self, database: Postgres, tmp_path: Path) -> None:
        draw = random_from(19)
        write_folder(tmp_path, {"always.md": document(title="Always")})
        live = LiveFolders([tmp_path])
        known: dict[int, GraphSnapshot] = {}
        for _, _ in zip(range(number_of_cases(60)), self.edits(tmp_path, draw), strict=False):
            snapshot = live.load().snapshots[False]
            number, *_ = store(database, snapshot, kept=1_000)
            known[number] = snapshot
        assert len(known) > 5
        for number, snapshot in known.items():
            assert in_database(database, number, snapshot) == in_snapshot(snapshot), number

    def test_those_that_are_not_kept_leave_nothing(self, database: Postgres, tmp_path: Path) -> None:
        snapshots = [
            folder_snapshot(tmp_path, {"a.md": document(title=f"T{number}", tags=f"[t{number}]")})
            for number in range(5)
        ]
        for snapshot in snapshots:
            store(database, snapshot, kept=2)
        assert database.query("SELECT number FROM frontgraph.version ORDER BY 1") == [(4,), (5,)]
        assert database.query("SELECT count(*) FROM frontgraph.article") == [(2,)]
        for number in (4, 5):
            assert in_database(database, number, snapshots[number - 1]) == in_snapshot(snapshots[number - 1])


class TestOneAfterTheOther:
    def test_loaders_at_once_do_not_mix(self, database: Postgres, tmp_path: Path) -> None:
        snapshots = [
            folder_snapshot(
                tmp_path / str(number),
                {f"{name}.md": document(title=f"{name} {number}", tags=f"[t{number}]") for name in range(30)},
            )
            for number in range(3)
        ]
        failures: list[BaseException] = []

        def run(snapshot: GraphSnapshot) -> None:
            try:
                for _ in range(4):
                    store(database, snapshot, kept=1_000)
            except BaseException as failure:
                failures.append(failure)

        threads = [threading.Thread(target=run, args=(snapshot,)) for snapshot in snapshots]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        versions = {snapshot.version: snapshot for snapshot in snapshots}
        rows = database.query("SELECT number, version FROM frontgraph.version ORDER BY 1")
        assert [number for number, _ in rows] == list(range(1, len(rows) + 1))
        for number, version in rows:
            snapshot = versions[version]
            assert in_database(database, number, snapshot) == in_snapshot(snapshot)

    def test_a_reader_has_one_version_from_beginning_to_end(
        self, seeds: GraphSnapshot, blog: GraphSnapshot, database: Postgres
    ) -> None:
        store(database, seeds)
        with psycopg.connect(database.address) as reader:
            number = reader.execute("SELECT max(number) FROM frontgraph.version").fetchone()
            store(database, blog)
            titles = "SELECT count(*) FROM frontgraph.article WHERE born <= %s AND died > %s"
            assert number == (1,)
            assert reader.execute(titles, [1, 1]).fetchone() == (len(seeds.ids[next(iter(seeds.ids))]),)


class TestWhatBreaks:
    @pytest.mark.thorough
    def test_a_loader_that_is_killed_leaves_a_whole_version(self, database: Postgres, tmp_path: Path) -> None:
        """At ten moments drawn from the time that loading takes."""
        snapshots = []
        for number in (0, 1):
            files = {f"{name}.md": document(title=f"{name} {number}", tags="[a, b]") for name in range(400)}
            snapshots.append(folder_snapshot(tmp_path / str(number), files))
        store(database, snapshots[0])
        versions = {snapshot.version: snapshot for snapshot in snapshots}
        draw = Random(7)
        for _ in range(10):
            command = [sys.executable, "-c", _ALTERNATE, database.address, str(tmp_path)]
            with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
                assert process.stdout is not None
                process.stdout.readline()
                time.sleep(draw.uniform(0, 0.5))
                process.kill()
            [(number, version)] = database.query(
                "SELECT number, version FROM frontgraph.version ORDER BY 1 DESC LIMIT 1"
            )
            snapshot = versions[version]
            assert in_database(database, number, snapshot) == in_snapshot(snapshot)
        store(database, snapshots[1])
        store(database, snapshots[0])
        assert in_database(database, latest(database), snapshots[0]) == in_snapshot(snapshots[0])

    def test_a_database_that_crashes_meanwhile_keeps_what_it_had(
        self, seeds: GraphSnapshot, blog: GraphSnapshot, database: Postgres
    ) -> None:
        store(database, seeds)
        with suppress(psycopg.OperationalError), psycopg.connect(database.address) as holder:  # the loader waits for it
            holder.execute("LOCK TABLE frontgraph.edge IN ACCESS EXCLUSIVE MODE")
            failures: list[DatabaseError] = []

            def run() -> None:
                with pytest.raises(DatabaseError) as failure:
                    store(database, blog)
                failures.append(failure.value)

            thread = threading.Thread(target=run)
            thread.start()
            waiting = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'frontgraph load' AND wait_event_type = 'Lock'"
            while database.query(waiting) == [(0,)]:
                time.sleep(0.02)
            database.stop("immediate")
            thread.join()
        database.start()
        assert str(failures[0]).startswith("PostgreSQL: ")
        assert latest(database) == 1
        assert in_database(database, 1, seeds) == in_snapshot(seeds)
        assert store(database, blog)[:2] == (2, True)

    def test_who_may_not_write_is_told(self, seeds: GraphSnapshot, database: Postgres) -> None:
        store(database, seeds)
        database.do("CREATE ROLE reader LOGIN")
        database.do("GRANT USAGE ON SCHEMA frontgraph TO reader")
        with pytest.raises(DatabaseError, match=r"^PostgreSQL: permission denied for "):
            load_snapshot_into(database.address.replace("postgres@", "reader@"), seeds, False, 3)
        database.do("REVOKE ALL ON SCHEMA frontgraph FROM reader")
        database.do("DROP ROLE reader")

    def test_a_database_in_another_encoding_is_refused(self, seeds: GraphSnapshot, database: Postgres) -> None:
        other = database.with_database("latin", "ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'")
        with pytest.raises(DatabaseError, match=r"encoding has to be UTF8; create it with `ENCODING 'UTF8'`\.$"):
            store(other, seeds)

    def test_a_database_that_a_newer_program_used_is_left_alone(self, seeds: GraphSnapshot, database: Postgres) -> None:
        store(database, seeds)
        database.do("INSERT INTO frontgraph.migration VALUES ('9999_future.sql')")
        with pytest.raises(
            DatabaseError, match=r"A newer version of frontgraph has used this database \(9999_future\.sql\)"
        ):
            store(database, seeds)

    def test_no_database_at_all_is_told_on_one_line(self, seeds: GraphSnapshot) -> None:
        with pytest.raises(DatabaseError, match=r"^PostgreSQL: [^\n]*refused[^\n]*$"):
            load_snapshot_into("postgresql://nobody:secret@127.0.0.1:1/none", seeds, False, 3)


def latest(database: Postgres) -> int:
    [(number,)] = database.query("SELECT max(number) FROM frontgraph.version")
    return int(number)


_ALTERNATE = """
import sys
from itertools import cycle
from pathlib import Path
from graph.building.live_folders import load_snapshot
from graph.stores.postgres.loading import load_snapshot_into
snapshots = [load_snapshot([Path(sys.argv[2]) / number]) for number in ("1", "0")]
print("begun", flush=True)
for snapshot in cycle(snapshots):
    load_snapshot_into(sys.argv[1], snapshot, False, 3)
"""

"""Loading again: the same graph as a full load, whatever was edited, and the same objects wherever nothing was."""

import json
import random
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest

from graph.affinity import providers_around, related_by_topic, topics_beside
from graph.changes import fingerprint
from graph.hubs import hubs
from graph.loading import load_snapshot
from graph.metrics import metrics
from graph.model import NodeKind
from graph.reload import LiveFolders
from graph.snapshot import GraphSnapshot
from graph.stories import stories

SEEDS = Path(__file__).parents[2] / "seeds"
BOTH = (False, True)


def content(snapshot: GraphSnapshot) -> dict[str, Any]:
    """All that a snapshot holds, in its order, and of which types."""
    return {
        "version": snapshot.version,
        "nodes": repr(snapshot.nodes),
        "ids": repr(snapshot.ids),
        "targets": repr(snapshot.targets),
        "sources": repr(snapshot.sources),
        "counts": repr(snapshot.edge_counts),
        "digests": repr(snapshot.digests),
        "lookups": repr(snapshot.lookups),
        "problems": repr(snapshot.problems),
    }


def derived(snapshot: GraphSnapshot) -> list[str]:
    """What follows from it, some of which is shared between snapshots."""
    nodes = [
        (providers_around, NodeKind.PROVIDER),
        (related_by_topic, NodeKind.ARTICLE),
        (topics_beside, NodeKind.TOPIC),
    ]
    around = [{found: answer(snapshot, found) for found in snapshot.ids[kind]} for answer, kind in nodes]
    whole = (metrics(snapshot), sorted(hubs(snapshot)), stories(snapshot), fingerprint(snapshot), around)
    return [*map(repr, whole), repr(list(snapshot.digraph.edges(data=True)))]


def assert_as_a_full_load(live: LiveFolders, folders: list[Path], visibilities: Collection[bool] = BOTH) -> None:
    snapshots = live.reload().snapshots
    for include_unpublished in visibilities:
        whole = load_snapshot(folders, include_unpublished)
        assert content(snapshots[include_unpublished]) == content(whole)
        assert derived(snapshots[include_unpublished]) == derived(whole)


class Author:
    """Does what people, editors and tools do to a folder, by chance."""

    def __init__(self, chance: random.Random, folder: Path) -> None:
        self._chance = chance
        self._folder = folder
        self._names = [f"{letter}.md" for letter in "abcdefg"] + ["sub/h.md", "sub/2024-01-02-a.md", "page.html"]
        for name in self._names[:6]:
            self.write(name)

    def act(self) -> None:
        act = self._chance.choices(
            [self.write, self.hide, self.rename, self.delete, self.spoil, self.retitle, self.catalogue, self.arrange],
            weights=[5, 2, 2, 2, 2, 3, 2, 1],
        )[0]
        act()

    def _name(self) -> str:
        return self._chance.choice(self._names)

    def _existing(self) -> Path | None:
        found = sorted(path for path in self._folder.rglob("*") if path.is_file())
        return self._chance.choice(found) if found else None

    def write(self, name: str | None = None) -> None:
        """An article with few possible values, so that URLs, slugs and dates collide often."""
        chance = self._chance
        url = chance.choice(
            ["https://p.example/a", "http://www.p.example/A/", "https://p.example/b?utm_x=1", None, None, "nonsense"]
        )
        fields = {
            "title": chance.choice(["One", "Two", "", None, 3]),
            "webUrl": url,
            "originalUrl": chance.choice([None, "https://p.example/b", "https://o.example/c"]),
            "ampWebUrl": chance.choice([None, "https://p.example/b"]),
            "slug": chance.choice([None, "a", "b", "c"]),
            "publishedDateTime": chance.choice([None, "2024-01-01", "2024-02-02T10:00:00+02:00", "soon"]),
            "quality": chance.choice([None, 1, 2, "x"]),
            "published": chance.choice([True, True, False]),
            "extra": chance.choice([1, True, 1.0, {"a": [None]}]),
            "provider": chance.choice([None, "P", {"name": "P one", "domain": "p.example"}, {"name": "p", "domain": "p.example"}, "Q"]),
            "topics": chance.sample(["AI", "ai", "Energy", "C++", "!!"], chance.randrange(4)),
            "images": chance.choice([[], [{"url": "https://p.example/i"}], [{"url": "https://p.example/i", "width": 3}]]),
            "related": [self._item() for _ in range(chance.randrange(5))],
        }  # fmt: skip
        text = "".join(f"{key}: {json.dumps(value)}\n" for key, value in fields.items() if value is not None)
        self._put(name or self._name(), f"---\n{text}---\n{chance.choice(['', 'Body', 'Other body'])}\n")

    def _item(self) -> object:
        chance = self._chance
        if chance.random() < 0.4:
            return chance.choice(["a", "b", "c", "h", "nobody", "https://p.example/a", 7])
        item = {
            "webUrl": chance.choice(["https://p.example/a", "https://p.example/b", "https://q.example/d", None]),
            "slug": chance.choice([None, "a", "c", "e"]),
            "title": chance.choice([None, "One", "Three"]),
            "quality": chance.choice([None, 1, 5]),
            "publishedDateTime": chance.choice([None, "2024-01-01"]),
            "provider": chance.choice([None, {"name": "p", "domain": "p.example"}, {"name": "R", "domain": "r.example"}]),
        }  # fmt: skip
        return {key: value for key, value in item.items() if value is not None}

    def _put(self, name: str, text: str) -> None:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def hide(self) -> None:
        if path := self._existing():
            text = path.read_text()
            flipped = text.replace("published: true", "published: false")
            path.write_text(flipped if flipped != text else text.replace("published: false", "published: true"))

    def retitle(self) -> None:
        if path := self._existing():
            path.write_text(path.read_text().replace("title: ", f'title: "{self._chance.randrange(9)}" # ', 1))

    def rename(self) -> None:
        if path := self._existing():
            target = self._folder / self._name()
            target.parent.mkdir(exist_ok=True)
            path.replace(target)

    def delete(self) -> None:
        if path := self._existing():
            path.unlink()

    def spoil(self) -> None:
        """As half-written files are, and those in which an author forgot something."""
        if path := self._existing():
            data = path.read_bytes()
            path.write_bytes(self._chance.choice([data[: len(data) // 2], b"", data + b"\0", b"---\ntitle: [\n---\n"]))

    def catalogue(self) -> None:
        chance = self._chance
        if chance.random() < 0.5:
            lines = [
                f"name: {chance.choice(['AI', 'Energy', 'Sea'])}",
                f"parent: {chance.choice(['AI', 'Energy', 'Unknown'])}",
            ]
            self._put(f"_data/topics/{chance.choice('xyz')}.yaml", "\n".join(chance.sample(lines, chance.randrange(3))))  # fmt: skip
        else:
            text = f"---\nname: P of {chance.choice('xyz')}\ndomain: p.example\npublished: {chance.choice(['true', 'false'])}\n---\n"
            self._put(f"_data/organizations/{chance.choice('xy')}.md", text)

    def arrange(self) -> None:
        """Folders appear, move and go; links lead to files, to folders and out."""
        sub, moved = self._folder / "sub", self._folder / "moved.md"
        match self._chance.randrange(4):
            case 0:
                shutil.rmtree(sub, ignore_errors=True)
            case 1 if sub.is_dir() and not moved.exists():
                sub.rename(moved)
            case 2:
                shutil.rmtree(moved, ignore_errors=True)
            case _:
                link = self._folder / f"link{self._chance.randrange(3)}.md"
                link.unlink(missing_ok=True)
                link.symlink_to(self._chance.choice(["a.md", "sub", "nowhere.md", "..", "b.md"]))


@pytest.mark.parametrize("seed", range(20))
def test_reload_equals_a_full_load_after_any_edits(tmp_path: Path, seed: int) -> None:
    chance, folder = random.Random(seed), tmp_path / "docs"
    folder.mkdir()
    author, live = Author(chance, folder), LiveFolders([folder], BOTH)
    live.load()

    for _ in range(25):
        for _ in range(chance.choice([0, 1, 1, 1, 2, 6])):
            author.act()
        assert_as_a_full_load(live, [folder])


def test_several_folders_are_reloaded_as_they_are_loaded(tmp_path: Path) -> None:
    chance = random.Random(5)
    folders = [tmp_path / "one" / "docs", tmp_path / "two" / "docs"]
    for folder in folders:
        folder.mkdir(parents=True)
    authors = [Author(chance, folder) for folder in folders]
    live = LiveFolders(folders, BOTH)
    for _ in range(30):
        chance.choice(authors).act()
        assert_as_a_full_load(live, folders)


def test_seeds_are_reloaded_as_they_are_loaded(tmp_path: Path) -> None:
    chance, folder = random.Random(7), tmp_path / "seeds"
    shutil.copytree(SEEDS, folder)
    author, live = Author(chance, folder), LiveFolders([folder], BOTH, tmp_path / "cache")
    live.load()
    for _ in range(15):
        author.act()
        assert_as_a_full_load(live, [folder])


@pytest.fixture(scope="module")
def azure_copy(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(corpus, tmp_path_factory.mktemp("live") / "azure"))


def test_corpus_is_reloaded_as_it_is_loaded(azure_copy: Path) -> None:
    chance, live = random.Random(11), LiveFolders([azure_copy], BOTH)
    live.load()
    author = Author(chance, azure_copy)
    names = sorted(azure_copy.rglob("*.md")) or sorted(azure_copy.rglob("*.html"))
    for _ in range(4):
        for path in chance.sample([name for name in names if name.exists()], 20):
            match chance.randrange(4):
                case 0:
                    path.unlink()
                case 1:
                    path.rename(path.with_name(f"renamed-{path.name}"))
                case 2:
                    path.write_text(path.read_text().replace("published: false", "published: true", 1))
                case _:
                    path.write_text(path.read_text().replace("\ntitle: ", "\ntitle: Anew ", 1))
        author.act()
        snapshots = live.reload().snapshots
        for include_unpublished in BOTH:
            assert content(snapshots[include_unpublished]) == content(load_snapshot([azure_copy], include_unpublished))

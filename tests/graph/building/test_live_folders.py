"""Loading again: the same graph as a full load, whatever was edited, and the same objects wherever nothing was."""

import gc
import json
import os
import random
import shutil
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from graph.analysis.affinity import cooccurring_topics, providers_around, related_by_topic
from graph.analysis.hubs import hubs
from graph.analysis.metrics import metrics
from graph.analysis.stories import stories
from graph.building import articles, body_links, lookups
from graph.building.changes import fingerprint
from graph.building.live_folders import LiveFolders, Loaded, load_snapshot
from graph.building.merge import merge
from graph.building.snapshot import GraphSnapshot, build_snapshot
from graph.errors import FolderError
from graph.model import EdgeKind, NodeKind
from graph.reading.loader import load_folders
from graph.reading.parse_cache import ParseCache
from graph.reading.parsing import parse_source
from graph.stores.warming import warm, warm_rest, warm_soon
from graph.synth.sites import SiteKind, write_site
from tests.cases import number_of_cases, random_from
from tests.folders import document, write_folder

SEEDS = Path(__file__).parents[3] / "seeds"
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
        (cooccurring_topics, NodeKind.TOPIC),
    ]
    around = [{found: answer(snapshot, found) for found in snapshot.ids[kind]} for answer, kind in nodes]
    whole = (metrics(snapshot), sorted(hubs(snapshot)), stories(snapshot), fingerprint(snapshot), around)
    return [*map(repr, whole), repr(list(snapshot.digraph.edges(data=True)))]


def assert_as_a_full_load(
    live: LiveFolders, folders: list[Path], visibilities: Collection[bool] = BOTH, touched: Collection[str] = ()
) -> None:
    snapshots = live.load(touched=touched).snapshots
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


@pytest.mark.parametrize("seed", range(number_of_cases(20)))
def test_reload_equals_a_full_load_after_any_edits(tmp_path: Path, seed: int) -> None:
    chance, folder = random_from(seed), tmp_path / "docs"
    folder.mkdir()
    author, live = Author(chance, folder), LiveFolders([folder], BOTH)
    live.load()

    for _ in range(number_of_cases(25)):
        for _ in range(chance.choice([0, 1, 1, 1, 2, 6])):
            author.act()
        assert_as_a_full_load(live, [folder])


def test_one_article_is_made_anew_where_one_file_changes_or_comes_and_names_are_found_again_where_they_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_site(tmp_path / "site", SiteKind.HUGO, 60, seed=3)
    live = LiveFolders([tmp_path / "site"])
    live.load()
    done: list[str] = []

    def counted(module: ModuleType, name: str) -> None:
        make = getattr(module, name)

        def noted(*given: Any) -> Any:
            done.append(name)
            return make(*given)

        monkeypatch.setattr(module, name, noted)

    counted(articles, "_article")
    counted(body_links, "_leads")
    counted(lookups, "_of_articles")
    path = next(path for path in sorted((tmp_path / "site").rglob("*.md")) if "draft" not in path.read_text("utf-8"))

    path.write_text(path.read_text("utf-8") + "\n[x](/nowhere/)\n", "utf-8")
    live.load()
    assert done == ["_leads", "_article"]

    path.with_name("another.md").write_text("---\ntitle: Another\n---\n[x](/nowhere/)\n", "utf-8")
    live.load()
    assert done == ["_leads", "_article"] * 2 + ["_of_articles"]


def test_several_folders_are_reloaded_as_they_are_loaded(tmp_path: Path) -> None:
    chance = random_from(25)
    folders = [tmp_path / "one" / "docs", tmp_path / "two" / "docs"]
    for folder in folders:
        folder.mkdir(parents=True)
    authors = [Author(chance, folder) for folder in folders]
    live = LiveFolders(folders, BOTH)
    for _ in range(number_of_cases(30)):
        chance.choice(authors).act()
        assert_as_a_full_load(live, folders)


@pytest.mark.thorough
def test_seeds_are_reloaded_as_they_are_loaded(tmp_path: Path) -> None:
    chance, folder = random_from(27), tmp_path / "seeds"
    shutil.copytree(SEEDS, folder)
    author, live = Author(chance, folder), LiveFolders([folder], BOTH, tmp_path / "cache")
    live.load()
    for _ in range(15):
        author.act()
        assert_as_a_full_load(live, [folder])


@pytest.mark.parametrize(("kind", "seed"), [(kind, seed) for seed, kind in enumerate(SiteKind)])
def test_site_is_reloaded_as_it_is_loaded(tmp_path: Path, kind: SiteKind, seed: int) -> None:
    """Names serve on while none changes, and links lead where they would: to names that come, go and mean something else."""
    chance, folder = random_from(seed), tmp_path / "site"
    write_site(folder, kind, 6, seed)
    live = LiveFolders([folder], BOTH)
    live.load()
    for _ in range(15):
        paths = sorted(folder.rglob("*.md"))
        path, other = chance.choice(paths), chance.choice(paths)
        text = path.read_text()
        match chance.choice(["body", "body", "title", "tags", "alias", "date", "draft", "delete", "move", "copy"]):
            case "body":
                links = f"[{chance.choice('ab')}]({other.name}) [[{other.stem}]] [[gone]] [c](/gone/)\n"
                path.write_text(f"{text}\n{chance.choice([links, 'Words.', '[s](/x/)'])}\n")
            case "delete" if len(paths) > 4:
                path.unlink()
            case "move":
                path.rename(path.with_name(f"gone{chance.choice(['', '-2'])}.md"))
            case "copy":
                other.write_text(text)
            case field:
                said = {
                    "title": f"title: {chance.choice(['One', 'Two', '3'])}",
                    "tags": f"tags: [{chance.choice(['Sea', 'sea', 'Snow'])}]",
                    "alias": f"aliases: [{chance.choice(['gone', '/gone/', '/x/'])}]",
                    "date": f"date: {chance.choice(['2021-01-01', '2031-01-01'])}",
                }.get(field, "draft: true")
                path.write_text(_with_field(text, said))
        assert_as_a_full_load(live, [folder])


def _with_field(text: str, said: str) -> str:
    """The text with a line of front matter in place of that with the same key."""
    front, body = text.removeprefix("---\n").split("---\n", 1) if text.startswith("---\n") else ("", text)
    lines = [line for line in front.splitlines() if not line.startswith(said.partition(":")[0])]
    return "\n".join(["---", *lines, said, "---", body])


LAYOUTS: dict[str, tuple[dict[str, str], list[str]]] = {
    "hugo": (
        {"hugo.toml": 'baseURL = "https://ex.com/"\ndefaultContentLanguage = "en"\n[languages.en]\n[languages.de]\n'},
        ["content", "content/posts", "content/posts/frost", "content/notes", "content/tags/sea"],
    ),
    "jekyll": ({"_config.yml": "url: https://ex.com\npermalink: pretty\n"}, ["", "_posts", "docs", "docs/frost"]),
    "zola": ({"config.toml": 'base_url = "https://ex.com"\ntitle = "Z"\n'}, ["content", "content/posts", "content/a"]),
    "eleventy": ({".eleventy.js": "module.exports = {}\n"}, ["", "posts", "posts/frost"]),
    "docusaurus": (
        {"docusaurus.config.js": "module.exports = {url: 'https://ex.com', baseUrl: '/', i18n: {defaultLocale: 'en', locales: ['en', 'fr']}}\n"},
        ["docs", "docs/sea", "blog", "versioned_docs/version-1.0", "i18n/fr/docusaurus-plugin-content-docs/current"],
    ),
    "mkdocs": ({"mkdocs.yml": "site_name: M\nsite_url: https://ex.com/\n"}, ["docs", "docs/sea", "docs/sea/deep"]),
    "obsidian": ({".obsidian/app.json": "{}"}, ["", "Notes", "Notes/Deep", "Other"]),
    "astro": ({"astro.config.mjs": "export default {site: 'https://ex.com'}\n"}, ["src/content/blog", "src/content/notes", "src/pages"]),
    "pelican": ({"pelicanconf.py": "SITEURL = 'https://ex.com'\nPATH = 'content'\n"}, ["content", "content/sea", "content/pages"]),
    "plain": ({}, ["", "en", "de", "en/sea", "de/sea"]),
}  # fmt: skip
"""Of each system a configuration, and folders of documents."""
NAMES = [
    *("frost.md", "rime.md", "index.md", "_index.md", "README.md", "frost.de.md", "index.de.md"),
    *("2024-01-02-frost.md", "2024-01-02-rime.md", "Frost.md"),
]
TARGETS = [
    *("frost", "rime", "sea/frost", "../frost.md", "frost.md", "./rime.md", "/posts/frost/", "/frost", "https://ex.com/frost/"),
    *("/2024/01/02/frost/", "https://other.example/a", "https://www.ex.com/posts/rime", "frost/index.md", "cold", "frots", "#"),
]  # fmt: skip


class Owner:
    """Adds, removes, renames and moves documents of a site in which few names mean many articles."""

    def __init__(self, chance: random.Random, folder: Path, folders: list[str]) -> None:
        self._chance = chance
        self._folder = folder
        self._folders = folders

    def act(self) -> None:
        acts = [self.write, self.delete, self.move, self.copy, self.describe, self.arrange]
        self._chance.choices(acts, weights=[6, 2, 3, 1, 1, 1])[0]()

    def write(self) -> None:
        chance, path = self._chance, self._free()
        fields = {
            "title": chance.choice(["Frost", "Rime", "Sea"]),
            "date": chance.choice([None, None, "2024-01-02", "2023-05-05", "2051-01-01"]),
            "slug": chance.choice([None, None, None, "frost", "cold"]),
            "aliases": chance.choice([None, None, '["cold"]', '["/frost/", "rime"]', '["/posts/frost"]']),
            "permalink": chance.choice([None, None, None, "/frost/", "/cold/"]),
            "webUrl": chance.choice([None, None, None, "https://other.example/a", "https://ex.com/frost"]),
            "related": chance.choice([None, None, '["frost", "cold"]', '[{webUrl: "https://other.example/a", title: A}]']),
            "next": chance.choice([None, None, "rime"]),
            "tags": chance.choice([None, "[sea]", "[Sea, ice]"]),
            "authors": chance.choice([None, "[ann]"]),
            "language": chance.choice([None, None, None, "de"]),
            "draft": chance.choice([None, None, None, "true"]),
        }  # fmt: skip
        front = "".join(f"{key}: {value}\n" for key, value in fields.items() if value is not None)
        path.write_text(f"---\n{front}---\n{self._body()}\n")

    def _body(self) -> str:
        targets = self._chance.sample(TARGETS, self._chance.randrange(5))
        ways = ["[a]({})", "[[{}]]", '{{{{< relref "{}" >}}}}', "[b](@/{})", "{{% link {} %}}", "{{% post_url {} %}}"]
        return "Words. " + " ".join(self._chance.choice(ways).format(target) for target in targets)

    def _free(self) -> Path:
        path = self._folder / self._chance.choice(self._folders) / self._chance.choice(NAMES)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def _existing(self) -> Path:
        found = sorted(self._folder.rglob("*.md"))
        if not found:
            self.write()
            return self._existing()
        return self._chance.choice(found)

    def delete(self) -> None:
        self._existing().unlink()

    def move(self) -> None:
        self._existing().replace(self._free())

    def copy(self) -> None:
        (self._folder / "copied.md").write_bytes(self._existing().read_bytes())

    def describe(self) -> None:
        """Terms and authors get other names, and lose them."""
        chance = self._chance
        for name, text in (("authors.yml", "ann: {name: Ann Lee}\n"), ("topics/sea.yml", "name: Ocean\nslug: sea\n")):
            for data in ("_data", "data"):
                path = self._folder / data / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.unlink(missing_ok=True)
                if chance.random() < 0.5:
                    path.write_text(text)

    def arrange(self) -> None:
        """A folder of documents moves into another one, or goes."""
        source = self._folder / self._chance.choice(self._folders)
        target = self._folder / self._chance.choice(self._folders) / "moved"
        if source != self._folder and source.is_dir() and not target.is_relative_to(source):
            shutil.rmtree(target, ignore_errors=True)
            if self._chance.random() < 0.7:
                target.parent.mkdir(parents=True, exist_ok=True)
                source.rename(target)
            else:
                shutil.rmtree(source)


@pytest.mark.parametrize(("system", "seed"), [(system, seed) for seed, system in enumerate(LAYOUTS)])
def test_files_that_come_go_and_move_leave_what_a_full_load_finds(tmp_path: Path, system: str, seed: int) -> None:
    chance, folder = random_from(seed), tmp_path / "site"
    configuration, folders = LAYOUTS[system]
    write_folder(folder, {**configuration, "notes.txt": ""})
    owner = Owner(chance, folder, folders)
    for _ in range(12):
        owner.write()
    live = LiveFolders([folder], BOTH)
    live.load()
    for _ in range(number_of_cases(60)):
        before = stamps(folder)
        for _ in range(chance.choice([1, 1, 1, 3])):
            owner.act()
        touched = {path for path, _ in before ^ stamps(folder)}
        assert_as_a_full_load(live, [folder], touched=touched if chance.random() < 0.7 else ())


def stamps(folder: Path) -> set[tuple[str, object]]:
    """Of files and folders, by which those are known that were touched; a folder is, if it comes or goes."""
    found = ((path, path.stat()) for path in folder.rglob("*"))
    return {(str(path), path.is_dir() or (status.st_ino, status.st_mtime_ns)) for path, status in found}


@pytest.fixture(scope="module")
def azure_copy(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(corpus, tmp_path_factory.mktemp("live") / "azure"))


@pytest.mark.thorough
def test_corpus_is_reloaded_as_it_is_loaded(azure_copy: Path, tmp_path: Path) -> None:
    chance, live = random_from(31), LiveFolders([azure_copy], BOTH, tmp_path)
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
        snapshots = live.load().snapshots
        loaded = load_folders([azure_copy], cache=ParseCache(tmp_path, [azure_copy]))
        for include_unpublished in BOTH:
            full = build_snapshot(merge(loaded, include_unpublished))
            assert content(snapshots[include_unpublished]) == content(full)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three articles that name each other in turn, and one that names none."""
    docs = tmp_path / "docs"
    docs.mkdir()
    for name, other in zip("abc", "bca", strict=True):
        article(docs, name, related=[{"webUrl": f"https://p.example/{other}", "title": other}])
    article(docs, "d")
    return docs


def article(folder: Path, name: str, **changes: object) -> None:
    fields = {"title": name, "webUrl": f"https://p.example/{name}", "provider": "P", "topics": ["AI"], **changes}
    text = "".join(f"{key}: {json.dumps(value)}\n" for key, value in fields.items())
    (folder / f"{name}.md").write_text(f"---\n{text}---\n")


def ids(snapshot: GraphSnapshot, *names: str) -> list[str]:
    return [snapshot.lookups.articles_by_slug[name] for name in names]


def test_edges_that_did_not_change_are_the_same_objects_with_all_that_follows_from_them(folder: Path) -> None:
    live = LiveFolders([folder])
    old = live.load().snapshots[False]
    article(folder, "d", title="Other")

    new = live.load().snapshots[False]

    [changed] = ids(new, "d")
    assert [node_id for node_id in new.digests if new.digests[node_id] != old.digests[node_id]] == [changed]
    assert all(new.targets[kind] is old.targets[kind] and new.sources[kind] is old.sources[kind] for kind in EdgeKind)
    assert new.structure is old.structure
    assert metrics(new) is metrics(old)


def test_articles_that_say_the_same_are_the_same_objects(folder: Path) -> None:
    live = LiveFolders([folder])
    before = live.load().snapshots[False]
    article(folder, "d", title="Another")
    after = live.load().snapshots[False]

    changed = [found for found in after.ids[NodeKind.ARTICLE] if after.nodes[found] is not before.nodes[found]]

    assert changed == ids(after, "d")


def test_edges_of_one_kind_that_changed_leave_those_of_others(folder: Path) -> None:
    live = LiveFolders([folder])
    old = live.load().snapshots[False]
    article(folder, "d", related=["a"])

    new = live.load().snapshots[False]

    [a, d] = ids(new, "a", "d")
    related, before = new.targets[EdgeKind.RELATED_TO], old.targets[EdgeKind.RELATED_TO]
    assert related == {**before, d: (a,)}
    assert new.targets[EdgeKind.ABOUT] is old.targets[EdgeKind.ABOUT]
    assert new.edge_structures[EdgeKind.ABOUT] is old.edge_structures[EdgeKind.ABOUT]
    assert new.structure is not old.structure


def test_what_follows_from_edges_serves_while_nodes_come_that_have_none(folder: Path) -> None:
    live = LiveFolders([folder])
    old = live.load().snapshots[False]
    article(folder, "lonely")

    new = live.load().snapshots[False]

    assert new.structure is not old.structure
    assert new.edge_structures[EdgeKind.RELATED_TO] is old.edge_structures[EdgeKind.RELATED_TO]


def test_only_a_value_of_another_type_is_a_change_too(folder: Path) -> None:
    live = LiveFolders([folder])
    for value in (1, True, 1.0, [1], [True]):
        article(folder, "d", extra=value)
        assert_as_a_full_load(live, [folder], [False])


def test_snapshot_stays_the_same_while_the_content_does(folder: Path) -> None:
    live = LiveFolders([folder], BOTH)
    first = live.load().snapshots
    text = (folder / "a.md").read_text()

    assert live.load().snapshots is first
    (folder / "notes.txt").write_text("no document")
    assert live.load().snapshots is first
    (folder / "a.md").write_text(text.replace("title:", "title: "))
    again = live.load()
    assert again.parsed_count == 1
    assert all(again.snapshots[include_unpublished] is first[include_unpublished] for include_unpublished in BOTH)


def test_only_files_that_changed_are_parsed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []

    def parsing(source, data, copies):  # type: ignore[no-untyped-def]
        parsed.append(source.label)
        return parse_source(source, data, copies)

    monkeypatch.setattr("graph.reading.loader.parse_source", parsing)
    live = LiveFolders([folder], BOTH)
    live.load()
    parsed.clear()

    article(folder, "b", title="Other")
    (folder / "c.md").rename(folder / "e.md")
    (folder / "d.md").unlink()
    os.utime(folder / "a.md")
    loaded = live.load()

    assert parsed == ["b.md", "e.md"]
    assert (loaded.file_count, loaded.parsed_count) == (3, 2)


def test_files_that_have_not_changed_for_a_while_are_not_even_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = LiveFolders([folder])
    assert live.load().read_count == 4
    assert live.load().read_count == 4  # written so lately that it might have happened twice in one tick
    now = time.time_ns
    monkeypatch.setattr("graph.reading.files.time.time_ns", lambda: now() + 3_000_000_000)
    assert [live.load().read_count for _ in range(2)] == [4, 0]

    article(folder, "d", title="Longer")
    assert live.load().read_count == 1


def test_folders_are_not_looked_through_for_files_that_are_known_to_be_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = LiveFolders([folder], BOTH)
    live.load()
    article(folder, "b", title="Other")
    article(folder, "d", title="Another")
    with monkeypatch.context() as patch:
        patch.setattr("graph.reading.loader.find_sources", lambda _: pytest.fail("the folders are looked through"))
        loaded = live.load(touched=[str(folder.resolve() / name) for name in ("d.md", "b.md")])

    assert (loaded.file_count, loaded.parsed_count) == (4, 2)
    assert loaded.snapshots[True].version == load_snapshot([folder], include_unpublished=True).version
    assert_as_a_full_load(live, [folder])


def test_folders_are_not_looked_through_for_documents_that_come_and_go_beside_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {f"_posts/2024-01-0{day}-{name}.md": document(title=name) for day, name in enumerate("abd", 1)}
    folder = write_folder(tmp_path / "site", {"_config.yml": "url: https://ex.com\n", ".gitignore": "x.md\n", **texts})
    live = LiveFolders([folder], BOTH)
    live.load()
    added, removed, renamed = (folder / f"_posts/2024-01-0{rest}.md" for rest in ("3-c", "1-a", "4-d"))
    added.write_text(document(title="c"))
    removed.unlink()
    (folder / "_posts/2024-01-02-b.md").rename(renamed)
    touched = [str(path) for path in (added, removed, renamed, folder / "_posts/2024-01-02-b.md")]
    with monkeypatch.context() as patch:
        patch.setattr("graph.reading.loader.find_sources", lambda *_: pytest.fail("the folders are looked through"))
        loaded = live.load(touched=touched)

    assert (loaded.file_count, loaded.parsed_count) == (3, 2)
    assert [count for _, count in loaded.snapshots[False].inventory.sites] == [3]
    assert_as_a_full_load(live, [folder])


def made(folder: Path) -> None:
    article(folder, "new")


def removed(folder: Path) -> None:
    (folder / "b.md").unlink()


def replaced_by_a_link(folder: Path) -> None:
    (folder / "b.md").unlink()
    (folder / "b.md").symlink_to(folder / "c.md")


def written_under_another_name(folder: Path) -> None:
    os.link(folder / "b.md", folder / "b2.md")
    (folder / "b.md").write_text((folder / "b.md").read_text().replace("title:", "title: X"))


@pytest.mark.parametrize("happen", [made, removed, replaced_by_a_link, written_under_another_name])
def test_folders_are_looked_through_where_the_written_files_are_not_all(
    folder: Path, happen: Callable[[Path], None]
) -> None:
    live = LiveFolders([folder], BOTH)
    live.load()
    happen(folder)

    loaded = live.load(touched=[str(folder.resolve() / name) for name in ("new.md", "b.md")])

    assert loaded.snapshots[True].version == load_snapshot([folder], include_unpublished=True).version


def test_many_changed_files_are_parsed_by_several_processes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.reading.parallel._FILES_EACH", 2)
    monkeypatch.setattr("graph.reading.parallel.os.sched_getaffinity", lambda _: range(2), raising=False)
    live = LiveFolders([folder], BOTH)
    old = live.load().snapshots[True]
    for name in "abcd":
        article(folder, name, title="d")
    os.utime(folder / "d.md")

    assert_as_a_full_load(live, [folder])
    new = live.load().snapshots[True]
    assert new.version != old.version


def test_file_that_cannot_be_read_costs_itself_until_it_can(folder: Path) -> None:
    live = LiveFolders([folder])
    live.load()
    (folder / "a.md").unlink()
    os.mkfifo(folder / "a.md")
    snapshot = live.load().snapshots[False]
    assert [problem.code.value for problem in snapshot.problems if problem.file == "a.md"] == ["FILE_UNREADABLE"]
    assert_as_a_full_load(live, [folder], [False])

    (folder / "a.md").unlink()
    article(folder, "a")
    assert_as_a_full_load(live, [folder], [False])


def test_failed_reload_leaves_what_was_known_and_the_next_one_recovers(folder: Path) -> None:
    live = LiveFolders([folder], BOTH)
    first = live.load().snapshots
    folder.rename(folder.parent / "away")
    for _ in range(2):
        with pytest.raises(FolderError, match="cannot be read"):
            live.load()

    (folder.parent / "away").rename(folder)
    loaded = live.load()
    assert (loaded.snapshots, loaded.parsed_count) == (first, 0)


def test_first_load_may_fail_too(folder: Path) -> None:
    live = LiveFolders([folder.parent / "later"])
    with pytest.raises(FolderError):
        live.load()
    folder.rename(folder.parent / "later")

    assert content(live.load().snapshots[False]) == content(load_snapshot([folder.parent / "later"]))


def test_load_uses_and_fills_the_cache(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first = LiveFolders([folder], BOTH, cache).load().snapshots
    assert [path.suffix for path in cache.iterdir()] == [".cache"]

    again = LiveFolders([folder], BOTH, cache)
    assert [content(again.load().snapshots[kind]) for kind in BOTH] == [content(first[kind]) for kind in BOTH]
    article(folder, "b", related=[{"webUrl": "https://p.example/c", "title": "Another"}])
    assert_as_a_full_load(again, [folder])


@pytest.fixture
def collector_off() -> Iterator[None]:
    """Only counted references free anything, as after `gc.freeze`."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("collector_off")
def test_snapshots_and_all_that_follows_from_them_are_gone_without_the_collector(tmp_path: Path) -> None:
    folder = tmp_path / "seeds"
    shutil.copytree(SEEDS, folder)
    live = LiveFolders([folder], BOTH)
    others = count_snapshots()
    for number in range(6):
        article(folder, f"new-{number % 3}", title=str(number), related=[f"https://p.example/{number}"])
        for snapshot in live.load().snapshots.values():
            warm(snapshot)
            warm_soon(snapshot)
            warm_rest(snapshot)

    assert count_snapshots() == others + len(BOTH)


def count_snapshots() -> int:
    return sum(isinstance(found, GraphSnapshot) for found in gc.get_objects())


@pytest.mark.thorough
def test_objects_do_not_grow_in_number_with_reloads(tmp_path: Path) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    live = LiveFolders([folder], BOTH)

    def objects_after(first: int, last: int, edit: Callable[[int], None]) -> int:
        for number in range(first, last):
            edit(number)
            live.load()
        gc.collect()
        return len(gc.get_objects())

    def edit(number: int) -> None:
        article(folder, "abcde"[number % 5], title=str(number), related=[{"webUrl": f"https://p.example/{number}"}])

    before = objects_after(0, 100, edit)
    after = objects_after(100, 400, edit)
    assert after < before + 1_000


def test_change_of_a_configuration_is_a_change_of_the_documents(tmp_path: Path) -> None:
    (tmp_path / "_posts").mkdir()
    (tmp_path / "_posts/2024-05-03-a.md").write_text("---\ntitle: A\ntags: one two\n---\nText.\n")
    (tmp_path / "b.md").write_text("---\ntitle: B\n---\nText.\n")
    (tmp_path / "_config.yml").write_text("title: Before\nexclude: [b.md]\n")
    live = LiveFolders([tmp_path])
    before = live.load()

    (tmp_path / "_config.yml").write_text("title: After\n")
    after = live.load(touched=[str(tmp_path / "_config.yml")])

    def told(loaded: Loaded) -> tuple[str | None, int, int]:
        inventory = loaded.snapshots[False].inventory
        return inventory.sites[0][0].name, inventory.file_count, len(loaded.snapshots[False].ids[NodeKind.ARTICLE])

    assert (told(before), told(after)) == (("Before", 1, 1), ("After", 2, 2))

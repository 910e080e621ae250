"""Small sites at random, whose files name one another in every way that there is: whatever they say, they load."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given
from hypothesis import strategies as st

from graph.building.live_folders import load_snapshot
from graph.export.formats import ExportFormat
from graph.export.writing import export_chunks
from tests.cases import random_cases
from tests.folders import folder_snapshot, write_folder

CONFIGURATIONS = {
    "none": {},
    "jekyll": {"_config.yml": "url: https://ex.com\n"},
    "hugo": {
        "hugo.toml": "baseURL = 'https://ex.com/'\ndefaultContentLanguage = 'en'\n[languages.en]\nweight = 1\n[languages.fr]\nweight = 2\n"
    },
}
FILES = ("content/a.md", "content/b.md", "content/c.fr.md", "content/fr/c.md", "content/posts/2024-05-03-frost.md")
NAMES = ("a", "frost", "old", "/old/", "/frost/", "content/a.md", "https://ex.com/old/", "https://ex.com/frost")
FORMER = "webUrl: https://ex.com/old/"

names = st.sampled_from(NAMES)
items = st.one_of(
    names,
    st.builds(
        lambda fields: f"{{{', '.join(fields)}}}",
        st.tuples(
            st.sampled_from([f"{FORMER}, slug: frost", f"{FORMER}, slug: a", "webUrl: /frost/, slug: old", "webUrl: a"])
            | names.map("slug: '{}'".format),
            st.sampled_from(["title: Old", "quality: 3", "lang: fr"]),
        ),
    ),
)
lists = st.lists(items, min_size=1, max_size=3).map(lambda found: f"[{', '.join(found)}]")
few = st.lists(names, min_size=1, max_size=2).map(lambda found: f"[{', '.join(found)}]")
documents = st.fixed_dictionaries(
    {},
    optional={
        "related": lists,
        "items": few,
        "aliases": few,
        "next": names,
        "prev": names,
        "series": names,
        "slug": names,
        "permalink": names,
        "translationKey": names,
        "lang": st.sampled_from(["en", "fr"]),
        "webUrl": st.sampled_from(["https://ex.com/old/", "https://ex.com/frost", "/frost/"]),
        "date": st.sampled_from(["2024-05-03", "2023-05-03"]),
    },
)
sites = st.fixed_dictionaries({}, optional=dict.fromkeys(FILES, documents))


def page(fields: dict[str, str]) -> str:
    lines = "".join(f"{name}: {value}\n" for name, value in fields.items())
    return f"---\n{lines}---\n[a](a.md) [[frost]] [old](https://ex.com/old/)\n"


@random_cases(of=600)
@given(st.sampled_from(sorted(CONFIGURATIONS)), sites)
@example(
    "jekyll",
    {
        "content/a.md": {"aliases": "[/old/]"},
        "content/b.md": {"related": f"[{{{FORMER}, slug: frostx, title: Old}}]"},
        "content/c.md": {"next": "frostx"},
    },
)
@example(
    "none",
    {
        "content/a.md": {"related": "[{webUrl: /gone/, slug: frostx}]"},
        "content/b.md": {"next": "frostx"},
    },
)
def test_site_loads_and_is_exported_whatever_its_files_say_of_one_another(
    system: str, site: dict[str, dict[str, str]]
) -> None:
    with TemporaryDirectory() as folder:
        files = {path: page(fields) for path, fields in site.items()}
        snapshot = load_snapshot([write_folder(Path(folder), CONFIGURATIONS[system] | files)])
    held = {
        node_id
        for lists in snapshot.targets.values()
        for source, found in lists.items()
        for node_id in (source, *found)
    }

    assert held <= snapshot.nodes.keys()
    assert {
        *snapshot.next,
        *snapshot.next.values(),
        *snapshot.previous,
        *snapshot.previous.values(),
    } <= snapshot.nodes.keys()
    assert b"</graphml>" in b"".join(export_chunks(snapshot, ExportFormat.GRAPHML))


def test_folder_that_holds_nothing_but_a_site_is_none_itself(tmp_path: Path) -> None:
    files = {"docs/mkdocs.yml": "site_name: Guide\n", "docs/docs/a.md": "# A\n"}
    found = folder_snapshot(tmp_path, files).inventory.sites
    beside = folder_snapshot(tmp_path, {"notes/b.md": "# B\n"}).inventory.sites

    assert [(site.name, count) for site, count in found] == [("Guide", 1)]
    assert [(site.name, count) for site, count in beside] == [(None, 1), ("Guide", 1)]

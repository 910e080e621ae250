"""What everybody is called serves on exactly as long as no name changes."""

from pathlib import Path

import pytest

from graph.building.naming import Earlier, Naming
from graph.reading.loader import load_folders
from tests.folders import document

FROST = {"title": "Frost", "date": "2024-01-01", "aliases": "[cold]", "tags": "[Sea]"}


def naming(earlier: Earlier, folder: Path, body: str = "", **fields: str) -> Naming:
    (folder / "frost.md").write_text(document(**FROST | fields) + body)
    (folder / "other.md").write_text(document(title="Other") + "[[frost]]\n")
    loaded = load_folders([folder])
    return earlier.naming(loaded.documents, loaded.sites)


@pytest.mark.parametrize(
    "change",
    [
        {"body": "Words, [o](other.md)."},
        {"title": "Hoarfrost"},
        {"tags": "[Ice]"},
        {"excerpt": "Cold."},
        {"author": "Ann"},
    ],
)
def test_names_serve_while_other_things_are_said(tmp_path: Path, change: dict[str, str]) -> None:
    earlier = Earlier()
    before = naming(earlier, tmp_path)
    targets = before.targets
    after = naming(earlier, tmp_path, **change)

    assert after.names is before.names
    assert after.targets is targets
    assert after.files.keys() == before.files.keys()
    assert after.files["path:frost"][0] is not before.files["path:frost"][0]


@pytest.mark.parametrize(
    "change",
    [
        {"slug": "rime"},
        {"aliases": "[rime]"},
        {"date": "2024-02-02"},
        {"quality": "3"},
        {"draft": "true"},
        {"webUrl": "https://ex.com/frost"},
        {"related": "[{slug: rime, title: Rime}]"},
        {"language": "fr"},
        {"next": "other"},
    ],
)
def test_names_are_found_again_once_one_may_have_changed(tmp_path: Path, change: dict[str, str]) -> None:
    earlier = Earlier()

    assert naming(earlier, tmp_path).names is not naming(earlier, tmp_path, **change).names


def test_names_are_found_again_for_another_file_or_another_site(tmp_path: Path) -> None:
    earlier = Earlier()
    before = naming(earlier, tmp_path)
    (tmp_path / "third.md").write_text(document(title="Third"))
    more = naming(earlier, tmp_path)
    (tmp_path / "_config.yml").write_text("url: https://ex.com\n")
    elsewhere = naming(earlier, tmp_path)

    assert len({id(found.names) for found in (before, more, elsewhere)}) == 3

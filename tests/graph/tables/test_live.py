"""What loads a folder, whether it holds documents or a built graph."""

from pathlib import Path

import pytest

import graph
from graph.building.live_folders import LiveFolders
from graph.building.snapshot import GraphSnapshot
from graph.errors import LoadError
from graph.sites.options import site_options
from graph.tables.folder import write_folder
from graph.tables.live import BuiltGraph, live_folders
from tests.folders import document, folder_snapshot


@pytest.fixture
def built(seeds: GraphSnapshot, tmp_path: Path) -> Path:
    write_folder(seeds, tmp_path / "built", unpublished=False)
    return tmp_path / "built"


def test_a_built_graph_takes_the_place_of_its_documents(built: Path, seeds: GraphSnapshot) -> None:
    assert isinstance(live_folders([built]), BuiltGraph)
    assert graph.load(built).version == seeds.version


def test_documents_are_read_as_before(tmp_path: Path) -> None:
    assert isinstance(live_folders([tmp_path]), LiveFolders)


def test_loading_again_gives_the_very_snapshot_until_there_is_another(
    built: Path, seeds: GraphSnapshot, blog: GraphSnapshot
) -> None:
    live = live_folders([built])
    first, again = live.load(), live.load()
    assert first.snapshots[False] is again.snapshots[False]
    assert (first.parsed_count, again.parsed_count) == (6, 0)
    write_folder(blog, built, unpublished=False)
    assert live.load().snapshots[False].version == blog.version != seeds.version


def test_what_a_site_hides_is_loaded_by_those_alone_who_ask_for_it(tmp_path: Path) -> None:
    snapshot = folder_snapshot(tmp_path / "documents", {"a.md": document(title="A", draft="true")}, unpublished=True)
    write_folder(snapshot, tmp_path / "built", unpublished=True)
    with pytest.raises(
        LoadError, match=r"so it holds what its site hides\. Add --unpublished to load it, or build it without\."
    ):
        graph.load(tmp_path / "built")
    assert len(graph.load(tmp_path / "built", include_unpublished=True).nodes) == 1


def test_what_is_not_in_it_is_not_promised(built: Path) -> None:
    with pytest.raises(LoadError, match=r"built without --unpublished; leave that out, or build it again with it\.$"):
        graph.load(built, include_unpublished=True)
    with pytest.raises(LoadError, match=r"FRONTGRAPH_PREVIEW_TOKEN needs the folders of documents\.$"):
        live_folders([built], (False, True))
    with pytest.raises(LoadError, match=r"say the site's address, exclusions or configuration where it is built\.$"):
        live_folders([built], options=site_options("https://x.example", (), None))
    with pytest.raises(LoadError, match=r"A graph that is built is loaded alone"):
        live_folders([built, built.parent])

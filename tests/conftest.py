"""Graphs that many tests read: the project's own seeds and, where it is present, a corpus of real articles."""

from pathlib import Path

import pytest

from graph.loader import load_folders
from graph.merge import merge
from graph.snapshot import GraphSnapshot, build_snapshot

ROOT = Path(__file__).parent.parent
CORPUS = ROOT.parent / "shared" / "corpus" / "azure"


@pytest.fixture(scope="session")
def seeds() -> GraphSnapshot:
    """The project's own documents, as a site would publish them."""
    return build_snapshot(merge(load_folders([ROOT / "seeds"])))


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of the corpus of 4,958 real articles."""
    if not CORPUS.is_dir():
        pytest.skip("the corpus of real articles is not beside the project (../shared/corpus/azure)")
    return CORPUS


@pytest.fixture(scope="session")
def azure(corpus: Path) -> GraphSnapshot:
    """The corpus with its unpublished articles."""
    return build_snapshot(merge(load_folders([corpus]), include_unpublished=True))


@pytest.fixture(scope="session")
def azure_published(corpus: Path) -> GraphSnapshot:
    """The corpus as a site would publish it."""
    return build_snapshot(merge(load_folders([corpus])))

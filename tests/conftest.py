"""Graphs that many tests read: the project's own seeds and, where it is present, a corpus of real articles."""

import os
import sys
from collections.abc import Generator, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from graph.building.live_folders import load_snapshot
from graph.building.merge import merge
from graph.building.snapshot import GraphSnapshot, build_snapshot
from graph.reading.loader import LoadResult, load_folders
from graph.reading.parse_cache import ParseCache
from tests.cases import SEED

ROOT = Path(__file__).parent.parent
CORPUS = Path(os.environ.get("FRONTGRAPH_CORPUS", ROOT.parent / "shared" / "corpus" / "azure"))


def pytest_report_header() -> str:
    return f"random cases: all, from FRONTGRAPH_SEED={SEED}" if SEED else "random cases: few, always the same"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what makes random cases, or has them made by a module of `tests` that it uses."""
    for item in items:
        if isinstance(item, pytest.Function) and makes_random_cases(item.module):
            item.add_marker("random")


@cache
def makes_random_cases(module: ModuleType) -> bool:
    used = {getattr(value, "__module__", None) or "" for value in vars(module).values()} - {module.__name__}
    return "tests.cases" in used or any(
        makes_random_cases(sys.modules[name]) for name in used if name.startswith("tests.") and name in sys.modules
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In continuous integration nothing may be lacking, so a skipped test is a failed one."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped: {report.longrepr}"
    return report


@pytest.fixture(scope="session", autouse=True)
def _cache_of_their_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What commands keep between runs is kept apart from the user's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def seeds() -> GraphSnapshot:
    """The project's own documents, as a site would publish them."""
    return load_snapshot([ROOT / "seeds"])


@pytest.fixture(scope="session")
def blog() -> GraphSnapshot:
    """A small blog whose posts have authors."""
    return load_snapshot([ROOT / "tests" / "blog"])


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of the corpus of 4,958 real articles."""
    if not CORPUS.is_dir():
        pytest.skip("the corpus of real articles is not beside the project (../shared/corpus/azure)")
    return CORPUS


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of what is read in place: `cases/` that failed once, and real `sites/`."""
    folder = CORPUS.parent.parent
    if not (folder / "cases").is_dir():
        pytest.skip("the cases and sites are not beside the project (../shared/cases)")
    return folder


@pytest.fixture(scope="session")
def loaded_corpus(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> LoadResult:
    """What the files of the corpus say; parsed once for all processes of the run, and not to be changed."""
    folder = tmp_path_factory.getbasetemp()
    shared = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    return load_folders([corpus], cache=ParseCache(shared / "corpus", [corpus]))


@pytest.fixture(scope="session")
def azure(loaded_corpus: LoadResult) -> GraphSnapshot:
    """The corpus with its unpublished articles."""
    return build_snapshot(merge(loaded_corpus, include_unpublished=True))


@pytest.fixture(scope="session")
def azure_published(loaded_corpus: LoadResult) -> GraphSnapshot:
    """The corpus as a site would publish it."""
    return build_snapshot(merge(loaded_corpus))

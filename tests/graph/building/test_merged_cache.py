import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.building.merge import MergeResult, merge
from graph.building.merged_cache import MergedCache
from graph.problems import ProblemCode, warning
from graph.reading.cache_files import opened, read_block, write_cache_file
from graph.reading.files import find_sources
from graph.reading.loader import load_folders
from graph.reading.rows import write_rows
from tests.cases import random_cases

SEEDS = Path(__file__).parents[3] / "seeds"
ROWS = st.recursive(
    st.none() | st.integers(-2, 9) | st.text(max_size=2), lambda children: st.lists(children, max_size=4)
)


def saved(cache: Path, folder: Path) -> tuple[MergeResult, MergedCache]:
    loaded = load_folders([folder])
    merged = merge(loaded, include_unpublished=True)
    kept = MergedCache(cache, [folder], include_unpublished=True)
    kept.save([key for key in loaded.keys if key], [], merged)
    return merged, kept


def find(kept: MergedCache, folder: Path) -> MergeResult | None:
    sources, problems = find_sources([folder])
    return kept.find(sources, len(sources), problems)


def test_merged_graph_is_found_as_it_was(tmp_path: Path) -> None:
    merged, kept = saved(tmp_path / "cache", SEEDS)

    assert repr(find(kept, SEEDS)) == repr(merged)
    assert repr(find(MergedCache(tmp_path / "cache", [SEEDS], include_unpublished=True), SEEDS)) == repr(merged)
    assert find(MergedCache(tmp_path / "cache", [SEEDS], include_unpublished=False), SEEDS) is None
    assert find(MergedCache(tmp_path / "other", [SEEDS], include_unpublished=True), SEEDS) is None


def test_other_problems_of_finding_the_files_are_another_graph(tmp_path: Path) -> None:
    _, kept = saved(tmp_path / "cache", SEEDS)
    sources, _ = find_sources([SEEDS])

    assert kept.find(sources, len(sources), [warning(ProblemCode.LINK_OUTSIDE_FOLDER, "m", file="f")]) is None
    assert kept.find(sources[:-1], len(sources) - 1, []) is None
    assert kept.find([*sources[1:], sources[0]], len(sources), []) is None


def test_files_are_read_no_further_than_the_first_that_differs(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    for name in "abc":
        (tmp_path / "docs" / f"{name}.md").write_text(f"---\ntitle: {name}\n---\n")
    _, kept = saved(tmp_path / "cache", tmp_path / "docs")
    (tmp_path / "docs" / "b.md").write_text("---\ntitle: x\n---\n")
    sources, _ = find_sources([tmp_path / "docs"])
    seen: list[str] = []

    def track() -> Iterator[object]:
        for source in sources:
            seen.append(source.label)
            yield source

    assert kept.find(track(), len(sources), []) is None  # type: ignore[arg-type]
    assert seen == ["a.md", "b.md"]


@pytest.mark.parametrize("place", range(5))
def test_other_blocks_are_refused(tmp_path: Path, place: int) -> None:
    _, kept = saved(tmp_path / "cache", SEEDS)
    [path] = (tmp_path / "cache").iterdir()
    with opened(path) as file:
        assert file is not None
        blocks = list(iter(lambda: read_block(file), None))
    for other in (b"", b"[]", b"5", b"[[]]", b"[[],[],[],[]]", b"[[],[],[[0],[0],[9],[1]],[]]", pickle.dumps(print)):
        write_cache_file(path, [other if number == place else block or b"" for number, block in enumerate(blocks)])

        assert find(kept, SEEDS) is None


def test_other_rows_are_refused(tmp_path: Path) -> None:
    _, kept = saved(tmp_path / "cache", SEEDS)
    [path] = (tmp_path / "cache").iterdir()
    with opened(path) as file:
        assert file is not None
        blocks = [block for block in iter(lambda: read_block(file), None) if block is not None]

    @random_cases(1_000)
    @given(ROWS)
    def refuse(rows: object) -> None:
        write_cache_file(path, [*blocks[:-1], write_rows(rows)])
        assert find(kept, SEEDS) is None

    refuse()

"""Addresses in `related` lists that are nearly those of articles with files."""

from pathlib import Path

import pytest

from graph.building.live_folders import load_snapshot
from graph.problems import ProblemCode

FROST = "https://shore.example/2024/early-frost-in-may"


def told(folder: Path, *urls: str, hidden: str | None = None) -> list[tuple[str, str, str]]:
    """What is said of articles that list these addresses, one each: file, place and the address that is right."""
    (folder / "frost.md").write_text(f"---\ntitle: Frost\nwebUrl: {FROST}\n---\n")
    (folder / "other.md").write_text("---\ntitle: Other\nwebUrl: https://shore.example/2024/tides-of-the-sound/\n---\n")
    if hidden:
        (folder / "hidden.md").write_text(f"---\ntitle: Hidden\npublished: false\nwebUrl: {hidden}\n---\n")
    for place, url in enumerate(urls):
        (folder / f"{place}.md").write_text(
            f"---\ntitle: A\nrelated:\n- webUrl: https://else.example/a\n- webUrl: {url}\n---\n"
        )
    return [
        (problem.file, ".".join(map(str, problem.path)), problem.message)
        for problem in load_snapshot([folder]).problems
        if problem.code is ProblemCode.RELATED_SIMILAR
    ]


@pytest.mark.parametrize(
    "url",
    [
        "https://shore.example/2024/early-forst-in-may",
        "https://shore.example/2024/early-frost-in-mai/",
        "https://shore.example/2024/erly-frost-in-may",
        "https://shor.example/2024/early-frost-in-may",
        "https://shore.example/2024/early-frost-in-may.html",
        "https://shore.example/2024/early-frost-in-may/index.html",
        "https://shore.example/2024/early-frost-in-may/amp/",
    ],
)
def test_right_address_is_named(tmp_path: Path, url: str) -> None:
    [(file, path, message)] = told(tmp_path, url)

    assert (file, path) == ("0.md", "related.1.webUrl")
    assert f"which is nearly that of frost.md; correct it to “{FROST}” if" in message


@pytest.mark.parametrize(
    "url",
    [
        FROST,
        f"{FROST}/?utm_source=mail",
        "https://shore.example/2023/early-frost-in-may",
        "https://shore.example/2024/early-frost-in-june",
        "https://shore.example/2024/frost",
        "https://shore.example/",
    ],
)
def test_address_that_is_right_or_another_one_is_not_told(tmp_path: Path, url: str) -> None:
    assert told(tmp_path, url) == []


def test_address_that_several_have_is_meant(tmp_path: Path) -> None:
    wrong = "https://shore.example/2024/early-forst-in-may"
    assert [file for file, _, _ in told(tmp_path, wrong, wrong)] == ["0.md", "1.md"]
    assert told(tmp_path, wrong, wrong, wrong) == []


def test_address_of_what_is_not_published_is_not_told(tmp_path: Path) -> None:
    wrong = "https://shore.example/2024/early-forst-in-may"
    assert told(tmp_path, wrong, hidden=wrong) == []

import time

import pytest

from graph.sites.patterns import Patterns


@pytest.mark.parametrize(
    ("lines", "path", "verdict"),
    [
        ([], "a.md", None),
        (["*.tmp.md"], "a/b.tmp.md", True),
        (["*.tmp.md"], "a/b.md", None),
        (["/drafts/"], "drafts/", True),
        (["/drafts/"], "drafts/a.md", True),
        (["/drafts/"], "a/drafts/", None),
        (["a/**/c.md"], "a/b/b/c.md", True),
        (["*.md", "!kept.md"], "x/kept.md", False),
        (["!kept.md", "*.md"], "x/kept.md", True),
        (["# a comment", "", "a.md"], "a.md", True),
        ([r"\#a.md"], "#a.md", True),
        (["[ab].md"], "b.md", True),
    ],
)
def test_last_pattern_that_matches_decides(lines: list[str], path: str, verdict: bool | None) -> None:
    assert Patterns(lines).verdict(path) is verdict


def test_lines_that_are_no_patterns_are_told_and_do_not_count() -> None:
    patterns = Patterns(["!", "a*a*a*a*a.md", "/".join(["**"] * 8), "a.md"])

    assert [bad.line for bad in patterns.bad] == [1, 2, 3]
    assert patterns.verdict("a.md") is True


@pytest.mark.measured
def test_no_pattern_takes_long() -> None:
    patterns = Patterns(["*a*a*b", "**/a/**/a/**/b", "*" * 10_000] + [f"x{n}" for n in range(10_000)])
    start = time.process_time()

    patterns.verdict("a" * 255)
    patterns.verdict("a/" * 100)

    assert time.process_time() - start < 5
    assert len(patterns.bad) == 1

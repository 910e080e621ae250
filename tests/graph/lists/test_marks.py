"""Marks hold as long as the same entries come before them, wherever those stand."""

import pytest

from graph.errors import CursorError, CursorExpiredError
from graph.lists.marks import check_mark, marks
from graph.lists.ordering import Position

IDS = ["a", "b", "c", "d", "e"]


def test_marks_of_some_are_those_of_all() -> None:
    every = marks(IDS, IDS)
    assert list(every) == IDS
    assert len({mark.values for mark in every.values()}) == len(IDS)
    assert marks(IDS, ["b", "e"]) == {found: every[found] for found in "be"}
    assert marks(IDS, []) == {}


@pytest.mark.parametrize("now", ["abcde", "bacde", "abced", "abcxe", "abc", "bacfghed"])
def test_mark_holds_whatever_comes_after_it(now: str) -> None:
    check_mark("after", marks(IDS, ["c"])["c"], list(now))


@pytest.mark.parametrize("now", ["acde", "xabcde", "acbde", "abdce", "abde", "xbcde", ""])
def test_mark_expires_when_others_come_before_it(now: str) -> None:
    with pytest.raises(CursorExpiredError, match="`before` is out of date"):
        check_mark("before", marks(IDS, ["c"])["c"], list(now))


@pytest.mark.parametrize("values", [(), (0.5,), ("a",), (None,), (1, 2)])
def test_values_of_another_order_are_no_mark(values: tuple[float | str | None, ...]) -> None:
    with pytest.raises(CursorError, match="belongs to another list"):
        check_mark("after", Position(values, "a"), IDS)

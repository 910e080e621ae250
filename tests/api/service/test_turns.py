"""Turns: lines have equal shares of the time, the shortest job of a line is the first, and too many are refused where most wait."""

from collections import Counter

import pytest

from api.service.turns import Line, Turns

Turn = tuple[str, float]


def served(turns: Turns[str], count: int) -> list[str]:
    return [job for job in (turns.next() for _ in range(count)) if job is not None]


def waiting(*jobs: tuple[str, float]) -> Turns[str]:
    """Jobs by client and seconds, of one kind."""
    turns: Turns[str] = Turns()
    for client, seconds in jobs:
        turns.add(Line(client), seconds, f"{client}{seconds:g}")
    return turns


def test_client_with_few_short_jobs_waits_for_no_more_than_one_turn_of_each_other() -> None:
    turns = waiting(*[("a", 10)] * 5, *[("b", 10)] * 5)
    assert served(turns, 1) == ["a10"]
    for seconds in (1, 2, 3):
        turns.add(Line("c"), seconds, f"c{seconds}")
    assert served(turns, 6) == ["b10", "c1", "c2", "c3", "a10", "b10"]


def test_lines_get_equal_shares_of_the_time_however_long_their_jobs_are() -> None:
    turns = waiting(*[("a", 8)] * 100, *[("b", 1)] * 800, *[("c", 4)] * 200)
    given: Counter[str] = Counter()
    for job in served(turns, 400):
        given[job[0]] += int(job[1:])
    assert max(given.values()) - min(given.values()) <= 8


def test_client_that_sends_one_long_job_after_the_other_does_not_overtake_who_waits() -> None:
    turns = waiting(("a", 10), *[("b", 1)] * 9)
    order = []
    for _ in range(8):
        job = turns.next()
        assert job is not None
        order.append(job[0])
        if job == "a10":  # it comes again at once
            turns.add(Line("a"), 10, job)
    assert order == ["a", *"bbbbbbb"]


def test_time_before_a_line_waits_is_not_saved_up() -> None:
    turns = waiting(*[("a", 1)] * 100)
    served(turns, 90)
    for _ in range(10):
        turns.add(Line("b"), 1, "b1")
    assert Counter(served(turns, 10)) == {"a1": 5, "b1": 5}


def test_what_took_longer_than_was_expected_counts() -> None:
    turns = waiting(*[("a", 1)] * 5, *[("b", 1)] * 5)
    assert served(turns, 1) == ["a1"]
    turns.count_in(Line("a"), 3)
    assert served(turns, 6) == ["b1", "b1", "b1", "b1", "a1", "b1"]


def test_shortest_job_of_a_line_is_the_first_and_equal_ones_keep_their_order() -> None:
    turns: Turns[str] = Turns()
    for seconds, job in ((3, "long"), (1, "first"), (2, "middle"), (1, "second")):
        turns.add(Line("a"), seconds, job)
    turns.remove(Line("a"), "middle")
    turns.remove(Line("b"), "of nobody")
    assert len(turns) == 3
    assert served(turns, 4) == ["first", "second", "long"]
    assert turns.next() is None


def test_kinds_of_one_client_have_turns_of_their_own() -> None:
    turns: Turns[str] = Turns()
    for number in range(3):
        turns.add(Line("proxy"), 5, f"operation {number}")
    turns.add(Line("proxy", "exports"), 5, "file")
    assert served(turns, 3) == ["operation 0", "file", "operation 1"]


@pytest.mark.parametrize(
    ("client", "seconds", "goes"),
    [
        ("a", 9, None),  # the one that comes is itself the last of those that have most
        ("a", 4, "a5"),
        ("a", 5, None),
        ("b", 9, "a5"),
        ("c", 9, "a5"),
    ],
)
def test_last_of_who_has_most_goes_where_there_is_no_room(client: str, seconds: float, goes: str | None) -> None:
    turns = waiting(("a", 1), ("a", 5), ("a", 2), ("b", 7))
    for number in range(9):
        turns.add(Line("z", "exports"), number, "of another kind")
    assert turns.least_urgent(Line(client), seconds) == goes


def test_where_all_have_equally_many_the_one_that_comes_goes() -> None:
    assert waiting(("a", 1), ("b", 1)).least_urgent(Line("a"), 1) is None
    assert waiting(("a", 1), ("b", 1)).least_urgent(Line("c"), 1) is None
    assert waiting().least_urgent(Line("c"), 1) is None

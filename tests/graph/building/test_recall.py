from collections.abc import Callable

import pytest

from graph.building.recall import NoRecall, Recall


class Counted:
    """A function that counts its calls and answers a new object each time."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, *inputs: object) -> object:
        self.calls += 1
        return object()


@pytest.fixture
def recall() -> Recall:
    return Recall()


def same_again(recall: Recall, *rounds: tuple[object, ...]) -> bool:
    answers = []
    for inputs in rounds:
        answers.append(recall("place", Counted(), *inputs))
        recall.end_round()
    return all(answer is answers[0] for answer in answers)


def long_text() -> str:
    return "".join(["a text that is ", "a new object each time"])


def test_answer_serves_again_for_the_same_objects(recall: Recall) -> None:
    thing = [1]

    assert same_again(recall, (thing, None), (thing, None), (thing, None))


@pytest.mark.parametrize(
    "make", [long_text, lambda: 10**9 + len(long_text()), lambda: (long_text(), (10**9, long_text()))]
)
def test_text_and_numbers_are_the_same_if_they_are_equal(recall: Recall, make: Callable[[], object]) -> None:
    assert same_again(recall, (make(),), (make(),))


@pytest.mark.parametrize(
    ("one", "other"),
    [(1, True), (1, 1.0), ([], []), ({}, {}), ("1", 1), ((1,), (True,)), ((), []), ((1,), (1, 1)), (None, ())],
    ids=str,
)  # fmt: skip
def test_nothing_else_is_the_same(recall: Recall, one: object, other: object) -> None:
    assert not same_again(recall, (one,), (other,))


def test_other_numbers_of_inputs_are_other_inputs(recall: Recall) -> None:
    assert not same_again(recall, ("a",), ("a", "a"))
    assert not same_again(recall, ("a",), ())


def test_each_place_has_its_own_answer(recall: Recall) -> None:
    compute = Counted()

    assert recall("one", compute, 1) is not recall("other", compute, 1)


def test_what_was_not_asked_for_is_forgotten(recall: Recall) -> None:
    compute = Counted()
    recall("place", compute)
    recall.end_round()
    recall.end_round()

    recall("place", compute)

    assert compute.calls == 2


def test_round_that_failed_leaves_the_answers_of_the_one_before(recall: Recall) -> None:
    first = recall("place", Counted())
    recall.end_round()
    with pytest.raises(ZeroDivisionError):
        recall("other", lambda: 1 / 0)

    assert recall("place", Counted()) is first


def test_without_recall_everything_is_computed_each_time() -> None:
    compute = Counted()

    assert NoRecall()("place", compute, 1) is not NoRecall()("place", compute, 1)
    assert compute.calls == 2

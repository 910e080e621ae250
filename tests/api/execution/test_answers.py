"""Whole answers that are kept: in all their encodings, the latest used, within the budget."""

from hypothesis import given
from hypothesis import strategies as st

from api.execution.answers import Answer, AnswerCache
from api.execution.fragments import SelectionKey
from tests.cases import random_cases


def key(number: int) -> SelectionKey:
    return ("signature", b"%d" % number)


def test_a_form_is_kept_once_with_its_answer() -> None:
    cache = AnswerCache(100_000)
    answer = cache.put(key(1), b"body", 7)
    size = cache.size
    assert answer.form("gzip") is None
    for body in (b"squeezed", b"other"):
        answer.keep_form("gzip", body)
    assert (answer.form("gzip"), answer.body, answer.cost) == (b"squeezed", b"body", 7)
    assert cache.size == size + len(b"squeezed")


def test_what_was_used_last_stays() -> None:
    cache = AnswerCache(10_000)
    for number in range(100):
        cache.put(key(number), b"x" * 500, 1)
        assert cache.get(key(0)) is not None
    assert cache.get(key(1)) is None
    assert cache.get(key(99)) is not None


def test_large_answers_are_given_but_not_kept() -> None:
    cache = AnswerCache(80_000)
    assert cache.put(key(1), b"x" * 10_000, 1).body == b"x" * 10_000
    assert cache.put(("signature", b"x" * 10_000), b"small", 1).body == b"small"
    assert (cache.get(key(1)), cache.get(("signature", b"x" * 10_000)), cache.size) == (None, None, 0)


def test_an_answer_that_two_requests_made_is_kept_once() -> None:
    cache = AnswerCache(100_000)
    first = cache.put(key(1), b"body", 1)
    size = cache.size
    assert cache.put(key(1), b"body", 1) is first
    assert cache.size == size


def test_forms_of_an_answer_that_was_dropped_do_not_count() -> None:
    cache = AnswerCache(10_000)
    old = cache.put(key(0), b"x" * 500, 1)
    for number in range(1, 20):
        cache.put(key(number), b"x" * 500, 1)
    cache.put(key(0), b"x" * 500, 1)
    size = cache.size
    old.keep_form("identity", b"x" * 500)
    assert cache.size == size


def test_an_answer_by_itself_needs_no_cache() -> None:
    answer = Answer(b"body")
    answer.keep_form("twice", b"bodybody")
    assert answer.form("twice") == b"bodybody"


@random_cases(1_000)
@given(
    budget=st.integers(0, 20_000),
    steps=st.lists(st.tuples(st.sampled_from(["get", "put", "form"]), st.integers(0, 9), st.integers(0, 2))),
)
def test_the_budget_holds_and_answers_are_those_that_were_put(budget: int, steps: list[tuple[str, int, int]]) -> None:
    cache = AnswerCache(budget)
    for step, number, form in steps:
        body = b"%d" % number * (number * 50)
        if step == "put":
            assert cache.put(key(number), body, 1).body == body
        found = cache.get(key(number))
        assert found is None or found.body == body
        if found and step == "form":
            found.keep_form(f"form{form}", body)
        assert 0 <= cache.size <= budget

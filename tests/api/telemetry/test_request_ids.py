import pytest

from api.telemetry.request_ids import RequestIds


def test_ids_count_up_after_a_prefix_of_the_process() -> None:
    ids = RequestIds()
    first, second = ids.next(), ids.next()
    assert (first[-2:], second[-2:]) == ("-1", "-2")
    assert first[:-2] == second[:-2]


def test_two_processes_give_different_ids() -> None:
    assert RequestIds().next() != RequestIds().next()


@pytest.mark.parametrize("given", ["a", "9f-1.B_c", "x" * 64])
def test_sane_id_of_a_proxy_is_taken(given: str) -> None:
    assert RequestIds().next(given) == given


@pytest.mark.parametrize("given", ["", "x" * 65, "a b", "a\n", 'a"', "é", "\x1b[31m"])
def test_any_other_is_replaced(given: str) -> None:
    ids = RequestIds()
    assert ids.next(given).endswith("-1")

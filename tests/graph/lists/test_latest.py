from threading import Barrier, Thread

from graph.lists.latest import LEAST, Latest


def test_value_is_computed_once() -> None:
    latest: Latest[str] = Latest(10 * LEAST)
    value = "one".join(" !")

    assert latest.once("key", lambda: value) is latest.once("key", lambda: "other") is value


def test_values_that_were_used_last_stay_within_the_budget() -> None:
    latest: Latest[str] = Latest(3 * LEAST)
    for key in "abc":
        latest.once(key, lambda: "old")
    latest.once("a", lambda: "new")
    latest.once("d", lambda: "old")

    assert len(latest) == 3
    assert [latest.once(key, lambda: "new") for key in "acdb"] == ["old", "old", "old", "new"]


def test_long_values_count_by_their_length_and_the_latest_is_kept_in_any_case() -> None:
    latest: Latest[str] = Latest(3 * LEAST)
    for key in "abc":
        latest.once(key, lambda: "")
    latest.once("long", lambda: "-" * 2 * LEAST)
    assert len(latest) == 2

    huge = latest.once("huge", lambda: "-" * 10 * LEAST)
    assert (len(latest), latest.once("huge", lambda: "")) == (1, huge)


def test_threads_do_not_wait_for_each_other() -> None:
    latest: Latest[str] = Latest(LEAST)
    both_compute = Barrier(2)

    def compute() -> str:
        both_compute.wait(timeout=10)
        return "value"

    threads = [Thread(target=latest.once, args=("key", compute)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not both_compute.broken
    assert latest.once("key", lambda: "another") == "value"

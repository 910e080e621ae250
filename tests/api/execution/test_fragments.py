"""The texts that are kept: what the budget counts, what is dropped first, and what every other answer is."""

from hypothesis import given
from hypothesis import strategies as st

from api.execution.fragments import FragmentCache, SelectionKey
from tests.cases import random_cases

KEY: SelectionKey = ("signature", b"1")
OTHER: SelectionKey = ("signature", b'"1"')


def keep(cache: FragmentCache, key: SelectionKey, node_id: str, text: bytes) -> None:
    cache.put_all(key, [(node_id, text)])


def get(cache: FragmentCache, key: SelectionKey, node_id: str) -> bytes | None:
    (text,) = cache.get_all(key, [node_id])
    return text


def entries(cache: FragmentCache) -> int:
    return sum(len(texts) for generation in (cache._young, cache._old) for texts in generation.values())


def bytes_held(cache: FragmentCache) -> int:
    """Of texts and keys alone, each generation counted."""
    return sum(
        sum(map(len, key)) + sum(map(len, texts.values()))
        for generation in (cache._young, cache._old)
        for key, texts in generation.items()
    )


def test_text_is_found_by_its_selection_and_node() -> None:
    cache = FragmentCache(100_000)
    keep(cache, KEY, "a_1", b"one")
    keep(cache, OTHER, "a_1", b"two")
    keep(cache, KEY, "a_2", b"three")
    assert (get(cache, KEY, "a_1"), get(cache, OTHER, "a_1"), get(cache, KEY, "a_2")) == (b"one", b"two", b"three")
    assert get(cache, OTHER, "a_2") is None
    assert get(cache, ("unknown",), "a_1") is None


def test_texts_that_are_used_outlive_those_that_are_not() -> None:
    cache = FragmentCache(20_000)
    keep(cache, KEY, "used", b"x" * 100)
    keep(cache, KEY, "unused", b"x" * 100)
    for number in range(200):
        keep(cache, KEY, f"a_{number}", b"x" * 100)
        assert get(cache, KEY, "used") == b"x" * 100
    assert get(cache, KEY, "unused") is None
    assert get(cache, KEY, "a_199") is not None
    assert get(cache, KEY, "a_0") is None


def test_texts_that_were_asked_for_are_counted_and_so_is_all_that_is_kept() -> None:
    cache = FragmentCache(20_000)
    cache.put_all(KEY, [("a_1", b"x" * 100), ("a_2", b"x" * 100)])
    assert cache.get_all(KEY, ["a_1", "a_2", "a_3"]) == [b"x" * 100, b"x" * 100, None]
    assert (cache.counts.hits, cache.counts.misses) == (2, 1)
    sizes = []
    for number in range(200):
        keep(cache, KEY, f"b_{number}", b"x" * 100)
        sizes.append(cache.size)
    assert min(sizes[100:]) > 8_000  # about half of the budget, right after the younger ones have become the older


def test_text_larger_than_an_eighth_of_the_budget_is_not_kept() -> None:
    cache = FragmentCache(80_000)
    keep(cache, KEY, "small", b"x" * 9_000)
    keep(cache, KEY, "large", b"x" * 10_000)
    assert get(cache, KEY, "small") is not None
    assert get(cache, KEY, "large") is None


def test_nothing_is_kept_without_a_budget() -> None:
    cache = FragmentCache(0)
    keep(cache, KEY, "a_1", b"")
    assert get(cache, KEY, "a_1") is None
    assert cache.size == 0


def test_the_values_of_variables_count() -> None:
    cache = FragmentCache(1_000_000)
    for number in range(100):
        keep(cache, ("signature", b"%d" % number * 20_000), "a_1", b"{}")
    assert bytes_held(cache) <= 1_000_000
    assert 0 < entries(cache) < 50
    keep(cache, ("signature", b"x" * 200_000), "a_1", b"{}")
    assert get(cache, ("signature", b"x" * 200_000), "a_1") is None


@random_cases(1_000)
@given(
    budget=st.integers(0, 30_000),
    steps=st.lists(st.tuples(st.booleans(), st.integers(0, 4), st.integers(0, 30), st.integers(0, 2_000)), max_size=60),
)
def test_what_is_found_is_what_was_put_last_and_the_budget_holds(
    budget: int, steps: list[tuple[bool, int, int, int]]
) -> None:
    cache = FragmentCache(budget)
    put: dict[tuple[int, int], bytes] = {}
    for is_put, selection, node, length in steps:
        key = ("signature", b"%d" % selection)
        if is_put:
            text = put.get((selection, node), b"%d" % (selection * 31 + node) * length)
            put[selection, node] = text  # a snapshot never changes, so neither does a text
            keep(cache, key, f"a_{node}", text)
        else:
            assert get(cache, key, f"a_{node}") in (None, put.get((selection, node)))
        assert bytes_held(cache) <= cache.size <= budget

from api.server.repeats import KeptAnswer, RepeatCache
from tests.api.server.app import Application


def kept(size: int) -> KeptAnswer:
    return KeptAnswer(Application(), b"", b"a" * size, False, None)


def test_answers_that_are_not_used_make_room_for_new_ones() -> None:
    cache, first = RepeatCache(16_000, 100), kept(300)
    cache.put(b"first", first)
    for number in range(100):
        cache.put(b"%d" % number, kept(300))
        assert cache.get(b"first") is first
    assert cache.get(b"0") is None
    assert cache.get(b"99") is not None


def test_answer_larger_than_its_share_is_not_kept() -> None:
    cache = RepeatCache(16_000, 100)
    cache.put(b"a", kept(2_000))
    assert cache.get(b"a") is None


def test_answer_that_is_kept_anew_takes_its_room_once() -> None:
    cache = RepeatCache(16_000, 100)
    cache.put(b"other", other := kept(300))
    for _ in range(100):
        cache.put(b"same", kept(300))
    cache.drop(b"same")
    assert cache.get(b"same") is None
    assert cache.get(b"other") is other


def test_long_request_is_not_looked_for() -> None:
    cache = RepeatCache(16_000, 100)
    assert (cache.admits(b"a" * 100), cache.admits(b"a" * 101)) == (True, False)
    assert cache.get(b"a" * 101) is None

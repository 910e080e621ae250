import pytest
from hypothesis import given
from hypothesis.strategies import text

from api.telemetry.record import NAME_LIMIT, clean


@pytest.mark.parametrize(
    ("dirty", "cleaned"),
    [
        ("Articles", "Articles"),
        ("Öl und 嵐", "Öl und 嵐"),
        ("a\nb\r\tc", r"a\nb\r\tc"),
        ("\x1b[31mred\x07", r"\x1b[31mred\x07"),
        ("\x9b31m", r"\x9b31m"),
        ("\u202eevil", r"\u202eevil"),
        ("a\u2028b", r"a\u2028b"),
        ("\ud800", r"\ud800"),
        ("x" * 300, "x" * 200 + "…"),
    ],
)
def test_text_is_one_line_that_prints(dirty: str, cleaned: str) -> None:
    assert clean(dirty) == cleaned


@given(text(max_size=400))
def test_nothing_that_does_not_print_is_left(dirty: str) -> None:
    cleaned = clean(dirty)
    assert cleaned.isprintable()
    assert len(cleaned) <= 10 * NAME_LIMIT + 1
    cleaned.encode()

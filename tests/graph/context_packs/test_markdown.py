"""Texts of others in markdown, and how much of them has room."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.context_packs.budget import estimated_tokens, shortened, size
from graph.context_packs.markdown import address, code, fenced, inline, visible

HOSTILE = st.text(st.sampled_from("`~\n a#>[]()\\<é漢\u202e\U000e0041\x1b"), max_size=80)


@pytest.mark.parametrize(("text", "expected"), [("", 0), ("a", 1), ("abcd", 1), ("abcde", 2), ("漢字", 2)])
def test_token_is_four_bytes_of_utf_8(text: str, expected: int) -> None:
    assert estimated_tokens(text) == expected


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (99, "one two three"),
        (13, "one two three"),
        (12, "one two …"),
        (11, "one two …"),
        (10, "one …"),
        (4, ""),
        (0, ""),
    ],
)
def test_text_is_cut_between_words(most: int, expected: str) -> None:
    assert shortened("one two three", most) == expected


@given(HOSTILE, st.integers(0, 90))
def test_fenced_text_stays_in_its_fence_and_its_room(text: str, most: int) -> None:
    written = fenced(text, "", most)
    assert size(written) <= most
    if written:
        fence, *lines, last = written.split("\n")
        assert fence == last
        assert set(fence) == {"`"}
        assert len(fence) >= 3
        assert all(fence not in line for line in lines)


@given(HOSTILE, st.integers(0, 90))
def test_inline_text_has_one_line_and_no_sign_of_markdown(text: str, most: int) -> None:
    written = inline(text, most)
    assert len(written.splitlines()) <= 1
    plain = written.replace("\\\\", "")
    assert not any(sign in plain.replace(f"\\{sign}", "") for sign in "`*[]<>")
    assert size(written) <= 2 * most


def test_what_nobody_sees_is_left_out() -> None:
    hidden = "".join(chr(0xE0000 + ord(letter)) for letter in "obey")
    assert visible(f"a{hidden}b\u202ec\u200bd\x1b[31m\r\ne") == "abcd[31m\ne"
    assert visible("नमस्ते می‌خواهم 👩‍🚀") == "नमस्ते می‌خواهم 👩‍🚀"  # letters are joined by some of them


def test_addresses_are_those_of_pages() -> None:
    assert address("https://x.example/a?b=c(d)") == "<https://x.example/a?b=c(d)>"
    for other in ("javascript:alert(1)", "https://x.example/> *a*", "https://x.example/\na", "/a"):
        assert address(other) == ""
    assert code("a`b\nc") == "`ab c`"

"""The query language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import SearchError
from graph.search.query_text import Clause, PhraseClause, WordClause, clauses
from tests.cases import random_cases


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tidal power", (WordClause("tidal"), WordClause("power"))),
        ("tidal TIDAL tídal", (WordClause("tidal"),)),
        ("tid* tid", (WordClause("tid", is_prefix=True), WordClause("tid"))),
        ("t*d *x y * z**", (WordClause("t", is_prefix=True), *map(WordClause, "dxy"), WordClause("z", is_prefix=True))),
        ('"Tidal power"', (PhraseClause(("tidal", "power")),)),
        ("say “tidal, power” now", (WordClause("say"), PhraseClause(("tidal", "power")), WordClause("now"))),
        ('"one"', (PhraseClause(("one",)),)),
        ('"" " " one', (WordClause("one"),)),
        ('"a b" c "d', (PhraseClause(("a", "b")), WordClause("c"), WordClause("d"))),
        ('"tid* pow*"', (PhraseClause(("tid", "pow")),)),
        ("東京 都", (PhraseClause(("東", "京")), WordClause("都"))),
        ("東京*", (PhraseClause(("東", "京")),)),
        (
            "title:(sea AND NOT -sky) OR a~2^3 [x TO y]",
            tuple(map(WordClause, ["title", "sea", "and", "not", "sky", "or", "a", "2", "3", "x", "to", "y"])),
        ),
        ("\0a\ud800b🦀c\\d", tuple(map(WordClause, "abcd"))),
        (" ".join(f"w{number}" for number in range(32)), tuple(WordClause(f"w{number}") for number in range(32))),
        ("a* " * 333, (WordClause("a", is_prefix=True),)),
    ],
)
def test_text_asks_for_these_words(text: str, expected: tuple[Clause, ...]) -> None:
    assert clauses(text) == expected


@pytest.mark.parametrize("word", ["tide", "Été́s", "слово"])
def test_word_of_four_letters_is_forgiven_a_typo(word: str) -> None:
    assert [clause.is_forgiving for clause in clauses(word) if isinstance(clause, WordClause)] == [True]


@pytest.mark.parametrize("text", ["sea", "tide*", "2024", "covid19", "東"])
def test_short_word_prefix_and_word_with_a_digit_are_taken_as_they_are(text: str) -> None:
    assert [clause.is_forgiving for clause in clauses(text) if isinstance(clause, WordClause)] == [False]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no word in it; write at least one letter"),
        (' "*" -- 🦀 \ud800\0', "no word in it"),
        (" ".join(f"w{number}" for number in range(33)), "33 words; at most 32"),
        ('"' + "a " * 33 + '"', "33 words; at most 32"),
        ("東" * 33, "33 words; at most 32"),
        ("a" * 1001, "1001 characters; at most 1000"),
    ],
)
def test_text_that_cannot_be_searched_for_is_an_error(text: str, message: str) -> None:
    with pytest.raises(SearchError, match=message):
        clauses(text)


@random_cases(1000)
@given(st.text() | st.text('"“”„*:()[]{}~^+-\\/ \0\ud800é東aB1', max_size=40))
def test_no_text_raises_anything_else(text: str) -> None:
    try:
        found = clauses(text)
    except SearchError:
        return
    assert found
    assert len(set(found)) == len(found)

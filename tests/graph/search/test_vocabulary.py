"""Words similar to another one; against a look at every word of the vocabulary."""

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from graph.search.query_text import WordClause
from graph.search.vocabulary import vocabulary_of
from tests.cases import random_cases


def typo_distance(one: str, other: str) -> int:
    """The optimal string alignment distance, by its definition."""
    rows = [[max(row, column) for column in range(len(other) + 1)] for row in range(len(one) + 1)]
    for row in range(1, len(one) + 1):
        for column in range(1, len(other) + 1):
            wrong = one[row - 1] != other[column - 1]
            rows[row][column] = min(
                rows[row - 1][column] + 1, rows[row][column - 1] + 1, rows[row - 1][column - 1] + wrong
            )
            if row > 1 and column > 1 and one[row - 2 : row] == other[column - 2 : column][::-1]:
                rows[row][column] = min(rows[row][column], rows[row - 2][column - 2] + 1)
    return rows[-1][-1]


def similar(terms: Iterable[str], clause: WordClause) -> list[str]:
    return vocabulary_of(dict.fromkeys(terms, (1, 0, 0))).similar(clause)


WORDS = st.text("abé\U0010ffff", min_size=1, max_size=7)


@random_cases(1000)
@given(terms=st.sets(WORDS, max_size=40), word=WORDS, is_prefix=st.booleans())
def test_similar_words_are_those_that_a_look_at_each_finds(terms: set[str], word: str, is_prefix: bool) -> None:
    near = {term for term in terms if len(word) >= 4 and typo_distance(term, word) == 1}
    longer = {term for term in terms if term.startswith(word) and term != word}
    assert similar(terms, WordClause(word, is_prefix)) == sorted(longer if is_prefix else near)


def test_most_frequent_words_come_first() -> None:
    vocabulary = vocabulary_of({"sea": (9, 9, 9), "seas": (0, 1, 1), "seat": (0, 0, 3), "seal": (1, 1, 0), "tea": (1,)})
    assert vocabulary.similar(WordClause("sea", is_prefix=True)) == ["seat", "seal", "seas"]


def test_words_with_digits_and_short_ones_have_none_that_are_similar() -> None:
    assert similar({"sea", "2024", "2025", "tea"}, WordClause("2024")) == []
    assert similar({"sea", "2024", "2025", "tea"}, WordClause("tea")) == []

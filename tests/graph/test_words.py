"""Words and the spellings that count as one."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.words import Run, Word, runs, terms, words
from tests.cases import random_cases


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" -- … 🦀 \0 \ud800", []),
        ("The Tide-power; 12% (A1)", ["the", "tide", "power", "12", "a1"]),
        ("don't foo_bar C++", ["don", "t", "foo", "bar", "c"]),
        ("Łódź, Straße, naïve: E\u0301TE\u0301 & cœur", ["lodz", "strasse", "naive", "ete", "coeur"]),
        ("Ὀδυσσεύς Йод İzmir ısı", ["οδυσσευσ", "иод", "izmir", "isi"]),
        ("Ｗｉｄｅ １２ ﬁne Ⅷ", ["wide", "12", "fine", "viii"]),
        ("Zeitungs\u00adverlag می\u200cخواهم", ["zeitungsverlag", "میخواهم"]),
        ("العَرَبِيَّة שָׁלוֹם", ["العربية", "שלום"]),
        ("한국어 हिन्दी", ["한국어", "हिन्दी"]),
        ("東京都, カﾞﾄﾞ ภาษา", ["東", "京", "都", "ガ", "ド", "ภ", "า", "ษ", "า"]),
        ("iPhone手机15", ["iphone", "手", "机", "15"]),
        ("x" * 70, ["x" * 64]),
        ("ﱞ a", ["a"]),
    ],
)
def test_text_has_these_terms(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


def test_words_know_where_they_stand() -> None:
    text = "“Été”\n東京 is\ud800 far"
    assert list(words(text)) == [
        Word("ete", 1, 4),
        Word("東", 6, 7),
        Word("京", 7, 8),
        Word("is", 9, 11),
        Word("far", 13, 16),
    ]


def test_characters_of_a_script_without_spaces_run_together() -> None:
    assert list(runs("東京。Tokyo都 été")) == [
        Run(("東", "京"), 2),
        Run(("tokyo",), 8),
        Run(("都",), 9),
        Run(("ete",), 13),
    ]


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_every_way_to_write_an_accent_is_one_word(form: str) -> None:
    text = "Ångström Crème brûlée Ậm Ǟ ガギグ 각"
    assert terms(unicodedata.normalize(form, text)) == terms(text)  # type: ignore[arg-type]  # one of the four forms


@random_cases(1000)
@given(st.text(st.characters(max_codepoint=sys.maxunicode)))
def test_terms_are_plain_and_agree_with_words_and_runs(text: str) -> None:
    found = list(words(text))
    assert terms(text) == [word.term for word in found] == [term for run in runs(text) for term in run.terms]
    assert all(0 < len(word.term) <= 64 and not any(map(str.isspace, word.term)) for word in found)
    edges = [edge for word in found for edge in (word.start, word.end)]
    assert edges == sorted(edges)

"""The tokenizer: what is a word of a text, and which spellings are the same term.

A word is a run of letters and digits with their combining marks. Han, kana, Thai, Lao, Khmer and Burmese are written
without spaces, so there each character is a word, and a run of them is searched for as a phrase: any part of it is
found. Terms ignore case and accents, and hold the first 64 characters of a word. Words joined by a sign (`e-mail`,
`node.js`, `don’t`, `1,000`) are a compound, which may be written as one word as well.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

_LONGEST_TERM = 64
"""Characters. Bounds what the engine stores for words that are none, such as an image embedded as base64."""
MOST_PARTS = 8
"""Words of a compound; what has more of them, as names of files do, is nowhere written as one word."""

# Invisible characters that only say where a word may break or how a letter is drawn: soft hyphen, joiners, variation
# selectors, the stroke that stretches Arabic words.
_UNSEEN = "\u00ad\u034f\u0640\u200c\u200d\u2060\ufe00-\ufe0f\U000e0100-\U000e01ef"
_MARKS = _UNSEEN + "".join(chr(code) for code in range(0x20000) if unicodedata.category(chr(code))[0] == "M")
_SPACELESS = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u30ff\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff"  # radicals, kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"  # Han, narrow kana
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai and Lao, Burmese, Khmer
)
_NOT_ASCII = r"(?=[^\x00-\x7f])"  # a cheap test first: most texts are ASCII, and the large sets are slow
_CHARACTER = rf"{_NOT_ASCII}(?=[^\W_])[{_SPACELESS}][{_MARKS}\uff9e\uff9f]*"
_LETTER_APOSTROPHES = "\u02bb\u02bc"  # Unicode takes them for letters, as in пʼять and oʻzbek
_LETTER = rf"(?:(?![{_SPACELESS}{_LETTER_APOSTROPHES}])[^\W_])"
_SPACED = rf"{_LETTER}+(?:{_NOT_ASCII}[{_MARKS}]+{_LETTER}*)*"
_WORD = re.compile(rf"{_SPACED}|{_CHARACTER}")
# What joins two words: apostrophes, hyphens, dots, ampersands, plus signs, zero-width spaces.
_SIGNS = (
    rf"\-.'&+_`\u00b4\u2018\u2019\uff07{_LETTER_APOSTROPHES}\u05f3\u05f4\u058a\u05be\u2010-\u2013\ufe63\uff0d"
    "\u00b7\u2027\u2024\uff0e\uff06\uff3f"
)
_BREAKS = "\u200b\ufeff"
_BETWEEN_THOUSANDS = r"(?<!\d{4})(?<=\d)[,.'\u2019\u00a0\u2009\u202f\u066c](?=\d{3}(?!\d))"
# Between two digits a sign tells numbers apart, as in 1.5 and 2024-05, except for thousands.
_JOINT = rf"(?:[{_BREAKS}]|(?<!\d)[{_SIGNS}]|[{_SIGNS}](?!\d)|{_BETWEEN_THOUSANDS})"
_COMPOUND = rf"{_SPACED}(?:{_JOINT}{_SPACED})*"
_RUN = re.compile(rf"({_COMPOUND})|(?:{_CHARACTER})+")
_COMPOUND_OR_WORD = re.compile(_COMPOUND)
_UNSEEN_CHARACTERS = re.compile(f"[{_UNSEEN}]+")

_TO_ASCII = TextAnalyzerBuilder(Tokenizer.raw()).filter(Filter.ascii_fold()).build()

# Unicode combining classes of marks that make another letter and not an accent: not reordered, nukta, voicing of kana,
# virama.
_KEPT_COMBINING_CLASSES = frozenset((0, 7, 8, 9))


class Word(NamedTuple):
    """A word and where it is in a text."""

    term: str
    """The folded spelling, by which words are compared."""
    start: int
    end: int


class Run(NamedTuple):
    """One word, a compound, or several characters of a script without spaces."""

    terms: tuple[str, ...]
    end: int
    is_compound: bool = False


def words(text: str) -> Iterator[Word]:
    """The words of the text in order."""
    for match in _WORD.finditer(text):
        if term := _term(match[0]):
            yield Word(term, match.start(), match.end())


def terms(text: str) -> list[str]:
    """The terms of the text's words in order."""
    return [term for term in map(_term, _WORD.findall(text)) if term]


def runs(text: str) -> Iterator[Run]:
    """The words of the text in order, those of a compound and those with nothing between them as one run."""
    for match in _RUN.finditer(text):
        found = tuple(terms(match[0]))
        if match[1] and len(found) > 1 and not is_compound(found):
            yield from (Run((word.term,), match.start() + word.end) for word in words(match[0]))
        elif found:
            yield Run(found, match.end(), is_compound=bool(match[1]) and len(found) > 1)


def compounds(text: str) -> Iterator[tuple[str, ...]]:
    """The terms of each compound of the text."""
    for found in _COMPOUND_OR_WORD.findall(text):
        if not found.isalnum() and is_compound(parts := tuple(terms(found))):
            yield parts


def is_compound(parts: Sequence[str]) -> bool:
    """Whether words so joined can be written as one."""
    return 1 < len(parts) <= MOST_PARTS and sum(map(len, parts)) <= _LONGEST_TERM


@lru_cache(maxsize=1 << 16)
def _term(word: str) -> str:
    """The term of a word; empty for a word of nothing but marks on a space."""
    return (word.lower() if word.isascii() else _folded(word))[:_LONGEST_TERM]


def _folded(word: str) -> str:
    letters = (
        character
        for character in unicodedata.normalize("NFKD", _UNSEEN_CHARACTERS.sub("", word))
        if unicodedata.combining(character) in _KEPT_COMBINING_CLASSES and not character.isspace()
    )
    folded = unicodedata.normalize("NFC", "".join(letters).casefold())
    return "".join(_TO_ASCII.analyze(folded))

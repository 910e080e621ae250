"""Search and highlights, against a matcher that knows no engine: plain loops over the words of plain texts."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from random import Random
from string import ascii_lowercase
from time import process_time
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis.stories import stories
from graph.bodies.pages import plain_text
from graph.building.derived import once_per_snapshot
from graph.building.merged_graph import MergeResult
from graph.building.snapshot import GraphSnapshot, build_snapshot
from graph.errors import SearchError
from graph.model import (
    Article,
    ArticleOrigin,
    BodyFormat,
    EdgeKind,
    Node,
    NodeKind,
    Person,
    Provider,
    Story,
    Topic,
    kind_of,
)
from graph.search import Highlight, HighlightPart, SearchHit, highlights, search
from graph.search.index import text_index
from tests.cases import number_of_cases, random_cases, random_from
from tests.edges import Edge, targets_of
from tests.work import calls_of

EVERY_KIND = frozenset(NodeKind)


def article(node_id: str, title: str | None = None, excerpt: str | None = None, body: str | None = None) -> Article:
    return Article(node_id, None, ArticleOrigin.DOCUMENT, node_id, title=title, excerpt=excerpt, body=body)


def library(*articles: Article, providers: Sequence[Provider] = (), topics: Sequence[Topic] = ()) -> GraphSnapshot:
    return build_snapshot(MergeResult(list(articles), list(providers), list(topics)))


def found(snapshot: GraphSnapshot, text: str, *kinds: NodeKind) -> list[str]:
    return [hit.node_id for hit in search(snapshot, text, frozenset(kinds) or EVERY_KIND)]


# Ranking


def test_word_in_the_title_outweighs_one_in_the_excerpt_and_this_one_in_the_body() -> None:
    snapshot = library(
        article("a_1", "A quiet day", "Nothing happens", "The harbour, the harbour, and the harbour again."),
        article("a_2", "A quiet day", "Nothing in the harbour", "The sea."),
        article("a_3", "A quiet harbour", "Nothing happens", "The sea."),
        article("a_4", "A quiet day", "Nothing happens", "The sea."),
    )
    assert found(snapshot, "harbour") == ["a_3", "a_2", "a_1"]
    assert found(snapshot, '"the sea"') == ["a_2", "a_3", "a_4"]


@pytest.mark.parametrize("rare", [0, 20])
def test_word_itself_outweighs_a_similar_one_wherever_they_stand(rare: int) -> None:
    others = [article(f"a_x{number}", body="harbour" if number >= rare else "sea") for number in range(20)]
    snapshot = library(
        article("a_1", "harbours", "harbours", "harbours"),
        article("a_2", "harbor", "harbor", "harbor"),
        article("a_3", body="The harbour stands in a long body with many other words, so that it weighs little."),
        *others,
    )
    for text in ("harbour", "harbour*"):
        hits = found(snapshot, text)
        assert hits.index("a_1") == len(hits) - (2 if text == "harbour" else 1)
        assert "a_3" in hits[: hits.index("a_1")]


def test_similar_words_count_by_where_they_stand_and_not_by_how_rare_they_are() -> None:
    snapshot = library(
        article("a_1", "A quiet day", "Nothing in the harbours"),
        article("a_2", "Harbours"),
        article("a_3", "A long day in one of the quiet harbours"),
        article("a_4", "A harbourx"),
        article("a_5", "Harbours of the world"),
    )
    assert found(snapshot, "harbour*") == ["a_2", "a_4", "a_5", "a_3", "a_1"]
    assert found(snapshot, "harbour") == ["a_2", "a_4", "a_5", "a_3", "a_1"]


@pytest.mark.parametrize("text", ["wor*", "worx"])
def test_every_similar_word_is_found_and_the_frequent_ones_first(text: str) -> None:
    words = [f"wor{letter}" for letter in ascii_lowercase] + [f"wor{letter}x" for letter in ascii_lowercase]
    rare = {f"a_{word}": word for word in words}
    frequent = {f"b_{number}": "worzx" for number in range(3)}
    hits = found(library(*(article(node_id, word) for node_id, word in (rare | frequent).items())), text)
    assert sorted(hits) == sorted(rare | frequent)
    assert hits[-1] == "a_worz"
    assert (hits[0] == "a_worx") == (text == "worx")


def test_rare_words_and_short_titles_count_more() -> None:
    snapshot = library(
        article("a_1", "Storm"),
        article("a_2", "Storm over the harbour after a long and quiet day at sea"),
        article("a_3", "Tide"),
        article("a_4", "Quiet storm"),
    )
    assert found(snapshot, "storm") == ["a_1", "a_4", "a_2"]


def test_equal_scores_stand_by_id() -> None:
    ids = [f"a_{number}" for number in range(50)]
    shuffled = Random(1).sample(ids, 50)
    snapshot = library(*(article(node_id, "Storm", "tide") for node_id in shuffled))
    hits = search(snapshot, "storm tid*", EVERY_KIND)
    assert [hit.node_id for hit in hits] == sorted(ids)
    assert len({hit.score for hit in hits}) == 1


def test_scores_repeat_with_another_index_of_the_same_content(seeds: GraphSnapshot) -> None:
    again = GraphSnapshot(
        **{name: getattr(seeds, name) for name in GraphSnapshot.__slots__ if not name.startswith("derived")}
    )
    for text in ("tidal", "ferry strike", "herr*", "harbor", '"of the"'):
        assert search(seeds, text, EVERY_KIND) == search(again, text, EVERY_KIND)


def test_threads_share_one_index(seeds: GraphSnapshot) -> None:
    texts = ["tidal", "ferry", "herr*", "harbor", '"of the"', "a*", "election night", "robot"] * 8
    expected = [search(seeds, text, EVERY_KIND) for text in texts]
    fresh = GraphSnapshot(
        **{name: getattr(seeds, name) for name in GraphSnapshot.__slots__ if not name.startswith("derived")}
    )
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda text: search(fresh, text, EVERY_KIND), texts)) == expected


# What is found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("creme", ["a_1"]),
        ("CRÈME BRULEE", ["a_1"]),
        ("brûl*", ["a_1"]),
        ('"creme brulee"', ["a_1"]),
        ('"brulee creme"', []),
        ('"brulee tokyo"', []),
        ("creme tokyo", ["a_1"]),
        ("creme harbour", []),
        ("hrabour", ["a_2"]),
        ("harbou", ["a_2"]),
        ("harbourz", ["a_2"]),
        ("habrour harbuor", ["a_2"]),
        ("harburo", []),
        ('"hrabour"', []),
        ("2023", []),
        ("2024", ["a_2"]),
        ("202*", ["a_2"]),
        ("sae", []),
        ("sea", ["a_2"]),
        ("東京", ["a_3"]),
        ("京都", ["a_3"]),
        ("都京", []),
        ("東 都", ["a_3"]),
        ("東都", []),
        ("ภาษา", ["a_3"]),
        ("ษาภ", []),
        ("서울", []),
        ("서울*", ["a_3"]),
        ("서울에서", ["a_3"]),
        ("المدينه", ["a_3"]),
    ],
)
def test_text_finds_these_articles(text: str, expected: list[str]) -> None:
    snapshot = library(
        article("a_1", "Crème brûlée", "Tokyo and beyond"),
        article("a_2", "The sea of 2024", None, "harbour"),
        article("a_3", "東京都で", "ภาษาไทย", "서울에서 المَدِينة"),
    )
    assert found(snapshot, text) == expected


SPELLINGS = {
    "hyphens": ["e-mail", "email", "e‑mail", "E–Mail", "e mail", "e\u00admail"],
    "dots": ["Node.js", "nodejs", "node js", "NODE．JS"],
    "initials": ["U.S.A.", "USA", "U-S-A"],
    "apostrophes": ["don't", "dont", "don’t", "donʼt", "don t"],
    "names": ["O'Brien", "OBrien", "O’Brien", "o brien"],
    "ampersands": ["AT&T", "ATT", "at t"],
    "digits": ["Covid-19", "covid19", "COVID 19"],
    "thousands": ["1,000,000", "1000000", "1.000.000", "1'000'000", "1\u202f000\u202f000"],
    "signs": ["5G+", "5-G", "5G"],
    "breaks": ["micro\u200bservices", "microservices", "micro-services"],
    "Ukrainian": ["п'ять", "пʼять", "пять", "П’ЯТЬ"],
    "Uzbek": ["oʻzbek", "o‘zbek", "ozbek"],
    "Catalan": ["col·lecció", "col.lecció", "COLLECCIO"],
    "French": ["aujourd’hui", "aujourdhui"],
    "German": ["Donau-Dampfschiff", "Donaudampfschiff", "Donau Dampfschiff"],
    "Greek": ["Νέα-Υόρκη", "νεαυορκη"],
    "Arabic": ["العـربية", "العربية"],
    "Hebrew": ["צה״ל", "צהל", "צה׳ל"],
    "Korean": ["서울-부산", "서울부산"],
    "Japanese": ["カール・マルクス", "カールマルクス", "カール\u200bマルクス"],
    "Thai": ["ภาษา\u200bไทย", "ภาษาไทย"],
}


@pytest.mark.parametrize("spellings", [pytest.param(values, id=name) for name, values in SPELLINGS.items()])
def test_joined_and_split_words_are_found_alike(spellings: list[str]) -> None:
    articles = [article(f"a_{number}", f"The {spelling} was here") for number, spelling in enumerate(spellings)]
    snapshot = library(*articles, article("a_x", "The other was here"))
    known = text_index(snapshot).compounds
    for spelling in spellings:
        beginning = [f"{spelling}*"] if spelling[-1].isalnum() and " " not in spelling else []
        for text in (spelling, f'"{spelling}"', f'"The {spelling} was here"', f"{spelling} here", *beginning):
            assert sorted(found(snapshot, text)) == [node.id for node in articles], text
            assert all(highlights(node, text, known) for node in articles), text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"1.5"', ["a_1"]),
        ("15", ["a_2"]),
        ('"2024-05"', ["a_1"]),
        ("202405", ["a_2"]),
        ('"in put"', ["a_3"]),
        ("input", ["a_4"]),
        ('"end we"', ["a_5"]),
        ("endwe", []),
        ("nine", []),
        ("nodej*", ["a_6"]),
        ('"nodej"', []),
        ('"the node.js news"', ["a_6"]),
        ('"the js node news"', []),
    ],
)
def test_only_signs_between_the_words_of_one_join_them(text: str, expected: list[str]) -> None:
    snapshot = library(
        article("a_1", "Version 1.5 of 2024-05"),
        article("a_2", "15 of 202405"),
        article("a_3", "Put in, in put"),
        article("a_4", "Input"),
        article("a_5", "The end — we go; a-b-c-d-e-f-g-h-n i-n e"),
        article("a_6", "The node-js news"),
    )
    assert found(snapshot, text) == expected


def test_adjacent_words_and_the_joined_one_come_before_words_apart() -> None:
    snapshot = library(
        article("a_1", "Mail without an e"),
        article("a_2", "Email without a letter"),
        article("a_3", "E-mail without a letter"),
    )
    for text in ("e-mail", "e mail"):
        assert found(snapshot, text)[-1] == "a_1"
    assert sorted(found(snapshot, '"email"')) == ["a_2", "a_3"]


def test_compound_is_marked_whole_however_it_is_spelled() -> None:
    node = article("a_1", "Real-time and real time, REALTIME or réal.time")
    compounds_of = text_index(library(node)).compounds
    for text in ("realtime", '"real-time"', "real.time"):
        assert rendered(*highlights(node, text, compounds_of)) == [
            "title: [Real-time] and [real time], [REALTIME] or [réal.time]"
        ]


def test_each_kind_is_found_by_its_own_fields() -> None:
    snapshot = build_snapshot(
        MergeResult(
            [article("a_1", "alpha", "bravo", "charlie"), article("a_2", "other")],
            [Provider("p_1", "delta.example", "echo", ("foxtrot", "foxtrot golf"))],
            [Topic("t_1", "zulu", "hotel", "india", "juliett", ("kilo", "lima mike"), ("#november",))],
            targets_of([Edge("a_1", "a_2", EdgeKind.RELATED_TO, 1)]),
            persons=[Person("h_1", "yankee", "oscar", ("papa", "papa quebec"), "romeo", "https://sierra.example/")],
        )
    )
    (story_id,) = stories(snapshot).by_id
    for text in ("alpha", "bravo", "charlie"):
        assert found(snapshot, text, NodeKind.ARTICLE) == ["a_1"]
    for text in ("delta", "delta.example", "echo", "foxtrot", '"foxtrot golf"'):
        assert found(snapshot, text) == ["p_1"]
    for text in ("hotel", "india", "juliett", "kilo", '"lima mike"', "#november", "kilo juliett"):
        assert found(snapshot, text) == ["t_1"]
    for text in ("oscar", "papa", '"papa quebec"', "romeo", "quebec oscar"):
        assert found(snapshot, text, NodeKind.PERSON) == found(snapshot, text) == ["h_1"]
    assert found(snapshot, "alpha", NodeKind.STORY) == [story_id]
    assert set(found(snapshot, "alpha")) == {"a_1", story_id}
    for text in (
        "zulu",
        "t_1",
        "yankee",
        "h_1",
        "sierra",
        '"papa papa"',
        '"foxtrot foxtrot"',
        '"kilo lima"',
        '"hotel india"',
        "echo hotel",
    ):
        assert found(snapshot, text) == []
    assert search(snapshot, "alpha", frozenset()) == ()


def test_nothing_is_found_in_a_graph_of_nothing() -> None:
    assert search(library(), "alpha", EVERY_KIND) == ()
    assert search(library(article("a_1")), "alpha al* alhpa", EVERY_KIND) == ()


@pytest.mark.parametrize("text", ["", "*", "w " * 501])
def test_text_that_cannot_be_searched_for_is_an_error(seeds: GraphSnapshot, text: str) -> None:
    with pytest.raises(SearchError):
        search(seeds, text, EVERY_KIND)
    with pytest.raises(SearchError):
        highlights(article("a_1", "w"), text)


@random_cases(1000)
@given(text=st.text(max_size=60) | st.text('"“”*:()[]{}~^+-\\/ \0\ud800é東aBtide1', max_size=60))
def test_no_text_raises_anything_else(seeds: GraphSnapshot, text: str) -> None:
    try:
        hits = search(seeds, text, EVERY_KIND)
    except SearchError:
        return
    assert len({hit.node_id for hit in hits}) == len(hits)


# The oracle


class Clause(NamedTuple):
    """What a query asks for: words (more than one is a phrase) that must occur exactly, or begin so, or with a typo."""

    words: tuple[str, ...]
    is_prefix: bool = False
    is_exact: bool = False


class Token(NamedTuple):
    term: str
    start: int
    end: int


def fold(text: str) -> str:
    kept = (character for character in unicodedata.normalize("NFD", text) if unicodedata.combining(character) <= 200)
    return "".join(kept).casefold().translate({ord("ø"): "o", ord("ł"): "l", ord("æ"): "ae"})


@cache
def tokens(text: str) -> tuple[Token, ...]:
    """Runs of letters, digits and accents, each folded; only for scripts with spaces."""
    answer: list[Token] = []
    start: int | None = None
    for place, character in enumerate(f"{text} "):
        if character.isalnum() or (start is not None and unicodedata.combining(character)):
            start = place if start is None else start
        elif start is not None:
            answer.append(Token(fold(text[start:place]), start, place))
            start = None
    return tuple(answer)


def compounds(text: str) -> Iterator[tuple[str, ...]]:
    """The terms of words joined by a sign."""
    run: list[Token] = []
    for token in (*tokens(text), Token("", len(text) + 9, len(text) + 9)):
        if run and not is_joint(text[: run[-1].end], text[run[-1].end : token.start], text[token.start :]):
            if 1 < len(run) <= 8:
                yield tuple(token.term for token in run)
            run = []
        run.append(token)


def is_joint(before: str, sign: str, after: str) -> bool:
    if before[-1].isdigit() and after[:1].isdigit():
        digits = len(before) - len(before.rstrip("0123456789"))
        thousand = len(after[:3]) == 3 and after[:3].isdigit() and not after[3:4].isdigit()
        return len(sign) == 1 and sign in ",.'’\u00a0\u202f" and digits < 4 and thousand
    return len(sign) == 1 and sign in "-.'’‘&+_–‑\u200b"


def texts(node: Node) -> Iterator[tuple[str, str]]:
    """Each text of a node that is searched, with its name."""
    match node:
        case Article():
            text = plain_text(node.body, node.body_format) if node.body else None
            name = node.slug if node.title is None else None
            pairs = [("slug", name), ("title", node.title), ("excerpt", node.excerpt), ("body", text)]
        case Provider():
            pairs = [("name", node.name), *(("aliases", alias) for alias in node.aliases), ("domain", node.domain)]
            pairs.append(("description", node.description))
        case Topic():
            pairs = [("name", node.name), ("shortName", node.short_name)]
            pairs += [("aliases", alias) for alias in node.aliases]
            pairs += [*(("keywords", word) for word in node.keywords), *(("hashtags", tag) for tag in node.hashtags)]
            pairs.append(("description", node.description))
        case Person():
            pairs = [("name", node.name), *(("aliases", alias) for alias in node.aliases)]
            pairs.append(("description", node.description))
        case Story():
            pairs = [("headline", node.headline)]
    return ((name, text) for name, text in pairs if text is not None)


@cache
def one_typo_away(word: str, alphabet: str) -> frozenset[str]:
    """The word, and all that one deletion, swap, replacement or insertion makes of it."""
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    return frozenset(
        {word}
        | {left + right[1:] for left, right in cuts}
        | {left + right[1::-1] + right[2:] for left, right in cuts}
        | {left + letter + right[1:] for left, right in cuts if right for letter in alphabet}
        | {left + letter + right for left, right in cuts for letter in alphabet}
    )


class Oracle:
    """Finds nodes by looking at all of their words."""

    def __init__(self, snapshot: GraphSnapshot) -> None:
        self.nodes: dict[str, Node] = {**snapshot.nodes, **stories(snapshot).by_id}
        self.values = {
            node.id: [[token.term for token in tokens(text)] for _, text in texts(node)] for node in self.nodes.values()
        }
        self.splits: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
        for node in self.nodes.values():
            for parts in {parts for _, text in texts(node) for parts in compounds(text)}:
                self.splits["".join(parts)].add(parts)
        self.holders: defaultdict[str, set[str]] = defaultdict(set)
        for node_id, values in self.values.items():
            for term in {term for value in values for term in value}:
                self.holders[term].add(node_id)
        self.vocabulary = sorted(self.holders)
        self.alphabet = "".join(sorted({letter for term in self.vocabulary for letter in term}))
        self.phrases = sorted(
            {tuple(value[place : place + 3]) for values in self.values.values() for value in values for place in (0, 2)}
            - {()}
        )

    def wanted_terms(self, clause: Clause) -> set[str]:
        """Words of the vocabulary that meet a clause of one word."""
        (word,) = clause.words
        if clause.is_prefix:
            return {term for term in self.vocabulary if term.startswith(word)}
        if clause.is_exact or len(word) < 4 or any(map(str.isdigit, word)):
            return {word} & self.holders.keys()
        return self.holders.keys() & one_typo_away(word, self.alphabet)

    def spans(self, value: Sequence[str], clause: Clause) -> Iterator[tuple[int, int]]:
        """The places of the first word of each match, and of the one behind the last."""
        if len(clause.words) == 1:
            wanted = self.wanted_terms(clause)
            yield from ((place, place + 1) for place, term in enumerate(value) if term in wanted)
        spellings = self.phrases_of(clause)
        for place in range(len(value)):
            yield from (
                (place, place + len(words)) for words in spellings if tuple(value[place:][: len(words)]) == words
            )

    def phrases_of(self, clause: Clause) -> set[tuple[str, ...]]:
        """The words of the clause, with compounds in every spelling."""
        if clause.is_prefix:
            (prefix,) = clause.words
            beginning = {parts for joined, found in self.splits.items() if joined.startswith(prefix) for parts in found}
            return {parts for parts in beginning if not parts[0].startswith(prefix)}
        found: dict[int, set[tuple[str, ...]]] = {len(clause.words): {()}}
        for start in reversed(range(len(clause.words))):
            found[start] = set()
            for end in range(start + 1, len(clause.words) + 1):
                parts, joined = clause.words[start:end], "".join(clause.words[start:end])
                if len(parts) == 1 or parts in self.splits.get(joined, ()):
                    spellings = {(joined,), *self.splits.get(joined, ())}
                    found[start] |= {spelling + rest for spelling in spellings for rest in found[end]}
        return found[0]

    def meeting(self, clause: Clause) -> set[str]:
        """Ids of the nodes that meet a clause."""
        if len(clause.words) == 1:
            single = {node_id for term in self.wanted_terms(clause) for node_id in self.holders[term]}
        else:
            single = set()
        return single | {node_id for phrase in self.phrases_of(clause) for node_id in self.having(phrase)}

    def having(self, phrase: tuple[str, ...]) -> set[str]:
        """Ids of the nodes with these words beside each other."""
        holders = set.intersection(*(self.holders.get(word, set()) for word in phrase))
        return {node_id for node_id in holders if any(occurrences(value, phrase) for value in self.values[node_id])}

    def alternatives(self, clauses: Sequence[Clause]) -> Iterator[tuple[list[Clause], list[Clause]]]:
        """The clauses one by one, each with none beside it; adjacent words that make a compound, with that as a word."""
        place = 0
        while place < len(clauses):
            size = next(
                size for size in (8, 7, 6, 5, 4, 3, 2, 1) if size == 1 or self.is_compound(clauses[place:][:size])
            )
            alone = list(clauses[place : place + size])
            joined = Clause(("".join(clause.words[0] for clause in alone),))
            yield alone, [joined] if size > 1 else []
            place += size

    def is_compound(self, clauses: Sequence[Clause]) -> bool:
        if any(clause.is_prefix or clause.is_exact for clause in clauses):
            return False
        words = tuple(word for clause in clauses for word in clause.words)
        return len(words) > 1 and words in self.splits.get("".join(words), ())

    def find(self, clauses: Sequence[Clause], kinds: frozenset[NodeKind]) -> set[str]:
        ids = set.intersection(
            *(
                set.intersection(*map(self.meeting, alone)).union(*map(self.meeting, joined))
                for alone, joined in self.alternatives(list(dict.fromkeys(clauses)))
            )
        )
        return {node_id for node_id in ids if kind_of(self.nodes[node_id]) in kinds}


def occurrences(value: Sequence[str], phrase: Sequence[str]) -> list[int]:
    return [place for place in range(len(value)) if tuple(value[place : place + len(phrase)]) == tuple(phrase)]


@once_per_snapshot
def oracle(snapshot: GraphSnapshot) -> Oracle:
    return Oracle(snapshot)


FOREIGN = ("kubernetes", "zzzz", "q", "überaus", "слово", "teh", "2024", "microsift", "s")


@st.composite
def queries(draw: st.DrawFn, snapshot: GraphSnapshot) -> tuple[str, tuple[Clause, ...]]:
    """A query as text, and what it asks for; half of the words stand in one node, so that many queries find it."""
    known = oracle(snapshot)
    node_id = draw(st.sampled_from(sorted(known.values)))
    own = sorted({term for value in known.values[node_id] for term in value}) or ["nothing"]
    words = st.sampled_from(own) | st.sampled_from(known.vocabulary) | st.sampled_from(FOREIGN)
    pieces, clauses = [], []
    for _ in range(draw(st.integers(1, 3))):
        piece, clause = draw(queried_words(words) | queried_phrases(known, node_id))
        pieces.append(piece)
        clauses.append(clause)
    return draw(st.sampled_from([" ", " -- ", "\n", ", "])).join(pieces), tuple(clauses)


@st.composite
def queried_words(draw: st.DrawFn, words: st.SearchStrategy[str]) -> tuple[str, Clause]:
    word = draw(words)
    match draw(st.sampled_from(["plain", "upper", "typo", "typo", "prefix", "quoted"])):
        case "upper":
            return (word.upper(), Clause((word,))) if fold(word.upper()) == word else (word, Clause((word,)))
        case "typo":
            word = draw(typos(word))
            return word, Clause((fold(word),))
        case "prefix":
            word = word[: draw(st.integers(1, len(word)))]
            return f"{word}*", Clause((fold(word),), is_prefix=True)
        case "quoted":
            return f'"{word}"', Clause((fold(word),), is_exact=True)
    return word, Clause((fold(word),))


@st.composite
def typos(draw: st.DrawFn, word: str) -> str:
    place, letter = draw(st.integers(0, len(word) - 1)), draw(st.sampled_from("aesxé"))
    left, right = word[:place], word[place:]
    changed = draw(
        st.sampled_from(
            [left + right[1:], left + right[1::-1] + right[2:], left + letter + right[1:], left + letter + right]
        )
    )
    return changed or word


@st.composite
def queried_phrases(draw: st.DrawFn, known: Oracle, node_id: str) -> tuple[str, Clause]:
    own = [tuple(value[start : start + 3]) for value in known.values[node_id] for start in range(len(value) - 1)]
    phrase = draw(st.sampled_from(own or [("nothing", "here")]) | st.sampled_from(known.phrases))
    phrase = phrase[: draw(st.integers(1, len(phrase)))]
    if draw(st.integers(0, 4)) == 0:
        phrase = phrase[::-1]
    return f'"{"  ".join(phrase)}"', Clause(phrase, is_exact=True)


KINDS = st.sampled_from(
    [
        EVERY_KIND,
        frozenset({NodeKind.ARTICLE}),
        frozenset({NodeKind.STORY, NodeKind.TOPIC}),
        frozenset({NodeKind.PERSON}),
    ]
)


def assert_finds_what_the_oracle_finds(
    snapshot: GraphSnapshot, text: str, clauses: Sequence[Clause], kinds: frozenset[NodeKind]
) -> tuple[SearchHit, ...]:
    hits = search(snapshot, text, kinds)
    assert sorted(hit.node_id for hit in hits) == sorted(oracle(snapshot).find(clauses, kinds))
    assert all((-one.score, one.node_id) < (-other.score, other.node_id) for one, other in pairwise(hits))
    assert all(hit.score > 0 for hit in hits)
    return hits


@random_cases(1000)
@given(data=st.data(), kinds=KINDS)
def test_seeds_are_found_as_the_oracle_finds_them(
    seeds: GraphSnapshot, data: st.DataObject, kinds: frozenset[NodeKind]
) -> None:
    text, clauses = data.draw(queries(seeds))
    hits = assert_finds_what_the_oracle_finds(seeds, text, clauses, kinds)
    for hit in hits[:3]:
        assert_highlights_what_the_oracle_marks(seeds, oracle(seeds).nodes[hit.node_id], text, clauses)


@random_cases(150)
@given(data=st.data(), kinds=KINDS)
@pytest.mark.thorough
def test_corpus_is_found_as_the_oracle_finds_it(
    azure: GraphSnapshot, data: st.DataObject, kinds: frozenset[NodeKind]
) -> None:
    text, clauses = data.draw(queries(azure))
    hits = assert_finds_what_the_oracle_finds(azure, text, clauses, kinds)
    for hit in hits[:3]:
        assert_highlights_what_the_oracle_marks(azure, oracle(azure).nodes[hit.node_id], text, clauses)


def assert_the_word_itself_comes_first(snapshot: GraphSnapshot, text: str, word: str) -> None:
    holders = oracle(snapshot).meeting(Clause((word,), is_exact=True))
    has_word = [node_id in holders for node_id in found(snapshot, text)]
    assert has_word == sorted(has_word, reverse=True)


def test_in_seeds_the_word_itself_comes_before_similar_ones(seeds: GraphSnapshot) -> None:
    check_words(seeds, number_of_cases(1000))


@pytest.mark.thorough
def test_in_the_corpus_the_word_itself_comes_before_similar_ones(azure: GraphSnapshot) -> None:
    check_words(azure, number_of_cases(150))


def check_words(snapshot: GraphSnapshot, count: int) -> None:
    chance, vocabulary = random_from(7), oracle(snapshot).vocabulary
    for word in chance.choices(vocabulary, k=count):
        assert_the_word_itself_comes_first(snapshot, word + chance.choice(["", "*"]), word)


# Highlights


def assert_highlights_what_the_oracle_marks(
    snapshot: GraphSnapshot, node: Node, text: str, clauses: Sequence[Clause]
) -> None:
    """Every text that matches has a highlight, in order; its parts are a piece of it, marked where words match."""
    expected = [
        (name, value, marks) for name, value in texts(node) if (marks := marked(oracle(snapshot), value, clauses))
    ]
    answer = highlights(node, text, text_index(snapshot).compounds)
    assert [highlight.field for highlight in answer] == [name for name, _, _ in expected]
    for highlight, (_, value, marks) in zip(answer, expected, strict=True):
        assert_is_fragment(highlight, value, marks)


def marked(known: Oracle, value: str, clauses: Sequence[Clause]) -> set[int]:
    """The places of all characters that a match covers."""
    found, covered = tokens(value), set()
    for alone, joined in known.alternatives(list(dict.fromkeys(clauses))):
        for clause in (*alone, *joined):
            for first, end in known.spans([token.term for token in found], clause):
                covered |= set(range(found[first].start, found[end - 1].end))
    return covered


def assert_is_fragment(highlight: Highlight, value: str, marks: set[int]) -> None:
    fragment = "".join(part.text for part in highlight.parts)
    assert fragment == value if len(value) <= 200 else len(fragment) <= 160
    assert all(part.text for part in highlight.parts)
    assert all(one.is_match != other.is_match for one, other in pairwise(highlight.parts))
    flags = [part.is_match for part in highlight.parts for _ in part.text]
    assert any(flags)
    starts = [start for start in range(len(value)) if value.startswith(fragment, start)]
    assert any(flags == [start + place in marks for place in range(len(fragment))] for start in starts)
    edges = {0, len(value)} | {edge for token in tokens(value) for edge in (token.start, token.end)}
    assert any({start, start + len(fragment)} <= edges for start in starts)


def rendered(*answer: Highlight) -> list[str]:
    """Each as `field: text with [matches]`."""
    return [
        f"{highlight.field}: " + "".join(f"[{text}]" if is_match else text for text, is_match in highlight.parts)
        for highlight in answer
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cafe", ["title: A [Café] <b>by</b> the sea"]),
        ("the", ["title: A Café <b>by</b> [the] sea", "excerpt: [The] climate, change: [the] **sea** at Cafeteria"]),
        ("cafe*", ["title: A [Café] <b>by</b> the sea", "excerpt: The climate, change: the **sea** at [Cafeteria]"]),
        ("cilmate", ["excerpt: The [climate], change: the **sea** at Cafeteria"]),
        ('"climate change"', ["excerpt: The [climate, change]: the **sea** at Cafeteria"]),
        ('"change climate"', []),
        (
            '"the sea"',
            ["title: A Café <b>by</b> [the sea]", "excerpt: The climate, change: [the **sea]** at Cafeteria"],
        ),
        (
            'climate "climate change" change',
            ["excerpt: The [climate, change]: the **sea** at Cafeteria"],
        ),
        ("京都", ["body: 東[京都]の天気"]),
        ("東 京", ["body: [東京]都の天気"]),
        ("nowhere", []),
    ],
)
def test_highlights_mark_what_matches(seeds: GraphSnapshot, text: str, expected: list[str]) -> None:
    node = article("a_1", "A Café <b>by</b> the sea", "The climate, change: the **sea** at Cafeteria", "東京都の天気")
    assert rendered(*highlights(node, text)) == expected


def test_each_value_of_a_list_is_highlighted_by_itself(seeds: GraphSnapshot) -> None:
    topic = Topic("t_1", "sea", "Sea", "S", "The sea.", ("sea", "tide", "sea level"), ("#sea",))
    assert highlights(topic, "sea level") == (
        Highlight("name", (HighlightPart("Sea", is_match=True),)),
        Highlight("keywords", (HighlightPart("sea", is_match=True),)),
        Highlight("keywords", (HighlightPart("sea", True), HighlightPart(" ", False), HighlightPart("level", True))),
        Highlight("hashtags", (HighlightPart("#", is_match=False), HighlightPart("sea", is_match=True))),
        Highlight("description", (HighlightPart("The ", False), HighlightPart("sea", True), HighlightPart(".", False))),
    )


def test_fragment_shows_the_most_different_matches_with_text_around_them(seeds: GraphSnapshot) -> None:
    filler = "lorem ipsum dolor sit amet " * 20
    body = f"tide tide tide {filler}before a TIDE and a storm after {filler}tide storm"
    (highlight,) = highlights(article("a_1", body=body), "tide storm nowhere")
    assert rendered(highlight) == [
        "body: sit amet lorem ipsum dolor sit amet lorem ipsum dolor sit amet before a [TIDE] and a [storm] after "
        "lorem ipsum dolor sit amet lorem ipsum dolor sit amet lorem ipsum"
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("tide " + "x " * 200, "[tide]" + " x" * 78),
        ("x " * 200 + "tide.", "x " * 77 + "[tide]."),
        ("tide" * 100, f"[{'tide' * 40}]"),
        ("a " * 100 + "tide" * 100 + " b" * 100, f"[{'tide' * 40}]"),
        ("潮" * 100 + "風" + "潮" * 150, None),
    ],
)
def test_fragment_is_bounded_wherever_the_match_stands(seeds: GraphSnapshot, body: str, expected: str | None) -> None:
    (highlight,) = highlights(article("a_1", body=body), "風" if expected is None else "tide*")
    if expected is None:
        assert rendered(highlight) == ["body: " + "潮" * 79 + "[風]" + "潮" * 80]
    else:
        assert rendered(highlight) == [f"body: {expected}"]


@random_cases(200)
@given(
    value=st.text("ab é\u0301東京,\n<🦀", min_size=1, max_size=500),
    text=st.text('ab* "東京é', min_size=1, max_size=12),
)
def test_highlights_lose_nothing(seeds: GraphSnapshot, value: str, text: str) -> None:
    snapshot, node = library(article("a_1", value, None, value * 3)), article("a_1", value, None, value * 3)
    try:
        answer = highlights(node, text)
        hits = search(snapshot, text, EVERY_KIND)
    except SearchError:
        return
    for highlight in answer:
        whole = value if highlight.field == "title" else plain_text(value * 3, BodyFormat.MARKDOWN)
        fragment = "".join(part.text for part in highlight.parts)
        assert fragment in whole
        assert fragment == whole if len(whole) <= 200 else len(fragment) <= 160
        assert any(part.is_match for part in highlight.parts)
    assert bool(hits) <= bool(answer)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("tida*", "Tidal Power"),
        ("fihseries", "Fisheries"),
        ("polit*", "Politics"),
        ("tranport", "Transport"),
        ("habrour", "Harbour Post"),
        ("lant*", "Lantern & Stone"),
    ],
)
def test_beginning_or_misspelling_of_a_name_finds_what_has_it_first(seeds: GraphSnapshot, text: str, name: str) -> None:
    node = oracle(seeds).nodes[found(seeds, text)[0]]
    assert isinstance(node, Provider | Topic)
    assert node.name == name


# The corpus


@pytest.mark.parametrize(
    ("text", "kind", "name", "place"),
    [
        ("datab*", NodeKind.TOPIC, "Databases", 5),
        ("micros*", NodeKind.PROVIDER, "Microsoft", 5),
        ("securty", NodeKind.TOPIC, "Security", 3),
        ("contaners", NodeKind.TOPIC, "Containers", 3),
        ("azrue", NodeKind.TOPIC, "Azure", 3),
    ],
)
@pytest.mark.thorough
def test_beginning_or_misspelling_of_a_name_finds_what_has_it_among_the_first(
    azure: GraphSnapshot, text: str, kind: NodeKind, name: str, place: int
) -> None:
    first = [oracle(azure).nodes[node_id] for node_id in found(azure, text)[:place]]
    assert (kind, name) in [(kind_of(node), getattr(node, "name", None)) for node in first]


@pytest.mark.thorough
def test_three_telling_words_of_a_title_find_its_article(azure: GraphSnapshot) -> None:
    known = oracle(azure)
    titled = [node for node in known.nodes.values() if isinstance(node, Article) and len(tokens(node.title or "")) > 2]
    sample = Random(7).sample(titled, 300)
    successes = 0
    for node in sample:
        rarest = sorted({token.term for token in tokens(node.title or "")}, key=lambda term: len(known.holders[term]))
        successes += node.id in found(azure, " ".join(rarest[:3]), NodeKind.ARTICLE)[:10]
    assert successes / len(sample) > 0.9


HOSTILE = pytest.mark.parametrize(
    "text",
    [
        " ".join(["a*"] * 32),
        " ".join(f"{letter}*" for letter in "abcdefghijklmnopqrstuvwxyz012345"),
        " ".join("s" + "ecurity"[:length] + "*" for length in range(8)) + " a* e* i* o* t* c* m*",
        "azure microsoft cloud with that announced data services today from this will have more your their which",
        '"' + "the " * 32 + '"',
        "x" * 1000,
    ],
)


@HOSTILE
@pytest.mark.thorough
def test_hostile_text_makes_little_work(azure: GraphSnapshot, text: str) -> None:
    search(azure, "azure", EVERY_KIND)
    calls_of(lambda: search(azure, text, EVERY_KIND), most=100_000)


@pytest.mark.measured
@HOSTILE
def test_hostile_text_is_answered_fast(azure: GraphSnapshot, text: str) -> None:
    search(azure, "azure", EVERY_KIND)
    times = []
    for _ in range(5):
        start = process_time()
        search(azure, text, EVERY_KIND)
        times.append(process_time() - start)
    assert min(times) < 0.25

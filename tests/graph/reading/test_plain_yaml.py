"""The fast reader must never differ from the complete one: these tests look for texts on which it does."""

import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graph.reading.front_matter import parse_front_matter
from graph.reading.full_yaml import load_yaml
from graph.reading.plain_yaml import load_plain, plain_lines
from tests.cases import random_cases, random_from

SEEDS = sorted((Path(__file__).parents[3] / "seeds").rglob("*.*"))

CONSTANTS = [
    "true",
    "True",
    "false",
    "null",
    "Null",
    "NULL",
    "~",
    "yes",
    "no",
    "on",
    "inf",
    "Infinity",
    "nan",
    "NaN",
    ".inf",
    ".nan",
]
NUMBERS = [
    *(
        "0",
        "-0",
        "1",
        "-1",
        "+1",
        "01",
        "00",
        "0.10",
        "1.50",
        "-0.0",
        "1.",
        ".5",
        "1e5",
        "1E5",
        "1_000",
        "0x1f",
        "0o17",
        "0b11",
    ),
    *("0b1.", "0B1", "1d5", "1f", "12:30", "1:2", "1.2.3", "9" * 15, "9" * 16, "123456789012345.123456789012345"),
]
DATES = [
    *("2024-01-01", "2024-01-01T10:00:00Z", "2024-01-01 10:00", "2024-01-01T10:00:00.123456789 +01:00", "9999-99-99"),
    *("2024-01-01 was", "2024-01-01Z"),
]
TEXTS = [
    *(
        "a",
        "a  b",
        "a:b",
        "a: b",
        "a #b",
        "a#b",
        "a# b",
        "it's",
        "http://x.y/z?a=b#c",
        "C:\\x",
        "a, [b]",
        "{a}",
        "[a]",
        "&a",
        "*a",
    ),
    *(
        "!a",
        "| a",
        ">",
        "%a",
        "@a",
        "`a`",
        "? a",
        "- a",
        "-a",
        "--- a",
        "...",
        "a ---",
        "<<",
        "= a",
        "null a",
        "true a",
        "inf a",
    ),
    *(
        "1,000 people",
        "3 % of",
        "9to5",
        "5G",
        "1.5 million",
        "10-5 a",
        "#tag",
        "é",
        "a\u00a0",
        "\u00a0a",
        "a\u00a0b",
        "a\u0085b",
    ),
    *(
        "a\u2028b",
        "a\tb",
        "a\t",
        "\ta",
        "😀",
        "a😀",
        "a\ufeff",
        "a\ufffe",
        "a\u200b",
        "a\u1680",
        "\u0300a",
        "—",
        "a — b",
        "x" * 3_000,
    ),
]
QUOTED = [
    *(
        '""',
        "''",
        "''''",
        "'it''s'",
        "'a'b",
        '"a"b',
        '"a" ',
        '" a "',
        "' a '",
        '"a\\"b"',
        '"a\\nb"',
        "'a\\nb'",
        '"\\\\"',
        '"\\/"',
    ),
    *(
        '"\\u00e9"',
        '"\\u0000"',
        '"\\u007f"',
        '"\\u0085"',
        '"\\u2028"',
        '"\\ud83d\\ude00"',
        '"\\x41"',
        '"a\tb"',
        '"a\u00a0"',
    ),
    *('"a: b # c"', "'a: b # c'", '"---"', '"' + "y" * 3_000 + '"'),
]
AWKWARD = ["", *CONSTANTS, *NUMBERS, *DATES, *TEXTS, *QUOTED]
ATOMS = [
    *"abe019-+.,: #\"'\\[]{}&*!|>%@`?~_=</\t\u00a0\u0085\u2028é",
    ": ",
    " #",
    "- ",
    "''",
    "true",
    "nan",
    "inf",
    "0b1",
    "\\u0041",
    "---",
]

scalars = st.one_of(
    st.sampled_from(AWKWARD),
    st.lists(st.sampled_from(ATOMS), min_size=1, max_size=6).map("".join),
    st.text("abc xyz,.é'", max_size=12).map(lambda text: f"'{text.replace(chr(39), chr(39) * 2)}'"),
    st.text(max_size=8).filter(lambda text: "\n" not in text and "\r" not in text),
)
keys = st.sampled_from(
    ["a", "b", "c", "title", "webUrl", "k-1", "_id"] * 3 + ["null", "true", "inf", "NaN", "yes", "x0", "e1", "1a", "<<"]
)
noise = st.sampled_from([[]] * 20 + [[""], ["   "], ["# note"], ["    # a: b"], ["\t"], ["---"]])
steps = st.sampled_from([2] * 12 + [0, 1, 3, 4, 8])


@st.composite
def blocks(draw: st.DrawFn, indent: int = 0, depth: int = 0) -> list[str]:
    """The lines of a mapping or list as people write them, now and then with a slip."""
    if depth and draw(st.booleans()):
        return [line for _ in range(draw(st.integers(1, 3))) for line in draw(items(indent, depth))]
    return [line for _ in range(draw(st.integers(1, 3))) for line in draw(entries(indent, depth))]


@st.composite
def items(draw: st.DrawFn, indent: int, depth: int) -> list[str]:
    if depth > 5 or draw(st.booleans()):
        return [*draw(noise), " " * indent + "- " + draw(scalars)]
    first, *others = [line for _ in range(draw(st.integers(1, 3))) for line in draw(entries(indent + 2, depth))]
    return [*draw(noise), " " * indent + "- " + first.lstrip(" "), *others]


@st.composite
def entries(draw: st.DrawFn, indent: int, depth: int) -> list[str]:
    start = " " * indent + draw(keys) + ":"
    if depth > 5 or draw(st.sampled_from([True, True, False])):
        return [
            start + " " * draw(st.sampled_from([1, 1, 1, 2])) + draw(scalars) + draw(st.sampled_from(["", "", "", " "]))
        ]
    return [start, *draw(noise), *draw(blocks(indent + draw(steps), depth + 1))]


def agrees(text: str) -> bool:
    """Whether the text is plain; if it is, both readers must say the same of it."""
    plain = load_plain(text)
    if plain is None:
        return False
    document = load_yaml(text)
    assert repr(plain) == repr(document.value)  # tells 1 from 1.0 and from true, and sees the order of the keys
    assert document.remarks == []
    assert dict(plain_lines(text)) == {path: line for path, line in document.lines.items() if path}
    return True


@given(blocks().map("\n".join))
@example("k: 0b1.")
@example("k:\n  - inf: 1\n  - nan:\n      NaN: x")
@example("infinity: 1")
@random_cases(2_000)
def test_generated_texts_mean_the_same_to_both_readers(text: str) -> None:
    agrees(text)


@pytest.mark.parametrize("text", AWKWARD)
def test_awkward_scalars_mean_the_same_to_both_readers_wherever_they_stand(text: str) -> None:
    for template in (
        "k: {}",
        "k:   {}  ",
        "k:\n- {}\n- a",
        "k:\n  - a: {}\n    b: {}",
        "k:\n    {}",
        "{}: a",
        "a: b\n{}",
        "k: {}\n  {}",
    ):
        agrees(template.replace("{}", text))


@given(st.sampled_from(SEEDS), st.integers(0, 2**32))
@random_cases(1_000)
def test_damaged_seeds_mean_the_same_to_both_readers(path: Path, seed: int) -> None:
    agrees(damaged(path.read_text("utf-8").removeprefix("---\n").partition("\n---")[0], random.Random(seed)))


def damaged(text: str, chance: random.Random) -> str:
    """The text with one to three lines changed."""
    lines = text.split("\n")
    changes: list[Callable[[int], None]] = [
        lambda at: lines.insert(at, lines[chance.randrange(len(lines))]),
        lambda at: lines.insert(
            at, chance.choice(["", "  ", "# note", "   # x: y", "---", "x: 1", "- a", "  - a", "\t"])
        ),
        lambda at: lines.__setitem__(at, " " * chance.randint(1, 8) + lines[at]),
        lambda at: lines.__setitem__(at, lines[at].removeprefix("  ")),
        lambda at: lines.__setitem__(at, lines[at].partition(":")[0] + ": " + chance.choice(AWKWARD)),
        lambda at: lines.__setitem__(at, lines[at].replace('"', chance.choice(["", "'", '\\"']))),
        lambda at: lines.__setitem__(at, lines[at][: chance.randint(0, len(lines[at]))] + chance.choice(ATOMS)),
        lambda at: lines.__setitem__(at, lines[at] + chance.choice([" ", "\u00a0", " # x", ":", "'", "\t"])),
        lambda at: lines.append(lines.pop(at)),
    ]
    for _ in range(chance.randint(1, 3)):
        chance.choice(changes)(chance.randrange(len(lines)))
    return "\n".join(lines)


def test_every_seed_is_plain_or_means_the_same_to_both_readers() -> None:
    texts = [path.read_text("utf-8").removeprefix("---\n").partition("\n---")[0] for path in SEEDS]

    assert sum(map(agrees, texts)) > len(texts) / 2


@pytest.mark.thorough
def test_real_articles_are_plain_and_mean_the_same_to_both_readers(corpus: Path) -> None:
    texts = [path.read_text("utf-8")[4:].partition("\n---")[0] for path in sorted(corpus.glob("_news/*.md"))[::20]]

    assert sum(map(agrees, texts)) > len(texts) * 0.9


def test_rapidyaml_writes_nothing_to_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    chance = random_from(7)
    texts = [path.read_text("utf-8").removeprefix("---\n").partition("\n---")[0] for path in SEEDS]

    for text in [f"k: {scalar}\nl:\n  - {scalar}" for scalar in AWKWARD] + [
        damaged(text, chance) for text in texts * 4
    ]:
        load_plain(text)

    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "# nothing",
            "a: [1]",
            "a: {b: 1}",
            "a: &x 1",
            "a: *x",
            "a: !x 1",
            "a: |\n  b",
            "a: >\n  b",
            "a: b\n  c",
            "- a",
            "a",
        ),
        *(
            "a: 1\na: 2",
            "a:\n  b: 1\n  b: 2",
            "a: 'b",
            "a: b: c",
            "a:\tb",
            "a: b # c",
            "a: 007",
            "a: 1e3",
            "a: .inf",
            "a: ~",
            "a: True",
        ),
        *(
            "1: a",
            "inf: a",
            "NaN: a",
            "<<: a",
            "'a': b",
            "a: 1\n---\nb: 2",
            "a:\n" + "".join(" " * n + "b:\n" for n in range(1, 9)),
        ),
    ],
)
def test_whatever_is_not_plain_is_left_to_the_complete_reader(text: str) -> None:
    assert load_plain(text) is None


def test_plain_text_becomes_values_of_the_types_that_yaml_gives_them() -> None:
    text = "a: x\nb: 1\nc: -1.5\nd: true\ne: null\nf:\ng: 2024-05-03T09:30:00Z\nh: no\ni: \"1\"\nj: 'it''s'\nk:\n- 1\n- l: x\n  m:\n"

    values = {"a": "x", "b": 1, "c": -1.5, "d": True, "e": None, "f": None, "g": "2024-05-03T09:30:00Z", "h": "no"}
    assert load_plain(text) == values | {"i": "1", "j": "it's", "k": [1, {"l": "x", "m": None}]}


def test_lines_name_every_field_and_item() -> None:
    text = "a: 1\n# note\nb:\n  - x\n  - c: 1\n    d:\n    - y\ne:\n  f: 2\n"

    assert list(plain_lines(text)) == [
        (("a",), 1),
        (("b",), 3),
        (("b", 0), 4),
        (("b", 1), 5),
        (("b", 1, "c"), 5),
        (("b", 1, "d"), 6),
        (("b", 1, "d", 0), 7),
        (("e",), 8),
        (("e", "f"), 9),
    ]


def test_document_of_plain_front_matter_knows_its_lines() -> None:
    front_matter = parse_front_matter("\n---\ntitle: a\nrelated:\n  - title: b\n---\n")

    assert front_matter is not None
    paths = [("title",), ("related", 0, "title"), ("related", 0, "webUrl"), ("related",), ("excerpt",)]
    assert [front_matter.line(path) for path in paths] == [3, 5, 5, 4, None]


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="only Linux tells a process its size so cheaply")
@pytest.mark.thorough
def test_reading_leaves_no_memory_behind() -> None:
    program = """
from pathlib import Path
from graph.reading.plain_yaml import load_plain

def size() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

text = "related:\\n" + "  - title: a related article with quite a long title\\n" * 20_000
for _ in range(10):
    load_plain(text)
before = size()
for _ in range(50):
    assert load_plain(text)
print((size() - before) // 2**20)
"""
    finished = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert int(finished.stdout) < 20  # megabytes, of 55 that were read

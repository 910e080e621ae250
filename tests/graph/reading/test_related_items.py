"""Reading without repeating must never differ from reading: these tests look for documents on which it does."""

from hypothesis import example, given
from hypothesis import strategies as st

from graph.reading.plain_yaml import load_plain, plain_lines
from graph.reading.related_items import ItemLines, RelatedItems
from tests.cases import random_cases

TOP = [
    "title: A\n",
    "related: x\n",
    "heat: 1\n",
    "# comment\n",
    "\n",
    "topics:\n  - AI\n",
    "images:\n  - url: u\n    width: 1\n",
    "a: b: c\n",
]
ITEMS = [
    "- title: A\n  webUrl: u\n",
    "- title: B\n  provider:\n    name: P\n    images:\n      - url: i\n        width: 5\n",
    "- title: 'a - b'\n",
    "- title: A\n\n  webUrl: u\n",
    "- title: A\n# comment\n  webUrl: u\n",
    "- title: A\n  # comment\n",
    "- plain\n",
    "- \"- quoted\"\n",
    "- null\n",
    "- 5\n",
    "-\n",
    "- a: 1\n  a: 2\n",
    "- title: |\n    text\n",
    "- [a]\n",
    "- secured: x\n  title: C\n",
    "   - title: A\n",
    "- title: A   \n",
    "\n",
    "# comment\n",
    "    - deeper\n",
]  # fmt: skip
LISTS = st.builds(
    lambda indent, items, key: (
        key + "".join("".join(indent + line for line in item.splitlines(True)) for item in items)
    ),
    st.sampled_from(["", " ", "  ", "    "]),
    st.lists(st.sampled_from(ITEMS), max_size=6),
    st.sampled_from(["related:\n", "related: \n", "related:  # x\n", "related:\n\n", " related:\n"]),
)
TEXTS = st.lists(st.one_of(st.sampled_from(TOP), LISTS), min_size=1, max_size=4).map("".join)


@random_cases(2_000)
@given(st.lists(st.one_of(TEXTS, TEXTS.map(lambda text: "\n" + text.rstrip("\n"))), min_size=1, max_size=5))
@example(["\nrelated:\n  - a\n", "\nrelated:\n  - a\n- b\n", "\nrelated:\n  - a\n#\n  - b\n"])
@example(["\nrelated:\n  - a\n", "\nrelated:\n  - a\nrelated:\n  - a\n"])
def test_known_items_make_no_difference(texts: list[str]) -> None:
    known = RelatedItems(without="secured")

    for text in (*texts, *texts):
        assert known.load(text) == load_plain(text)


@random_cases(2_000)
@given(TEXTS)
@example("\nrelated:\n  - a: 1\n    b:\n      - c\n\n  - d\ntitle: x\n")
def test_lines_of_items_are_those_of_the_text(text: str) -> None:
    if load_plain(text) is None:
        return
    lines, items = dict(plain_lines(text)), ItemLines(text)

    for path, line in lines.items():
        assert items.find(path) in (line, None)
    for path in (("related",), ("title",), ("related", 99), ("related", "a"), ("related", 0, "missing"), ()):
        assert path in lines or items.find(path) is None


def test_every_item_of_a_usual_list_has_its_line() -> None:
    text = "\ntitle: T\nrelated:\n  - title: A\n    webUrl: u\n  - B\n  - images:\n      - url: i\nheat: 1\n"

    assert {path: ItemLines(text).find(path) for path in dict(plain_lines(text))} == {
        ("title",): None,
        ("related",): None,
        ("related", 0): 4,
        ("related", 0, "title"): 4,
        ("related", 0, "webUrl"): 5,
        ("related", 1): 6,
        ("related", 2): 7,
        ("related", 2, "images"): 7,
        ("related", 2, "images", 0): 8,
        ("related", 2, "images", 0, "url"): 8,
        ("heat",): None,
    }


def test_equal_items_of_different_documents_are_one_object() -> None:
    known = RelatedItems()

    first = known.load("title: A\nrelated:\n  - title: X\n  - title: Y\n")
    second = known.load("title: B\nrelated:\n  - title: Y\nheat: 1\n")

    assert first == {"title": "A", "related": [{"title": "X"}, {"title": "Y"}]}
    assert second == {"title": "B", "related": [{"title": "Y"}], "heat": 1}
    assert isinstance(first, dict)
    assert isinstance(second, dict)
    assert first["related"][1] is second["related"][0]  # type: ignore[index]


def test_items_with_a_forbidden_text_and_very_long_ones_are_not_kept() -> None:
    known = RelatedItems(without="secured")
    text = "a: 1\nrelated:\n  - secured: hidden\n  - title: " + "x" * 9_000 + "\n"

    first, second = known.load(text), known.load(text)

    assert first == second == load_plain(text)
    assert "hidden" not in repr(vars(known))
    assert "xxx" not in repr(vars(known))

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model import JsonValue
from graph.problems import FieldPath, ProblemCode
from graph.reading.front_matter import FrontMatter, parse_catalogue, parse_front_matter, without_front_matter
from graph.reading.full_yaml import FrontMatterError


def parsed(text: str) -> FrontMatter:
    front_matter = parse_front_matter(text)
    assert front_matter is not None
    return front_matter


def remarks(text: str) -> list[tuple[ProblemCode, int, tuple[str | int, ...]]]:
    return [(remark.code, remark.line, remark.path) for remark in parsed(text).remarks]


def failure(text: str) -> tuple[ProblemCode, int | None]:
    with pytest.raises(FrontMatterError) as caught:
        parse_front_matter(text)
    return caught.value.code, caught.value.line


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: A\ntags: [b]\n---\nBody *text*\n",
        "----  \ntitle: A\ntags:\n  - b\n----\nBody *text*\n",
        '+++\ntitle = "A"\ntags = ["b"]\n+++\nBody *text*\n',
        '{\n"title": "A", "tags": ["b"]\n}\nBody *text*\n',
        "\n \n---\ntitle: A\ntags: [b]\n---\n\n\nBody *text*",
    ],
)
def test_yaml_toml_and_json_front_matter_say_the_same(text: str) -> None:
    front_matter = parsed(text)

    assert (front_matter.fields, front_matter.body) == ({"title": "A", "tags": ["b"]}, "Body *text*")
    assert front_matter.remarks == []


def test_body_keeps_the_lines_that_look_like_boundaries() -> None:
    assert parsed("---\ntitle: A\n---\none\n---\ntwo\n---\n").body == "one\n---\ntwo\n---"


@pytest.mark.parametrize("head", ["---\na: 1\n---", "+++\na = 1\n+++", '{\n"a": 1\n}'])
def test_body_keeps_the_indentation_of_its_first_line(head: str) -> None:
    assert parsed(f"{head}\n \n\n    code\n\ntext\n \n").body == "    code\n\ntext"


def test_front_matter_without_fields_is_empty() -> None:
    assert [parsed(text).fields for text in ("---\n---\n", "---\n# note\n---", "{\n}", "+++\n+++")] == [{}] * 4


@pytest.mark.parametrize(
    "text", ["", " \n", "text", "# Title\n---\na: b\n---\n", "{{ x }}", "{x}", "Note: x\n\ny", " --- a\n", "-- \n"]
)
def test_text_without_front_matter_is_none(text: str) -> None:
    assert parse_front_matter(text) is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("\n\n---\ntitle: A\nrelated:\n  - webUrl: x\n---\n", 6),
        ("---\ntitle: [A]\nrelated: [{webUrl: x}]\n---\n", 3),
        ('{\n"title": "A",\n"related": [\n{"webUrl": 1}]\n}\n', 4),
        ('+++\nrelated = [{webUrl = "x"}]\n+++\n', 2),
    ],
)
def test_a_field_has_its_line_in_the_file(text: str, line: int | None) -> None:
    assert parsed(text).line(("related", 0, "webUrl")) == line


def test_lines_may_be_asked_for_in_any_order_and_again() -> None:
    front_matter = parsed("---\na: 1\nb: 2\nc: 3\n---\n")

    assert [front_matter.line((key,)) for key in "cabxc"] == [4, 2, 3, None, 4]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("---\ntitle: A\n", ProblemCode.FRONT_MATTER_UNCLOSED, 1),
        ("\n\n+++\ntitle = 1\n", ProblemCode.FRONT_MATTER_UNCLOSED, 3),
        ('{\n"title": 1\n', ProblemCode.FRONT_MATTER_UNCLOSED, 1),
        ("\n---\ntitle: A\nb: c: d\n---\n", ProblemCode.FRONT_MATTER_INVALID, 4),
        ('\n{\n"a": 1,\n"b": x\n}\n', ProblemCode.FRONT_MATTER_INVALID, 4),
        ("\n+++\na = 1\nb = x\n+++\n", ProblemCode.FRONT_MATTER_INVALID, 4),
        ("+++\na = " + "9" * 5_000 + "\n+++\n", ProblemCode.FRONT_MATTER_INVALID, None),
        ("+++\na = 0x" + "f" * 5_000 + "\n+++\n", ProblemCode.FRONT_MATTER_INVALID, None),
        ("---\n- a\n---\n", ProblemCode.FRONT_MATTER_INVALID, 1),
        ("---\ntext\n---\n", ProblemCode.FRONT_MATTER_INVALID, 1),
        ("---\na: 1\n--- x\nb: 1\n---\n", ProblemCode.FRONT_MATTER_INVALID, 3),
        ("---\na: " + "[" * 100_000 + "\n---\n", ProblemCode.FRONT_MATTER_TOO_LARGE, 2),
        ('{\n"a": ' + "[" * 100_000 + "]" * 100_000 + "\n}\n", ProblemCode.FRONT_MATTER_TOO_LARGE, None),
        ('{\n"a": ' + "[" * 40 + "]" * 40 + "\n}\n", ProblemCode.FRONT_MATTER_TOO_LARGE, None),
        ("+++\na = " + "[" * 100_000 + "]" * 100_000 + "\n+++\n", ProblemCode.FRONT_MATTER_TOO_LARGE, None),
        ("+++\na = " + "[" * 40 + "]" * 40 + "\n+++\n", ProblemCode.FRONT_MATTER_TOO_LARGE, None),
    ],
    ids=range(16),
)
def test_front_matter_that_cannot_be_read_says_where(text: str, code: ProblemCode, line: int | None) -> None:
    assert failure(text) == (code, line)


def test_remarks_count_lines_from_the_top_of_the_file() -> None:
    assert remarks("\n---\na: 1\na: 2\nb: !x y\n---\n") == [
        (ProblemCode.KEY_REPEATED, 4, ("a",)),
        (ProblemCode.TAG_IGNORED, 5, ("b",)),
    ]
    assert remarks('{\n"a": 1,\n"b": [{"c": 1, "c": 2}], "a": 2\n}\n') == [
        (ProblemCode.KEY_REPEATED, 3, ("b", 0, "c")),
        (ProblemCode.KEY_REPEATED, 3, ("a",)),
    ]


def test_raw_control_characters_are_removed_and_remarked_on() -> None:
    text = "---\ntitle: A\nexcerpt: a\x07b\x9f\n---\n"

    assert parsed(text).fields == {"title": "A", "excerpt": "ab"}
    assert remarks(text) == [(ProblemCode.TEXT_CLEANED, 3, ())]


def test_numbers_that_json_cannot_carry_stay_text() -> None:
    json = '{\n"a": 1e999, "b": -1e999, "c": NaN, "d": Infinity, "e": 9223372036854775808, "f": 1.5, "g": 7\n}\n'
    toml = "+++\na = inf\nb = -inf\nc = nan\nd = 1e999\ne = 9223372036854775808\nf = 1.5\ng = 7\n+++\n"

    assert list(parsed(json).fields.values()) == ["1e999", "-1e999", "NaN", "Infinity", "9223372036854775808", 1.5, 7]
    assert list(parsed(toml).fields.values()) == ["inf", "-inf", "nan", "1e999", "9223372036854775808", 1.5, 7]


def test_toml_dates_are_iso_8601_text() -> None:
    text = "+++\na = 2024-05-03\nb = 2024-05-03T09:30:00+02:00\nc = 09:30:00\nd = [{e = 2024-05-03 09:30:00}]\n+++\n"

    assert parsed(text).fields == {
        "a": "2024-05-03",
        "b": "2024-05-03T09:30:00+02:00",
        "c": "09:30:00",
        "d": [{"e": "2024-05-03T09:30:00"}],
    }


@pytest.mark.parametrize(
    ("text", "suffix"),
    [
        ("name: A\n", ".yaml"),
        ("---\nname: A\n", ".yaml"),
        ("---\nname: A\n---\n", ".yml"),
        ('{"name": "A"}', ".json"),
        ('name = "A"\n', ".toml"),
        ("---\nname: A\n---\nText", ".md"),
    ],
)
def test_catalogue_files_are_whole_files_or_have_front_matter(text: str, suffix: str) -> None:
    front_matter = parse_catalogue(text, suffix)

    assert front_matter is not None
    assert front_matter.fields == {"name": "A"}


@pytest.mark.parametrize(
    ("text", "suffix"), [("a: b: c", ".yaml"), ("{", ".json"), ("a b = 1", ".toml"), ("- a", ".yml")]
)
def test_catalogue_files_that_cannot_be_read_are_refused(text: str, suffix: str) -> None:
    with pytest.raises(FrontMatterError, match=r"cannot be read|is not a list") as caught:
        parse_catalogue(text, suffix)

    assert (caught.value.code, caught.value.line) == (ProblemCode.FRONT_MATTER_INVALID, 1)


@pytest.mark.parametrize(
    ("text", "fields", "body", "lines_above"),
    [
        ("---\ntitle: A\n...\nB\n\n---\nC", {"title": "A"}, "B\n\n---\nC", 3),
        ("---\ntitle: A\n---\nB\n...\nC", {"title": "A"}, "B\n...\nC", 3),
        ('---json\n{"title": "A"}\n---\nB', {"title": "A"}, "B", 3),
        ("---toml\ntitle = 'A'\n---\nB", {"title": "A"}, "B", 3),
        ("---yaml\ntitle: A\n---\nB", {"title": "A"}, "B", 3),
        (';;;\n{"title": "A"}\n;;;\nB', {"title": "A"}, "B", 3),
        ('{"title": "A"}\nB', {"title": "A"}, "B", 1),
        ('{\n"a": {\n"b": [{\n}\n]\n}\n}\n\nB', {"a": {"b": [{}]}}, "B", 8),
        ('---\n{\n\t"a": "\\ud83c\\udf89",\n\t"b": {}\n}\n---\nB', {"a": "\U0001f389", "b": {}}, "B", 6),
        ("\n\nTitle: A\nDate: 2024-01-01 10:00\nTags: a,\n  b\nEmpty:\n\n\nB", {"Title": "A", "Date": "2024-01-01 10:00", "Tags": "a,\nb", "Empty": ""}, "B", 9),
        ('+++\na = "\\ud83c\\udf89"\n+++\nB', {"a": "\U0001f389"}, "B", 3),
    ],
)  # fmt: skip
def test_front_matter_has_many_forms(text: str, fields: dict[str, JsonValue], body: str, lines_above: int) -> None:
    front_matter = parsed(text)

    assert (front_matter.fields, front_matter.body, front_matter.count_lines_above()) == (fields, body, lines_above)


def test_header_lines_know_their_lines() -> None:
    for blank in ("\n", "  \n"):
        found = parsed(f"{blank}Title: A\nDate: B\n\nC")

        assert [found.line((key,)) for key in ("Title", "Date", "x")] == [2, 3, None]


@pytest.mark.parametrize("fence", ["---", "---yaml", "---json", ";;;"])
def test_fields_have_their_lines_behind_every_fence(fence: str) -> None:
    written = "a: 1\nb: x" if fence in ("---", "---yaml") else '{"a": 1,\n"b": "x"}'

    assert parsed(f"\n{fence}\n{written}\n{fence[:3]}\nB").line(("b",)) == 4


@pytest.mark.parametrize("fence", ["---json", "---toml", "---yaml", "+++"])
def test_mistakes_have_their_lines_behind_every_fence(fence: str) -> None:
    with pytest.raises(FrontMatterError) as caught:
        parse_front_matter(f"{fence}\na: [}}\n{fence[:3]}\nB")

    assert caught.value.line == 2


def test_text_without_front_matter_is_all_body() -> None:
    for blank in ("\n\n", " \n\t\n"):
        document = without_front_matter(f"{blank}  # A\n\nB\n")

        assert (document.fields, document.body, document.count_lines_above()) == ({}, "  # A\n\nB", 2)


@given(
    st.sampled_from(["", "---\na: 1\n---\n", "---json\n{}\n---\n", "{}\n", "Title: A\n\n", "+++\n+++\n"]),
    st.lists(st.sampled_from(["", " ", "\t"]), max_size=3),
    st.lists(st.sampled_from(["", "  ", "  BODY", "x"]), max_size=5),
)
def test_lines_above_the_body_lead_to_its_first_line(head: str, blank: list[str], rest: list[str]) -> None:
    above, below = ("".join(f"{line}\n" for line in lines) for lines in (blank, rest))
    text = f"{above}{head}{above}  BODY\n{below}"
    found = parse_front_matter(text) or without_front_matter(text)

    assert text.split("\n")[found.count_lines_above()] == found.body.split("\n")[0] == "  BODY"


@pytest.mark.parametrize("end", ["\u2028", "\u2029", "\x85"])
def test_lines_end_only_where_editors_end_them(end: str) -> None:
    document = parsed(f"---\ntitle: A{end}b\nc{end}d: 'e{end}f'\ng: \"h{end}i\"\nj: [k{end}l]\nm: |\n  n{end}o\n---\n")

    assert document.fields == {
        "title": f"A{end}b",
        f"c{end}d": f"e{end}f",
        "g": f"h{end}i",
        "j": [f"k{end}l"],
        "m": f"n{end}o\n",
    }
    assert document.line(("m",)) == 6


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("title: F\nprovider:\n\tname: X", 4, "a line begins with a tab; YAML indents with spaces"),
        ("title:Ferry sinks", 1, "“title:Ferry sinks” has no space after its colon; add one"),
        ("date: 2024\ntitle:Ferry sinks", 4, "“title:Ferry sinks” has no space after its colon; add one"),
        ("title: F\ncreated: {{date}}", 3, "a placeholder {{ }} that no template filled in"),
        ("title: F\ncreated: <% tp.now(': ') %>: x", 3, "holds a placeholder that no template filled in"),
        ("title: Ferry: all sunk", 2, "the value “Ferry: all sunk” holds “: ”; put quotes around it"),
        ("title: @ferry", 2, "a value cannot begin with “@”; put quotes around it"),
        ("title: Ferry\nand rises", 4, "“and rises” is no “key: value”; indent it if it goes on from the line above"),
    ],
)  # fmt: skip
def test_message_names_the_cause(text: str, line: int, message: str) -> None:
    with pytest.raises(FrontMatterError, match=re.escape(message)) as caught:
        parse_front_matter(f"---\n{text}\n---\n")

    assert caught.value.line == line


def test_spaces_that_yaml_does_not_know_are_taken_for_plain_ones() -> None:
    document = parsed("---\ntitle:\xa0 Ferry :\xa0late\nprovider:\n\xa0\xa0name: X\n---\n")

    assert document.fields == {"title": "Ferry :\xa0late", "provider": {"name": "X"}}
    assert [(remark.code.value, remark.line) for remark in document.remarks] == [("TEXT_CLEANED", 2)]


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("title: We are #1 in herring", [(2, ("title",))]),
        ("topics: #weather", [(2, ("topics",))]),
        ("topics:\n- #weather\n- C #sharp", [(3, ("topics", 0)), (4, ("topics", 1))]),
        ("title: &Breaking ferry sinks", [(2, ("title",))]),
        ("title: We # a comment\n#draft: true\na: F#\nb: 'x #1'\nc: &c d\ne: *c\nf: &g {h: 1}", []),
    ],
)
def test_value_that_yaml_cuts_is_told(text: str, cut: list[tuple[int, FieldPath]]) -> None:
    found = parsed(f"---\n{text}\n---\n").remarks

    assert [(remark.line, remark.path) for remark in found if remark.code is ProblemCode.VALUE_CUT] == cut

import pytest

from graph.problems import ProblemCode
from graph.reading.front_matter import FrontMatter, parse_catalogue, parse_front_matter
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
    "text", ["", " \n", "text", "# Title\n---\na: b\n---\n", '{"title": "A"}', " --- a\n", "-- \n"]
)
def test_text_without_front_matter_is_none(text: str) -> None:
    assert parse_front_matter(text) is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("\n\n---\ntitle: A\nrelated:\n  - webUrl: x\n---\n", 6),
        ("---\ntitle: [A]\nrelated: [{webUrl: x}]\n---\n", 3),
        ('{\n"title": "A",\n"related": [\n{"webUrl": 1}]\n}\n', 4),
        ('+++\nrelated = [{webUrl = "x"}]\n+++\n', None),
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
    assert list(parsed(toml).fields.values()) == ["inf", "-inf", "nan", "inf", "9223372036854775808", 1.5, 7]


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

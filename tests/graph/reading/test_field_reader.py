from datetime import UTC, datetime

import pytest

from graph.model import Image, JsonValue
from graph.problems import ProblemCode, Severity
from graph.reading.field_reader import FieldReader, json_size

Found = list[tuple[str, str | None]]


def each(*values: JsonValue) -> tuple[JsonValue, ...]:
    return values


def read(value: JsonValue) -> FieldReader:
    return FieldReader({"x": value})


def found(reader: FieldReader) -> Found:
    return [(problem.code.value, problem.field_path) for problem in reader.problems]


@pytest.mark.parametrize(
    ("value", "text", "problems"),
    [
        ("a b", "a b", []),
        ("  a\nb\t ", "a\nb", []),
        ("", None, []),
        ("  ", None, []),
        (None, None, []),
        (7, "7", []),
        (1.5, "1.5", [("FIELD_TYPE", "x")]),
        (True, None, [("FIELD_TYPE", "x")]),
        (["a"], None, [("FIELD_TYPE", "x")]),
        ({"a": "b"}, None, [("FIELD_TYPE", "x")]),
        ("a\x00b\x7f\ud800\ufffe", "ab", [("TEXT_CLEANED", "x")]),
        ("\x00", None, [("TEXT_CLEANED", "x")]),
        ("a" * 100_000, "a" * 100_000, []),
        ("a" * 100_001, None, [("FIELD_TOO_LONG", "x")]),
    ],
    ids=range(14),
)
def test_text(value: JsonValue, text: str | None, problems: Found) -> None:
    reader = read(value)

    assert (reader.text("x"), found(reader)) == (text, problems)


@pytest.mark.parametrize(
    ("value", "texts", "problems"),
    [
        (["a", "b", "a", " b "], ("a", "b"), []),
        ("a", ("a",), []),
        ("a, b", ("a, b",), []),
        (None, (), []),
        ([], (), []),
        (["a", None, 7, ["b"], True], ("a", "7"), [("FIELD_TYPE", "x[3]"), ("FIELD_TYPE", "x[4]")]),
        ({"a": "b"}, (), [("FIELD_TYPE", "x")]),
        (["a" * 1_001, "b"], ("b",), [("FIELD_TOO_LONG", "x[0]")]),
        ([str(n) for n in range(10_001)], tuple(str(n) for n in range(10_000)), [("LIST_TOO_LONG", "x")]),
    ],
    ids=range(9),
)
def test_texts(value: JsonValue, texts: tuple[str, ...], problems: Found) -> None:
    reader = read(value)

    assert (reader.texts("x"), found(reader)) == (texts, problems)


@pytest.mark.parametrize(
    ("value", "number", "problems"),
    [
        (84, 84, []),
        (-1, -1, []),
        (84.0, 84, []),
        ("84", 84, []),
        (" +84 ", 84, []),
        (None, None, []),
        (2**31 - 1, 2**31 - 1, []),
        (2**31, None, [("NUMBER_OUT_OF_RANGE", "x")]),
        (-(2**31) - 1, None, [("NUMBER_OUT_OF_RANGE", "x")]),
        ("999999999999", None, [("NUMBER_OUT_OF_RANGE", "x")]),
        (1e300, None, [("NUMBER_OUT_OF_RANGE", "x")]),
        ("9" * 5_000, None, [("FIELD_TYPE", "x")]),
        *(
            (value, None, [("FIELD_TYPE", "x")])
            for value in each(84.5, float("inf"), float("nan"), "many", True, [84], {"a": 1})
        ),
    ],
    ids=range(19),
)
def test_integer(value: JsonValue, number: int | None, problems: Found) -> None:
    reader = read(value)

    assert (reader.integer("x"), found(reader)) == (number, problems)


@pytest.mark.parametrize(
    ("value", "answer", "problems"),
    [
        *((value, True, []) for value in each(True, "true", " Yes ", "ON", "y", 1, "1", [True])),
        *((value, False, []) for value in each(False, "false", "No", "off", "n", 0, "0", ["no"])),
        (None, None, []),
        *((value, None, [("FIELD_TYPE", "x")]) for value in each("maybe", 2, 1.0, [True, False], {"a": 1})),
    ],
    ids=range(22),
)
def test_boolean(value: JsonValue, answer: bool | None, problems: Found) -> None:
    reader = read(value)

    assert (reader.boolean("x"), found(reader)) == (answer, problems)


@pytest.mark.parametrize(
    ("value", "moment", "problems"),
    [
        ("2024-05-03T09:30:00+02:00", datetime(2024, 5, 3, 7, 30, tzinfo=UTC), []),
        ("2024-05-03", datetime(2024, 5, 3, tzinfo=UTC), []),
        (None, None, []),
        ("yesterday", None, [("DATE_INVALID", "x")]),
        ("", None, []),
        (2024, datetime(2024, 1, 1, tzinfo=UTC), []),
        (1714728600000, datetime(2024, 5, 3, 9, 30, tzinfo=UTC), []),
        (["2024-05-03"], datetime(2024, 5, 3, tzinfo=UTC), []),
        ("[[2024-05-03]]", datetime(2024, 5, 3, tzinfo=UTC), []),
        *((value, None, [("FIELD_TYPE", "x")]) for value in each(7, 2024.5, True, {"a": 1})),
    ],
    ids=range(13),
)
def test_date_time(value: JsonValue, moment: datetime | None, problems: Found) -> None:
    reader = read(value)

    assert (reader.date_time("x"), found(reader)) == (moment, problems)


@pytest.mark.parametrize(
    ("value", "url", "problems"),
    [
        ("http://example.org/a b", "http://example.org/a%20b", []),
        ("", None, []),
        (None, None, []),
        ("https://me:secret@example.org/a", "https://example.org/a", [("TEXT_CLEANED", "x")]),
        ("javascript:alert(1)", None, [("URL_INVALID", "x")]),
        ("data:text/html,x", None, [("URL_INVALID", "x")]),
        ("example.org/a", None, [("URL_INVALID", "x")]),
        ("https://example.org/" + "a" * 3_000, None, [("URL_INVALID", "x")]),
        *((value, None, [("FIELD_TYPE", "x")]) for value in each(7, 1.5, True, ["https://example.org"], {"a": 1})),
    ],
    ids=range(13),
)
def test_url(value: JsonValue, url: str | None, problems: Found) -> None:
    reader = read(value)

    assert (reader.url("x"), found(reader)) == (url, problems)


@pytest.mark.parametrize("url", ["https://me:secret@example.org/a", "ftp://me:secret@example.org/a"])
def test_password_in_a_url_is_never_told(url: str) -> None:
    reader = read(url)

    assert "secret" not in f"{reader.url('x')} {reader.problems}"


def test_mapping_is_read_with_its_own_paths_and_the_same_problems() -> None:
    reader = FieldReader({"x": {"y": ["a"]}, "z": "text", "empty": None})
    inner = reader.mapping("x")

    assert inner is not None
    assert [inner.text("y"), reader.mapping("z"), reader.mapping("empty"), reader.mapping("absent")] == [None] * 4
    assert found(reader) == [("FIELD_TYPE", "x.y"), ("FIELD_TYPE", "z")]


def test_items_come_with_their_paths_and_only_from_a_list() -> None:
    reader = FieldReader({"x": ["a", {}], "y": "a"})

    assert [*reader.items("x"), *reader.items("y"), *reader.items("z")] == [("a", ("x", 0)), ({}, ("x", 1))]
    assert found(reader) == [("FIELD_TYPE", "y")]


def test_images_without_a_usable_url_are_left_out_and_bad_fields_cost_only_themselves() -> None:
    full: JsonValue = {
        "url": "https://x.example/a",
        "width": 5,
        "height": "6",
        "isCached": "yes",
        "title": "T",
        "attribution": "A",
    }
    reader = read(
        [
            full,
            full,
            "https://x.example/b",
            {"url": "https://x.example/c", "width": "wide"},
            {"width": 5},
            {"url": "c"},
            7,
        ]
    )

    assert reader.images("x") == (
        Image("https://x.example/a", 5, 6, True, "T", "A"),
        Image("https://x.example/b"),
        Image("https://x.example/c"),
    )
    assert found(reader) == [("FIELD_TYPE", "x[3].width"), ("URL_INVALID", "x[5].url"), ("FIELD_TYPE", "x[6]")]


def test_only_what_costs_content_is_an_error() -> None:
    reader = FieldReader({"a": 1.5, "b": "x\x00", "c": ["y"]})
    for key in "abc":
        reader.text(key)

    codes = [(problem.severity, problem.code) for problem in reader.problems]
    assert codes == [
        (Severity.WARNING, ProblemCode.FIELD_TYPE),
        (Severity.WARNING, ProblemCode.TEXT_CLEANED),
        (Severity.ERROR, ProblemCode.FIELD_TYPE),
    ]


def test_json_size_counts_characters_and_values() -> None:
    assert [json_size(value) for value in each("abc", 1234, None, [], ["ab", 1], {"ab": ["c", True]})] == [
        3,
        1,
        1,
        1,
        4,
        6,
    ]


@pytest.mark.parametrize("value", ["", "  ", "\n", None, [], {}])
@pytest.mark.parametrize("read_as", ["text", "integer", "boolean", "date_time", "url", "name"])
def test_an_empty_value_says_nothing(read_as: str, value: JsonValue) -> None:
    reader = read(value)

    assert (getattr(reader, read_as)("x"), found(reader)) == (None, [])


@pytest.mark.parametrize("value", ["", " ", None, [], {}, [""], [None], [{}]])
def test_an_empty_list_has_nothing_in_it(value: JsonValue) -> None:
    reader = read(value)

    assert (reader.texts("x"), reader.images("x"), reader.loose_texts("x"), found(reader)) == ((), (), (), [])

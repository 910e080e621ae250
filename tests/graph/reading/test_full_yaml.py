import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model import JsonValue
from graph.problems import ProblemCode
from graph.reading.full_yaml import FrontMatterError, Remark, load_yaml


def failure(text: str) -> tuple[ProblemCode, int | None]:
    with pytest.raises(FrontMatterError) as caught:
        load_yaml(text)
    return caught.value.code, caught.value.line


@pytest.mark.parametrize(
    ("scalar", "value"),
    [
        *((text, None) for text in ("", "~", "null", "Null", "NULL")),
        *((text, True) for text in ("true", "True", "TRUE")),
        *((text, text) for text in ("yes", "no", "on", "off", "y", "n")),
        *(("0", 0), ("-17", -17), ("+5", 5), ("0x1F", 31), ("0o17", 15), ("1.50", 1.5), (".5", 0.5), ("1e3", 1000.0)),
        *((text, text) for text in ("007", "01.5", "1_000", "0b11", "12:30", "1.2.3")),
        *((text, text) for text in ("9223372036854775808", "1e999", ".inf", "-.inf", ".nan", "9" * 5_000)),
        *((text, text) for text in ("2024-05-03", "2024-05-03T09:30:00Z", "2024-05-03 09:30:00 +02:00")),
        *(('"1"', "1"), ("'null'", "null"), ('"\\u00e9"', "é")),
    ],
)
def test_scalars_follow_the_core_schema_but_nothing_is_lost(scalar: str, value: JsonValue) -> None:
    assert repr(load_yaml(f"a: {scalar}").value) == repr({"a": value})


def test_block_scalars_flow_collections_and_comments_are_read() -> None:
    text = "a: |\n  one\n  two\nb: >-\n  one\n  two\nc: [1, {d: x}] # note\n"

    assert load_yaml(text).value == {"a": "one\ntwo\n", "b": "one two", "c": [1, {"d": "x"}]}


def test_every_value_has_the_line_it_stands_on() -> None:
    assert load_yaml("a: 1\nb:\n  - x\n  - c: [y]\n").lines == {
        (): 1,
        ("a",): 1,
        ("b",): 2,
        ("b", 0): 3,
        ("b", 1): 4,
        ("b", 1, "c"): 4,
        ("b", 1, "c", 0): 4,
    }


def test_lines_are_counted_as_editors_count_them() -> None:
    document = load_yaml('a: "x\u2028y\x85z"\nb: 1\n')

    assert document.lines == {(): 1, ("a",): 1, ("b",): 2}
    assert failure('a: "x\u2028y"\nb: [\n') == (ProblemCode.FRONT_MATTER_INVALID, 3)


def test_aliases_stand_for_what_is_anchored() -> None:
    assert load_yaml("a: &x {b: 1}\nc: [*x, *x]\nd: &k e\n*k : 2").value == {
        "a": {"b": 1},
        "c": [{"b": 1}, {"b": 1}],
        "d": "e",
        "e": 2,
    }


def test_merge_keys_fill_what_the_mapping_does_not_say_itself() -> None:
    text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  x: 3\n  <<: [*a, *b]\n"

    assert load_yaml(text).value == {
        "a": {"x": 1, "y": 1},
        "b": {"y": 2, "z": 2},
        "c": {"x": 3, "y": 1, "z": 2},
    }


def test_keys_are_texts_as_they_are_written() -> None:
    assert load_yaml("1: a\nnull: b\ntrue: c\n2024-01-01: d\n").value == {
        "1": "a",
        "null": "b",
        "true": "c",
        "2024-01-01": "d",
    }


def test_repeated_key_is_remarked_on_and_the_later_value_used() -> None:
    document = load_yaml("a: 1\nb:\n  c: 1\n  c: 2\n")

    message = "The key “c” stands twice here; keep one. The later value is used."
    assert document.value == {"a": 1, "b": {"c": 2}}
    assert document.remarks == [Remark(ProblemCode.KEY_REPEATED, message, 4, ("b", "c"))]


@pytest.mark.parametrize(
    ("text", "tag", "value"),
    [
        ("a: !ruby/object:Foo {b: 1}", "!ruby/object:Foo", {"b": 1}),
        ("a: !!python/object/apply:os.system [x]", "tag:yaml.org,2002:python/object/apply:os.system", ["x"]),
        ("a: !secret 5", "!secret", "5"),
    ],
)
def test_tags_are_remarked_on_and_never_obeyed(text: str, tag: str, value: JsonValue) -> None:
    document = load_yaml(text)

    message = f"The YAML tag “{tag}” is ignored; remove it."
    assert document.value == {"a": value}
    assert document.remarks == [Remark(ProblemCode.TAG_IGNORED, message, 1, ("a",))]


def test_tags_of_the_core_schema_are_obeyed_silently() -> None:
    document = load_yaml("a: !!str 5\nb: !!int 5\n")

    assert (document.value, document.remarks) == ({"a": "5", "b": 5}, [])


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: 1\nb: 'x\n", ProblemCode.FRONT_MATTER_INVALID, 3),
        ("a: 1\nb: c: d\n", ProblemCode.FRONT_MATTER_INVALID, 2),
        ("a:\n\t- b\n", ProblemCode.FRONT_MATTER_INVALID, 2),
        ("a: *x", ProblemCode.FRONT_MATTER_INVALID, 1),
        ("a: &x [*x]", ProblemCode.FRONT_MATTER_INVALID, 1),
        ("a: !x!y 1", ProblemCode.FRONT_MATTER_INVALID, 1),
        ("a: 1\n? [b]\n: 2", ProblemCode.FRONT_MATTER_INVALID, 2),
        ("a: &x [b]\n*x : 1", ProblemCode.FRONT_MATTER_INVALID, 2),
        ("a: 1\n<<: 5", ProblemCode.FRONT_MATTER_INVALID, 2),
        ("a: 1\n---\nb: 2", ProblemCode.FRONT_MATTER_INVALID, 2),
        ("\n" + "[" * 100_000, ProblemCode.FRONT_MATTER_TOO_LARGE, 2),
        ("a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(f"{k}: &{k} [{f'*{j},' * 10}]\n" for j, k in zip("abcdef", "bcdefg", strict=True)),
         ProblemCode.FRONT_MATTER_TOO_LARGE, 6),
        ("a: \x07", ProblemCode.FRONT_MATTER_INVALID, None),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_where(text: str, code: ProblemCode, line: int | None) -> None:
    assert failure(text) == (code, line)


@given(st.text("ab:-[]{}&*!'\"#|>?,~<= \n\t\u2028", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(FrontMatterError):
        load_yaml(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'a: "\uD83D\uDE00!"', {"a": "😀!"}),
        (r'a: {b: ["\ud83d\ude00", "\"\ud83d\ude00"]}', {"a": {"b": ["😀", '"😀']}}),
        ('"k\\ud83d\\ude00":\n- "x\n  \\ud83d\\ude00"', {"k😀": ["x 😀"]}),
        (r'a: "\\ud83d\ude00"', None),
        (r'a: "\\\ud83d\ude00"', {"a": "\\😀"}),
        (r"a: '\ud83d\ude00'", {"a": r"\ud83d\ude00"}),
        (r"a: \ud83d\ude00", {"a": r"\ud83d\ude00"}),
        (r'a: say "\ud83d\ude00"', {"a": r'say "\ud83d\ude00"'}),
        (r'a: "\ud83d"', None),
    ],
)
def test_pairs_of_surrogates_that_json_writers_escape_are_one_character(text: str, value: JsonValue) -> None:
    try:
        assert load_yaml(text).value == value
    except FrontMatterError:
        assert value is None

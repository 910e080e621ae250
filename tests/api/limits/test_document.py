"""The shape of documents: each limit just below and just above, and what is no matter before validation."""

import pytest
from graphql import parse as parse_any

from api.errors import ErrorCode
from api.limits import LimitError, Limits, check_document, parse
from tests.work import calls_of


def refusal(query: str, limits: Limits) -> tuple[ErrorCode, str] | None:
    """The code and the message that the query is refused with, if it is."""
    try:
        check_document(parse(query, limits), limits)
    except LimitError as error:
        return error.code, str(error)
    return None


def nested(levels: int) -> str:
    return "{" + "node {" * (levels - 1) + "id" + "}" * levels


def in_fragments(levels: int) -> str:
    fragments = [f"fragment f{i} on Node {{ node {{ ...f{i + 1} }} }}" for i in range(levels - 1)]
    return "\n".join(["{ ...f0 }", *fragments, f"fragment f{levels - 1} on Node {{ id }}"])


def repeated(count: int, what: str = "id") -> str:
    return "{" + f" {what}" * count + "}"


def doubling(steps: int, field: str = "{0}: related {{ nodes {{ ...f{1} }} }}") -> str:
    fragments = [
        f"fragment f{i} on Article {{ {field.format('a', i + 1)} {field.format('b', i + 1)} }}" for i in range(steps)
    ]
    return "\n".join(["{ articles { nodes { ...f0 } } }", *fragments, f"fragment f{steps} on Article {{ id }}"])


LISTS = "{ __schema { types { fields { type { %s } } } } }"
AT_LIMIT = [
    (Limits(characters=10), "{ a b c d}", "{ a b c d }", ErrorCode.QUERY_TOO_LONG, ["11", "10"]),
    (Limits(tokens=100), repeated(98), repeated(99), ErrorCode.QUERY_TOO_LONG, ["100"]),
    (Limits(tokens=10), "#\n" * 7 + "{ a }", "#\n" * 8 + "{ a }", ErrorCode.QUERY_TOO_LONG, ["10"]),
    (
        Limits(operations=2),
        "query a{a} query b{a}",
        "query a{a} query b{a} query c{a}",
        ErrorCode.QUERY_TOO_LONG,
        ["3", "2"],
    ),
    (Limits(depth=5), nested(5), nested(6), ErrorCode.QUERY_TOO_DEEP, ["6", "5"]),
    (Limits(depth=5), in_fragments(5), in_fragments(6), ErrorCode.QUERY_TOO_DEEP, ["6", "5"]),
    (
        Limits(depth=2),
        "{ a { ... { ... on B { b } } } }",
        "{ a { ... { b { c } } } }",
        ErrorCode.QUERY_TOO_DEEP,
        ["3", "2"],
    ),
    (Limits(aliases=2), "{ a: b c: d e }", "{ a: b c: d e: f }", ErrorCode.TOO_MANY_ALIASES, ["3", "2"]),
    (
        Limits(aliases=4),
        "{ ...f b { ...f } } fragment f on A { x: y z: y }",
        "{ ...f b { ...f } c { ...f } } fragment f on A { x: y z: y }",
        ErrorCode.TOO_MANY_ALIASES,
        ["6", "4"],
    ),
    (
        Limits(repeated_fields=45),
        repeated(10),
        repeated(11),
        ErrorCode.TOO_MANY_REPEATED_FIELDS,
        ["55", "45", "11", "id"],
    ),
    (
        Limits(repeated_fields=45),
        repeated(10, "...f") + "fragment f on A { b }",
        repeated(11, "...f") + "fragment f on A { b }",
        ErrorCode.TOO_MANY_REPEATED_FIELDS,
        ["55", "45", "11", "spreads"],
    ),
    (Limits(directives=2), "{ a @x @x }", "{ a @x @x @x }", ErrorCode.TOO_MANY_DIRECTIVES, ["3", "2"]),
    (Limits(directives=2), "query @x @x { a }", "query @x @x @x { a }", ErrorCode.TOO_MANY_DIRECTIVES, ["3", "2"]),
    (
        Limits(directives=1),
        "query ($a: A @x) { a }",
        "query ($a: A @x @x) { a }",
        ErrorCode.TOO_MANY_DIRECTIVES,
        ["2", "1"],
    ),
    (Limits(directives=1), "{ ... @x { a } }", "{ ... @x @x { a } }", ErrorCode.TOO_MANY_DIRECTIVES, ["2", "1"]),
    (Limits(directives=1), "{ ...f @x }", "{ ...f @x @x }", ErrorCode.TOO_MANY_DIRECTIVES, ["2", "1"]),
    (
        Limits(directives=1),
        "fragment f on A @x { a }",
        "fragment f on A @x @x { a }",
        ErrorCode.TOO_MANY_DIRECTIVES,
        ["2", "1"],
    ),
    (
        Limits(),
        LISTS % "interfaces { name }",
        LISTS % "fields { type { fields { name } } }",
        ErrorCode.QUERY_TOO_DEEP,
        ["3", "2"],
    ),
    (
        Limits(),
        LISTS % "...f" + "fragment f on __Type { name possibleTypes { ofType { name } } }",
        LISTS % "...f" + "fragment f on __Type { possibleTypes { interfaces { name } } }",
        ErrorCode.QUERY_TOO_DEEP,
        ["3", "2"],
    ),
    (
        Limits(is_introspection_allowed=False),
        "{ __typename a { __typename } }",
        '{ a { ...f } } fragment f on Query { __type(name: "A") { name } }',
        ErrorCode.INTROSPECTION_DISABLED,
        ["__type"],
    ),
    (Limits(number_digits=5), "{ a(b: 12345) }", "{ a(b: 123456) }", ErrorCode.NUMBER_TOO_LARGE, ["6", "5"]),
    (
        Limits(number_digits=5),
        "{ a(b: [{c: 1.234}]) }",
        "{ a(b: [{c: 1.2345}]) }",
        ErrorCode.NUMBER_TOO_LARGE,
        ["6", "5"],
    ),
    (Limits(), "query ($a: A = 1e308) { a }", "query ($a: A = 1e309) { a }", ErrorCode.NUMBER_TOO_LARGE, ["1e309"]),
    (Limits(number_digits=5), "{ a @b(c: 12345) }", "{ a @b(c: 123456) }", ErrorCode.NUMBER_TOO_LARGE, ["6", "5"]),
]


@pytest.mark.parametrize(("limits", "allowed", "refused", "code", "named"), AT_LIMIT)
def test_limit_allows_what_is_at_it_and_names_what_is_beyond(
    limits: Limits, allowed: str, refused: str, code: ErrorCode, named: list[str]
) -> None:
    assert refusal(allowed, limits) is None
    found = refusal(refused, limits)
    assert found is not None
    assert found[0] is code
    assert [word for word in named if word not in found[1]] == []
    assert len(found[1]) < 300
    assert found[1].endswith(".")


def test_message_says_what_to_do() -> None:
    assert refusal(repeated(300), Limits()) == (
        ErrorCode.TOO_MANY_REPEATED_FIELDS,
        "The query has 44,850 pairs of fields with the same name, or of fragment spreads; the limit is 20,000. Most are of "
        "300 times “id”; select each field once, or ask in several requests.",
    )


@pytest.mark.parametrize("field", ["{0}: related {{ nodes {{ ...f{1} }} }}", "...f{1}", "... {{ ...f{1} }}"])
def test_fragments_that_double_each_other_are_judged_at_once(field: str) -> None:
    document = parse_any(doubling(30, field))

    def judge() -> None:
        with pytest.raises(LimitError, match=r"[\d,]{13} fields, counted for each fragment spread"):
            check_document(document, Limits(depth=100))

    calls_of(judge, most=10_000)


@pytest.mark.parametrize(
    "query",
    [
        "{ ...unknown }",
        "{ unknown { unknown(unknown: $unknown) @unknown { unknown } } }",
        "{ ...a } fragment a on Unknown { ...a b { ...a } }",
        "{ ...a } fragment a on A { b ...b } fragment b on A { ...c } fragment c on A { c { ...a } }",
        "fragment a on A { ...b } fragment a on A { b }",
        "{ a { } }",
        "type A { b: C } { d } extend schema @e",
        "subscription { a } mutation { b }",
    ],
)
def test_what_validation_reports_is_no_matter(query: str) -> None:
    assert refusal(query, Limits()) is None


def test_nesting_beyond_the_parser_is_refused_as_too_deep() -> None:
    for query in (
        "{a" * 5_000,
        "{ a(b: " + "[" * 1_000 + "]" * 1_000 + ") }",
        "{ a(b: " + "{b: " * 1_000 + "1" + "}" * 1_000 + ") }",
    ):
        found = refusal(query, Limits(tokens=50_000))
        assert found is not None
        assert found[0] is ErrorCode.QUERY_TOO_DEEP


def test_long_chain_of_fragments_is_refused_as_too_deep() -> None:
    chain = "".join(f"fragment f{i} on A {{ ...f{i + 1} }} " for i in range(5_000))
    with pytest.raises(LimitError, match=r"5,00\d selection sets"):
        check_document(parse_any("{ ...f0 }" + chain), Limits(repeated_fields=10**9))


MEGABYTE = 1_048_576


@pytest.mark.parametrize("text", ["{", "a ", "[", '"' + "x" * 1_000, "# ", "\n", " ", "{a(b:{", "9", "ü", "...a "])
def test_document_of_a_megabyte_is_refused_at_once(text: str) -> None:
    query = text * (MEGABYTE // len(text))

    def refuse() -> None:
        found = refusal(query, Limits())
        assert found is not None
        assert found[0] is ErrorCode.QUERY_TOO_LONG

    calls_of(refuse, most=100)  # not one for each token

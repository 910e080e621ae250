"""Validation of what the limits allow: bounded errors, short texts, no suggested names where the schema is not told."""

import gc
from collections.abc import Callable
from typing import Any

import pytest

from api.adapters.graphql_core import without_suggestions
from api.errors import present_request_errors
from api.limits import Limits, check_document, parse, validate
from api.schema.assembly import schema
from tests.work import calls_of


def messages(query: str, limits: Limits = Limits()) -> list[str]:  # noqa: B008  # frozen
    document = parse(query, limits)
    check_document(document, limits)
    return [error["message"] for error in present_request_errors(validate(schema._schema, document, limits))]


def test_errors_are_bounded_in_number() -> None:
    found = messages("{" + " ".join(f"unknown{i}" for i in range(1_000)) + "}")
    assert len(found) == 11
    assert found[-1] == "Too many validation errors, error limit reached. Validation aborted."


LONG = "a" * 40_000
QUOTING = [
    f"{{ {LONG} }}",
    f"{{ ...{LONG} }}",
    f"{{ articles({LONG}: 1) {{ totalCount }} }}",
    f"{{ articles(filter: {{{LONG}: 1}}) {{ totalCount }} }}",
    f"query (${LONG}: Int) {{ articles {{ totalCount }} }}",
    f"{{ articles {{ totalCount @{LONG} }} }}",
    f'{{ articles(first: "{LONG}") {{ totalCount }} }}',
    f'{{ articles(first: {{a: "{LONG}"}}) {{ totalCount }} }}',
    "{ articles(filter: {" + " ".join(f"unknown{i}: 1" for i in range(1_000)) + "}) { totalCount } }",
    f"{{ a: articles {{ {LONG}: totalCount {LONG}: pageInfo {{ endCursor }} }} }}",
    f"{{ ... on {LONG} {{ id }} }}",
]


@pytest.mark.parametrize("query", QUOTING, ids=lambda query: query.replace(LONG, "…")[:60])
def test_errors_quote_little_of_a_long_query(query: str) -> None:
    found = messages(query)
    assert found
    assert max(map(len, found)) <= 500


def test_names_are_suggested_only_where_the_schema_is_told() -> None:
    query = "query ($o: ArticleFilte) { artikles { totalCount } articles(firs: 1, filter: {titel: {eq: 1}}) { totalCont groupBy(key: TOPI) { count } } ... on Articl { id } }"
    assert any("Did you mean" in message for message in messages(query))
    hidden = messages(query, Limits(is_introspection_allowed=False))
    assert len(hidden) > 4
    assert not any("Did you mean" in message or "title" in message for message in hidden)


@pytest.mark.parametrize(
    ("of_type", "field", "value", "expected"),
    [
        (
            "ArticleFilter",
            "articles(filter: $v) { totalCount }",
            {"titel": 1},
            "Variable '$v' has invalid value: Expected value of type 'ArticleFilter' not to include unknown field 'titel'. Found: {'titel': 1}.",
        ),
        (
            "GroupKey!",
            "articles { groupBy(key: $v) { count } }",
            "TOPI",
            "Variable '$v' has invalid value: Value 'TOPI' does not exist in 'GroupKey' enum.",
        ),
    ],
)
def test_suggestions_are_taken_out_of_errors_about_variables(
    ask: Callable[..., dict[str, Any]], of_type: str, field: str, value: Any, expected: str
) -> None:
    (error,) = ask(f"query ($v: {of_type}) {{ {field} }}", {"v": value})["errors"]
    assert "Did you mean" in error["message"]
    assert without_suggestions(error["message"]) == expected


def repeat(count: int, part: str) -> str:
    return " ".join(part.replace("#", str(i)) for i in range(count))


ARTICLES = "{ articles { nodes { %s } } }"
FILTERED = "{ articles(filter: {%s}) { totalCount } }"


SLOW = {
    "one field with a selection": ARTICLES % repeat(99, "related { totalCount }"),
    "one field with arguments": ARTICLES % repeat(100, "related(first: 1) { totalCount }"),
    "fragments side by side": ARTICLES % repeat(99, "...f#")
    + repeat(99, "fragment f# on Article { related(first: 1) { totalCount } }"),
    "names in many fragments": ARTICLES % repeat(40, "...f#")
    + repeat(
        40, "fragment f# on Article { id label url slug origin title excerpt body type category quality heat file }"
    ),
    "long arguments": ARTICLES
    % repeat(10, "related(filter: {title: {in: [" + repeat(350, '"a"') + "]}}) { totalCount }"),
    "unknown fields": ARTICLES % repeat(3_900, "publishedDateTim#"),
    "unknown types": "{ " + repeat(190, "... on Artikle# { id }") + " }",
    "unknown conditions": FILTERED % repeat(1_300, "publishedDate#: 1"),
    "unmergeable": ARTICLES % repeat(45, "a: title a: slug"),
    "variables": "query ("
    + repeat(600, "$v#: String")
    + ") "
    + FILTERED % ("title: {in: [" + repeat(600, "$v#") + "]}"),
}


@pytest.mark.parametrize("query", SLOW.values(), ids=SLOW)
@pytest.mark.thorough
def test_document_that_the_limits_allow_takes_little_work_to_validate(query: str) -> None:
    document = parse(query, Limits())
    check_document(document, Limits())
    # Most take a third of a million, and one a million; what is quadratic takes tens of millions.
    calls_of(lambda: validate(schema._schema, document, Limits()), most=2_000_000)


def test_no_token_waits_for_the_cycle_collector() -> None:
    gc.collect()
    gc.disable()
    try:
        parse("{" + " title" * 3_000 + "}", Limits())
        assert gc.collect() < 500
    finally:
        gc.enable()

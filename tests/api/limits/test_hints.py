"""What errors say of natural guesses: in the query, in variables, and in the filter of an export."""

import asyncio
import json
from typing import Any

import pytest
from graphql import parse

from api.execution import OperationRequest, execute
from api.limits import Limits, validate
from api.schema.assembly import schema
from api.schema.context import Context
from api.settings import Settings
from api.web.export_parameters import read_filter
from graph.building.snapshot import GraphSnapshot
from graph.errors import FilterError
from graph.stores.memory import MemoryReader


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ('{ article(slug: "a") { id } }', 'by: {slug: "a"}'),
        ("query ($a: String) { article(path: $a) { id } }", "by: {path: $a}"),
        (f'{{ article(slug: "{"a" * 100}") {{ id }} }}', "by: {slug: …}"),
        ('{ articles(filter: {title: "a"}) { totalCount } }', '{title: {eq: "a"}}'),
        ("{ articles(filter: {related: {some: {quality: 5}}}) { totalCount } }", "{quality: {eq: 5}}"),
        ("{ articles(filter: {origin: DOCUMENT}) { totalCount } }", "{origin: {eq: DOCUMENT}}"),
        ('{ articles(filter: {topics: "a"}) { totalCount } }', '{topics: {some: {name: {eq: "a"}}}}'),
        ('{ articles(orderBy: "title") { totalCount } }', "{title: ASC}"),
        ('{ articles(filter: {provider: "a"}) { totalCount } }', '{provider: {name: {eq: "a"}}}'),
        ('{ topics(filter: "a") { totalCount } }', '{name: {eq: "a"}}'),
        ("{ articles { topics { name } } }", "nodes { topics { name } }"),
        ("{ articles(where: {origin: {eq: COPY}}) { totalCount } }", "filter: { origin: { eq: COPY } }"),
        ('{ search(q: "a") { totalCount } }', 'query: "a"'),
        ("{ articles { title } }", "nodes { title }"),
        ("{ articles { items { id title } } }", "nodes { id title }"),
        ("{ articles { results } }", "nodes"),
        ("{ articles { nothing } }", None),
        ("{ snapshot { items } }", None),
        ('{ articles(filter: "a") { totalCount } }', None),
        ('{ articles(orderBy: "none") { totalCount } }', None),
        ("{ articles(many: 1) { totalCount } }", None),
        ("{ nothing(slug: 1) }", None),
    ],
)
def test_query_is_told_what_to_write(query: str, hint: str | None) -> None:
    message = validate(schema._schema, parse(query), Limits())[0].message
    assert message.endswith(f" Write `{hint}`.") if hint else "Write `" not in message
    hidden = validate(schema._schema, parse(query), Limits(is_introspection_allowed=False))
    assert "Write `" not in hidden[0].message


@pytest.mark.parametrize(
    ("condition", "hint"),
    [
        ({"title": "a"}, '{"title": {"eq": "a"}}'),
        ({"or": [{"related": {"some": {"quality": 5}}}]}, '{"quality": {"eq": 5}}'),
        ({"topics": "it's"}, '{"topics": {"some": {"name": {"eq": "it\'s"}}}}'),
        ({"title": "a" * 100}, '{"title": {"eq": …}}'),
        ("a", None),
    ],
)
def test_variables_and_filters_of_exports_are_told_what_to_write(
    seeds: GraphSnapshot, condition: Any, hint: str | None
) -> None:
    query = "query ($f: ArticleFilter) { articles(filter: $f) { totalCount } }"
    request = OperationRequest(query, {"f": condition})
    (error,) = asyncio.run(execute(request, Context(MemoryReader(seeds), Settings())))["errors"]
    with pytest.raises(FilterError) as caught:
        read_filter(json.dumps(condition))
    for message in (error["message"], str(caught.value)):
        assert message.endswith(f" Write `{hint}`.") if hint else "Write `" not in message

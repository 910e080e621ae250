"""What errors say of natural guesses: in the query, in variables, and in the filter of an export."""

import asyncio
import json
from typing import Any

import pytest
from graphql import parse

from api.execution import OperationRequest, execute
from api.limits import Limits, validate
from api.limits.synonyms import SYNONYMS
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
        ("{ articles(where: {origin: {eq: COPY}}) { totalCount } }", "filter: {origin: {eq: COPY}}"),
        ('{ search(q: "a") { totalCount } }', 'query: "a"'),
        ("{ articles { title } }", "nodes { title }"),
        ("{ articles { items { id title } } }", "nodes { id title }"),
        ("{ articles { results } }", "nodes { title }"),
        ("{ articles { tags { name } } }", "nodes { topics { name } }"),
        ("{ articles { edges { title } } }", "node { title }"),
        ("{ articles }", "articles { nodes { title } }"),
        ("{ articles { nodes { provider } } }", "provider { name }"),
        ("{ articles { total } }", "totalCount"),
        ("{ articles { nodes { date } } }", "publishedDateTime"),
        ("{ articles { nodes { publishedAt } } }", "publishedDateTime"),
        ("{ articles { nodes { published_date_time } } }", "publishedDateTime"),
        ("{ articles { nodes { tags } } }", "topics { name }"),
        ("{ articles { nodes { author { name } } } }", "authors { name }"),
        ("{ authors { name } }", "persons { nodes { name } }"),
        ('{ author(name: "a") { slug } }', 'person(by: {name: "a"}) { slug }'),
        ("{ posts(limit: 3) { title } }", "articles(first: 3) { nodes { title } }"),
        ("{ articles(limit: 5) { totalCount } }", "first: 5"),
        ("query ($n: Int) { articles(pageSize: $n) { totalCount } }", "first: $n"),
        ("{ articles(count: 5) { totalCount } }", "first: 5"),
        ('{ articles(cursor: "a") { totalCount } }', 'after: "a"'),
        ('{ articles(title: "a") { totalCount } }', 'filter: {title: {eq: "a"}}'),
        ('{ articles(tag: "a") { totalCount } }', 'filter: {topics: {some: {name: {eq: "a"}}}}'),
        (
            '{ articles(where: {tags: ["a", "b"]}) { totalCount } }',
            'filter: {topics: {some: {name: {in: ["a", "b"]}}}}',
        ),
        ('{ articles(filter: {tags: "a"}) { totalCount } }', 'topics: {some: {name: {eq: "a"}}}'),
        ('{ articles(filter: {date: {since: "2024"}}) { totalCount } }', 'publishedDateTime: {gte: "2024"}'),
        ('{ articles(filter: {title: {like: "a"}}) { totalCount } }', 'contains: "a"'),
        ("{ articles(filter: {OR: []}) { totalCount } }", "or: []"),
        ('{ articles(sort: "-date") { totalCount } }', "orderBy: {publishedDateTime: DESC}"),
        ("{ articles(sortBy: {date: desc}) { totalCount } }", "orderBy: {publishedDateTime: DESC}"),
        ("{ articles(orderBy: publishedDateTime_DESC) { totalCount } }", "{publishedDateTime: DESC}"),
        ('{ articles(orderBy: {title: "asc"}) { totalCount } }', "ASC"),
        ("{ articles(orderBy: {title: DESCENDING}) { totalCount } }", "DESC"),
        ('{ articles(filter: {origin: {eq: "document"}}) { totalCount } }', "DOCUMENT"),
        ('{ search(query: "a", types: ["article"]) { totalCount } }', "kinds: [ARTICLE]"),
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
    ("query", "ending"),
    [
        ("{ articles(skip: 20) { totalCount } }", "Write `after: …`, with the `endCursor` of the page before."),
        ("{ articles(page: 2) { totalCount } }", "Write `after: …`, with the `endCursor` of the page before."),
        ('{ article(by: {slug: "a"}) { topics { nodes { id name } } } }', "Write `id name` without `nodes`."),
        ('{ article(by: {slug: "a"}) { topics { edges { node { name } } } } }', "Write `name` without `edges`."),
    ],
)
def test_query_is_told_what_to_leave_and_where_to_find_more(query: str, ending: str) -> None:
    assert validate(schema._schema, parse(query), Limits())[0].message.endswith(f" {ending}")


def test_what_is_long_is_cut() -> None:
    for query in (
        f'{{ articles(where: {{title: "{"a" * 1_000}"}}) {{ totalCount }} }}',
        f"{{ articles(where: {{or: [{'{title: 1}, ' * 500}]}}) {{ totalCount }} }}",
        f"{{ posts {{ {'title ' * 500} }} }}",
    ):
        (error,) = validate(schema._schema, parse(query), Limits())
        hint = error.message.partition("Write `")[2]
        assert "…" in hint
        assert len(hint) < 100


def test_synonyms_lead_to_names_of_the_schema_alone() -> None:
    known: set[str] = set()
    for each in schema._schema.type_map.values():
        fields = getattr(each, "fields", {})
        known |= {*fields, *getattr(each, "values", {})}
        known |= {name for field in fields.values() for name in getattr(field, "args", {})}
    assert {name for names in SYNONYMS.values() for name in names} <= known
    assert all(name == name.lower() and "_" not in name for name in SYNONYMS)


@pytest.mark.parametrize(
    ("condition", "hint"),
    [
        ({"title": "a"}, '{"title": {"eq": "a"}}'),
        ({"or": [{"related": {"some": {"quality": 5}}}]}, '{"quality": {"eq": 5}}'),
        ({"topics": "it's"}, '{"topics": {"some": {"name": {"eq": "it\'s"}}}}'),
        ({"title": "a" * 100}, '{"title": {"eq": …}}'),
        ({"tags": "a"}, '"topics": {"some": {"name": {"eq": "a"}}}'),
        ({"date": {"gt": "2024-01-01"}}, '"publishedDateTime": {"gt": "2024-01-01"}'),
        ({"tags": {"some": {"name": {"startsWith": "a"}}}}, '"topics": …'),
        ({"title": {"equals": "a"}}, '"eq": "a"'),
        ({"origin": "document"}, '{"origin": {"eq": "DOCUMENT"}}'),
        ({"origin": {"eq": "document"}}, '"DOCUMENT"'),
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

"""What operations cost: pages, variables, lists in lists, filters, and how a refusal names the field that costs most."""

import json
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLInputObjectType,
    OperationDefinitionNode,
    get_introspection_query,
    get_named_type,
    get_operation_ast,
)

from api.errors import ErrorCode
from api.limits import Cost, CostModel, LimitError, Limits, check_cost, check_document, parse, validate
from api.schema.assembly import schema
from graph.analysis.stories import stories
from graph.building.live_folders import load_snapshot
from graph.building.lookups import Lookup
from graph.building.snapshot import GraphSnapshot
from graph.lists.sizes import Sizes
from tests.folders import document, folder_snapshot
from tests.work import calls_of

ROOT = Path(__file__).parents[3]
LIMITS = Limits()
SEEDS = Sizes(load_snapshot([ROOT / "seeds"]))


def cost(query: str, variables: dict[str, Any] | None = None, sizes: Sizes = SEEDS) -> Cost:
    return cost_model(query).cost(variables or {}, sizes)


def cost_model(query: str) -> CostModel:
    limits = LIMITS
    document = parse(query, limits)
    assert validate(schema._schema, document, limits) == []
    operation = get_operation_ast(document)
    assert isinstance(operation, OperationDefinitionNode)
    return CostModel(schema._schema, document, operation, limits)


def entries(arguments: str, variables: dict[str, Any] | None = None, declared: str = "") -> float:
    """How many articles a page with these arguments counts."""
    found = cost(f"query {declared} {{ articles{arguments} {{ nodes {{ id }} }} }}", variables)
    fixed = cost("{ articles(first: 0) { nodes { id } } }")
    return round((found.total - fixed.total) / 1.1, 6)


PAGES: list[tuple[str, dict[str, Any], str, float]] = [
    ("", {}, "", 20),
    ("(first: null)", {}, "", 20),
    ("(first: null, last: null)", {}, "", 20),
    ("(first: 0)", {}, "", 0),
    ("(last: 0)", {}, "", 0),
    ("(last: 7)", {}, "", 7),
    ("(first: 3, last: 7)", {}, "", 7),
    ("(first: 7, last: 3)", {}, "", 7),
    ("(first: 7, last: null)", {}, "", 7),
    ("(first: 100)", {}, "", 100),
    ("(first: 2147483647)", {}, "", 100),
    ("(first: -5)", {}, "", 0),
    ("(first: $a)", {}, "($a: Int)", 20),
    ("(first: $a)", {"a": None}, "($a: Int)", 20),
    ("(first: $a)", {"a": None}, "($a: Int = 5)", 20),
    ("(first: $a)", {}, "($a: Int = 5)", 5),
    ("(first: $a)", {"a": 9}, "($a: Int = 5)", 9),
    ("(first: $a)", {"a": 9.0}, "($a: Int)", 9),
    ("(first: $a)", {"a": 10**5_000}, "($a: Int)", 100),
    ("(first: $a)", {"a": "many"}, "($a: Int)", 0),
    ("(first: $a, last: $b)", {"b": 30}, "($a: Int, $b: Int)", 30),
    ("(first: $a, last: $b)", {"a": 40, "b": 30}, "($a: Int, $b: Int)", 40),
    ("(first: $a, last: $b)", {"a": None, "b": 0}, "($a: Int, $b: Int)", 0),
    ("(last: $a)", {"a": 12}, "($a: Int!)", 12),
]


@pytest.mark.parametrize(("arguments", "variables", "declared", "expected"), PAGES)
def test_page_counts_what_its_arguments_ask_for(
    arguments: str, variables: dict[str, Any], declared: str, expected: float
) -> None:
    assert entries(arguments, variables, declared) == expected


def test_pages_multiply_through_nested_lists() -> None:
    query = (
        "query ($a: Int!, $b: Int!) { articles(first: $a) { nodes { related(first: $b) { edges { node { id } } } } } }"
    )
    base, one = (
        cost(query, {"a": 0, "b": 0}).total,
        cost(query, {"a": 1, "b": 0}).total - cost(query, {"a": 0, "b": 0}).total,
    )
    assert cost(query, {"a": 10, "b": 20}).total == pytest.approx(base + 10 * one + 10 * 20 * 2.1)


@pytest.mark.parametrize(
    ("arguments", "more"),
    [
        ('from: "2000-01-01"', 150),
        ('from: "2024-01-01", to: "2024-01-28"', -47),
        ('from: "2000-01-01", to: "2030-01-01T00:00:00Z"', 343),
        ('interval: HOUR, from: "2000-01-01", to: "2030-01-01"', 950),
    ],
)
def test_timeline_counts_the_intervals_between_its_ends(arguments: str, more: float) -> None:
    usual, found = (
        cost(f'{{ topic(by: {{name: "Azure"}}) {{ timeline{given} {{ count }} }} }}').total
        for given in ("", f"({arguments})")
    )
    assert (found - usual) / 1.1 == pytest.approx(more, abs=1)


def test_fragment_on_a_connection_counts_the_page_of_each_place_it_is_spread_in() -> None:
    spread = "{ a: articles(first: 3) { ...f } b: articles(first: 50) { ...f } } fragment f on ArticleConnection { nodes { id } }"
    written = "{ a: articles(first: 3) { nodes { id } } b: articles(first: 50) { nodes { id } } }"
    assert cost(spread).total == pytest.approx(cost(written).total)


def test_walk_costs_more_with_each_step_and_neighbor() -> None:
    query = 'query ($d: Int!, $l: Int!) { neighborhood(id: "a", depth: $d, limitPerNode: $l) { nodes { distance } } }'
    costs = [
        cost(query, {"d": depth, "l": limit}).total for depth, limit in ((0, 20), (1, 20), (2, 20), (1, 100), (4, 100))
    ]
    assert costs == sorted(set(costs))
    assert cost(query, {"d": 4, "l": 2**31}).total == cost(query, {"d": 4, "l": 100}).total


WAYS: dict[str, dict[str, tuple[str, ...]]] = {
    "article": {
        "slug": ("frost", "FROST", "2024-01-02-frost", "cold"),
        "url": (
            "https://x.example/a/frost/",
            "http://www.x.example/a/frost",
            "/a/frost/",
            "https://x.example/old/",
            "/old",
        ),
        "path": ("a/frost", "/A/Frost/", "old", "_posts/2024-01-02-frost.md"),
    },
    "provider": {"domain": ("x.example", "WWW.x.example")},
    "topic": {"slug": ("sea",), "name": ("Sea", "SEA")},
    "person": {"slug": ("ada",), "name": ("Ada", "ADA")},
}
"""By field, the names of one and the same node, for each way to look it up but by its id."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> GraphSnapshot:
    """A site where each article names the next one, so that they are one story."""
    names = ["frost", *(f"a{number}" for number in range(12))]
    posts = {
        f"_posts/2024-01-02-{name}.md": document(
            title=name,
            permalink=f"/a/{name}/",
            provider="{name: X, domain: x.example}",
            topics="[{name: Sea}]",
            author="Ada",
            related=f"[{{webUrl: https://x.example/a/{after}/, title: {after}}}]",
            **({"aliases": "[/old/, cold]"} if name == "frost" else {}),
        )
        for name, after in zip(names, [*names[1:], names[0]], strict=True)
    }
    return folder_snapshot(tmp_path_factory.mktemp("site"), {"_config.yml": "url: https://x.example\n", **posts})


WAYS_IN = [
    (name, field.args["by"])
    for name, field in schema._schema.query_type.fields.items()  # type: ignore[union-attr]  # it is there
    if "by" in field.args
]


@pytest.mark.parametrize(("name", "by"), WAYS_IN, ids=[name for name, _ in WAYS_IN])
def test_node_costs_the_same_by_whatever_name_it_is_found(site: GraphSnapshot, name: str, by: GraphQLArgument) -> None:
    wanted = get_named_type(by.type)
    assert isinstance(wanted, GraphQLInputObjectType)
    ways = WAYS[name]
    assert {"id", *ways} == wanted.fields.keys()
    walk = "neighborhood(depth: 3) { nodes { distance } edges { position } }"
    query = f"query ($by: {wanted.name}!) {{ {name}(by: $by) {{ {walk} {'story {' + walk + '}' if name == 'article' else ''} }} }}"
    known, sizes = f"{name.upper()}_BY_", Sizes(site)
    found = {sizes.named(Lookup[known + key.upper()], value) for key, values in ways.items() for value in values}
    assert len(found) == 1
    expected = cost(query, {"by": {"id": found.pop()}}, sizes).total
    assert expected > 50
    for key, values in ways.items():
        for value in values:
            assert cost(query, {"by": {key: value}}, sizes).total == expected


def test_one_id_costs_the_same_as_a_list_of_it(site: GraphSnapshot) -> None:
    (story,) = stories(site).by_id
    query = (
        "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Story { neighborhood(depth: 3) { nodes { distance } } } } }"
    )
    one, listed = (cost(query, {"ids": ids}, Sizes(site)).total for ids in (story, [story]))
    assert one == listed > cost(query, {"ids": ["s_unknown"]}, Sizes(site)).total


def test_filter_costs_the_same_in_the_query_and_in_a_variable() -> None:
    condition = '{related: {some: {topics: {some: {name: {in: ["a", "b"]}}}}}}'
    plain = {"related": {"some": {"topics": {"some": {"name": {"in": ["a", "b"]}}}}}}
    written = cost(f"{{ articles(filter: {condition}) {{ totalCount }} }}").total
    assert written > cost("{ articles { totalCount } }").total + 20
    assert cost("query ($f: ArticleFilter) { articles(filter: $f) { totalCount } }", {"f": plain}).total == written
    inner = "query ($f: ArticleListFilter) { articles(filter: {related: $f}) { totalCount } }"
    assert cost(inner, {"f": plain["related"]}).total == written


def test_doubling_fragments_are_counted_at_once_and_refused() -> None:
    fragments = [
        f"fragment f{i} on Article {{ related {{ nodes {{ ...f{i + 1} }} }} similar {{ nodes {{ ...f{i + 1} }} }} }}"
        for i in range(30)
    ]
    query = "\n".join(["{ articles { nodes { ...f0 } } }", *fragments, "fragment f30 on Article { id }"])
    document = parse(query, Limits(depth=100))

    def judge() -> None:
        with pytest.raises(
            LimitError, match=r"[\d,]{13,} fields, counted for each fragment spread; the limit is 5,000"
        ) as caught:
            check_document(document, Limits(depth=100))
        assert caught.value.code is ErrorCode.QUERY_TOO_LONG

    calls_of(judge, most=20_000)


def test_largest_document_is_judged_in_few_steps() -> None:
    fields = " ".join("...f" for _ in range(150))
    query = (
        f"{{ articles {{ nodes {{ {fields} }} }} }} fragment f on Article {{ {'title related { totalCount } ' * 10} }}"
    )
    document = parse(query, LIMITS)
    check_document(document, LIMITS)
    calls_of(lambda: cost(query), most=400_000)


def test_refusal_names_cost_budget_and_the_most_expensive_field() -> None:
    query = (
        "query ($n: Int!) { articles(first: 100) { nodes { title related(first: $n) { nodes { topics { name } } } } } }"
    )
    check_cost(cost(query, {"n": 90}), LIMITS)
    with pytest.raises(LimitError) as caught:
        check_cost(cost(query, {"n": 100}), Limits(cost=38_000))
    assert caught.value.code is ErrorCode.QUERY_TOO_EXPENSIVE
    assert str(caught.value) == (
        "The query costs 39,980; the budget is 38,000. Most of it is for `articles.nodes.related.nodes.topics`: "
        "ask for fewer entries there, with a smaller `first`, or for fewer fields."
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            "{ articles(first: 50) { nodes { related(first: 50) { nodes { id } } provider { name } } } }",
            "articles.nodes.related",
        ),
        ("{ articles(first: 100) { edges { node { similar { totalCount } } } } }", "articles.edges.node.similar"),
        ("{ small: topics(first: 1) { nodes { id } } big: topics { nodes { id } } }", "big"),
        (
            "{ articles { ...f } } fragment f on ArticleConnection { edges { node { s: similar { totalCount } } } }",
            "articles.edges.node.s",
        ),
        ("{ articles { nodes { a: related { totalCount } b: related { totalCount } } } }", "articles"),
        ("{ __typename }", "__typename"),
    ],
)
def test_most_expensive_field_is_the_innermost_with_most_of_the_cost(query: str, expected: str) -> None:
    assert cost(query).most_expensive_field == expected


LONGER = {
    "{ articles(first: 2) { nodes { body } } }": 0.0002,
    "{ articles(first: 2) { nodes { bodyHtml } } }": 0.015,
    "{ articles(first: 2) { nodes { bodyText } } }": 0.012,
    "{ articles(first: 2) { nodes { readingMinutes } } }": 0.014,
    "{ articles(first: 2) { nodes { tableOfContents { text } } } }": 0.015,
    "{ articles(first: 2) { nodes { similar { totalCount } } } }": 0.01,
    "{ articles(first: 2) { nodes { context { tokens } } } }": 0.02,
    '{ search(query: "a", first: 2) { edges { highlights { field } } } }': 0.012,
    "{ articles { nodes { related { nodes { bodyHtml } } } } }": 0.015,  # each body once, however often it is reached
}


@pytest.mark.parametrize("query", LONGER)
def test_what_reads_bodies_costs_by_their_length(tmp_path: Path, query: str) -> None:
    def of_two_bodies(characters: int) -> float:
        body = "a " * (characters // 2)
        files = {"a.md": document(title="A") + body, "b.md": document(title="B") + body, "c.md": document(title="C")}
        return cost(query, sizes=Sizes(folder_snapshot(tmp_path, files))).total

    assert of_two_bodies(100_000) - of_two_bodies(1_000) == pytest.approx(2 * 99_000 * LONGER[query])


def test_context_pack_costs_by_its_tokens_and_the_articles_that_it_is_chosen_among(tmp_path: Path) -> None:
    query = "query ($tokens: Int!) { articles(first: 1) { nodes { context(tokens: $tokens) { markdown } } } }"
    small, large = (cost(query, {"tokens": tokens}).total for tokens in (1_000, 21_000))
    assert large - small == pytest.approx(100)
    few = Sizes(folder_snapshot(tmp_path, {"a.md": document(title="A")}))
    assert cost(query, {"tokens": 1_000}, few).total < small


def test_budget_allows_what_is_at_it() -> None:
    found = cost("{ articles { nodes { id } } }")
    check_cost(found, Limits(cost=28))
    with pytest.raises(LimitError, match=r"costs 28; the budget is 27"):
        check_cost(found, Limits(cost=27))


KNOWN = sorted([*(ROOT / "tests/api/schema/queries").glob("*.graphql"), *(ROOT / "bench/queries").glob("*.graphql")])
BENCH = {"first": 100, "related": 20, "second": 20, "webUrl": "", "name": "", "domain": "", "after": None}


@pytest.mark.parametrize("path", KNOWN, ids=lambda path: path.stem)
def test_known_query_passes_at_default_settings(path: Path) -> None:
    variables = path.with_suffix(".variables.json")
    values = json.loads(variables.read_text()) if variables.exists() else BENCH
    document = parse(path.read_text(), LIMITS)
    check_document(document, LIMITS)
    check_cost(cost(path.read_text(), values), LIMITS)


def test_examples_of_the_playground_pass_at_default_settings() -> None:
    written = json.loads((ROOT / "api/pages/static/examples.json").read_text())
    check_cost(cost(written["names"], {}), LIMITS)
    for example in written["examples"]:
        check_document(parse(example["query"], LIMITS), LIMITS)
        check_cost(cost(example["query"], example["variables"]), LIMITS)


APOLLO = get_introspection_query(input_value_deprecation=True, specified_by_url=True, directive_is_repeatable=True)
CLIENTS = {
    "GraphiQL": get_introspection_query(schema_description=True, input_value_deprecation=True, one_of=True),
    "Apollo": APOLLO.replace("locations", "locations __typename").replace("kind\n", "kind __typename\n"),
    "Relay": get_introspection_query(type_depth=7, directive_is_repeatable=True),
    "graphql-codegen": get_introspection_query(
        schema_description=True,
        specified_by_url=True,
        directive_is_repeatable=True,
        input_value_deprecation=True,
        one_of=True,
    ),
    "deep": get_introspection_query(type_depth=13),
}


@pytest.mark.parametrize("client", CLIENTS)
def test_full_introspection_of_clients_costs_little(client: str) -> None:
    check_document(parse(CLIENTS[client], LIMITS), LIMITS)
    assert cost(CLIENTS[client]).total < LIMITS.cost / 8


def test_introspection_many_times_over_is_refused() -> None:
    full = get_introspection_query()
    body = full[full.index("__schema") : full.index("fragment FullType")].rstrip().removesuffix("}")
    query = "{" + " ".join(f"a{i}: {body}" for i in range(20)) + "}" + full[full.index("fragment FullType") :]
    with pytest.raises(LimitError, match=r"`a0\.|`a\d"):
        check_cost(cost(query), LIMITS)


BODY_FIELDS = ["bodyHtml", "bodyText", "readingMinutes", "tableOfContents { text }"]


@pytest.mark.parametrize("field", BODY_FIELDS)
def test_what_is_made_of_bodies_costs_by_their_length(site_of_bodies: GraphSnapshot, field: str) -> None:
    sizes = Sizes(site_of_bodies)
    query = f"query ($by: ArticleBy!) {{ article(by: $by) {{ {field} }} }}"
    operation = f"query ($slug: String!) {{ article(by: {{slug: $slug}}) {{ {field} }} }}"
    short, long = (cost(query, {"by": {"slug": slug}}, sizes).total for slug in ("short", "long"))
    assert short < 50
    assert 1_000 < long - short < 2_000
    model = cost_model(operation)
    assert [model.cost({"slug": slug}, sizes).total for slug in ("short", "long")] == [short, long]
    assert cost(f"{{ articles {{ nodes {{ {field} }} }} }}", sizes=sizes).total > long


@pytest.fixture(scope="module")
def site_of_bodies(tmp_path_factory: pytest.TempPathFactory) -> GraphSnapshot:
    bodies = {"short": "Text.", "long": "Text. " * 16_667}
    files = {f"{name}.md": f"---\ntitle: {name}\n---\n{body}\n" for name, body in bodies.items()}
    return folder_snapshot(tmp_path_factory.mktemp("bodies"), files)

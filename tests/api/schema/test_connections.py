"""Relay connections: every combination of first, last, after and before, and cursors that are none."""

import base64
import re
from collections.abc import Callable
from itertools import pairwise, product
from typing import Any, cast

import orjson
import pytest
from graphql import GraphQLObjectType
from hypothesis import given
from hypothesis import strategies as st

from api.adapters.strawberry import core_schema
from api.schema.assembly import schema
from api.schema.connections import OrderedList, Paging, decode_cursor, encode_cursor, page_request
from api.settings import Settings
from graph.errors import CursorError, PageError
from graph.lists.ordering import OrderKey, Position
from graph.lists.pages import PageRequest
from tests.cases import random_cases

Ask = Callable[..., dict[str, Any]]

SLUGS = "ai airfields culture energy ferries fisheries heritage meta-ai politics saltmarra science tidal-power transport weather".split()  # noqa: SIM905  # easier to read
PAGE = """query ($first: Int, $after: String, $last: Int, $before: String, $filter: TopicFilter) {
  topics(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
    totalCount pageInfo { hasPreviousPage hasNextPage startCursor endCursor } edges { cursor node { slug } } nodes { slug }
  }
}"""


@pytest.fixture(scope="module")
def cursors(ask: Ask) -> dict[str, str]:
    """Slug → cursor, of all topics."""
    edges = ask(PAGE, {"first": 100})["data"]["topics"]["edges"]
    return {edge["node"]["slug"]: edge["cursor"] for edge in edges}


@pytest.mark.parametrize("after", [None, "ai", "energy", "weather"])
@pytest.mark.parametrize("before", [None, "ai", "science", "weather"])
def test_page_is_cut_as_relay_says(ask: Ask, cursors: dict[str, str], after: str | None, before: str | None) -> None:
    counts = (None, 0, 1, 3, 14, 100)
    for first, last in product(counts, counts):
        check_page(ask, cursors, first, last, after, before)


def check_page(
    ask: Ask, cursors: dict[str, str], first: int | None, last: int | None, after: str | None, before: str | None
) -> None:
    start = SLUGS.index(after) + 1 if after else 0
    end = max(start, SLUGS.index(before)) if before else len(SLUGS)
    end = end if first is None else min(end, start + first)
    start = start if last is None else max(start, end - last)
    expected = SLUGS[start:end]
    places = {"after": cursors[after] if after else None, "before": cursors[before] if before else None}
    page = ask(PAGE, {"first": first, "last": last, **places})["data"]["topics"]
    assert page == {
        "totalCount": 14,
        "pageInfo": {
            "hasPreviousPage": start > 0,
            "hasNextPage": end < 14,
            "startCursor": cursors[expected[0]] if expected else None,
            "endCursor": cursors[expected[-1]] if expected else None,
        },
        "edges": [{"cursor": cursors[slug], "node": {"slug": slug}} for slug in expected],
        "nodes": [{"slug": slug} for slug in expected],
    }


def test_empty_list_has_an_empty_page(ask: Ask) -> None:
    assert ask(PAGE, {"first": 5, "filter": {"or": []}}) == {
        "data": {
            "topics": {
                "totalCount": 0,
                "pageInfo": {"hasPreviousPage": False, "hasNextPage": False, "startCursor": None, "endCursor": None},
                "edges": [],
                "nodes": [],
            }
        }
    }


def test_page_has_twenty_entries_unless_asked_otherwise(ask: Ask) -> None:
    query = "{ a: articles { nodes { id } } b: articles(first: null, last: null) { nodes { id } } }"
    answer = ask(query)["data"]
    assert (len(answer["a"]["nodes"]), answer["a"]) == (20, answer["b"])


@pytest.mark.parametrize("name", ["first", "last"])
@pytest.mark.parametrize("count", [-1, 101, -(2**31), 2**31 - 1])
def test_count_out_of_range_is_an_error(ask: Ask, name: str, count: int) -> None:
    assert ask(PAGE, {name: count}) == {
        "data": None,
        "errors": [
            {
                "message": f"`{name}` is {count}; it must be from 0 to 100.",
                "locations": [{"line": 2, "column": 3}],
                "path": ["topics"],
                "extensions": {"code": "BAD_PAGE"},
            }
        ],
    }


def cursor(value: object) -> str:
    return base64.urlsafe_b64encode(value if isinstance(value, bytes) else orjson.dumps(value)).rstrip(b"=").decode()


NAMES = OrderedList("TOPICS", "", (OrderKey("name"),)).signature()
NO_CURSOR = "`{}` is no cursor of this service; take it from `cursor` or `pageInfo`."
OTHER_ORDER = "`{}` belongs to another list, or to another order of this one; start again without it."
OTHER_LIST = "The cursor belongs to another list or order; start again without it."

BAD_CURSORS = {
    "x": NO_CURSOR,
    "%%%": NO_CURSOR,
    "é": NO_CURSOR,
    "\u0000": NO_CURSOR,
    "A" * 100_000: NO_CURSOR,
    cursor(b"\xff\xfe"): NO_CURSOR,
    cursor(7): NO_CURSOR,
    cursor([]): NO_CURSOR,
    cursor([NAMES]): NO_CURSOR,
    cursor([NAMES, 7, "AI"]): NO_CURSOR,
    cursor([NAMES, None, "AI"]): NO_CURSOR,
    cursor([NAMES, "t_x", True]): NO_CURSOR,
    cursor([NAMES, "t_x", ["AI"]]): NO_CURSOR,
    cursor([NAMES, "t_x", {"a": 1}]): NO_CURSOR,
    cursor(b'["' + NAMES.encode() + b'","t_x",' + b"9" * 5000 + b"]"): NO_CURSOR,
    cursor(b"[" * 5000 + b"]" * 5000): NO_CURSOR,
    cursor(b'["' + NAMES.encode() + b'","t_x",NaN]'): NO_CURSOR,
    cursor(b'["' + NAMES.encode() + b'","t_x",Infinity]'): NO_CURSOR,
    cursor(b'["' + NAMES.encode() + b'","t_x",1e999]'): NO_CURSOR,
    cursor(b'["' + NAMES.encode() + b'","t_x",-1e999]'): NO_CURSOR,
    cursor(["abcdef", "t_x", "AI"]): OTHER_ORDER,
    cursor([NAMES.upper(), "t_x", "AI"]): OTHER_ORDER,
    cursor([None, "t_x", "AI"]): OTHER_ORDER,
    cursor({"a": 1, "b": 2}): OTHER_ORDER,
    cursor([NAMES, "t_x", 5]): OTHER_LIST,
    cursor([NAMES, "t_x", 1.5]): OTHER_LIST,
    cursor([NAMES, "t_x"]): "The cursor belongs to another orderBy; start again without it.",
    cursor([NAMES, "t_x", "AI", "AI"]): "The cursor belongs to another orderBy; start again without it.",
}


@pytest.mark.parametrize("name", ["after", "before"])
@pytest.mark.parametrize("text", BAD_CURSORS, ids=lambda text: ascii(text)[:20])
def test_text_that_is_no_cursor_of_the_list_is_an_error(ask: Ask, name: str, text: str) -> None:
    (error,) = ask(PAGE, {name: text})["errors"]
    assert error["message"] == BAD_CURSORS[text].format(name)
    assert error["extensions"] == {"code": "BAD_CURSOR"}


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
@pytest.mark.parametrize("value", ["text", 7, -(2**63), 2**64 - 1, 0.5, -0.0, 1e300, -5e-324])
def test_forged_value_in_a_cursor_is_an_answer_or_a_clean_error(ask: Ask, direction: str, value: object) -> None:
    for field, attribute in (("title", "title"), ("quality", "quality")):
        signature = OrderedList("ARTICLES", "", (OrderKey(attribute, direction == "DESC"),)).signature()
        query = f"query ($after: String) {{ articles(after: $after, orderBy: [{{{field}: {direction}}}]) {{ totalCount }} }}"
        answer = ask(query, {"after": cursor([signature, "a_x", value])})
        codes = [error["extensions"]["code"] for error in answer.get("errors", [])]
        fits = isinstance(value, str) == (field == "title")
        assert codes == ([] if fits else ["BAD_CURSOR"])


ARTICLE = 'article(by: {slug: "how-an-ocean-robot-learned-to-recognise-herring-by-ear"})'
LISTS = [
    'search(query: "harbor", PAGE) { ENTRIES }',
    'search(query: "s* e*", PAGE) { ENTRIES }',
    'relatedByTopic(topics: ["AI", "Saltmarra"], PAGE) { ENTRIES }',
    "stories(PAGE) { ENTRIES }",
    "stories(orderBy: [{topicCount: ASC}, {providerCount: DESC}], PAGE) { ENTRIES }",
    "articles(orderBy: [{metrics: {pageRank: DESC}}], PAGE) { ENTRIES }",
    "articles(orderBy: [{metrics: {betweenness: ASC}}], PAGE) { ENTRIES }",
    "providers(orderBy: [{metrics: {community: DESC}}, {metrics: {pageRank: ASC}}], PAGE) { ENTRIES }",
    f"{ARTICLE} {{ relatedByTopic(PAGE) {{ ENTRIES }} }}",
    f"{ARTICLE} {{ similar(PAGE) {{ ENTRIES }} }}",
    f"{ARTICLE} {{ similar(orderBy: [{{quality: DESC}}], PAGE) {{ ENTRIES }} }}",
    'article(by: {slug: "election-night-no-party-wins-a-majority-in-the-assembly"}) { story { articles(PAGE) { ENTRIES } } }',
    'provider(by: {domain: "netmender.example"}) { providers(PAGE) { ENTRIES } }',
    'topic(by: {slug: "fisheries"}) { topics(PAGE) { ENTRIES } }',
    'topic(by: {slug: "fisheries"}) { providers(PAGE) { ENTRIES } }',
]
ENTRIES = "totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { id } }"


@pytest.mark.parametrize("size", [pytest.param(1, marks=pytest.mark.thorough), 7])
@pytest.mark.parametrize("place", LISTS)
def test_pages_of_any_list_are_the_whole_list_from_either_end(ask: Ask, place: str, size: int) -> None:
    def page(arguments: str) -> dict[str, Any]:
        found = ask("{" + place.replace("PAGE", arguments).replace("ENTRIES", ENTRIES) + "}")["data"]
        while "edges" not in found:
            (found,) = found.values()
        return cast(dict[str, Any], found)

    whole = page("first: 100")
    assert len(whole["edges"]) == whole["totalCount"] > 3
    forwards = [page(f"first: {size}")]
    while forwards[-1]["pageInfo"]["hasNextPage"]:
        forwards.append(page(f'first: {size}, after: "{forwards[-1]["pageInfo"]["endCursor"]}"'))
    backwards = [page(f"last: {size}")]
    while backwards[0]["pageInfo"]["hasPreviousPage"]:
        backwards.insert(0, page(f'last: {size}, before: "{backwards[0]["pageInfo"]["startCursor"]}"'))
    for pages in (forwards, backwards):
        assert [edge for found in pages for edge in found["edges"]] == whole["edges"]
        assert [found["pageInfo"]["hasPreviousPage"] for found in pages] == [False] + [True] * (len(pages) - 1)
        assert [found["pageInfo"]["hasNextPage"] for found in pages] == [True] * (len(pages) - 1) + [False]


def test_no_forged_cursor_makes_a_list_fail(ask: Ask) -> None:
    signatures = {}
    for place in LISTS:
        edges = ask("{" + place.replace("PAGE", "first: 1").replace("ENTRIES", "edges { cursor }") + "}")
        text = re.findall(r"'cursor': '([^']+)'", str(edges))[0]
        signatures[place] = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))[0]
    numbers = st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)

    @random_cases(500)
    @given(
        st.sampled_from(LISTS),
        st.lists(st.none() | numbers | st.text(max_size=3), max_size=3),
        st.sampled_from(["after", "before"]),
    )
    def check(place: str, values: list[object], name: str) -> None:
        forged = cursor([signatures[place], "a_x", *values])
        query = place.replace("PAGE", f"first: 1, {name}: $cursor").replace("ENTRIES", "edges { cursor }")
        answer = ask(f"query ($cursor: String) {{ {query} }}", {"cursor": forged})
        assert {error["extensions"]["code"] for error in answer.get("errors", [])} <= {"BAD_CURSOR", "CURSOR_EXPIRED"}

    check()


def test_cursor_of_another_order_is_an_error(ask: Ask) -> None:
    query = "query ($after: String) { articles(first: 1, after: $after, orderBy: [{%s}]) { pageInfo { endCursor } } }"
    end = ask(query % "title: ASC")["data"]["articles"]["pageInfo"]["endCursor"]
    for other in ("title: DESC", "slug: ASC", "provider: {name: ASC}"):
        (error,) = ask(query % other, {"after": end})["errors"]
        assert (error["message"], error["extensions"]["code"]) == (OTHER_ORDER.format("after"), "BAD_CURSOR")


def test_cursor_of_a_list_with_its_own_order_does_not_fit_one_of_nodes(ask: Ask) -> None:
    query = "{ articles(filter: {related: {count: {gt: 0}}}, first: 1) { nodes { related(first: 1) { pageInfo { endCursor } } } } }"
    end = ask(query)["data"]["articles"]["nodes"][0]["related"]["pageInfo"]["endCursor"]
    for field in ("articles", "providers", "topics"):
        (error,) = ask(f"query ($after: String) {{ {field}(after: $after) {{ totalCount }} }}", {"after": end})[
            "errors"
        ]
        assert error["extensions"]["code"] == "BAD_CURSOR"


def of_person(name: str) -> str:
    return f'person(by: {{name: "{name}"}})'


def of_topic(slug: str) -> str:
    return f'topic(by: {{slug: "{slug}"}})'


def of_provider(domain: str) -> str:
    return f'provider(by: {{domain: "{domain}"}})'


def of_article(slug: str) -> str:
    return f'article(by: {{slug: "{slug}"}})'


HERRING, ZOEA = "how-an-ocean-robot-learned-to-recognise-herring-by-ear", "zoea-maps-the-caves-where-no-ship-can-go"
STRIKE, ELECTION = (
    "ferry-crews-vote-to-strike-over-night-rosters",
    "election-night-no-party-wins-a-majority-in-the-assembly",
)
"""Of two stories."""
ALL_LISTS: dict[str, list[str]] = {
    "Query.articles": [
        "articles(PAGE)",
        "articles(orderBy: [{title: ASC}], PAGE)",
        "articles(orderBy: [{title: DESC}], PAGE)",
    ],
    "Query.providers": ["providers(PAGE)", "providers(orderBy: [{name: DESC}], PAGE)"],
    "Query.topics": ["topics(PAGE)", "topics(orderBy: [{slug: ASC}], PAGE)"],
    "Query.stories": ["stories(PAGE)", "stories(orderBy: [{articleCount: DESC}], PAGE)"],
    "Query.search": [
        'search(query: "harbor", PAGE)',
        'search(query: "s*", PAGE)',
        'search(query: "s*", kinds: [ARTICLE, TOPIC], PAGE)',
    ],
    "Query.relatedByTopic": [
        'relatedByTopic(topics: ["AI", "Saltmarra"], PAGE)',
        'relatedByTopic(topics: ["AI"], PAGE)',
        'relatedByTopic(topics: ["AI", "Fisheries"], PAGE)',
        'relatedByTopic(topics: ["AI"], match: ALL, PAGE)',
    ],
    "Article.related": [
        f"{of_article(HERRING)} {{ related(PAGE) }}",
        f"{of_article(ZOEA)} {{ related(PAGE) }}",
        f"{of_article(ZOEA)} {{ related(direction: OUT, PAGE) }}",
        f"{of_article(ZOEA)} {{ related(direction: IN, PAGE) }}",
    ],
    **{
        f"Article.{field}": [f"{of_article(slug)} {{ {field}(PAGE) }}" for slug in (HERRING, ZOEA)]
        for field in ("relatedByTopic", "similar")
    },
    **{
        f"Provider.{field}": [
            f"{of_provider(domain)} {{ {field}(PAGE) }}" for domain in ("netmender.example", "nytimes.com")
        ]
        for field in ("articles", "topics", "providers")
    },
    "Provider.firsts": [
        f"{of_provider(domain)} {{ firsts(PAGE) }}" for domain in ("netmender.example", "brennhavencourier.example")
    ],
    **{
        f"Topic.{field}": [f"{of_topic(slug)} {{ {field}(PAGE) }}" for slug in ("fisheries", "ai")]
        for field in ("articles", "topics", "providers")
    },
    **{
        f"Story.{field}": [f"{of_article(slug)} {{ story {{ {field}(PAGE) }} }}" for slug in (STRIKE, ELECTION)]
        for field in ("articles", "topics", "providers")
    },
    "Query.persons": ["persons(PAGE)", "persons(orderBy: [{name: DESC}], PAGE)"],
    "Person.articles": [f"{of_person(name)} {{ articles(PAGE) }}" for name in ("Linnet Askoe", "Corvin Saltley")],
    "Person.topics": [f"{of_person(name)} {{ topics(PAGE) }}" for name in ("Linnet Askoe", "Corvin Saltley")],
    "Snapshot.problems": ["snapshot { problems(PAGE) }"],
}
"""The connections of the schema, each for several nodes, orders or other arguments."""
CHANGED = {"SnapshotChange.added", "SnapshotChange.updated"}
"""Of which the seeds alone have none; `test_changes` asks for them."""


LINKED = {"Article.links", "Article.backlinks"}
"""Of which the seeds have none; `test_bodies` asks for them."""
PARTS = {"Article.parts", "Topic.parts"}
"""Of which the seeds have none; `test_sequences` asks for them."""


def test_all_lists_are_all_connections_of_the_schema() -> None:
    connections = {
        f"{of_type.name}.{name}"
        for of_type in core_schema(schema).type_map.values()
        if isinstance(of_type, GraphQLObjectType)
        for name, field in of_type.fields.items()
        if "after" in field.args
    }
    assert connections == ALL_LISTS.keys() | CHANGED | LINKED | PARTS


def end_of_page(ask: Ask, place: str, arguments: str = "") -> tuple[str | None, list[str]]:
    """The last cursor of a page of two entries, and the codes of errors."""
    answer = ask("{ " + place.replace("PAGE)", f"first: 2 {arguments}) {{ pageInfo {{ endCursor }} }}") + " }")
    found = re.search(r"'endCursor': '([^']+)'", str(answer["data"]))
    return found and found[1], [error["extensions"]["code"] for error in answer.get("errors", [])]


@pytest.mark.parametrize("field", ALL_LISTS)
@pytest.mark.thorough
def test_cursor_of_a_list_is_taken_by_that_list_alone(ask: Ask, field: str) -> None:
    others = [place for places in ALL_LISTS.values() for place in places]
    for place in ALL_LISTS[field]:
        cursor, codes = end_of_page(ask, place)
        assert cursor is not None, place
        assert codes == []
        for other in others:
            _, codes = end_of_page(ask, other, f'after: "{cursor}"')
            assert codes == ([] if other == place else ["BAD_CURSOR"]), (place, other)


def test_cursor_is_taken_by_the_list_with_another_filter(ask: Ask) -> None:
    for place, condition in (
        ("articles(PAGE)", "filter: {quality: {gt: 0}}"),
        ('search(query: "s*", kinds: [ARTICLE], PAGE)', "filter: {quality: {gt: 0}}"),
        ("articles(orderBy: [{metrics: {pageRank: DESC}}], PAGE)", "filter: {quality: {lt: 90}}"),
        (f"{of_article(ZOEA)} {{ relatedByTopic(PAGE) }}", 'filter: {title: {contains: "a"}}'),
        (f"{of_topic('ai')} {{ articles(PAGE) }}", 'filter: {title: {contains: "a"}}'),
    ):
        cursor, _ = end_of_page(ask, place)
        assert end_of_page(ask, place, f'{condition}, after: "{cursor}"')[1] == []


def test_cursor_of_one_of_several_nodes_pages_its_list_alone(ask_both: Ask) -> None:
    query = "query ($after: String) { topics(first: 3) { nodes { articles(first: 1, after: $after) { pageInfo { endCursor } } } } }"
    topics = ask_both(query)["data"]["topics"]["nodes"]
    errors = ask_both(query, {"after": topics[2]["articles"]["pageInfo"]["endCursor"]})["errors"]
    assert {error["extensions"]["code"] for error in errors} == {"BAD_CURSOR"}
    assert {error["path"][2] for error in errors} <= {0, 1}


def test_problem_cursors_walk_the_problems_and_nothing_else(ask: Ask) -> None:
    query = (
        "query ($after: String) { snapshot { problems(first: 4, after: $after) { edges { cursor node { file } } } } }"
    )
    seen: list[str] = []
    after = None
    while edges := ask(query, {"after": after})["data"]["snapshot"]["problems"]["edges"]:
        seen += [edge["node"]["file"] for edge in edges]
        after = edges[-1]["cursor"]
    assert len(seen) == 10
    assert all(one <= other for one, other in pairwise(seen))
    (error,) = ask("query ($after: String) { topics(after: $after) { totalCount } }", {"after": after})["errors"]
    assert error["extensions"]["code"] == "BAD_CURSOR"


def test_every_related_list_of_a_page_is_cut_by_its_own_cursor(ask: Ask) -> None:
    first = ask("{ articles(first: 5) { nodes { slug related(first: 1) { edges { cursor node { id } } } } } }")
    whole = ask("{ articles(first: 5) { nodes { slug related { edges { node { id } } } } } }")
    for one, all_ in zip(first["data"]["articles"]["nodes"], whole["data"]["articles"]["nodes"], strict=True):
        for edge in one["related"]["edges"]:
            query = "query ($slug: String!, $after: String) { article(by: {slug: $slug}) { related(after: $after) { edges { node { id } } } } }"
            rest = ask(query, {"slug": one["slug"], "after": edge["cursor"]})
            found = [{"node": edge["node"]}, *rest["data"]["article"]["related"]["edges"]]
            assert found == all_["related"]["edges"]


@pytest.mark.parametrize(
    "position",
    [Position((), "a_1"), Position((None, "", "ü\u0000“", 0, -(2**63), 2**63), "t_é"), Position(("x" * 5000,), "p_1")],
)
def test_cursor_holds_a_position(position: Position) -> None:
    text = encode_cursor(position, "abcdef")
    assert text.isascii()
    assert decode_cursor("after", text, "abcdef") == position
    with pytest.raises(CursorError, match="`before` belongs to another list, or to another order"):
        decode_cursor("before", text, "abcdee")


def test_signatures_tell_lists_and_orders_apart() -> None:
    orders = [
        (),
        (OrderKey("a"),),
        (OrderKey("a", True),),
        (OrderKey("a"), OrderKey("b")),
        (OrderKey("b"), OrderKey("a")),
    ]
    lists = [OrderedList(name, node_id, order) for name in ("x", "y") for node_id in ("", "a_1") for order in orders]
    assert len({ordered.signature() for ordered in lists}) == len(lists)


def test_page_request_takes_its_limits_from_the_settings() -> None:
    knobs = Settings(page_size=2, max_page_size=3)
    ordered = OrderedList("ARTICLES", "", (OrderKey("title"),))
    assert page_request(knobs, ordered, Paging(None, None, None, None)) == PageRequest(first=2)
    assert page_request(knobs, ordered, Paging(None, None, 3, None)) == PageRequest(last=3)
    assert page_request(knobs, ordered, Paging(0, None, 0, None)) == PageRequest(first=0, last=0)
    for first, last in ((4, None), (None, 4), (-1, None), (1, -1)):
        with pytest.raises(PageError, match="it must be from 0 to 3"):
            page_request(knobs, ordered, Paging(first, None, last, None))

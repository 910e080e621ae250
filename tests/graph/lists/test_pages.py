"""Look-ups, neighbors and pages; pages also against Relay's algorithm as its specification writes it."""

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis.affinity import CooccurrenceLink, Match, ProviderLink, TopicLink
from graph.analysis.body_links import LinkInBody
from graph.analysis.nodes import find_node, nodes_of
from graph.analysis.related_links import RelatedLink
from graph.analysis.stories import stories
from graph.building.live_folders import load_snapshot
from graph.building.lookups import Lookup
from graph.building.merge import merge
from graph.building.snapshot import GraphSnapshot, build_snapshot
from graph.errors import CursorError, FilterError, OrderError, SearchError, UrlError
from graph.links import node_id as id_of_key
from graph.lists.filters import Compare, Filter, Operator
from graph.lists.list_sources import (
    WHOLE_GRAPH,
    ByIds,
    ByText,
    ByTopics,
    Link,
    ListSource,
    NamedList,
    PartLink,
    TextLink,
    WeightedLink,
    list_kind,
    list_order,
)
from graph.lists.ordering import Order, OrderKey, Position, is_lasting, position_reader, sort_key
from graph.lists.pages import (
    ListQuery,
    Neighbors,
    Page,
    PageReader,
    PageRequest,
    find_nodes,
    find_problems,
    neighbors,
)
from graph.model import Article, LinkDirection, Node, NodeKind, Person, Provider, Story, Topic, kind_of
from graph.problems import Problem, ProblemCode, Severity
from graph.reading.loader import LoadResult, load_folders
from graph.search import search, similar
from tests.cases import random_cases
from tests.graph.analysis import test_affinity
from tests.pages import NOTHING, content

SEEDS = Path(__file__).parents[3] / "seeds"

LISTS_OF_THE_GRAPH = (
    NamedList.ARTICLES,
    NamedList.PROVIDERS,
    NamedList.TOPICS,
    NamedList.PERSONS,
    NamedList.STORIES,
)
POST, GAZETTE = {"name": "Post", "domain": "post.example"}, {"name": "Gazette", "domain": "gazette.example"}
ARTICLES: dict[str, dict[str, Any]] = {
    "2024-05-04-a": {
        "publishedDateTime": "2024-05-04",
        "provider": POST,
        "topics": ["Sky", "Sea"],
        "cites": "cbe",
        "authors": ["Ulf", "Vera"],
    },
    "b": {"publishedDateTime": "2024-05-03", "provider": POST, "topics": ["Sea"], "cites": "a", "authors": ["Ulf"]},
    "c": {"publishedDateTime": "2024-05-02", "provider": GAZETTE, "topics": ["Sea"]},
    "d": {"provider": POST, "topics": ["Stars"], "cites": "ca"},
}
BODIES = {"b": "[it](https://x.example/d) [*This* one](https://x.example/a)", "d": "[this](https://x.example/a)"}


@pytest.fixture
def world(tmp_path: Path) -> GraphSnapshot:
    for name, fields in ARTICLES.items():
        cited = [{"webUrl": f"https://x.example/{other}"} for other in fields.get("cites", "")]
        known = {key: value for key, value in fields.items() if key != "cites"}
        text = json.dumps({"title": name, "webUrl": f"https://x.example/{name[-1]}", **known, "related": cited})
        (tmp_path / f"{name}.md").write_text(f"---\n{text}\n---\n{BODIES.get(name, '')}", encoding="utf-8")
    topics = tmp_path / "_data" / "topics"
    topics.mkdir(parents=True)
    for name in ("Sea", "Sky", "Arctic"):
        (topics / f"{name}.yaml").write_text(f"taxonomy: topic\nname: {name}\nparent: Nature\n", encoding="utf-8")
    return load_snapshot([tmp_path])


def name_of(node: Node | None) -> str | None:
    match node:
        case Article():
            return str(node.url)[-1]
        case Provider():
            return node.domain
        case Topic() | Person():
            return node.slug
        case Story():
            return "story"
        case None:
            return None


def id_of(snapshot: GraphSnapshot, name: str) -> str:
    nodes = (node for kind in NodeKind for node in nodes_of(snapshot, kind))
    return next(node.id for node in nodes if name_of(node) == name)


@pytest.mark.parametrize(
    ("lookup", "names", "expected"),
    [
        (Lookup.ARTICLE_BY_SLUG, ["a", "nothing", "2024-05-04-a", "b", "a"], ["a", None, "a", "b", "a"]),
        (Lookup.ARTICLE_BY_SLUG, ["", "A"], [None, "a"]),
        (Lookup.ARTICLE_BY_URL, ["http://X.example:80/a/?utm_source=z#top", "https://x.example"], ["a", None]),
        (Lookup.ARTICLE_BY_URL, ["https://x.example/e", "/e"], ["e", None]),
        (Lookup.ARTICLE_BY_PATH, ["2024-05-04-A.md", "/2024-05-04-a/", "nowhere"], ["a", "a", None]),
        (Lookup.PROVIDER_BY_DOMAIN, ["WWW.Post.Example.", "example", ""], ["post.example", None, None]),
        (Lookup.TOPIC_BY_SLUG, ["sea", "Sea"], ["sea", None]),
        (Lookup.TOPIC_BY_NAME, ["SEA", " sea ", "", "§"], ["sea", "sea", None, None]),
        (Lookup.TOPIC_BY_NAME, [], []),
    ],
)
def test_names_find_these_nodes(
    world: GraphSnapshot, lookup: Lookup, names: list[str], expected: list[str | None]
) -> None:
    assert [name_of(node) for node in find_nodes(world, lookup, names)] == expected


@pytest.mark.parametrize("name", ["", "x.example/a", "ftp://x.example/a", "https://", "javascript:alert(1)"])
def test_text_that_is_no_url_is_an_error(world: GraphSnapshot, name: str) -> None:
    with pytest.raises(UrlError, match="no http or https address"):
        find_nodes(world, Lookup.ARTICLE_BY_URL, [name])


@pytest.mark.parametrize(
    ("which", "names", "expected"),
    [
        (Neighbors.PROVIDER_OF_ARTICLE, "abe", [["post.example"], ["post.example"], []]),
        (Neighbors.TOPICS_OF_ARTICLE, "ace", [["sky", "sea"], ["sea"], []]),
        (Neighbors.LINKED_BY_ARTICLE, "ba", [["d", "a"], []]),
        (Neighbors.PARENT_OF_TOPIC, ["sea", "nature", "stars"], [["nature"], [], []]),
        (Neighbors.CHILDREN_OF_TOPIC, ["nature", "sea"], [["arctic", "sea", "sky"], []]),
        (Neighbors.STORY_OF_ARTICLE, ["e", "a", "sea"], [["story"], ["story"], []]),
        (Neighbors.LEAD_OF_STORY, ["story", "a"], [["c"], []]),
    ],
)
def test_neighbors_stand_beside_each_node(
    world: GraphSnapshot, which: Neighbors, names: Iterable[str], expected: list[list[str]]
) -> None:
    answer = neighbors(world, which, [id_of(world, name) for name in names])
    assert [[name_of(node) for node in group] for group in answer] == expected


def entries(page: Page[Node]) -> list[tuple[Any, ...]]:
    return [(name_of(edge.node), *link_values(edge.link)) for edge in page.edges]


def link_values(link: Link) -> tuple[Any, ...]:
    """Topics by how many there are."""
    match link:
        case RelatedLink(rank, direction):
            return rank, direction
        case LinkInBody(position, text):
            return position, text
        case WeightedLink(article_count):
            return (article_count,)
        case CooccurrenceLink(article_count, lift):
            return article_count, lift
        case TopicLink(score, shared_topics):
            return round(score, 2), len(shared_topics)
        case ProviderLink(link_count, shared_topics, score):
            return link_count, len(shared_topics), round(score, 2)
        case PartLink(position):
            return (position,)
        case TextLink(_, shared_terms):
            return shared_terms
        case None:
            return ()


@pytest.mark.parametrize(
    ("listing", "name", "expected"),
    [
        (NamedList.ARTICLES, None, [("a",), ("b",), ("c",), "de"]),
        (NamedList.PROVIDERS, None, [("gazette.example",), ("post.example",)]),
        (NamedList.TOPICS, None, [("arctic",), ("nature",), ("sea",), ("sky",), ("stars",)]),
        (NamedList.ARTICLES_OF_PROVIDER, "post.example", [("a",), ("b",), ("d",)]),
        (NamedList.ARTICLES_OF_TOPIC, "sea", [("a",), ("b",), ("c",)]),
        (NamedList.ARTICLES_OF_TOPIC, "arctic", []),
        (NamedList.PERSONS, None, [("ulf",), ("vera",)]),
        (NamedList.ARTICLES_OF_PERSON, "ulf", [("a",), ("b",)]),
        (NamedList.TOPICS_OF_PERSON, "ulf", [("sea", 2), ("sky", 1)]),
        (NamedList.STORIES, None, [("story",)]),
        (NamedList.FIRSTS_OF_PROVIDER, "post.example", []),
        (NamedList.FIRSTS_OF_PROVIDER, "gazette.example", [("story",)]),
        (NamedList.ARTICLES_OF_STORY, "story", [("a",), ("b",), ("c",), "de"]),
        (NamedList.TOPICS_OF_PROVIDER, "post.example", [("sea", 2), "sky1 stars1"]),
        (NamedList.TOPICS_OF_STORY, "story", [("sea", 3), "sky1 stars1"]),
        (NamedList.TOPICS_OF_TOPIC, "sea", [("sky", 1, round(4 / 3, 9))]),
        (NamedList.PROVIDERS_OF_TOPIC, "sea", [("post.example", 2), ("gazette.example", 1)]),
        (NamedList.PROVIDERS_OF_STORY, "story", [("post.example", 3), ("gazette.example", 1)]),
        (NamedList.PROVIDERS_OF_PROVIDER, "gazette.example", [("post.example", 2, 1, 0.29)]),
        (NamedList.RELATED_BY_TOPIC, "a", [("b", 0.29, 1), ("c", 0.29, 1)]),
        (NamedList.RELATED_BY_TOPIC, "c", [("b", 0.29, 1), ("a", 0.29, 1)]),
        (NamedList.RELATED_BY_TOPIC, "d", []),
        (NamedList.SIMILAR, "e", []),
        (NamedList.LINKS, "b", [("d", 1, "it"), ("a", 2, "This one")]),
        (NamedList.LINKS, "a", []),
        (NamedList.BACKLINKS, "a", [("b", 2, "This one"), ("d", 1, "this")]),
        (
            NamedList.RELATED_OUT,
            "a",
            [("c", 1, LinkDirection.OUT), ("b", 2, LinkDirection.BOTH), ("e", 3, LinkDirection.OUT)],
        ),
        (NamedList.RELATED_IN, "a", [("b", 2, LinkDirection.BOTH), ("d", 2, LinkDirection.IN)]),
        (
            NamedList.RELATED_ANY,
            "a",
            [
                ("c", 1, LinkDirection.OUT),
                ("b", 2, LinkDirection.BOTH),
                ("e", 3, LinkDirection.OUT),
                ("d", 2, LinkDirection.IN),
            ],
        ),
        (NamedList.RELATED_ANY, "c", "a1 d1"),
    ],
)
def test_list_holds_these_entries_in_its_own_order(
    world: GraphSnapshot, listing: NamedList, name: str | None, expected: list[Any] | str
) -> None:
    node_id = WHOLE_GRAPH if name is None else id_of(world, name)
    (page,) = PageReader(world).pages(listing, [node_id], ListQuery(PageRequest()))
    assert entries(page) == in_id_order(world, expected)
    assert (page.total_count, page.has_previous_page, page.has_next_page) == (len(page.edges), False, False)


def in_id_order(snapshot: GraphSnapshot, expected: list[Any] | str) -> list[tuple[Any, ...]]:
    """Ties stand by id, which no test can foresee: the texts among the entries name the members of a tie."""
    match expected:
        case "a1 d1":
            tie: list[tuple[Any, ...]] = [("a", 1, LinkDirection.IN), ("d", 1, LinkDirection.IN)]
        case "sky1 stars1":
            tie = [("sky", 1), ("stars", 1)]
        case "de":
            tie = [("d",), ("e",)]
        case list():
            return [
                entry
                for part in expected
                for entry in (in_id_order(snapshot, part) if isinstance(part, str) else [part])
            ]
    return sorted(tie, key=lambda entry: id_of(snapshot, entry[0]))


def page_of(snapshot: GraphSnapshot, source: ListSource, query: ListQuery) -> Page[Node]:
    (page,) = PageReader(snapshot).pages(source, [WHOLE_GRAPH], query)
    return page


def test_articles_by_topics_stand_by_score_then_newest_first(world: GraphSnapshot) -> None:
    topics = tuple(id_of(world, name) for name in ("sea", "sky", "arctic"))
    assert entries(page_of(world, ByTopics(topics, Match.ANY), ListQuery(PageRequest()))) == [
        ("a", 1.67, 2),
        ("b", 0.29, 1),
        ("c", 0.29, 1),
    ]
    assert entries(page_of(world, ByTopics(topics[:2], Match.ALL), ListQuery(PageRequest()))) == [("a", 1.67, 2)]
    assert entries(page_of(world, ByTopics((), Match.ALL), ListQuery(PageRequest()))) == []


def test_chosen_articles_stand_newest_first_without_those_that_are_gone(world: GraphSnapshot) -> None:
    chosen = ByIds((id_of(world, "c"), "a_gone", id_of(world, "a"), id_of(world, "c")))
    page = page_of(world, chosen, ListQuery(PageRequest()))
    assert (entries(page), page.total_count) == ([("a",), ("c",)], 2)
    by_quality = page_of(world, chosen, ListQuery(PageRequest(), order=(OrderKey("slug", is_descending=True),)))
    assert entries(by_quality) == [("c",), ("a",)]


def test_search_answers_all_kinds_and_its_filter_speaks_of_articles(world: GraphSnapshot) -> None:
    every_kind = ByText("s*", frozenset(NodeKind))
    found = entries(page_of(world, every_kind, ListQuery(PageRequest())))
    assert sorted(found) == [("sea",), ("sky",), ("stars",)]
    dated = ByText("a*", frozenset(NodeKind))
    assert sorted(entries(page_of(world, dated, ListQuery(PageRequest())))) == [("a",), ("arctic",), ("story",)]
    nothing = Compare("slug", Operator.EQ, "nothing")
    filtered = page_of(world, dated, ListQuery(PageRequest(), nothing))
    assert (sorted(entries(filtered)), filtered.total_count) == ([("arctic",), ("story",)], 2)


def test_search_for_several_kinds_has_no_order_but_its_own(world: GraphSnapshot) -> None:
    by_slug = ListQuery(PageRequest(), order=(OrderKey("slug"),))
    for kinds in (frozenset(NodeKind), frozenset({NodeKind.TOPIC})):
        with pytest.raises(OrderError, match="has one order, by score"):
            page_of(world, ByText("a*", kinds), by_slug)
    assert entries(page_of(world, ByText("a*", frozenset({NodeKind.ARTICLE})), by_slug)) == [("a",)]


def test_text_that_cannot_be_searched_for_is_an_error(world: GraphSnapshot) -> None:
    with pytest.raises(SearchError):
        page_of(world, ByText("?!", frozenset(NodeKind)), ListQuery(PageRequest()))


@pytest.mark.parametrize("listing", [listing for listing in NamedList if listing not in LISTS_OF_THE_GRAPH])
def test_list_of_an_unknown_node_is_empty(world: GraphSnapshot, listing: NamedList) -> None:
    unknown = ["", "unknown", "a_unknown", "s_unknown"]
    for page in PageReader(world).pages(listing, unknown, ListQuery(PageRequest())):
        assert content(page) == NOTHING


def test_one_query_answers_the_lists_of_many_nodes(world: GraphSnapshot) -> None:
    query = ListQuery(PageRequest(first=1), Compare("slug", Operator.IN, ("b", "c")), (OrderKey("slug"),))
    ids = [id_of(world, name) for name in ("sea", "stars", "sea")] + ["unknown"]
    pages = PageReader(world).pages(NamedList.ARTICLES_OF_TOPIC, ids, query)
    answers = [(entries(page), page.total_count, page.has_next_page) for page in pages]
    assert answers == [([("b",)], 2, True), ([], 0, False), ([("b",)], 2, True), ([], 0, False)]


def test_order_of_the_nodes_replaces_the_lists_own(world: GraphSnapshot) -> None:
    query = ListQuery(PageRequest(), order=(OrderKey("slug", is_descending=True),))
    (page,) = PageReader(world).pages(NamedList.RELATED_OUT, [id_of(world, "a")], query)
    assert entries(page) == [
        ("c", 1, LinkDirection.OUT),
        ("b", 2, LinkDirection.BOTH),
        ("e", 3, LinkDirection.OUT),
    ]


@pytest.mark.parametrize(
    ("query", "error"),
    [
        (ListQuery(PageRequest(), Compare("colour", Operator.EQ, "red")), FilterError),
        (ListQuery(PageRequest(), order=(OrderKey("colour"),)), OrderError),
        (ListQuery(PageRequest(after=Position((), "a_1"))), CursorError),
        (ListQuery(PageRequest(before=Position((1, 2), "a_1"))), CursorError),
        (ListQuery(PageRequest(after=Position(("text",), "a_1"))), CursorError),
    ],
)
def test_query_that_does_not_fit_the_list_is_an_error(
    world: GraphSnapshot, query: ListQuery, error: type[Exception]
) -> None:
    with pytest.raises(error):
        PageReader(world).pages(NamedList.ARTICLES, [WHOLE_GRAPH], query)


PROBLEMS = {
    "a.md": "---\ntitle: 7\nwebUrl: nope\nprovider: {name: P, domain: p.example}\n---\n",
    "b.md": "---\ntitle: [\n---\n",
    "c.md": "---\nquality: high\nprovider: {name: P, domain: p.example}\n---\n",
}


@pytest.fixture
def faulty(tmp_path: Path) -> GraphSnapshot:
    for name, text in PROBLEMS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return load_snapshot([tmp_path])


def codes(page: Page[Problem]) -> list[tuple[str, str]]:
    return [(edge.node.file, edge.node.code.value) for edge in page.edges]


def test_problems_are_listed_by_file_and_narrowed_by_severity_and_code(faulty: GraphSnapshot) -> None:
    everything = find_problems(faulty, None, None, PageRequest())
    assert codes(everything) == [(problem.file, problem.code.value) for problem in faulty.problems]
    assert ("c.md", "FIELD_TYPE") in codes(everything)
    assert codes(find_problems(faulty, None, ProblemCode.FRONT_MATTER_INVALID, PageRequest())) == [
        ("b.md", "FRONT_MATTER_INVALID")
    ]
    warnings = find_problems(faulty, Severity.WARNING, None, PageRequest())
    assert {edge.node.severity for edge in warnings.edges} == {Severity.WARNING}
    none = find_problems(faulty, Severity.WARNING, ProblemCode.FRONT_MATTER_INVALID, PageRequest())
    assert content(none) == NOTHING


def test_pages_of_problems_follow_one_another(seeds: GraphSnapshot) -> None:
    seen: list[Problem] = []
    after: Position | None = None
    while True:
        page = find_problems(seeds, None, None, PageRequest(first=3, after=after))
        seen += [edge.node for edge in page.edges]
        assert page.has_previous_page is (after is not None)
        if not page.has_next_page:
            break
        after = page.edges[-1].position
    assert tuple(seen) == seeds.problems


@pytest.mark.parametrize(
    "position",
    [
        Position((), "problem"),
        Position(("a", 1, "b", "c", "d"), "a_1"),
        Position(("a", "1", "b", "c", "d"), "problem"),
        Position(("a", None, "b", "c", "d"), "problem"),
    ],
)
def test_position_of_something_else_is_an_error_among_problems(seeds: GraphSnapshot, position: Position) -> None:
    with pytest.raises(CursorError, match="belongs to another list"):
        find_problems(seeds, None, None, PageRequest(after=position))


# The oracle: https://relay.dev/graphql/connections.htm, section 4.4, statement by statement.


class Entry(NamedTuple):
    cursor: Position
    node_id: str


def edges_to_return(all_edges: list[Entry], page: PageRequest) -> list[Entry]:
    edges = apply_cursors_to_edges(all_edges, page)
    if page.first is not None and len(edges) > page.first:
        edges = edges[: page.first]
    if page.last is not None and len(edges) > page.last:
        edges = edges[len(edges) - page.last :]
    return edges


def apply_cursors_to_edges(all_edges: list[Entry], page: PageRequest) -> list[Entry]:
    edges = list(all_edges)
    if page.after is not None:
        after_edge = next((edge for edge in edges if edge.cursor == page.after), None)
        if after_edge is not None:
            edges = edges[edges.index(after_edge) + 1 :]
    if page.before is not None:
        before_edge = next((edge for edge in edges if edge.cursor == page.before), None)
        if before_edge is not None:
            edges = edges[: edges.index(before_edge)]
        elif any(edge.cursor == page.before for edge in all_edges):
            edges = []  # `before` stands at or before `after`: nothing lies between them
    return edges


def relay_has_previous_page(all_edges: list[Entry], page: PageRequest) -> bool:
    return page.last is not None and len(apply_cursors_to_edges(all_edges, page)) > page.last


def relay_has_next_page(all_edges: list[Entry], page: PageRequest) -> bool:
    return page.first is not None and len(apply_cursors_to_edges(all_edges, page)) > page.first


PARENTS: dict[NamedList, NodeKind | None] = {
    NamedList.ARTICLES: None,
    NamedList.PROVIDERS: None,
    NamedList.TOPICS: None,
    NamedList.PERSONS: None,
    NamedList.STORIES: None,
    NamedList.RELATED_OUT: NodeKind.ARTICLE,
    NamedList.RELATED_IN: NodeKind.ARTICLE,
    NamedList.RELATED_ANY: NodeKind.ARTICLE,
    NamedList.RELATED_BY_TOPIC: NodeKind.ARTICLE,
    NamedList.SIMILAR: NodeKind.ARTICLE,
    NamedList.LINKS: NodeKind.ARTICLE,
    NamedList.BACKLINKS: NodeKind.ARTICLE,
    NamedList.ARTICLES_OF_PROVIDER: NodeKind.PROVIDER,
    NamedList.ARTICLES_OF_TOPIC: NodeKind.TOPIC,
    NamedList.ARTICLES_OF_PERSON: NodeKind.PERSON,
    NamedList.ARTICLES_OF_STORY: NodeKind.STORY,
    NamedList.PARTS_OF_NODE: NodeKind.TOPIC,
    NamedList.TOPICS_OF_PROVIDER: NodeKind.PROVIDER,
    NamedList.TOPICS_OF_TOPIC: NodeKind.TOPIC,
    NamedList.TOPICS_OF_PERSON: NodeKind.PERSON,
    NamedList.TOPICS_OF_STORY: NodeKind.STORY,
    NamedList.PROVIDERS_OF_TOPIC: NodeKind.TOPIC,
    NamedList.PROVIDERS_OF_PROVIDER: NodeKind.PROVIDER,
    NamedList.PROVIDERS_OF_STORY: NodeKind.STORY,
    NamedList.FIRSTS_OF_PROVIDER: NodeKind.PROVIDER,
}
ORDERS: dict[NodeKind, list[Order]] = {
    NodeKind.ARTICLE: [
        (),
        (OrderKey("title"),),
        (OrderKey("quality", is_descending=True), OrderKey("type")),
        (OrderKey("related.count", is_descending=True),),
        (OrderKey("provider.name"), OrderKey("published_date_time")),
        (OrderKey("metrics.page_rank", is_descending=True),),
        (OrderKey("story.article_count", is_descending=True), OrderKey("metrics.betweenness")),
    ],
    NodeKind.PROVIDER: [
        (),
        (OrderKey("domain", is_descending=True),),
        (OrderKey("articles.count"),),
        (OrderKey("metrics.page_rank"),),
    ],
    NodeKind.TOPIC: [
        (),
        (OrderKey("slug", is_descending=True),),
        (OrderKey("children.count"),),
        (OrderKey("metrics.core_number", is_descending=True),),
    ],
    NodeKind.PERSON: [(), (OrderKey("slug", is_descending=True),), (OrderKey("articles.count"),)],
    NodeKind.STORY: [
        (),
        (OrderKey("article_count", is_descending=True),),
        (OrderKey("provider_count"), OrderKey("headline", is_descending=True)),
        (OrderKey("first_published"),),
    ],
}
FILTERS: dict[NodeKind, list[Filter]] = {
    NodeKind.ARTICLE: [Compare("quality", Operator.GT, 100), Compare("title", Operator.CONTAINS, "the")],
    NodeKind.PROVIDER: [Compare("name", Operator.CONTAINS, "e")],
    NodeKind.TOPIC: [Compare("name", Operator.LT, "Science")],
    NodeKind.PERSON: [Compare("name", Operator.CONTAINS, "a")],
    NodeKind.STORY: [Compare("article_count", Operator.GT, 5), Compare("headline", Operator.CONTAINS, "a")],
}
IS_DESCENDING: dict[str, tuple[bool, ...]] = {
    "link.group": (False, False),
    "link.articleCount": (True,),
    "link.linkCount": (True, True),
    "link.score": (True, False),
}
"""For lists that what links their members to a node puts in order: by the first field, whether each value descends."""


def entries_of(snapshot: GraphSnapshot, source: ListSource, node_id: str) -> dict[str, tuple[Any, ...]]:
    """Id → what puts it in the list's own order: values of the link where there is one, else of the node itself."""
    match source:
        case NamedList():
            return members_of(snapshot, source, node_id)
        case ByTopics(topics, match):
            found = affinities(snapshot).by_topics(topics, match)
            return {article: (link.score, link.distance) for article, link in found.items()}
        case ByText(text, kinds):
            return {hit.node_id: (hit.score,) for hit in search(snapshot, text, kinds)}
        case ByIds(articles):
            every = snapshot.ids[NodeKind.ARTICLE]
            return {article: own_place(snapshot, article) for article in articles if article in every}


def members_of(snapshot: GraphSnapshot, listing: NamedList, node_id: str) -> dict[str, tuple[Any, ...]]:  # noqa: C901  # a table
    """Read from the networkx graph, by `test_affinity`'s oracle, or, by text, as the search is tested to find them."""
    match listing:
        case NamedList.ARTICLES | NamedList.PROVIDERS | NamedList.TOPICS | NamedList.PERSONS | NamedList.STORIES:
            return {node.id: own_place(snapshot, node.id) for node in nodes_of(snapshot, list_kind(listing))}
        case NamedList.RELATED_OUT | NamedList.RELATED_IN | NamedList.RELATED_ANY:
            named = {found: (0, rank) for found, rank in beside(snapshot, node_id, "RELATED_TO", out=True).items()}
            naming = {found: (1, rank) for found, rank in beside(snapshot, node_id, "RELATED_TO", out=False).items()}
            if listing is NamedList.RELATED_OUT:
                return dict(named)
            every = {**naming, **named}
            return dict(every) if listing is NamedList.RELATED_ANY else {found: every[found] for found in naming}
        case NamedList.LINKS:
            return {found: (place,) for found, place in beside(snapshot, node_id, "LINKS_TO", out=True).items()}
        case NamedList.BACKLINKS:
            return {found: own_place(snapshot, found) for found in beside(snapshot, node_id, "LINKS_TO", out=False)}
        case (
            NamedList.ARTICLES_OF_PROVIDER
            | NamedList.ARTICLES_OF_TOPIC
            | NamedList.ARTICLES_OF_PERSON
            | NamedList.ARTICLES_OF_STORY
        ):
            return {found: own_place(snapshot, found) for found in articles_of(snapshot, node_id)}
        case NamedList.PARTS_OF_NODE:
            return {part: (place,) for place, part in enumerate(snapshot.parts.get(node_id, ()), 1)}
        case NamedList.RELATED_BY_TOPIC:
            related = affinities(snapshot).related_by_topic(node_id)
            return {found: (link.score, link.distance) for found, link in related.items()}
        case NamedList.SIMILAR:
            return {hit.node_id: (hit.score,) for hit in similar(snapshot, node_id)}
        case NamedList.PROVIDERS_OF_PROVIDER:
            around = affinities(snapshot).providers_around(node_id, snapshot.ids[NodeKind.PROVIDER])
            return {found: (link.link_count, link.score) for found, link in around.items()}
        case NamedList.TOPICS_OF_TOPIC:
            links = affinities(snapshot).cooccurring_topics(node_id)
            return {found: (link.article_count,) for found, link in links.items()}
        case NamedList.TOPICS_OF_PROVIDER | NamedList.TOPICS_OF_PERSON | NamedList.TOPICS_OF_STORY:
            return counts(snapshot, node_id, "ABOUT")
        case NamedList.PROVIDERS_OF_TOPIC | NamedList.PROVIDERS_OF_STORY:
            return counts(snapshot, node_id, "PUBLISHED_BY")
        case NamedList.FIRSTS_OF_PROVIDER:
            first = [node for node in nodes_of(snapshot, NodeKind.STORY) if is_first(snapshot, node_id, node)]
            return {node.id: own_place(snapshot, node.id) for node in first}


def is_first(snapshot: GraphSnapshot, provider_id: str, story: Node) -> bool:
    """Whether the provider published the story's earliest article, and others another one."""
    assert isinstance(story, Story)
    tellers = [beside(snapshot, article, "PUBLISHED_BY", out=True) for article in story.articles]
    return (
        provider_id in tellers[0]
        and len({name for found in tellers for name in found}) > 1
        and bool(story.first_published)
    )


@lru_cache(maxsize=1)
def affinities(snapshot: GraphSnapshot) -> test_affinity.Oracle:
    return test_affinity.Oracle(snapshot)


def beside(snapshot: GraphSnapshot, node_id: str, relation: str, *, out: bool) -> dict[str, int]:
    digraph = snapshot.digraph
    edges = digraph.out_edges(node_id, data=True) if out else digraph.in_edges(node_id, data=True)
    return {end if out else start: data["position"] for start, end, data in edges if data["relation"] == relation}


def articles_of(snapshot: GraphSnapshot, node_id: str) -> Iterable[str]:
    match node_id[0]:
        case "s":
            return stories(snapshot).by_id[node_id].articles
        case "p":
            return beside(snapshot, node_id, "PUBLISHED_BY", out=False)
        case "h":
            return beside(snapshot, node_id, "WRITTEN_BY", out=False)
        case _:
            return beside(snapshot, node_id, "ABOUT", out=False)


def counts(snapshot: GraphSnapshot, node_id: str, relation: str) -> dict[str, tuple[Any, ...]]:
    """How many of the node's articles have an edge to each other node."""
    articles = articles_of(snapshot, node_id)
    found = [other for article in articles for other in beside(snapshot, article, relation, out=True)]
    return {other: (found.count(other),) for other in found}


def own_place(snapshot: GraphSnapshot, node_id: str) -> tuple[Any, ...]:
    """What puts nodes in order that no link does: newest first, or by name."""
    match find_node(snapshot, node_id):
        case Article(published_date_time=date) | Story(last_published=date):
            return (date is None, 0.0 if date is None else -date.timestamp())
        case Provider(name=name) | Topic(name=name) | Person(name=name):
            return (name,)
        case None:
            raise AssertionError(node_id)


class Oracle:
    """A list of one node, with its entries in order as anyone would find them."""

    def __init__(self, snapshot: GraphSnapshot, source: ListSource, node_id: str, order: Order) -> None:
        self._entries = entries_of(snapshot, source, node_id)
        self._snapshot = snapshot
        self._order = order or list_order(source, ())
        self._is_own = not order
        self._is_descending = IS_DESCENDING.get(self._order[0].field.partition(" ")[0])  # a search adds its text

    def entries(self, condition: Filter | None) -> list[Entry]:
        nodes = [node for found in self._entries if (node := find_node(self._snapshot, found))]
        nodes.sort(key=self._sort_by)
        places = (self._position(nodes, place) for place in range(len(nodes)))
        return [
            Entry(at, node.id)
            for at, node in zip(places, nodes, strict=True)
            if condition is None or passes(node, condition)
        ]

    def _sort_by(self, node: Node) -> tuple[Any, ...]:
        if not self._is_own:
            return sort_key(self._order, self._read(node))
        values = self._entries[node.id]
        if self._is_descending is None:
            return (*values, node.id)
        parts = [
            (value is None, -(value or 0) if down else value or 0)
            for value, down in zip(values, self._is_descending, strict=False)
        ]
        return (*parts, node.id)

    def _position(self, nodes: Sequence[Node], place: int) -> Position:
        """In an order that is computed, what comes before counts, filtered or not."""
        node = nodes[place]
        if self._is_descending is None and is_lasting(kind_of(node), self._order):
            return self._read(node)
        return Position((sum(crc32(before.id.encode()) for before in nodes[:place]),), node.id)

    def _read(self, node: Node) -> Position:
        return position_reader(self._snapshot, kind_of(node), self._order)(node)


def assert_pages_equal_relay(snapshot: GraphSnapshot, examples: int) -> None:
    reader = PageReader(snapshot)

    @random_cases(examples)
    @given(st.data(), sources(snapshot))
    def check(data: st.DataObject, source: ListSource) -> None:
        kind = list_kind(source)
        node_id = draw_parent(data, snapshot, source)
        is_mixed = isinstance(source, ByText) and source.kinds != {NodeKind.ARTICLE}
        order: Order = () if is_mixed else data.draw(st.sampled_from(ORDERS[kind]))
        condition = data.draw(st.none() | st.sampled_from(FILTERS[kind]))
        all_edges = Oracle(snapshot, source, node_id, order).entries(condition)
        page = draw_page(data, all_edges)
        query = ListQuery(page, order=order) if condition is None else ListQuery(page, condition, order)
        (answer,) = reader.pages(source, [node_id], query)
        expected = edges_to_return(all_edges, page)
        assert [(edge.position, edge.node.id) for edge in answer.edges] == expected
        assert answer.total_count == len(all_edges)
        if page.first is None or page.last is None:  # with both, Relay counts what `first` cut off as previous
            assert answer.has_previous_page >= relay_has_previous_page(all_edges, page)
            assert answer.has_next_page >= relay_has_next_page(all_edges, page)
        if expected:
            assert answer.has_previous_page is (expected[0] != all_edges[0])
            assert answer.has_next_page is (expected[-1] != all_edges[-1])

    check()


def sources(snapshot: GraphSnapshot) -> st.SearchStrategy[ListSource]:
    """Listings half of the time."""
    articles, topics = snapshot.ids[NodeKind.ARTICLE], snapshot.ids[NodeKind.TOPIC]
    listings = st.sampled_from(NamedList)
    by_topics = st.builds(ByTopics, st.lists(st.sampled_from(topics), max_size=3).map(tuple), st.sampled_from(Match))
    texts = st.sampled_from(["the", "a*", "new", "microsoft", "harbour", "ferry", "s* t*"])
    by_text = st.builds(ByText, texts, st.frozensets(st.sampled_from(NodeKind), min_size=1) | ONLY_ARTICLES)
    chosen = st.lists(st.sampled_from([*articles, "a_gone"]), max_size=20).map(lambda ids: ByIds(tuple(ids)))
    return st.one_of(listings, listings, listings, by_topics, by_text, chosen)


ONLY_ARTICLES = st.just(frozenset({NodeKind.ARTICLE}))


def draw_parent(data: st.DataObject, snapshot: GraphSnapshot, source: ListSource) -> str:
    parent = PARENTS[source] if isinstance(source, NamedList) else None
    if parent is None:
        return WHOLE_GRAPH
    found: str = data.draw(st.sampled_from([node.id for node in nodes_of(snapshot, parent)]))
    return found


def draw_page(data: st.DataObject, all_edges: Sequence[Entry]) -> PageRequest:
    count = st.none() | st.integers(0, len(all_edges) + 2)
    cursor = st.none() | st.sampled_from([edge.cursor for edge in all_edges]) if all_edges else st.none()
    return PageRequest(data.draw(count), data.draw(count), data.draw(cursor), data.draw(cursor))


def passes(node: Node, condition: Filter) -> bool:
    """Nodes of another kind than the list's have no such field, and pass."""
    assert isinstance(condition, Compare)
    if not hasattr(node, condition.field):
        return True
    value = getattr(node, condition.field)
    match condition.operator:
        case Operator.GT:
            return value is not None and value > condition.value
        case Operator.CONTAINS:
            return value is not None and condition.value in value
        case _:
            return value is not None and value < condition.value


def test_random_pages_equal_relays_algorithm_on_the_seeds(seeds: GraphSnapshot) -> None:
    assert_pages_equal_relay(seeds, 2_000)


@pytest.mark.thorough
def test_random_pages_equal_relays_algorithm_on_real_articles(azure_published: GraphSnapshot) -> None:
    assert_pages_equal_relay(azure_published, 40)


# Cursors outlive reloads, or say that they do not.


@pytest.fixture(scope="module")
def loaded() -> LoadResult:
    return load_folders([SEEDS])


def without(loaded: LoadResult, files: set[str]) -> GraphSnapshot:
    documents = [document for document in loaded.documents if document.file not in files]
    return build_snapshot(merge(LoadResult(documents, loaded.catalogue, list(loaded.problems))))


def next_page(reader: PageReader, listing: ListSource, node_id: str, query: ListQuery) -> Page[Node]:
    return reader.pages(listing, [node_id], query)[0]


def walk(
    reader: PageReader, listing: ListSource, node_id: str, order: Order, size: int, *, backward: bool
) -> list[str]:
    """Ids on pages that are walked by cursor, in the order of the list."""
    found: list[str] = []
    at: Position | None = None
    while True:
        request = PageRequest(last=size, before=at) if backward else PageRequest(first=size, after=at)
        page = next_page(reader, listing, node_id, ListQuery(request, order=order))
        ids = [edge.node.id for edge in page.edges]
        found = ids + found if backward else found + ids
        assert (page.has_next_page if backward else page.has_previous_page) is (at is not None and bool(ids))
        if not (page.has_previous_page if backward else page.has_next_page):
            return found
        at = page.edges[0 if backward else -1].position


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("listing", NamedList)
def test_walk_by_cursors_visits_every_entry_once(seeds: GraphSnapshot, listing: NamedList, backward: bool) -> None:
    parent = PARENTS[listing]
    parents = [WHOLE_GRAPH] if parent is None else [node.id for node in nodes_of(seeds, parent)]
    for node_id in parents[:: 1 + len(parents) // 3]:
        for order in ORDERS[list_kind(listing)]:
            assert_walk_visits_every_entry(seeds, listing, node_id, order, backward=backward)


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize(
    "source",
    [
        ByTopics((id_of_key(NodeKind.TOPIC, "saltmarra"),), Match.ALL),
        ByText("the", frozenset(NodeKind)),
        ByText("f*", frozenset(NodeKind)),
        ByText("harbour", frozenset({NodeKind.ARTICLE, NodeKind.PROVIDER})),
    ],
    ids=["by topics", "by text", "by a beginning", "by text in two kinds"],
)
def test_walk_through_what_was_found_visits_every_entry_once(
    seeds: GraphSnapshot, source: ListSource, backward: bool
) -> None:
    assert len(entries_of(seeds, source, WHOLE_GRAPH)) > 10
    assert_walk_visits_every_entry(seeds, source, WHOLE_GRAPH, (), backward=backward)


def assert_walk_visits_every_entry(
    snapshot: GraphSnapshot, source: ListSource, node_id: str, order: Order, *, backward: bool
) -> None:
    reader = PageReader(snapshot)
    expected = next_page(reader, source, node_id, ListQuery(PageRequest(), order=order))
    ids = [edge.node.id for edge in expected.edges]
    assert set(ids) == set(entries_of(snapshot, source, node_id))
    for size in (1, 4):
        assert walk(reader, source, node_id, order, size, backward=backward) == ids


def test_documents_that_come_or_go_between_pages_neither_skip_nor_repeat_others(loaded: LoadResult) -> None:
    files = [document.file for document in loaded.documents]
    listings = (NamedList.ARTICLES, NamedList.ARTICLES, NamedList.PROVIDERS, NamedList.TOPICS)
    some_files = st.sets(st.sampled_from(files), max_size=12)

    @random_cases(150)
    @given(
        some_files,
        some_files,
        st.sampled_from(
            [
                (listing, order)
                for listing in listings
                for order in ORDERS[list_kind(listing)]
                if is_lasting(list_kind(listing), order)
            ]
        ),
        st.integers(1, 9),
        st.integers(1, 4),
        st.booleans(),
    )
    def check(
        missing: set[str],
        missing_later: set[str],
        wanted: tuple[NamedList, Order],
        size: int,
        pages: int,
        backward: bool,
    ) -> None:
        listing, order = wanted
        old, new = without(loaded, missing), without(loaded, missing_later)
        seen: list[Position] = []
        at: Position | None = None
        for number in range(200):
            reader = PageReader(old if number < pages else new)
            request = PageRequest(last=size, before=at) if backward else PageRequest(first=size, after=at)
            page = next_page(reader, listing, WHOLE_GRAPH, ListQuery(request, order=order))
            seen += [edge.position for edge in page.edges]
            if not page.edges:
                break
            at = page.edges[0 if backward else -1].position
        assert len(seen) == len(set(seen))
        assert stayed(old, new, listing, order) <= set(seen)

    check()


def stayed(old: GraphSnapshot, new: GraphSnapshot, listing: NamedList, order: Order) -> set[Position]:
    """The places that nodes have in the first snapshot and keep in the second."""
    places = []
    for snapshot in (old, new):
        read = position_reader(snapshot, list_kind(listing), list_order(listing, order))
        places.append({read(node) for node in nodes_of(snapshot, list_kind(listing))})
    return places[0] & places[1]


def test_page_goes_on_from_an_entry_that_is_gone(loaded: LoadResult) -> None:
    old = without(loaded, set())
    first = next_page(PageReader(old), NamedList.ARTICLES, WHOLE_GRAPH, ListQuery(PageRequest(first=3)))
    gone = first.edges[-1].node
    assert isinstance(gone, Article)
    assert gone.file is not None
    new = PageReader(without(loaded, {gone.file}))
    query = ListQuery(PageRequest(first=2, after=first.edges[-1].position))
    expected = next_page(PageReader(old), NamedList.ARTICLES, WHOLE_GRAPH, query)
    answer = next_page(new, NamedList.ARTICLES, WHOLE_GRAPH, query)
    assert [edge.node.id for edge in answer.edges] == [edge.node.id for edge in expected.edges]
    assert answer.has_previous_page

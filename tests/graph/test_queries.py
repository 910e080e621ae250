"""Look-ups, neighbours and pages; pages also against Relay's algorithm as its specification writes it."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.errors import CursorError, FilterError, OrderError, UrlError
from graph.filters import Compare, Filter, Operator
from graph.loader import LoadResult, load_folders
from graph.merge import merge
from graph.model import Article, LinkDirection, Node, NodeKind, Provider, Topic, kind_of
from graph.ordering import Order, OrderKey, Position, position_reader, sort_key
from graph.problems import Problem, ProblemCode, Severity
from graph.queries import (
    Listing,
    ListQuery,
    Lookup,
    Neighbours,
    Page,
    PageReader,
    PageRequest,
    RelatedLink,
    WeightedLink,
    find_nodes,
    find_problems,
    list_kind,
    list_order,
    neighbours,
)
from graph.snapshot import GraphSnapshot, build_snapshot
from graph.store import WHOLE_GRAPH

SEEDS = Path(__file__).parent.parent.parent / "seeds"

POST, GAZETTE = {"name": "Post", "domain": "post.example"}, {"name": "Gazette", "domain": "gazette.example"}
ARTICLES: dict[str, dict[str, Any]] = {
    "2024-05-04-a": {"publishedDateTime": "2024-05-04", "provider": POST, "topics": ["Sky", "Sea"], "cites": "cbe"},
    "b": {"publishedDateTime": "2024-05-03", "provider": POST, "topics": ["Sea"], "cites": "a"},
    "c": {"publishedDateTime": "2024-05-02", "provider": GAZETTE, "topics": ["Sea"]},
    "d": {"provider": POST, "topics": ["Stars"], "cites": "ca"},
}


@pytest.fixture
def world(tmp_path: Path) -> GraphSnapshot:
    for name, fields in ARTICLES.items():
        cited = [{"webUrl": f"https://x.example/{other}"} for other in fields.get("cites", "")]
        known = {key: value for key, value in fields.items() if key != "cites"}
        text = json.dumps({"title": name, "webUrl": f"https://x.example/{name[-1]}", **known, "related": cited})
        (tmp_path / f"{name}.md").write_text(f"---\n{text}\n---\n", encoding="utf-8")
    topics = tmp_path / "_data" / "topics"
    topics.mkdir(parents=True)
    for name in ("Sea", "Sky", "Arctic"):
        (topics / f"{name}.yaml").write_text(f"taxonomy: topic\nname: {name}\nparent: Nature\n", encoding="utf-8")
    return build_snapshot(merge(load_folders([tmp_path])))


def name_of(node: Node | None) -> str | None:
    match node:
        case Article():
            return str(node.url)[-1]
        case Provider():
            return node.domain
        case Topic():
            return node.slug
        case None:
            return None


def id_of(snapshot: GraphSnapshot, name: str) -> str:
    return next(node.id for node in snapshot.nodes.values() if name_of(node) == name)


@pytest.mark.parametrize(
    ("lookup", "names", "expected"),
    [
        (Lookup.ARTICLE_BY_SLUG, ["a", "nothing", "2024-05-04-a", "b", "a"], ["a", None, "a", "b", "a"]),
        (Lookup.ARTICLE_BY_SLUG, ["", "A"], [None, None]),
        (Lookup.ARTICLE_BY_URL, ["http://X.example:80/a/?utm_source=z#top", "https://x.example"], ["a", None]),
        (Lookup.ARTICLE_BY_URL, ["https://x.example/e"], ["e"]),
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
        (Neighbours.PROVIDER_OF_ARTICLE, "abe", [["post.example"], ["post.example"], []]),
        (Neighbours.TOPICS_OF_ARTICLE, "ace", [["sky", "sea"], ["sea"], []]),
        (Neighbours.PARENT_OF_TOPIC, ["sea", "nature", "stars"], [["nature"], [], []]),
        (Neighbours.CHILDREN_OF_TOPIC, ["nature", "sea"], [["arctic", "sea", "sky"], []]),
    ],
)
def test_neighbours_stand_beside_each_node(
    world: GraphSnapshot, which: Neighbours, names: Iterable[str], expected: list[list[str]]
) -> None:
    answer = neighbours(world, which, [id_of(world, name) for name in names])
    assert [[name_of(node) for node in group] for group in answer] == expected


def entries(page: Page[Node]) -> list[tuple[Any, ...]]:
    return [
        (name_of(edge.node), *((edge.link.rank, edge.link.direction) if isinstance(edge.link, RelatedLink) else ()))
        if not isinstance(edge.link, WeightedLink)
        else (name_of(edge.node), edge.link.article_count)
        for edge in page.edges
    ]


@pytest.mark.parametrize(
    ("listing", "name", "expected"),
    [
        (Listing.ARTICLES, None, [("a",), ("b",), ("c",), "de"]),
        (Listing.PROVIDERS, None, [("gazette.example",), ("post.example",)]),
        (Listing.TOPICS, None, [("arctic",), ("nature",), ("sea",), ("sky",), ("stars",)]),
        (Listing.ARTICLES_OF_PROVIDER, "post.example", [("a",), ("b",), ("d",)]),
        (Listing.ARTICLES_OF_TOPIC, "sea", [("a",), ("b",), ("c",)]),
        (Listing.ARTICLES_OF_TOPIC, "arctic", []),
        (Listing.TOPICS_OF_PROVIDER, "post.example", [("sea", 2), "sky1 stars1"]),
        (Listing.PROVIDERS_OF_TOPIC, "sea", [("post.example", 2), ("gazette.example", 1)]),
        (
            Listing.RELATED_OUT,
            "a",
            [("c", 1, LinkDirection.OUT), ("b", 2, LinkDirection.BOTH), ("e", 3, LinkDirection.OUT)],
        ),
        (Listing.RELATED_IN, "a", [("b", 2, LinkDirection.BOTH), ("d", 2, LinkDirection.IN)]),
        (
            Listing.RELATED_ANY,
            "a",
            [
                ("c", 1, LinkDirection.OUT),
                ("b", 2, LinkDirection.BOTH),
                ("e", 3, LinkDirection.OUT),
                ("d", 2, LinkDirection.IN),
            ],
        ),
        (Listing.RELATED_ANY, "c", "a1 d1"),
    ],
)
def test_list_holds_these_entries_in_its_own_order(
    world: GraphSnapshot, listing: Listing, name: str | None, expected: list[Any] | str
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


def test_one_query_answers_the_lists_of_many_nodes(world: GraphSnapshot) -> None:
    query = ListQuery(PageRequest(first=1), Compare("slug", Operator.IN, ("b", "c")), (OrderKey("slug"),))
    ids = [id_of(world, name) for name in ("sea", "stars", "sea")] + ["unknown"]
    pages = PageReader(world).pages(Listing.ARTICLES_OF_TOPIC, ids, query)
    answers = [(entries(page), page.total_count, page.has_next_page) for page in pages]
    assert answers == [([("b",)], 2, True), ([], 0, False), ([("b",)], 2, True), ([], 0, False)]


def test_order_of_the_nodes_replaces_the_lists_own(world: GraphSnapshot) -> None:
    query = ListQuery(PageRequest(), order=(OrderKey("slug", is_descending=True),))
    (page,) = PageReader(world).pages(Listing.RELATED_OUT, [id_of(world, "a")], query)
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
        PageReader(world).pages(Listing.ARTICLES, [WHOLE_GRAPH], query)


def test_reader_keeps_only_the_orders_that_were_used_last(
    world: GraphSnapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PageReader, "_KEPT_PLACES", 5 * len(world.ids[NodeKind.ARTICLE]))
    reader = PageReader(world)
    orders = [(OrderKey("title", bool(number % 2)),) * (number // 2 + 1) for number in range(60)]
    answers = [reader.pages(Listing.ARTICLES, [WHOLE_GRAPH], ListQuery(PageRequest(), order=order)) for order in orders]
    assert list(reader._kept) == [(NodeKind.ARTICLE, order) for order in orders[-5:]]
    again = [reader.pages(Listing.ARTICLES, [WHOLE_GRAPH], ListQuery(PageRequest(), order=order)) for order in orders]
    assert again == answers


PROBLEMS = {
    "a.md": "---\ntitle: 7\nwebUrl: nope\nprovider: {name: P, domain: p.example}\n---\n",
    "b.md": "---\ntitle: [\n---\n",
    "c.md": "---\nquality: high\nprovider: {name: P, domain: p.example}\n---\n",
}


@pytest.fixture
def faulty(tmp_path: Path) -> GraphSnapshot:
    for name, text in PROBLEMS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return build_snapshot(merge(load_folders([tmp_path])))


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
    assert none == Page((), 0, has_previous_page=False, has_next_page=False)


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


PARENTS: dict[Listing, NodeKind | None] = {
    Listing.ARTICLES: None,
    Listing.PROVIDERS: None,
    Listing.TOPICS: None,
    Listing.RELATED_OUT: NodeKind.ARTICLE,
    Listing.RELATED_IN: NodeKind.ARTICLE,
    Listing.RELATED_ANY: NodeKind.ARTICLE,
    Listing.ARTICLES_OF_PROVIDER: NodeKind.PROVIDER,
    Listing.ARTICLES_OF_TOPIC: NodeKind.TOPIC,
    Listing.TOPICS_OF_PROVIDER: NodeKind.PROVIDER,
    Listing.PROVIDERS_OF_TOPIC: NodeKind.TOPIC,
}
ORDERS: dict[NodeKind, list[Order]] = {
    NodeKind.ARTICLE: [
        (),
        (OrderKey("title"),),
        (OrderKey("quality", is_descending=True), OrderKey("type")),
        (OrderKey("related.count", is_descending=True),),
        (OrderKey("provider.name"), OrderKey("published_date_time")),
    ],
    NodeKind.PROVIDER: [(), (OrderKey("domain", is_descending=True),), (OrderKey("articles.count"),)],
    NodeKind.TOPIC: [(), (OrderKey("slug", is_descending=True),), (OrderKey("children.count"),)],
}
FILTERS: dict[NodeKind, list[Filter]] = {
    NodeKind.ARTICLE: [Compare("quality", Operator.GT, 100), Compare("title", Operator.CONTAINS, "the")],
    NodeKind.PROVIDER: [Compare("name", Operator.CONTAINS, "e")],
    NodeKind.TOPIC: [Compare("name", Operator.LT, "Science")],
}


def members(snapshot: GraphSnapshot, listing: Listing, node_id: str) -> dict[str, tuple[Any, ...]]:
    """Id → its key in the list's own order, read from the networkx graph; the id breaks ties."""
    digraph = snapshot.digraph

    def beside(node: str, relation: str, *, out: bool) -> dict[str, int]:
        edges = digraph.out_edges(node, data=True) if out else digraph.in_edges(node, data=True)
        return {end if out else start: data["position"] for start, end, data in edges if data["relation"] == relation}

    match listing:
        case Listing.RELATED_OUT | Listing.RELATED_IN | Listing.RELATED_ANY:
            named = {found: (0, rank) for found, rank in beside(node_id, "RELATED_TO", out=True).items()}
            naming = {found: (1, rank) for found, rank in beside(node_id, "RELATED_TO", out=False).items()}
            if listing is Listing.RELATED_OUT:
                return dict(named)
            every = {**naming, **named}
            return dict(every) if listing is Listing.RELATED_ANY else {found: every[found] for found in naming}
        case Listing.ARTICLES_OF_PROVIDER | Listing.ARTICLES_OF_TOPIC:
            relation = "ABOUT" if listing is Listing.ARTICLES_OF_TOPIC else "PUBLISHED_BY"
            return {found: newest_first(snapshot, found) for found in beside(node_id, relation, out=False)}
        case Listing.TOPICS_OF_PROVIDER | Listing.PROVIDERS_OF_TOPIC:
            there, back = (
                ("PUBLISHED_BY", "ABOUT") if listing is Listing.TOPICS_OF_PROVIDER else ("ABOUT", "PUBLISHED_BY")
            )
            found = [other for one in beside(node_id, there, out=False) for other in beside(one, back, out=True)]
            return {other: (-found.count(other),) for other in found}
        case Listing.ARTICLES:
            return {found: newest_first(snapshot, found) for found in snapshot.ids[NodeKind.ARTICLE]}
        case Listing.PROVIDERS | Listing.TOPICS:
            return {found: (snapshot.nodes[found].name,) for found in snapshot.ids[list_kind(listing)]}  # type: ignore[union-attr]


def newest_first(snapshot: GraphSnapshot, node_id: str) -> tuple[Any, ...]:
    article = snapshot.nodes[node_id]
    assert isinstance(article, Article)
    date = article.published_date_time
    return (date is None, 0.0 if date is None else -date.timestamp())


class Oracle:
    """A list of one node, with its entries in order as anyone would find them."""

    def __init__(self, snapshot: GraphSnapshot, listing: Listing, node_id: str, order: Order) -> None:
        self._keys = members(snapshot, listing, node_id)
        self._snapshot = snapshot
        self._order = order or list_order(listing, ())
        self._is_own = not order

    def entries(self, condition: Filter | None) -> list[Entry]:
        nodes = [self._snapshot.nodes[found] for found in self._keys]
        found = [Entry(self._position(node), node.id) for node in nodes if condition is None or passes(node, condition)]
        return sorted(found, key=self._sort_by)

    def _sort_by(self, entry: Entry) -> tuple[Any, ...]:
        return (self._keys[entry.node_id], entry.node_id) if self._is_own else sort_key(self._order, entry.cursor)

    def _position(self, node: Node) -> Position:
        match self._order[0].field:
            case "link.group":
                return Position(self._keys[node.id], node.id)
            case "link.articleCount":
                return Position((-self._keys[node.id][0],), node.id)
        return position_reader(self._snapshot, kind_of(node), self._order)(node)


def assert_pages_equal_relay(snapshot: GraphSnapshot, examples: int) -> None:
    reader = PageReader(snapshot)

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data(), st.sampled_from(Listing))
    def check(data: st.DataObject, listing: Listing) -> None:
        parent, kind = PARENTS[listing], list_kind(listing)
        node_id = WHOLE_GRAPH if parent is None else data.draw(st.sampled_from(snapshot.ids[parent]))
        order = data.draw(st.sampled_from(ORDERS[kind]))
        condition = data.draw(st.none() | st.sampled_from(FILTERS[kind]))
        all_edges = Oracle(snapshot, listing, node_id, order).entries(condition)
        page = draw_page(data, all_edges)
        query = ListQuery(page, order=order) if condition is None else ListQuery(page, condition, order)
        (answer,) = reader.pages(listing, [node_id], query)
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


def draw_page(data: st.DataObject, all_edges: Sequence[Entry]) -> PageRequest:
    count = st.none() | st.integers(0, len(all_edges) + 2)
    cursor = st.none() | st.sampled_from([edge.cursor for edge in all_edges]) if all_edges else st.none()
    return PageRequest(data.draw(count), data.draw(count), data.draw(cursor), data.draw(cursor))


def passes(node: Node, condition: Filter) -> bool:
    assert isinstance(condition, Compare)
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


def test_random_pages_equal_relays_algorithm_on_real_articles(azure_published: GraphSnapshot) -> None:
    assert_pages_equal_relay(azure_published, 40)


# Keyset pages: cursors outlive reloads.


@pytest.fixture(scope="module")
def loaded() -> LoadResult:
    return load_folders([SEEDS])


def without(loaded: LoadResult, files: set[str]) -> GraphSnapshot:
    documents = [document for document in loaded.documents if document.file not in files]
    return build_snapshot(merge(LoadResult(documents, loaded.catalogue, list(loaded.problems))))


def next_page(reader: PageReader, listing: Listing, node_id: str, query: ListQuery) -> Page[Node]:
    return reader.pages(listing, [node_id], query)[0]


def walk(reader: PageReader, listing: Listing, node_id: str, order: Order, size: int, *, backward: bool) -> list[str]:
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
@pytest.mark.parametrize("listing", Listing)
def test_walk_by_cursors_visits_every_entry_once(seeds: GraphSnapshot, listing: Listing, backward: bool) -> None:
    reader, parent = PageReader(seeds), PARENTS[listing]
    for node_id in [WHOLE_GRAPH] if parent is None else seeds.ids[parent]:
        for order in ORDERS[list_kind(listing)]:
            expected = next_page(reader, listing, node_id, ListQuery(PageRequest(), order=order))
            ids = [edge.node.id for edge in expected.edges]
            assert set(ids) == set(members(seeds, listing, node_id))
            for size in (1, 4):
                assert walk(reader, listing, node_id, order, size, backward=backward) == ids


def test_documents_that_come_or_go_between_pages_neither_skip_nor_repeat_others(loaded: LoadResult) -> None:
    files = [document.file for document in loaded.documents]
    some_files = st.sets(st.sampled_from(files), max_size=12)

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        some_files,
        some_files,
        st.sampled_from(ORDERS[NodeKind.ARTICLE]),
        st.integers(1, 9),
        st.integers(1, 4),
        st.booleans(),
    )
    def check(missing: set[str], missing_later: set[str], order: Order, size: int, pages: int, backward: bool) -> None:
        old, new = without(loaded, missing), without(loaded, missing_later)
        seen: list[Position] = []
        at: Position | None = None
        for number in range(200):
            reader = PageReader(old if number < pages else new)
            request = PageRequest(last=size, before=at) if backward else PageRequest(first=size, after=at)
            page = next_page(reader, Listing.ARTICLES, WHOLE_GRAPH, ListQuery(request, order=order))
            seen += [edge.position for edge in page.edges]
            if not page.edges:
                break
            at = page.edges[0 if backward else -1].position
        assert len(seen) == len(set(seen))
        assert stayed(old, new, order) <= set(seen)

    check()


def stayed(old: GraphSnapshot, new: GraphSnapshot, order: Order) -> set[Position]:
    """The places that articles have in the first snapshot and keep in the second."""
    places = []
    for snapshot in (old, new):
        read = position_reader(snapshot, NodeKind.ARTICLE, list_order(Listing.ARTICLES, order))
        places.append({read(snapshot.nodes[node_id]) for node_id in snapshot.ids[NodeKind.ARTICLE]})
    return places[0] & places[1]


def test_page_goes_on_from_an_entry_that_is_gone(loaded: LoadResult) -> None:
    old = without(loaded, set())
    first = next_page(PageReader(old), Listing.ARTICLES, WHOLE_GRAPH, ListQuery(PageRequest(first=3)))
    gone = first.edges[-1].node
    assert isinstance(gone, Article)
    assert gone.file is not None
    new = PageReader(without(loaded, {gone.file}))
    query = ListQuery(PageRequest(first=2, after=first.edges[-1].position))
    expected = next_page(PageReader(old), Listing.ARTICLES, WHOLE_GRAPH, query)
    answer = next_page(new, Listing.ARTICLES, WHOLE_GRAPH, query)
    assert [edge.node.id for edge in answer.edges] == [edge.node.id for edge in expected.edges]
    assert answer.has_previous_page

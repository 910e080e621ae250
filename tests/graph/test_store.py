"""What every `GraphStore` answers, whatever stands behind it. Another store joins by a line in `STORES`."""

import asyncio
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from inspect import isawaitable
from typing import Any

import pytest

from graph.errors import CursorError, FilterError, OrderError, UrlError
from graph.export import ExportFormat
from graph.filters import Compare, MemberCount, Operator
from graph.merge import Edge, MergeResult
from graph.model import Article, ArticleOrigin, EdgeKind, LinkDirection, Node, NodeKind, Provider, Topic
from graph.ordering import OrderKey, Position
from graph.problems import Problem, ProblemCode, error, warning
from graph.queries import (
    Listing,
    ListQuery,
    Lookup,
    Neighbours,
    Page,
    PageEdge,
    PageRequest,
    RelatedLink,
    WeightedLink,
)
from graph.snapshot import GraphSnapshot, build_snapshot
from graph.store import WHOLE_GRAPH, Answer, GraphReader, GraphStore, MemoryStore

STORES: dict[str, Callable[[GraphSnapshot], GraphStore]] = {"memory": MemoryStore}

LOADED = datetime(2024, 6, 1, tzinfo=UTC)
STORM = Article(
    "a_storm",
    "https://post.example/storm",
    ArticleOrigin.DOCUMENT,
    "storm",
    ("storm", "2024-05-03-storm"),
    "Storm",
    published_date_time=datetime(2024, 5, 3, tzinfo=UTC),
    quality=80,
    file="2024-05-03-storm.md",
)
WAVE = Article(
    "a_wave", "https://post.example/wave", ArticleOrigin.REFERENCE, None, web_url="https://post.example/wave", quality=3
)
POST = Provider("p_post", "post.example", "Post", ("The Post",))
SEA, SKY = Topic("t_sea", "sea", "Sea"), Topic("t_sky", "sky", "Sky")
BAD_DATE = error(ProblemCode.DATE_INVALID, "No date.", file="2024-05-03-storm.md", line=3, path=("publishedDateTime",))
NO_TITLE = warning(ProblemCode.TITLE_MISSING, "No title.", file="other.md")


@pytest.fixture
def snapshot() -> GraphSnapshot:
    edges = [
        Edge("a_storm", "p_post", EdgeKind.PUBLISHED_BY, 1),
        Edge("a_storm", "t_sky", EdgeKind.ABOUT, 1),
        Edge("a_storm", "t_sea", EdgeKind.ABOUT, 2),
        Edge("a_storm", "a_wave", EdgeKind.RELATED_TO, 1),
        Edge("t_sky", "t_sea", EdgeKind.BROADER, 1),
    ]
    merged = MergeResult([STORM, WAVE], [POST], [SEA, SKY], edges, [NO_TITLE, BAD_DATE])
    return build_snapshot(merged, LOADED)


@pytest.fixture(params=STORES)
def reader(request: pytest.FixtureRequest, snapshot: GraphSnapshot) -> GraphReader:
    return STORES[request.param](snapshot).reader()


def settled(answer: Answer[Any]) -> Any:
    async def wait() -> Any:
        return await answer if isawaitable(answer) else answer

    return asyncio.run(wait())


def names(nodes: Any) -> list[str | None]:
    return [node and node.id for node in nodes]


def test_info_counts_nodes_edges_and_problems(reader: GraphReader, snapshot: GraphSnapshot) -> None:
    assert asdict(settled(reader.info())) == {
        "version": snapshot.version,
        "loaded_at": LOADED,
        "node_counts": {NodeKind.ARTICLE: 2, NodeKind.PROVIDER: 1, NodeKind.TOPIC: 2},
        "edge_counts": {EdgeKind.PUBLISHED_BY: 1, EdgeKind.ABOUT: 2, EdgeKind.RELATED_TO: 1, EdgeKind.BROADER: 1},
        "problem_counts": {ProblemCode.DATE_INVALID: 1, ProblemCode.TITLE_MISSING: 1},
    }


def test_nodes_answer_in_the_order_of_the_ids_with_none_for_misses(reader: GraphReader) -> None:
    assert names(settled(reader.nodes(["t_sea", "nothing", "a_storm", "t_sea"]))) == [
        "t_sea",
        None,
        "a_storm",
        "t_sea",
    ]
    assert settled(reader.nodes([])) == []


@pytest.mark.parametrize(
    ("lookup", "given", "expected"),
    [
        (Lookup.ARTICLE_BY_SLUG, ["storm", "wave", "2024-05-03-storm"], ["a_storm", None, "a_storm"]),
        (Lookup.ARTICLE_BY_URL, ["http://post.example/wave/"], ["a_wave"]),
        (Lookup.PROVIDER_BY_DOMAIN, ["www.post.example", "x"], ["p_post", None]),
        (Lookup.TOPIC_BY_SLUG, ["sky"], ["t_sky"]),
        (Lookup.TOPIC_BY_NAME, ["SEA"], ["t_sea"]),
    ],
)
def test_names_find_nodes(reader: GraphReader, lookup: Lookup, given: list[str], expected: list[str | None]) -> None:
    assert names(settled(reader.find(lookup, given))) == expected


def test_text_that_is_no_url_is_an_error(reader: GraphReader) -> None:
    with pytest.raises(UrlError):
        settled(reader.find(Lookup.ARTICLE_BY_URL, ["storm"]))


@pytest.mark.parametrize(
    ("which", "ids", "expected"),
    [
        (Neighbours.PROVIDER_OF_ARTICLE, ["a_wave", "a_storm"], [[], ["p_post"]]),
        (Neighbours.TOPICS_OF_ARTICLE, ["a_storm", "a_wave", "nothing"], [["t_sky", "t_sea"], [], []]),
        (Neighbours.PARENT_OF_TOPIC, ["t_sea", "t_sky"], [[], ["t_sea"]]),
        (Neighbours.CHILDREN_OF_TOPIC, ["t_sea", "t_sky"], [["t_sky"], []]),
    ],
)
def test_neighbours_answer_one_group_per_id(
    reader: GraphReader, which: Neighbours, ids: list[str], expected: list[list[str]]
) -> None:
    assert [names(group) for group in settled(reader.neighbours(which, ids))] == expected


MAY_3 = 1_714_694_400_000_000


@pytest.mark.parametrize(
    ("listing", "node_id", "expected"),
    [
        (Listing.ARTICLES, WHOLE_GRAPH, [(STORM, (MAY_3,), None), (WAVE, (None,), None)]),
        (Listing.PROVIDERS, WHOLE_GRAPH, [(POST, ("Post",), None)]),
        (Listing.TOPICS, WHOLE_GRAPH, [(SEA, ("Sea",), None), (SKY, ("Sky",), None)]),
        (Listing.RELATED_OUT, "a_storm", [(WAVE, (0, 1), RelatedLink(1, LinkDirection.OUT))]),
        (Listing.RELATED_IN, "a_wave", [(STORM, (1, 1), RelatedLink(1, LinkDirection.IN))]),
        (Listing.RELATED_ANY, "a_wave", [(STORM, (1, 1), RelatedLink(1, LinkDirection.IN))]),
        (Listing.RELATED_IN, "a_storm", []),
        (Listing.ARTICLES_OF_PROVIDER, "p_post", [(STORM, (MAY_3,), None)]),
        (Listing.ARTICLES_OF_TOPIC, "t_sea", [(STORM, (MAY_3,), None)]),
        (Listing.TOPICS_OF_PROVIDER, "p_post", [(SEA, (1,), WeightedLink(1)), (SKY, (1,), WeightedLink(1))]),
        (Listing.PROVIDERS_OF_TOPIC, "t_sky", [(POST, (1,), WeightedLink(1))]),
    ],
)
def test_page_holds_nodes_positions_and_links(
    reader: GraphReader, listing: Listing, node_id: str, expected: list[tuple[Node, tuple[Any, ...], Any]]
) -> None:
    (page,) = settled(reader.pages(listing, [node_id], ListQuery(PageRequest())))
    edges = tuple(PageEdge(node, Position(values, node.id), link) for node, values, link in expected)
    assert page == Page(edges, len(edges), has_previous_page=False, has_next_page=False)


def test_pages_answer_one_page_per_id(reader: GraphReader) -> None:
    query = ListQuery(PageRequest(last=1), order=(OrderKey("name"),))
    pages = settled(reader.pages(Listing.TOPICS_OF_PROVIDER, ["nothing", "p_post"], query))
    assert [(names(edge.node for edge in page.edges), page.total_count, page.has_previous_page) for page in pages] == [
        ([], 0, False),
        (["t_sky"], 2, True),
    ]
    assert settled(reader.pages(Listing.TOPICS_OF_PROVIDER, [], query)) == []


def test_pages_are_filtered_ordered_and_cut_by_cursors(reader: GraphReader) -> None:
    order = (OrderKey("quality"),)
    everything = ListQuery(PageRequest(), order=order)
    (page,) = settled(reader.pages(Listing.ARTICLES, [WHOLE_GRAPH], everything))
    assert [edge.position for edge in page.edges] == [Position((3,), "a_wave"), Position((80,), "a_storm")]
    after = ListQuery(PageRequest(first=1, after=Position((3,), "a_wave")), order=order)
    (page,) = settled(reader.pages(Listing.ARTICLES, [WHOLE_GRAPH], after))
    assert (names(edge.node for edge in page.edges), page.has_previous_page) == (["a_storm"], True)
    gone = ListQuery(PageRequest(last=1, before=Position((50,), "a_gone")), order=order)
    (page,) = settled(reader.pages(Listing.ARTICLES, [WHOLE_GRAPH], gone))
    assert (names(edge.node for edge in page.edges), page.has_next_page) == (["a_wave"], True)
    related = ListQuery(PageRequest(), MemberCount("topics", Operator.GT, 0), order)
    (page,) = settled(reader.pages(Listing.ARTICLES, [WHOLE_GRAPH], related))
    assert (names(edge.node for edge in page.edges), page.total_count) == (["a_storm"], 1)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (ListQuery(PageRequest(), Compare("colour", Operator.EQ, "red")), FilterError),
        (ListQuery(PageRequest(), order=(OrderKey("colour"),)), OrderError),
        (ListQuery(PageRequest(after=Position(("x", "y"), "a_storm"))), CursorError),
    ],
)
def test_query_that_does_not_fit_the_list_is_an_error(
    reader: GraphReader, query: ListQuery, expected: type[Exception]
) -> None:
    with pytest.raises(expected):
        settled(reader.pages(Listing.ARTICLES, [WHOLE_GRAPH], query))


def test_problems_of_an_article_are_those_of_its_file(reader: GraphReader) -> None:
    assert settled(reader.article_problems([WAVE.id, STORM.id, "a_unknown"])) == [(), (BAD_DATE,), ()]


def test_problems_are_paged_by_file(reader: GraphReader) -> None:
    def found(page: Page[Problem]) -> list[Problem]:
        return [edge.node for edge in page.edges]

    everything = settled(reader.problems(None, None, PageRequest()))
    assert found(everything) == [BAD_DATE, NO_TITLE]
    assert everything.total_count == 2
    rest = settled(reader.problems(None, None, PageRequest(after=everything.edges[0].position)))
    assert (found(rest), rest.has_previous_page) == ([NO_TITLE], True)
    assert found(settled(reader.problems(NO_TITLE.severity, None, PageRequest()))) == [NO_TITLE]
    assert found(settled(reader.problems(NO_TITLE.severity, BAD_DATE.code, PageRequest()))) == []
    with pytest.raises(CursorError):
        settled(reader.problems(None, None, PageRequest(after=Position((1,), "problem"))))


def test_export_holds_the_whole_graph(reader: GraphReader) -> None:
    chunks = reader.export(ExportFormat.JSON)
    assert isinstance(chunks, Iterator)
    data = json.load(io.BytesIO(b"".join(chunks)))
    assert (len(data["nodes"]), len(data["edges"])) == (5, 5)


def test_memory_store_swaps_snapshots_whole(snapshot: GraphSnapshot) -> None:
    store = MemoryStore(snapshot)
    before = store.reader()
    store.swap(build_snapshot(MergeResult([WAVE]), LOADED))
    assert [info.node_counts[NodeKind.ARTICLE] for info in (before.info(), store.reader().info())] == [2, 1]

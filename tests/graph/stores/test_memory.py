"""What every `GraphStore` answers, whatever stands behind it. Another store joins by a line in `STORES`."""

import asyncio
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from inspect import isawaitable
from math import log
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis.affinity import CooccurrenceLink, Match, ProviderLink, TopicLink
from graph.analysis.metrics import NodeMetrics
from graph.analysis.related_links import RelatedLink
from graph.building.changes import SnapshotChange
from graph.building.inventory import Inventory
from graph.building.lookups import Lookup
from graph.building.merged_graph import MergeResult
from graph.building.snapshot import GraphSnapshot, build_snapshot
from graph.errors import (
    CursorError,
    FilterError,
    GraphError,
    NotFoundError,
    OrderError,
    PageError,
    SearchError,
    TimeError,
    TraversalError,
    UrlError,
)
from graph.export.contents import ExportOptions
from graph.export.formats import ExportFormat
from graph.export.selection_query import SelectionQuery
from graph.lists.aggregates import ArticleGroup, GroupKey, GroupQuery
from graph.lists.filters import AnyOf, Compare, Operator, RelationCount
from graph.lists.list_sources import (
    WHOLE_GRAPH,
    ArticleList,
    ByIds,
    ByText,
    ByTopics,
    ListSource,
    NamedList,
    TextLink,
    WeightedLink,
)
from graph.lists.marks import marks
from graph.lists.ordering import OrderKey, Position
from graph.lists.pages import ListQuery, Neighbors, Page, PageRequest
from graph.lists.timeline import TimeBucket, TimeInterval, TimelineQuery
from graph.lists.trends import Trend, TrendQuery, TrendWindow
from graph.model import Article, ArticleOrigin, EdgeKind, LinkDirection, Node, NodeKind, Provider, Story, Topic
from graph.problems import Problem, ProblemCode, error, warning
from graph.search import Highlight, HighlightPart
from graph.stores.memory import MemoryStore
from graph.stores.protocol import Answer, GraphReader, GraphStore
from graph.traversal import (
    NeighborhoodQuery,
    NoPath,
    Path,
    PathQuery,
    PathResult,
    Step,
    Subgraph,
    SubgraphEdge,
    SubgraphNode,
)
from graph.traversal.provider_network import NetworkQuery, ProviderNetwork
from tests.cases import random_cases
from tests.edges import Edge, targets_of
from tests.pages import NOTHING, content

STORES: dict[str, Callable[[GraphSnapshot], GraphStore]] = {"memory": MemoryStore}

LOADED = datetime(2024, 6, 1, tzinfo=UTC)
STORM = Article(
    "a_storm",
    "https://post.example/storm",
    ArticleOrigin.DOCUMENT,
    "storm",
    ("storm", "2024-05-03-storm"),
    title="Storm",
    published_date_time=datetime(2024, 5, 3, tzinfo=UTC),
    quality=80,
    file="2024-05-03-storm.md",
)
WAVE = Article(
    "a_wave", "https://post.example/wave", ArticleOrigin.REFERENCE, None, web_url="https://post.example/wave", quality=3
)
CALM = Article(
    "a_calm",
    "https://gazette.example/calm",
    ArticleOrigin.DOCUMENT,
    "calm",
    title="Calm",
    excerpt="After the storm.",
    published_date_time=datetime(2024, 5, 4, tzinfo=UTC),
    file="calm.md",
)
POST = Provider("p_post", "post.example", "Post", ("The Post",))
GAZETTE = Provider("p_gazette", "gazette.example", "Gazette")
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
        Edge("a_calm", "p_gazette", EdgeKind.PUBLISHED_BY, 1),
        Edge("a_calm", "t_sea", EdgeKind.ABOUT, 1),
        Edge("a_wave", "t_sky", EdgeKind.ABOUT, 1),
        Edge("a_calm", "a_storm", EdgeKind.RELATED_TO, 1),
        Edge("t_sky", "t_sea", EdgeKind.BROADER, 1),
    ]
    merged = MergeResult([STORM, WAVE, CALM], [POST, GAZETTE], [SEA, SKY], targets_of(edges), [NO_TITLE, BAD_DATE])
    return build_snapshot(merged, LOADED)


WEIGHT = round(log(3 / 2), 9)
"""Of either topic."""
DAY = 86_400_000_000
"""Microseconds."""


@pytest.fixture(params=STORES)
def reader(request: pytest.FixtureRequest, snapshot: GraphSnapshot) -> GraphReader:
    return STORES[request.param](snapshot).reader()


def settled(answer: Answer[Any]) -> Any:
    async def wait() -> Any:
        return await answer if isawaitable(answer) else answer

    return asyncio.run(wait())


def names(nodes: Any) -> list[str | None]:
    return [node and node.id for node in nodes]


def test_nodes_are_counted_by_kind(reader: GraphReader) -> None:
    counts = {NodeKind.ARTICLE: 3, NodeKind.PROVIDER: 2, NodeKind.TOPIC: 2, NodeKind.STORY: 1}
    assert settled(reader.node_counts()) == counts


def test_info_counts_edges_and_problems(reader: GraphReader, snapshot: GraphSnapshot) -> None:
    assert asdict(settled(reader.info())) == {
        "version": snapshot.version,
        "loaded_at": LOADED,
        "edge_counts": {EdgeKind.PUBLISHED_BY: 2, EdgeKind.ABOUT: 4, EdgeKind.RELATED_TO: 2, EdgeKind.BROADER: 1},
        "problem_counts": {ProblemCode.DATE_INVALID: 1, ProblemCode.TITLE_MISSING: 1},
        "inventory": asdict(Inventory()),
    }


def test_nodes_answer_in_the_order_of_the_ids_with_none_for_misses(reader: GraphReader) -> None:
    assert names(settled(reader.nodes(["t_sea", "nothing", "a_storm", "t_sea"]))) == [
        "t_sea",
        None,
        "a_storm",
        "t_sea",
    ]
    assert settled(reader.nodes([])) == []


def test_story_is_a_node_by_its_id_and_those_its_articles_would_give_it(reader: GraphReader) -> None:
    (story,) = settled(reader.nodes(["s_storm"]))
    assert asdict(story) == asdict(
        Story(
            id="s_storm",
            headline="Storm",
            articles=("a_storm", "a_calm", "a_wave"),
            providers=("p_gazette", "p_post"),
            topics=("t_sea", "t_sky"),
            first_published=STORM.published_date_time,
            last_published=CALM.published_date_time,
            article_count=3,
            telling_count=3,
            provider_count=2,
            topic_count=2,
            first_provider="p_post",
            growth=2,
        )
    )
    assert names(settled(reader.nodes(["s_wave", "s_calm", "s_gone", "s_"]))) == ["s_storm", "s_storm", None, None]


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
        (Neighbors.PROVIDER_OF_ARTICLE, ["a_wave", "a_storm"], [[], ["p_post"]]),
        (Neighbors.TOPICS_OF_ARTICLE, ["a_storm", "a_wave", "nothing"], [["t_sky", "t_sea"], ["t_sky"], []]),
        (Neighbors.PARENT_OF_TOPIC, ["t_sea", "t_sky"], [[], ["t_sea"]]),
        (Neighbors.CHILDREN_OF_TOPIC, ["t_sea", "t_sky"], [["t_sky"], []]),
        (Neighbors.STORY_OF_ARTICLE, ["a_wave", "nothing"], [["s_storm"], []]),
        (Neighbors.LEAD_OF_STORY, ["s_storm", "s_wave", "s_gone"], [["a_storm"], ["a_storm"], []]),
    ],
)
def test_neighbors_answer_one_group_per_id(
    reader: GraphReader, which: Neighbors, ids: list[str], expected: list[list[str]]
) -> None:
    assert [names(group) for group in settled(reader.neighbors(which, ids))] == expected
    assert names(settled(reader.neighbor(which, ids))) == [next(iter(group), None) for group in expected]


MAY_3 = 1_714_694_400_000_000
MAY_4 = MAY_3 + DAY
END_OF_TIME = 253_402_300_799_999_999
BY_SEA, BY_SKY = TopicLink(WEIGHT, ("t_sea",), DAY), TopicLink(WEIGHT, ("t_sky",), None)
BOTH_TOPICS = TopicLink(round(2 * WEIGHT, 9), ("t_sea", "t_sky"), END_OF_TIME - MAY_3)
ONE_TOPIC = TopicLink(WEIGHT, ("t_sea",), END_OF_TIME - MAY_4)
NEAR = ProviderLink(1, ("t_sea",), WEIGHT)


MARK = None
"""Stands for the values in an order that is not lasting."""


@pytest.mark.parametrize(
    ("source", "node_id", "expected"),
    [
        (NamedList.ARTICLES, WHOLE_GRAPH, [(CALM, (MAY_4,), None), (STORM, (MAY_3,), None), (WAVE, (None,), None)]),
        (NamedList.PROVIDERS, WHOLE_GRAPH, [(GAZETTE, ("Gazette",), None), (POST, ("Post",), None)]),
        (NamedList.TOPICS, WHOLE_GRAPH, [(SEA, ("Sea",), None), (SKY, ("Sky",), None)]),
        (NamedList.RELATED_OUT, "a_storm", [(WAVE, MARK, RelatedLink(1, LinkDirection.OUT))]),
        (NamedList.RELATED_IN, "a_wave", [(STORM, MARK, RelatedLink(1, LinkDirection.IN))]),
        (NamedList.RELATED_ANY, "a_wave", [(STORM, MARK, RelatedLink(1, LinkDirection.IN))]),
        (NamedList.RELATED_IN, "a_storm", [(CALM, MARK, RelatedLink(1, LinkDirection.IN))]),
        (
            NamedList.RELATED_BY_TOPIC,
            "a_storm",
            [(CALM, MARK, BY_SEA), (WAVE, MARK, BY_SKY)],
        ),
        (NamedList.RELATED_BY_TOPIC, "a_unknown", []),
        (NamedList.ARTICLES_OF_PROVIDER, "p_post", [(STORM, (MAY_3,), None)]),
        (NamedList.ARTICLES_OF_TOPIC, "t_sea", [(CALM, (MAY_4,), None), (STORM, (MAY_3,), None)]),
        (
            NamedList.ARTICLES_OF_STORY,
            "s_storm",
            [(CALM, (MAY_4,), None), (STORM, (MAY_3,), None), (WAVE, (None,), None)],
        ),
        (NamedList.TOPICS_OF_PROVIDER, "p_post", [(SEA, MARK, WeightedLink(1)), (SKY, MARK, WeightedLink(1))]),
        (NamedList.TOPICS_OF_TOPIC, "t_sky", [(SEA, MARK, CooccurrenceLink(1, 0.75))]),
        (NamedList.TOPICS_OF_STORY, "s_storm", [(SEA, MARK, WeightedLink(2)), (SKY, MARK, WeightedLink(2))]),
        (NamedList.PROVIDERS_OF_TOPIC, "t_sky", [(POST, MARK, WeightedLink(1))]),
        (NamedList.PROVIDERS_OF_PROVIDER, "p_post", [(GAZETTE, MARK, NEAR)]),
        (NamedList.PROVIDERS_OF_STORY, "s_wave", [(GAZETTE, MARK, WeightedLink(1)), (POST, MARK, WeightedLink(1))]),
        (
            ByTopics(("t_sea", "t_sky"), Match.ANY),
            WHOLE_GRAPH,
            [
                (STORM, MARK, BOTH_TOPICS),
                (CALM, MARK, ONE_TOPIC),
                (WAVE, MARK, BY_SKY),
            ],
        ),
        (ByIds(("a_wave", "a_gone", "a_calm")), WHOLE_GRAPH, [(CALM, (MAY_4,), None), (WAVE, (None,), None)]),
        (ByText("nowhere", frozenset(NodeKind)), WHOLE_GRAPH, []),
    ],
)
def test_page_holds_nodes_positions_and_links(
    reader: GraphReader, source: ListSource, node_id: str, expected: list[tuple[Node, tuple[Any, ...] | None, Any]]
) -> None:
    (page,) = settled(reader.pages(source, [node_id], ListQuery(PageRequest())))
    marked = marks(ids := [node.id for node, _, _ in expected], ids)
    edges = [
        (node, link, marked[node.id] if values is MARK else Position(values, node.id))
        for node, values, link in expected
    ]
    assert [(edge.node, edge.link, edge.position) for edge in page.edges] == edges
    assert content(page) == (tuple(node for node, _, _ in expected), page.edges, len(edges), False, False)


def test_stories_are_paged_filtered_and_ordered(reader: GraphReader) -> None:
    large = ListQuery(PageRequest(), Compare("article_count", Operator.GTE, 3), (OrderKey("provider_count"),))
    (page,) = settled(reader.pages(NamedList.STORIES, [WHOLE_GRAPH], large))
    assert [(edge.node.id, edge.position) for edge in page.edges] == [("s_storm", Position((0,), "s_storm"))]
    none = ListQuery(PageRequest(), Compare("article_count", Operator.GT, 3))
    (page,) = settled(reader.pages(NamedList.STORIES, [WHOLE_GRAPH], none))
    assert content(page) == NOTHING


def test_text_finds_nodes_of_several_kinds_by_score(reader: GraphReader) -> None:
    query = ListQuery(PageRequest())
    (page,) = settled(reader.pages(ByText("storm", frozenset(NodeKind)), [WHOLE_GRAPH], query))
    assert names(edge.node for edge in page.edges)[-1] == "a_calm"  # its excerpt weighs less than a heading
    assert {edge.node.id for edge in page.edges} == {"a_calm", "a_storm", "s_storm"}
    scores = [edge.link.score for edge in page.edges if isinstance(edge.link, TextLink)]
    assert (len(scores), scores) == (3, sorted(scores, reverse=True))
    (stories,) = settled(reader.pages(ByText("storm", frozenset({NodeKind.STORY})), [WHOLE_GRAPH], query))
    assert names(edge.node for edge in stories.edges) == ["s_storm"]
    after = ListQuery(PageRequest(first=1, after=page.edges[0].position))
    (second,) = settled(reader.pages(ByText("storm", frozenset(NodeKind)), [WHOLE_GRAPH], after))
    assert (second.edges, second.has_next_page) == (page.edges[1:2], True)


def test_similar_articles_share_terms(reader: GraphReader) -> None:
    (page,) = settled(reader.pages(NamedList.SIMILAR, ["a_calm"], ListQuery(PageRequest())))
    assert [(edge.node.id, edge.link.shared_terms) for edge in page.edges] == [("a_storm", ("storm",))]


def test_pages_answer_one_page_per_id(reader: GraphReader) -> None:
    query = ListQuery(PageRequest(last=1), order=(OrderKey("name"),))
    pages = settled(reader.pages(NamedList.TOPICS_OF_PROVIDER, ["nothing", "p_post"], query))
    assert [(names(edge.node for edge in page.edges), page.total_count, page.has_previous_page) for page in pages] == [
        ([], 0, False),
        (["t_sky"], 2, True),
    ]
    assert settled(reader.pages(NamedList.TOPICS_OF_PROVIDER, [], query)) == []


def test_pages_are_filtered_ordered_and_cut_by_cursors(reader: GraphReader) -> None:
    order = (OrderKey("quality"),)
    everything = ListQuery(PageRequest(), order=order)
    (page,) = settled(reader.pages(NamedList.ARTICLES, [WHOLE_GRAPH], everything))
    places = [Position((3,), "a_wave"), Position((80,), "a_storm"), Position((None,), "a_calm")]
    assert [edge.position for edge in page.edges] == places
    after = ListQuery(PageRequest(first=1, after=Position((3,), "a_wave")), order=order)
    (page,) = settled(reader.pages(NamedList.ARTICLES, [WHOLE_GRAPH], after))
    assert (names(edge.node for edge in page.edges), page.has_previous_page) == (["a_storm"], True)
    gone = ListQuery(PageRequest(last=1, before=Position((50,), "a_gone")), order=order)
    (page,) = settled(reader.pages(NamedList.ARTICLES, [WHOLE_GRAPH], gone))
    assert (names(edge.node for edge in page.edges), page.has_next_page) == (["a_wave"], True)
    related = ListQuery(PageRequest(), RelationCount("topics", Operator.GT, 1), order)
    (page,) = settled(reader.pages(NamedList.ARTICLES, [WHOLE_GRAPH], related))
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
        settled(reader.pages(NamedList.ARTICLES, [WHOLE_GRAPH], query))


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


EVERY_ARTICLE = ArticleList(NamedList.ARTICLES)
OF_STORY = ArticleList(NamedList.ARTICLES_OF_STORY, "s_storm", Compare("quality", Operator.IS_NULL, False))
OF_SEA = ArticleList(NamedList.ARTICLES_OF_TOPIC, "t_sea")
FOUND = ArticleList(ByText("storm", frozenset(NodeKind)))
OF_NOTHING = ArticleList(NamedList.RELATED_BY_TOPIC, "a_unknown")


def test_aggregates_count_whole_lists(reader: GraphReader) -> None:
    found = settled(reader.aggregates([EVERY_ARTICLE, OF_STORY, OF_SEA, FOUND, OF_NOTHING]))
    assert [(one.count, one.quality.sum, one.provider_count, one.topic_count) for one in found] == [
        (3, 83, 2, 2),
        (2, 83, 1, 2),
        (2, 80, 2, 2),
        (2, 80, 2, 2),
        (0, None, 0, 0),
    ]
    assert (found[0].first_published, found[0].last_published) == (STORM.published_date_time, CALM.published_date_time)
    assert settled(reader.aggregates([])) == []


def test_groups_part_whole_lists(reader: GraphReader) -> None:
    every, of_story = settled(reader.groups([EVERY_ARTICLE, OF_STORY], GroupQuery(GroupKey.TOPIC)))
    assert every == (
        ArticleGroup("t_sea", None, None, ("a_calm", "a_storm")),
        ArticleGroup("t_sky", None, None, ("a_storm", "a_wave")),
    )
    assert [(group.value, len(group.articles)) for group in of_story] == [("t_sky", 2), ("t_sea", 1)]


def test_timelines_count_the_dates_of_whole_lists(reader: GraphReader) -> None:
    every, of_story, of_nothing = settled(
        reader.timelines([EVERY_ARTICLE, OF_STORY, OF_NOTHING], TimelineQuery(TimeInterval.DAY))
    )
    days = [datetime(2024, 5, day, tzinfo=UTC) for day in (3, 4, 5)]
    assert every == (TimeBucket(days[0], days[1], 1), TimeBucket(days[1], days[2], 1))
    assert of_story == every[:1]
    assert of_nothing == ()


def test_metrics_are_those_of_the_whole_graph(reader: GraphReader) -> None:
    found = settled(reader.metrics(["t_sea", "a_storm"]))
    assert [(one.in_degree, one.out_degree) for one in found] == [(3, 0), (1, 4)]
    assert all(isinstance(one, NodeMetrics) and 0 < one.page_rank < 1 for one in found)


def test_highlights_show_where_the_text_is(reader: GraphReader) -> None:
    asked = [("a_calm", "storm"), ("s_storm", "storm"), ("t_sea", "storm"), ("unknown", "storm")]
    assert settled(reader.highlights(asked)) == [
        (
            Highlight(
                "excerpt", (HighlightPart("After the ", False), HighlightPart("storm", True), HighlightPart(".", False))
            ),
        ),
        (Highlight("headline", (HighlightPart("Storm", True),)),),
        (),
        (),
    ]


def test_neighborhoods_begin_at_a_node_or_at_all_articles_of_a_story(reader: GraphReader) -> None:
    parts = settled(reader.neighborhoods(["a_wave", "s_calm"], NeighborhoodQuery(edge_kinds=RELATED)))
    assert parts == [
        Subgraph(
            (SubgraphNode("a_wave", 0), SubgraphNode("a_storm", 1)),
            (SubgraphEdge("a_storm", "a_wave", EdgeKind.RELATED_TO, 1),),
            (),
            False,
        ),
        Subgraph(
            (SubgraphNode("a_storm", 0), SubgraphNode("a_calm", 0), SubgraphNode("a_wave", 0)),
            (
                SubgraphEdge("a_storm", "a_wave", EdgeKind.RELATED_TO, 1),
                SubgraphEdge("a_calm", "a_storm", EdgeKind.RELATED_TO, 1),
            ),
            (),
            False,
        ),
    ]
    (further,) = settled(reader.neighborhoods(["a_wave"], NeighborhoodQuery(2, edge_kinds=RELATED)))
    assert (names(further.nodes), further.skipped_hubs) == (["a_wave", "a_storm"], ("a_storm",))


def test_hubs_are_those_that_neighborhoods_do_not_pass(reader: GraphReader) -> None:
    (around,) = settled(reader.neighborhoods(["a_wave"], NeighborhoodQuery(2)))
    assert set(around.skipped_hubs) <= set(settled(reader.hubs()))
    assert settled(reader.hubs()) == ("a_storm", "t_sea", "t_sky")


RELATED = frozenset({EdgeKind.RELATED_TO})


def test_provider_networks_lie_around_providers(reader: GraphReader) -> None:
    assert settled(reader.provider_networks(["p_post", "p_gazette"], NetworkQuery())) == [
        ProviderNetwork({"p_post": 0, "p_gazette": 1}, (("p_post", "p_gazette", NEAR),), (), False),
        ProviderNetwork({"p_gazette": 0, "p_post": 1}, (("p_gazette", "p_post", NEAR),), (), False),
    ]


WAY = (
    Step("p_gazette", "a_calm", EdgeKind.PUBLISHED_BY, LinkDirection.IN, 1),
    Step("a_calm", "a_storm", EdgeKind.RELATED_TO, LinkDirection.OUT, 1),
    Step("a_storm", "p_post", EdgeKind.PUBLISHED_BY, LinkDirection.OUT, 1),
)


def test_paths_lead_from_one_node_to_another(reader: GraphReader) -> None:
    through = settled(reader.paths("p_gazette", "p_post", PathQuery(through_hubs=True)))
    assert through == PathResult((Path(("p_gazette", "a_calm", "a_storm", "p_post"), WAY),), (), None)
    around = settled(reader.paths("p_gazette", "p_post", PathQuery()))
    assert around == PathResult((), ("a_storm",), NoPath.ONLY_THROUGH_HUBS)


def test_explanations_say_what_steps_mean(reader: GraphReader) -> None:
    assert settled(reader.explanations(WAY)) == [
        "Gazette published “Calm”.",
        "“Calm” names “Storm” as related.",
        "Post published “Storm”.",
    ]


def test_trending_topics_have_more_articles_than_before(reader: GraphReader) -> None:
    (trend,) = settled(reader.trending(TrendQuery(NodeKind.PROVIDER, TrendWindow.DAY)))
    assert trend == Trend("p_gazette", 1.0, 1, (0, 0, 0, 0))
    nothing = TrendQuery(NodeKind.PROVIDER, TrendWindow.DAY, filter=AnyOf(()))
    assert settled(reader.trending(nothing)) == ()


BAD_FILTER = Compare("colour", Operator.EQ, "red")
Read = Callable[[GraphReader], Answer[Any]]


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (lambda reader: reader.aggregates([ArticleList(NamedList.ARTICLES, filter=BAD_FILTER)]), FilterError),
        (lambda reader: reader.groups([EVERY_ARTICLE], GroupQuery(GroupKey.TYPE, first=0)), PageError),
        (lambda reader: reader.groups([EVERY_ARTICLE], GroupQuery(GroupKey.DATE, time_zone="Nowhere")), TimeError),
        (lambda reader: reader.timelines([EVERY_ARTICLE], TimelineQuery(TimeInterval.DAY, "Nowhere")), TimeError),
        (lambda reader: reader.pages(ByText("?", frozenset()), [WHOLE_GRAPH], ListQuery(PageRequest())), SearchError),
        (lambda reader: reader.highlights([("a_calm", "?")]), SearchError),
        (lambda reader: reader.neighborhoods(["a_unknown"], NeighborhoodQuery()), NotFoundError),
        (lambda reader: reader.neighborhoods(["a_calm"], NeighborhoodQuery(depth=5)), TraversalError),
        (lambda reader: reader.provider_networks(["p_unknown"], NetworkQuery()), NotFoundError),
        (lambda reader: reader.provider_networks(["p_post"], NetworkQuery(depth=5)), TraversalError),
        (lambda reader: reader.paths("a_unknown", "a_calm", PathQuery()), NotFoundError),
        (lambda reader: reader.paths("a_calm", "s_storm", PathQuery()), NotFoundError),
        (lambda reader: reader.paths("a_calm", "a_storm", PathQuery(first=0)), TraversalError),
        (lambda reader: reader.trending(TrendQuery(NodeKind.ARTICLE, TrendWindow.DAY)), FilterError),
        (
            lambda reader: reader.export(ExportFormat.JSON, SelectionQuery(story="s_unknown"), ExportOptions()),
            NotFoundError,
        ),
        (
            lambda reader: reader.export(ExportFormat.JSON, SelectionQuery(around="a_unknown"), ExportOptions()),
            NotFoundError,
        ),
        (lambda reader: reader.export(ExportFormat.JSON, SelectionQuery(BAD_FILTER), ExportOptions()), FilterError),
    ],
)
def test_question_that_makes_no_sense_is_an_error(reader: GraphReader, read: Read, expected: type[GraphError]) -> None:
    with pytest.raises(expected):
        settled(read(reader))


@pytest.mark.parametrize(
    ("part", "nodes", "edges"),
    [
        (SelectionQuery(), 7, 9),
        (SelectionQuery(story="s_storm"), 7, 9),
        (SelectionQuery(around="a_wave"), 3, 3),
        (SelectionQuery(Compare("slug", Operator.EQ, "calm")), 3, 2),
        (SelectionQuery(AnyOf(())), 0, 0),
    ],
)
def test_export_holds_the_part_that_is_asked_for(
    reader: GraphReader, part: SelectionQuery, nodes: int, edges: int
) -> None:
    chunks = reader.export(ExportFormat.JSON, part, ExportOptions())
    assert isinstance(chunks, Iterator)
    data = json.load(io.BytesIO(b"".join(chunks)))
    assert (len(data["nodes"]), len(data["edges"])) == (nodes, edges)


# What a store in memory keeps when its snapshot is swapped.


def edition(number: int) -> GraphSnapshot:
    """Six articles, of which the next edition keeps five; every third edition rates all of them anew."""
    return build_snapshot(
        MergeResult(
            [
                Article(f"a_{article:02}", None, ArticleOrigin.DOCUMENT, None, quality=number // 3)
                for article in range(number, number + 6)
            ]
        ),
        LOADED,
    )


def difference(old: int, new: int) -> SnapshotChange:
    """What `changes` should say, from the numbers of two editions."""
    before, after = set(range(old, old + 6)), set(range(new, new + 6))
    stayed = before & after if old // 3 != new // 3 else set()
    ids = [tuple(f"a_{article:02}" for article in sorted(found)) for found in (after - before, stayed, before - after)]
    return SnapshotChange(edition(old).version, edition(new).version, *ids)


def test_memory_store_tells_what_changed_since_the_last_32_snapshots() -> None:
    store = MemoryStore(edition(0))
    for number in range(1, 40):
        store.swap(edition(number))
    reader = store.reader()
    assert [reader.changes(edition(number).version) for number in range(40)] == [
        *[None] * 7,
        *(difference(number, 39) for number in range(7, 40)),
    ]
    assert reader.changes("unknown") is None


@given(st.lists(st.integers(0, 5), max_size=12))
@random_cases(200)
def test_versions_that_come_back_take_no_place_twice(numbers: list[int]) -> None:
    store = MemoryStore(edition(0))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MemoryStore, "_KEPT_VERSIONS", 2)
        for number in numbers:
            store.swap(edition(number))
    latest_first = list(dict.fromkeys([*numbers[::-1], 0]))
    known = {number: store.reader().changes(edition(number).version) for number in latest_first}
    assert known == {
        number: difference(number, latest_first[0]) if place < 3 else None for place, number in enumerate(latest_first)
    }


def test_readers_go_on_with_their_snapshot(snapshot: GraphSnapshot) -> None:
    store = MemoryStore(snapshot)
    before = store.reader()

    def answers() -> tuple[Any, ...]:
        return (
            before.info(),
            before.nodes(["a_calm", "s_storm"]),
            list(map(content, before.pages(NamedList.ARTICLES, [WHOLE_GRAPH], ListQuery(PageRequest())))),
            list(
                map(
                    content, before.pages(ByText("storm", frozenset(NodeKind)), [WHOLE_GRAPH], ListQuery(PageRequest()))
                )
            ),
            before.aggregates([EVERY_ARTICLE]),
            before.changes(snapshot.version),
            before.earlier,
        )

    expected = answers()
    newer = build_snapshot(MergeResult([WAVE]), LOADED)
    store.swap(newer)
    assert str(answers()) == str(expected)
    assert before.changes(newer.version) is None
    assert before.changes(snapshot.version) == SnapshotChange(snapshot.version, snapshot.version, (), (), ())
    after = store.reader()
    assert after.nodes(["a_calm", "s_storm", "a_wave"]) == [None, None, WAVE]
    assert after.changes(snapshot.version) == SnapshotChange(
        snapshot.version, newer.version, (), ("a_wave",), ("a_calm", "a_storm")
    )


def test_memory_store_swaps_snapshots_whole(snapshot: GraphSnapshot) -> None:
    store = MemoryStore(snapshot)
    before = store.reader()
    store.swap(build_snapshot(MergeResult([WAVE]), LOADED))
    assert [reader.node_counts()[NodeKind.ARTICLE] for reader in (before, store.reader())] == [3, 1]


def test_listeners_are_told_of_each_new_version(snapshot: GraphSnapshot) -> None:
    store = MemoryStore(snapshot)
    told: list[tuple[str, str]] = []
    stop = store.subscribe(lambda: told.append(("one", store.reader().version)))
    store.subscribe(lambda: told.append(("other", store.reader().version)))
    newer = build_snapshot(MergeResult([WAVE]), LOADED)
    store.swap(newer)
    stop()
    stop()
    store.swap(snapshot)
    assert told == [("one", newer.version), ("other", newer.version), ("other", snapshot.version)]


def test_nobody_is_told_of_an_equal_version(snapshot: GraphSnapshot) -> None:
    store = MemoryStore(build_snapshot(MergeResult([WAVE]), LOADED))
    told: list[str] = []
    store.subscribe(lambda: told.append(store.reader().version))
    equal = build_snapshot(MergeResult([WAVE]), LOADED)
    store.swap(equal)
    assert told == []
    assert store.reader().snapshot is equal


def test_listener_may_leave_while_it_is_told(snapshot: GraphSnapshot) -> None:
    store = MemoryStore(snapshot)
    told: list[str] = []

    def leave_at_once() -> None:
        told.append("one")
        leave()

    leave = store.subscribe(leave_at_once)
    store.subscribe(lambda: told.append("other"))
    store.swap(build_snapshot(MergeResult([WAVE]), LOADED))
    store.swap(snapshot)
    assert told == ["one", "other", "other"]


def test_memory_store_tells_what_changed_among_articles_that_pass(snapshot: GraphSnapshot) -> None:
    store = MemoryStore(
        build_snapshot(MergeResult([STORM, Article("a_gone", None, ArticleOrigin.DOCUMENT, "gone")]), LOADED)
    )
    before = store.reader().version
    store.swap(snapshot)
    reader = store.reader()

    def changed(condition: Compare) -> tuple[tuple[str, ...], ...]:
        change = reader.changes(before, condition)
        assert change is not None
        return change.added, change.updated, change.removed

    assert changed(Compare("title", Operator.EQ, "Calm")) == (("a_calm",), (), ("a_gone",))
    assert changed(Compare("quality", Operator.GT, 1)) == (("a_wave",), ("a_storm",), ("a_gone",))
    with pytest.raises(FilterError):
        reader.changes(before, Compare("colour", Operator.EQ, "blue"))
    assert reader.changes("unknown", Compare("title", Operator.EQ, "Calm")) is None

"""Lists: of which kind their members are, in which order they stand by themselves, and what links them to their node."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis.affinity import CooccurrenceLink, Match, ProviderLink, TopicLink
from graph.analysis.nodes import find_node, nodes_of
from graph.analysis.related_links import RelatedLink
from graph.analysis.stories import stories
from graph.building.snapshot import GraphSnapshot
from graph.errors import FilterError, OrderError, SearchError
from graph.lists.filters import EVERYTHING, Compare, Filter, Operator
from graph.lists.list_sources import (
    WHOLE_GRAPH,
    ArticleList,
    ByIds,
    ByText,
    ByTopics,
    Link,
    ListSource,
    NamedList,
    PartLink,
    TextLink,
    WeightedLink,
    articles_in,
    entries,
    link_position,
    list_kind,
    list_order,
    own_order,
)
from graph.lists.ordering import DEFAULT_ORDERS, Order, OrderKey, Position
from graph.model import NODE_TYPES, Article, LinkDirection, Node, NodeKind
from graph.search import search
from tests.cases import random_cases
from tests.graph.analysis.test_affinity import Oracle, PlainArticle
from tests.graph.analysis.test_hubs import ABOUT, PUBLISHED_BY, RELATED_TO, graph_of, small_graphs
from tests.graph.analysis.test_hubs import Link as Edge

LINKS_OF_BODIES = (NamedList.LINKS, NamedList.BACKLINKS)
"""Which the seeds have none of; `test_body_links` has."""
LISTS_OF_THE_GRAPH = {
    NamedList.ARTICLES: NodeKind.ARTICLE,
    NamedList.PROVIDERS: NodeKind.PROVIDER,
    NamedList.TOPICS: NodeKind.TOPIC,
    NamedList.PERSONS: NodeKind.PERSON,
    NamedList.STORIES: NodeKind.STORY,
}


def members_kind(listing: NamedList) -> NodeKind:
    """As its name says: `TOPICS_OF_STORY`; those that name none hold articles."""
    kinds = {
        "PROVIDERS": NodeKind.PROVIDER,
        "TOPICS": NodeKind.TOPIC,
        "PERSONS": NodeKind.PERSON,
        "STORIES": NodeKind.STORY,
        "FIRSTS": NodeKind.STORY,
    }
    return kinds.get(listing.name.split("_")[0], NodeKind.ARTICLE)


def owner_kinds(listing: NamedList) -> tuple[NodeKind, ...]:
    """As its name says: `ARTICLES_OF_TOPIC`; those that name none belong to articles, those of a node to what has parts."""
    if listing is NamedList.PARTS_OF_NODE:
        return NodeKind.ARTICLE, NodeKind.TOPIC
    return (NodeKind[listing.name.split("_OF_")[1]] if "_OF_" in listing.name else NodeKind.ARTICLE,)


def owners(snapshot: GraphSnapshot, listing: NamedList) -> list[Node]:
    return [node for kind in owner_kinds(listing) for node in nodes_of(snapshot, kind)]


def is_of_blog(listing: NamedList) -> bool:
    """Whether the blog has what is listed; the seeds have no series, and few authors."""
    return "PERSON" in listing.name or listing is NamedList.PARTS_OF_NODE


@pytest.mark.parametrize("listing", [listing for listing in NamedList if listing not in LINKS_OF_BODIES])
def test_list_has_members_of_one_kind(seeds: GraphSnapshot, blog: GraphSnapshot, listing: NamedList) -> None:
    snapshot, kind = blog if is_of_blog(listing) else seeds, members_kind(listing)
    assert list_kind(listing) is kind
    if listing in LISTS_OF_THE_GRAPH:
        assert entries(snapshot, listing, WHOLE_GRAPH) is None
        return
    found: set[str] = set()
    for node in owners(snapshot, listing):
        found |= (entries(snapshot, listing, node.id) or {}).keys()
    assert found
    assert {type(find_node(snapshot, node_id)) for node_id in found} == {NODE_TYPES[kind]}


@pytest.mark.parametrize(
    "source", [ByTopics(("t",), Match.ANY), ByText("x", frozenset({NodeKind.TOPIC})), ByIds(("a",))]
)
def test_what_was_found_or_chosen_is_filtered_as_articles_are(source: ListSource) -> None:
    assert list_kind(source) is NodeKind.ARTICLE


BY_TITLE: Order = (OrderKey("title"),)
SEARCH, SEARCH_FOR_ARTICLES = ByText("x", frozenset(NodeKind)), ByText("x", frozenset({NodeKind.ARTICLE}))


@pytest.mark.parametrize("source", [*NamedList, ByTopics((), Match.ALL), SEARCH_FOR_ARTICLES, ByIds(())])
def test_order_that_is_asked_for_takes_the_place_of_the_lists_own(source: ListSource) -> None:
    assert list_order(source, BY_TITLE) == BY_TITLE
    own = own_order(source)
    assert list_order(source, ()) == own or (
        own is None and list_order(source, ()) == DEFAULT_ORDERS[list_kind(source)]
    )
    assert list_order(source, list_order(source, ())) == list_order(source, ())


ORDERED_BY: dict[type | None, list[str]] = {
    RelatedLink: ["link.group", "link.rank"],
    WeightedLink: ["link.articleCount"],
    CooccurrenceLink: ["link.articleCount"],
    TopicLink: ["link.score", "link.distance"],
    ProviderLink: ["link.linkCount", "link.score"],
    PartLink: ["link.position"],
    TextLink: ["link.score"],
}
"""What a list is ordered by itself, by what links its members to its node."""


@pytest.mark.parametrize(
    "listing", [listing for listing in NamedList if listing not in (*LISTS_OF_THE_GRAPH, *LINKS_OF_BODIES)]
)
def test_list_is_ordered_by_what_its_links_hold(seeds: GraphSnapshot, blog: GraphSnapshot, listing: NamedList) -> None:
    snapshot = blog if is_of_blog(listing) else seeds
    lists = (entries(snapshot, listing, node.id) or {} for node in owners(snapshot, listing))
    (link_type,) = {type(link) for links in lists for link in links.values()}
    own = own_order(listing)
    assert (own and [key.field for key in own]) == ORDERED_BY.get(link_type)


@pytest.mark.parametrize("kinds", [set(NodeKind), {NodeKind.ARTICLE, NodeKind.STORY}, {NodeKind.TOPIC}, set()])
def test_search_for_more_than_articles_has_one_order(kinds: set[NodeKind]) -> None:
    source = ByText("x", frozenset(kinds))
    assert list_order(source, ()) == list_order(source, own_order(source) or ()) == own_order(source)
    with pytest.raises(OrderError, match="leave the order out"):
        list_order(source, BY_TITLE)


@pytest.mark.parametrize(
    ("link", "values"),
    [
        (RelatedLink(3, LinkDirection.OUT), (0, 3)),
        (RelatedLink(3, LinkDirection.BOTH), (0, 3)),
        (RelatedLink(3, LinkDirection.IN), (1, 3)),
        (WeightedLink(7), (7,)),
        (CooccurrenceLink(7, 1.5), (7,)),
        (TopicLink(1.5, ("t",), 60), (1.5, 60)),
        (TopicLink(1.5, ("t",), None), (1.5, None)),
        (ProviderLink(2, ("t",), 0.5), (2, 0.5)),
        (PartLink(3), (3,)),
        (TextLink(2.5, ("tide",)), (2.5,)),
        (None, ()),
    ],
)
def test_place_of_a_member_holds_what_its_list_is_ordered_by(
    link: Link, values: tuple[int | float | None, ...]
) -> None:
    assert link_position("a_1", link) == Position(values, "a_1")


@pytest.fixture
def world() -> GraphSnapshot:
    """One story of a_1, a_2 and a_3, which a_1 begins; a_4 stands alone."""
    links: list[Edge] = [
        *(
            ("a_1", "a_2", RELATED_TO),
            ("a_2", "a_1", RELATED_TO),
            ("a_3", "a_1", RELATED_TO),
            ("a_1", "a_0", RELATED_TO),
        ),
        *(("a_1", "p1", PUBLISHED_BY), ("a_2", "p1", PUBLISHED_BY), ("a_3", "p2", PUBLISHED_BY)),
        *(("a_1", "t1", ABOUT), ("a_1", "t2", ABOUT), ("a_3", "t1", ABOUT), ("a_4", "t2", ABOUT)),
    ]
    return graph_of(links, days={"a_1": 1, "a_2": 2, "a_3": 3})


@pytest.mark.parametrize(
    ("listing", "node_id", "expected"),
    [
        (
            NamedList.RELATED_ANY,
            "a_1",
            {
                "a_2": RelatedLink(1, LinkDirection.BOTH),
                "a_0": RelatedLink(2, LinkDirection.OUT),
                "a_3": RelatedLink(1, LinkDirection.IN),
            },
        ),
        (
            NamedList.RELATED_OUT,
            "a_1",
            {"a_2": RelatedLink(1, LinkDirection.BOTH), "a_0": RelatedLink(2, LinkDirection.OUT)},
        ),
        (
            NamedList.RELATED_IN,
            "a_1",
            {"a_2": RelatedLink(1, LinkDirection.BOTH), "a_3": RelatedLink(1, LinkDirection.IN)},
        ),
        (NamedList.ARTICLES_OF_STORY, "s_1", {"a_0": None, "a_1": None, "a_2": None, "a_3": None}),
        (NamedList.ARTICLES_OF_STORY, "s_3", {"a_0": None, "a_1": None, "a_2": None, "a_3": None}),
        (NamedList.ARTICLES_OF_STORY, "s_4", {}),
        (NamedList.TOPICS_OF_STORY, "s_1", {"t1": WeightedLink(2), "t2": WeightedLink(1)}),
        (NamedList.PROVIDERS_OF_STORY, "s_2", {"p1": WeightedLink(2), "p2": WeightedLink(1)}),
        (NamedList.TOPICS_OF_PROVIDER, "p1", {"t1": WeightedLink(1), "t2": WeightedLink(1)}),
        (NamedList.PROVIDERS_OF_TOPIC, "t2", {"p1": WeightedLink(1)}),
        (NamedList.TOPICS_OF_TOPIC, "t1", {"t2": CooccurrenceLink(1, 0.75)}),
        (NamedList.ARTICLES_OF_TOPIC, "t2", {"a_1": None, "a_4": None}),
        (NamedList.ARTICLES_OF_PROVIDER, "p2", {"a_3": None}),
    ],
)
def test_members_have_what_links_them_to_the_node(
    world: GraphSnapshot, listing: NamedList, node_id: str, expected: Mapping[str, Link]
) -> None:
    assert entries(world, listing, node_id) == expected


def test_found_by_text_is_linked_by_score(seeds: GraphSnapshot) -> None:
    kinds = frozenset({NodeKind.ARTICLE, NodeKind.TOPIC})
    hits = search(seeds, "ferry", kinds)
    assert len(hits) > 5
    assert entries(seeds, ByText("ferry", kinds), WHOLE_GRAPH) == {hit.node_id: TextLink(hit.score) for hit in hits}


def test_similar_articles_are_linked_by_score_and_terms(seeds: GraphSnapshot) -> None:
    lead = next(iter(stories(seeds).by_id.values())).articles[0]
    found = entries(seeds, NamedList.SIMILAR, lead)
    assert found
    assert lead not in found
    assert all(isinstance(link, TextLink) and link.score > 0 and link.shared_terms for link in found.values())


def test_topics_and_providers_of_a_story_weigh_as_the_story_orders_them(seeds: GraphSnapshot) -> None:
    for story in stories(seeds).by_id.values():
        for listing, expected in (
            (NamedList.TOPICS_OF_STORY, story.topics),
            (NamedList.PROVIDERS_OF_STORY, story.providers),
        ):
            links = entries(seeds, listing, story.id)
            assert links is not None
            weights = {found: link.article_count for found, link in links.items() if isinstance(link, WeightedLink)}
            assert tuple(sorted(weights, key=lambda found: (-weights[found], found))) == expected


# Articles of whole lists


@pytest.mark.parametrize("listing", [NamedList.PROVIDERS, NamedList.TOPICS, NamedList.STORIES])
def test_list_of_another_kind_holds_no_articles(world: GraphSnapshot, listing: NamedList) -> None:
    assert articles_in(world, ArticleList(listing)) == []


def test_articles_among_what_was_found_are_filtered(seeds: GraphSnapshot) -> None:
    everything = ByText("the", frozenset(NodeKind))
    hits = [hit.node_id for hit in search(seeds, "the", frozenset(NodeKind))]
    articles = [found for found in hits if found.startswith("a_")]
    assert 10 < len(articles) < len(hits)
    assert articles_in(seeds, ArticleList(everything)) == articles
    good = [found for found in articles if isinstance(node := seeds.nodes[found], Article) and (node.quality or 0) > 50]
    assert articles_in(seeds, ArticleList(everything, filter=Compare("quality", Operator.GT, 50))) == good


def test_chosen_articles_that_are_gone_are_left_out(world: GraphSnapshot) -> None:
    assert articles_in(world, ArticleList(ByIds(("a_2", "a_gone", "a_1", "a_2")))) == ["a_2", "a_1"]


def test_list_that_cannot_be_made_is_an_error(world: GraphSnapshot) -> None:
    with pytest.raises(FilterError, match="Article has no field 'colour'"):
        articles_in(world, ArticleList(NamedList.ARTICLES, filter=Compare("colour", Operator.EQ, "red")))
    with pytest.raises(SearchError):
        articles_in(world, ArticleList(ByText("?", frozenset(NodeKind))))


GOOD = Compare("quality", Operator.GT, 2)
"""The quality of an article of `graph_of` is the length of its id."""


@given(small_graphs(), st.data(), st.sampled_from([EVERYTHING, GOOD]))
@random_cases(1_000)
def test_articles_of_random_lists_equal_the_oracle(
    snapshot: GraphSnapshot, data: st.DataObject, condition: Filter
) -> None:
    oracle = Oracle(snapshot)
    article = data.draw(st.sampled_from(list(oracle.articles.values())))
    topic = data.draw(st.sampled_from(sorted({*snapshot.ids[NodeKind.TOPIC], "t unknown"})))
    provider = data.draw(st.sampled_from(sorted({*snapshot.ids[NodeKind.PROVIDER], "p unknown"})))
    chosen = data.draw(st.lists(st.sampled_from([*oracle.articles, "a_gone"]), max_size=5))

    def among(articles: Mapping[str, PlainArticle] | set[str]) -> list[str]:
        return sorted(found for found in articles if condition is EVERYTHING or len(found) > 2)

    expected: list[tuple[ListSource, str, list[str]]] = [
        (NamedList.ARTICLES, WHOLE_GRAPH, among(oracle.articles)),
        (NamedList.RELATED_ANY, article.id, among(set(article.related))),
        (NamedList.RELATED_BY_TOPIC, article.id, among(set(oracle.related_by_topic(article.id)))),
        (NamedList.ARTICLES_OF_TOPIC, topic, among(oracle.about.get(topic, set()))),
        (NamedList.ARTICLES_OF_PROVIDER, provider, among({found.id for found in oracle.by_provider[provider]})),
        (ByTopics((topic,), Match.ALL), WHOLE_GRAPH, among(oracle.about.get(topic, set()))),
        (ByIds(tuple(chosen)), WHOLE_GRAPH, among(set(chosen) & set(oracle.articles))),
        (NamedList.TOPICS_OF_PROVIDER, provider, []),
    ]
    for source, node_id, articles in expected:
        assert sorted(articles_in(snapshot, ArticleList(source, node_id, condition))) == articles

"""Affinities: weights of topics, what nodes share and how often they meet, counted once more over plain dictionaries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis.affinity import (
    CooccurrenceLink,
    Match,
    ProviderLink,
    TopicLink,
    articles_by_topics,
    cooccurring_topics,
    provider_link,
    providers_around,
    related_by_topic,
    topic_weights,
)
from graph.building.snapshot import GraphSnapshot
from graph.lists.list_sources import WHOLE_GRAPH, ByTopics, ListSource, NamedList
from graph.lists.pages import ListQuery, PageReader, PageRequest
from graph.model import EdgeKind, NodeKind
from tests.cases import random_cases
from tests.graph.analysis.test_hubs import ABOUT, PUBLISHED_BY, RELATED_TO, Link, could_have_one, graph_of, small_graphs

MICROSECONDS_OF_A_DAY = 86_400_000_000


@pytest.fixture
def world() -> GraphSnapshot:
    """Four articles: all about `tnews`, three about `tsea`, one about `tsky`; four pairs of them are related."""
    links: list[Link] = [
        *((article, "tnews", ABOUT) for article in ("a1", "a2", "a3", "a4")),
        *(("a1", "tsea", ABOUT), ("a2", "tsea", ABOUT), ("a3", "tsea", ABOUT), ("a1", "tsky", ABOUT)),
        *(("a1", "ppost", PUBLISHED_BY), ("a2", "ppost", PUBLISHED_BY), ("a3", "pgazette", PUBLISHED_BY)),
        *(("a1", "a3", RELATED_TO), ("a3", "a1", RELATED_TO), ("a3", "a2", RELATED_TO)),
        *(("a1", "a2", RELATED_TO), ("a4", "a1", RELATED_TO)),
    ]
    return graph_of(links, ["pquiet", "tquiet"], {"a1": 3, "a2": 1, "a3": 4})


SEA = round(log(4 / 3), 9)
SKY = round(log(4), 9)


def test_topic_weighs_as_much_as_it_tells_articles_apart(world: GraphSnapshot) -> None:
    assert topic_weights(world) == {"tnews": 0, "tsea": SEA, "tsky": SKY}


def test_articles_are_related_by_topics_that_weigh_something(world: GraphSnapshot) -> None:
    assert related_by_topic(world, "a1") == {
        "a2": TopicLink(SEA, ("tsea", "tnews"), 2 * MICROSECONDS_OF_A_DAY),
        "a3": TopicLink(SEA, ("tsea", "tnews"), MICROSECONDS_OF_A_DAY),
    }
    assert related_by_topic(world, "a4") == {}


def test_articles_about_any_or_all_of_some_topics(world: GraphSnapshot) -> None:
    both = articles_by_topics(world, ["tsea", "tsky"], Match.ALL)
    assert {article: (link.score, link.shared_topics) for article, link in both.items()} == {
        "a1": (round(SEA + SKY, 9), ("tsky", "tsea"))
    }
    either = articles_by_topics(world, ["tsky", "tsea"], Match.ANY)
    assert {article: (link.score, link.shared_topics) for article, link in either.items()} == {
        "a1": (round(SEA + SKY, 9), ("tsky", "tsea")),
        "a2": (SEA, ("tsea",)),
        "a3": (SEA, ("tsea",)),
    }


def test_topic_of_all_articles_is_answered_when_it_is_asked_for(world: GraphSnapshot) -> None:
    found = articles_by_topics(world, ["tnews"], Match.ALL)
    assert {article: (link.score, link.shared_topics) for article, link in found.items()} == dict.fromkeys(
        ("a1", "a2", "a3", "a4"), (0, ("tnews",))
    )


@pytest.mark.parametrize("match", Match)
def test_no_topics_find_no_articles(world: GraphSnapshot, match: Match) -> None:
    assert articles_by_topics(world, [], match) == {}
    assert articles_by_topics(world, ["tquiet", "tunknown"], match) == {}


def test_unknown_topic_is_no_reason_to_leave_out_what_others_find(world: GraphSnapshot) -> None:
    assert articles_by_topics(world, ["tunknown", "tsky"], Match.ANY).keys() == {"a1"}
    assert articles_by_topics(world, ["tunknown", "tsky"], Match.ALL) == {}


def test_pair_of_related_articles_counts_once_however_many_of_them_name_the_other(world: GraphSnapshot) -> None:
    assert providers_around(world, "ppost") == {"pgazette": ProviderLink(2, ("tsea", "tnews"), SEA)}
    assert providers_around(world, "pgazette") == {"ppost": ProviderLink(2, ("tsea", "tnews"), SEA)}
    assert providers_around(world, "pquiet") == {}
    assert provider_link(world, "ppost", "pquiet") == ProviderLink(0, (), 0)


def test_topic_tells_more_if_some_articles_have_others_and_no_less_if_some_have_none() -> None:
    links: list[Link] = [("a1", "t1", ABOUT), ("a2", "t1", ABOUT)]
    assert topic_weights(graph_of(links)) == topic_weights(graph_of(links, ["a3"])) == {"t1": 0}
    assert topic_weights(graph_of([*links, ("a3", "t2", ABOUT)])) == {
        "t1": round(log(3 / 2), 9),
        "t2": round(log(3), 9),
    }


@pytest.mark.parametrize(("others", "is_near"), [(7, False), (8, True)])
def test_topic_that_is_no_hub_brings_providers_together(others: int, is_near: bool) -> None:
    links: list[Link] = [("a1", "p1", PUBLISHED_BY), ("a2", "p2", PUBLISHED_BY), ("a1", "t", ABOUT), ("a2", "t", ABOUT)]
    snapshot = graph_of([*links, *((f"a other {number}", "t other", ABOUT) for number in range(others))])
    assert providers_around(snapshot, "p1").keys() == ({"p2"} if is_near else set())
    assert provider_link(snapshot, "p1", "p2") == ProviderLink(0, ("t",), round(log((2 + others) / 2), 9))


def test_topic_of_all_articles_brings_no_providers_together() -> None:
    links: list[Link] = [("a1", "p1", PUBLISHED_BY), ("a2", "p2", PUBLISHED_BY), ("a1", "t", ABOUT), ("a2", "t", ABOUT)]
    assert providers_around(graph_of(links), "p1") == {}
    assert providers_around(graph_of([*links, ("a1", "a2", RELATED_TO)]), "p1") == {"p2": ProviderLink(1, ("t",), 0)}


def test_topics_beside_a_topic_meet_it_more_or_less_often_than_by_chance(world: GraphSnapshot) -> None:
    assert cooccurring_topics(world, "tsea") == {
        "tnews": CooccurrenceLink(3, 1),
        "tsky": CooccurrenceLink(1, round(4 / 3, 9)),
    }
    assert cooccurring_topics(world, "tquiet") == {}


def test_unknown_ids_have_nothing_beside_them(world: GraphSnapshot) -> None:
    assert related_by_topic(world, "a_unknown") == related_by_topic(world, "tsea") == {}
    assert providers_around(world, "p_unknown") == providers_around(world, "a1") == {}
    assert cooccurring_topics(world, "t_unknown") == cooccurring_topics(world, "a1") == {}


# The oracle: articles as plain records, every pair of them looked at.


@dataclass(frozen=True)
class PlainArticle:
    id: str
    date: datetime | None
    provider: str | None
    topics: frozenset[str]
    related: frozenset[str]
    """Those that it names or that name it."""


def plain_articles(snapshot: GraphSnapshot) -> dict[str, PlainArticle]:
    """The articles as their networkx graph shows them."""
    digraph = snapshot.digraph

    def beside(article: str, relation: str) -> list[str]:
        return [end for _, end, data in digraph.out_edges(article, data=True) if data["relation"] == relation]

    articles = [node for node, data in digraph.nodes(data=True) if data["kind"] == "ARTICLE"]
    texts = {article: digraph.nodes[article].get("publishedDateTime") for article in articles}
    dates = {article: datetime.fromisoformat(text) if text else None for article, text in texts.items()}
    related: dict[str, set[str]] = {article: set() for article in articles}
    for source, target, data in digraph.edges(data=True):
        if data["relation"] == "RELATED_TO":
            related[source].add(target)
            related[target].add(source)
    return {
        article: PlainArticle(
            article,
            dates[article],
            next(iter(beside(article, "PUBLISHED_BY")), None),
            frozenset(beside(article, "ABOUT")),
            frozenset(related[article]),
        )
        for article in articles
    }


class Oracle:
    """What affinities are, read off the articles as the definitions say."""

    def __init__(self, snapshot: GraphSnapshot) -> None:
        self.articles = plain_articles(snapshot)
        used = {topic for article in self.articles.values() for topic in article.topics}
        self.about = {
            topic: {article.id for article in self.articles.values() if topic in article.topics} for topic in used
        }
        self.by_provider: dict[str, list[PlainArticle]] = defaultdict(list)
        for article in self.articles.values():
            if article.provider:
                self.by_provider[article.provider].append(article)
        self.total = len([article for article in self.articles.values() if article.topics])
        self.weights = {topic: round(log(self.total / len(self.about[topic])), 9) for topic in used}
        self.hubs = {topic for topic in used if len(self.about[topic]) > max(1, could_have_one(snapshot, topic) / 5)}

    def shared(self, one: Iterable[str], other: Iterable[str]) -> tuple[float, tuple[str, ...]]:
        topics = sorted(set(one) & set(other), key=lambda topic: (-self.weights[topic], topic))
        return round(sum(self.weights[topic] for topic in topics), 9), tuple(topics)

    def related_by_topic(self, article_id: str) -> dict[str, TopicLink]:
        own = self.articles[article_id]
        links = {}
        for other in self.articles.values():
            score, topics = self.shared(own.topics, other.topics)
            if other.id != own.id and score > 0:
                links[other.id] = TopicLink(score, topics, distance(own.date, other.date))
        return links

    def by_topics(self, wanted: Sequence[str], match: Match) -> dict[str, TopicLink]:
        enough = any if match is Match.ANY else all
        end = datetime(9999, 12, 31, 23, 59, 59, 999_999, UTC)
        return {
            article.id: TopicLink(*self.shared(wanted, article.topics), distance(end, article.date))
            for article in self.articles.values()
            if wanted and enough(topic in article.topics for topic in wanted)
        }

    def provider_link(self, one: str, other: str) -> ProviderLink:
        pairs = [
            (article.id, found.id)
            for article in self.by_provider.get(one, [])
            for found in self.by_provider.get(other, [])
            if found.id in article.related
        ]
        score, topics = self.shared(self.topics_of(one), self.topics_of(other))
        return ProviderLink(len(pairs), topics, score)

    def topics_of(self, provider: str) -> set[str]:
        return {topic for article in self.by_provider.get(provider, []) for topic in article.topics}

    def providers_around(self, provider: str, providers: Iterable[str]) -> dict[str, ProviderLink]:
        links = {other: self.provider_link(provider, other) for other in providers if other != provider}
        return {other: link for other, link in links.items() if link.link_count or {*link.shared_topics} - self.hubs}

    def cooccurring_topics(self, topic: str) -> dict[str, CooccurrenceLink]:
        own = self.about.get(topic, set())
        links = {}
        for other, articles in self.about.items():
            both = len(own & articles)
            if both and other != topic:
                lift = Fraction(both * self.total, len(own) * len(articles))
                links[other] = CooccurrenceLink(both, round(float(lift), 9))
        return links


def distance(one: datetime | None, other: datetime | None) -> int | None:
    """Microseconds."""
    if one is None or other is None:
        return None
    span = max(one, other) - min(one, other)
    return (span.days * 86_400 + span.seconds) * 1_000_000 + span.microseconds


def by_score_then_time(links: Mapping[str, TopicLink]) -> list[str]:
    """Undated articles last of their score."""

    def rank(found: str) -> tuple[float, bool, int, str]:
        link = links[found]
        return -link.score, link.distance is None, link.distance or 0, found

    return sorted(links, key=rank)


def ranking(snapshot: GraphSnapshot, source: ListSource, node_id: str = WHOLE_GRAPH) -> list[str]:
    """The list as a reader pages through it."""
    (page,) = PageReader(snapshot).pages(source, [node_id], ListQuery(PageRequest()))
    return [edge.node.id for edge in page.edges]


def with_another_topic(snapshot: GraphSnapshot) -> GraphSnapshot:
    """The same graph, where all articles that have a topic have one more, `tz`."""
    articles = plain_articles(snapshot)
    links: list[Link] = [(article.id, "tz", EdgeKind.ABOUT) for article in articles.values() if article.topics]
    links += [
        (source, target, EdgeKind(data["relation"])) for source, target, data in snapshot.digraph.edges(data=True)
    ]
    days = {article.id: article.date.day for article in articles.values() if article.date}
    return graph_of(links, snapshot.nodes, days)


A_FIFTH_OF_THE_RANDOM_CASES = random_cases(300)


@given(small_graphs())
@A_FIFTH_OF_THE_RANDOM_CASES
def test_articles_related_by_topic_equal_the_oracle(snapshot: GraphSnapshot) -> None:
    oracle = Oracle(snapshot)
    assert topic_weights(snapshot) == oracle.weights
    for article in oracle.articles:
        expected = oracle.related_by_topic(article)
        assert related_by_topic(snapshot, article) == expected
        assert ranking(snapshot, NamedList.RELATED_BY_TOPIC, article) == by_score_then_time(expected)


@given(small_graphs())
@A_FIFTH_OF_THE_RANDOM_CASES
def test_topic_of_all_articles_changes_no_ranking(snapshot: GraphSnapshot) -> None:
    other = with_another_topic(snapshot)
    for article in snapshot.ids[NodeKind.ARTICLE]:
        assert ranking(other, NamedList.RELATED_BY_TOPIC, article) == ranking(
            snapshot, NamedList.RELATED_BY_TOPIC, article
        )
        assert all(link.shared_topics[-1] == "tz" for link in related_by_topic(other, article).values())
    for provider in snapshot.ids[NodeKind.PROVIDER]:
        assert ranking(other, NamedList.PROVIDERS_OF_PROVIDER, provider) == ranking(
            snapshot, NamedList.PROVIDERS_OF_PROVIDER, provider
        )


@given(small_graphs(), st.data())
@A_FIFTH_OF_THE_RANDOM_CASES
def test_articles_by_topics_equal_the_oracle(snapshot: GraphSnapshot, data: st.DataObject) -> None:
    wanted = data.draw(st.lists(st.sampled_from(["t0", "t1", "t2", "t3", "t unknown"]), max_size=4))
    for match in Match:
        expected = Oracle(snapshot).by_topics(wanted, match)
        assert articles_by_topics(snapshot, wanted, match) == expected
        assert ranking(snapshot, ByTopics(tuple(wanted), match)) == by_score_then_time(expected)


@given(small_graphs())
@A_FIFTH_OF_THE_RANDOM_CASES
def test_providers_around_a_provider_equal_the_oracle(snapshot: GraphSnapshot) -> None:
    oracle, providers = Oracle(snapshot), snapshot.ids[NodeKind.PROVIDER]
    for provider in providers:
        expected = oracle.providers_around(provider, providers)
        assert providers_around(snapshot, provider) == expected
        assert ranking(snapshot, NamedList.PROVIDERS_OF_PROVIDER, provider) == sorted(
            expected, key=lambda other: (-expected[other].link_count, -expected[other].score, other)
        )


@given(small_graphs())
@A_FIFTH_OF_THE_RANDOM_CASES
def test_topics_beside_a_topic_equal_the_oracle(snapshot: GraphSnapshot) -> None:
    oracle = Oracle(snapshot)
    for topic in snapshot.ids[NodeKind.TOPIC]:
        expected = oracle.cooccurring_topics(topic)
        assert cooccurring_topics(snapshot, topic) == expected
        assert ranking(snapshot, NamedList.TOPICS_OF_TOPIC, topic) == sorted(
            expected, key=lambda other: (-expected[other].article_count, other)
        )


def test_affinities_of_the_seeds_equal_the_oracle(seeds: GraphSnapshot) -> None:
    oracle, providers = Oracle(seeds), seeds.ids[NodeKind.PROVIDER]
    for article in oracle.articles:
        expected = oracle.related_by_topic(article)
        assert related_by_topic(seeds, article) == expected
        assert ranking(seeds, NamedList.RELATED_BY_TOPIC, article) == by_score_then_time(expected)
    for provider in providers:
        assert providers_around(seeds, provider) == oracle.providers_around(provider, providers)
    for topic in seeds.ids[NodeKind.TOPIC]:
        assert cooccurring_topics(seeds, topic) == oracle.cooccurring_topics(topic)


# The corpus: its subject is on every article.


@pytest.fixture(scope="module")
def azure_oracle(azure: GraphSnapshot) -> Oracle:
    return Oracle(azure)


def topic_named(snapshot: GraphSnapshot, name: str) -> str:
    found = snapshot.lookups.topic(name)
    assert found is not None
    return found


@pytest.mark.thorough
def test_subject_of_the_corpus_weighs_nothing_and_nothing_else_does(azure: GraphSnapshot) -> None:
    assert [topic for topic, weight in topic_weights(azure).items() if weight == 0] == [topic_named(azure, "Azure")]


@pytest.mark.thorough
def test_subject_of_the_corpus_is_no_reason(azure: GraphSnapshot, azure_oracle: Oracle) -> None:
    subject = topic_named(azure, "Azure")
    alone = [article.id for article in azure_oracle.articles.values() if article.topics == {subject}]
    assert len(alone) > 1_000
    assert all(related_by_topic(azure, article) == {} for article in alone)
    for provider in azure.ids[NodeKind.PROVIDER]:
        assert all(
            link.link_count or link.shared_topics[0] != subject for link in providers_around(azure, provider).values()
        )
    for topic in azure.ids[NodeKind.TOPIC]:
        assert all(
            link.lift == 1 for other, link in cooccurring_topics(azure, topic).items() if subject in (topic, other)
        )


@pytest.mark.thorough
def test_articles_of_the_corpus_related_by_topic_equal_the_oracle(azure: GraphSnapshot, azure_oracle: Oracle) -> None:
    @random_cases(100)
    @given(st.sampled_from([article.id for article in azure_oracle.articles.values() if len(article.topics) > 1]))
    def check(article: str) -> None:
        expected = azure_oracle.related_by_topic(article)
        assert related_by_topic(azure, article) == expected
        assert ranking(azure, NamedList.RELATED_BY_TOPIC, article) == by_score_then_time(expected)

    check()


@pytest.mark.thorough
def test_articles_of_the_corpus_by_topics_equal_the_oracle(azure: GraphSnapshot, azure_oracle: Oracle) -> None:
    @random_cases(100)
    @given(st.lists(st.sampled_from(azure.ids[NodeKind.TOPIC]), max_size=3), st.sampled_from(Match))
    def check(wanted: list[str], match: Match) -> None:
        assert articles_by_topics(azure, wanted, match) == azure_oracle.by_topics(wanted, match)

    check()


@pytest.mark.thorough
def test_providers_and_topics_of_the_corpus_equal_the_oracle(azure: GraphSnapshot, azure_oracle: Oracle) -> None:
    providers = azure.ids[NodeKind.PROVIDER]
    largest = max(providers, key=lambda provider: len(azure.sources[EdgeKind.PUBLISHED_BY].get(provider, ())))
    for provider in (largest, *providers[::40]):
        assert providers_around(azure, provider) == azure_oracle.providers_around(provider, providers)
    for topic in azure.ids[NodeKind.TOPIC]:
        assert cooccurring_topics(azure, topic) == azure_oracle.cooccurring_topics(topic)

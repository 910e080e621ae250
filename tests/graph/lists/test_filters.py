"""Filters: what each condition means, and the same answers as a filter evaluator of a few naive lines."""

import dataclasses
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis.metrics import NodeMetrics, metrics
from graph.analysis.nodes import find_node
from graph.analysis.stories import stories
from graph.building.live_folders import load_snapshot
from graph.building.merged_graph import MergeResult
from graph.building.snapshot import GraphSnapshot, build_snapshot
from graph.errors import FilterError
from graph.lists.filters import (
    EVERYTHING,
    AllOf,
    AnyOf,
    Compare,
    Filter,
    FrontMatterCondition,
    Not,
    Operator,
    Quantifier,
    RelationCondition,
    RelationCount,
    compile_filter,
)
from graph.lists.front_matter import scalars
from graph.lists.relations import RELATIONS as EVERY_RELATION
from graph.model import Article, ArticleOrigin, Image, Person, Provider, Story, Topic
from tests.cases import random_cases

ARTICLES: dict[str, dict[str, Any]] = {
    "storm": {
        "title": "Storm over the Strait",
        "webUrl": "https://post.example/storm",
        "publishedDateTime": "2024-05-03T09:30:00Z",
        "quality": 80,
        "provider": {"name": "Harbour Post", "domain": "post.example"},
        "topics": ["Weather", "Sea"],
        "images": [{"url": "https://post.example/s.jpg", "width": 640}, {"url": "https://post.example/t.jpg"}],
        "related": [{"webUrl": "https://post.example/calm"}, {"webUrl": "https://gazette.example/tide"}],
    },
    "calm": {
        "title": "Calm after the STORM",
        "webUrl": "https://post.example/calm",
        "publishedDateTime": "2024-05-04",
        "quality": 0,
        "provider": {"name": "Harbour Post", "domain": "post.example"},
        "topics": ["Weather"],
        "related": [{"webUrl": "https://post.example/storm"}],
    },
    "tide": {
        "title": "Tide tables",
        "webUrl": "https://gazette.example/tide",
        "provider": {"name": "Gazette", "domain": "gazette.example"},
    },
    "lost": {"webUrl": "https://nowhere.example/lost", "quality": 5, "category": "Große Straße"},
}


@pytest.fixture
def world(tmp_path: Path) -> GraphSnapshot:
    for name, fields in ARTICLES.items():
        (tmp_path / f"{name}.md").write_text(f"---\n{json.dumps(fields)}\n---\n", encoding="utf-8")
    return load_snapshot([tmp_path])


def passing(snapshot: GraphSnapshot, condition: Filter, record_type: type = Article) -> list[str]:
    """The slugs (of providers the domains) of the nodes that pass, sorted."""
    predicate = compile_filter(snapshot, record_type, condition)
    nodes = [node for node in snapshot.nodes.values() if type(node) is record_type and predicate(node)]
    return sorted(str(node.domain if isinstance(node, Provider) else node.slug) for node in nodes)


MOMENT = datetime(2024, 5, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Compare("title", Operator.EQ, "Tide tables"), ["tide"]),
        (Compare("title", Operator.EQ, "tide tables"), []),
        (Compare("title", Operator.EQ, "tide TABLES", ignore_case=True), ["tide"]),
        (Compare("title", Operator.IN, ("Tide tables", "Calm after the STORM")), ["calm", "tide"]),
        (Compare("title", Operator.IN, ("TIDE TABLES", "x"), ignore_case=True), ["tide"]),
        (Compare("title", Operator.IN, ()), []),
        (Compare("title", Operator.CONTAINS, "Storm"), ["storm"]),
        (Compare("title", Operator.CONTAINS, "storm", ignore_case=True), ["calm", "storm"]),
        (Compare("title", Operator.STARTS_WITH, "T"), ["tide"]),
        (Compare("title", Operator.STARTS_WITH, ""), ["calm", "storm", "tide"]),
        (Compare("title", Operator.ENDS_WITH, "strait", ignore_case=True), ["storm"]),
        (Compare("category", Operator.ENDS_WITH, "STRASSE", ignore_case=True), ["lost"]),
        (Compare("category", Operator.IN, ("GROSSE STRASSE",), ignore_case=True), ["lost"]),
        (Compare("category", Operator.EQ, "GROßE STRAßE", ignore_case=True), ["lost"]),
        (Compare("category", Operator.IN, ("GROßE STRAßE",), ignore_case=True), ["lost"]),
        (Compare("title", Operator.LT, "Storm over the Strait"), ["calm"]),
        (Compare("title", Operator.LTE, "Storm over the Strait"), ["calm", "storm"]),
        (Compare("title", Operator.IS_NULL, True), ["lost"]),
        (Compare("title", Operator.IS_NULL, False), ["calm", "storm", "tide"]),
        (Compare("quality", Operator.GT, 0), ["lost", "storm"]),
        (Compare("quality", Operator.GTE, 0), ["calm", "lost", "storm"]),
        (Compare("quality", Operator.IN, (0, 5)), ["calm", "lost"]),
        (Compare("published_date_time", Operator.LT, MOMENT), ["storm"]),
        (Compare("published_date_time", Operator.GTE, MOMENT), ["calm"]),
        (Compare("published", Operator.EQ, True), ["calm", "lost", "storm", "tide"]),
        (Compare("origin", Operator.IN, (ArticleOrigin.REFERENCE,)), []),
    ],
)
def test_comparison_passes_these_articles(world: GraphSnapshot, condition: Filter, expected: list[str]) -> None:
    assert passing(world, condition) == expected


def test_missing_value_passes_no_comparison_but_its_negation(world: GraphSnapshot) -> None:
    assert passing(world, Compare("quality", Operator.LT, 1)) == ["calm"]
    assert passing(world, Compare("quality", Operator.GTE, 1)) == ["lost", "storm"]
    assert passing(world, Not(Compare("quality", Operator.LT, 1))) == ["lost", "storm", "tide"]


def test_empty_all_of_holds_and_empty_any_of_does_not(world: GraphSnapshot) -> None:
    assert passing(world, AllOf(())) == passing(world, EVERYTHING) == ["calm", "lost", "storm", "tide"]
    assert passing(world, AnyOf(())) == []
    assert passing(world, Not(AnyOf(()))) == ["calm", "lost", "storm", "tide"]


def test_conditions_combine(world: GraphSnapshot) -> None:
    weather = RelationCondition("topics", Quantifier.SOME, Compare("name", Operator.EQ, "Weather"))
    good = Compare("quality", Operator.GT, 50)
    assert passing(world, AllOf((weather, good))) == ["storm"]
    assert passing(world, AllOf((weather, Not(good)))) == ["calm"]
    assert passing(world, AnyOf((Compare("slug", Operator.EQ, "lost"), good))) == ["lost", "storm"]


def test_quantifiers_over_topics(world: GraphSnapshot) -> None:
    is_weather = Compare("slug", Operator.EQ, "weather")
    assert passing(world, RelationCondition("topics", Quantifier.SOME, is_weather)) == ["calm", "storm"]
    assert passing(world, RelationCondition("topics", Quantifier.NONE, is_weather)) == ["lost", "tide"]
    assert passing(world, RelationCondition("topics", Quantifier.EVERY, is_weather)) == ["calm", "lost", "tide"]


def test_relation_to_one_node_is_some_of_at_most_one(world: GraphSnapshot) -> None:
    is_post = Compare("domain", Operator.EQ, "post.example")
    assert passing(world, RelationCondition("provider", Quantifier.SOME, is_post)) == ["calm", "storm"]
    assert passing(world, RelationCondition("provider", Quantifier.SOME, EVERYTHING)) == ["calm", "storm", "tide"]


def test_related_counts_links_of_both_directions_once(world: GraphSnapshot) -> None:
    assert passing(world, RelationCount("related", Operator.EQ, 2)) == ["storm"]
    assert passing(world, RelationCount("related", Operator.EQ, 1)) == ["calm", "tide"]
    assert passing(world, RelationCount("related", Operator.IN, (0, 2))) == ["lost", "storm"]
    assert passing(world, RelationCount("related", Operator.IN, ())) == []


def test_filters_nest_through_relations(world: GraphSnapshot) -> None:
    good = RelationCondition("articles", Quantifier.SOME, Compare("quality", Operator.GT, 50))
    assert passing(world, good, Provider) == ["post.example"]
    assert passing(world, good, Topic) == ["sea", "weather"]
    beside_good = RelationCondition("topics", Quantifier.SOME, good)
    assert passing(world, beside_good) == ["calm", "storm"]
    assert passing(world, RelationCondition("related", Quantifier.SOME, beside_good)) == ["calm", "storm", "tide"]


def test_articles_are_filtered_by_their_story(world: GraphSnapshot) -> None:
    large = Compare("article_count", Operator.GTE, 3)
    assert passing(world, RelationCondition("story", Quantifier.SOME, large)) == ["calm", "storm", "tide"]
    assert passing(world, RelationCondition("story", Quantifier.EVERY, Not(large))) == ["lost"]
    assert passing(world, RelationCount("story", Operator.EQ, 0)) == ["lost"]
    about_tides = RelationCondition("articles", Quantifier.SOME, Compare("slug", Operator.EQ, "tide"))
    assert passing(world, RelationCondition("story", Quantifier.SOME, about_tides)) == ["calm", "storm", "tide"]


@pytest.mark.parametrize(
    ("condition", "passes"),
    [
        (Compare("headline", Operator.STARTS_WITH, "storm", ignore_case=True), True),
        (Compare("article_count", Operator.EQ, 3), True),
        (Compare("provider_count", Operator.GT, 2), False),
        (Compare("topic_count", Operator.IN, (1, 2)), True),
        (Compare("first_published", Operator.LT, MOMENT), True),
        (Compare("last_published", Operator.GT, MOMENT), False),
        (RelationCondition("providers", Quantifier.EVERY, Compare("name", Operator.CONTAINS, "a")), True),
        (RelationCondition("topics", Quantifier.NONE, Compare("slug", Operator.EQ, "sea")), False),
        (RelationCount("articles", Operator.LT, 4), True),
    ],
)
def test_stories_are_filtered_by_their_fields(world: GraphSnapshot, condition: Filter, passes: bool) -> None:
    (story,) = stories(world).by_id.values()
    assert compile_filter(world, Story, condition)(story) is passes


def test_nodes_are_filtered_by_their_metrics(world: GraphSnapshot) -> None:
    named = RelationCondition("metrics", Quantifier.SOME, Compare("in_degree", Operator.GT, 0))
    assert passing(world, named) == ["calm", "storm", "tide"]
    assert passing(world, named, Provider) == ["gazette.example", "post.example"]
    naming = RelationCondition("metrics", Quantifier.SOME, Compare("out_degree", Operator.GTE, 3))
    assert passing(world, naming) == ["calm", "storm"]
    assert passing(world, RelationCondition("provider", Quantifier.SOME, named)) == ["calm", "storm", "tide"]
    ranks = RelationCondition("metrics", Quantifier.SOME, Compare("page_rank", Operator.LT, 1.0))
    assert passing(world, ranks, Topic) == ["sea", "weather"]
    assert passing(world, Not(ranks), Topic) == []


@pytest.mark.parametrize(
    ("record_type", "condition", "message"),
    [
        (Story, Compare("title", Operator.EQ, "x"), "Story has no field 'title'"),
        (Story, RelationCount("metrics", Operator.EQ, 1), "Story has no relation 'metrics'"),
        (Provider, RelationCount("story", Operator.EQ, 1), "Provider has no relation 'story'"),
    ],
)
def test_unknown_field_of_another_kind_is_an_error(
    world: GraphSnapshot, record_type: type, condition: Filter, message: str
) -> None:
    with pytest.raises(FilterError, match=message):
        compile_filter(world, record_type, condition)


@pytest.mark.parametrize("relation", ["metrics", "story"])
def test_unknown_field_of_metrics_and_stories_is_an_error(world: GraphSnapshot, relation: str) -> None:
    with pytest.raises(FilterError, match="has no field 'colour' to filter by"):
        passing(world, RelationCondition(relation, Quantifier.SOME, Compare("colour", Operator.EQ, "red")))


SAID: dict[str, dict[str, Any]] = {
    "one": {"series": "Hives", "part": 1, "seo": {"title": "Bees", "rank": 2.5}, "ms.date": "05/03/2024"},
    "two": {"series": ["Hives", "Summer"], "part": 2, "seo": [{"title": "Honey"}, {"title": None}], "pinned": True},
    "three": {"Series": "hives", "part": "1", "pinned": False, "seo": {"title": {"en": "Wax"}}},
    "four": {"series": None, "part": [], "pinned": 1},
}


@pytest.mark.parametrize(
    ("path", "operator", "values", "expected"),
    [
        ("series", Operator.EQ, ["Hives"], "one two"),
        ("SERIES", Operator.EQ, ["hives"], "three"),
        ("series", Operator.IN, ["Summer", "hives"], "three two"),
        ("series", Operator.IN, [], ""),
        ("series", Operator.CONTAINS, ["mm"], "two"),
        ("series", Operator.STARTS_WITH, ["H"], "one two"),
        ("series", Operator.ENDS_WITH, ["ves"], "one three two"),
        ("series", Operator.LT, ["I"], "one two"),
        ("series", Operator.IS_NULL, [True], "four"),
        ("series", Operator.IS_NULL, [False], "one three two"),
        ("part", Operator.EQ, [1], "one"),
        ("part", Operator.EQ, [1.0], "one"),
        ("part", Operator.EQ, ["1"], "three"),
        ("part", Operator.EQ, [True], ""),
        ("part", Operator.GTE, [1], "one two"),
        ("part", Operator.IS_NULL, [True], "four"),
        ("pinned", Operator.EQ, [True], "two"),
        ("pinned", Operator.IN, [1, False], "four three"),
        ("seo.title", Operator.IN, ["Bees", "Honey"], "one two"),
        ("seo.title", Operator.CONTAINS, ["W"], ""),
        ("seo.title.en", Operator.EQ, ["Wax"], "three"),
        ("seo.title", Operator.IS_NULL, [False], "one three two"),
        ("seo.rank", Operator.GT, [2], "one"),
        ("ms.date", Operator.ENDS_WITH, ["2024"], "one"),
        ("part.of", Operator.IS_NULL, [False], ""),
    ],
)
def test_front_matter_is_compared_at_a_path(path: str, operator: Operator, values: list[Any], expected: str) -> None:
    condition = FrontMatterCondition(path, operator, tuple(scalars(values)))
    assert _names(condition) == expected


def test_front_matter_is_compared_whatever_its_case_and_form_on_request() -> None:
    any_case = FrontMatterCondition("series", Operator.EQ, tuple(scalars(["HIVES"])), ignore_case=True)
    assert _names(any_case) == "one three two"
    assert _names(dataclasses.replace(any_case, operator=Operator.IN)) == "one three two"
    article = Article("a_1", None, ArticleOrigin.DOCUMENT, None, front_matter={"at": "Cafe\u0301"})
    composed = FrontMatterCondition("at", Operator.EQ, tuple(scalars(["Caf\u00e9"])))
    assert compile_filter(build_snapshot(MergeResult([article])), Article, composed)(article)


def _names(condition: Filter) -> str:
    articles = [
        Article(f"a_{name}", None, ArticleOrigin.DOCUMENT, name, front_matter=said) for name, said in SAID.items()
    ]
    return " ".join(passing(build_snapshot(MergeResult(articles)), condition))


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        (FrontMatterCondition("a", Operator.CONTAINS, tuple(scalars([1]))), "contains` compares with a text"),
        (FrontMatterCondition("a", Operator.LT, tuple(scalars([True]))), "lt` compares with a text or a number"),
        (FrontMatterCondition("", Operator.EQ, tuple(scalars([1]))), "`path` must name keys"),
    ],
)
def test_front_matter_that_cannot_be_compared_is_an_error(condition: Filter, message: str) -> None:
    snapshot = build_snapshot(MergeResult())
    with pytest.raises(FilterError, match=message):
        compile_filter(snapshot, Article, condition)
    with pytest.raises(FilterError, match="Provider has no front matter"):
        compile_filter(snapshot, Provider, condition)


def test_persons_are_filtered_by_their_fields_and_articles(blog: GraphSnapshot) -> None:
    def named(condition: Filter, record_type: type = Person) -> list[str]:
        return passing(blog, condition, record_type)

    assert named(Compare("description", Operator.CONTAINS, "cider")) == ["bo-reed"]
    assert named(RelationCount("articles", Operator.EQ, 2)) == ["ada-quill", "bo-reed"]
    apples = RelationCondition("topics", Quantifier.SOME, Compare("slug", Operator.EQ, "apples"))
    assert named(apples) == ["bo-reed"]
    by_ada = RelationCondition("authors", Quantifier.SOME, Compare("name", Operator.EQ, "Ada Quill"))
    assert named(by_ada, Article) == ["first-hive", "second-hive"]
    in_categories = RelationCondition("taxonomies", Quantifier.SOME, Compare("", Operator.EQ, "categories"))
    assert named(in_categories, Topic) == ["craft"]


def test_filters_look_into_images_and_texts(world: GraphSnapshot) -> None:
    wide = RelationCondition("images", Quantifier.SOME, Compare("width", Operator.GTE, 640))
    every = RelationCondition("images", Quantifier.EVERY, Compare("width", Operator.GTE, 640))
    assert passing(world, wide) == ["storm"]
    assert passing(world, every) == ["calm", "lost", "tide"]
    alias = RelationCondition("aliases", Quantifier.SOME, Compare("", Operator.STARTS_WITH, "x"))
    assert passing(world, alias, Provider) == []


@pytest.mark.parametrize(
    "condition",
    [
        Compare("colour", Operator.EQ, "red"),
        RelationCount("colours", Operator.EQ, 1),
        Not(Compare("", Operator.EQ, "x")),
    ],
)
def test_unknown_field_is_an_error(world: GraphSnapshot, condition: Filter) -> None:
    with pytest.raises(FilterError, match="Article has no "):
        compile_filter(world, Article, condition)


def test_unknown_field_behind_a_relation_is_an_error(world: GraphSnapshot) -> None:
    with pytest.raises(FilterError, match="Topic has no field 'colour' to filter by"):
        passing(world, RelationCondition("topics", Quantifier.SOME, Compare("colour", Operator.EQ, "red")))


@pytest.mark.parametrize(("record_type", "relation"), EVERY_RELATION)
@pytest.mark.parametrize("quantifier", Quantifier)
def test_unknown_field_behind_a_relation_is_an_error_though_it_leads_nowhere(
    world: GraphSnapshot, record_type: type, relation: str, quantifier: Quantifier
) -> None:
    leads_to = EVERY_RELATION[record_type, relation].leads_to
    unknown = RelationCondition("nothing", quantifier, EVERYTHING)
    with pytest.raises(FilterError, match=f"^{leads_to.__name__} has no relation 'nothing' to filter by"):
        compile_filter(world, record_type, AllOf((AnyOf(()), Not(RelationCondition(relation, quantifier, unknown)))))


# The oracle: records as plain dictionaries, conditions evaluated as their descriptions read.

Plain = dict[str, Any] | str

TEXT_FIELDS = {
    Article: ["id", "url", "slug", "title", "excerpt", "body", "web_url", "original_url", "type", "category"],
    Provider: ["id", "domain", "name"],
    Topic: ["id", "slug", "name", "short_name", "description"],
    Person: ["id", "slug", "name", "description", "url"],
    Story: ["id", "headline"],
    Image: ["url", "title", "attribution"],
    str: [""],
}
DATE_FIELDS = ["published_date_time", "first_published", "last_published"]
OTHER_FIELDS: dict[type, list[str]] = {
    Article: ["quality", "heat", "published_date_time", "published", "origin"],
    Story: ["first_published", "last_published", "article_count", "provider_count", "topic_count"],
    NodeMetrics: ["in_degree", "out_degree", "page_rank", "betweenness", "core_number", "community"],
    Image: ["width", "height", "is_cached"],
}
RELATIONS: dict[type, dict[str, type]] = {
    Article: {
        "provider": Provider,
        "topics": Topic,
        "authors": Person,
        "related": Article,
        "images": Image,
        "story": Story,
        "metrics": NodeMetrics,
    },
    Provider: {"articles": Article, "topics": Topic, "aliases": str, "images": Image, "metrics": NodeMetrics},
    Topic: {
        "articles": Article,
        "providers": Provider,
        "parent": Topic,
        "children": Topic,
        "aliases": str,
        "keywords": str,
        "hashtags": str,
        "taxonomies": str,
        "images": Image,
        "metrics": NodeMetrics,
    },
    Person: {"articles": Article, "topics": Topic, "aliases": str, "images": Image, "metrics": NodeMetrics},
    Story: {"articles": Article, "providers": Provider, "topics": Topic},
}
VALUES = (Image, str, NodeMetrics)
"""What relations lead to inside a node."""
NUMBER_OPERATORS = [Operator.EQ, Operator.IN, Operator.LT, Operator.LTE, Operator.GT, Operator.GTE]
TEXT_OPERATORS = [*NUMBER_OPERATORS, Operator.CONTAINS, Operator.STARTS_WITH, Operator.ENDS_WITH]


class World:
    """A snapshot as dictionaries and lists, read from its networkx graph; of stories only the articles are taken over."""

    def __init__(self, snapshot: GraphSnapshot) -> None:
        self.snapshot = snapshot
        self.records: dict[str, dict[str, Any]] = {}
        self.of_type: dict[type, list[Plain]] = {
            record_type: [] for record_type in (Article, Provider, Topic, Person, Story, Image, NodeMetrics, str)
        }
        for node_id in snapshot.digraph:
            record = snapshot.nodes[node_id]
            plain = {field.name: getattr(record, field.name) for field in dataclasses.fields(record)}
            plain["images"] = [dataclasses.asdict(image) for image in record.images]
            plain["metrics"] = [self._metrics(node_id)]
            self.records[node_id] = {"out": {}, "in": {}, **plain}
            self.of_type[type(record)].append(self.records[node_id])
            self.of_type[Image].extend(plain["images"])
            self.of_type[NodeMetrics].extend(plain["metrics"])
            self.of_type[str].extend(
                text for name in ("keywords", "hashtags", "aliases", "taxonomies") for text in plain.get(name, ())
            )
        for source, target, data in snapshot.digraph.edges(data=True):
            self.records[source]["out"].setdefault(data["relation"], []).append(target)
            self.records[target]["in"].setdefault(data["relation"], []).append(source)
        for story in stories(snapshot).by_id.values():
            self.records[story.id] = self._story(story)
            self.of_type[Story].append(self.records[story.id])
            for article in story.articles:
                self.records[article]["story"] = story.id

    def _metrics(self, node_id: str) -> dict[str, Any]:
        digraph = self.snapshot.digraph
        degrees = {"in_degree": digraph.in_degree(node_id), "out_degree": digraph.out_degree(node_id)}
        return dataclasses.asdict(metrics(self.snapshot)[node_id]) | degrees

    def _story(self, story: Story) -> dict[str, Any]:
        articles = [self.records[article] for article in story.articles]
        dates = [article["published_date_time"] for article in articles if article["published_date_time"]]
        titles = [article["title"] for article in articles if article["title"] is not None]
        beside = {
            kind: {other for article in articles for other in article["out"].get(kind, [])}
            for kind in ("PUBLISHED_BY", "ABOUT")
        }
        return {
            "id": story.id,
            "articles": [article["id"] for article in articles],
            "headline": titles[0] if titles else None,
            "first_published": min(dates, default=None),
            "last_published": max(dates, default=None),
            "article_count": len(articles),
            "provider_count": len(beside["PUBLISHED_BY"]),
            "topic_count": len(beside["ABOUT"]),
        }

    def members(self, record: Plain, relation: str) -> Sequence[Plain]:
        assert isinstance(record, dict)
        if relation in ("images", "keywords", "hashtags", "aliases", "taxonomies", "metrics"):
            return list(record[relation])
        return [self.records[node_id] for node_id in dict.fromkeys(self._member_ids(record, relation))]

    def _member_ids(self, record: dict[str, Any], relation: str) -> list[str]:  # noqa: C901  # a table
        match record["id"][0], relation:
            case "a", "provider":
                return list(record["out"].get("PUBLISHED_BY", []))
            case "a", "topics":
                return list(record["out"].get("ABOUT", []))
            case "a", "authors":
                return list(record["out"].get("WRITTEN_BY", []))
            case "a", "related":
                return [*record["out"].get("RELATED_TO", []), *record["in"].get("RELATED_TO", [])]
            case "a", "story":
                return [record["story"]] if "story" in record else []
            case "s", "articles":
                return list(record["articles"])
            case "p", "articles":
                return list(record["in"].get("PUBLISHED_BY", []))
            case "t", "articles":
                return list(record["in"].get("ABOUT", []))
            case "h", "articles":
                return list(record["in"].get("WRITTEN_BY", []))
            case "t", "parent":
                return list(record["out"].get("BROADER", []))
            case "t", "children":
                return list(record["in"].get("BROADER", []))
        articles = [self.records[node_id] for node_id in self._member_ids(record, "articles")]
        kind = {"topics": "ABOUT", "providers": "PUBLISHED_BY"}[relation]
        return [target for article in articles for target in article["out"].get(kind, [])]

    def holds(self, condition: Filter, record: Plain) -> bool:  # noqa: C901  # a table
        match condition:
            case Compare(field, how, value, ignore_case):
                return compares(record if isinstance(record, str) else record[field], how, value, ignore_case)
            case RelationCount(relation, how, value):
                return compares(len(self.members(record, relation)), how, value, False)
            case RelationCondition(relation, quantifier, inner):
                answers = (self.holds(inner, member) for member in self.members(record, relation))
                match quantifier:
                    case Quantifier.SOME:
                        return True in answers
                    case Quantifier.NONE:
                        return True not in answers
                    case Quantifier.EVERY:
                        return False not in answers
            case FrontMatterCondition():
                raise AssertionError("tested by itself")
            case AllOf(children):
                return all(self.holds(child, record) for child in children)
            case AnyOf(children):
                return any(self.holds(child, record) for child in children)
            case Not(child):
                return not self.holds(child, record)


def compares(found: Any, how: Operator, wanted: Any, ignore_case: bool) -> bool:
    if how is Operator.IS_NULL:
        return wanted is (found is None)
    if found is None:
        return False
    if ignore_case:
        found = found.casefold()
        wanted = [option.casefold() for option in wanted] if how is Operator.IN else wanted.casefold()
    rules: dict[Operator, Callable[[], bool]] = {
        Operator.EQ: lambda: bool(found == wanted),
        Operator.IN: lambda: any(found == option for option in wanted),
        Operator.LT: lambda: not found >= wanted,
        Operator.LTE: lambda: not found > wanted,
        Operator.GT: lambda: not found <= wanted,
        Operator.GTE: lambda: not found < wanted,
        Operator.CONTAINS: lambda: found.find(wanted) >= 0,
        Operator.STARTS_WITH: lambda: found[: len(wanted)] == wanted,
        Operator.ENDS_WITH: lambda: found[max(0, len(found) - len(wanted)) :] == wanted,
    }
    return rules[how]()


class Pools:
    """Values that random conditions compare with: mostly those that occur."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._known: dict[tuple[type, str], list[Any]] = {}

    def values(self, record_type: type, field: str) -> list[Any]:
        key = (record_type, field)
        if key not in self._known:
            records = self._world.of_type[record_type]
            found = {record if isinstance(record, str) else record[field] for record in records} - {None}
            self._known[key] = sorted(found, key=str)[:: max(1, len(found) // 200)]
        return self._known[key]


@st.composite
def texts(draw: st.DrawFn, known: list[str]) -> str:
    use_known = bool(known) and draw(st.booleans())
    text: str = draw(st.sampled_from(known) if use_known else st.text("aeiorst E.", max_size=3))
    if draw(st.booleans()):
        start = draw(st.integers(0, max(0, len(text) - 1)))
        text = text[start : start + draw(st.integers(0, 6))]
    return draw(st.sampled_from([text, text.upper(), text.swapcase()]))


@st.composite
def comparisons(draw: st.DrawFn, pools: Pools, record_type: type) -> Compare:
    text_fields = TEXT_FIELDS.get(record_type, [])
    field = draw(st.sampled_from(text_fields + OTHER_FIELDS.get(record_type, [])))
    if draw(st.integers(0, 7)) == 0 and record_type is not str:
        return Compare(field, Operator.IS_NULL, draw(st.booleans()))
    known = pools.values(record_type, field)
    if field in text_fields:
        how = draw(st.sampled_from(TEXT_OPERATORS))
        one: st.SearchStrategy[Any] = texts(known)
    elif field in DATE_FIELDS:
        how = draw(st.sampled_from(NUMBER_OPERATORS))
        one = st.sampled_from(known)
    elif field in ("origin", "published", "is_cached"):
        how = draw(st.sampled_from([Operator.EQ, Operator.IN]))
        one = st.sampled_from(ArticleOrigin) if field == "origin" else st.booleans()
    else:
        how = draw(st.sampled_from(NUMBER_OPERATORS))
        any_number = st.floats(0, 1) if field in ("page_rank", "betweenness") else st.integers(-1, 1500)
        one = st.sampled_from(known) | any_number if known else any_number
    value = tuple(draw(st.lists(one, max_size=3))) if how is Operator.IN else draw(one)
    return Compare(field, how, value, ignore_case=field in text_fields and draw(st.booleans()))


@st.composite
def filters(draw: st.DrawFn, pools: Pools, record_type: type, depth: int, jumps: int) -> Filter:
    """Any filter; at most `depth` levels, of which at most `jumps` follow a relation to other nodes."""
    relations = {
        name: target for name, target in RELATIONS.get(record_type, {}).items() if jumps > 0 or target in VALUES
    }
    shapes = ["compare", "compare"]
    shapes += ["all", "any", "not"] if depth > 0 else []
    shapes += ["count", "members", "members"] if depth > 0 and relations else []
    shape = draw(st.sampled_from(shapes))
    if shape in ("all", "any"):
        children = draw(st.lists(filters(pools, record_type, depth - 1, jumps), max_size=3))
        return AllOf(tuple(children)) if shape == "all" else AnyOf(tuple(children))
    if shape == "not":
        return Not(draw(filters(pools, record_type, depth - 1, jumps)))
    if shape == "compare":
        return draw(comparisons(pools, record_type))
    relation = draw(st.sampled_from(sorted(relations)))
    if shape == "count":
        how = draw(st.sampled_from(NUMBER_OPERATORS))
        count = st.integers(0, 8)
        return RelationCount(
            relation, how, tuple(draw(st.lists(count, max_size=3))) if how is Operator.IN else draw(count)
        )
    inner = draw(filters(pools, relations[relation], depth - 1, jumps - 1))
    return RelationCondition(relation, draw(st.sampled_from(Quantifier)), inner)


def assert_filter_equals_oracle(world: World, record_type: type, condition: Filter, records: Sequence[Plain]) -> None:
    predicate = compile_filter(world.snapshot, record_type, condition)
    ids = [record["id"] for record in records if isinstance(record, dict)]
    assert [node_id for node_id in ids if predicate(find_node(world.snapshot, node_id))] == [
        node_id for node_id in ids if world.holds(condition, world.records[node_id])
    ]


def test_random_filters_answer_like_the_oracle_on_the_seeds(seeds: GraphSnapshot) -> None:
    world = World(seeds)
    pools = Pools(world)
    outcomes: set[bool] = set()

    @random_cases(1_500)
    @given(st.data(), st.sampled_from([Article, Article, Provider, Topic, Story]))
    def check(data: st.DataObject, record_type: type) -> None:
        condition = data.draw(filters(pools, record_type, depth=4, jumps=2))
        assert_filter_equals_oracle(world, record_type, condition, world.of_type[record_type])
        outcomes.update(world.holds(condition, record) for record in world.of_type[record_type])

    check()
    assert outcomes == {True, False}


@pytest.mark.thorough
def test_random_filters_answer_like_the_oracle_on_real_articles(azure: GraphSnapshot) -> None:
    world = World(azure)
    pools = Pools(world)

    @random_cases(100)
    @given(st.data(), st.sampled_from([Article, Article, Provider, Topic, Story]))
    def check(data: st.DataObject, record_type: type) -> None:
        condition = data.draw(filters(pools, record_type, depth=3, jumps=1))
        records = world.of_type[record_type]
        start = data.draw(st.integers(0, len(records)))
        assert_filter_equals_oracle(world, record_type, condition, records[start : start + 15])

    check()


@pytest.mark.parametrize("operator", [Operator.EQ, Operator.CONTAINS, Operator.IN])
@pytest.mark.parametrize("ignore_case", [False, True])
def test_text_is_compared_composed(tmp_path: Path, operator: Operator, ignore_case: bool) -> None:
    (tmp_path / "a.md").write_text('---\ntitle: "Mu\\u0308ll"\n---\n')
    snapshot = load_snapshot([tmp_path])
    for text in ("Müll", "Mu\u0308ll"):
        value = (text,) if operator is Operator.IN else text
        assert passing(snapshot, Compare("title", operator, value, ignore_case)) == ["a"]

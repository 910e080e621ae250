"""Stories: articles that tell of the same events."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from types import MappingProxyType

from graph.analysis.clusters import Cluster, clusters
from graph.analysis.edges import targets
from graph.building.derived import once_per_snapshot
from graph.building.slug_owners import BEFORE_ALL_DATES
from graph.building.snapshot import GraphSnapshot
from graph.checkpoints import checked
from graph.model import Article, EdgeKind, NodeKind, Story

_GROWING = timedelta(days=7)
"""The time whose articles are compared with those of as much time before."""


@dataclass(frozen=True, slots=True)
class Stories:
    """Every story of a snapshot. An article without related links belongs to none."""

    by_id: Mapping[str, Story]
    """Sorted by id."""
    by_article: Mapping[str, str]
    """Article id → story id."""
    firsts: Mapping[str, Sequence[str]]
    """Provider id → the ids, sorted, of the stories that it told first, and others after it."""


@once_per_snapshot
def stories(snapshot: GraphSnapshot) -> Stories:
    """The stories of the snapshot.

    Related links count in either direction; where no article has any, the links in bodies do. They weigh what the articles have in common
    in words and time; a story is a connected component of those that weigh enough, or, of a large one, a community, and has
    no silence of more than thirty days within it.
    Cost: nearly linear in links and words; in stories alone while links, dates and texts are what they were in the snapshot before.
    """
    kind = EdgeKind.RELATED_TO if snapshot.edge_counts[EdgeKind.RELATED_TO] else EdgeKind.LINKS_TO
    now = _newest(snapshot)
    found = [_story(snapshot, cluster, now) for cluster in checked(clusters(snapshot, kind))]
    by_id = {story.id: story for story in sorted(found, key=lambda story: story.id)}
    by_article = {article_id: story.id for story in by_id.values() for article_id in story.articles}
    firsts: defaultdict[str, list[str]] = defaultdict(list)
    for story in by_id.values():
        if story.first_provider is not None and story.provider_count > 1:
            firsts[story.first_provider].append(story.id)
    return Stories(MappingProxyType(by_id), MappingProxyType(by_article), MappingProxyType(dict(firsts)))


def story_of(snapshot: GraphSnapshot, article_id: str) -> Story | None:
    """The story that holds the article."""
    every = stories(snapshot)
    story_id = every.by_article.get(article_id)
    return None if story_id is None else every.by_id[story_id]


def find_story(snapshot: GraphSnapshot, story_id: str) -> Story | None:
    """The story that holds the article after which the id names a story.

    A story has the id of its lead. When an earlier article takes the lead, or two stories become one, the id changes
    and the old one still finds the story: so does the id that any of its articles would give it.
    """
    prefix, _, key = story_id.partition("_")
    return story_of(snapshot, f"a_{key}") if prefix == "s" else None


def _newest(snapshot: GraphSnapshot) -> datetime:
    articles = (_article(snapshot, article_id) for article_id in snapshot.ids[NodeKind.ARTICLE])
    dates = (article.published_date_time for article in articles)
    return max((date for date in dates if date is not None), default=BEFORE_ALL_DATES)


def _story(snapshot: GraphSnapshot, cluster: Cluster, now: datetime) -> Story:
    articles = sorted((_article(snapshot, article_id) for article_id in chain(*cluster)), key=_earliest_first)
    central_first = (_article(snapshot, article_id) for article_id in chain(*cluster))
    dates = [article.published_date_time for article in articles if article.published_date_time is not None]
    ids = tuple(article.id for article in articles)
    providers, topics = _beside(snapshot, EdgeKind.PUBLISHED_BY, ids), _beside(snapshot, EdgeKind.ABOUT, ids)
    ages = Counter((now - date) // _GROWING for date in dates)
    return Story(
        id=f"s_{ids[0].removeprefix('a_')}",
        headline=next((article.title for article in central_first if article.title is not None), None),
        articles=ids,
        providers=providers,
        topics=topics,
        first_published=dates[0] if dates else None,
        last_published=dates[-1] if dates else None,
        article_count=len(ids),
        telling_count=len(cluster),
        provider_count=len(providers),
        topic_count=len(topics),
        first_provider=next(iter(targets(snapshot, EdgeKind.PUBLISHED_BY, ids[0])), None) if dates else None,
        growth=ages[0] - ages[1],
    )


def _article(snapshot: GraphSnapshot, article_id: str) -> Article:
    article = snapshot.nodes[article_id]
    assert isinstance(article, Article)
    return article


def _earliest_first(article: Article) -> tuple[bool, datetime, str]:
    date = article.published_date_time
    return (date is None, date or BEFORE_ALL_DATES, article.id)


def _beside(snapshot: GraphSnapshot, kind: EdgeKind, article_ids: Iterable[str]) -> tuple[str, ...]:
    """The nodes that edges of this kind lead to, most often first, ties by id."""
    counts = Counter(target for article_id in article_ids for target in targets(snapshot, kind, article_id))
    return tuple(sorted(counts, key=lambda node_id: (-counts[node_id], node_id)))

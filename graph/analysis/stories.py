"""Stories: articles that related links hold together, each a connected component or a community of a large one."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from types import MappingProxyType

import networkx as nx

from graph.analysis.backend import answer
from graph.analysis.communities import communities
from graph.analysis.edges import targets
from graph.analysis.networks import directed_network
from graph.building.derived import once_per_edges, once_per_snapshot
from graph.building.slug_owners import BEFORE_ALL_DATES
from graph.building.snapshot import GraphSnapshot
from graph.checkpoints import checked
from graph.model import Article, EdgeKind, Story

_LARGEST_UNDIVIDED = 50
"""Articles. More of them tell several stories if there are communities among them."""
_RESOLUTION = 0.5
"""Of these communities. At the usual 1, a clique that lacks one link in fifty falls in two, anywhere."""


@dataclass(frozen=True, slots=True)
class Stories:
    """Every story of a snapshot. An article without related links belongs to none."""

    by_id: Mapping[str, Story]
    """Sorted by id."""
    by_article: Mapping[str, str]
    """Article id → story id."""


@once_per_snapshot
def stories(snapshot: GraphSnapshot) -> Stories:
    """The stories of the snapshot.

    Related links count in either direction; where no article has any, the links in bodies do. A component of more than 50 articles becomes as many stories as it has
    communities; one that holds together as a whole, as a clique does even if it lacks some links, is one story.
    Cost: nearly linear in related links.
    """
    kind = EdgeKind.RELATED_TO if snapshot.edge_counts[EdgeKind.RELATED_TO] else EdgeKind.LINKS_TO
    found = [_story(snapshot, members) for members in checked(_clusters(snapshot, kind))]
    by_id = {story.id: story for story in sorted(found, key=lambda story: story.id)}
    by_article = {article_id: story.id for story in by_id.values() for article_id in story.articles}
    return Stories(MappingProxyType(by_id), MappingProxyType(by_article))


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


@once_per_edges
def _clusters(snapshot: GraphSnapshot, kind: EdgeKind) -> Sequence[Sequence[str]]:
    """Sets of at least two ids that edges hold together, each sorted."""
    lists = snapshot.targets[kind]
    ids = sorted({*lists, *chain.from_iterable(lists.values())})
    clusters: list[Sequence[str]] = []
    network = directed_network(ids, lists).to_undirected()
    for component in answer(nx.connected_components, network):
        members = sorted(component)
        if len(members) > _LARGEST_UNDIVIDED:
            # The component's own graph, so that nothing outside of it has a say in how it is divided.
            clusters.extend(communities(directed_network(members, lists).to_undirected(), _RESOLUTION))
        elif len(members) > 1:  # else an article that names itself
            clusters.append(members)
    return clusters


def _story(snapshot: GraphSnapshot, members: Iterable[str]) -> Story:
    articles = sorted((_article(snapshot, article_id) for article_id in members), key=_earliest_first)
    dates = [article.published_date_time for article in articles if article.published_date_time is not None]
    ids = tuple(article.id for article in articles)
    providers, topics = _beside(snapshot, EdgeKind.PUBLISHED_BY, ids), _beside(snapshot, EdgeKind.ABOUT, ids)
    return Story(
        id=f"s_{ids[0].removeprefix('a_')}",
        headline=next((article.title for article in articles if article.title is not None), None),
        articles=ids,
        providers=providers,
        topics=topics,
        first_published=dates[0] if dates else None,
        last_published=dates[-1] if dates else None,
        article_count=len(ids),
        provider_count=len(providers),
        topic_count=len(topics),
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

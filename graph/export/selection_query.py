"""Selections of the graph for export: by a filter, around a node, or of a story."""

from collections.abc import Collection
from dataclasses import dataclass

from graph.analysis.nodes import existing_node
from graph.analysis.stories import find_story
from graph.building.snapshot import GraphSnapshot
from graph.errors import NotFoundError, SelectionError
from graph.export.selection import selection_of_articles
from graph.lists.filters import EVERYTHING, Filter
from graph.lists.list_sources import ArticleList, NamedList, articles_in
from graph.model import Story
from graph.problems import quote
from graph.traversal import NeighborhoodQuery, neighborhood


@dataclass(frozen=True, slots=True)
class SelectionQuery:
    """A node's neighborhood, a story or the whole graph; of articles, those that pass the filter."""

    filter: Filter = EVERYTHING
    """A filter of articles; without `around`, the providers, topics and authors of those that pass are selected too."""
    around: str | None = None
    """The id of any node; excludes `story`."""
    depth: int = 1
    """The largest distance from `around`."""
    story: str | None = None
    """The id of a story."""


def selected_nodes(snapshot: GraphSnapshot, query: SelectionQuery) -> Collection[str] | None:
    """The ids of the selected nodes; None for the whole graph.

    Raises:
        NotFoundError: the graph does not hold the node or the story.
        SelectionError: both a node and a story are given.
        InputError: the filter cannot be evaluated, or the depth is out of range.
    """
    if query.around is not None and query.story is not None:
        raise SelectionError("`around` and `story` exclude each other; give one of them.")
    if query.around is not None:
        walk = NeighborhoodQuery(depth=query.depth, limit_per_node=None, filter=query.filter)
        return [node.id for node in neighborhood(snapshot, starts(snapshot, query.around), walk).nodes]
    if query.story is not None:
        if find_story(snapshot, query.story) is None:
            raise NotFoundError(f"No story has the id {quote(query.story)}.")
        return _around_articles(snapshot, ArticleList(NamedList.ARTICLES_OF_STORY, query.story, query.filter))
    if query.filter == EVERYTHING:
        return None
    return _around_articles(snapshot, ArticleList(NamedList.ARTICLES, filter=query.filter))


def _around_articles(snapshot: GraphSnapshot, wanted: ArticleList) -> Collection[str]:
    return selection_of_articles(snapshot, articles_in(snapshot, wanted))


def starts(snapshot: GraphSnapshot, node_id: str) -> tuple[str, ...]:
    """Where a traversal from the node starts: at the node itself, or at all articles of a story.

    Raises:
        NotFoundError: the graph does not hold the node.
    """
    node = existing_node(snapshot, node_id)
    return node.articles if isinstance(node, Story) else (node.id,)

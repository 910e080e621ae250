"""The links in the body of an article to others, and those in others' bodies to it."""

from dataclasses import dataclass

from graph.analysis.edges import sources, targets
from graph.building.snapshot import GraphSnapshot
from graph.model import Article, EdgeKind


@dataclass(frozen=True, slots=True)
class LinkInBody:
    """How the body of one article links to another."""

    position: int
    """Place among the articles that the body links to, from 1."""
    text: str | None


def links_of(snapshot: GraphSnapshot, article_id: str) -> dict[str, LinkInBody]:
    """The articles that the body links to, in its order."""
    found = targets(snapshot, EdgeKind.LINKS_TO, article_id)
    return {target: LinkInBody(place + 1, _text(snapshot, article_id, place)) for place, target in enumerate(found)}


def backlinks_of(snapshot: GraphSnapshot, article_id: str) -> dict[str, LinkInBody]:
    """The articles whose bodies link to this one, by id. Cost: linear in the links of those."""
    lists = snapshot.targets[EdgeKind.LINKS_TO]
    places = {source: lists[source].index(article_id) for source in sources(snapshot, EdgeKind.LINKS_TO, article_id)}
    return {source: LinkInBody(place + 1, _text(snapshot, source, place)) for source, place in places.items()}


def _text(snapshot: GraphSnapshot, article_id: str, place: int) -> str | None:
    article = snapshot.nodes[article_id]
    assert isinstance(article, Article)
    return article.links[place].text

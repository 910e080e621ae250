"""Which links between articles show that they tell of the same events, and how strongly."""

from collections.abc import Iterator, Mapping, Sequence
from math import sqrt

from graph.analysis.networks import Network
from graph.analysis.tellings import Told
from graph.analysis.wording import Vector, Wording, likeness
from graph.checkpoints import checked

LONGEST_SILENCE = 30 * 86_400.0
"""Seconds. A link between articles further apart than this says that they have a topic in common; at this distance it counts half."""
_LEAST = 0.2
"""What a link has to count. Two articles that name each other alone have 1 from their lists, those that name forty others have 0.025."""
_SCALE = 1000

Strengths = Mapping[tuple[int, int], int]
"""By the places of two nodes, the smaller one first, how strongly they belong together, in thousandths."""


def story_links(
    links: Network, articles: Sequence[Told], wording: Wording, order: Sequence[int], is_told_by_each: bool
) -> Strengths:
    """The links that hold stories together.

    A link counts the likeness of the two articles in words, and what the lists say in which it stands: the less the more
    others they name. The further the articles are apart in time, the less it counts. What is not known, a date or
    words, takes nothing from it. `order` are the places of the articles, the undated first, then the earliest. With
    `is_told_by_each`, all links between articles that are near enough in time hold, however little they count.
    Cost: linear in links, and in the words of the articles at both ends.
    """
    degrees = list(map(len, links.neighbors))
    found: dict[tuple[int, int], int] = {}
    for place, vector, near in _in_time(links, articles, wording, order):
        moment = articles[place].moment
        for other, others in near:
            there = articles[other].moment
            apart = 0 if moment is None or there is None else (moment - there) / LONGEST_SILENCE
            alike = likeness(vector, others) if vector.words and others.words else _LEAST
            strength = (alike + 1 / sqrt(degrees[place] * degrees[other])) / (1 + apart)
            if is_told_by_each or strength >= _LEAST:
                found[min(place, other), max(place, other)] = max(1, round(_SCALE * strength))
    return found


def _in_time(
    links: Network, articles: Sequence[Told], wording: Wording, order: Sequence[int]
) -> Iterator[tuple[int, Vector, list[tuple[int, Vector]]]]:
    """Each article with its words, and those before it that it has a link with and that are near enough.

    Of the words of all others nothing is held.
    """
    near: dict[int, Vector] = {}
    dated = (place for place in order if articles[place].moment is not None)
    oldest = next(dated, None)
    for place in checked(order):
        moment = articles[place].moment
        while moment is not None and oldest is not None and _is_long_before(articles[oldest], moment):
            near.pop(oldest, None)
            oldest = next(dated, None)
        vector = wording.vector(place)
        yield place, vector, [(other, near[other]) for other in links.neighbors[place] if other in near]
        near[place] = vector


def _is_long_before(article: Told, moment: float) -> bool:
    return article.moment is not None and moment - article.moment > LONGEST_SILENCE

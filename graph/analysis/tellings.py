"""Tellings: articles that say the same in the same days, as an agency's report does in many papers, counted as one."""

from collections.abc import Sequence
from typing import NamedTuple

from graph.analysis.wording import Wording

_SECONDS = 3 * 86_400.0
"""From the first of the same title to the last that is a copy of it. After that a title is a column's."""


class Told(NamedTuple):
    """What is known of an article by which its stories are found."""

    title: str | None
    excerpt: str | None
    moment: float | None
    """When it was published, in seconds since 1970."""


def first_tellings(articles: Sequence[Told], wording: Wording, order: Sequence[int]) -> list[int]:
    """For each article the place of the one that it is a copy of, itself for most; `order` are all places, the earliest first.

    A copy has the words of the other's title, whatever their case, and came within three days after it.
    """
    found = list(range(len(articles)))
    latest: dict[tuple[str, ...], tuple[float, int]] = {}
    for place in order:
        moment, words = articles[place].moment, wording.title(place)
        if moment is None or not words:
            continue
        since, first = latest.get(words, (-_SECONDS, place))
        if first != place and moment - since <= _SECONDS:
            found[place] = first
        else:
            latest[words] = (moment, place)
    return found

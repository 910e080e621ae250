"""Clusters: the articles of each story, found from links, dates and words."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import inf
from typing import NamedTuple, TypeAlias

from graph.analysis.backend import answer
from graph.analysis.communities import communities
from graph.analysis.networks import Weights, directed_network, weighted_network
from graph.analysis.story_links import LONGEST_SILENCE, story_links
from graph.analysis.tellings import Told, first_tellings
from graph.analysis.wording import Wording
from graph.building.derived import once_per_edges
from graph.building.snapshot import Adjacency, GraphSnapshot
from graph.checkpoints import checked
from graph.memory import paused_collection
from graph.model import Article, EdgeKind, GraphNode

_LARGEST_UNDIVIDED = 20
"""Tellings. More of them tell several stories if there are communities among them."""
_RESOLUTION = 0.25
"""Of these communities. At the usual 1, the reports of one day fall in two by the words that their editors chose."""

Cluster: TypeAlias = Sequence[Sequence[str]]
"""The ids of the articles of one story, at least two: its tellings, the most central first, each with its earliest article first."""


def clusters(snapshot: GraphSnapshot, kind: EdgeKind) -> Sequence[Cluster]:
    """The clusters that edges of this kind make, in no particular order.

    They are found anew where an edge of the kind, or a date, a title or an excerpt of an article at one is not what it was.
    Cost: nearly linear in edges, and linear in the words of the articles.
    """
    ids = _linked(snapshot, kind)
    articles = [snapshot.nodes[article_id] for article_id in ids]
    latest = _latest(snapshot, kind)
    known = latest.found
    if known is None or known.articles != articles:
        told = list(map(_told, articles))
        found = known.clusters if known and known.told == told else _clusters(snapshot.targets[kind], ids, told, kind)
        known = latest.found = _Found(articles, told, found)
    return known.clusters


@once_per_edges
def _linked(snapshot: GraphSnapshot, kind: EdgeKind) -> Sequence[str]:
    """The ids of the articles at an edge, sorted."""
    lists = snapshot.targets[kind]
    return sorted({*lists, *chain.from_iterable(lists.values())})


class _Found(NamedTuple):
    articles: Sequence[GraphNode]
    """Compared by identity: articles that say the same in the next snapshot are the same objects."""
    told: Sequence[Told]
    clusters: Sequence[Cluster]


@dataclass(slots=True)
class _Latest:
    """What was found for the snapshot that was asked last among those with the same edges."""

    found: _Found | None = None


@once_per_edges
def _latest(snapshot: GraphSnapshot, kind: EdgeKind) -> _Latest:
    return _Latest()


def _told(article: GraphNode) -> Told:
    assert isinstance(article, Article)
    date = article.published_date_time
    return Told(article.title, article.excerpt, None if date is None else date.timestamp())


@paused_collection()
def _clusters(lists: Adjacency, ids: Sequence[str], articles: Sequence[Told], kind: EdgeKind) -> Sequence[Cluster]:
    links = directed_network(ids, lists).to_undirected()
    order = _undated_then_earliest(articles)
    wording = Wording((title, excerpt) for title, excerpt, _ in articles)
    firsts = first_tellings(articles, wording, order)
    # An author puts a link into a body by hand; lists of related articles are often made by a program, by topic.
    strengths = story_links(links, articles, wording, order, is_told_by_each=kind is EdgeKind.LINKS_TO)
    tellings: defaultdict[str, list[int]] = defaultdict(list)
    for place in order:
        tellings[links.nodes[firsts[place]]].append(place)
    ties: dict[str, dict[str, int]] = {first: {} for first in sorted(tellings)}
    for (place, other), strength in strengths.items():
        one, two = links.nodes[firsts[place]], links.nodes[firsts[other]]
        if one != two:
            ties[one][two] = ties[two][one] = max(strength, ties[one].get(two, 0))
    moments = {
        first: [moment for place in places if (moment := articles[place].moment) is not None]
        for first, places in tellings.items()
    }
    return [
        [[links.nodes[place] for place in tellings[first]] for first in _most_central_first(members, ties, moments)]
        for members in checked(_divided(ties, moments))
        if sum(len(tellings[first]) for first in members) > 1
    ]


def _undated_then_earliest(articles: Sequence[Told]) -> Sequence[int]:
    order = sorted(range(len(articles)), key=lambda place: articles[place].moment or 0)
    return sorted(order, key=lambda place: articles[place].moment is not None)


def _most_central_first(members: Sequence[str], ties: Weights, moments: Mapping[str, Sequence[float]]) -> list[str]:
    """Those with the strongest ties to the others; of several the earliest, ties by id."""
    among = frozenset(members)
    weight = {member: sum(tie for other, tie in ties[member].items() if other in among) for member in members}
    return sorted(members, key=lambda member: (-weight[member], next(iter(moments[member]), inf), member))


def _divided(ties: Weights, moments: Mapping[str, Sequence[float]]) -> Iterator[Sequence[str]]:
    """The tellings of each story."""
    for component in _components(ties, ties):
        is_large = len(component) > _LARGEST_UNDIVIDED
        parts = communities(weighted_network(component, ties), _RESOLUTION) if is_large else [component]
        for part in parts:
            yield from _without_silence(part, ties, moments)


def _components(members: Iterable[str], ties: Weights) -> Iterator[list[str]]:
    """What ties hold together, each sorted."""
    yield from map(sorted, answer("connected_components", weighted_network(sorted(members), ties)))


def _without_silence(
    members: Sequence[str], ties: Weights, moments: Mapping[str, Sequence[float]]
) -> Iterator[Sequence[str]]:
    """The members, cut at each long silence that an undated one has bridged.

    No tie between dated ones does that. The undated ones go with those that they have the strongest ties to.
    """
    pending = [members]
    while pending:
        part = pending.pop()
        spells = _spells(part, moments)
        if len(spells) < 2:
            yield part
            continue
        spell_of = {member: number for number, spell in enumerate(spells) for member in spell}
        for member in part:
            if member not in spell_of:
                pull = [sum(ties[member].get(other, 0) for other in spell) for spell in spells]
                spells[pull.index(max(pull))].append(member)
        pending += [component for spell in spells for component in _components(spell, ties)]


def _spells(members: Iterable[str], moments: Mapping[str, Sequence[float]]) -> list[list[str]]:
    """The dated ones, in a list for each time without a long silence."""
    dated = sorted((moment, member) for member in members for moment in moments[member])
    spells: list[dict[str, None]] = []
    before = -inf
    for moment, member in dated:
        if moment - before > LONGEST_SILENCE:
            spells.append({})
        spells[-1][member] = None
        before = moment
    return list(map(list, spells))

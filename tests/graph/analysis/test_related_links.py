from collections import Counter
from collections.abc import Callable, Sequence
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis.edges import related
from graph.analysis.related_links import RelatedLink, RelatedLinks, first_ids
from graph.building.snapshot import GraphSnapshot
from graph.model import EdgeKind, LinkDirection
from tests.graph.analysis.test_hubs import RELATED_TO, graph_of

ARTICLES = [f"a_{number}" for number in range(6)]
EDGES = st.lists(st.tuples(st.sampled_from(ARTICLES), st.sampled_from(ARTICLES)), unique=True, max_size=20)


def graph(edges: list[tuple[str, str]]) -> GraphSnapshot:
    return graph_of([(source, target, RELATED_TO) for source, target in edges if source != target], also=ARTICLES)


def plain_links(snapshot: GraphSnapshot, article: str, wanted: LinkDirection) -> list[tuple[str, RelatedLink]]:
    """As they are defined, one at a time."""
    lists = snapshot.targets[EdgeKind.RELATED_TO]
    named, others = [], []
    for rank, (found, direction) in enumerate(related(snapshot, article).items(), 1):
        if direction is LinkDirection.IN:
            others.append((lists[found].index(article) + 1, found))
        elif LinkDirection.BOTH in (direction, wanted) or wanted is LinkDirection.OUT:
            named.append((found, RelatedLink(rank, direction)))
    naming = [(found, RelatedLink(rank, LinkDirection.IN)) for rank, found in sorted(others)]
    return named if wanted is LinkDirection.OUT else named + naming


@given(EDGES, st.sampled_from(LinkDirection), st.slices(6))
def test_links_are_those_of_the_definition_however_they_are_read(
    edges: list[tuple[str, str]], wanted: LinkDirection, part: slice
) -> None:
    snapshot = graph(edges)
    for article in [*ARTICLES, "a_unknown"]:
        expected = plain_links(snapshot, article, wanted)
        ids = [found for found, _ in expected]
        read = RelatedLinks(snapshot, article, wanted)
        assert len(read) == len(read.ids) == len(expected)
        assert list(read.ids[part]) == ids[part]
        assert list(read.ids[:3]) == ids[:3]
        assert [list(first) for first in first_ids(snapshot, [article] * 2, 3, wanted)] == [ids[:3]] * 2
        assert [read.ids[place] for place in range(len(expected))] == list(read.ids) == ids
        assert [read.ids[place] for place in range(-len(expected), 0)] == ids
        assert list(RelatedLinks(snapshot, article, wanted).items()) == expected
        assert {found for found in (*ARTICLES, "a_unknown") if found in read} == set(ids)


@pytest.mark.parametrize(("start", "end", "expected"), [(0, 0, []), (0, 2, ["a_1", "a_2"]), (2, 2, [])])
def test_lists_of_others_are_not_looked_into_for_the_first_page(start: int, end: int, expected: list[str]) -> None:
    links = RelatedLinks(graph([("a_0", "a_1"), ("a_0", "a_2"), ("a_3", "a_0")]), "a_0")
    links._lists = MappingProxyType({})
    assert (list(links.ids[start:end]), len(links.ids)) == (expected, 3)
    assert links["a_2"] == RelatedLink(2, LinkDirection.OUT)
    with pytest.raises(KeyError):
        links.ids[1:3]


@pytest.mark.parametrize("read", [list, lambda ids: [ids[place] for place in range(len(ids))], lambda ids: ids[5:6]])
def test_lists_of_others_are_looked_into_once(read: Callable[[Sequence[str]], object]) -> None:
    """A hub is named by thousands, and each place of it may be asked for."""
    snapshot = graph([(f"a_{number}", "a_hub") for number in range(50)])
    links, looked_up = RelatedLinks(snapshot, "a_hub"), Counter[str]()

    class Watched(dict[str, tuple[str, ...]]):
        def __getitem__(self, article: str) -> tuple[str, ...]:
            looked_up[article] += 1
            return super().__getitem__(article)

    links._lists = Watched(links._lists)
    read(links.ids)
    assert [link.rank for link in links.values()] == [1] * 50
    assert looked_up.total() == 50


def test_article_that_is_not_linked_has_no_link() -> None:
    snapshot = graph([("a_0", "a_1"), ("a_2", "a_0")])
    for wanted, missing in ((LinkDirection.IN, "a_1"), (LinkDirection.OUT, "a_2"), (LinkDirection.BOTH, "a_0")):
        with pytest.raises(KeyError):
            RelatedLinks(snapshot, "a_0", wanted)[missing]

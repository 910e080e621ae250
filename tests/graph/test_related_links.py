import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.edges import related
from graph.model import EdgeKind, LinkDirection
from graph.related_links import RelatedLink, RelatedLinks
from graph.snapshot import GraphSnapshot
from tests.graph.test_hubs import RELATED_TO, graph_of

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


@given(EDGES, st.sampled_from(LinkDirection), st.integers(0, 8), st.integers(0, 8))
def test_links_are_those_of_the_definition_however_they_are_read(
    edges: list[tuple[str, str]], wanted: LinkDirection, start: int, length: int
) -> None:
    snapshot = graph(edges)
    for article in [*ARTICLES, "a_unknown"]:
        expected = plain_links(snapshot, article, wanted)
        ids = [found for found, _ in expected]
        read = RelatedLinks(snapshot, article, wanted)
        assert len(read) == len(read.ids) == len(expected)
        assert list(read.ids[start : start + length]) == ids[start : start + length]
        assert [read.ids[place] for place in range(len(expected))] == ids
        assert list(RelatedLinks(snapshot, article, wanted).items()) == expected
        assert {found for found in (*ARTICLES, "a_unknown") if found in read} == set(ids)


def test_others_are_not_looked_at_for_the_first_page() -> None:
    links = RelatedLinks(graph([("a_0", "a_1"), ("a_0", "a_2"), ("a_3", "a_0")]), "a_0")
    assert (list(links.ids[0:2]), len(links.ids)) == (["a_1", "a_2"], 3)
    assert "others" not in vars(links)
    assert list(links.ids[1:3]) == ["a_2", "a_3"]


def test_article_that_is_not_linked_has_no_link() -> None:
    snapshot = graph([("a_0", "a_1"), ("a_2", "a_0")])
    for wanted, missing in ((LinkDirection.IN, "a_1"), (LinkDirection.OUT, "a_2"), (LinkDirection.BOTH, "a_0")):
        with pytest.raises(KeyError):
            RelatedLinks(snapshot, "a_0", wanted)[missing]

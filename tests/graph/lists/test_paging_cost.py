"""What a page costs: no more than its own entries where a ranking holds the list, and one walk for all pages where none does."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from threading import Barrier, Thread
from typing import Any

import pytest

from graph.building.snapshot import GraphSnapshot
from graph.lists.filters import EVERYTHING, Compare, Filter, Operator, compile_filter
from graph.lists.list_sources import LISTS_OF_SOURCES, WHOLE_GRAPH, ByText, ListSource, NamedList, entries, list_kind
from graph.lists.ordering import Order, OrderKey
from graph.lists.pages import LEAST, ListQuery, Page, PageReader, PageRequest
from graph.model import GraphNode, Node, NodeKind
from tests.pages import content

BY_ID = (OrderKey("id", is_descending=True),)
LISTS_OF_THE_GRAPH = (NamedList.ARTICLES, NamedList.PROVIDERS, NamedList.TOPICS, NamedList.STORIES)


def page_of(
    reader: PageReader,
    source: ListSource,
    node_id: str,
    page: PageRequest = PageRequest(),  # noqa: B008  # a value
    condition: Filter = EVERYTHING,
    order: Order = (),
) -> Page[Node]:
    (found,) = reader.pages(source, [node_id], ListQuery(page, condition, order))
    return found


def largest(snapshot: GraphSnapshot, listing: NamedList) -> str:
    """The node that has the longest of these lists."""
    if listing in LISTS_OF_THE_GRAPH:
        return WHOLE_GRAPH
    return max(snapshot.nodes, key=lambda node_id: len(entries(snapshot, listing, node_id) or ()))


@pytest.mark.parametrize("order", [(), BY_ID], ids=["usual order", "another order"])
@pytest.mark.parametrize("listing", [*LISTS_OF_THE_GRAPH, NamedList.ARTICLES_OF_PROVIDER, NamedList.ARTICLES_OF_TOPIC])
def test_page_of_a_ranked_list_looks_at_its_own_entries_alone(
    seeds: GraphSnapshot, listing: NamedList, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[str] = []

    class Watched(dict[str, GraphNode]):
        def get(self, found: str, other: Any = None) -> Any:
            looked_at.append(found)
            return super().get(found, other)

    reader, node_id = PageReader(replace(seeds, nodes=Watched(seeds.nodes))), largest(seeds, listing)
    whole = page_of(reader, listing, node_id, order=order)
    middle = whole.edges[len(whole.edges) // 2].position
    looked_at.clear()
    if listing not in LISTS_OF_THE_GRAPH:
        monkeypatch.setattr("graph.lists.pages.entries", lambda *_: pytest.fail("the whole list was asked for"))
    monkeypatch.setattr("graph.lists.pages.rank", lambda *_: pytest.fail("the nodes were sorted again"))
    requests = (
        PageRequest(first=2),
        PageRequest(last=2),
        PageRequest(first=2, after=middle),
        PageRequest(last=2, before=middle),
    )
    pages = [page_of(reader, listing, node_id, request, order=order) for request in requests]
    places = (slice(2), slice(-2, None), slice(len(whole.edges) // 2 + 1, len(whole.edges) // 2 + 3))
    assert [page.edges for page in pages[:3]] == [whole.edges[place] for place in places]
    assert {page.total_count for page in pages} == {len(whole.edges)}
    assert len(whole.edges) > 5
    assert set(looked_at) == {edge.node.id for page in pages for edge in page.edges}


@pytest.mark.parametrize(
    ("source", "order"),
    [
        (NamedList.ARTICLES, ()),
        (NamedList.ARTICLES_OF_TOPIC, ()),
        (NamedList.TOPICS_OF_PROVIDER, ()),
        (NamedList.PROVIDERS_OF_TOPIC, ()),
        (NamedList.PROVIDERS_OF_PROVIDER, ()),
        (NamedList.RELATED_BY_TOPIC, ()),
        (NamedList.RELATED_BY_TOPIC, BY_ID),
        (ByText("the", frozenset({NodeKind.ARTICLE})), ()),
    ],
    ids=str,
)
def test_other_long_list_is_sorted_and_filtered_once_for_all_its_pages(
    seeds: GraphSnapshot, source: ListSource, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    node_id = largest(seeds, source) if isinstance(source, NamedList) else WHOLE_GRAPH
    condition = Compare("id", Operator.GT, "")
    tested: list[Node] = []

    def counting(*given: Any) -> Callable[[Any], bool]:
        passes = compile_filter(*given)

        def test(node: Node) -> bool:
            tested.append(node)
            return passes(node)

        return test

    monkeypatch.setattr("graph.lists.pages.compile_filter", counting)
    reader = PageReader(seeds)
    first = page_of(reader, source, node_id, PageRequest(first=1), condition, order)
    assert len(tested) == first.total_count > 2

    monkeypatch.setattr("graph.lists.pages.entries", lambda *_: pytest.fail("the list was asked for again"))
    later = PageRequest(first=1, after=first.edges[0].position)
    second = page_of(reader, source, node_id, later, condition, order)
    assert (len(tested), second.total_count, len(second.edges)) == (first.total_count, first.total_count, 1)
    assert second.edges[0].node != first.edges[0].node


def test_reader_keeps_what_was_used_last_and_answers_the_same_without(
    seeds: GraphSnapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PageReader, "_KEPT_PLACES", 5 * LEAST)
    monkeypatch.setattr(PageReader, "_KEPT_ENTRIES", 3 * LEAST)
    reader = PageReader(seeds)
    orders = [(OrderKey("title", bool(number % 2)),) * (number // 2 + 1) for number in range(20)]
    filters = [Compare("title", Operator.CONTAINS, letter) for letter in "abcdefgh"]

    def answers() -> list[tuple[Any, ...]]:
        ordered = [page_of(reader, NamedList.ARTICLES, WHOLE_GRAPH, order=order) for order in orders]
        filtered = [page_of(reader, NamedList.ARTICLES, WHOLE_GRAPH, condition=found) for found in filters]
        return [content(page) for page in (*ordered, *filtered)]

    first = answers()
    assert (len(reader._rankings), len(reader._lists)) == (5, 3)
    assert answers() == first


def test_list_longer_than_all_that_is_kept_is_kept_alone(seeds: GraphSnapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PageReader, "_KEPT_ENTRIES", 5)
    monkeypatch.setattr("graph.lists.pages.LEAST", 1)
    reader = PageReader(seeds)
    long = Compare("id", Operator.GT, "")
    page_of(reader, NamedList.ARTICLES, WHOLE_GRAPH, condition=Compare("id", Operator.EQ, "none"))
    page = page_of(reader, NamedList.ARTICLES, WHOLE_GRAPH, condition=long)
    assert page.total_count > 5

    monkeypatch.setattr("graph.lists.pages.entries", lambda *_: pytest.fail("the list was asked for again"))
    again = page_of(reader, NamedList.ARTICLES, WHOLE_GRAPH, condition=long)
    assert (len(reader._lists), again.total_count) == (1, page.total_count)


def test_threads_that_ask_for_one_list_do_not_wait_for_each_other(
    seeds: GraphSnapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_compute = Barrier(2)

    def waiting(*given: Any) -> Any:
        both_compute.wait(timeout=300)
        return entries(*given)

    monkeypatch.setattr("graph.lists.pages.entries", waiting)
    reader = PageReader(seeds)
    condition = Compare("id", Operator.GT, "")
    ask = partial(page_of, reader, NamedList.TOPICS_OF_PROVIDER, largest(seeds, NamedList.TOPICS_OF_PROVIDER))
    threads = [Thread(target=ask, kwargs={"condition": condition}) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not both_compute.broken
    assert len(reader._lists) == 1


def test_lists_of_sources_are_those_of_articles() -> None:
    assert {list_kind(listing) for listing in LISTS_OF_SOURCES} == {NodeKind.ARTICLE}

"""All there is to a page, to compare."""

from typing import Any

from graph.lists.pages import Page

NOTHING = ((), (), 0, False, False)
"""The content of the page of an empty list."""


def content(page: Page[Any]) -> tuple[Any, ...]:
    return page.nodes, page.edges, page.total_count, page.has_previous_page, page.has_next_page

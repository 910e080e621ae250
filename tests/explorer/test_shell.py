"""The explorer as a whole: the frame of its pages, its addresses, what it loads at first, and its operations."""

import gzip

from playwright.sync_api import Browser, Route, expect
from selectolax.lexbor import LexborHTMLParser

from api.web.app import EXPLORER, STATIC
from tests.browsing import need_pages, visiting

MOST_BYTES = 350_000
"""Of the first load, compressed."""


def test_pages_are_reached_from_the_frame(browser: Browser, on_seeds: str) -> None:
    with visiting(browser, on_seeds, "/") as page:
        expect(page).to_have_title("This graph – Frontgraph")
        expect(page.get_by_role("main")).to_contain_text("57 articles")
        page.get_by_role("searchbox").first.fill("ferry")
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{on_seeds}/#/search?q=ferry")
        page.goto(f"{on_seeds}/#/no/such/page")
        expect(page.get_by_role("heading", level=1)).to_have_text("Nothing stands here")
        page.get_by_role("link", name="Go to the start page").click()
        expect(page).to_have_url(f"{on_seeds}/#/")


def test_first_load_is_small_and_brings_neither_graphs_nor_charts() -> None:
    need_pages()
    page = LexborHTMLParser(EXPLORER.read_text(encoding="utf-8"))
    links = [node.attributes["src"] for node in page.css("script[src]")]
    links += [node.attributes["href"] for node in page.css("link[rel=modulepreload], link[rel=stylesheet]")]
    files = [STATIC.parent / str(link) for link in links]
    assert len(files) >= 3
    assert sum(len(gzip.compress(file.read_bytes())) for file in files) < MOST_BYTES
    assert not [file for file in files if b"forceAtlas2" in file.read_bytes() or b"uPlot" in file.read_bytes()]


def test_what_has_too_much_work_is_asked_again(browser: Browser, on_seeds: str) -> None:
    """The service says when, as right after its start; the page waits until then, and shows nothing of it."""
    refused: list[str] = []

    def refuse_at_first(route: Route) -> None:
        body = route.request.post_data or ""
        if body in refused or len(refused) == 3:
            route.fallback()
            return
        refused.append(body)
        error = {"message": "busy", "extensions": {"code": "OVERLOADED"}}
        route.fulfill(status=503, headers={"Retry-After": "1"}, json={"errors": [error]})

    with visiting(browser, on_seeds, "/", refusals=503) as page:
        page.route("**/graphql", refuse_at_first)
        page.goto(f"{on_seeds}/#/search?q=ferry")
        expect(page.get_by_role("region", name="What was found").get_by_role("listitem").first).to_contain_text("ferry")
        assert refused

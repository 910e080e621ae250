"""Pages where there is nothing to show: what to do is said, and the console stays empty."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browsing import visiting
from tests.service import running

pytestmark = pytest.mark.thorough

GONE = "This graph does not hold it"
WRONG_ID = "This id is not one of this service."
WRONG_PAGE = "Begin at the first page."
UNFILTERED = "Clear one of them"
NO_NODE = "The graph holds no node with this id."
START = "Choose where to begin."
ABSENT = {
    kind: f"{letter}_aaaaaaaaaaaaaaaa"
    for kind, letter in zip(("article", "topic", "provider", "person", "story"), "atphs", strict=True)
}
NODES = {f"{kind}/{absent}": GONE for kind, absent in ABSENT.items()} | {f"{kind}/x": WRONG_ID for kind in ABSENT}
OTHERS = {
    f"{kind}/{ABSENT[other]}": GONE
    for kind, other in (("article", "story"), ("topic", "provider"), ("story", "article"))
}
GRAPHS = {
    "graph": "Central articles",
    f"graph?node={ABSENT['article']}": NO_NODE,
    f"graph?story={ABSENT['story']}": NO_NODE,
    "graph?node=x": WRONG_ID,
    "graph?story=x": WRONG_ID,
    "graph?q=zzz": "Begin with other words",
    "graph?filter=nonsense": START,
    "graph?from=x": START,
    "graph?from=x&to=y": WRONG_ID,
    f"graph?from={ABSENT['article']}&to={ABSENT['topic']}": "This graph does not hold it.",
    f"graph?node={ABSENT['article']}&open={ABSENT['topic']}&selected={ABSENT['person']}": "This graph does not hold it.",
}
LISTS = {
    "table/topics": "Topics come from",
    "table/providers": "A provider comes from",
    "table/persons": "Persons come from",
    "table/stories": "A story takes",
    "table/nonsense": "Go to the start page",
    "table/articles?sort=-nonsense&columns=nonsense": "1 article",
    "table/articles?words=zzz&from=nonsense&provider=x": UNFILTERED,
    "table/stories?firstProvider=x": UNFILTERED,
    "table/articles?after=nonsense": WRONG_PAGE,
    "problems?code=NONSENSE": "article without a provider",
    "problems?code=DATE_INVALID": "There are no mistakes.",
    "problems?after=nonsense": WRONG_PAGE,
}
SEARCHES = {
    "search": "What are you looking for?",
    "search?q=zzz": "Nothing was found.",
    "search?q=%22": "Change the words.",
    "search?q=gale&topic=nonsense": "Take back a condition",
    "search?q=gale&year=nonsense&kind=nonsense": "1 result",
    "search?q=gale&after=nonsense": WRONG_PAGE,
    "trends": "Trends need the date of publication",
    "trends?kind=nonsense&window=nonsense&until=nonsense": "Trends need the date of publication",
    "no/such/page": "Go to the start page",
}


@pytest.fixture(scope="module")
def on_one_article(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service on a site that says nothing but one title."""
    folder = tmp_path_factory.mktemp("one")
    (folder / "site").mkdir()
    (folder / "site" / "gale.md").write_text("---\ntitle: Gale\n---\nWind.\n", encoding="utf-8")
    with running(folder, articles=folder / "site") as served:
        yield served.address


@pytest.mark.parametrize(
    "pages", [NODES | OTHERS, GRAPHS, LISTS, SEARCHES], ids=["nodes", "graphs", "lists", "searches"]
)
def test_what_to_do_is_said(browser: Browser, on_one_article: str, pages: dict[str, str]) -> None:
    with visiting(browser, on_one_article, "/", width=390) as page:
        for path, advice in pages.items():
            page.goto("about:blank")
            page.goto(f"{on_one_article}/#/{path}")
            expect(page.get_by_role("main"), path).to_contain_text(advice)


def test_page_that_a_list_does_not_have_leads_to_its_first(browser: Browser, on_one_article: str) -> None:
    with visiting(browser, on_one_article, "/#/table/articles?after=nonsense&columns=title") as page:
        page.get_by_role("link", name="First page").click()
        expect(page.get_by_role("columnheader")).to_have_text(["Title"])


def test_graph_of_one_article_is_one_node(browser: Browser, on_one_article: str) -> None:
    with visiting(browser, on_one_article, "/#/graph") as page:
        page.get_by_role("link", name="Gale").click()
        expect(page.locator(".graph-stage[data-nodes='1']")).to_be_attached()
        page.get_by_role("link", name="Its page").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Gale")
        expect(page.locator(".small-graph")).to_contain_text("Nothing is connected with it.")

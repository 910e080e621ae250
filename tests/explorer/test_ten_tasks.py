"""Ten things that a reader, an editor or an analyst comes for, done as somebody new would do them, without a word of GraphQL.

Once with a pointer in a wide window; once on a phone's, with keys alone: whatever is used there is reached by Tab.
"""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import networkx as nx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browsing import visiting
from tests.service import running

pytestmark = pytest.mark.thorough
WAIT = 60_000
"""Milliseconds, on a busy machine."""
BREACH = "Thousands of Microsoft Azure Cosmos DB customers at risk"
MOST_TABS = 1_500


class Hands(Protocol):
    width: int

    def press(self, page: Page, control: Locator) -> None:
        """A link, a button, or what opens."""

    def fill(self, page: Page, box: Locator, text: str) -> None: ...

    def choose(self, page: Page, box: Locator, text: str) -> None:
        """The first that a box offers for this text."""


class Pointer:
    width = 1280

    def press(self, page: Page, control: Locator) -> None:
        control.click(timeout=WAIT)

    def fill(self, page: Page, box: Locator, text: str) -> None:
        box.fill(text, timeout=WAIT)
        box.press("Enter")

    def choose(self, page: Page, box: Locator, text: str) -> None:
        box.fill(text, timeout=WAIT)
        page.get_by_role("listbox").get_by_role("option").first.click(timeout=WAIT)


class Keys:
    width = 390

    def press(self, page: Page, control: Locator) -> None:
        self._reach(page, control)
        page.keyboard.press("Enter")

    def fill(self, page: Page, box: Locator, text: str) -> None:
        self._reach(page, box)
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type(text)
        page.keyboard.press("Enter")

    def choose(self, page: Page, box: Locator, text: str) -> None:
        self._reach(page, box)
        page.keyboard.type(text)
        expect(page.get_by_role("listbox").get_by_role("option").first).to_be_visible(timeout=WAIT)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")

    def _reach(self, page: Page, control: Locator) -> None:
        expect(control).to_be_visible(timeout=WAIT)
        for _ in range(MOST_TABS):
            if control.evaluate("element => element === document.activeElement"):
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to {control}")


@pytest.fixture(scope="module")
def on_azure(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service on all articles of the corpus."""
    with running(tmp_path_factory.mktemp("azure"), "--unpublished", articles=corpus) as served:
        yield served.address


@pytest.fixture(params=[Pointer, Keys], ids=["pointer", "keys on a phone"])
def hands(request: pytest.FixtureRequest) -> Hands:
    made: Hands = request.param()
    return made


def asked(page: Page, query: str, **variables: Any) -> Any:
    """What the service answers, apart from what the page asks."""
    origin = page.url.split("#", maxsplit=1)[0]
    return page.request.post(f"{origin}graphql", data={"query": query, "variables": variables}).json()["data"]


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def find(page: Page, hands: Hands, words: str, title: str) -> None:
    """Goes from the start page to an article."""
    hands.fill(page, page.get_by_role("searchbox", name="Search this graph"), words)
    expect(heading(page)).to_have_text(f"“{words}”", timeout=WAIT)
    hands.press(page, page.get_by_role("link", name=title).first)
    expect(heading(page)).to_have_text(title, timeout=WAIT)


def test_find_the_breach_and_its_story_and_who_told_it_first(browser: Browser, on_azure: str, hands: Hands) -> None:
    with visiting(browser, on_azure, "/", width=hands.width) as page:
        find(page, hands, "breach", BREACH)
        article = page.url.rpartition("/")[2]
        query = (
            "query ($id: ID!) { node(id: $id) { ... on Article { story { label lead { title provider { name } } } } } }"
        )
        story = asked(page, query, id=article)["node"]["story"]
        hands.press(page, page.get_by_role("complementary").get_by_role("link", name=story["label"]).first)
        expect(page).to_have_url(re.compile("#/story/s_"), timeout=WAIT)
        expect(heading(page)).to_have_text(story["label"], timeout=WAIT)
        main = page.get_by_role("main")
        expect(main.get_by_role("heading", name="Who told it first")).to_be_visible(timeout=WAIT)
        expect(main).to_contain_text(story["lead"]["title"])
        expect(main).to_contain_text(story["lead"]["provider"]["name"])
        expect(main.get_by_text("told it first")).not_to_have_count(0)


def test_learn_how_two_articles_are_connected(browser: Browser, on_azure: str, hands: Hands) -> None:
    with visiting(browser, on_azure, "/", width=hands.width) as page:
        find(page, hands, "breach", BREACH)
        hands.press(page, page.get_by_role("link", name=re.compile("in the graph$")).first)
        expect(page.get_by_role("region", name="The selected node").or_(heading(page)).first).to_be_visible(
            timeout=WAIT
        )
        if not page.get_by_role("combobox", name="How is it connected with").is_visible():
            hands.press(page, page.get_by_role("button", name="Connect two"))
            box = page.get_by_role("combobox", name="To", exact=True)
            hands.choose(page, page.get_by_role("combobox", name="From", exact=True), BREACH)
        else:
            box = page.get_by_role("combobox", name="How is it connected with")
        hands.choose(page, box, "Worst cloud vulnerability you can imagine")
        panel = page.get_by_role("region", name="Connect two")
        expect(panel.get_by_role("button", name=re.compile("^Way 1"))).to_be_visible(timeout=WAIT)
        expect(panel.locator(".graph-steps p").first).to_contain_text(re.compile(r"\w+ .*\."))


def test_see_which_topics_rose_in_the_last_month(browser: Browser, on_azure: str, hands: Hands) -> None:
    with visiting(browser, on_azure, "/", width=hands.width) as page:
        hands.press(page, page.get_by_role("navigation").get_by_role("link", name="Trends"))
        expect(heading(page)).to_have_text("Trends", timeout=WAIT)
        first = page.get_by_role("table", name="What rose, the most first").get_by_role("row").nth(1)
        expect(first).to_be_visible(timeout=WAIT)
        trends = asked(page, "{ trending(kind: TOPIC, window: MONTH, first: 1) { node { label } count } }")["trending"]
        expect(first).to_contain_text(trends[0]["node"]["label"])
        expect(first).to_contain_text(str(trends[0]["count"]))


def test_see_which_provider_bridges_topics(browser: Browser, on_azure: str, hands: Hands) -> None:
    with visiting(browser, on_azure, "/#/table/providers", width=hands.width) as page:
        query = "{ providers(first: 1, orderBy: [{ topics: { count: DESC } }]) { nodes { name } } }"
        [bridge] = asked(page, query)["providers"]["nodes"]
        column = page.get_by_role("columnheader", name="Topics")
        for _ in range(2):  # the most may come first at once, or when it is turned round
            if column.get_attribute("aria-sort") != "descending":
                hands.press(page, column.get_by_role("button"))
                expect(column).to_have_attribute("aria-sort", re.compile("ending"), timeout=WAIT)
        expect(column).to_have_attribute("aria-sort", "descending", timeout=WAIT)
        first = page.get_by_role("table", name="Providers").get_by_role("row").nth(1)
        expect(first).to_contain_text(bridge["name"], timeout=WAIT)
        hands.press(page, first.get_by_role("link", name=bridge["name"]))
        expect(heading(page)).to_have_text(bridge["name"], timeout=WAIT)
        expect(page.get_by_role("heading", name="Writes about")).to_be_visible(timeout=WAIT)


def test_see_what_copies_of_an_article_disagree_about(browser: Browser, on_azure: str, hands: Hands) -> None:
    with visiting(browser, on_azure, "/", width=hands.width) as page:
        query = "query ($after: String) { articles(first: 100, after: $after) { pageInfo { endCursor } nodes { title conflicts { field value } } } }"
        after, article = None, None
        while article is None:
            found = asked(page, query, after=after)["articles"]
            named = [
                node for node in found["nodes"] if {"title"} & {conflict["field"] for conflict in node["conflicts"]}
            ]
            article, after = (named or [None])[0], found["pageInfo"]["endCursor"]
        find(page, hands, article["title"], article["title"])
        section = page.locator("section").filter(has=page.get_by_role("heading", name="What is said differently"))
        expect(section).to_be_visible(timeout=WAIT)
        other = next(conflict["value"] for conflict in article["conflicts"] if conflict["field"] == "title")
        expect(section).to_contain_text(other)


def test_take_a_neighborhood_away_open_its_query_and_hand_it_on(
    browser: Browser, on_azure: str, hands: Hands, tmp_path: Path
) -> None:
    with visiting(browser, on_azure, "/", width=hands.width) as page:
        find(page, hands, "breach", BREACH)
        hands.press(page, page.get_by_role("link", name=re.compile("in the graph$")).first)
        stage = page.locator(".graph-stage[data-nodes]")
        expect(stage).to_be_attached(timeout=WAIT)
        nodes, edges = (int(stage.get_attribute(f"data-{kind}") or 0) for kind in ("nodes", "edges"))
        assert nodes > 3
        hands.press(page, page.locator(".export-menu summary"))
        with page.expect_download() as download:
            hands.press(page, page.get_by_role("button", name=re.compile("GraphML")))
        file = tmp_path / "graph.graphml"
        download.value.save_as(file)
        read = nx.read_graphml(io.BytesIO(file.read_bytes()), force_multigraph=True)
        assert (read.number_of_nodes(), read.number_of_edges()) == (nodes, edges)
        there = page.url
        hands.press(page, page.get_by_text("Show the query"))
        link = page.get_by_role("link", name="Open in the playground").first
        expect(link).to_be_visible(timeout=WAIT)
        asked_there = on_azure + "/" + (link.get_attribute("href") or "")
        hands.press(page, link)
        expect(page).to_have_url(re.compile(r"/graphql\?query="), timeout=WAIT)
    with visiting(browser, on_azure, there.removeprefix(on_azure), width=hands.width) as page:
        expect(page.locator(f".graph-stage[data-nodes='{nodes}'][data-edges='{edges}']")).to_be_attached(timeout=WAIT)
        assert page.request.get(asked_there, headers={"Accept": "text/html"}).status == 200

"""What holds for every page of the explorer: it can be heard, fits its width, and is reached by the keyboard alone."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Locator, Page, Response, expect

from graph.links import node_id
from graph.model import NodeKind
from tests.browsing import visiting
from tests.js_tools import js_file
from tests.service import running

pytestmark = pytest.mark.thorough

ON_SEEDS = {
    "home": "/",
    "search": "/#/search?q=ferry&year=2024",
    "nothing found": "/#/search?q=zzzzqqq",
    "article": "/#/article/a_fsnc2vjd2kh2bryo",
    "article with a list": "/#/article/a_smemjyqxetuio7xc",
    "mistakes": "/#/problems",
    "topic": f"/#/topic/{node_id(NodeKind.TOPIC, 'ferries')}",
    "provider": f"/#/provider/{node_id(NodeKind.PROVIDER, 'brennhavencourier.example')}",
    "person": f"/#/person/{node_id(NodeKind.PERSON, 'corvin-saltley')}",
    "table": "/#/table/stories",
    "trends": "/#/trends",
    "not found": "/#/no/such/page",
}
ON_AZURE = {
    "home": "/",
    "search": "/#/search?q=cosmos+vulnerability",
    "article": "/#/article/a_zvmahppnjvwvkzld",
    "article with conflicts": "/#/article/a_xi4plbxhmfiwhngg",
    "mistakes": "/#/problems",
    "topic": "/#/topic/t_vdp6hgx47gkpspal",
    "topic of all articles": "/#/topic/t_cr4sh4w5fr5d42gg",
    "provider": "/#/provider/p_omvmwm66m4auqgid?words=cosmos&from=2021-01-01T00:00:00Z&to=2021-09-01T00:00:00Z",
    "table": "/#/table/articles?sort=-pageRank&columns=title,published,pageRank,related",
    "trends": "/#/trends?kind=PROVIDER&window=QUARTER",
}
LOOKS: list[tuple[int, Literal["light", "dark"]]] = [(390, "dark"), (1280, "light"), (390, "light"), (1280, "dark")]
SERIOUS = ("serious", "critical")
AXE = """async () => (await axe.run()).violations.map(({ id, impact, nodes }) => [id, impact, nodes.map(({ html }) => html)])"""
WIDTHS = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"


@pytest.fixture(scope="module")
def on_azure(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service on 4,944 real articles."""
    with running(tmp_path_factory.mktemp("azure"), "--unpublished", articles=corpus) as served:
        yield served.address


def settle(page: Page) -> None:
    """Waits until the page shows what it asked for."""
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".progress, [aria-busy=true]")).to_have_count(0, timeout=60_000)
    page.wait_for_load_state("networkidle")


def tab_to(page: Page, wanted: Locator) -> None:
    """Presses Tab until that has the focus; a page is not so long that it would take more."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    expect(wanted).to_be_focused()


def look(page: Page, address: str, path: str) -> None:
    page.goto("about:blank")  # a page whose address differs behind the number sign alone is not loaded again
    page.goto(address + path)
    settle(page)
    needed, given = page.evaluate(WIDTHS)
    assert needed <= given, path
    page.evaluate(js_file("axe-core/axe.min.js").read_text(encoding="utf-8"))
    found: list[Any] = page.evaluate(AXE)
    assert [violation for violation in found if violation[1] in SERIOUS] == [], path


@pytest.mark.parametrize(("width", "theme"), LOOKS[:2])
def test_pages_on_seeds_can_be_heard_and_fit(
    browser: Browser, on_seeds: str, width: int, theme: Literal["light", "dark"]
) -> None:
    with visiting(browser, on_seeds, "/", width, color_scheme=theme) as page:
        for path in ON_SEEDS.values():
            look(page, on_seeds, path)


@pytest.mark.parametrize(("width", "theme"), LOOKS[2:])
def test_pages_on_many_articles_can_be_heard_and_fit(
    browser: Browser, on_azure: str, width: int, theme: Literal["light", "dark"]
) -> None:
    with visiting(browser, on_azure, "/", width, color_scheme=theme) as page:
        for path in ON_AZURE.values():
            look(page, on_azure, path)
        page.goto(f"{on_azure}/#/table/stories?sort=-articles")
        settle(page)
        biggest = page.locator("tbody th a").first.get_attribute("href")
        look(page, on_azure, f"/{biggest}")


def test_everything_is_reached_by_the_keyboard(browser: Browser, on_seeds: str) -> None:
    with visiting(browser, on_seeds, "/", color_scheme="light") as page:
        settle(page)
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
        page.keyboard.press("Enter")
        tab_to(page, page.get_by_role("searchbox", name="Search this graph"))
        page.keyboard.type("turbine")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_be_focused()
        settle(page)
        first = page.get_by_role("region", name="What was found").get_by_role("link").first
        title = first.inner_text()
        tab_to(page, first)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        expect(page.get_by_role("heading", level=1)).to_be_focused()
        page.get_by_text("Show the query").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_label("Query", exact=True).first).to_be_visible()
        page.go_back()
        expect(page.get_by_role("heading", level=1)).to_have_text("“turbine”")


def test_theme_is_switched_and_kept(browser: Browser, on_seeds: str) -> None:
    with visiting(browser, on_seeds, "/", color_scheme="light") as page:
        page.get_by_role("button", name="Dark colours").press("Enter")
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        page.reload()
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        page.get_by_role("button", name="Light colours").click()
        expect(page.locator("html")).not_to_have_attribute("data-theme", "dark")


def test_token_is_asked_for_where_reading_needs_one(browser: Browser, tmp_path: Path) -> None:
    token = "a-token-of-many-characters"
    with (
        running(tmp_path, settings={"READ_TOKEN": token}) as served,
        visiting(browser, served.address, "/", refusals=401) as page,
    ):
        expect(page.get_by_role("alert")).to_contain_text("This service answers those who have a token.")
        page.get_by_label("Token", exact=True).fill("a-wrong-token-of-many")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("The token is wrong")
        page.get_by_label("Token", exact=True).fill(token)
        page.get_by_role("button", name="Use this token").click()
        expect(page.get_by_role("main")).to_contain_text("57 articles")
        page.reload()
        expect(page.get_by_role("main")).to_contain_text("57 articles")
        page.get_by_role("button", name="Forget the token").click()
        expect(page.get_by_role("alert")).to_be_visible()


class Heard:
    """What the service answered to a page."""

    def __init__(self, page: Page) -> None:
        self._responses: list[Response] = []
        page.on("response", lambda response: self._responses.append(response))

    def begin(self) -> None:
        self._responses.clear()

    def answers(self) -> dict[tuple[str, str], Any]:
        """By operation and variables."""
        found = {}
        for response in self._responses:
            if response.request.method == "POST":
                asked = json.loads(response.request.post_data or "")
                found[asked["operationName"], json.dumps(asked["variables"])] = response.json()
        return found


def test_queries_of_every_page_answer_in_the_playground_what_it_shows(browser: Browser, on_seeds: str) -> None:
    queries: dict[str, tuple[str, Any]] = {}
    with visiting(browser, on_seeds, "/") as page:
        heard = Heard(page)
        ferries = node_id(NodeKind.TOPIC, "ferries")
        of_graph = {
            "start": "/#/graph",
            "node": f"/#/graph?node={ferries}&selected={ferries}",
            "search": "/#/graph?q=ferry",
            "filter": '/#/graph?filter={"provider":{"name":{"eq":"Harbour Post"}}}',
            "path": f"/#/graph?from={ferries}&to=a_fsnc2vjd2kh2bryo",
            "story": f"/{story_of(page, on_seeds)}",
        }
        tables = {kind: f"/#/table/{kind}" for kind in ("articles", "topics", "providers", "persons")}
        for name, path in {**ON_SEEDS, **of_graph, **tables}.items():
            heard.begin()
            page.goto("about:blank")
            page.goto(on_seeds + path)
            settle(page)
            shown = page.locator(".show-query section")
            if name == "not found":
                expect(shown).to_have_count(0)
                continue
            page.get_by_text("Show the query").click()
            answers = heard.answers()
            expect(shown).to_have_count(len(answers))
            for query in shown.all():
                operation = query.get_attribute("aria-label") or ""
                variables = query.get_by_label("Variables")
                given = json.loads(variables.inner_text()) if variables.count() else {}
                address = query.get_by_role("link", name="Open in the playground").get_attribute("href") or ""
                queries[operation] = address, answers[operation, json.dumps(given)]
        assert len(queries) > 20
    with visiting(browser, on_seeds, "/graphql") as page:
        for operation, (address, answer) in queries.items():
            page.goto(f"{on_seeds}/{address}")
            expect(page.locator(".graphiql-query-editor .view-lines")).to_contain_text(operation)
            with page.expect_response(lambda response: response.request.method == "POST") as again:
                page.get_by_role("button", name=re.compile("^(Run|Execute query)")).click()
            assert again.value.json() == answer, operation


def story_of(page: Page, address: str) -> str:
    """Where the picture of the largest story is."""
    query = "{ stories(first: 1, orderBy: [{ articleCount: DESC }]) { nodes { id } } }"
    found = page.request.post(f"{address}/graphql", data={"query": query}).json()
    return f"#/graph?story={found['data']['stories']['nodes'][0]['id']}"

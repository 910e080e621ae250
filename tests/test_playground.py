"""The playground, and the small pages that stand in for what was not built, in a real browser."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from api.web.app import STATIC
from graph.building.snapshot import GraphSnapshot
from graph.model import NodeKind
from tests.browsing import barriers, is_wider_than_window, need_pages, unplugged_chromium, visiting
from tests.service import COMMAND, running, serving

pytestmark = pytest.mark.thorough

WRITTEN: list[dict[str, Any]] = json.loads((STATIC / "examples.json").read_text(encoding="utf-8"))["examples"]
EXAMPLES = [example for example in WRITTEN if example["name"] != "What is linked to most"]
"""Those that the seeds can answer, whose bodies hold no links."""
TOKEN = "a-token-for-reading"
COMMAND_WITHOUT_BUNDLE = (
    "import pathlib, api.web.app as app; app.EXPLORER = app.PLAYGROUND = pathlib.Path('not-built'); " + COMMAND
)
QUERY = ".graphiql-query-editor .view-lines"
ANSWER = ".result-window"
OPERATION_NAME_DELAY = 700
"""Milliseconds after which GraphiQL knows the name of the operation in a tab that has just been opened."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with unplugged_chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of `frontgraph serve`, as users start it."""
    need_pages()
    with serving(tmp_path_factory.mktemp("service")) as address:
        yield address


@pytest.fixture(scope="module")
def service_without_bundle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the same service where the playground was not built."""
    with serving(tmp_path_factory.mktemp("small"), COMMAND_WITHOUT_BUNDLE) as address:
        yield address


def run(page: Page) -> dict[str, Any]:
    """Presses the button and answers what the service said."""
    button = page.get_by_role("button", name=re.compile("^(Run|Execute query)"))
    with page.expect_response(lambda response: response.request.method == "POST") as answer:
        button.click()
    found: dict[str, Any] = answer.value.json()
    return found


def operations(page: Page) -> Locator:
    """The tabs with operations."""
    return page.get_by_role("list", name="Select active operation").get_by_role("listitem")


def text_of(page: Page, selector: str) -> str:
    """What an editor shows; it writes spaces as no-break spaces."""
    return page.locator(selector).inner_text().replace("\N{NO-BREAK SPACE}", " ")


def errors_of_examples(page: Page, show: Any) -> dict[str, Any]:
    """The errors that each example was answered with, by name; None for none."""
    errors = {}
    for example in EXAMPLES:
        show(example["name"])
        errors[example["name"]] = run(page).get("errors")
    return errors


class TestPlayground:
    def test_first_example_is_shown_and_answered(self, browser: Browser, service: str, seeds: GraphSnapshot) -> None:
        with visiting(browser, service, "/graphql") as page:
            expect(page.locator(QUERY)).to_contain_text("LatestArticles")
            assert text_of(page, QUERY).startswith(EXAMPLES[0]["query"].splitlines()[0])
            page.wait_for_timeout(OPERATION_NAME_DELAY)
            found = run(page)
            count = len(seeds.ids[NodeKind.ARTICLE])
            assert found["data"]["articles"]["totalCount"] == count
            expect(page.locator(f"{ANSWER} .view-lines")).to_contain_text(re.compile(rf'"totalCount":\s{count}'))
            assert found["data"]["articles"]["nodes"][0]["title"].split()[0] in text_of(page, f"{ANSWER} .view-lines")

    def test_every_example_is_listed_and_answered(self, browser: Browser, service: str) -> None:
        with visiting(browser, service, "/graphql") as page:
            panel = page.get_by_role("region", name="Example queries")
            expect(panel.get_by_role("button")).to_have_text([example["name"] for example in EXAMPLES])

            def show(name: str) -> None:
                panel.get_by_role("button", name=name).click()
                page.wait_for_timeout(OPERATION_NAME_DELAY)

            assert errors_of_examples(page, show) == {example["name"]: None for example in EXAMPLES}
            expect(operations(page)).to_have_count(1)

    def test_example_leaves_alone_what_was_written(self, browser: Browser, service: str) -> None:
        with visiting(browser, service, "/graphql?query={snapshot{version}}") as page:
            expect(page.locator(QUERY)).to_contain_text("{snapshot{version}}")
            page.get_by_role("button", name="Show Examples").click()
            panel = page.get_by_role("region", name="Example queries")
            for name in ("Latest articles", "What is trending"):
                panel.get_by_role("button", name=name).click()
            expect(page.locator(QUERY)).to_contain_text("Trending")
            expect(operations(page)).to_have_count(2)
            present = operations(page).locator("[aria-current=true]")
            expect(present).to_have_text("Trending")
            operations(page).first.click()
            expect(page.locator(QUERY)).to_contain_text("{snapshot{version}}")
            expect(present).not_to_have_text("Trending")

    def test_button_has_answers_explained(self, browser: Browser, service: str) -> None:
        with visiting(browser, service, "/graphql?query={articles{nodes{provider{name}}}}") as page:
            expect(page.locator(QUERY)).to_contain_text("{articles{nodes{provider{name}}}}")
            page.get_by_role("button", name="Explain answers").click()
            explanation = run(page)["extensions"]["explain"]
            assert explanation["executor"] == "planned"
            assert [step["path"] for step in explanation["plan"]] == ["articles", "articles.nodes.provider"]
            page.get_by_role("button", name="Answers are explained").click()
            assert "extensions" not in run(page)

    def test_shared_address_brings_query_and_variables(self, browser: Browser, service: str) -> None:
        with visiting(browser, service, "/graphql") as page:
            page.get_by_role("region", name="Example queries").get_by_role("button", name="Facets").click()
            page.get_by_role("button", name="Share this query").click()
            expect(page.get_by_role("status").filter(has_text="The address holds this query now")).to_be_visible()
            address = page.url.removeprefix(service)
        with visiting(browser, service, address) as page:
            expect(page.locator(QUERY)).to_contain_text("query Facets")
            expect(page.locator(".graphiql-editor-tool .view-lines").first).to_contain_text("schoolchildren")

    def test_token_opens_a_service_that_asks_for_one(
        self, browser: Browser, tmp_path: Path, seeds: GraphSnapshot
    ) -> None:
        with (
            running(tmp_path, settings={"READ_TOKEN": TOKEN}) as served,
            visiting(browser, served.address, "/graphql", refusals=401) as page,
        ):
            panel = page.get_by_role("region", name="Example queries")
            expect(panel.get_by_role("status")).to_contain_text("this graph could not be asked")
            page.get_by_role("button", name="Show Token").click()
            page.get_by_label("Token", exact=True).fill(TOKEN)
            page.get_by_role("button", name="Use", exact=True).click()
            expect(page.get_by_role("status").filter(has_text="Requests carry the token now.")).to_be_visible()
            page.get_by_role("button", name="Show Examples").click()
            expect(panel.get_by_role("button")).to_have_text([example["name"] for example in EXAMPLES])
            page.wait_for_load_state("networkidle")
            assert run(page)["data"]["articles"]["totalCount"] == len(seeds.ids[NodeKind.ARTICLE])

    def test_answer_stands_below_the_editor_on_a_phone(self, browser: Browser, service: str) -> None:
        with visiting(browser, service, "/graphql", width=390) as page:
            expect(page.locator(QUERY)).to_contain_text("LatestArticles")
            editors, answer = page.locator(".graphiql-editors").bounding_box(), page.locator(ANSWER).bounding_box()
            assert editors
            assert answer
            assert answer["y"] >= editors["y"] + editors["height"]
            assert min(editors["width"], answer["width"]) > 250

    @pytest.mark.parametrize(("width", "theme"), [(390, "light"), (1280, "dark"), (1280, "light")])
    def test_everybody_can_read_and_use_it(self, browser: Browser, service: str, width: int, theme: str) -> None:
        with visiting(browser, service, "/graphql", width=width, color_scheme=theme) as page:
            expect(page.locator(QUERY)).to_contain_text("LatestArticles")
            page.wait_for_timeout(OPERATION_NAME_DELAY)
            run(page)
            expect(page.locator(f"{ANSWER} .view-lines")).to_contain_text("totalCount")
            found = {}
            for panel in ("Documentation Explorer", "History", "Examples", "Token"):
                show = page.get_by_role("button", name=f"Show {panel}")
                if show.count():
                    show.click()
                found[panel] = barriers(page)
            for view in ("Table", "Graph", "Answer"):
                page.get_by_role("tab", name=view).click()
                found[view] = barriers(page)
            page.locator(".graphiql-tab-add").click()
            expect(operations(page)).to_have_count(2)
            found["tabs"] = barriers(page)
            page.get_by_role("button", name="Open settings dialog").click()
            expect(page.get_by_role("dialog")).to_be_visible()
            page.wait_for_timeout(OPERATION_NAME_DELAY)  # it fades in
            found["settings"] = barriers(page)
            assert {place: wrong for place, wrong in found.items() if wrong} == {}
            assert not is_wider_than_window(page)

    def test_editors_have_names_and_mark_no_quotes(self, browser: Browser, service: str) -> None:
        with visiting(browser, service, "/graphql?query=%23 “quoted” – ’s%0A{snapshot{version}}") as page:
            expect(page.locator(QUERY)).to_contain_text("“quoted”")
            for name in ("Query", "Variables", "Headers", "Answer"):
                expect(page.get_by_role("textbox", name=name, exact=True, include_hidden=True)).to_be_attached()
            expect(page.locator(".unicode-highlight")).to_have_count(0)

    def test_documentation_pane_tells_what_can_be_asked(self, browser: Browser, service: str) -> None:
        with visiting(browser, service, "/graphql") as page:
            page.get_by_role("button", name="Show Documentation Explorer").click()
            pane = page.locator(".graphiql-doc-explorer")
            pane.get_by_role("link", name="Query", exact=True).click()
            expect(pane).to_contain_text("All articles, newest first unless ordered otherwise.")
            pane.get_by_role("link", name="ArticleConnection", exact=True).click()
            expect(pane).to_contain_text("Entries in the whole list that pass the filter.")

    def test_link_brings_its_query(self, browser: Browser, service: str) -> None:
        with visiting(browser, service, "/graphql?query={snapshot{version}}") as page:
            expect(page.locator(QUERY)).to_contain_text("{snapshot{version}}")
            page.wait_for_timeout(OPERATION_NAME_DELAY)
            assert run(page)["data"]["snapshot"].keys() == {"version"}


class TestSmallPage:
    def test_first_example_is_shown_and_answered(
        self, browser: Browser, service_without_bundle: str, seeds: GraphSnapshot
    ) -> None:
        with visiting(browser, service_without_bundle, "/graphql") as page:
            expect(page.get_by_label("Query", exact=True)).to_have_value(EXAMPLES[0]["query"])
            run(page)
            expect(page.get_by_role("status")).to_contain_text("Done (HTTP 200)")
            expect(page.get_by_role("region", name="Result")).to_contain_text(
                f'"totalCount": {len(seeds.ids[NodeKind.ARTICLE])}'
            )

    def test_every_example_is_listed_and_answered(self, browser: Browser, service_without_bundle: str) -> None:
        with visiting(browser, service_without_bundle, "/graphql") as page:
            choice = page.get_by_label("Example")
            expect(choice.locator("option")).to_have_text([example["name"] for example in EXAMPLES])
            shown = errors_of_examples(page, lambda name: choice.select_option(label=name))
            assert shown == {example["name"]: None for example in EXAMPLES}

    def test_variables_that_are_no_json_are_not_sent(self, browser: Browser, service_without_bundle: str) -> None:
        with visiting(browser, service_without_bundle, "/graphql") as page:
            expect(page.get_by_label("Query", exact=True)).to_have_value(EXAMPLES[0]["query"])
            page.get_by_label("Variables, as JSON").fill("{first: 3}")
            page.get_by_role("button", name="Run").click()
            expect(page.get_by_role("status")).to_contain_text("The variables are not a JSON object")


class TestSmallStartPage:
    def test_every_link_leads_somewhere(self, browser: Browser, service_without_bundle: str) -> None:
        service = service_without_bundle
        with visiting(browser, service, "/") as page:
            links = [link.get_attribute("href") for link in page.get_by_role("link").all()]
            answers = {
                link: page.request.get(f"{service}/{link}", headers={"Accept": "text/html,*/*"}) for link in links
            }
            assert {link: answer.status for link, answer in answers.items()} == dict.fromkeys(links, 200)
            assert len(links) >= 9

    def test_query_page_is_one_click_away(self, browser: Browser, service_without_bundle: str) -> None:
        with visiting(browser, service_without_bundle, "/") as page:
            page.get_by_role("link", name="Playground").click()
            expect(page).to_have_title("Frontgraph query page")


class TestAnswer:
    def test_lists_of_the_answer_are_tables(self, browser: Browser, service: str) -> None:
        query = "{articles(first:3,orderBy:[{title:ASC}]){nodes{title provider{name} topics{name}}} providers{nodes{id name}}}"
        with visiting(browser, service, f"/graphql?query={query}") as page:
            expect(page.locator(QUERY)).to_contain_text("articles")
            run(page)
            page.get_by_role("tab", name="Table").click()
            expect(page.get_by_role("columnheader")).to_have_text(["title", "provider.name", "topics"])
            expect(page.locator(".data-table tbody tr")).to_have_count(3)
            for _ in range(2):
                page.get_by_role("columnheader").get_by_role("button", name=re.compile("^title")).click()
            titles = page.get_by_role("rowheader").all_inner_texts()
            assert titles == sorted(titles, reverse=True)
            page.get_by_label("List").select_option("providers")
            page.get_by_label("Rows with").fill("harbour")
            with page.expect_download() as download:
                page.get_by_role("button", name="CSV").click()
            rows = Path(download.value.path()).read_text(encoding="utf-8").splitlines()
            assert rows[0] == "id,name"
            assert [row.partition(",")[2] for row in rows[1:]] == ["Harbour Post"]

    def test_nodes_of_the_answer_are_a_picture(self, browser: Browser, service: str) -> None:
        with visiting(browser, service, "/graphql?query={topics(first:3){nodes{name}}}") as page:
            expect(page.locator(QUERY)).to_contain_text("topics")
            page.get_by_role("tab", name="Graph").click()
            panel = page.get_by_role("tabpanel", name="Graph")
            expect(panel).to_contain_text("Run a query first.")
            run(page)
            expect(panel).to_contain_text("This answer names no nodes.")
            page.get_by_role("button", name="Show Examples").click()
            page.get_by_role("button", name="What lies around a topic").click()
            page.wait_for_timeout(OPERATION_NAME_DELAY)
            found = run(page)["data"]["topic"]["neighborhood"]
            expect(panel.get_by_role("img")).to_have_accessible_name(
                re.compile(f"^A picture of {len(found['nodes'])} nodes")
            )
            page.get_by_role("tab", name="Graph").press("ArrowRight")
            expect(page.locator(ANSWER)).to_be_visible()

    @pytest.mark.parametrize("name", ["Table", "Graph"])
    def test_views_of_the_answer_have_room_on_a_phone(self, browser: Browser, service: str, name: str) -> None:
        query = "{articles(first:20){nodes{id title provider{id name} topics{id name}}}}"
        with visiting(browser, service, f"/graphql?query={query}", width=390) as page:
            expect(page.locator(QUERY)).to_contain_text("articles")
            run(page)
            page.get_by_role("tab", name=name).click()
            panel = page.get_by_role("tabpanel", name=name)
            expect(panel.get_by_role("img") if name == "Graph" else panel.get_by_role("table")).to_be_visible()
            box = panel.bounding_box()
            assert box
            assert box["width"] > 250
            assert box["height"] > 300
            assert not is_wider_than_window(page)

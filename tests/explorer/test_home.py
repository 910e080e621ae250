"""The start page of the explorer."""

from playwright.sync_api import Browser, expect

from tests.browsing import visiting


def test_without_scripts_the_small_page_is_shown(browser: Browser, on_seeds: str) -> None:
    with visiting(browser, on_seeds, "/", java_script_enabled=False) as page:
        expect(page.get_by_role("link", name="graph.graphml")).to_have_attribute("href", "export/graph.graphml")
        expect(page.get_by_role("heading", level=1)).to_have_text("Frontgraph")


def test_start_page_tells_what_was_loaded_and_the_query_behind_it(browser: Browser, on_seeds: str) -> None:
    with visiting(browser, on_seeds, "/") as page:
        facts = page.get_by_role("list", name="What it holds").get_by_role("listitem")
        expect(facts).to_have_text(["57 articles", "17 providers", "14 topics", "2 persons", "12 stories"])
        content = page.get_by_role("main")
        expect(content).to_contain_text("Left out, as the site would: 2 unpublished files and 1 removed file.")
        expect(content).to_contain_text("Zoéa’s little sister will be built by schoolchildren")
        expect(content).to_contain_text("2 related articles named twice")
        expect(page.get_by_role("img", name="When the articles were published")).to_be_visible()
        for heading in ("Newest articles", "Topics", "Newest stories", "Biggest stories", "For editors"):
            expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
        page.get_by_text("Show the query").click()
        query = page.get_by_role("region", name="Home", exact=True)
        expect(query.get_by_label("Query", exact=True)).to_contain_text("query Home(")
        link = query.get_by_role("link", name="Open in the playground").get_attribute("href")
        assert link is not None
        assert link.startswith("graphql?query=query+Home")
        assert page.request.get(f"{on_seeds}/{link}", headers={"Accept": "text/html"}).status == 200

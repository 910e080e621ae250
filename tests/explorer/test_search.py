"""The search page of the explorer."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browsing import visiting
from tests.service import running


def test_search_marks_words_and_is_narrowed_by_facets_that_the_address_keeps(browser: Browser, on_seeds: str) -> None:
    with visiting(browser, on_seeds, "/#/search?q=ferry") as page:
        results = page.get_by_role("region", name="What was found")
        expect(results.get_by_role("status")).to_have_text("15 results, the best first")
        expect(results.locator("mark").first).to_have_text("Ferry")
        kinds = page.get_by_role("navigation", name="Kinds")
        expect(kinds.get_by_role("listitem")).to_have_text(["Everything", "Articles13", "Stories1", "Topics1"])
        page.get_by_role("link", name="Harbour Post").first.click()
        expect(results.get_by_role("status")).to_have_text("5 results, the best first")
        page.get_by_role("link", name="2025", exact=True).click()
        expect(page).to_have_url(f"{on_seeds}/#/search?q=ferry&provider=p_qvx3cmzjlonfusf4&year=2025")
        address = page.url
        found = results.get_by_role("listitem").all_text_contents()
        assert found
        page.get_by_role("link", name="Harbour Post take back").click()
        expect(page).to_have_url(f"{on_seeds}/#/search?q=ferry&year=2025")
        page.goto(f"{on_seeds}/#/")
        page.goto(address)
        expect(results.get_by_role("listitem")).to_have_text(found)


def test_search_without_words_or_results_says_what_to_do(browser: Browser, on_seeds: str) -> None:
    with visiting(browser, on_seeds, "/#/search") as page:
        expect(page.get_by_role("main")).to_contain_text("What are you looking for?")
        page.get_by_role("searchbox").fill("zzzzqqq")
        page.keyboard.press("Enter")
        expect(page.get_by_role("main")).to_contain_text("Nothing was found.")


@pytest.mark.thorough
def test_fewer_results_stand_on_a_page_where_texts_are_very_long(browser: Browser, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    for number in range(12):
        text = f"---\ntitle: Gale {number}\n---\n" + f"The gale of day {number} went on. " * 20_000
        (site / f"gale-{number}.md").write_text(text, encoding="utf-8")
    with (
        running(tmp_path, articles=site) as served,
        visiting(browser, served.address, "/#/search?q=gale", refusals=400) as page,
    ):
        results = page.get_by_role("region", name="What was found")
        expect(results.get_by_role("status")).to_have_text("12 results, the best first")
        expect(results.locator("ol.lines > li")).to_have_count(2)
        page.get_by_role("link", name="Next page").click()
        expect(page.get_by_role("link", name="Previous page")).to_be_visible()
        expect(results.locator("ol.lines > li")).to_have_count(2)

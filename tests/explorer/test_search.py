"""The search page of the explorer."""

from playwright.sync_api import Browser, expect

from tests.browsing import visiting


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

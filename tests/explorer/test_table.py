"""Lists of the graph as tables, and as files."""

import csv
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import visiting


def downloaded(page: Page, name: str) -> str:
    with page.expect_download() as download:
        page.get_by_role("button", name=name, exact=True).click()
    return Path(download.value.path()).read_text(encoding="utf-8")


def test_table_is_ordered_and_taken_away_as_it_is_shown(browser: Browser, on_seeds: str) -> None:
    with visiting(browser, on_seeds, "/#/table/providers?columns=name,articles") as page:
        expect(page.get_by_role("columnheader")).to_have_text(["Name", "Articles"])
        page.get_by_role("button", name="Articles", exact=True).click()
        expect(page).to_have_url(re.compile("sort=-articles"))
        expect(page.get_by_role("columnheader", name="Articles")).to_have_attribute("aria-sort", "descending")
        expect(page.locator("tbody tr").first).to_have_text("Harbour Post15")
        shown = page.locator("tbody tr").all_inner_texts()
        rows = list(csv.reader(downloaded(page, "CSV").splitlines()))
        assert rows[0] == ["name", "articles"]
        assert ["\t".join(row) for row in rows[1:]] == shown
        assert len(rows) == 1 + 17


@pytest.mark.thorough
def test_columns_filters_and_pages_stand_in_the_address(browser: Browser, on_seeds: str) -> None:
    with visiting(browser, on_seeds, "/#/table/articles") as page:
        expect(page.get_by_role("status").filter(has_text="57 articles")).to_be_visible()
        first = page.locator("tbody tr").first.inner_text()
        page.get_by_role("link", name="Next page").click()
        expect(page.locator("tbody tr")).to_have_count(7)
        page.get_by_role("link", name="Previous page").click()
        expect(page.locator("tbody tr").first).to_have_text(re.compile(re.escape(first.split("\t")[0])))
        page.get_by_text(re.compile(r"^Columns \(")).click()
        page.get_by_role("checkbox", name="Quality").uncheck()
        page.get_by_role("checkbox", name="Topics").uncheck()
        page.get_by_label("In the title").fill("ferry")
        page.get_by_label("From").fill("2024-06-01")
        expect(page).to_have_url(re.compile("columns=title%2Cprovider%2Cpublished%2Crelated.*words=ferry"))
        found = json.loads(downloaded(page, "JSON"))
        assert {*found[0]} == {"title", "provider", "published", "related"}
        assert [row for row in found if "ferry" not in row["title"].lower()] == []
        assert min(row["published"] for row in found) >= "2024-06"
        page.reload()
        expect(page.locator("tbody tr")).to_have_count(len(found))


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["articles", "topics", "providers", "persons", "stories"])
def test_every_list_is_a_table_on_any_screen(browser: Browser, on_seeds: str, name: str) -> None:
    with visiting(browser, on_seeds, f"/#/table/{name}", width=390, color_scheme="dark") as page:
        expect(page.get_by_role("heading", level=1)).to_have_text(name.capitalize())
        expect(page.locator("tbody tr").first).to_be_visible()
        page.get_by_text(re.compile(r"^Columns \(")).click()
        for box in page.get_by_role("checkbox").all():
            box.check()
        for index in range(page.locator("thead button").count()):
            page.locator("thead button").nth(index).click()
            expect(page.locator("thead th[aria-sort]")).to_have_count(1)
            expect(page.locator("tbody tr").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

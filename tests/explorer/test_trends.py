"""Trends: what rose in a window of time, against the windows before."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browsing import visiting


@pytest.mark.thorough
@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_window_is_chosen_in_the_chart_and_kept_in_the_address(
    browser: Browser, on_seeds: str, width: int, scheme: str
) -> None:
    with visiting(browser, on_seeds, "/#/trends?window=QUARTER", width=width, color_scheme=scheme) as page:
        table = page.get_by_role("region", name="What rose")
        expect(page.locator(".u-select").first).to_have_css("width", re.compile(r"^[1-9]"))
        chart = page.get_by_role("application").first
        chart.focus()
        page.keyboard.press("Home")
        for _ in range(3):
            page.keyboard.press("ArrowRight")
        for key in ("Shift+ArrowRight", "Shift+ArrowRight", "Enter"):
            page.keyboard.press(key)
        expect(page).to_have_url(re.compile("until=2024-06-01T00%3A00%3A00Z"))
        expect(table.get_by_role("row").nth(1)).to_contain_text(re.compile(r"Saltmarra.*10", re.DOTALL))
        page.get_by_role("combobox", name="What rose").select_option("Providers")
        expect(table.get_by_role("rowheader").first).to_contain_text("Harbour Post")
        page.get_by_role("combobox", name="What rose").select_option("Stories")
        expect(table.get_by_role("link", name="Ferry crews vote to strike over night rosters")).to_have_attribute(
            "href", re.compile("^#/story/s_")
        )
        page.get_by_role("button", name="Latest window").click()
        expect(page).not_to_have_url(re.compile("until="))
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

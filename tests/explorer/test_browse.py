"""Pages of topics, providers and persons: their chart, their neighbors, and their articles with filters."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from graph.links import node_id
from graph.model import NodeKind
from tests.browsing import visiting

FERRIES = f"/#/topic/{node_id(NodeKind.TOPIC, 'ferries')}"
FIRSTS_SHOWN = 5
COURIER = f"/#/provider/{node_id(NodeKind.PROVIDER, 'brennhavencourier.example')}"


class Section:
    """The articles of a page, with their chart and filters."""

    def __init__(self, page: Page) -> None:
        self.region = page.get_by_role("region", name="Articles", exact=True)
        self.chart = self.region.get_by_role("application")
        self.count = self.region.get_by_role("status").filter(has_text=re.compile("article"))
        self.filters = self.region.get_by_role("group", name="Filters")


def test_topic_is_read_and_filtered_by_the_keyboard_alone(browser: Browser, on_seeds: str) -> None:
    with visiting(browser, on_seeds, FERRIES) as page:
        expect(page).to_have_title("Ferries – Frontgraph")
        shown = Section(page)
        expect(shown.count).to_have_text("8 articles")
        expect(page.get_by_role("heading", name="Who writes about it")).to_be_visible()
        shown.chart.focus()
        page.keyboard.press("Home")
        expect(shown.region).to_contain_text("Mar 2024: Articles 1")
        for key in ("Shift+ArrowRight", "Shift+ArrowRight", "Enter"):
            page.keyboard.press(key)
        expect(shown.count).to_have_text("4 articles")
        expect(page).to_have_url(re.compile("from=2024-03-01.*to=2024-06-01"))
        page.keyboard.press("Escape")
        expect(shown.count).to_have_text("8 articles")
        shown.region.get_by_text("These numbers as a table").click()
        expect(shown.region.get_by_role("row", name="May 2024 3")).to_be_visible()


@pytest.mark.thorough
def test_filters_stand_in_the_address(browser: Browser, on_seeds: str) -> None:
    with visiting(browser, on_seeds, FERRIES) as page:
        shown = Section(page)
        shown.filters.get_by_label("In the title").fill("ferry")
        expect(page).to_have_url(re.compile("words=ferry"))
        expect(shown.count).not_to_have_text("8 articles")
        found = shown.count.inner_text()
        page.reload()
        expect(shown.count).to_have_text(found)
        expect(shown.filters.get_by_label("In the title")).to_have_value("ferry")
        shown.filters.get_by_role("button", name="Clear filters").click()
        expect(shown.count).to_have_text("8 articles")
        shown.filters.get_by_label("In the title").fill("no such words")
        expect(shown.region).to_contain_text("No article passes these filters.")


def test_provider_shows_the_stories_that_it_told_first(browser: Browser, on_seeds: str) -> None:
    with visiting(browser, on_seeds, "/#/table/providers?sort=-toldFirst&columns=name,toldFirst") as page:
        first = page.locator("tbody tr").first
        count = int(first.locator("td").last.inner_text())
        assert count > 1
        first.get_by_role("link").click()
        expect(page.get_by_role("article")).to_contain_text(f"told {count} stories first")
        told = page.locator("section").filter(has=page.get_by_role("heading", name="Stories it told first"))
        expect(told.get_by_role("listitem")).to_have_count(min(count, FIRSTS_SHOWN))
        provider = page.get_by_role("heading", level=1).inner_text()
        page.goto(f"{on_seeds}/#/table/stories?firstProvider={page.url.rpartition('/')[2]}")
        expect(page.locator("tbody tr")).to_have_count(count)
        leads = page.get_by_role("columnheader").all_inner_texts().index("Who told it first")
        assert {row.locator("th, td").nth(leads).inner_text() for row in page.locator("tbody tr").all()} == {provider}


@pytest.mark.thorough
def test_span_is_dragged_in_the_chart(browser: Browser, on_seeds: str) -> None:
    with visiting(browser, on_seeds, FERRIES) as page:
        shown = Section(page)
        expect(shown.count).to_have_text("8 articles")
        picture = shown.chart.locator(".u-over").bounding_box()
        assert picture
        middle = picture["y"] + picture["height"] / 2
        page.mouse.move(picture["x"] + 2, middle)
        page.mouse.down()
        page.mouse.move(picture["x"] + picture["width"] * 0.19, middle, steps=5)
        page.mouse.up()
        expect(shown.count).to_have_text("4 articles")
        shown.region.get_by_role("button", name="Show all").click()
        expect(shown.count).to_have_text("8 articles")


@pytest.mark.thorough
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_pages_of_nodes_fit_any_screen(browser: Browser, on_seeds: str, width: int, scheme: str) -> None:
    person = f"/#/person/{node_id(NodeKind.PERSON, 'corvin-saltley')}"
    with visiting(browser, on_seeds, COURIER, width=width, color_scheme=scheme) as page:
        for path, name in ((COURIER, "Brennhaven Courier"), (person, "Corvin Saltley"), (FERRIES, "Ferries")):
            page.goto(on_seeds + path)
            expect(page.get_by_role("heading", level=1)).to_have_text(name)
            expect(Section(page).count).to_be_visible()
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.thorough
def test_node_that_is_gone_is_said_to_be(browser: Browser, on_seeds: str) -> None:
    with visiting(browser, on_seeds, "/#/topic/t_aaaaaaaaaaaaaaaa") as page:
        expect(page.get_by_role("main")).to_contain_text("This graph does not hold it")

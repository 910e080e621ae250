"""The page of a story: who told what when."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import visiting

BIGGEST = """{ stories(first: 1, orderBy: [{articleCount: DESC}]) { nodes {
    id label articleCount lead { label } articles(first: 100, orderBy: [{publishedDateTime: ASC}]) { nodes { label } }
} } }"""


def biggest(page: Page, address: str) -> Any:
    answer = page.request.post(f"{address}/graphql", data={"query": BIGGEST})
    return answer.json()["data"]["stories"]["nodes"][0]


@pytest.mark.thorough
@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_story_tells_who_told_what_when(browser: Browser, on_seeds: str, width: int, scheme: str) -> None:
    with visiting(browser, on_seeds, "/", width=width, color_scheme=scheme) as page:
        story = biggest(page, on_seeds)
        page.goto(f"{on_seeds}/#/story/{story['id']}")
        expect(page.get_by_role("heading", level=1)).to_have_text(story["label"])
        expect(page.get_by_role("main")).to_contain_text(f"{story['articleCount']} articles")
        titles = page.locator(".telling .title")
        expect(titles).to_have_text([article["label"] for article in story["articles"]["nodes"]])
        lead = page.locator(".telling").filter(has_text="told it first")
        expect(lead.locator(".title")).to_have_text(story["lead"]["label"])
        for heading in ("Who told it first", "The latest word", "Who tells it", "What it is about"):
            expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

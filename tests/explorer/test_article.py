"""The article page of the explorer."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browsing import visiting
from tests.service import running

TURBINE = "a_fsnc2vjd2kh2bryo"
TENDER = "a_ezmhqicsgdz6yodc"
WRONG_PAGES = """---
title: Gale
date: 2024-01-02
---
# Its own heading

<p style="color: red">Red <script>alert(1)</script><img src="https://elsewhere.example/gale.png" alt="The gale"></p>

See [the frost](frost.md), [a part](#its-own-heading) and [elsewhere](https://elsewhere.example/).

| wind | force |
| --- | --- |
| north | 9 |
"""


def test_article_shows_its_text_and_who_says_what_about_it(browser: Browser, on_seeds: str) -> None:
    with visiting(browser, on_seeds, f"/#/article/{TURBINE}") as page:
        title = "First turbine lowered into Corrin Sound after a night of waiting"
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        content = page.get_by_role("main")
        expect(content).to_contain_text("The crew had been ready since midnight")
        expect(page.get_by_role("heading", name="5 related articles")).to_be_visible()
        beside = page.get_by_role("complementary", name="What belongs to it")
        expect(beside.get_by_role("link", name="Tidal Power").first).to_be_visible()
        page.get_by_text("title 2 other values").click()
        expect(content).to_contain_text("places say")
        expect(content).to_contain_text("_news/2024-06-18-corrin-sound-first-tidal-turbine-touches-the-seabed.md")
        expect(content).to_contain_text("This is the same article as")
        page.get_by_role("link", name="Corrin Sound chosen").last.click()
        expect(page.get_by_role("heading", level=1)).to_be_focused()


def test_article_that_is_not_there_is_said_to_be_unknown(browser: Browser, on_seeds: str) -> None:
    with visiting(browser, on_seeds, "/#/article/a_aaaaaaaaaaaaaaaa") as page:
        expect(page.get_by_role("main")).to_contain_text("This graph does not hold it")


def test_pictures_of_the_site_are_shown_by_their_address_there(browser: Browser, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    picture = "![Map](/maps/gale.png)"
    for name, address in (("Gale", "canonical_url: https://weather.example/2024/gale/\n"), ("Calm", "")):
        (site / f"{name}.md").write_text(f"---\ntitle: {name}\n{address}---\n{picture}\n", encoding="utf-8")
    with (
        running(tmp_path, articles=site) as served,
        visiting(browser, served.address, "/#/table/articles") as page,
    ):
        page.get_by_role("link", name="Gale").click()
        shown = page.locator(".article-body .picture")
        expect(shown).to_have_text("Map weather.example")
        expect(shown.get_by_role("link")).to_have_attribute("href", "https://weather.example/maps/gale.png")
        page.goto(f"{served.address}/#/table/articles")
        page.get_by_role("link", name="Calm").click()
        expect(shown).to_have_text("Map")


@pytest.mark.thorough
def test_body_brings_no_styles_scripts_or_pictures_of_others_and_its_links_lead_within(
    browser: Browser, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "gale.md").write_text(WRONG_PAGES, encoding="utf-8")
    (site / "frost.md").write_text("---\ntitle: Frost\n---\nIt was cold.\n", encoding="utf-8")
    with (
        running(tmp_path, articles=site) as served,
        visiting(browser, served.address, "/#/search?q=gale&kind=article") as page,
    ):
        page.get_by_role("link", name="Gale").click()
        body = page.locator(".article-body")
        expect(body.get_by_role("heading", level=2)).to_have_text("Its own heading")
        expect(body.get_by_role("link", name="The gale")).to_have_attribute(
            "href", "https://elsewhere.example/gale.png"
        )
        expect(body.locator("img, script, [style]")).to_have_count(0)
        expect(body.get_by_role("table")).to_contain_text("north")
        body.get_by_role("button", name="a part").click()
        body.get_by_role("link", name="the frost").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Frost")

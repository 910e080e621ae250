"""A real browser that can reach nothing but the service, and what a page did in it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Route, expect, sync_playwright

from api.web.app import EXPLORER
from tests.js_tools import give_up, js_file

UNPLUGGED = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
DRIVER = "GL Driver Message"
"""In what WebGL's driver, which without a graphics card is a program, says about its own speed."""
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")

expect.set_options(timeout=30_000)  # a busy machine takes its time


@contextmanager
def unplugged_chromium() -> Iterator[Browser]:
    """Chromium as Debian and others install it, without a network."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        give_up("no Chromium on PATH; `apt-get install chromium` brings it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[UNPLUGGED])
        yield browser
        browser.close()


def need_pages() -> None:
    """Where the pages are not built, `give_up`."""
    if not EXPLORER.exists():
        give_up("the browser pages are not built; `python hatch_build.py` builds them")


class Watch:
    """What a page did that it should not do."""

    def __init__(self, page: Page, address: str) -> None:
        self.foreign: list[str] = []
        self.complaints: list[str] = []
        self._address = address
        page.route("**/*", self._route)
        page.on("request", self._request)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self._address, "data:", f"blob:{self._address}")):
            self.foreign.append(request.url)

    def _route(self, route: Route) -> None:
        if route.request.url.startswith(self._address):
            route.continue_()
        else:
            route.abort()

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and DRIVER not in message.text:
            self.complaints.append(message.text)  # violations of the Content-Security-Policy are among them


@contextmanager
def visiting(
    browser: Browser, address: str, path: str, width: int = 1400, refusals: int | None = None, **context_options: Any
) -> Iterator[Page]:
    """A page in a fresh browser profile; afterwards it must have stayed on its host and been content.

    `refusals` is the status of answers that the page has to get over.
    """
    with browser.new_context(viewport={"width": width, "height": 900}, **context_options) as context:
        page = context.new_page()
        watch = Watch(page, address)
        page.goto(address + path)
        yield page
        assert watch.foreign == [], watch.foreign
        expected = [] if refusals is None else [text for text in watch.complaints if f"status of {refusals}" in text]
        assert watch.complaints == expected, watch.complaints


def barriers(page: Page) -> list[str]:
    """What axe finds serious for those who do not see the page or use no pointer: its rule and where, one for each place."""
    page.evaluate(js_file("axe-core/axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{rule['id']}: {' '.join(map(str, place['target']))} ({rule['help']})"
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
        for place in rule["nodes"]
    ]


def is_wider_than_window(page: Page) -> bool:
    """Whether the page as a whole has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))

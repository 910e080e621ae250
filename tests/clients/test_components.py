"""The components of docs/clients.md in a browser: pages, bodies, and what changed while the connection was lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import unplugged_chromium
from tests.clients.conversation import EDITED_TITLE
from tests.clients.page import write_recipes
from tests.clients.stage import Stage, staged
from tests.js_tools import JAVASCRIPT, run_node

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with unplugged_chromium() as browser:
        yield browser


@contextmanager
def site(folder: Path) -> Iterator[str]:
    """The origin of a server that shows the files of a folder, as the one of a site under development does."""
    handler = partial(QuietHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 (so it is called there)
        """Says nothing."""


@pytest.mark.parametrize("script", ["vue.mjs", "svelte.mjs"])
def test_component_shows_pages_and_what_changed(browser: Browser, script: str, tmp_path: Path) -> None:
    project, service, built = (tmp_path / name for name in ("project", "service", "built"))
    service.mkdir()
    built.mkdir()
    with site(built) as origin, staged(service, {"ALLOWED_ORIGINS": origin}) as stage:
        build(script, stage.address, project, built)
        page = browser.new_page()
        page.goto(origin)
        assert_follows(page, stage)
        page.close()


def build(script: str, address: str, project: Path, built: Path) -> None:
    """Makes a page of a script of docs/clients.md."""
    write_recipes(project, address)
    (project / "node_modules").symlink_to(JAVASCRIPT / "node_modules")
    bundled = run_node(JAVASCRIPT / "components.mjs", project / script, cwd=project)
    assert bundled.returncode == 0, bundled.stderr
    (built / "script.mjs").write_text(bundled.stdout, encoding="utf-8")
    html = '<!doctype html><meta charset="utf-8"><body><script type="module" src="script.mjs"></script>'
    (built / "index.html").write_text(html, encoding="utf-8")


def assert_follows(page: Page, stage: Stage) -> None:
    titles, added = page.locator("h2"), page.locator("p", has_text="One line more.")
    expect(titles).to_have_text(["Cider from windfalls", "The first hive", "The second hive"])
    page.get_by_role("button", name="More").click()
    expect(titles).to_have_text([EDITED_TITLE])
    expect(page.locator("p")).to_have_text(["See you at the other end of the lane."])
    stage.edit()
    expect(added).to_have_count(1)
    stage.edit_unseen()
    expect(added).to_have_count(2)
    stage.stop()
    stage.edit()
    stage.start()
    expect(added).to_have_count(3)

"""A browser for each module of the explorer's tests, and a service to look at."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browsing import need_pages, unplugged_chromium
from tests.service import serving


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Not longer than a module: while it is open, Playwright runs an event loop in this thread, and tests run their own."""
    need_pages()
    with unplugged_chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def on_seeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service on the seeds."""
    with serving(tmp_path_factory.mktemp("service")) as address:
        yield address

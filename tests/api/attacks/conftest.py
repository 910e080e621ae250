"""Services that are attacked over real sockets, each in a process of its own."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.service import Served, running


@pytest.fixture(params=["the short way", "the usual way"])
def served(request: pytest.FixtureRequest, service: Served) -> Served:
    """The service as it is without any setting; nothing in this module makes it fail."""
    return replace(service, sends_in_one_piece=request.param == "the short way")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with running(tmp_path_factory.mktemp("service")) as served:
        yield served
        assert served.process.poll() is None
        assert served.ask("GET", "/healthz").status == 200
        log = served.whole_log()
        assert "Traceback" not in log
        assert [line for line in log.splitlines() if '"level":"error"' in line] == []


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service that tells nothing of its schema, and lets pages of two other origins read."""
    settings = {"INTROSPECTION": "0", "ALLOWED_ORIGINS": "https://news.example, http://localhost:3000"}
    with running(tmp_path_factory.mktemp("strict"), settings=settings) as served:
        yield served

from collections.abc import Iterator

import pytest

from api.server import ServerLimits
from tests.api.server.running import SHORT, UNHURRIED, Running, running, until
from tests.idle import wait_until_idle


@pytest.fixture(scope="module")
def service() -> Iterator[Running]:
    """A server that ends nothing for lack of time."""
    yield from _served(UNHURRIED)


@pytest.fixture(scope="module")
def hurried() -> Iterator[Running]:
    """A server that gives everybody less than a second."""
    yield from _served(SHORT)


def _served(limits: ServerLimits) -> Iterator[Running]:
    with running(limits) as service:
        yield service
        wait_until_idle()
        until(lambda: not service.server.connections)  # all that are closed are forgotten


@pytest.fixture(autouse=True)
def no_log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Whatever a client does, the log holds no warning."""
    yield caplog
    assert [record.getMessage() for record in caplog.records if record.levelname in ("WARNING", "ERROR")] == []

"""One small service for all tests that leave it as it was."""

from collections.abc import Iterator

import pytest

from tests.api.streams.serving import Running, serving
from tests.idle import wait_until_idle


@pytest.fixture(scope="package")
def running() -> Iterator[Running]:
    with serving() as running:
        yield running
        wait_until_idle()

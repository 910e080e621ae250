"""One small service for all tests that leave it as it was."""

from collections.abc import Iterator

import pytest

from tests.api.streams.serving import Running, serving


@pytest.fixture(scope="session")
def running() -> Iterator[Running]:
    with serving() as running:
        yield running

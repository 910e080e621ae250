"""A database server for the tests of this folder, and an empty database of it for each test."""

from collections.abc import Iterator
from itertools import count

import pytest

from tests.postgres import Postgres, running_postgres

_NUMBERS = count()


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with running_postgres() as running:
        yield running


@pytest.fixture
def database(server: Postgres) -> Postgres:
    """An empty database."""
    return server.with_database(f"test_{next(_NUMBERS)}")

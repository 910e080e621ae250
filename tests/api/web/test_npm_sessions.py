"""The same session through the GraphQL clients of npm: pages, mistakes, persisted queries, a subscription."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.js_tools import JAVASCRIPT, run_node
from tests.service import SEEDS, Served, running

pytestmark = pytest.mark.thorough

TOKEN = "admin-token-0123456789"
WITHOUT_HASHES = ("graphql-request", "tanstack")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(SEEDS, tmp_path_factory.mktemp("articles") / "seeds"))


@pytest.fixture(scope="module")
def served(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with running(tmp_path_factory.mktemp("service"), articles=folder, settings={"ADMIN_TOKEN": TOKEN}) as served:
        yield served


@pytest.mark.parametrize("client", ["urql", "apollo", "graphql-request", "tanstack", "graphql-ws", "graphql-sse"])
def test_client_has_the_same_session_as_all(served: Served, folder: Path, client: str) -> None:
    query = "{ articles(first: 1, filter: {origin: {eq: DOCUMENT}}) { nodes { title file } } }"
    [article] = served.post({"query": query}).json()["data"]["articles"]["nodes"]
    query = "{ topics(first: 4) { nodes { name } } }"
    names = [node["name"] for node in served.post({"query": query}).json()["data"]["topics"]["nodes"]]
    finished = run_node(JAVASCRIPT / "session.mjs", client, served.address, folder / article["file"], TOKEN)
    assert finished.returncode == 0, finished.stderr
    has_hashes = client not in WITHOUT_HASHES
    assert json.loads(finished.stdout) == {
        "pages": [names[:2], names[2:]],
        "invalid": ["GRAPHQL_VALIDATION_FAILED"],
        "mistaken": ["BAD_ID"],
        "byHash": [names[:2]] * 2 if has_hashes else None,
        "changed": [article["title"]] if has_hashes else None,
    }

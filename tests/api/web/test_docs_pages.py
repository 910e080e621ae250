"""The documentation as pages: every page is there, and every link and heading that it names."""

import re
from collections.abc import Iterator

import pytest
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from api.settings import Settings
from api.web.app import create_app
from api.web.docs_pages import documentation, rendered
from graph.building.snapshot import GraphSnapshot
from graph.stores.memory import MemoryStore
from tests.conftest import ROOT

NAMES = sorted(path.stem for path in (ROOT / "docs").glob("*.md"))


@pytest.fixture(scope="module")
def client(known: GraphSnapshot) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(), MemoryStore(known))) as client:
        yield client


def test_every_page_is_there(client: TestClient) -> None:
    assert list(documentation()) == NAMES
    for name in NAMES:
        answer = client.get(f"/docs/{name}")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert "<script" not in answer.text
    assert client.get("/docs", follow_redirects=False).headers["location"] == "/docs/api"
    assert client.get("/static/docs.css").status_code == 200
    missing = client.get("/docs/nothing")
    assert (missing.status_code, missing.json()["errors"][0]["extensions"]["code"]) == (404, "NOT_FOUND")
    assert client.get("/docs/..%2fREADME").status_code == 404


@pytest.mark.parametrize("prefix", ["", "/news"])
def test_every_link_between_pages_leads_to_a_heading_that_is_there(prefix: str) -> None:
    pages = {name: LexborHTMLParser(rendered(name, prefix) or "") for name in NAMES}
    ids = {name: {node.attributes["id"] for node in page.css("[id]")} for name, page in pages.items()}
    links = 0
    for name, page in pages.items():
        for node in page.css("main a[href]"):
            target = node.attributes["href"] or ""
            if target.startswith(f"{prefix}/docs/"):
                links += 1
                other, sign, heading = target.removeprefix(f"{prefix}/docs/").partition("#")
                assert other in ids, (name, target)
                assert not sign or heading in ids[other], (name, target)
            elif target.startswith("#"):
                assert target[1:] in ids[name], (name, target)
            else:
                assert re.match(r"https?://|/schema\.graphql$", target.removeprefix(prefix)), (name, target)
    assert links > 80


def test_pages_say_where_they_are() -> None:
    page = LexborHTMLParser(rendered("security", "") or "")
    assert [node.text() for node in page.css("nav a[aria-current]")] == ["Security"]
    assert [node.text() for node in page.css("title")] == ["Security – Frontgraph"]
    assert len(page.css("table")) > 5

"""The other routes: pages, files, schema, exports, health; and the headers of every answer."""

import json
import logging
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

import api.web.app
from api.schema.assembly import print_schema
from api.server.security_headers import POLICY
from api.settings import Settings
from api.web.app import create_app
from graph.analysis.stories import stories
from graph.building.snapshot import GraphSnapshot
from graph.export.contents import ExportOptions
from graph.export.formats import ExportFormat
from graph.export.selection_query import SelectionQuery, selected_nodes
from graph.export.writing import export_chunks
from graph.lists.filters import AllOf, AnyOf, Compare, Operator, Quantifier, RelationCondition
from graph.model import NodeKind
from graph.stores.memory import MemoryStore
from tests.cases import random_cases

ROUTES = {
    "/": "text/html; charset=utf-8",
    "/graphql?query={__typename}": "application/json; charset=utf-8",
    "/schema.graphql": "application/graphql; charset=utf-8",
    "/healthz": "application/json",
    "/readyz": "application/json",
    "/static/query.css": "text/css; charset=utf-8",
    "/static/icon.svg": "image/svg+xml",
    "/static/examples.json": "application/json",
    "/export/graph.graphml": "application/graphml+xml",
    "/export/graph.gexf": "application/gexf+xml",
    "/export/graph.json": "application/json",
    "/export/graph.cyjs": "application/json",
    "/export/graph.jsonld": "application/ld+json",
    "/export/graph.dot": "text/vnd.graphviz; charset=utf-8",
    "/export/graph.zip": "application/zip",
    "/export/graph.parquet.zip": "application/zip",
}
ERRORS = {"/nothing": 404, "/static/nothing.js": 404, "/export/nothing": 404, "/graphql": 400, "/graphql/x": 404}


def error_of(response: Any) -> tuple[int, str, str]:
    (error,) = response.json()["errors"]
    assert (set(response.json()), set(error)) == ({"errors"}, {"message", "extensions"})
    return response.status_code, error["extensions"]["code"], error["message"]


@pytest.mark.parametrize("path", ROUTES)
def test_route_answers_in_its_media_type(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.headers["content-type"]) == (200, ROUTES[path])
    head = client.head(path)
    assert (head.status_code, head.headers["content-type"], head.content) == (200, ROUTES[path], b"")


@pytest.mark.parametrize("path", [*ROUTES, *ERRORS])
def test_every_answer_tells_browsers_to_be_strict(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == ERRORS.get(path, 200)
    assert response.headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; font-src 'self'; "
        "worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert response.headers["cross-origin-opener-policy"] == "same-origin"
    assert "server" not in response.headers


@pytest.mark.parametrize("path", [path for path in ROUTES if not path.startswith("/graphql")])
def test_routes_are_read_only(client: TestClient, path: str) -> None:
    response = client.post(path)
    assert error_of(response) == (405, "METHOD_NOT_ALLOWED", "POST is not allowed here; use GET, HEAD.")
    assert response.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/graphql/nothing",
        "/static",
        "/static/",
        "/static/nothing.js",
        "/static/../app.py",
        "/static/..%2fapp.py",
        "/static/%2e%2e/app.py",
        "/static/..%5capp.py",
        "/static//etc/passwd",
        "/static/%2fetc%2fpasswd",
        "/static/%00",
        "/static/" + "a" * 5_000,
        "/export/",
        "/export/../../pyproject.toml",
        "/export/..%2f..%2fpyproject.toml",
        "/export/graph.json/x",
        "/%ff%fe",
    ],
)
def test_path_to_nothing_is_not_found(client: TestClient, path: str) -> None:
    expected = (404, "NOT_FOUND", "Nothing stands at this URL; the start page is /.")
    assert error_of(client.get(path)) == expected


@pytest.mark.parametrize("path", ["/nothing", "/static/nothing.js", "/export/nothing"])
def test_browser_gets_a_page_that_leads_to_the_start_page(client: TestClient, path: str) -> None:
    response = client.get(path, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert (response.status_code, response.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert '<a href="/">Start page</a>' in response.text
    assert response.headers["vary"] == client.get(path).headers["vary"] == "Accept"


@pytest.mark.parametrize("name", ["nothing", "graph", "GRAPH.JSON", "graph.json%00", "graph.csv"])
def test_unknown_export_is_not_found_and_the_known_ones_are_named(client: TestClient, name: str) -> None:
    message = (
        "There is no export of this name; there are graph.graphml, graph.gexf, graph.json, graph.cyjs, graph.jsonld, "
        "graph.dot, graph.zip, graph.parquet.zip."
    )
    assert error_of(client.get(f"/export/{name}")) == (404, "NOT_FOUND", message)


@pytest.mark.parametrize("wanted", ExportFormat)
def test_export_is_the_whole_file_as_an_attachment(
    client: TestClient, known: GraphSnapshot, wanted: ExportFormat
) -> None:
    response = client.get(f"/export/{wanted.file_name}")
    assert response.content == b"".join(export_chunks(known, wanted))
    assert response.headers["content-disposition"] == f'attachment; filename="{wanted.file_name}"'


ARTICLE = "a_3fojh4lmgpkodwbd"
STORY = "s_cuy6d4shkbaaphpq"
PARTS: list[tuple[dict[str, str], SelectionQuery]] = [
    ({}, SelectionQuery()),
    ({"filter": "{}"}, SelectionQuery()),
    (
        {"filter": '{"quality": {"gte": 90}, "topics": {"some": {"slug": {"in": ["energy", "ai"]}}}}'},
        SelectionQuery(
            AllOf(
                (
                    Compare("quality", Operator.GTE, 90),
                    RelationCondition("topics", Quantifier.SOME, Compare("slug", Operator.IN, ("energy", "ai"))),
                )
            )
        ),
    ),
    ({"filter": '{"or": []}'}, SelectionQuery(AnyOf(()))),
    ({"around": ARTICLE}, SelectionQuery(around=ARTICLE)),
    ({"around": ARTICLE, "depth": "0"}, SelectionQuery(around=ARTICLE, depth=0)),
    ({"around": ARTICLE, "depth": "04"}, SelectionQuery(around=ARTICLE, depth=4)),
    ({"around": STORY, "depth": "2"}, SelectionQuery(around=STORY, depth=2)),
    ({"story": STORY}, SelectionQuery(story=STORY)),
    (
        {"story": STORY, "filter": '{"publishedDateTime": {"lt": "2024-10-01T02:00:00+02:00"}}'},
        SelectionQuery(Compare("published_date_time", Operator.LT, datetime(2024, 10, 1, tzinfo=UTC)), story=STORY),
    ),
    (
        {"around": "t_va7jpwnfydfc72cx", "filter": '{"title": {"contains": "ZOÉA", "ignoreCase": true}}'},
        SelectionQuery(Compare("title", Operator.CONTAINS, "ZOÉA", ignore_case=True), around="t_va7jpwnfydfc72cx"),
    ),
]


@pytest.mark.parametrize(("parameters", "part"), PARTS, ids=lambda value: str(value)[:40])
def test_export_of_a_part_is_what_the_parameters_ask_for(
    client: TestClient, known: GraphSnapshot, parameters: dict[str, str], part: SelectionQuery
) -> None:
    response = client.get("/export/graph.json", params=parameters)
    assert response.status_code == 200
    assert response.content == b"".join(export_chunks(known, ExportFormat.JSON, selected_nodes(known, part)))


@pytest.mark.parametrize(
    ("parameters", "options"),
    [
        ({"stories": "true"}, ExportOptions(stories=True)),
        ({"stories": "false", "backbone": "false", "bom": "false"}, ExportOptions()),
        ({"projection": "providers"}, ExportOptions(projection=NodeKind.PROVIDER)),
        ({"projection": "topics", "backbone": "true"}, ExportOptions(projection=NodeKind.TOPIC, backbone=True)),
        ({"bom": "true"}, ExportOptions(byte_order_mark=True)),
    ],
    ids=str,
)
def test_export_is_made_of_a_part_as_the_parameters_say(
    client: TestClient, known: GraphSnapshot, parameters: dict[str, str], options: ExportOptions
) -> None:
    response = client.get("/export/graph.zip", params={"story": STORY, **parameters})
    nodes = selected_nodes(known, SelectionQuery(story=STORY))
    assert response.content == b"".join(export_chunks(known, ExportFormat.CSV, nodes, options))


@pytest.mark.parametrize("wanted", ExportFormat)
def test_every_format_is_exported_in_parts(client: TestClient, known: GraphSnapshot, wanted: ExportFormat) -> None:
    nodes = selected_nodes(known, SelectionQuery(story=STORY))
    response = client.get(f"/export/{wanted.file_name}", params={"story": STORY})
    assert response.content == b"".join(export_chunks(known, wanted, nodes))


def test_story_is_exported_by_any_id_that_it_may_have_had(client: TestClient, known: GraphSnapshot) -> None:
    *_, latest = stories(known).by_id[STORY].articles
    for parameter in ("story", "around"):
        by_its_id, by_another = (
            client.get("/export/graph.json", params={parameter: story_id})
            for story_id in (STORY, f"s_{latest.removeprefix('a_')}")
        )
        assert (by_its_id.status_code, by_another.content) == (200, by_its_id.content)


NO_PARAMETER = (
    "There is no parameter {}; an export takes filter, around, depth, story, stories, projection, backbone, bom."
)
NULL = "is null, which compares with nothing; leave it out, or ask `isNull: true`."
BAD_PARTS: dict[str, tuple[str, str]] = {
    "x=1": ("BAD_PART", NO_PARAMETER.format("“x”")),
    "Filter={}": ("BAD_PART", NO_PARAMETER.format("“Filter”")),
    "=": ("BAD_PART", NO_PARAMETER.format("“”")),
    "throughHubs=true": ("BAD_PART", NO_PARAMETER.format("“throughHubs”")),
    f"around={ARTICLE}&around={ARTICLE}": (
        "BAD_PART",
        "The parameter “around” is given more than once; give it once.",
    ),
    "filter={}&story=x&filter={}": ("BAD_PART", "The parameter “filter” is given more than once; give it once."),
    "depth=2": ("BAD_PART", "`depth` counts steps around a node; name the node in `around`."),
    f"story={STORY}&depth=2": ("BAD_PART", "`depth` counts steps around a node; name the node in `around`."),
    f"around={ARTICLE}&depth=": ("BAD_PART", "`depth` is “”; it must be a whole number."),
    f"around={ARTICLE}&depth=x": ("BAD_PART", "`depth` is “x”; it must be a whole number."),
    f"around={ARTICLE}&depth=-1": ("BAD_PART", "`depth` is “-1”; it must be a whole number."),
    f"around={ARTICLE}&depth=1.5": ("BAD_PART", "`depth` is “1.5”; it must be a whole number."),
    f"around={ARTICLE}&depth=%D9%A3": ("BAD_PART", "`depth` is “٣”; it must be a whole number."),
    f"around={ARTICLE}&story={STORY}": ("BAD_PART", "`around` and `story` exclude each other; give one of them."),
    "projection=articles": (
        "BAD_PART",
        "`projection` is “articles”; it may be providers, topics, persons.",
    ),
    "backbone=true": ("BAD_PART", "`backbone` leaves edges out of a projection; say which one in `projection`."),
    "projection=topics&backbone=yes": ("BAD_PART", "`backbone` is “yes”; it must be true or false."),
    "projection=topics&stories=true": (
        "BAD_PART",
        "`stories` and `projection` exclude each other; give one of them.",
    ),
    "stories=": ("BAD_PART", "`stories` is “”; it must be true or false."),
    "around=": ("NOT_FOUND", "No node has the id “”."),
    "around=a_aaaaaaaaaaaaaaaa": ("NOT_FOUND", "No node has the id “a_aaaaaaaaaaaaaaaa”."),
    "story=s_aaaaaaaaaaaaaaaa": ("NOT_FOUND", "No story has the id “s_aaaaaaaaaaaaaaaa”."),
    f"story={ARTICLE}": ("NOT_FOUND", f"No story has the id “{ARTICLE}”."),
    "filter=": ("BAD_FILTER", "The filter is not JSON: "),
    "filter={": ("BAD_FILTER", "The filter is not JSON: "),
    "filter=NaN": ("BAD_FILTER", "The filter is not JSON: "),
    "filter=%FF": ("BAD_FILTER", "The filter is not JSON: "),
    "filter=" + '{"not":' * 2_000 + "{}" + "}" * 2_000: ("BAD_FILTER", "The filter is not JSON: "),
    "filter=" + '{"not":' * 900 + "{}" + "}" * 900: ("BAD_FILTER", "The filter is nested too deeply; "),
    "filter=[]": ("BAD_FILTER", "The filter is no JSON object; write, for example, "),
    "filter=null": ("BAD_FILTER", "The filter is no JSON object; write, for example, "),
    'filter="title"': ("BAD_FILTER", "The filter is no JSON object; write, for example, "),
    'filter={"titel": {}}': (
        "BAD_FILTER",
        "filter: Expected value of type 'ArticleFilter' not to include unknown field 'titel'.",
    ),
    'filter={"title": {"eq": 5}}': ("BAD_FILTER", "filter.title.eq: String cannot represent a non string value: 5"),
    'filter={"and": [{}, {"heat": {"gt": "x"}}]}': ("BAD_FILTER", "filter.and[1].heat.gt: Int cannot represent "),
    'filter={"heat": {"gt": 99999999999}}': ("BAD_FILTER", "filter.heat.gt: Int cannot represent non 32-bit "),
    'filter={"publishedDateTime": {"gt": "soon"}}': (
        "BAD_FILTER",
        "filter.publishedDateTime.gt: DateTime cannot represent 'soon'; write it like 2024-05-03T09:30:00Z.",
    ),
    'filter={"title": null}': ("BAD_FILTER", f"filter.title {NULL}"),
    'filter={"or": [{"title": {"eq": null}}]}': ("BAD_FILTER", f"filter.or[0].title.eq {NULL}"),
}


@pytest.mark.parametrize("parameters", BAD_PARTS, ids=lambda text: text[:40])
def test_part_that_makes_no_sense_or_is_not_there_is_refused(client: TestClient, parameters: str) -> None:
    for name in ("graph.json", "graph.zip"):
        response = client.get(f"/export/{name}?{parameters}")
        status, code, message = error_of(response)
        expected_code, start = BAD_PARTS[parameters]
        expected_status = 404 if expected_code == "NOT_FOUND" else 400
        assert (status, code, message[: len(start)]) == (expected_status, expected_code, start)
        assert response.headers["content-type"] == "application/json; charset=utf-8"
        assert "content-disposition" not in response.headers


@pytest.mark.parametrize("depth", ["5", "1000", "999999999"])
def test_part_too_deep_is_400_and_the_limit_is_named(client: TestClient, depth: str) -> None:
    response = client.get(f"/export/graph.json?around={ARTICLE}&depth={depth}")
    status, code, message = error_of(response)
    assert (status, code) == (400, "BAD_TRAVERSAL")
    assert depth in message
    assert "4" in message


def test_parameters_of_an_unknown_export_are_not_looked_at(client: TestClient) -> None:
    assert error_of(client.get("/export/nothing?x=1"))[:2] == (404, "NOT_FOUND")


def test_export_that_needs_what_is_not_installed_is_501_before_any_byte(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "graph.export.parquet_format", raising=False)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    response = client.get("/export/graph.parquet.zip")
    message = 'Parquet files are written by pyarrow, which is not installed. Run: pip install "frontgraph[parquet]"'
    assert error_of(response) == (501, "NOT_INSTALLED", message)
    assert client.get("/export/graph.zip").status_code == 200


KINDS_OF_REFUSAL = {(400, "BAD_PART"), (400, "BAD_FILTER"), (400, "BAD_TRAVERSAL"), (404, "NOT_FOUND")}


def test_no_parameters_make_an_export_fail(client: TestClient) -> None:
    fields = st.sampled_from(
        ["title", "quality", "and", "or", "not", "topics", "some", "count", "eq", "in", "gt", "story"]
    )
    values = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda children: st.dictionaries(fields, children, max_size=3) | st.lists(children, max_size=2),
    )
    texts = st.text(max_size=5) | st.sampled_from([ARTICLE, STORY, "1", "2", "4", "5", "{}"]) | values.map(json.dumps)

    @random_cases(400)
    @given(st.dictionaries(st.sampled_from(["filter", "around", "depth", "story", "x"]), texts, max_size=3))
    def check(parameters: dict[str, str]) -> None:
        response = client.get("/export/graph.dot", params=parameters)
        if response.status_code != 200:
            status, code, _ = error_of(response)
            assert (status, code) in KINDS_OF_REFUSAL

    check()


def test_schema_is_the_printed_one(client: TestClient) -> None:
    assert client.get("/schema.graphql").text == print_schema()


def test_health_and_readiness(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready", "version": "0" * 32}


def test_trailing_slash_leads_to_the_route(client: TestClient) -> None:
    response = client.get("/healthz/")
    assert (response.json(), [step.status_code for step in response.history]) == ({"status": "ok"}, [307])


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/healthz/", "/healthz"),
        ("/graphql/?query=%7B__typename%7D", "/graphql?query=%7B__typename%7D"),
        ("//evil.example/", "/evil.example"),
        ("/%2fevil.example/", "/evil.example"),
        ("/%5cevil.example/", "/%5Cevil.example"),
        ("/a%0db/", "/a%0Db"),
        ("/docs?a=b%26c", "/docs/api?a=b%26c"),
    ],
)
def test_no_redirect_leads_to_another_host(client: TestClient, path: str, location: str) -> None:
    response = client.request(
        "GET", f"http://testserver{path}", headers={"Host": "evil.example"}, follow_redirects=False
    )
    assert (response.status_code, response.headers["location"]) == (307, location)


def test_prefix_leads_to_the_start_page_with_what_was_asked(seeds: GraphSnapshot) -> None:
    client = TestClient(create_app(Settings(root_path="/news"), MemoryStore(seeds)), root_path="/news")
    for path, location in (("/news", "/news/"), ("/news?q=sea%20ice", "/news/?q=sea%20ice")):
        response = client.get(path, follow_redirects=False)
        assert (response.status_code, response.headers["location"]) == (307, location)


def test_small_start_page_names_every_export_and_only_own_addresses(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(api.web.app, "EXPLORER", tmp_path / "not-built.html")
    page = client.get("/").text
    assert [wanted for wanted in ExportFormat if f'href="export/{wanted.file_name}"' not in page] == []
    assert "://" not in page
    assert "<script" not in page


@pytest.mark.parametrize("is_built", [True, False])
def test_browser_gets_pages_whether_they_were_built_or_not(
    known: GraphSnapshot,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    is_built: bool,
) -> None:
    page = tmp_path / "playground.html"
    if is_built:
        page.write_text("<!doctype html><title>Playground</title>", encoding="utf-8")
        (tmp_path / "explorer.html").write_text("<!doctype html><title>Explorer</title>", encoding="utf-8")
    monkeypatch.setattr(api.web.app, "PLAYGROUND", page)
    monkeypatch.setattr(api.web.app, "EXPLORER", tmp_path / "explorer.html")
    with caplog.at_level(logging.WARNING):
        client = TestClient(create_app(Settings(), MemoryStore(known)))
    response = client.get("/graphql", headers={"accept": "text/html"})
    assert response.status_code == 200
    assert ("Playground</title>" in response.text) is is_built
    policy = response.headers["content-security-policy"]
    assert ("style-src 'self' 'unsafe-inline'" in policy, "script-src 'self';" in policy) == (is_built, True)
    assert ("The browser pages were not built" in caplog.text) is not is_built
    start = client.get("/")
    assert (start.status_code, "Explorer</title>" in start.text) == (200, is_built)
    assert start.headers["content-security-policy"] == POLICY


def test_request_goes_on_with_the_snapshot_that_was_current_when_it_began(known: GraphSnapshot) -> None:
    store = MemoryStore(known)
    client = TestClient(create_app(Settings(), store))
    versions = [client.get("/readyz").json()["version"]]
    store.swap(replace(known, version="1" * 32))
    versions.append(client.get("/readyz").json()["version"])
    answer = client.post("/graphql", json={"query": "{ snapshot { version } }"}).json()
    assert versions == ["0" * 32, "1" * 32]
    assert answer == {"data": {"snapshot": {"version": "1" * 32}}}


def test_page_size_comes_from_the_settings(known: GraphSnapshot) -> None:
    client = TestClient(create_app(Settings(page_size=2, max_page_size=3), MemoryStore(known)))
    answer = client.post(
        "/graphql", json={"query": "{ a: topics { nodes { id } } b: topics(first: 4) { totalCount } }"}
    )
    assert answer.json()["errors"][0]["message"] == "`first` is 4; it must be from 0 to 3."
    answer = client.post("/graphql", json={"query": "{ a: topics { nodes { name } } }"})
    assert answer.json() == {"data": {"a": {"nodes": [{"name": "AI"}, {"name": "Airfields"}]}}}


def test_json_answers_keep_letters_of_every_script(client: TestClient) -> None:
    response = client.get("/graphql?query={articles(first:1){nodes{title}}}")
    assert "Zoéa’s" in response.content.decode()
    assert json.loads(response.content) == response.json()


def test_files_of_pages_are_compressed_for_who_takes_that(client: TestClient) -> None:
    plain = client.get("/static/query.css", headers={"accept-encoding": "identity"})
    smaller = client.get("/static/query.css", headers={"accept-encoding": "gzip"})
    assert (smaller.headers["content-encoding"], smaller.headers["vary"]) == ("gzip", "Accept-Encoding")
    assert "content-encoding" not in plain.headers
    assert smaller.content == plain.content
    again = client.get("/static/query.css", headers={"if-none-match": smaller.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")

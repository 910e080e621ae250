"""GraphQL over HTTP: media types, status codes, and that no request at all makes the service fail."""

import gzip
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api.settings import Settings
from api.web.negotiation import accepts_html, preferred_media_type
from tests.cases import random_cases

BODY_LIMIT = Settings().max_body_kb * 1024
JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
QUERY = "{ topics(first: 1) { nodes { name } } }"
ANSWER = {"data": {"topics": {"nodes": [{"name": "AI"}]}}}


def post(client: TestClient, body: object, **headers: str) -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post("/graphql", content=content, headers={"content-type": JSON, **names})


def error_of(response: Any) -> tuple[int, str, str]:
    """Status, code and message of the one error."""
    assert list(response.json()) == ["errors"]
    (error,) = response.json()["errors"]
    assert set(error) <= {"message", "extensions", "locations"}
    return response.status_code, error["extensions"]["code"], error["message"]


def test_post_is_answered(client: TestClient) -> None:
    response = post(client, {"query": QUERY})
    assert (response.status_code, response.json()) == (200, ANSWER)
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert "Accept" in response.headers["vary"].split(", ")


def test_get_is_answered_with_variables_and_operation_name(client: TestClient) -> None:
    query = "query A($n: Int!) { topics(first: $n) { nodes { name } } } query B { __typename }"
    parameters = {"query": query, "variables": '{"n": 1}', "operationName": "A", "extensions": "{}"}
    response = client.get("/graphql", params=parameters)
    assert (response.status_code, response.json()) == (200, ANSWER)


@pytest.mark.parametrize(
    "parameters", ["", "&variables=", "&operationName=", "&extensions=", "&variables=null", "&x=y"]
)
def test_empty_url_parameter_counts_as_absent(client: TestClient, parameters: str) -> None:
    assert client.get(f"/graphql?query={{__typename}}{parameters}").json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize(
    "body",
    [
        {"query": QUERY, "variables": None, "operationName": None, "extensions": None},
        {"query": QUERY, "variables": {}, "extensions": {"a": [1]}, "unknown": 1},
        {"query": QUERY, "variables": {"unused": 1}},
    ],
)
def test_null_and_unknown_parameters_count_as_absent(client: TestClient, body: object) -> None:
    assert post(client, body).json() == ANSWER


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("application/json", JSON),
        ("APPLICATION/JSON; charset=utf-8", JSON),
        (GRAPHQL, GRAPHQL),
        (f"{GRAPHQL}, application/json;q=0.9", GRAPHQL),
        (f"{GRAPHQL};q=0.5, application/json;q=0.9", JSON),
        (f"application/json, {GRAPHQL}", JSON),
        (f"{GRAPHQL}, application/json", GRAPHQL),
        ("application/json;q=0, */*", GRAPHQL),
        (f"{GRAPHQL};q=0.1, */*", JSON),
        ("application/json, multipart/mixed", JSON),
        ("application/json;q=high, application/graphql-response+json;q=0.1", GRAPHQL),
    ],
)
def test_answer_is_in_the_media_type_that_the_client_wants(
    client: TestClient, accept: str | None, media_type: str
) -> None:
    assert preferred_media_type(accept) == media_type
    response = post(client, {"query": QUERY}, **({} if accept is None else {"accept": accept}))
    assert (response.status_code, response.json()) == (200, ANSWER)
    assert response.headers["content-type"] == f"{media_type}; charset=utf-8"


@pytest.mark.parametrize(
    "accept", ["text/plain", "application/xml", "application/json;q=0", "*/*;q=0", "nonsense", ",;"]
)
def test_media_type_that_cannot_be_answered_is_refused(client: TestClient, accept: str) -> None:
    message = f"The service answers {GRAPHQL} or {JSON}; accept one of them."
    assert error_of(post(client, {"query": QUERY}, accept=accept)) == (406, "NOT_ACCEPTABLE", message)
    assert error_of(client.get(f"/graphql?query={QUERY}", headers={"accept": accept})) == (
        406,
        "NOT_ACCEPTABLE",
        message,
    )


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", True),
        ("text/html", True),
        ("TEXT/HTML;q=0.5, */*", True),
        ("text/html, application/json", True),
        ("application/json, text/html;q=0.1", False),
        ("text/html;q=0, */*", False),
        ("*/*", False),
        ("", False),
        (None, False),
    ],
)
def test_browsers_get_the_playground_and_programs_do_not(
    client: TestClient, accept: str | None, expected: bool
) -> None:
    assert accepts_html(accept) is expected
    response = client.get("/graphql?query={__typename}", headers={"accept": accept or "*/*"})
    assert response.headers["content-type"].startswith("text/html") is expected
    assert "Accept" in response.headers["vary"].split(", ")


@pytest.mark.parametrize(
    ("query", "status"),
    [("{", 400), ("{ nothing }", 400), ("query A { a } query B { b }", 400), ("mutation { a }", 400)],
)
def test_operation_that_was_not_executed_is_400_in_the_new_media_type_and_200_in_the_old(
    client: TestClient, query: str, status: int
) -> None:
    assert post(client, {"query": query}, accept=GRAPHQL).status_code == status
    assert post(client, {"query": query}, accept=JSON).status_code == 200
    assert "data" not in post(client, {"query": query}).json()


@pytest.mark.parametrize("query", ['{ node(id: "x") { id } }', "{ topics(first: -1) { totalCount } }"])
def test_operation_that_was_executed_is_200_with_its_errors(client: TestClient, query: str) -> None:
    response = post(client, {"query": query}, accept=GRAPHQL)
    assert response.status_code == 200
    assert set(response.json()) == {"data", "errors"}


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 200),
        ("Application/JSON", 200),
        ("application/json;charset=utf-8", 200),
        ('application/json; charset="UTF-8"', 200),
        ("application/json; profile=x; charset=utf8", 200),
        ("application/json; charset=iso-8859-1", 415),
        ("application/json; charset=utf-8; charset=utf-16", 415),
        ("text/plain", 415),
        ("application/graphql", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("application/jsonx", 415),
        ("", 415),
    ],
)
def test_body_must_be_json_in_utf_8(client: TestClient, content_type: str, status: int) -> None:
    response = post(client, {"query": QUERY}, content_type=content_type)
    assert response.status_code == status
    if status == 415:
        assert error_of(response)[1] == "UNSUPPORTED_MEDIA_TYPE"


def test_body_without_content_type_is_refused(client: TestClient) -> None:
    assert error_of(client.post("/graphql", content=b'{"query": "{ __typename }"}'))[0] == 415


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "identity, gzip"])
def test_compressed_body_is_refused(client: TestClient, encoding: str) -> None:
    body = gzip.compress(json.dumps({"query": QUERY}).encode())
    expected = (415, "UNSUPPORTED_MEDIA_TYPE", "The body is compressed; send it as it is.")
    assert error_of(post(client, body, content_encoding=encoding)) == expected
    assert post(client, {"query": QUERY}, content_encoding="identity").json() == ANSWER


BAD_BODIES: list[tuple[bytes, str]] = [
    (b"", "The body is not JSON: "),
    (b"{", "The body is not JSON: "),
    (b"nonsense", "The body is not JSON: "),
    (b'{"query": NaN}', "The body is not JSON: "),
    (b'{"query": "\xff"}', "The body is not JSON: "),
    (b'\xef\xbb\xbf{"query": "{__typename}"}', "The body is not JSON: "),
    ('{"query": "{ __typename }"}'.encode("utf-16"), "The body is not JSON: "),
    (b'{"query": "\\ud800"}', "The body is not JSON: "),
    (b'{"query": "{a}", "variables": {"a": ' + b"9" * 5000 + b"}}", "The body is not JSON: "),
    (b'{"query": "{a}", "variables": ' + b'{"a":' * 5000 + b"1" + b"}" * 5001, "The body is not JSON: "),
    (b"[" * 100_000, "The body is not JSON: "),
    (b"null", "The body is no JSON object; send {“query”: …}."),
    (b"7", "The body is no JSON object; send {“query”: …}."),
    (b'"{ __typename }"', "The body is no JSON object; send {“query”: …}."),
    (b"[]", "The body is a list; send one operation in one request."),
    (b'[{"query": "{ __typename }"}]', "The body is a list; send one operation in one request."),
    (b"{}", "The request has no `query`."),
    (b'{"query": null}', "The request has no `query`."),
    (b'{"query": 7}', "`query` must be text."),
    (b'{"query": ["{ __typename }"]}', "`query` must be text."),
    (b'{"query": "{a}", "variables": []}', "`variables` must be an object."),
    (b'{"query": "{a}", "variables": "{}"}', "`variables` must be an object."),
    (b'{"query": "{a}", "operationName": 7}', "`operationName` must be text."),
    (b'{"query": "{a}", "extensions": "x"}', "`extensions` must be an object."),
]


@pytest.mark.parametrize(("body", "message"), BAD_BODIES, ids=lambda value: ascii(value)[:30])
def test_body_that_is_no_request_is_refused(client: TestClient, body: bytes, message: str) -> None:
    for accept in (JSON, GRAPHQL):
        response = post(client, body, accept=accept)
        status, code, text = error_of(response)
        assert (status, code, text[: len(message)]) == (400, "BAD_REQUEST", message)
        assert response.headers["content-type"] == f"{accept}; charset=utf-8"


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ("", "The request has no `query`."),
        ("?query=", "The request has no `query`."),
        ("?query={a}&variables=nonsense", "The URL parameter `variables` is not JSON: "),
        ("?query={a}&variables=[]", "`variables` must be an object."),
        ("?query={a}&extensions=7", "`extensions` must be an object."),
        ("?query={a}&variables=%ff", "The URL parameter `variables` is not JSON: "),
    ],
)
def test_url_that_is_no_request_is_refused(client: TestClient, parameters: str, message: str) -> None:
    status, code, text = error_of(client.get(f"/graphql{parameters}"))
    assert (status, code, text[: len(message)]) == (400, "BAD_REQUEST", message)


REFUSALS = {
    "GRAPHQL_PARSE_FAILED",
    "GRAPHQL_VALIDATION_FAILED",
    "QUERY_TOO_LONG",
    "QUERY_TOO_DEEP",
    "QUERY_TOO_EXPENSIVE",
    "TOO_MANY_REPEATED_FIELDS",
    "NUMBER_TOO_LARGE",
    "VARIABLES_TOO_DEEP",
}


@pytest.mark.parametrize(
    "query",
    [
        "{a" * 10_000 + "}" * 10_000,
        "{ articles(filter: {" + "not: {" * 10_000 + "}" * 10_000 + "}) { totalCount } }",
        "query ($a: " + "[" * 10_000 + "Int" + "]" * 10_000 + ") { __typename }",
        "{ topics(first: " + "9" * 5000 + ") { totalCount } }",
        "{ " + "__typename " * 50_000 + "}",
        "{ ...F } fragment F on Query { ...F }",
        "\x00",
        "{ topics(first: $missing) { totalCount } }",
        '{ topic(by: {name: "\\ud800"}) { id } }',
    ],
    ids=lambda query: ascii(query)[:20],
)
def test_monstrous_query_is_answered_without_a_failure(client: TestClient, query: str) -> None:
    response = post(client, {"query": query})
    assert response.status_code == 200
    for error in response.json().get("errors", []):
        assert error["extensions"]["code"] in REFUSALS


@pytest.mark.parametrize("depth", [8, 20, 80, 110])
def test_deep_answer_is_answered_whole_or_refused(client: TestClient, depth: int) -> None:
    query = "{ articles(first: 1) { nodes {" + "related(first: 1) { nodes {" * depth + "id" + "} }" * depth + "} } }"
    response = post(client, {"query": query})
    assert response.status_code == 200
    codes = [error["extensions"]["code"] for error in response.json().get("errors", [])]
    if depth > 8:
        assert codes == ["QUERY_TOO_DEEP"]
    else:
        assert codes == []
        assert response.text.count("related") == depth


@pytest.mark.parametrize("depth", [100, 190, 200, 1000])
def test_deep_variable_is_answered_or_refused(client: TestClient, depth: int) -> None:
    condition = json.dumps({"title": {"eq": "x"}})
    for _ in range(depth):
        condition = f'{{"not": {condition}}}'
    query = json.dumps("query ($f: ArticleFilter) { articles(filter: $f) { totalCount } }")
    response = post(client, f'{{"query": {query}, "variables": {{"f": {condition}}}}}'.encode())
    assert response.status_code in (200, 400)
    codes = [error["extensions"]["code"] for error in response.json().get("errors", [])]
    assert codes in (["VARIABLES_TOO_DEEP"], ["BAD_REQUEST"])


def test_body_may_be_as_large_as_the_limit_and_no_larger(client: TestClient) -> None:
    body = json.dumps({"query": "{ __typename }"}).encode()
    body += b" " * (BODY_LIMIT - len(body))
    assert post(client, body).json() == {"data": {"__typename": "Query"}}
    message = "The body has 1,048,577 bytes; the limit is 1,048,576. Send a smaller query."
    assert error_of(post(client, body + b" ")) == (413, "BODY_TOO_LARGE", message)


def test_oversized_body_in_chunks_is_refused(client: TestClient) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(40):
            yield b" " * 65_536

    response = client.post("/graphql", content=chunks(), headers={"content-type": JSON})
    assert error_of(response)[:2] == (413, "BODY_TOO_LARGE")


def test_chunked_body_is_read(client: TestClient) -> None:
    parts = [b'{"query": "{ topics(first: 1) ', b'{ nodes { name } } }"}']
    assert client.post("/graphql", content=iter(parts), headers={"content-type": JSON}).json() == ANSWER


def test_head_is_answered_like_get_without_a_body(client: TestClient) -> None:
    response = client.head(f"/graphql?query={QUERY}")
    assert (response.status_code, response.headers["content-type"]) == (200, "application/json; charset=utf-8")
    assert client.head("/graphql?query=").status_code == 400


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_other_methods_are_refused_with_those_allowed(client: TestClient, method: str) -> None:
    response = client.request(method, "/graphql")
    expected = (405, "METHOD_NOT_ALLOWED", f"{method} is not allowed here; use GET, HEAD, POST.")
    assert error_of(response) == expected
    assert response.headers["allow"] == "GET, HEAD, POST"


# Whatever comes, no answer says that the service failed.

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(), children, max_size=4),
)
queries = st.sampled_from(
    [
        "query ($v: ArticleFilter) { articles(filter: $v) { totalCount nodes { title } } }",
        "query ($v: [ArticleOrder!]) { articles(orderBy: $v) { edges { cursor } } }",
        "query ($v: String) { articles(after: $v, first: 2) { pageInfo { endCursor } } }",
        "query ($v: Int) { providers(last: $v) { nodes { domain topics(first: $v) { totalCount } } } }",
        "query ($v: ID!) { node(id: $v) { id } }",
        "query ($v: [ID!]!) { nodes(ids: $v) { id } }",
        "query ($v: String!) { article(by: {url: $v}) { id } topic(by: {name: $v}) { id } provider(by: {domain: $v}) { id } }",
        "query ($v: ArticleBy!) { article(by: $v) { id related { totalCount } } }",
        "query ($v: DateTime!) { articles(filter: {publishedDateTime: {gt: $v}}) { totalCount } }",
        "query ($v: ProblemCode) { snapshot { problems(code: $v) { totalCount } } }",
        "query ($v: StoryFilter) { stories(filter: $v) { totalCount nodes { headline timeline { count } } } }",
        "query ($v: [StoryOrder!]) { stories(orderBy: $v) { edges { cursor } } }",
        "query ($v: MetricsFilter) { articles(filter: {metrics: $v}) { totalCount aggregate { count } } }",
        "query ($v: String!) { search(query: $v) { edges { score highlights { parts { text } } } } }",
        'query ($v: [NodeKind!]) { search(query: "ferry", kinds: $v) { totalCount } }',
        "query ($v: [String!]!) { relatedByTopic(topics: $v) { edges { score sharedTopics { id } } } }",
        "query ($v: ID!) { neighborhood(id: $v) { nodes { distance } } paths(from: $v, to: $v) { noPathReason } }",
        "query ($v: Int!) { topics(first: 2) { nodes { neighborhood(depth: $v, limitPerNode: $v) { truncated } } } }",
        "query ($v: [EdgeKind!]) { articles(first: 2) { nodes { neighborhood(edgeKinds: $v) { edges { kind } } } } }",
        "query ($v: ArticleFilter) { articles(first: 2) { nodes { neighborhood(filter: $v) { truncated } } } trending(filter: $v) { score } }",
        "query ($v: String!) { providerNeighborhood(domain: $v) { edges { linkCount } } snapshot { changes(since: $v) { removed } } }",
        "query ($v: String!) { articles { timeline(timeZone: $v) { start } groupBy(key: DATE, timeZone: $v) { key } } }",
        "query ($v: DateTime) { articles { timeline(from: $v) { count } } trending(until: $v) { count } }",
        "query ($v: DateTime) { articles { timeline(interval: DAY, to: $v) { count } } }",
        "query ($v: TimeInterval!) { articles { timeline(interval: $v) { count } groupBy(key: DATE, interval: $v) { count } } }",
        "query ($v: Int!) { articles { groupBy(key: TYPE, first: $v) { count } } trending(first: $v) { count } }",
    ]
)
names = [
    "title",
    "eq",
    "in",
    "not",
    "and",
    "or",
    "some",
    "count",
    "topics",
    "related",
    "provider",
    "quality",
    "id",
    "slug",
    "story",
    "metrics",
    "pageRank",
    "articleCount",
    "gt",
]
inputs = st.recursive(
    json_values
    | st.sampled_from(["ASC", "DESC", "a_eo5sonyffu262awl", "WyJh", "2024-05-03", "9999-12-31", "0001-01-01", "TOPIC"])
    | st.sampled_from(["ABOUT", "HOUR", "YEAR", "AI", "s_ldjdcvgs3bntpy3u", "Asia/Tokyo", "smb.example", 1, 4]),
    lambda children: st.dictionaries(st.sampled_from(names), children, max_size=2) | st.lists(children, max_size=2),
)
tokens = st.lists(
    st.sampled_from(
        [
            *'{}()[]:!$@|&="#,…\n',
            "...",
            '"""',
            "query",
            "on",
            "fragment",
            "articles",
            "nodes",
            "first",
            "1",
            "-1",
            "1e9",
            "null",
        ]
    ),
    max_size=30,
).map(" ".join)
bodies = st.one_of(
    st.binary(max_size=200),
    json_values.map(lambda value: json.dumps(value).encode()),
    st.builds(lambda query, value: json.dumps({"query": query, "variables": {"v": value}}).encode(), queries, inputs),
    st.builds(lambda query: json.dumps({"query": query}).encode(), tokens | st.text()),
    st.dictionaries(
        st.sampled_from(["query", "variables", "operationName", "extensions"]), json_values, max_size=4
    ).map(lambda value: json.dumps(value).encode()),
)
header_values = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40)
accepts = header_values | st.sampled_from([JSON, GRAPHQL, "*/*", "text/html", f"{GRAPHQL};q=nan", f"{JSON};q=-1"])


def assert_answer_is_clean(response: Any) -> None:
    assert response.status_code < 500, response.text
    assert response.headers["x-content-type-options"] == "nosniff"
    if response.content and "json" in response.headers.get("content-type", ""):
        codes = [error["extensions"]["code"] for error in response.json().get("errors", [])]
        assert "INTERNAL_SERVER_ERROR" not in codes


def test_no_post_makes_the_service_fail(client: TestClient) -> None:
    @random_cases(600)
    @given(bodies, accepts | st.just(JSON), st.just(JSON) | header_values)
    def check(body: bytes, accept: str, content_type: str) -> None:
        headers = {"content-type": content_type.strip(), "accept": accept.strip()}
        assert_answer_is_clean(client.post("/graphql", content=body, headers=headers))

    check()


def test_no_url_makes_the_service_fail(client: TestClient) -> None:
    paths = st.sampled_from(
        ["/", "/graphql", "/static/", "/export/", "/export/graph.json", "/schema.graphql", "/healthz"]
    )
    methods = st.sampled_from(["GET", "HEAD", "POST", "PUT", "OPTIONS"])

    @random_cases(300)
    @given(
        methods,
        paths,
        st.text(max_size=20),
        st.dictionaries(st.sampled_from(["query", "variables", "x"]), tokens),
        accepts,
    )
    def check(method: str, path: str, rest: str, parameters: dict[str, str], accept: str) -> None:
        url = path + rest.encode("utf-8", "surrogatepass").hex() if rest.isalnum() else path
        response = client.request(
            method, url, params=parameters, headers={"accept": accept.strip()}, follow_redirects=False
        )
        assert_answer_is_clean(response)

    check()


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ('{ topic(by: {name: "Ferris"}) { name } }', {"hints", "cost"}),
        ("{ a: topics { totalCount } extensions: snapshot { hints: version } }", {"cost"}),
    ],
)
def test_cost_is_told_beside_hints(client: TestClient, query: str, names: set[str]) -> None:
    plain, costed = (
        post(client, {"query": query, "extensions": {"cost": is_told}}).json() for is_told in (False, True)
    )
    assert costed["extensions"].keys() == names
    assert costed["data"] == plain["data"]
    assert costed["extensions"].get("hints") == plain.get("extensions", {}).get("hints")

"""Names of the schema that errors suggest: everywhere where it is shown, nowhere where it is not, over real sockets."""

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from tests.service import Served, running

Variables = dict[str, Any]


class Ask(NamedTuple):
    """An operation with a name that is nearly right."""

    query: str
    variables: Variables
    meant: str

    def __str__(self) -> str:
        return f"{self.meant} in {self.query}"


FILTERED = "query ($f: TopicFilter, $o: [TopicOrder!]) { topics(filter: $f, orderBy: $o) { totalCount } }"
EVENTS = "subscription ($f: ArticleFilter) { snapshotChanged(filter: $f) { version } }"
QUERIES = [
    Ask("{ topicz { totalCount } }", {}, "topics"),
    Ask("{ topics { totalCounts } }", {}, "totalCount"),
    Ask("{ topics(firsts: 1) { totalCount } }", {}, "first"),
    Ask("{ topics(filter: {nam: {eq: 1}}) { totalCount } }", {}, "name"),
    Ask('{ topics(filter: {name: {contain: "a"}}) { totalCount } }', {}, "contains"),
    Ask("{ topics(orderBy: [{name: ASCC}]) { totalCount } }", {}, "ASC"),
    Ask("{ topics(orderBy: [{nam: ASC}]) { totalCount } }", {}, "name"),
    Ask('{ article(by: {slugs: "a"}) { id } }', {}, "slug"),
    Ask("{ articles { groupBy(key: TOPICS) { count } } }", {}, "TOPIC"),
    Ask("{ ...a } fragment a on Querry { __typename }", {}, "Query"),
    Ask('{ node(id: "a") { ... on Articel { id } } }', {}, "Article"),
    Ask("query ($f: TopicFiltr) { topics(filter: $f) { totalCount } }", {}, "TopicFilter"),
    Ask("query ($f: TopicFilter = {nam: {eq: 1}}) { topics(filter: $f) { totalCount } }", {}, "name"),
    Ask("{ topics @skip(iff: true) { totalCount } }", {}, "if"),
    Ask(FILTERED, {"f": {"nam": {"eq": "a"}}}, "name"),
    Ask(FILTERED, {"f": {"or": [{"name": {"contain": "a"}}]}}, "contains"),
    Ask(FILTERED, {"o": [{"name": "ASCC"}]}, "ASC"),
    Ask("query ($by: ArticleBy!) { article(by: $by) { id } }", {"by": {"slugs": "a"}}, "slug"),
]
SUBSCRIPTIONS = [
    Ask("subscription { snapshotChange { version } }", {}, "snapshotChanged"),
    Ask("subscription { snapshotChanged { versions } }", {}, "version"),
    Ask("subscription { snapshotChanged(filtr: {}) { version } }", {}, "filter"),
    Ask(EVENTS, {"f": {"titel": {"eq": "a"}}}, "title"),
    Ask(EVENTS, {"f": {"title": {"equ": "a"}}}, "eq"),
    Ask(EVENTS, {"f": {"origin": {"eq": "DOCUMENTS"}}}, "DOCUMENT"),
]
INTROSPECTION = "{ __schema { queryType { name } } }"
GUESSES = [
    Ask('{ article(slug: "a") { id } }', {}, "by: {slug: "),
    Ask('{ topics(filter: {name: "sea"}) { totalCount } }', {}, "{name: {eq: "),
    Ask(FILTERED, {"f": {"name": "sea"}}, "{name: {eq: "),
    Ask(EVENTS, {"f": {"title": "sea"}}, "{title: {eq: "),
    Ask("{ articles { nodes { tags } } }", {}, "topics { name }"),
    Ask("{ articles(skip: 5) { totalCount } }", {}, "after: "),
    Ask("{ articles }", {}, "articles { nodes { title } }"),
    Ask('{ articles(orderBy: {title: "asc"}) { totalCount } }', {}, "ASC"),
    Ask(FILTERED, {"f": {"title": "sea"}}, "name: {eq: "),
    Ask(FILTERED, {"o": [{"name": "descending"}]}, "DESC"),
]
FILTERS = [
    ('{"titel": {"eq": "a"}}', "title"),
    ('{"title": {"equ": "a"}}', "eq"),
    ('{"not": {"topics": {"sum": {}}}}', "some"),
    ('{"origin": {"eq": "DOCUMENTS"}}', "DOCUMENT"),
]


def by_post(served: Served, ask: Ask) -> str:
    return served.post({"query": ask.query, "variables": ask.variables}).body.decode()


def by_get(served: Served, ask: Ask) -> str:
    parameters = urlencode({"query": ask.query, "variables": json.dumps(ask.variables)})
    return served.ask("GET", f"/graphql?{parameters}").body.decode()


def by_events(served: Served, ask: Ask) -> str:
    headers = {"Accept": "text/event-stream"}
    return served.post({"query": ask.query, "variables": ask.variables}, headers).body.decode()


def by_socket(served: Served, ask: Ask) -> str:
    protocol = Subprotocol("graphql-transport-ws")
    with connect(f"ws://127.0.0.1:{served.port}/graphql", subprotocols=[protocol]) as socket:
        socket.send('{"type": "connection_init"}')
        socket.recv()
        payload = {"query": ask.query, "variables": ask.variables}
        socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
        return str(socket.recv(timeout=60))


Carry = Callable[[Served, Ask], str]
CASES = [(ask, carry) for ask in QUERIES for carry in (by_post, by_get, by_events, by_socket)]
CASES += [(ask, carry) for ask in SUBSCRIPTIONS for carry in (by_events, by_socket)]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with running(tmp_path_factory.mktemp("shown")) as served:
        yield served


@pytest.fixture(scope="module")
def hidden(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with running(tmp_path_factory.mktemp("hidden"), settings={"INTROSPECTION": "0"}) as served:
        yield served


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service of a few documents, in which introspection was left on."""
    folder = tmp_path_factory.mktemp("documents")
    for number, query in enumerate((FILTERED, EVENTS, INTROSPECTION)):
        (folder / f"{number}.graphql").write_text(query, encoding="utf-8")
    with running(tmp_path_factory.mktemp("trusted"), settings={"TRUSTED_DOCUMENTS": str(folder)}) as served:
        yield served


@pytest.mark.parametrize(("ask", "carry"), CASES, ids=lambda case: getattr(case, "__name__", str(case)))
def test_operation_is_told_of_names_only_where_the_schema_is_shown(
    shown: Served, hidden: Served, ask: Ask, carry: Carry
) -> None:
    told = carry(shown, ask)
    assert "Did you mean" in told
    assert ask.meant in told.partition("Did you mean")[2]
    untold = carry(hidden, ask)
    assert '"errors"' in untold or '"type":"error"' in untold
    assert "Did you mean" not in untold


@pytest.mark.parametrize("carry", [by_post, by_events, by_socket], ids=lambda carry: carry.__name__)
def test_guess_is_told_what_to_write_only_where_the_schema_is_shown(
    shown: Served, hidden: Served, trusted: Served, carry: Carry
) -> None:
    for ask in GUESSES:
        if ask.query == EVENTS and carry is by_post:
            continue
        assert f"Write `{ask.meant}" in carry(shown, ask).replace('\\"', "")
        for served in (hidden, trusted):
            assert "Write `" not in carry(served, ask)


@pytest.mark.parametrize(("text", "meant"), FILTERS)
def test_filter_of_an_export_is_told_of_names_only_where_the_schema_is_shown(
    shown: Served, hidden: Served, trusted: Served, text: str, meant: str
) -> None:
    path = f"/export/graph.json?{urlencode({'filter': text})}"
    assert meant in shown.ask("GET", path).message.partition("Did you mean")[2]
    for served in (hidden, trusted):
        refused = served.ask("GET", path)
        assert refused.code == "BAD_FILTER"
        assert "Did you mean" not in refused.message


@pytest.mark.parametrize("carry", [by_post, by_get, by_events, by_socket], ids=lambda carry: carry.__name__)
def test_variables_of_trusted_documents_tell_no_names(trusted: Served, carry: Carry) -> None:
    asked = [
        ask
        for ask in (*QUERIES, *SUBSCRIPTIONS)
        if ask.query == FILTERED or (ask.query == EVENTS and carry in (by_events, by_socket))
    ]
    assert len(asked) > 2
    for ask in asked:
        answer = carry(trusted, ask)
        assert "BAD_USER_INPUT" in answer
        assert "Did you mean" not in answer


def test_schema_is_a_file_only_where_it_is_shown(shown: Served, hidden: Served, trusted: Served) -> None:
    assert shown.ask("GET", "/schema.graphql").body.startswith(b"directive")
    for served in (hidden, trusted):
        for method in ("GET", "HEAD"):
            assert served.ask(method, "/schema.graphql").status == 403
        assert served.ask("GET", "/schema.graphql").code == "FORBIDDEN"


def test_introspection_in_a_trusted_document_is_answered(trusted: Served) -> None:
    """Whoever runs the service put it there."""
    assert trusted.post({"query": INTROSPECTION}).json() == {"data": {"__schema": {"queryType": {"name": "Query"}}}}

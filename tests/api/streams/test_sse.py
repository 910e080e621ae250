"""GraphQL over server-sent events, over real sockets."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from typing import Any
from urllib.parse import urlencode

import pytest

from api.web.negotiation import accepts_event_stream
from tests.api.streams.conversation import CHANGED, SECONDS
from tests.api.streams.serving import Options, Running, article, serving

COMPLETE = ["event: complete", "data:"]


class Stream:
    def __init__(self, connection: HTTPConnection, response: HTTPResponse) -> None:
        self.connection = connection
        self.response = response

    def hear(self) -> list[str]:
        """The lines of the next block."""
        lines: list[str] = []
        while line := self.response.readline().decode().removesuffix("\n"):
            lines.append(line)
        return lines

    def next(self) -> Any:
        event, data = self.hear()
        assert event == "event: next"
        return json.loads(data.removeprefix("data: "))


@contextmanager
def streaming(running: Running, query: str, method: str = "POST", **more: Any) -> Iterator[Stream]:
    """The stream of an operation, past the comment that it begins with."""
    connection = HTTPConnection(running.address, timeout=SECONDS)
    headers = {"Accept": "text/event-stream", "Content-Type": "application/json"}
    parameters = {"query": query, **more}
    if method == "POST":
        connection.request("POST", "/graphql", json.dumps(parameters), headers)
    else:
        connection.request("GET", f"/graphql?{urlencode(parameters)}", headers=headers)
    stream = Stream(connection, connection.getresponse())
    assert stream.hear() == [":"]
    try:
        yield stream
    finally:
        stream.response.close()
        connection.close()


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_query_is_answered_and_complete(running: Running, method: str) -> None:
    with streaming(running, "{ articles { totalCount } }", method) as stream:
        assert stream.response.status == 200
        assert stream.response.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        assert stream.response.headers["Cache-Control"] == "no-store"
        assert stream.next() == {"data": {"articles": {"totalCount": 1}}}
        assert stream.hear() == COMPLETE
        assert stream.response.read() == b""


@pytest.mark.parametrize(
    ("query", "more", "code"),
    [
        ("{", {}, "GRAPHQL_PARSE_FAILED"),
        ("subscription { nothing }", {}, "GRAPHQL_VALIDATION_FAILED"),
        ("query Forbidden { __typename }", {"operationName": "Forbidden"}, "FORBIDDEN"),
        ("query Broken { __typename }", {"operationName": "Broken"}, "INTERNAL_SERVER_ERROR"),
        ("subscription { snapshotChanged(filter: {title: {eq: null}}) { version } }", {}, "BAD_FILTER"),
    ],
)
def test_refused_operation_is_told_in_the_stream(running: Running, query: str, more: Any, code: str) -> None:
    with streaming(running, query, **more) as stream:
        told = stream.next()
        assert told.keys() == {"errors"}
        assert [error["extensions"]["code"] for error in told["errors"]] == [code]
        assert "swordfish" not in str(told)
        assert stream.hear() == COMPLETE


def test_each_swap_is_told() -> None:
    with serving() as running, streaming(running, CHANGED) as stream:
        first = running.store.reader().version
        waiting = running.wait_for_listeners(1)
        second = running.swap(article("storm"), article("calm"))
        told = {"since": first, "version": second, "added": {"nodes": [{"title": "Calm"}]}}
        assert stream.next() == {"data": {"snapshotChanged": {**told, "updated": {"nodes": []}, "removed": []}}}
        running.wait_for_listeners(1, but=waiting)
        third = running.swap(article("calm"))
        told = {"since": second, "version": third, "added": {"nodes": []}}
        assert stream.next() == {
            "data": {"snapshotChanged": {**told, "updated": {"nodes": []}, "removed": ["a_storm"]}}
        }


def test_title_with_line_breaks_stays_on_one_line() -> None:
    with serving() as running, streaming(running, CHANGED) as stream:
        running.wait_for_listeners(1)
        running.swap(article("storm"), article("calm", "Calm\n\nevent: complete\r\ndata: {}\u2028"))
        nodes = stream.next()["data"]["snapshotChanged"]["added"]["nodes"]
        assert nodes == [{"title": "Calm\n\nevent: complete\r\ndata: {}\u2028"}]


def test_client_that_leaves_leaves_nothing_behind() -> None:
    with serving() as running:
        with streaming(running, CHANGED):
            running.wait_for_listeners(1)
            assert running.open_operations() == 1
        running.wait_for_listeners(0)
        assert running.open_operations() == 0
        assert running.call(lambda: len(running.streams.times)) == 0


def test_comments_keep_a_quiet_stream_alive() -> None:
    with serving(Options(keep_alive_seconds=0.1)) as running, streaming(running, CHANGED) as stream:
        assert [stream.hear() for _ in range(3)] == [[":"]] * 3
        running.swap(article("calm"))
        heard = stream.hear()
        while heard == [":"]:
            heard = stream.hear()
        assert heard[0] == "event: next"


def test_the_service_has_a_limit_for_all_streams() -> None:
    with serving(Options(limit=1)) as running, streaming(running, CHANGED):
        running.wait_for_listeners(1)
        with streaming(running, CHANGED) as refused:
            message = "The service has 1 open operations, which is all it may have; try again later."
            error = {"message": message, "extensions": {"code": "TOO_MANY_SUBSCRIPTIONS"}}
            assert refused.next() == {"errors": [error]}
            assert refused.hear() == COMPLETE


def test_streams_end_in_the_middle_when_the_service_ends_so_that_clients_come_again() -> None:
    with serving() as running, streaming(running, CHANGED) as stream:
        running.wait_for_listeners(1)
        running.server.end()
        assert stream.response.read() == b""


def test_subscription_without_the_header_is_told_how_to_subscribe(running: Running) -> None:
    connection = HTTPConnection(running.address, timeout=SECONDS)
    connection.request("POST", "/graphql", json.dumps({"query": CHANGED}), {"Content-Type": "application/json"})
    message = (
        "A subscription has many answers; ask for it with the header “Accept: text/event-stream”, "
        "or over a WebSocket with the subprotocol graphql-transport-ws."
    )
    error = {"message": message, "extensions": {"code": "STREAM_REQUIRED"}}
    assert json.loads(connection.getresponse().read()) == {"errors": [error]}
    connection.close()


@pytest.mark.parametrize(
    ("accept", "is_accepted"),
    [
        ("text/event-stream", True),
        ("application/json, Text/Event-Stream; q=0.5", True),
        ("text/event-stream;q=0", False),
        ("text/event-stream; q=0.0", False),
        ("*/*", False),
        ("application/json", False),
        ("", False),
        (None, False),
    ],
)
def test_event_streams_are_asked_for_by_name(accept: str | None, is_accepted: bool) -> None:
    assert accepts_event_stream(accept) is is_accepted

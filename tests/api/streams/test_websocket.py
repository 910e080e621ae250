"""GraphQL over WebSockets, over real sockets: what the protocol wants, and every violation of it."""

import json
import socket
import struct
import time
from contextlib import suppress
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from api.server import ServerLimits
from api.streams.websocket import OPERATIONS_PER_SOCKET
from graph.building.snapshot import GraphSnapshot
from tests.api.streams.conversation import Conversation, talking
from tests.api.streams.serving import Options, Running, article, serving, snapshot_of

TYPENAME = {"data": {"__typename": "Query"}}
MASKED = {
    "message": "The service failed to answer; its log has the details.",
    "extensions": {"code": "INTERNAL_SERVER_ERROR"},
}
MEBIBYTE = 1024 * 1024


def subscribe(**fields: Any) -> dict[str, Any]:
    return {"id": "1", "type": "subscribe", "payload": {"query": "{ __typename }"}, **fields}


def change(since: str, version: str, **fields: Any) -> dict[str, Any]:
    told = {"since": since, "version": version, "added": {"nodes": []}, "updated": {"nodes": []}, "removed": []}
    return {"data": {"snapshotChanged": {**told, **fields}}}


class TestOperations:
    def test_query_is_answered_and_complete(self, running: Running) -> None:
        with talking(running) as client:
            client.subscribe("1", "query ($id: ID!) { node(id: $id) { label } }", variables={"id": "a_storm"})
            assert client.hear() == {
                "id": "1",
                "type": "next",
                "payload": {"data": {"node": {"label": "Storm"}}},
            }
            assert client.hear() == {"id": "1", "type": "complete"}

    def test_field_error_comes_with_the_data(self, running: Running) -> None:
        with talking(running) as client:
            client.subscribe("1", '{ topics(first: -1) { totalCount } node(id: "a_storm") { id } }')
            payload = client.hear()["payload"]
            assert payload["data"] is None
            assert [error["extensions"]["code"] for error in payload["errors"]] == ["BAD_PAGE"]
            assert client.hear() == {"id": "1", "type": "complete"}

    @pytest.mark.parametrize(
        ("payload", "code"),
        [
            ({"query": "{"}, "GRAPHQL_PARSE_FAILED"),
            ({"query": ""}, "GRAPHQL_PARSE_FAILED"),
            ({"query": "{ nothing }"}, "GRAPHQL_VALIDATION_FAILED"),
            ({"query": "subscription { snapshotChanged { nothing } }"}, "GRAPHQL_VALIDATION_FAILED"),
            ({"query": "query A { __typename } query B { __typename }"}, "OPERATION_RESOLUTION_FAILURE"),
            ({"query": "{ __typename }", "operationName": "B"}, "OPERATION_RESOLUTION_FAILURE"),
            ({"query": "query ($id: ID!) { node(id: $id) { id } }"}, "BAD_USER_INPUT"),
            (
                {"query": "subscription { snapshotChanged(filter: {title: {eq: null}}) { version } }"},
                "BAD_FILTER",
            ),
            ({"query": "{ " + "__typename " * 6_000 + "}"}, "QUERY_TOO_LONG"),
            ({"query": "query Forbidden { __typename }", "operationName": "Forbidden"}, "FORBIDDEN"),
        ],
    )
    def test_refused_operation_is_an_error_message_and_nothing_more(
        self, running: Running, payload: dict[str, Any], code: str
    ) -> None:
        with talking(running) as client:
            client.say(subscribe(payload=payload))
            message = client.hear()
            assert (message["id"], message["type"]) == ("1", "error")
            assert [error["extensions"]["code"] for error in message["payload"]] == [code]
            assert client.hears_nothing_but_pong()

    def test_failure_inside_is_masked_and_leaves_the_socket_open(self, running: Running) -> None:
        with talking(running) as client:
            client.subscribe("1", "query Broken { __typename }", operationName="Broken")
            assert client.hear() == {"id": "1", "type": "error", "payload": [MASKED]}
            assert client.hears_nothing_but_pong()

    def test_filter_nested_too_deeply_is_an_error(self, running: Running) -> None:
        condition: dict[str, Any] = {}
        for _ in range(400):
            condition = {"not": condition}
        query = "subscription ($filter: ArticleFilter) { snapshotChanged(filter: $filter) { version } }"
        with talking(running) as client:
            client.subscribe("1", query, variables={"filter": condition})
            assert client.hear()["payload"][0]["extensions"] == {"code": "BAD_USER_INPUT"}

    def test_id_may_be_used_again_when_its_operation_is_complete(self, running: Running) -> None:
        with talking(running) as client:
            for _ in range(3):
                client.subscribe("1", "{ __typename }")
                assert client.hear() == {"id": "1", "type": "next", "payload": TYPENAME}
                assert client.hear() == {"id": "1", "type": "complete"}

    def test_operations_of_one_socket_are_told_apart(self, running: Running) -> None:
        with talking(running) as client:
            for name in "abc":
                client.subscribe(name, "{ __typename }")
            heard = [(message["id"], message["type"]) for message in (client.hear() for _ in range(6))]
            assert sorted(heard) == [(name, kind) for name in "abc" for kind in ("complete", "next")]


class TestSubscriptions:
    def test_each_swap_is_told(self) -> None:
        with serving() as running, talking(running) as client:
            first = running.store.reader().version
            client.subscribe("1")
            waiting = running.wait_for_listeners(1)
            second = running.swap(article("storm", "Hurricane"), article("calm"))
            assert client.hear()["payload"] == change(
                first, second, added={"nodes": [{"title": "Calm"}]}, updated={"nodes": [{"title": "Hurricane"}]}
            )
            running.wait_for_listeners(1, but=waiting)
            third = running.swap(article("calm"))
            assert client.hear()["payload"] == change(second, third, removed=["a_storm"])

    def test_nothing_is_told_after_complete(self) -> None:
        with serving() as running, talking(running) as client:
            client.subscribe("1")
            client.subscribe("2")
            running.wait_for_listeners(2)
            client.say({"id": "1", "type": "complete"})
            assert client.hears_nothing_but_pong()
            assert (len(running.listeners()), running.open_operations()) == (1, 1)
            running.swap(article("calm"))
            assert client.hear()["id"] == "2"
            assert client.hears_nothing_but_pong()

    def test_complete_for_an_operation_that_is_not_open_is_no_violation(self, running: Running) -> None:
        with talking(running) as client:
            client.say({"id": "1", "type": "complete"})
            assert client.hears_nothing_but_pong()

    def test_closed_socket_leaves_nothing_behind(self) -> None:
        with serving() as running:
            with talking(running) as client:
                for number in range(5):
                    client.subscribe(str(number))
                running.wait_for_listeners(5)
            running.wait_for_listeners(0)
            assert running.open_operations() == 0
            assert running.call(lambda: len(running.streams.times)) == 0

    def test_reset_connection_leaves_nothing_behind(self) -> None:
        with serving() as running:
            with talking(running) as client:
                client.subscribe("1")
                running.wait_for_listeners(1)
                # Closes with a reset instead of a farewell.
                client.connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                client.connection.socket.shutdown(socket.SHUT_RD)
                client.connection.socket.close()
                running.wait_for(lambda: not running.listeners())
            assert running.open_operations() == 0

    def test_reloads_that_a_slow_consumer_missed_are_told_as_one(self) -> None:
        with serving(snapshot=large(0)) as running, talking(running, unread=1) as client:
            versions = [running.store.reader().version, *swapped_unread(running, client, 25)]
            told = [client.hear()["payload"]["data"]["snapshotChanged"]]
            while told[-1]["version"] != versions[-1]:
                told.append(client.hear()["payload"]["data"]["snapshotChanged"])
            assert len(told) < 25
            assert [change["since"] for change in told] == [versions[0], *(change["version"] for change in told[:-1])]
            assert {change["updated"]["totalCount"] for change in told} == {100}
            assert client.hears_nothing_but_pong()

    @pytest.mark.thorough
    def test_consumer_that_was_too_slow_is_told_so_and_goes_on(self) -> None:
        with serving(snapshot=large(0)) as running, talking(running, unread=1) as client:
            version = swapped_unread(running, client, 60)[-1]
            told = client.hear()["payload"]
            while told["data"]:
                told = client.hear()["payload"]
            (error,) = told["errors"]
            assert error["message"].endswith(" is no longer known; fetch again what you hold.")
            assert error["extensions"] == {"code": "NOT_FOUND"}
            running.wait_for_listeners(1)
            running.swap(article("calm"))
            assert client.hear()["payload"]["data"]["snapshotChanged"]["since"] == version


def large(number: int) -> GraphSnapshot:
    """A snapshot of which a page of articles takes three megabytes, more than a connection holds a few of."""
    return snapshot_of(*(article(f"{place:03}", f"{number} {'x' * 30_000}") for place in range(100)))


def swapped_unread(running: Running, client: Conversation, count: int) -> list[str]:
    """The versions of so many snapshots, of which the client read none."""
    query = "subscription { snapshotChanged { since version updated(first: 100) { totalCount nodes { title } } } }"
    client.subscribe("1", query)
    running.wait_for_listeners(1)
    versions = []
    for number in range(1, count + 1):
        snapshot = large(number)
        running.call(lambda: running.store.swap(snapshot))  # noqa: B023  # called at once
        versions.append(snapshot.version)
        time.sleep(0.05)
    return versions


class TestHandshake:
    @pytest.mark.parametrize("subprotocols", [(), ("graphql-ws",), ("mqtt", "wamp")])
    def test_other_subprotocols_are_closed(self, running: Running, subprotocols: tuple[str, ...]) -> None:
        with talking(running, init=False, subprotocols=subprotocols) as client:
            assert client.closed() == (4406, "The subprotocol must be graphql-transport-ws.")

    def test_protocol_is_found_among_others(self, running: Running) -> None:
        with talking(running, subprotocols=("mqtt", "graphql-transport-ws")) as client:
            assert client.connection.subprotocol == "graphql-transport-ws"

    @pytest.mark.parametrize(
        "origin",
        [
            "https://evil.example",
            "http://127.0.0.1",
            "http://127.0.0.1:1",
            "null",
            "file://",
            "http://[",
            "http://127.0.0.1.evil.example",
            "",
        ],
    )
    def test_page_of_another_origin_is_refused_before_the_socket_is_accepted(
        self, running: Running, origin: str
    ) -> None:
        with (
            pytest.raises(InvalidStatus) as caught,
            connect(
                f"ws://{running.address}/graphql",
                additional_headers={"Origin": origin},
                subprotocols=["graphql-transport-ws"],  # type: ignore[list-item]
                proxy=None,
            ),
        ):
            pass
        response = caught.value.response
        assert response.status_code == 403
        assert json.loads(response.body or b"") == {
            "errors": [
                {
                    "message": f"The page is of {origin}, which is another origin than the host of this request, {running.address}. "
                    "The operator can allow it by FRONTGRAPH_ALLOWED_ORIGINS; if it is the service's own page, a proxy has to pass on "
                    "the header Host as it came, with its port.",
                    "extensions": {"code": "FORBIDDEN"},
                }
            ]
        }

    def test_page_of_the_service_itself_is_welcome(self, running: Running) -> None:
        for scheme in ("http", "https"):
            with talking(running, origin=f"{scheme}://{running.address}") as client:
                assert client.hears_nothing_but_pong()

    def test_page_of_an_allowed_origin_is_welcome(self) -> None:
        with (
            serving(Options(allowed_origins=("https://front.example",))) as running,
            talking(running, origin="https://front.example") as client,
        ):
            assert client.hears_nothing_but_pong()


class TestConnection:
    def test_client_that_does_not_introduce_itself_is_closed(self) -> None:
        with serving(Options(init_seconds=1)) as running, talking(running, init=False) as client:
            client.say({"type": "ping"})
            assert client.hear() == {"type": "pong"}
            assert client.closed() == (4408, "`connection_init` must be sent within 1 s.")

    def test_acknowledged_client_is_not_closed(self) -> None:
        with serving(Options(init_seconds=1)) as running, talking(running) as client:
            time.sleep(1.2)
            assert client.hears_nothing_but_pong()

    def test_second_init_is_closed(self, running: Running) -> None:
        with talking(running) as client:
            client.say({"type": "connection_init"})
            assert client.closed() == (4429, "Too many initialisation requests: send one.")

    def test_refused_client_is_closed(self, running: Running) -> None:
        with talking(running, init=False) as client:
            client.say({"type": "connection_init", "payload": {"token": "guess"}})
            assert client.closed() == (4403, "The token is not valid; ask for another one.")

    def test_failure_inside_is_closed_without_details(self, running: Running) -> None:
        with talking(running, init=False) as client:
            client.say({"type": "connection_init", "payload": {"token": "broken"}})
            assert client.closed() == (4500, "The service failed; its log has the details.")

    def test_operation_before_the_acknowledgement_is_closed(self, running: Running) -> None:
        with talking(running, init=False) as client:
            client.say(subscribe())
            assert client.closed() == (4401, "Unauthorized: send `connection_init` first.")

    @pytest.mark.parametrize("payload", [{}, {"payload": {"sent": 1}}, {"payload": None}])
    def test_ping_is_answered_even_before_the_acknowledgement(self, running: Running, payload: dict[str, Any]) -> None:
        with talking(running, init=False) as client:
            client.say({"type": "ping", **payload})
            assert client.hear() == {"type": "pong"}

    def test_pong_that_nobody_asked_for_is_fine(self, running: Running) -> None:
        with talking(running) as client:
            client.say({"type": "pong"})
            assert client.hears_nothing_but_pong()


class TestViolations:
    @pytest.mark.parametrize(
        ("message", "reason"),
        [
            ("[]", "A message must be a JSON object."),
            ("1", "A message must be a JSON object."),
            ("null", "A message must be a JSON object."),
            ('"ping"', "A message must be a JSON object."),
            ("", "A message must be JSON, not nested too deeply."),
            ("{", "A message must be JSON, not nested too deeply."),
            ('{"type": NaN}', "A message must be JSON, not nested too deeply."),
            ("[" * 100_000, "A message must be JSON, not nested too deeply."),
            ('{"type": ' + "[" * 100_000 + "]" * 100_000 + "}", "A message must be JSON, not nested too deeply."),
            ('{"type": "ping", "payload": "\\ud800"}', "A message must be JSON, not nested too deeply."),
            (b'{"type": "ping"}', "A message must be text."),
            ({"type": "ping", "payload": []}, "`payload` must be an object."),
            ({"type": "pong", "payload": "x"}, "`payload` must be an object."),
            ({"type": "connection_init", "payload": 1}, "`payload` must be an object."),
            (subscribe(id=None), "The `id` of an operation must be text of 1 to 128 characters."),
            (subscribe(id=1), "The `id` of an operation must be text of 1 to 128 characters."),
            (subscribe(id=""), "The `id` of an operation must be text of 1 to 128 characters."),
            (subscribe(id="x" * 129), "The `id` of an operation must be text of 1 to 128 characters."),
            (subscribe(payload=None), "The `payload` of `subscribe` must have a `query`."),
            (subscribe(payload=[]), "`payload` must be an object."),
            (subscribe(payload={}), "The `payload` of `subscribe` must have a `query`."),
            (subscribe(payload={"query": 1}), "`query` must be text."),
            (subscribe(payload={"query": "{ id }", "variables": []}), "`variables` must be an object."),
            (subscribe(payload={"query": "{ id }", "operationName": 1}), "`operationName` must be text."),
            (subscribe(payload={"query": "{ id }", "extensions": "x"}), "`extensions` must be an object."),
            ({"type": "complete"}, "The `id` of an operation must be text of 1 to 128 characters."),
            ({"type": "complete", "id": {}}, "The `id` of an operation must be text of 1 to 128 characters."),
        ],
    )
    def test_message_that_is_none(self, running: Running, message: Any, reason: str) -> None:
        with talking(running) as client:
            client.say(message)
            assert client.closed() == (4400, reason)

    @pytest.mark.parametrize(
        "name", [None, 1, {}, [], "", "start", "next", "error", "connection_ack", "Ping", "x" * 999]
    )
    def test_message_of_an_unknown_type(self, running: Running, name: Any) -> None:
        with talking(running) as client:
            client.say({"type": name, "id": "1"})
            assert client.closed() == (
                4400,
                "The `type` of a message must be one of connection_init, ping, pong, subscribe, complete.",
            )

    def test_second_operation_of_one_id(self, running: Running) -> None:
        with talking(running) as client:
            client.subscribe("twice")
            client.subscribe("twice")
            assert client.closed() == (4409, "Subscriber for twice already exists.")

    def test_reason_is_cut_where_the_protocol_allows_no_more(self, running: Running) -> None:
        with talking(running) as client:
            client.subscribe("ü" * 128)
            client.subscribe("ü" * 128)
            assert client.closed() == (4409, "Subscriber for " + "ü" * 54)

    def test_message_larger_than_a_mebibyte(self, running: Running) -> None:
        with talking(running) as client:
            client.subscribe("1", "#" + "x" * MEBIBYTE)
            code, _ = client.closed()
            assert code == 1009

    def test_message_larger_than_a_mebibyte_where_the_server_lets_it_pass(self) -> None:
        with (
            serving(Options(limits=ServerLimits(max_message_bytes=4 * MEBIBYTE))) as running,
            talking(running) as client,
        ):
            client.subscribe("1", "#" + "x" * MEBIBYTE)
            assert client.closed() == (1009, "A message may have 1,048,576 bytes.")

    def test_large_message_within_the_limit_is_read(self, running: Running) -> None:
        with talking(running) as client:
            client.subscribe("1", "{ __typename } #" + "x" * (MEBIBYTE - 200))
            assert client.hear()["payload"] == TYPENAME

    def test_text_that_is_not_utf_8(self, running: Running) -> None:
        with talking(running) as client:
            client.connection.send(b'{"type": "\xff"}', text=True)
            code, _ = client.closed()
            assert code == 1007

    def test_message_in_too_many_frames(self, running: Running) -> None:
        with talking(running) as client:
            with suppress(ConnectionClosed):  # it may be closed before all is sent
                client.connection.send("x" for _ in range(5_000))
            assert client.closed() == (1009, "A message may have 1,024 frames.")

    def test_message_in_several_frames_is_read(self, running: Running) -> None:
        with talking(running) as client:
            client.connection.send(iter('{"type": "ping"}'))
            assert client.hear() == {"type": "pong"}

    def test_other_sockets_do_not_notice(self, running: Running) -> None:
        with talking(running) as good, talking(running) as bad:
            bad.say("[]")
            assert bad.closed()[0] == 4400
            assert good.hears_nothing_but_pong()


class TestBounds:
    def test_a_socket_has_at_most_100_operations(self) -> None:
        with serving() as running, talking(running) as client:
            for number in range(OPERATIONS_PER_SOCKET + 1):
                client.subscribe(str(number))
            assert client.hear() == {
                "id": "100",
                "type": "error",
                "payload": [
                    {
                        "message": "The socket has 100 open operations; complete some, or open another socket.",
                        "extensions": {"code": "TOO_MANY_SUBSCRIPTIONS"},
                    }
                ],
            }
            client.say({"id": "0", "type": "complete"})
            client.subscribe("again")
            assert client.hears_nothing_but_pong()
            running.wait_for(lambda: running.open_operations() == 100)

    def test_the_service_has_a_limit_for_all_sockets(self) -> None:
        with serving(Options(limit=2)) as running, talking(running) as one, talking(running) as two:
            one.subscribe("1")
            two.subscribe("1")
            running.wait_for_listeners(2)
            one.subscribe("2")
            assert one.hear() == {
                "id": "2",
                "type": "error",
                "payload": [
                    {
                        "message": "The service has 2 open operations, which is all it may have; try again later.",
                        "extensions": {"code": "TOO_MANY_SUBSCRIPTIONS"},
                    }
                ],
            }
            two.say({"id": "1", "type": "complete"})
            one.subscribe("3", "{ __typename }")
            running.wait_for(lambda: running.open_operations() == 1)
            assert one.hear()["payload"] == TYPENAME

    def test_flood_of_messages_is_answered_one_by_one(self, running: Running) -> None:
        with talking(running) as client:
            for _ in range(2_000):
                client.say({"type": "ping"})
            assert [client.hear() for _ in range(2_000)] == [{"type": "pong"}] * 2_000


class TestShutdown:
    def test_sockets_are_closed_and_told_to_come_back(self) -> None:
        with serving() as running, talking(running) as client:
            client.subscribe("1")
            running.wait_for_listeners(1)
            running.call(running.streams.close_all)
            assert client.closed() == (1012, "The service restarts; connect again.")
            assert (len(running.listeners()), running.open_operations()) == (0, 0)

    def test_socket_that_is_opened_meanwhile_is_closed_at_once(self) -> None:
        with serving() as running:
            running.call(running.streams.close_all)
            with talking(running, init=False) as client:
                assert client.closed() == (1012, "The service restarts; connect again.")

    def test_server_that_ends_closes_its_sockets(self) -> None:
        with serving() as running, talking(running) as client:
            running.server.end()
            assert client.closed()[0] == 1012

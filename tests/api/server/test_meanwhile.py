"""Answers on a socket while what shall answer on it is made ready."""

import http.client
import socket

from api.server import Server, answering_meanwhile
from api.settings import Settings
from api.web.app import create_waiting_app
from tests.api.server.running import PATIENCE, UNHURRIED

NEVER = 10_000.0


def asked(port: int) -> http.client.HTTPConnection:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("GET", "/healthz")
    return connection


def a_server() -> Server:
    return Server(create_waiting_app(Settings()), UNHURRIED)


def test_somebody_answers_until_the_block_ends_and_who_comes_later_waits_for_the_next_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with answering_meanwhile(a_server(), listener, 0):
            first = asked(port)
            assert first.getresponse().status == 200
        later = asked(port)
        with answering_meanwhile(a_server(), listener, 0):
            assert later.getresponse().status == 200
        first.close()
        later.close()


def test_nobody_is_told_of_what_takes_but_a_moment() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        with answering_meanwhile(a_server(), listener, NEVER):
            waiting = asked(listener.getsockname()[1])
        accepted, _ = listener.accept()
        assert accepted.recv(1_000).startswith(b"GET /healthz ")
        accepted.close()
        waiting.close()

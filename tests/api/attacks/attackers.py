"""Clients that do not behave: a process of its own, so that what they do does not slow the one that measures.

Takes `{"port", "seconds", "clients", "queries"}` as JSON on standard input, a query with variables as a pair of both, and prints how many answers of each status came.
"""

import json
import socket
import sys
import threading
import time
from collections import Counter
from itertools import count
from typing import Any

_HEAD = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


def attack(order: dict[str, Any]) -> dict[str, int]:
    """What came of it: answers by status, and `closed` for connections that were not answered."""
    deadline, outcomes, numbers = time.monotonic() + order["seconds"], Counter[str](), count()

    def run(offset: int) -> None:
        connection = socket.create_connection(("127.0.0.1", order["port"]), timeout=300)
        while time.monotonic() < deadline:
            number = next(numbers)
            asked = order["queries"][(number + offset) % len(order["queries"])]
            query, variables = (asked, {}) if isinstance(asked, str) else asked
            text = f"{query} # {number}"  # each is another one: none is kept
            body = json.dumps({"query": text, "variables": variables}).encode()
            try:
                connection.sendall(_HEAD % len(body) + body)
                outcomes[_status(connection)] += 1
            except OSError:
                outcomes["closed"] += 1
                connection = socket.create_connection(("127.0.0.1", order["port"]), timeout=300)

    threads = [threading.Thread(target=run, args=(offset,)) for offset in range(order["clients"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return dict(outcomes)


def _status(connection: socket.socket) -> str:
    received = b""
    while b"\r\n\r\n" not in received:
        received += _more(connection)
    head, _, body = received.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    missing = length - len(body)
    while missing > 0:
        missing -= len(_more(connection))
    return head[9:12].decode()


def _more(connection: socket.socket) -> bytes:
    data = connection.recv(1_000_000)
    if not data:
        raise ConnectionError
    return data


if __name__ == "__main__":
    print(json.dumps(attack(json.load(sys.stdin))))

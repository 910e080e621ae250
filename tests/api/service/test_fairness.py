"""Who sends what takes as long as it may keeps nobody from what is shorter, over real sockets: the one who sends it neither."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException

import pytest

from tests.service import Answer, Served, running

LONG = "topics(first: 100) { nodes { articles(first: 100) { nodes { topics { articles(first: 100) { nodes { id topics { name } } } } } } } }"
ENDLESS = f"{{ {' '.join(f't{number}: {LONG}' for number in range(8))} }}"
"""Takes many seconds, even of a few articles."""
HEAVY = "{ topics(first: 14) { nodes { articles(first: 20) { nodes { topics { articles(first: 20) { nodes { title } } } } } } } }"
SEARCH = '{ search(query: "cloud", first: 20) { edges { score node { id label } } } }'
MOST = 3
SETTINGS = {
    "MAX_COST": "1000000000",
    "MAX_DEPTH": "30",
    "MAX_CONCURRENT_REQUESTS": f"{MOST}",
    "TRUSTED_PROXIES": "127.0.0.0/8",
}
ABUSER, OTHER = "192.0.2.1", "192.0.2.2"


@pytest.fixture
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with running(tmp_path_factory.mktemp("fair"), settings=SETTINGS) as served:
        yield served


def post(served: Served, query: str, address: str) -> Answer:
    return served.post({"query": query}, {"X-Forwarded-For": address})


@contextmanager
def abused(served: Served) -> Iterator[list[Answer]]:
    """While one client sends again and again, and more of it than may wait, what takes the whole time that work may take; there is what it was answered."""
    answers: list[Answer] = []
    is_over = threading.Event()

    def ask(number: int) -> None:
        while not is_over.is_set():
            with suppress(OSError, HTTPException):  # the service was ended
                answers.append(post(served, f"{ENDLESS} # {number}", ABUSER))
            is_over.wait(0.1)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(MOST + 3)]
    for thread in threads:
        thread.start()
    try:
        while not answers:  # one is refused at once as soon as all may wait that may
            is_over.wait(0.01)
        yield answers
    finally:
        is_over.set()
        served.process.terminate()
        for thread in threads:
            thread.join()


def test_health_is_told_while_every_thread_is_at_work(served: Served) -> None:
    with abused(served) as answers:
        before = len([answer for answer in answers if answer.status == 200])
        for _ in range(20):
            for path in ("/healthz", "/readyz"):
                assert served.ask("GET", path).status == 200
        stopped = len([answer for answer in answers if answer.status == 200]) - before
        assert stopped <= 2 * MOST  # each of them took ten seconds


def test_what_is_shorter_is_served_to_all(served: Served) -> None:
    with abused(served) as answers:
        for number in range(3):
            for address in (OTHER, ABUSER):
                for query in (SEARCH, HEAVY):
                    answer = post(served, f"{query} # {number} {address}", address)
                    assert (answer.status, set(answer.json())) == (200, {"data"})
                file = served.ask("GET", "/export/graph.graphml", headers={"X-Forwarded-For": address})
                assert file.status == 200
                assert file.body.rstrip().endswith(b"</graphml>")
        assert {answer.status for answer in answers} <= {200, 503}
        refused = [answer for answer in answers if answer.status == 503]
        assert refused
        assert {(answer.code, answer.headers["retry-after"]) for answer in refused} == {("OVERLOADED", "2")}

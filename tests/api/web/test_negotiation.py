"""Which media type answers which `Accept` header, for queries and for subscriptions."""

from collections.abc import Iterator
from itertools import permutations

import pytest

from api.web.negotiation import preferred_media_type, prefers_event_stream
from graph.building.snapshot import GraphSnapshot
from graph.stores.memory import MemoryStore
from tests.api.listening import listening
from tests.service import Reached

JSON, GRAPHQL = "application/json", "application/graphql-response+json"
EVENTS, PARTS = "text/event-stream", "multipart/mixed"
URQL = f"{GRAPHQL}, application/graphql+json, {JSON}, {EVENTS}, {PARTS}"
APOLLO = f"multipart/mixed;boundary=graphql;subscriptionSpec=1.0,{GRAPHQL},{JSON};q=0.9"
HEADERS: list[tuple[str | None, str | None, str | None]] = [
    # what is accepted, what answers a query, what answers a subscription; None is a refusal for the media type
    (None, JSON, JSON),
    ("*/*", JSON, JSON),
    (URQL, GRAPHQL, EVENTS),
    (APOLLO, GRAPHQL, GRAPHQL),
    (EVENTS, EVENTS, EVENTS),
    (PARTS, None, None),
    (f"{PARTS}, {EVENTS}", EVENTS, EVENTS),
    (f"{JSON}, {EVENTS}", JSON, EVENTS),
    (f"{EVENTS}, {JSON}", EVENTS, EVENTS),
    (f"{EVENTS};q=0.9, {JSON}", JSON, EVENTS),
    (f"{JSON};q=0.9, {EVENTS}", EVENTS, EVENTS),
    (f"{JSON};q=0.5, {EVENTS};q=0.5", JSON, EVENTS),
    (f"{EVENTS};q=0.5, {JSON};q=0.5", EVENTS, EVENTS),
    (f"{EVENTS};q=0, {JSON}", JSON, JSON),
    (f"{EVENTS}, {JSON};q=0", EVENTS, EVENTS),
    (f"{EVENTS}, */*", EVENTS, EVENTS),
    (f"*/*, {EVENTS}", JSON, EVENTS),
    (f"{EVENTS}, */*;q=0.1", EVENTS, EVENTS),
    (f"{EVENTS};q=0.1, */*", JSON, EVENTS),
    (f"{EVENTS};q=0.5, application/*;q=0.7, */*;q=0.1", JSON, EVENTS),
    (f"{EVENTS};q=0.5, application/*;q=0.3, */*", EVENTS, EVENTS),
    (f"{JSON};q=0, {GRAPHQL};q=0, */*", None, None),
    ("application/*;q=0, */*;q=0.5", None, None),
    (f"{GRAPHQL};q=0.4, {JSON};q=0.6, {EVENTS};q=0.5", JSON, EVENTS),
    (f"{GRAPHQL};q=0.6, {JSON};q=0.4, {EVENTS};q=0.5", GRAPHQL, EVENTS),
    (f"{EVENTS};q=nan, {JSON}", JSON, JSON),
    (f"{JSON};q=7, {EVENTS}", JSON, EVENTS),
    (f"{EVENTS};q=-1, {JSON}", JSON, JSON),
    (f"  {EVENTS.upper()} ; Q=0.4,{JSON}", JSON, EVENTS),
    ("text/html", None, None),
]
MIXES = [mix for size in range(1, 5) for mix in permutations((JSON, GRAPHQL, EVENTS, PARTS), size)]


@pytest.fixture(scope="module")
def service(known: GraphSnapshot) -> Iterator[Reached]:
    with listening(MemoryStore(known)) as service:
        yield service


def head_of(service: Reached, accept: str | None, query: str) -> tuple[int, str]:
    """The status and the media type of an answer, which may never end."""
    accepted = f"Accept: {accept}\r\n" if accept else ""
    body = f'{{"query": "{query}"}}'
    head = f"POST /graphql HTTP/1.1\r\nHost: x\r\n{accepted}Content-Type: {JSON}\r\nContent-Length: {len(body)}\r\n\r\n"
    with service.connect() as connection:
        connection.sendall((head + body).encode())
        received = b""
        while b"\r\n\r\n" not in received:
            received += connection.recv(65_536)
    lines = received.decode("latin-1").lower().split("\r\n")
    [content_type] = [line.split(":", 1)[1].strip() for line in lines if line.startswith("content-type:")]
    return int(lines[0].split()[1]), content_type.partition(";")[0]


@pytest.mark.parametrize(("accept", "of_query", "of_subscription"), HEADERS)
def test_answer_has_the_media_type_that_is_preferred(
    service: Reached, accept: str | None, of_query: str | None, of_subscription: str | None
) -> None:
    status = {EVENTS: 200, JSON: 200, GRAPHQL: 400}  # of a subscription where no events are taken
    assert head_of(service, accept, "{ __typename }") == ((200, of_query) if of_query else (406, JSON))
    assert head_of(service, accept, "subscription { snapshotChanged { version } }") == (
        (status[of_subscription], of_subscription) if of_subscription else (406, JSON)
    )


@pytest.mark.parametrize("mix", MIXES, ids=" ".join)
def test_first_of_the_equally_wanted_answers(mix: tuple[str, ...]) -> None:
    expected = next((media_type for media_type in mix if media_type != PARTS), None)
    found = EVENTS if prefers_event_stream(", ".join(mix)) else preferred_media_type(", ".join(mix))
    assert found == expected


@pytest.mark.parametrize("mix", MIXES, ids=" ".join)
def test_most_wanted_answers_wherever_it_stands(mix: tuple[str, ...]) -> None:
    wanted = {GRAPHQL: 0.2, PARTS: 1, JSON: 0.6, EVENTS: 0.4}
    header = ", ".join(f"{media_type};q={wanted[media_type]}" for media_type in mix)
    expected = max((media_type for media_type in mix if media_type != PARTS), key=wanted.__getitem__, default=None)
    assert (EVENTS if prefers_event_stream(header) else preferred_media_type(header)) == expected


def test_subscription_that_a_get_asks_for_is_a_stream_however_often(service: Reached) -> None:
    request = (
        b"GET /graphql?query=subscription%7BsnapshotChanged%7Bversion%7D%7D HTTP/1.1\r\nHost: x\r\n"
        b"Accept: application/json, text/event-stream\r\n\r\n"
    )
    for _ in range(2):
        with service.connect() as connection:
            connection.sendall(request)
            head = connection.recv(65_536).lower()
            assert b"content-type: text/event-stream" in head
            assert b"etag" not in head

"""Clients that mean no good: `python -m bench.abuse PORT SECONDS KIND=COUNT …` prints as JSON how they were answered.

Each kind knows what a service owes it: a refusal, an answer in its turn, or the end of the connection.
"""

import asyncio
import json
import os
import random
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

from bench.running import HOST, Client, Outcomes, post_request

Abuse = Callable[[int, Outcomes], Coroutine[Any, Any, None]]

_PATIENCE = 20.0
"""Seconds in which the end of a connection must come."""
_NUMBERS = count(random.randrange(10**9))
"""In each text another one, so that nothing is answered from what is kept."""


def _amplifying(number: int) -> str:
    fragments = [f"fragment F{i} on Query {{ ...F{i + 1} ...F{i + 1} }}" for i in range(30)]
    return f"query Q{number} {{ ...F0 }} {' '.join(fragments)} fragment F30 on Query {{ __typename }}"


def _deep(number: int) -> str:
    return f"query Q{number} {{ articles {{ nodes {'{ related { nodes ' * 40}{{ id }}{' } }' * 40} }} }}"


def _aliased(number: int) -> str:
    return f"query Q{number} {{ {' '.join(f'a{i}: __typename' for i in range(900))} }}"


def _overpriced(number: int) -> str:
    lists = "related(first: 100) { nodes { " * 4
    return f"query Q{number} {{ articles(first: 100) {{ nodes {{ {lists} id {'} } ' * 4} }} }} }}"


def _conflicting(number: int) -> str:
    fields = " ".join(f"... on Query {{ topics(first: {i}) {{ totalCount }} }}" for i in range(190))
    return f"query Q{number} {{ {fields} }}"


REFUSED = (_amplifying, _deep, _aliased, _overpriced, _conflicting)
EXPENSIVE = (
    "query Q{n} {{ articles(first: 100) {{ nodes {{ title related(first: 40) {{ nodes {{ title excerpt related(first: 5)"
    " {{ nodes {{ t{n}: title }} }} }} }} }} }} }}",
    "query Q{n} {{ articles(first: 100, filter: {{title: {{contains: \"a\"}}}}) {{ nodes {{ similar(first: 15) {{ edges"
    " {{ s{n}: score }} }} }} }} }}",
    'query Q{n} {{ articles(filter: {{related: {{some: {{related: {{some: {{title: {{contains: "q{n}"}}}}}}}}}}}}) {{'
    " totalCount }} }}",
    'query Q{n} {{ search(query: "a* b* c* d* e* f*", first: 100) {{ edges {{ s{n}: score highlights {{ field parts {{'
    " text }} }} }} }} }}",
)  # fmt: skip
"""What is allowed and takes longest, each in its way."""
_NOTHING = " ".join(['{excerpt: {contains: "", gte: "", ignoreCase: true}}'] * 200)
_STORY = (
    "stories(first: 5) {{ nodes {{ neighborhood(depth: 0) {{ edges {{ kind sharedTopics {{ name }} source {{ id label }}"
    " target {{ s{n}: label }} }} }} }} }}"
)
UNDERESTIMATED = (
    "query Q{{n}} {{{{ topics(first: 1) {{{{ nodes {{{{ neighborhood(limitPerNode: 1, filter: {{{{and: [{}"
    ' {{{{title: {{{{eq: "none"}}}}}}}}]}}}}) {{{{ t{{n}}: truncated }}}} }}}} }}}} }}}}'.format(
        _NOTHING.replace("{", "{{").replace("}", "}}")
    ),
    f"query Q{{n}} {{{{ {_STORY} }}}}",
    f'query Q{{n}} {{{{ {_STORY} article(by: {{{{url: "x"}}}}) {{{{ id }}}} }}}}',
    "query Q{n} {{ articles(first: 100) {{ nodes {{ b{n}: body related(first: 100) {{ nodes {{ title }} }} }} }} }}",
    'query Q{n} {{ relatedByTopic(topics: ["nope"]) {{ totalCount }} topics(first: 50) {{ nodes {{'
    ' a{n}: neighborhood(depth: 9) {{ truncated }} timeline(timeZone: "x") {{ count }} }} }} }}',
)
"""What was once estimated at a hundredth of what it takes, or answered without bound, or logged a hundred times."""
WORST = (
    'query Q{n} {{ search(query: "a* b* c* d* e* f* g* h* i* j* k* l* m* n*", first: 20) {{ edges {{ h{n}: highlights {{'
    " field parts {{ text }} }} }} }} }}",
    'query Q{n} {{ providerNeighborhood(domain: "microsoft.com", depth: 2, limitPerNode: 100, throughHubs: true) {{'
    " truncated edges {{ sharedTopics {{ id }} t{n}: target {{ label }} }} }} }}",
    "query Q{n} {{ articles(first: 20) {{ nodes {{ relatedByTopic(first: 0) {{ aggregate {{ c{n}: count }}"
    " timeline(interval: YEAR) {{ count }} }} }} }} }}",
    'query Q{n} {{ topics(filter: {{articles: {{some: {{related: {{some: {{title: {{eq: "q{n}"}}}}}}}}}}}}) {{'
    " totalCount }} }}",
    "query Q{n} {{ topics(orderBy: [{{children: {{count: ASC}}}}, {{articles: {{count: ASC}}}}], first: 5) {{ nodes {{"
    " t{n}: name }} }} }}",
)
"""What takes the longest for what it costs, of what is allowed."""
STOPPED = b'{"errors":[{"message":"The work was stopped after'
TOO_EXPENSIVE = b'"code":"QUERY_TOO_EXPENSIVE"'


async def refused(port: int, outcomes: Outcomes) -> None:
    """Sends what is refused, as fast as it is."""
    client = Client(port)
    while True:
        query = random.choice(REFUSED)(next(_NUMBERS))
        with outcomes.timed("abuse: refused operations"):
            status, body = await client.post(query)
            assert (status, body[:11]) == (200, b'{"errors":['), (status, body[:80])


async def expensive(port: int, outcomes: Outcomes) -> None:
    """Sends the most expensive operations; each has to be answered, refused for its cost, stopped, or told to come again."""
    client = Client(port)
    while True:
        query = random.choice((*EXPENSIVE, *WORST)).format(n=next(_NUMBERS))
        with outcomes.timed("abuse: most expensive operations"):
            status, body = await client.post(query)
            if status != 503 and TOO_EXPENSIVE not in body:
                assert (status, body.startswith((b'{"data":', STOPPED))) == (200, True), (status, body[:80])


async def underestimated(port: int, outcomes: Outcomes) -> None:
    """Sends what once held the service; each has to be answered, refused, or stopped, or told to come again."""
    client = Client(port)
    while True:
        query = random.choice(UNDERESTIMATED).format(n=next(_NUMBERS))
        with outcomes.timed("abuse: once underestimated"):
            status, body = await client.post(query)
            assert status in (200, 503), (status, body[:80])
            assert b"INTERNAL_SERVER_ERROR" not in body, body[:200]


async def malformed(port: int, outcomes: Outcomes) -> None:
    """Sends bodies that are no request; each is refused, and the next one is heard."""
    client = Client(port)
    bodies = [b"null", b"1", b"[]", b'{"query": 1}', b"\xff\xfe", b"[" * 100_000, b'{"query": "{a}", "variables": ']
    while True:
        with outcomes.timed("abuse: malformed bodies"):
            status, _ = await client.send(post_request(random.choice(bodies)))
            assert 400 <= status < 500, status
        await asyncio.sleep(0.05)


async def slow_headers(port: int, outcomes: Outcomes) -> None:
    """Sends a request letter by letter, until the service has had enough."""
    while True:
        with outcomes.timed("abuse: slow headers, until closed"):
            async with _connected(port) as (reader, writer), asyncio.timeout(_PATIENCE):
                ended = asyncio.ensure_future(reader.read())
                for letter in b"GET /graphql HTTP/1.1\r\nX: " + b"x" * 1_000:
                    if ended.done():
                        break
                    writer.write(bytes([letter]))
                    await asyncio.sleep(0.5)
                await ended
        await asyncio.sleep(1)


async def slow_readers(port: int, outcomes: Outcomes) -> None:
    """Asks for much and takes nothing of it, until the service has had enough or a minute has passed."""
    request = post_request(json.dumps({"query": EXPENSIVE[0].format(n="")}).encode())
    while True:
        with outcomes.timed("abuse: slow readers"):
            async with _connected(port, limit=1_024) as (_, writer):
                writer.write(request * 5)
                for _ in range(60):
                    await asyncio.sleep(1)
                    if writer.is_closing():
                        break


async def flood(port: int, outcomes: Outcomes) -> None:
    """Opens many connections at once and lets them lie."""
    while True:
        with outcomes.timed("abuse: floods of 200 connections"):
            opened = await asyncio.gather(*(asyncio.open_connection(HOST, port) for _ in range(200)))
            await asyncio.sleep(3)
            for _, writer in opened:
                writer.close()
        await asyncio.sleep(7)


async def hang_ups(port: int, outcomes: Outcomes) -> None:
    """Asks, and is gone before the answer."""
    while True:
        query = EXPENSIVE[0].format(n=next(_NUMBERS))
        with outcomes.timed("abuse: hanging up"):
            async with _connected(port) as (_, writer):
                writer.write(post_request(json.dumps({"query": query}).encode()))
                await asyncio.sleep(random.random() / 20)
        await asyncio.sleep(0.2)


async def broken_frames(port: int, outcomes: Outcomes) -> None:
    """Breaks the protocol of WebSocket; the connection has to end."""
    handshake = (
        f"GET /graphql HTTP/1.1\r\nHost: {HOST}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
    ).encode()
    while True:
        with outcomes.timed("abuse: broken frames, until closed"):
            async with _connected(port) as (reader, writer), asyncio.timeout(_PATIENCE):
                writer.write(handshake)
                assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101")
                writer.write(
                    random.choice([os.urandom(200), b"\x81\xfe\xff\xff", b"\x81\x80\x00\x00\x00\x00", b"\xff" * 14])
                )
                if writer.can_write_eof():
                    writer.write_eof()
                await reader.read()
        await asyncio.sleep(0.2)


@asynccontextmanager
async def _connected(
    port: int, limit: int = 65_536
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection(HOST, port, limit=limit)
    try:
        yield reader, writer
    except ConnectionError:  # one way to close it
        pass
    finally:
        writer.close()


KINDS: dict[str, Abuse] = {
    abuse.__name__: abuse
    for abuse in (
        refused,
        expensive,
        underestimated,
        malformed,
        slow_headers,
        slow_readers,
        flood,
        hang_ups,
        broken_frames,
    )
}


async def _abuse(port: int, seconds: float, chosen: Sequence[str]) -> Outcomes:
    outcomes = Outcomes()
    counts = (named.split("=") for named in chosen)
    tasks = [asyncio.create_task(KINDS[kind](port, outcomes)) for kind, number in counts for _ in range(int(number))]
    if not tasks:
        return outcomes
    done, _ = await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()
    return outcomes


if __name__ == "__main__":
    print(asyncio.run(_abuse(int(sys.argv[1]), float(sys.argv[2]), sys.argv[3:])).as_json())

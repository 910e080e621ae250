"""What attackers send, and what every refusal of it has to be."""

from pathlib import Path

from tests.service import Answer

MEGABYTE = 1024 * 1024
JSON = {"Content-Type": "application/json"}
GRAPHQL_RESPONSE = {"Accept": "application/graphql-response+json"}
INSIDE = (
    "Traceback",
    'File "',
    ".py",
    "site-packages",
    "orjson",
    "starlette",
    "uvicorn",
    "strawberry",
    "graphql-core",
    "graphql.error",
    "tantivy",
    "networkx",
    "ryml",
    "httptools",
    "Exception",
    str(Path(__file__).parents[3]),
)
"""What no answer may tell of the service's inside."""


def check_refusal(answer: Answer, status: int, code: str) -> None:
    """One error of GraphQL's shape, with its code, a sentence, and nothing of the service's inside."""
    assert (answer.status, answer.code) == (status, code), answer.body
    assert set(answer.json()) == {"errors"}
    assert 10 < len(answer.message) <= 500
    assert [word for word in INSIDE if word in answer.body.decode()] == []


def nested(levels: int) -> str:
    return '{"a":' * levels + "1" + "}" * levels


def doubling(count: int) -> str:
    """Fragments of which each spreads the next one twice."""
    spreads = (f"fragment f{n} on Query {{ ...f{n + 1} ...f{n + 1} }}" for n in range(count))
    return f"{{ ...f0 }} {' '.join(spreads)} fragment f{count} on Query {{ __typename }}"


DEEP = "{ topics { nodes { " + "parent { " * 25 + "name" + " }" * 25 + " } } }"
WALK = "nodes { related(first: 100) { " * 3 + "totalCount" + " } }" * 3
BAD_QUERIES: dict[str, tuple[str, str]] = {
    "fragment cycle": ("{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }", "GRAPHQL_VALIDATION_FAILED"),
    "fragment in itself": ("{ ...a } fragment a on Query { ...a ...a ...a }", "GRAPHQL_VALIDATION_FAILED"),
    "two operations": ("query A { __typename } query B { __typename }", "OPERATION_RESOLUTION_FAILURE"),
    "many operations": (" ".join(f"query A{n} {{ __typename }}" for n in range(100)), "OPERATION_RESOLUTION_FAILURE"),
    "alias flood": ("{" + " ".join(f"a{n}: __typename" for n in range(300)) + "}", "TOO_MANY_ALIASES"),
    "repeated field flood": ("{" + "__typename " * 1_000 + "}", "TOO_MANY_REPEATED_FIELDS"),
    "spread flood": ("{" + "...a " * 1_000 + "} fragment a on Query { __typename }", "TOO_MANY_REPEATED_FIELDS"),
    "directive flood": ("{ __typename " + "@include(if: true) " * 100 + "}", "TOO_MANY_DIRECTIVES"),
    "unknown directive flood": ("{ __typename " + "@a " * 1_000 + "}", "TOO_MANY_DIRECTIVES"),
    "token flood": ("{" + "a " * 50_000 + "}", "QUERY_TOO_LONG"),
    "long comment": ("#" + "a" * 200_000, "QUERY_TOO_LONG"),
    "unknown field flood": ("{" + " ".join(f"a{n}" for n in range(1_000)) + "}", "GRAPHQL_VALIDATION_FAILED"),
    "many brackets": ("{" * 3_000, "GRAPHQL_PARSE_FAILED"),
    "deep selections": ("{ a " * 1_000 + "}" * 1_000, "QUERY_TOO_DEEP"),
    "deep fields": (DEEP, "QUERY_TOO_DEEP"),
    "deep literals": ("{ articles(filter: " + "{not: " * 900 + "{}" + "}" * 900 + ") { totalCount } }", "QUERY_TOO_DEEP"),
    "deep types": ("query ($a: " + "[" * 1_500 + "Int" + "]" * 1_500 + ") { __typename }", "QUERY_TOO_DEEP"),
    "expensive": ("{ articles(first: 100) { " + WALK + " } }", "QUERY_TOO_EXPENSIVE"),
    "expensive again": ("{" + " ".join(f"a{n}: relatedByTopic(topics: [\"AI\"], first: 2) {{ nodes {{ similar {{ totalCount }} }} }}" for n in range(99)) + "}", "QUERY_TOO_EXPENSIVE"),
    "introspection bomb": ("{ __schema { types " + "{ fields { type " * 5 + "{ name }" + " } }" * 5 + " } }", "QUERY_TOO_DEEP"),
    "introspection circle": ("{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }", "QUERY_TOO_DEEP"),
    "number of 5,000 digits": ("{ topics(first: " + "9" * 5_000 + ") { totalCount } }", "NUMBER_TOO_LARGE"),
    "float of 5,000 digits": ("{ topics(filter: {quality: {gt: 1e" + "9" * 5_000 + "}}) { totalCount } }", "NUMBER_TOO_LARGE"),
    "mutation": ("mutation { a }", "GRAPHQL_VALIDATION_FAILED"),
    "subscription": ("subscription { snapshotChanged { version } }", "STREAM_REQUIRED"),
    "no document": ("\x00", "GRAPHQL_PARSE_FAILED"),
    "empty": ("", "GRAPHQL_PARSE_FAILED"),
}  # fmt: skip


def check_headers(answer: Answer) -> None:
    """What tells browsers to be strict."""
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; ")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert "server" not in answer.headers


UPGRADE_REQUEST = (
    b"GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
)


def text_frame(text: str) -> bytes:
    """A message as clients send it, masked with zeros."""
    data = text.encode()
    length = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + len(data).to_bytes(2)
    return b"\x81" + length + bytes(4) + data

"""The tools over HTTP and over standard input and output: the same access, limits and rate as GraphQL, and a clean standard output."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import httpx2
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client

from tests.api.mcp.talking import Told, called
from tests.js_tools import JAVASCRIPT, run_node
from tests.service import COMMAND, SEEDS, Answer, Served, running

T = TypeVar("T")

READ = "read-token-0123456789"
AS_READER = {"Authorization": f"Bearer {READ}"}
TOPICS = "{ topics { totalCount } }"
COUNTED = Told('{"data":{"topics":{"totalCount":14}}}', False)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    settings = {
        "READ_TOKEN": READ,
        "MAX_BODY_KB": "4",
        "RATE_LIMIT": "5000",
        "ALLOWED_ORIGINS": "https://friend.example",
    }
    with running(tmp_path_factory.mktemp("service"), settings=settings) as served:
        yield served


def session(address: str, talk: Callable[[Client], Awaitable[T]], mode: str = "auto", token: str | None = READ) -> T:
    async def run() -> T:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with (
            httpx2.AsyncClient(headers=headers, timeout=120) as http,
            Client(streamable_http_client(f"{address}/mcp", http_client=http), mode=mode) as client,
        ):
            return await talk(client)

    return asyncio.run(run())


def post(served: Served, message: Any, **headers: str) -> Answer:
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    given = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    return served.ask(
        "POST", "/mcp", body, {**given, **{name.replace("_", "-"): text for name, text in headers.items()}}
    )


LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
}


def calling(tool: str, number: int = 1, **arguments: Any) -> dict[str, Any]:
    params = {"name": tool, "arguments": arguments}
    return {"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": params}


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_client_of_either_era_has_its_session(served: Served, mode: str) -> None:
    async def talk(client: Client) -> tuple[int, Told]:
        return len((await client.list_tools()).tools), await called(client, "graphql", {"query": TOPICS})

    assert session(served.address, talk, mode) == (10, COUNTED)


@pytest.mark.thorough
def test_client_in_typescript_has_its_session(served: Served) -> None:
    finished = run_node(JAVASCRIPT / "agent.mjs", served.address, READ)
    assert finished.returncode == 0, finished.stderr
    told = json.loads(finished.stdout)
    assert told["tools"][:2] == ["search", "read"]
    assert told["topics"] == {"isError": False, "text": COUNTED.text}
    assert told["mistake"]["isError"]
    assert told["resource"].startswith("# ")


def test_who_asks_and_from_where_is_judged_as_for_graphql(served: Served) -> None:
    assert post(served, LIST, **AS_READER).status == 200
    assert (post(served, LIST).status, post(served, LIST).code) == (401, "UNAUTHENTICATED")
    assert post(served, LIST, Authorization="Bearer wrong").status == 401
    foreign = post(served, LIST, Origin="https://evil.example", **AS_READER)
    assert (foreign.status, foreign.code) == (403, "FORBIDDEN")
    assert post(served, LIST, Origin="https://friend.example", **AS_READER).status == 200
    assert post(served, LIST, Origin=served.address, **AS_READER).status == 200


def test_body_is_bounded_as_for_graphql(served: Served) -> None:
    large = post(served, b" " * 4_097, **AS_READER)
    assert (large.status, large.code) == (413, "BODY_TOO_LARGE")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b'{"jsonrpc": "2.0"}', b"[" * 4_000, b"\xff"])
def test_nonsense_is_refused(served: Served, body: bytes) -> None:
    assert 400 <= post(served, body, **AS_READER).status < 500
    assert "Traceback" not in served.log()


def test_other_methods_are_refused(served: Served) -> None:
    for method in ("GET", "DELETE", "PUT"):
        answer = served.ask(method, "/mcp", headers=AS_READER)
        assert (answer.status, answer.headers["allow"]) == (405, "POST")


def test_calls_of_tools_are_told_in_the_metrics_and_in_the_log(tmp_path: Path) -> None:
    with running(tmp_path) as served:
        calls = [
            calling("search", query="herring"),
            calling("graphql", query="query Counted { topics { totalCount } }"),
            calling("graphql", query="{ nothing }"),
            calling("read", article="nothing-like-this"),
            calling("no-such\ntool"),
        ]
        for number, message in enumerate(calls):
            assert post(served, message, X_Request_Id=f"call-{number}").status == 200
        metrics = served.ask("GET", "/metrics").body.decode()
        for labels, count in {
            'outcome="ok",tool="search"': 1,
            'outcome="ok",tool="graphql"': 1,
            'outcome="refused",tool="graphql"': 1,
            'outcome="refused",tool="read"': 1,
            'outcome="refused",tool="other"': 1,
        }.items():
            assert f"frontgraph_tool_calls_total{{{labels}}} {count}.0\n" in metrics
        assert 'frontgraph_tool_call_duration_seconds_count{tool="graphql"} 2.0\n' in metrics
        assert 'frontgraph_requests_total{outcome="refused",protocol="mcp",status="2xx"} 3.0\n' in metrics
        assert '"logger":"mcp' not in served.log()
        lines = [json.loads(line) for line in served.whole_log().splitlines() if '"request_id":"call-' in line]
    assert [(line["protocol"], line["tool"], line["outcome"], line["refusal"]) for line in lines] == [
        ("mcp", "search", "ok", None),
        ("mcp", "graphql", "ok", None),
        ("mcp", "graphql", "refused", "GRAPHQL_VALIDATION_FAILED"),
        ("mcp", "read", "refused", None),
        ("mcp", "no-such\\ntool", "refused", None),
    ]
    assert (lines[1]["operation"], lines[1]["operation_type"], lines[1]["executor"]) == ("Counted", "query", "planned")
    assert lines[1]["cost"] >= 1
    assert all(line["seconds"] > 0 for line in lines)


@pytest.mark.thorough
def test_rate_is_shared_with_graphql(tmp_path: Path) -> None:
    with running(tmp_path, settings={"RATE_LIMIT": "100"}) as served:
        assert served.post({"query": "{ articles(first: 60) { nodes { title } } }"}).status == 200
        query = "{ articles(first: 50) { nodes { title } } }"
        answered = post(served, calling("graphql", query=query)).json()["result"]
        assert answered["isError"]
        assert "This client may cause a cost of 100" in answered["content"][0]["text"]
        answers = [post(served, LIST) for _ in range(60)]
        assert (answers[-1].status, answers[-1].code) == (429, "RATE_LIMITED")
        assert "retry-after" in answers[-1].headers


def stdio(talk: Callable[[Client], Awaitable[T]], *arguments: str, **environment: str) -> T:
    command = StdioServerParameters(command=sys.executable, args=["-c", COMMAND, "mcp", *arguments], env=environment)

    async def run() -> T:
        async with Client(stdio_client(command)) as client:
            return await talk(client)

    return asyncio.run(run())


@pytest.mark.thorough
def test_folder_and_running_service_answer_alike_on_standard_output(served: Served) -> None:
    async def talk(client: Client) -> list[Told]:
        calls: list[tuple[str, dict[str, Any]]] = [
            ("graphql", {"query": TOPICS}),
            ("read", {"article": "scientists-and-skippers-count-herring-together"}),
            ("schema", {"question": "stories"}),
            ("read", {"article": "x"}),
        ]
        return [await called(client, name, arguments) for name, arguments in calls]

    root = str(Path(__file__).parents[3])
    here = stdio(talk, str(SEEDS), PYTHONPATH=root)
    there = stdio(talk, served.address, PYTHONPATH=root, FRONTGRAPH_READ_TOKEN=READ)
    assert here[0] == COUNTED
    assert here[:2] == there[:2]
    assert here[3] == there[3]
    assert [told.is_error for told in there] == [False, False, False, True]
    without = stdio(lambda client: called(client, "graphql", {"query": TOPICS}), served.address, PYTHONPATH=root)
    assert without.is_error
    assert "FRONTGRAPH" not in without.text
    assert "token" in without.text


@pytest.mark.thorough
def test_standard_output_holds_messages_alone_and_the_process_ends_with_its_input() -> None:
    command = [sys.executable, "-c", COMMAND, "mcp", str(SEEDS)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, encoding="utf-8") as process:
        assert process.stdin
        assert process.stdout
        for message in (HELLO, {**LIST, "id": 2}):
            process.stdin.write(json.dumps(message) + "\n")
            process.stdin.flush()
            answer = json.loads(process.stdout.readline())
            assert (answer["id"], "result" in answer) == (message["id"], True)
        process.stdin.write("no message\n")
        process.stdin.close()
        for line in process.stdout.read().splitlines():
            json.loads(line)
        assert process.wait(120) == 0


def test_every_request_that_was_read_is_answered_though_the_input_ends_at_once() -> None:
    cancelled = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 30}}
    calls = [calling("story", number) for number in range(2, 30)]
    messages = [HELLO, *calls, calling("story", 30), cancelled, {**LIST, "id": "last"}]
    finished = subprocess.run(
        [sys.executable, "-c", COMMAND, "mcp", str(SEEDS)],
        input="".join(json.dumps(message) + "\n" for message in messages),
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert finished.returncode == 0, finished.stderr
    answers = {answer["id"]: answer for answer in map(json.loads, finished.stdout.splitlines())}
    assert set(answers) - {30} == {*range(1, 30), "last"}
    assert all("result" in answer for answer in answers.values())
    assert {answers[number]["result"]["isError"] for number in range(2, 30)} == {False}


@pytest.mark.thorough
def test_without_the_sdk_it_is_told_how_to_install_it(tmp_path: Path) -> None:
    program = f"import sys; sys.modules['mcp'] = None; {COMMAND}"
    command = [sys.executable, "-c", program, "mcp", str(SEEDS)]
    finished = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120)
    assert (finished.returncode, finished.stdout) == (1, "")
    assert "pip install 'frontgraph[mcp]'" in finished.stderr
    with running(tmp_path, program=program) as served:
        answer = post(served, LIST)
        assert (answer.status, answer.code) == (501, "NOT_INSTALLED")
        assert "frontgraph[mcp]" in answer.message


def test_command_line_does_not_import_the_sdk() -> None:
    program = (
        "import sys, api.cli, contextlib\nwith contextlib.suppress(SystemExit):\n api.cli.main(['--version'])\n"
        "assert not {'mcp', 'pydantic', 'starlette', 'strawberry'} & set(sys.modules), sorted(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, timeout=60)

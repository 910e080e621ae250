"""The service behind the proxies of docs/deploy.md, as they are configured there, on a port other than 80."""

import http.client
import json
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from graph.building.snapshot import GraphSnapshot
from graph.stores.memory import MemoryStore
from tests.api.listening import listening
from tests.js_tools import give_up
from tests.service import Reached
from tests.test_deploy import block

SUBSCRIPTION = "subscription { snapshotChanged { version } }"
OFFER = {"Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c", "HTTP2-Settings": "AAMAAABkAAQCAAAAAAIAAAAA"}
PATIENCE = 60


def program(name: str, package: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin")
    if found is None:
        give_up(f"{name} was not found; `apt-get install {package}` brings it")
    return found


def nginx(folder: Path, port: int, upstream: int) -> list[str]:
    text = block("nginx").replace("127.0.0.1:8000", f"127.0.0.1:{upstream}")
    text = re.sub(r"listen 443 ssl;", f"listen 127.0.0.1:{port};", text)
    text = re.sub(r"^ *ssl_certificate.*\n", "", text, flags=re.MULTILINE)
    paths = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/errors;\n"
        f"events {{}}\nhttp {{ access_log off; {paths}{text} }}\n",
        encoding="utf-8",
    )
    return [program("nginx", "nginx-light"), "-e", f"{folder}/errors", "-p", str(folder), "-c", f"{folder}/nginx.conf"]


def caddy(folder: Path, port: int, upstream: int) -> list[str]:
    text = block("caddy").replace("127.0.0.1:8000", f"127.0.0.1:{upstream}")
    text = text.replace("news.example {", f"http://127.0.0.1:{port} {{", 1)
    (folder / "Caddyfile").write_text(f"{{\n\tadmin off\n}}\n{text}", encoding="utf-8")
    return [program("caddy", "caddy"), "run", "--config", f"{folder}/Caddyfile", "--adapter", "caddyfile"]


@pytest.fixture(scope="module", params=[nginx, caddy], ids=["nginx", "caddy"])
def proxy(
    request: pytest.FixtureRequest, seeds: GraphSnapshot, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Reached]:
    """The service as its clients reach it, below /news."""
    folder = tmp_path_factory.mktemp("proxy")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = {"root_path": "/news"}
    with listening(MemoryStore(seeds), settings, trusted_proxies=["127.0.0.1"]) as service:
        command = request.param(folder, port, service.port)
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder)}
        with (
            (folder / "log").open("wb") as log,
            subprocess.Popen(command, stdout=log, stderr=log, env=environment) as process,
        ):
            try:
                await_port(port, process, folder)
                yield Reached(f"http://127.0.0.1:{port}/news", port)
            finally:
                process.kill()  # it would wait for its clients


def await_port(port: int, process: "subprocess.Popen[bytes]", folder: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError((folder / "log").read_text(encoding="utf-8"))


def test_prefix_leads_to_the_start_page_on_the_port_that_the_client_knows(proxy: Reached) -> None:
    led = proxy.ask("GET", "/news")
    assert 300 < led.status < 309
    assert led.headers["location"] in ("/news/", f"http://127.0.0.1:{proxy.port}/news/")
    page = proxy.ask("GET", "/news/", headers={"Accept": "text/html"})
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    for path in re.findall(rb'(?:href|src)="([^"]+)"', page.body):
        if path != b"metrics":  # which is not for clients
            there = proxy.ask("HEAD", f"/news/{path.decode()}", headers={"Accept": "text/html"})
            assert there.status == 200 or there.headers["location"].startswith("/news/"), path


def test_playground_is_there(proxy: Reached) -> None:
    page = proxy.ask("GET", "/news/graphql", headers={"Accept": "text/html"})
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")


def test_what_is_not_there_leads_a_browser_to_the_start_page(proxy: Reached) -> None:
    page = proxy.ask("GET", "/news/nothing/here", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (page.status, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert b'<a href="/news/">' in page.body
    assert proxy.ask("GET", "/news/nothing").message == "Nothing stands at this URL; the start page is /news/."


def test_what_is_for_operators_is_not_for_clients(proxy: Reached) -> None:
    assert proxy.ask("GET", "/news/metrics").status == 404
    assert proxy.ask("POST", "/news/-/reload").status == 404


@pytest.mark.parametrize("offer", [{}, OFFER], ids=["plain", "with an offer of HTTP/2"])
def test_operation_is_answered(proxy: Reached, offer: Mapping[str, str]) -> None:
    headers = {"Content-Type": "application/json", **offer}
    answer = proxy.ask("POST", "/news/graphql", json.dumps({"query": "{ __typename }"}), headers)
    assert (answer.status, answer.json()) == (200, {"data": {"__typename": "Query"}})
    assert proxy.ask("GET", "/news/healthz", headers=offer).status == 200


@pytest.mark.thorough
def test_no_answer_of_a_thousand_is_lost(proxy: Reached) -> None:
    operation, headers = json.dumps({"query": "{ __typename }"}), {"Content-Type": "application/json"}
    for _ in range(1_000):
        assert proxy.ask("POST", "/news/graphql", operation, headers).json() == {"data": {"__typename": "Query"}}


def test_page_of_the_service_may_subscribe_over_a_socket(proxy: Reached) -> None:
    with connect(
        f"ws://127.0.0.1:{proxy.port}/news/graphql",
        origin=Origin(f"http://127.0.0.1:{proxy.port}"),
        subprotocols=[Subprotocol("graphql-transport-ws")],
        proxy=None,
    ) as socket:
        socket.send(json.dumps({"type": "connection_init"}))
        assert json.loads(socket.recv(PATIENCE)) == {"type": "connection_ack"}
        socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": "{ __typename }"}}))
        assert json.loads(socket.recv(PATIENCE))["payload"] == {"data": {"__typename": "Query"}}


def test_page_of_the_service_may_subscribe_to_events(proxy: Reached) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=PATIENCE)
    headers = {
        "Content-Type": "application/json",
        "Accept": "text/event-stream",
        "Origin": f"http://127.0.0.1:{proxy.port}",
    }
    connection.request("POST", "/news/graphql", json.dumps({"query": SUBSCRIPTION}), headers)
    response = connection.getresponse()
    assert (response.status, response.getheader("content-type")) == (200, "text/event-stream; charset=utf-8")
    assert response.readline() == b":\n"  # sent at once, though the stream goes on
    connection.close()


def test_page_of_another_origin_is_told_why_not(proxy: Reached) -> None:
    answer = proxy.ask(
        "POST",
        "/news/graphql",
        json.dumps({"query": SUBSCRIPTION}),
        {"Content-Type": "application/json", "Accept": "text/event-stream", "Origin": "https://evil.example"},
    )
    assert answer.message.startswith(
        f"The page is of https://evil.example, which is another origin than the host of this request, 127.0.0.1:{proxy.port}."
    )

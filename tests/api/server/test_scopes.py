"""What the application is told of a request, and what clients are told of the server."""

import pytest

from tests.api.server.running import Running, ok, refused, running

GET = b"GET /%s HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Proto: https\r\n\r\n"


def test_answer_has_a_date_and_names_no_server(service: Running) -> None:
    with service.connect() as client:
        client.send(GET % b"")
        assert b"\r\ndate: " in client.connection.recv(1_000)
        client.send(GET % b"")
        assert client.response() == ok()


def test_forwarded_client_is_believed_of_trusted_proxies_alone(service: Running) -> None:
    with service.connect() as client:
        client.send(GET % b"")
        client.response()
    assert (service.app.scopes[-1]["client"][0], service.app.scopes[-1]["scheme"]) == ("127.0.0.1", "http")
    with running(trusted_proxies=["10.0.0.0/8", "127.0.0.0/8"]) as behind:
        with behind.connect() as client:
            client.send(GET % b"")
            client.response()
        assert (behind.app.scopes[-1]["client"][0], behind.app.scopes[-1]["scheme"]) == ("192.0.2.7", "https")


def test_prefix_is_told_to_the_application() -> None:
    with running(root_path="/news") as service, service.connect() as client:
        client.send(GET % b"hello%20world")
        client.rest()
    scope = service.app.scopes[-1]
    assert (scope["root_path"], scope["path"], scope["raw_path"]) == (
        "/news",
        "/news/hello world",
        b"/news/hello%20world",
    )


def test_failure_of_the_application_is_told_without_its_reason(
    service: Running, no_log: pytest.LogCaptureFixture
) -> None:
    answer = service.answer(GET % b"fail")
    message = "The service failed to answer; its log has the details."
    body = refused("", "INTERNAL_SERVER_ERROR", message).partition(b"\r\n\r\n")[2]
    assert answer == (
        b"HTTP/1.1 500 Internal Server Error\r\ncontent-type: application/json; charset=utf-8\r\n"
        b"content-length: %d\r\nconnection: close\r\n\r\n%s" % (len(body), body)
    )
    assert [record.getMessage() for record in no_log.records if record.levelname == "ERROR"] == ["a request failed"]
    no_log.clear()


@pytest.mark.parametrize(
    ("path", "message"), [(b"fail", "a request failed"), (b"nothing", "a request was not answered")]
)
def test_application_that_gives_no_answer_is_answered_for(
    service: Running, no_log: pytest.LogCaptureFixture, path: bytes, message: str
) -> None:
    assert service.answer(GET % path).startswith(b"HTTP/1.1 500 Internal Server Error\r\n")
    assert [record.getMessage() for record in no_log.records if record.levelname == "ERROR"] == [message]
    no_log.clear()


def test_answer_that_fails_on_its_way_is_cut_off(service: Running, no_log: pytest.LogCaptureFixture) -> None:
    assert service.answer(GET % b"half").endswith(b"\r\n\r\n4\r\nhalf\r\n")  # no chunk says that this is the end
    assert [record.getMessage() for record in no_log.records if record.levelname == "ERROR"] == ["a request failed"]
    no_log.clear()

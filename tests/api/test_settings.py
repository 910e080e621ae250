"""Settings: read from a mapping, each with its default and its range."""

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from api.limits import Limits
from api.settings import SettingError, Settings


def test_settings_have_defaults() -> None:
    assert Settings.from_environment({}) == Settings(page_size=20, max_page_size=100)


def test_settings_are_read_from_the_environment_and_others_are_ignored() -> None:
    environment = {
        "FRONTGRAPH_PAGE_SIZE": "5",
        "FRONTGRAPH_MAX_PAGE_SIZE": "500",
        "FRONTGRAPH_X": "y",
        "PAGE_SIZE": "z",
    }
    assert Settings.from_environment(environment) == Settings(page_size=5, max_page_size=500)


@pytest.mark.parametrize("text", ["", "x", "0", "-1", "10001", "1.5", "1e3", "9" * 5000, "٣x"])
def test_value_out_of_range_is_an_error_that_names_the_variable(text: str) -> None:
    with pytest.raises(SettingError) as caught:
        Settings.from_environment({"FRONTGRAPH_PAGE_SIZE": text})
    assert str(caught.value) == f"FRONTGRAPH_PAGE_SIZE is {text!r}; it must be a whole number from 1 to 10000."


def test_page_may_not_be_larger_than_the_largest() -> None:
    assert Settings.from_environment({"FRONTGRAPH_MAX_PAGE_SIZE": "20"}).page_size == 20
    assert Settings.from_environment({"FRONTGRAPH_MAX_PAGE_SIZE": "19"}).page_size == 19
    with pytest.raises(SettingError, match="FRONTGRAPH_PAGE_SIZE is 20, above FRONTGRAPH_MAX_PAGE_SIZE, 19"):
        Settings.from_environment({"FRONTGRAPH_PAGE_SIZE": "20", "FRONTGRAPH_MAX_PAGE_SIZE": "19"})


def test_largest_answer_may_wait_for_a_client_in_all_its_forms() -> None:
    assert Settings.from_environment({"FRONTGRAPH_MAX_ANSWER_MB": "21"}).max_unread_mb == 64
    assert Settings.from_environment({"FRONTGRAPH_MAX_ANSWER_MB": "100"}).max_unread_mb == 301
    with pytest.raises(SettingError) as caught:
        Settings.from_environment({"FRONTGRAPH_MAX_UNREAD_MB": "64", "FRONTGRAPH_MAX_ANSWER_MB": "22"})
    assert str(caught.value) == (
        "FRONTGRAPH_MAX_UNREAD_MB is 64, not more than three times FRONTGRAPH_MAX_ANSWER_MB, 22: a WebSocket would be closed "
        "while its client reads the largest answer; raise the first to 67 or more, or lower the second."
    )


TOKEN = "0123456789abcdef"
FOLDER = str(Path(__file__).parent)
GIVEN: dict[str, tuple[str, Any]] = {
    "page_size": ("5", 5),
    "max_page_size": ("500", 500),
    "max_query_characters": ("1000", 1_000),
    "max_query_tokens": ("500", 500),
    "max_depth": ("8", 8),
    "max_aliases": ("0", 0),
    "max_repeated_fields": ("100", 100),
    "max_directives": ("2", 2),
    "max_variable_depth": ("16", 16),
    "max_number_digits": ("20", 20),
    "max_cost": ("1000", 1_000),
    "max_answer_mb": ("4", 4),
    "max_unread_mb": ("13", 13),
    "introspection": ("0", False),
    "federation": ("1", True),
    "max_head_kb": ("16", 16),
    "max_body_kb": ("64", 64),
    "time_limit_seconds": ("2", 2),
    "max_concurrent_requests": ("8", 8),
    "max_connections": ("50", 50),
    "max_connections_per_address": ("10", 10),
    "request_seconds": ("5", 5),
    "max_subscriptions": ("0", 0),
    "rate_limit": ("100000", 100_000),
    "trusted_proxies": ("127.0.0.1, 10.0.0.0/8,::1", ("127.0.0.1", "10.0.0.0/8", "::1")),
    "trusted_documents": (FOLDER, FOLDER),
    "read_token": (TOKEN, TOKEN),
    "preview_token": (TOKEN, TOKEN),
    "admin_token": (TOKEN, TOKEN),
    "allowed_origins": (
        "https://news.example, http://localhost:3000",
        ("https://news.example", "http://localhost:3000"),
    ),
    "root_path": ("/news/", "/news"),
    "cache_max_age": ("60", 60),
    "fragment_cache_mb": ("0", 0),
    "answer_cache_mb": ("0", 0),
    "log_format": ("json", "json"),
    "log_requests": ("0", False),
    "slow_query_ms": ("250", 250),
    "metrics": ("0", False),
    "tracing": ("1", True),
}


def test_every_setting_is_read() -> None:
    assert list(GIVEN) == [knob.name for knob in fields(Settings)]
    environment = {f"FRONTGRAPH_{name.upper()}": text for name, (text, _) in GIVEN.items()}
    settings, defaults = Settings.from_environment(environment), Settings()
    for name, (_, value) in GIVEN.items():
        assert getattr(settings, name) == value != getattr(defaults, name)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("INTROSPECTION", "no", "FRONTGRAPH_INTROSPECTION is 'no'; it must be 0 or 1."),
        ("LOG_FORMAT", "xml", "FRONTGRAPH_LOG_FORMAT is 'xml'; it must be one of auto, text, json."),
        ("ROOT_PATH", "news", "that begins with a slash, such as /news."),
        ("ROOT_PATH", "//evil.example", "that begins with a slash, such as /news."),
        ("ROOT_PATH", "/\\evil.example", "that begins with a slash, such as /news."),
        ("ROOT_PATH", "/news?x", "that begins with a slash, such as /news."),
        ("TRUSTED_PROXIES", "proxy.example", "write an address such as 10.0.0.7, or a network such as 10.0.0.0/8."),
        ("TRUSTED_PROXIES", "*", "write an address such as 10.0.0.7, or a network such as 10.0.0.0/8."),
        ("TRUSTED_PROXIES", "10.0.0.1/8", "write an address such as 10.0.0.7, or a network such as 10.0.0.0/8."),
        ("ALLOWED_ORIGINS", "news.example", "write an origin such as https://news.example, or * for every one."),
        (
            "ALLOWED_ORIGINS",
            "https://news.example/",
            "write an origin such as https://news.example, or * for every one.",
        ),
        ("ALLOWED_ORIGINS", "http://[", "write an origin such as https://news.example, or * for every one."),
        ("ALLOWED_ORIGINS", "null", "write an origin such as https://news.example, or * for every one."),
    ],
)
def test_value_that_makes_no_sense_is_an_error_that_says_what_would(name: str, text: str, message: str) -> None:
    with pytest.raises(SettingError) as caught:
        Settings.from_environment({f"FRONTGRAPH_{name}": text})
    assert str(caught.value).startswith(f"FRONTGRAPH_{name} ")
    assert message in str(caught.value)


@pytest.mark.parametrize("text", ["short", "a token with spaces", "0123456789abcdé", "0123456789abcdef\n"])
def test_weak_token_is_an_error_that_does_not_repeat_it(text: str) -> None:
    with pytest.raises(SettingError) as caught:
        Settings.from_environment({"FRONTGRAPH_READ_TOKEN": text})
    assert text not in str(caught.value)
    assert "at least 16 characters" in str(caught.value)


def test_tokens_are_not_shown_with_the_settings() -> None:
    assert TOKEN not in repr(Settings(read_token=TOKEN, preview_token=TOKEN, admin_token=TOKEN))


def test_limits_of_queries_are_those_that_are_safe_unless_said_otherwise() -> None:
    assert Limits.of(Settings()) == Limits()


def test_tokens_are_in_no_text_of_the_settings() -> None:
    settings = Settings(read_token="swordfish" * 2, preview_token="swordfish" * 3, admin_token="swordfish" * 4)
    assert "swordfish" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("FRONTGRAPH_READ_TOKN", "FRONTGRAPH_READ_TOKEN"),
        ("FRONTGRAPH_READTOKEN", "FRONTGRAPH_READ_TOKEN"),
        ("FRONTGRAPH_read_token", "FRONTGRAPH_READ_TOKEN"),
        ("frontgraph_READ_TOKEN", "FRONTGRAPH_READ_TOKEN"),
        ("FRONTGRAPH_RATE_LIMITS", "FRONTGRAPH_RATE_LIMIT"),
        ("FRONTGRAPH_TRUSTED_DOCUMENT", "FRONTGRAPH_TRUSTED_DOCUMENTS"),
        ("FRONTGRAPH_MAX_COSTS", "FRONTGRAPH_MAX_COST"),
        ("FRONTGRAP_READ_TOKEN", "FRONTGRAPH_READ_TOKEN"),
        ("FRONT_GRAPH_READ_TOKEN", "FRONTGRAPH_READ_TOKEN"),
        ("FRONTGRAPHREAD_TOKEN", "FRONTGRAPH_READ_TOKEN"),
        ("FRONTGRPAH_METRICS", "FRONTGRAPH_METRICS"),
        ("FRONTGRAPH-READ-TOKEN", "FRONTGRAPH_READ_TOKEN"),
        ("frontgaph_max_cost", "FRONTGRAPH_MAX_COST"),
        ("FRONTGRAPH_TOKEN", "FRONTGRAPH_READ_TOKEN"),
        ("FRONTGRAPH_TIME_LIMIT", "FRONTGRAPH_TIME_LIMIT_SECONDS"),
        ("FRONTGRAPH_MAX_AGE", "FRONTGRAPH_CACHE_MAX_AGE"),
        ("FRONTGRAPH_ORIGINS", "FRONTGRAPH_ALLOWED_ORIGINS"),
    ],
)
def test_name_that_is_nearly_a_settings_is_an_error_that_says_which(name: str, meant: str) -> None:
    with pytest.raises(SettingError) as caught:
        Settings.from_environment({name: TOKEN})
    assert str(caught.value) == f"{name} is no setting; {meant} is. Rename it, or take it away."


def test_every_setting_with_a_letter_lost_is_an_error() -> None:
    for knob in fields(Settings):
        for name in (f"FRONTGRAPH_{knob.name.upper()[:-1]}", f"FRONTGRAH_{knob.name.upper()}"):
            with pytest.raises(SettingError, match="is no setting"):
                Settings.from_environment({name: "1"})


def test_every_setting_refuses_what_it_cannot_be_and_says_which_it_is() -> None:
    for knob in fields(Settings):
        name = f"FRONTGRAPH_{knob.name.upper()}"
        for text in ("?", "-1 or so"):
            with pytest.raises(SettingError) as caught:
                Settings.from_environment({name: text})
            assert str(caught.value).startswith(f"{name} ")


@pytest.mark.parametrize("name", ["READ_TOKEN", "PREVIEW_TOKEN", "ADMIN_TOKEN", "TRUSTED_DOCUMENTS"])
def test_setting_that_is_empty_counts_as_not_set_and_is_told(name: str, caplog: pytest.LogCaptureFixture) -> None:
    assert Settings.from_environment({f"FRONTGRAPH_{name}": ""}) == Settings()
    assert caplog.messages == [f"FRONTGRAPH_{name} is empty, which counts as if it were not set."]


def test_variables_of_other_programs_are_theirs(caplog: pytest.LogCaptureFixture) -> None:
    others = {"GRAPHQL_MAX_COST": "x", "FRONTEND_READ_TOKEN": "x", "KNOWLEDGE_GRAPH_METRICS": "x", "FRONTGRAPH": "x"}
    assert Settings.from_environment(others) == Settings()
    assert caplog.messages == []


def test_name_that_resembles_no_setting_is_told_and_passed_over(caplog: pytest.LogCaptureFixture) -> None:
    orchestrators = {
        "FRONTGRAPH_SERVICE_HOST": "10.0.0.7",
        "FRONTGRAPH_SERVICE_PORT": "8000",
        "FRONTGRAPH_PORT": "tcp://10.0.0.7:8000",
        "FRONTGRAPH_PORT_8000_TCP_ADDR": "10.0.0.7",
    }
    assert Settings.from_environment({**orchestrators, "FRONTGRAPH_SEED": "7", "PATH": "/bin"}) == Settings()
    assert caplog.messages == [f"{name} is no setting, and has no effect." for name in sorted(orchestrators)]


def test_name_that_resembles_a_setting_a_little_is_told_with_it(caplog: pytest.LogCaptureFixture) -> None:
    assert Settings.from_environment({"FRONTGRAPH_CORS_ORIGINS": "*"}) == Settings()
    assert caplog.messages == [
        "FRONTGRAPH_CORS_ORIGINS is no setting, and has no effect; the nearest one is FRONTGRAPH_ALLOWED_ORIGINS."
    ]

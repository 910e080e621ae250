"""Settings: read from a mapping, each with its default and its range."""

from pathlib import Path

import pytest

from api.limits import Limits
from api.service import limits_of
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


def test_limits_of_queries_are_those_that_are_safe_unless_said_otherwise() -> None:
    assert limits_of(Settings()) == Limits()


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("INTROSPECTION", "yes", "FRONTGRAPH_INTROSPECTION is 'yes'; it must be 0 or 1."),
        ("LOG_FORMAT", "xml", "FRONTGRAPH_LOG_FORMAT is 'xml'; it must be one of auto, text, json."),
        (
            "READ_TOKEN",
            "short",
            "FRONTGRAPH_READ_TOKEN must have at least 16 characters, all of them printable ASCII without spaces.",
        ),
        ("ALLOWED_ORIGINS", "https://a.example, b.example", "FRONTGRAPH_ALLOWED_ORIGINS has 'b.example'; "),
        ("ALLOWED_ORIGINS", "https://a.example/", "FRONTGRAPH_ALLOWED_ORIGINS has 'https://a.example/'; "),
        ("TRUSTED_PROXIES", "localhost", "FRONTGRAPH_TRUSTED_PROXIES has 'localhost'; "),
        (
            "TRUSTED_DOCUMENTS",
            "/no/such/folder",
            "FRONTGRAPH_TRUSTED_DOCUMENTS is '/no/such/folder'; there is no such folder.",
        ),
        ("ROOT_PATH", "news", "FRONTGRAPH_ROOT_PATH is 'news'; it must begin with a slash, such as /news."),
    ],
)
def test_wrong_setting_is_an_error_that_says_what_would_do(name: str, text: str, message: str) -> None:
    with pytest.raises(SettingError) as caught:
        Settings.from_environment({f"FRONTGRAPH_{name}": text})
    assert str(caught.value).startswith(message)


def test_settings_of_every_kind_are_read(tmp_path: Path) -> None:
    environment = {
        "FRONTGRAPH_INTROSPECTION": "0",
        "FRONTGRAPH_LOG_FORMAT": "json",
        "FRONTGRAPH_READ_TOKEN": "a-token-of-some-length",
        "FRONTGRAPH_PREVIEW_TOKEN": "",
        "FRONTGRAPH_ALLOWED_ORIGINS": " https://a.example, http://b.example:8080 ,",
        "FRONTGRAPH_TRUSTED_PROXIES": "10.0.0.0/8,::1",
        "FRONTGRAPH_TRUSTED_DOCUMENTS": str(tmp_path),
        "FRONTGRAPH_ROOT_PATH": "/news/",
    }
    assert Settings.from_environment(environment) == Settings(
        introspection=False,
        log_format="json",
        read_token="a-token-of-some-length",
        allowed_origins=("https://a.example", "http://b.example:8080"),
        trusted_proxies=("10.0.0.0/8", "::1"),
        trusted_documents=str(tmp_path),
        root_path="/news",
    )


def test_tokens_are_in_no_text_of_the_settings() -> None:
    settings = Settings(read_token="swordfish" * 2, preview_token="swordfish" * 3, admin_token="swordfish" * 4)
    assert "swordfish" not in repr(settings)

"""Settings: read from a mapping, each with its default and its range."""

import pytest

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

"""What docs/security.md promises: each test that it names is there, each setting, and each default is the service's own."""

import ast
import re
from dataclasses import fields
from pathlib import Path

import pytest

from api.errors import ErrorCode
from api.settings import Settings
from api.web.export_places import SLOW_SECONDS
from api.web.exports import EXPORT_COST, MOST_AT_ONCE
from tests.test_docs import PAGES, ROOT, section, table

PAGE = ROOT / "docs" / "security.md"
DEPLOY = ROOT / "docs" / "deploy.md"
SECTIONS = (
    "Who may read what",
    "Trusted documents",
    "Limits of a request",
    "Limits of the work",
    "Rate limit",
    "Browsers",
    "Language models",
    "What answers tell",
)
SETTINGS = {knob.name.upper(): knob.default for knob in fields(Settings)}
NO_PROMISES = {"PAGE_SIZE", "ROOT_PATH", "LOG_FORMAT", "TRACING"}
"""Settings that keep nobody from anything."""
WATCHFILES = {"WATCHFILES_FORCE_POLLING", "WATCHFILES_POLL_DELAY_MS"}
"""Settings of the library that watches files."""
WORDS = {"NAME", "SIGHUP", "SIGTERM", "CMD", "FRONTGRAPH_", "FRONTGRAPH_NAME", *WATCHFILES}
"""In capitals on the pages, and no setting."""


def promises() -> list[tuple[str, str, list[str], str]]:
    """What is promised, the default, the settings, and the test."""
    rows = [row for name in SECTIONS for row in table(section(PAGE, name), "promise", "default", "setting", "test")]
    return [
        (promise, default, re.findall(r"`(\w+)`", settings), test.strip("`"))
        for promise, default, settings, test in rows
    ]


def names_of_tests(path: Path) -> set[str]:
    """The names of the tests in a file, each with its class before it."""
    names = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.ClassDef):
            names |= {f"{node.name}::{child.name}" for child in node.body if isinstance(child, ast.FunctionDef)}
    return {name for name in names if name.rpartition("::")[2].startswith("test_")}


@pytest.mark.parametrize(("promise", "default", "settings", "test"), promises(), ids=lambda value: str(value)[:60])
def test_promise_is_kept_by_a_test_and_by_its_settings(
    promise: str, default: str, settings: list[str], test: str
) -> None:
    file, _, name = test.partition("::")
    assert names_of_tests(ROOT / file), promise
    assert not name or name in names_of_tests(ROOT / file), promise
    assert set(settings) <= SETTINGS.keys(), promise
    number = re.match(r"[\d,]+", default)
    if number and settings:
        assert int(number[0].replace(",", "")) == SETTINGS[settings[0]], promise


def test_every_setting_that_keeps_somebody_from_something_is_there() -> None:
    named = {name for _, _, settings, _ in promises() for name in settings}
    assert SETTINGS.keys() - named == NO_PROMISES | {"METRICS"}
    assert "`METRICS=0`" in PAGE.read_text(encoding="utf-8")


def test_figures_that_are_no_settings() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert f"an export counts {EXPORT_COST:,}" in text
    assert f"{MOST_AT_ONCE} at a time" in text
    assert f"wait for it | {SLOW_SECONDS:g} s |" in text
    assert f"more than {SLOW_SECONDS:g} seconds for a piece" in text


def test_sections_that_other_pages_lead_to() -> None:
    headings = [heading.lower().replace(" ", "-") for heading in re.findall(r"^## (.+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)]  # fmt: skip
    assert {"who-may-read-what", "trusted-documents"} <= set(headings)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_variable_that_a_page_names_is_a_setting(page: Path) -> None:
    named = set(re.findall(r"\bFRONTGRAPH_([A-Z_]+)\b", page.read_text(encoding="utf-8")))
    for_those_who_build = {"REQUIRE_FRONTEND", "SEED", "SKIP_FRONTEND"}
    assert named - SETTINGS.keys() <= {"NAME", "READ_TOKN", *for_those_who_build}  # and a misspelt one


@pytest.mark.parametrize("page", [PAGE, DEPLOY], ids=lambda page: page.name)
def test_every_setting_that_is_named_without_its_prefix_is_one(page: Path) -> None:
    named = set(re.findall(r"`([A-Z][A-Z_]+)(?:=[^`]*)?`", page.read_text(encoding="utf-8")))
    assert named - SETTINGS.keys() - {code.value for code in ErrorCode} <= WORDS

"""Problems as SARIF 2.1.0, the form that code review tools read (https://docs.oasis-open.org/sarif/sarif/v2.1.0/)."""

import hashlib
import os
from collections import Counter
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

from api.cli.likeness import lasting
from api.cli.places import Places
from graph.problems import PROBLEM_MEANINGS, Problem, ProblemCode, Severity

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
BASE = "%SRCROOT%"
"""What file names are relative to, by the name that review tools know; they also know where it is."""
FINGERPRINT = "primaryLocationLineHash"
"""The one name that GitHub looks for."""

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning"}
_RULES = {code: place for place, code in enumerate(PROBLEM_MEANINGS)}


def sarif_log(problems: Sequence[Problem], places: Places, working_folder: Path) -> dict[str, object]:
    """One run that found the problems, with every rule that there is.

    A file is named relative to the working folder, or absolutely if it lies elsewhere.
    """
    artifacts = _Artifacts(places, working_folder)
    seen: Counter[str] = Counter()
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": _driver()},
                "originalUriBaseIds": {BASE: {"description": {"text": "The folder that the command was started in."}}},
                "results": [_result(problem, artifacts, seen) for problem in problems],
            }
        ],
    }


def _driver() -> dict[str, object]:
    return {
        "name": "frontgraph",
        "version": version("frontgraph"),
        "rules": [_rule(code, meaning) for code, meaning in PROBLEM_MEANINGS.items()],
    }


def _rule(code: ProblemCode, meaning: str) -> dict[str, object]:
    return {
        "id": code.value,
        "name": "".join(word.capitalize() for word in code.value.split("_")),
        "shortDescription": {"text": f"{meaning.rstrip('.').split(';')[0]}."},
        "fullDescription": {"text": meaning},
        "help": {"text": meaning},
    }


def _result(problem: Problem, artifacts: "_Artifacts", seen: Counter[str]) -> dict[str, object]:
    location: dict[str, object] = {"physicalLocation": _place(problem, artifacts)}
    if problem.field_path:
        location["logicalLocations"] = [{"fullyQualifiedName": problem.field_path, "kind": "property"}]
    field = f"{problem.field_path}: " if problem.field_path else ""
    return {
        "ruleId": problem.code.value,
        "ruleIndex": _RULES[problem.code],
        "level": _LEVELS[problem.severity],
        "message": {"text": _plain(f"{field}{problem.message}")},
        "locations": [location],
        "partialFingerprints": {FINGERPRINT: _fingerprint(problem, seen)},
    }


def _place(problem: Problem, artifacts: "_Artifacts") -> dict[str, object]:
    place: dict[str, object] = {"artifactLocation": artifacts.location(problem.file)}
    if problem.line is not None:
        place["region"] = {"startLine": problem.line}
    return place


def _plain(text: str) -> str:
    """The text as a message that says just this: braces would be placeholders, and brackets before parentheses links."""
    return text.replace("{", "{{").replace("}", "}}").replace("](", "] (")


def _fingerprint(problem: Problem, seen: Counter[str]) -> str:
    """The same wherever in its file and list the problem stands, so that a review tool knows it again.

    Problems that differ in nothing else are told apart by their order.
    """
    said = "\0".join((problem.file, *lasting(problem)))
    digest = hashlib.sha256(said.encode(errors="surrogatepass")).hexdigest()[:32]
    seen[digest] += 1
    return f"{digest}:{seen[digest]}"


class _Artifacts:
    """Files as SARIF names them."""

    def __init__(self, places: Places, working_folder: Path) -> None:
        self._places = places
        self._working_folder = working_folder.resolve()

    def location(self, file: str) -> dict[str, object]:
        """Of the file of a problem."""
        path = self._places.path(file)
        if not path.is_relative_to(self._working_folder):
            return {"uri": path.as_uri()}
        name = path.relative_to(self._working_folder).as_posix()
        return {"uri": quote(os.fsencode(name)), "uriBaseId": BASE}

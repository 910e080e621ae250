"""Nothing that Frontgraph installs, or bundles for the browser, has a licence that is not permissive.

Looked at are the dependencies of the default install and of the extras, as they are installed here, and the npm packages of the
bundle, as they are locked. What only serves to develop is not.
"""

import json
import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import files, metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
PERMISSIVE = {
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "MIT",
    "MIT-0",
    "PSF-2.0",
    "Python-2.0",
    "Unlicense",
}
NAMES = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
"""Names of licences in packages' metadata, as SPDX has them."""
ARGUED = {
    # The Mozilla Public License asks for nothing but changes of its own files. They are used as they are.
    "certifi": "MPL-2.0",
    "orjson": "MPL-2.0 AND (Apache-2.0 OR MIT)",
    "pathspec": "MPL-2.0",
    # The Lesser General Public License asks for nothing but changes of the library itself. It is used as it is, by who installs the
    # extra for PostgreSQL; anybody may put another version of it in place.
    "psycopg": "LGPL-3.0-only",
    "psycopg-binary": "LGPL-3.0-only",
    # One of these, as we choose: the Artistic License lets anybody pass the package on unchanged.
    "text-unidecode": "Artistic License OR GNU General Public License (GPL) OR GNU General Public License v2 or later (GPLv2+)",
}
"""Packages that are used in spite of their licence, and why."""


def is_permissive(licence: str) -> bool:
    """Whether every part of the expression is, and of alternatives one."""
    parts = re.split(r" AND (?![^(]*\))", licence)
    return all(any(name.strip("() ") in PERMISSIVE for name in part.split(" OR ")) for part in parts)


def python_packages() -> Iterator[str]:
    """All that is installed for the requirements in pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lists = [project["dependencies"], *project["optional-dependencies"].values()]
    waiting = [found for lines in lists for found in map(Requirement, lines) if applies(found, "")]
    seen: set[tuple[str, str]] = set()
    for requirement in waiting:  # it grows meanwhile
        name = re.sub(r"[-_.]+", "-", requirement.name).lower()
        for extra in {"", *requirement.extras}:
            if (name, extra) not in seen:
                seen.add((name, extra))
                lines = metadata(name).get_all("Requires-Dist") or []
                waiting += [found for found in map(Requirement, lines) if applies(found, extra)]
    yield from sorted({name for name, _ in seen})


def applies(requirement: Requirement, extra: str) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({"extra": extra})


def licence_of(package: str) -> str:
    """As its metadata says: by an expression, else by classifiers, else in words; else as its file says."""
    told = metadata(package)
    found = [line.split(" :: ")[-1] for line in told.get_all("Classifier") or [] if line.startswith("License ::")]
    names = told.get_all("License-Expression") or found or told.get_all("License") or named_in_its_file(package)
    return " OR ".join(NAMES.get(name, name) for name in names)


def named_in_its_file(package: str) -> list[str]:
    """The first line of the file with the licence, of a package whose metadata do not name it."""
    found = [file for file in files(package) or () if file.name == "LICENSE" and "licenses" in file.parts]
    return [file.read_text("utf-8").strip().splitlines()[0].removesuffix(" License") for file in found]


@pytest.mark.parametrize("package", list(python_packages()))
def test_python_package_may_be_used_by_anybody(package: str) -> None:
    licence = licence_of(package)
    assert is_permissive(licence) or ARGUED.get(package) == licence, f"{package} has the licence {licence or '?'}"


def test_npm_packages_of_the_bundle_may_be_used_by_anybody() -> None:
    locked = json.loads((ROOT / "api/pages/sources/package-lock.json").read_text("utf-8"))["packages"]
    bundled = {name: found.get("license", "") for name, found in locked.items() if name and not found.get("dev")}
    assert len(bundled) > 50
    assert {name: licence for name, licence in bundled.items() if not is_permissive(licence)} == {}


def test_no_reason_outlives_its_package() -> None:
    assert ARGUED.keys() <= set(python_packages())


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        ("MIT", True),
        ("MIT OR GPL-3.0-only", True),
        ("Apache-2.0 AND BSD-2-Clause", True),
        ("(MIT)", True),
        ("GPL-2.0-or-later", False),
        ("MIT AND LGPL-2.1-only", False),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", False),
        ("BSD-3-Clause AND (GPL-2.0-only OR MIT)", True),
        ("", False),
    ],
)
def test_licences_are_permissive_as_a_whole(licence: str, expected: bool) -> None:
    assert is_permissive(licence) == expected

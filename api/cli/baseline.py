"""A baseline: the problems that were known at one time, as a file, so that only new ones are told.

Files are named relative to the baseline's folder, and neither lines nor places in lists are kept, so that a problem is known
again wherever it moved in its file, and from wherever the command is started.
"""

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import orjson

from api.cli.likeness import lasting
from api.cli.places import Places
from graph.problems import Problem

_Known = tuple[str, str, str, str]
"""File, code, field and message."""
_KEYS = ("file", "code", "field", "message")


class BaselineError(Exception):
    """The file is no baseline; the message says what to do."""


def baseline_text(problems: Iterable[Problem], places: Places, file: Path) -> bytes:
    """The problems as a baseline that will stand in the file: sorted, an object for each, so that versions compare well."""
    counts = Counter(_known(problem, places, file) for problem in problems)
    entries = [dict(zip(_KEYS, known, strict=True)) | {"count": counts[known]} for known in sorted(counts)]
    return orjson.dumps({"version": 1, "problems": entries}, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def unknown(problems: Sequence[Problem], places: Places, file: Path) -> list[Problem]:
    """The problems that the baseline does not hold; of several that are alike, as many as are more than it holds.

    Raises:
        BaselineError: the file cannot be read, or is no baseline.
    """
    known = _read(file)
    new = []
    for problem in problems:
        key = _known(problem, places, file)
        if known[key] > 0:
            known[key] -= 1
        else:
            new.append(problem)
    return new


def _known(problem: Problem, places: Places, file: Path) -> _Known:
    name = Path(os.path.relpath(places.path(problem.file), file.resolve().parent)).as_posix()
    return os.fsencode(name).decode(errors="backslashreplace"), *lasting(problem)


def _read(file: Path) -> Counter[_Known]:
    try:
        entries = orjson.loads(file.read_bytes())["problems"]
        known: Counter[_Known] = Counter()
        for entry in entries:  # equal ones stand there where two versions of the file were merged
            known[_entry(entry)] += int(entry["count"])
        return known
    except FileNotFoundError as cause:
        raise BaselineError(f"{file} does not exist; write it with --write-baseline.") from cause
    except OSError as cause:
        raise BaselineError(f"{file} cannot be read: {cause.strerror}.") from cause
    except (orjson.JSONDecodeError, LookupError, TypeError, ValueError) as cause:
        raise BaselineError(f"{file} is no baseline; write it anew with --write-baseline.") from cause


def _entry(entry: dict[str, str]) -> _Known:
    file, code, field, message = (str(entry[key]) for key in _KEYS)
    return file, code, field, message

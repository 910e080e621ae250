"""Problems as commands of GitHub's workflows, which show them next to the lines of a pull request.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from api.cli.output import printable
from api.cli.places import Places
from graph.problems import Problem

_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = _DATA | {":": "%3A", ",": "%2C"}


def workflow_commands(problems: Sequence[Problem], places: Places, root: Path) -> Iterator[str]:
    """A line for each problem; a file is named relative to the root, or absolutely if it lies elsewhere."""
    root = root.resolve()
    for problem in problems:
        path = places.path(problem.file)
        name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
        line = "" if problem.line is None else f",line={problem.line}"
        field = f"{problem.field_path}: " if problem.path else ""
        properties = f"file={_escaped(name, _PROPERTY)}{line},title={problem.code.value}"
        yield f"::{problem.severity.value.lower()} {properties}::{_escaped(f'{field}{problem.message}', _DATA)}"


def _escaped(text: str, signs: Mapping[str, str]) -> str:
    return printable("".join(signs.get(sign, sign) for sign in text))

"""What commands tell: data, messages and exit statuses."""

import io
import re
import sys
from enum import IntEnum
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from graph.building.snapshot import GraphSnapshot


_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What ends a line, moves a terminal's cursor or turns the direction of what follows."""


class ExitStatus(IntEnum):
    """What the command tells the shell."""

    FINE = 0
    FAILED = 1
    """`check --fail-on` found problems, a query was answered with errors, or a file or port could not be used."""
    USAGE = 2
    """The command line is wrong: an unknown option, a folder that does not exist."""


def use_utf_8() -> None:
    """Makes the standard streams UTF-8, whatever the terminal or the environment asks for.

    Answers hold letters of any script, and a file in a form that depends on who wrote it is of no use to programs.
    """
    for stream, errors in ((sys.stdin, "replace"), (sys.stdout, "backslashreplace"), (sys.stderr, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors=errors)


def fail(message: str) -> NoReturn:
    """Ends the command with a message."""
    note(f"Error: {message}")
    sys.exit(ExitStatus.FAILED)


def note(message: str) -> None:
    click.echo(message, err=True)


def printable(text: str) -> str:
    """The text as one line that a terminal shows as it is."""
    return _UNPRINTABLE.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def print_json(value: object) -> None:
    from api.json_text import to_json

    click.echo(to_json(value, indent=True).decode())


def summary(snapshot: "GraphSnapshot") -> str:
    nodes = sum(map(len, snapshot.ids.values()))
    edges = sum(snapshot.edge_counts.values())
    problems = f", {len(snapshot.problems):,} problems (see `frontgraph check`)" if snapshot.problems else ""
    return f"{nodes:,} nodes, {edges:,} edges{problems}"

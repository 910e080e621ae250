"""`frontgraph check`."""

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.options import folder_options
from api.cli.output import ExitStatus, counted, fail, note, print_json, printable

if TYPE_CHECKING:
    from api.cli.places import Places
    from graph.problems import Problem, ProblemCode
    from graph.sites.options import SiteOptions


def _codes(context: click.Context, parameter: click.Parameter, values: Sequence[str]) -> "frozenset[ProblemCode]":
    """The codes of an option, which are divided by commas or given by several options."""
    from graph.problems import ProblemCode

    names = [code.value for code in ProblemCode]
    wanted = [name.strip().upper().replace("-", "_") for value in values for name in value.split(",") if name.strip()]
    for name in wanted:
        if name not in names:
            near = get_close_matches(name, names, 1, 0.0)[0]
            raise click.BadParameter(f"There is no code {name}; did you mean {near}?", context, parameter)
    return frozenset(map(ProblemCode, wanted))


@click.command()
@folder_options
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json", "github", "sarif"]),
    default="text",
    show_default=True,
)
@click.option("--all", "is_every", is_flag=True, help="Tell every problem on a line of its own, as text.")
@click.option("--select", metavar="CODES", multiple=True, callback=_codes, help="Only these problems.")
@click.option("--ignore", metavar="CODES", multiple=True, callback=_codes, help="All problems but these.")
@click.option("--baseline", type=click.Path(path_type=Path), help="Tell only problems that this file does not hold.")
@click.option("--write-baseline", is_flag=True, help="Write the problems that there are now to the baseline.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "never"]),
    help="Exit with status 1 if there is an error, or any problem.  [default: never]",
)
@click.option("--strict", is_flag=True, help="The same as --fail-on warning.")
def check(
    folders: Sequence[Path],
    unpublished: bool,
    site: "SiteOptions",
    output_format: str,
    is_every: bool,
    select: "frozenset[ProblemCode]",
    ignore: "frozenset[ProblemCode]",
    baseline: Path | None,
    write_baseline: bool,
    fail_on: str | None,
    strict: bool,
) -> None:
    """Report what authors got wrong, with file, line and field.

    FOLDERS may also be single files: what they belong to is loaded, and only what is wrong with them is told.
    """
    from api.cli.file_arguments import folders_of
    from api.cli.loading import folders_or_sample, load_anything, require_articles, tell
    from api.cli.places import Places
    from graph.tables.folder import is_built

    if strict and fail_on not in (None, "warning"):
        raise click.UsageError(
            f"--strict is --fail-on warning, which --fail-on {fail_on} contradicts; give one of them."
        )
    files = [path for path in folders if os.path.isfile(path)]  # noqa: PTH113  # the other one raises for names that are too long
    if write_baseline and (baseline is None or files):
        raise click.UsageError("--write-baseline needs --baseline FILE, and folders rather than single files.")
    given = [path for path in folders if path not in files]
    with folders_or_sample(folders_of(files, given)) as chosen:
        snapshot = load_anything(chosen, unpublished, site)
        places = Places([source for source in chosen if source.is_dir() and not is_built(source)], site)
        problems: Sequence[Problem] = [
            problem
            for problem in snapshot.problems
            if problem.code not in ignore and (not select or problem.code in select)
        ]
        names = _names(problems, places, files, given) if files else None
        if names is not None:
            problems = [problem for problem in problems if problem.file in names]
        if baseline is not None and write_baseline:
            _write_baseline(baseline, problems, places)
            return
        if baseline is not None:
            problems = _unknown(baseline, problems, places)
        _print(problems, output_format, is_every, places, names or {})
    if output_format in ("text", "github"):
        if not files:
            tell(snapshot)
        new = "new " if baseline else ""
        note(counted(len(problems), f"{new}problem") if problems else f"No {new}problems.")
    if not files:
        require_articles(snapshot)
    level = "warning" if strict else fail_on
    sys.exit(ExitStatus.FAILED if any(_counts(problem, level) for problem in problems) else ExitStatus.FINE)


def _print(
    problems: "Sequence[Problem]", output_format: str, is_every: bool, places: "Places", names: Mapping[str, str]
) -> None:
    """The problems; text and JSON name files by `names`, if these are known."""
    from api.cli.github import workflow_commands
    from api.cli.report import report
    from api.cli.sarif import sarif_log

    if output_format == "sarif":
        print_json(sarif_log(problems, places, Path.cwd()))
        return
    if output_format == "github":
        lines: Iterable[str] = workflow_commands(problems, places, Path(os.environ.get("GITHUB_WORKSPACE") or "."))
    else:
        problems = [replace(problem, file=names.get(problem.file, problem.file)) for problem in problems]
        if output_format == "json":
            print_json([_problem_json(problem) for problem in problems])
            return
        lines = report(problems, is_every)
    for line in lines:
        click.echo(line)


def _names(
    problems: "Iterable[Problem]", places: "Places", files: Sequence[Path], given: Sequence[Path]
) -> Mapping[str, str]:
    """The files to tell of, with the names that the command line has for them; says which of its files are not read."""
    by_path = {str(file.resolve()): printable(str(file)) for file in files}
    read = {os.path.realpath(path) for path in places.documents.values()}
    for path, name in by_path.items():
        if path not in read:
            note(f"{name} is no document of its folder; it is not read.")
    folders = [folder.resolve() for folder in given]
    names: dict[str, str] = {}
    for file in {problem.file for problem in problems}:
        place = places.path(file).resolve()
        if str(place) in by_path:
            names[file] = by_path[str(place)]
        elif any(place.is_relative_to(folder) for folder in folders):
            names[file] = file
    return names


def _write_baseline(file: Path, problems: "Sequence[Problem]", places: "Places") -> None:
    from api.cli.baseline import baseline_text

    try:
        file.write_bytes(baseline_text(problems, places, file))
    except OSError as cause:
        fail(f"{file} cannot be written: {cause.strerror}.")
    note(f"{file}: {counted(len(problems), 'problem')}")


def _unknown(file: Path, problems: "Sequence[Problem]", places: "Places") -> "list[Problem]":
    """The problems that the baseline does not hold."""
    from api.cli.baseline import BaselineError, unknown

    try:
        return unknown(problems, places, file)
    except BaselineError as cause:
        raise click.UsageError(str(cause)) from cause


def _counts(problem: "Problem", level: str | None) -> bool:
    return level == "warning" or (level == "error" and problem.severity.value == "ERROR")


def _problem_json(problem: "Problem") -> dict[str, object]:
    return {
        "severity": problem.severity.value,
        "code": problem.code.value,
        "message": problem.message,
        "file": problem.file,
        "line": problem.line,
        "fieldPath": problem.field_path,
    }

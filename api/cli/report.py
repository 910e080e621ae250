"""Problems as text for people: a summary by code, then what is wrong, each thing once."""

from collections import Counter
from collections.abc import Iterator, Sequence

from api.cli.likeness import kind
from api.cli.output import counted, printable
from graph.problems import PROBLEM_MEANINGS, Problem, ProblemCode, Severity

_Part = tuple[Severity, ProblemCode]
_SHOWN = 3
"""Problems that stand for all of their kind."""


def report(problems: Sequence[Problem], is_every: bool) -> Iterator[str]:
    """Lines. With `is_every` each problem has a line of its own, in the order of the files; nothing is said of no problems."""
    if not problems:
        return
    yield from _summary(problems)
    yield ""
    lines = map(str, problems) if is_every else _kinds(problems)
    yield from map(printable, lines)


def _summary(problems: Sequence[Problem]) -> Iterator[str]:
    """How many there are of each code: errors first, then the most frequent first."""
    severities = Counter(problem.severity for problem in problems)
    parts = [counted(severities[severity], severity.value.lower()) for severity in Severity if severities[severity]]
    files = len({problem.file for problem in problems})
    yield f"{counted(len(problems), 'problem')} in {counted(files, 'file')}: {', '.join(parts)}"
    counts = _counts(problems)
    width = max(len(f"{count:,}") for count in counts.values())
    for severity, code in sorted(counts, key=lambda part: _rank(part, counts)):
        count = f"{counts[severity, code]:,}"
        yield f"  {count:>{width}} {severity.value.lower():7} {code.value}: {PROBLEM_MEANINGS[code]}"


def _kinds(problems: Sequence[Problem]) -> Iterator[str]:
    """What is wrong, in the order of the summary, with the first few problems of each kind."""
    counts = _counts(problems)
    ranked = sorted(problems, key=lambda problem: _rank((problem.severity, problem.code), counts))
    groups: dict[tuple[Severity, tuple[str, str, str]], list[Problem]] = {}
    for problem in ranked:
        groups.setdefault((problem.severity, kind(problem)), []).append(problem)
    for group in groups.values():
        yield from _group(group)


def _group(group: Sequence[Problem]) -> Iterator[str]:
    shown = group[:_SHOWN]
    if len(group) > 1 and len({problem.message for problem in group}) == 1:
        first = shown[0]
        field = f"{kind(first)[1]}: " if first.path else ""
        yield f"{first.severity.value.lower()}: {field}{first.message} [{first.code.value}] {len(group):,} times:"
        yield from (f"  {_place(problem)}" for problem in shown)
    else:
        yield from map(str, shown)
    if len(group) > _SHOWN:
        yield f"  … and {len(group) - _SHOWN:,} more like these; --all tells every one"


def _place(problem: Problem) -> str:
    return problem.file if problem.line is None else f"{problem.file}:{problem.line}"


def _counts(problems: Sequence[Problem]) -> Counter[_Part]:
    return Counter((problem.severity, problem.code) for problem in problems)


def _rank(part: _Part, counts: Counter[_Part]) -> tuple[bool, int, str]:
    severity, code = part
    return severity is not Severity.ERROR, -counts[part], code.value

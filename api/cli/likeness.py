"""When two problems are the same, or alike, although they stand in different places."""

import re

from graph.problems import Problem

_LIST_INDEX = re.compile(r"\[\d+\]")
_PLACE = re.compile(r"\b(lines?|columns?) [\d,]+")
_QUOTED = re.compile(r"“[^”]*”")
_NUMBER = re.compile(r"\d[\d,.]*")


def lasting(problem: Problem) -> tuple[str, str, str]:
    """Code, field and message, without what changes when lines or list items move."""
    field = _LIST_INDEX.sub("[]", problem.field_path or "")
    return problem.code.value, field, _PLACE.sub(r"\1 …", _LIST_INDEX.sub("[]", problem.message))


def kind(problem: Problem) -> tuple[str, str, str]:
    """Code, field and message, without what is particular to one document: equal for problems that one may stand for."""
    code, field, message = lasting(problem)
    return code, field, _NUMBER.sub("…", _QUOTED.sub("“…”", message))

"""Regular expressions that meet texts of others: none takes time that is quadratic in such a text.

Each repeat of each pattern is led to where it begins, and given a long run of every character that it takes, with an end that does
not match. So a new pattern is covered as soon as a module has it.
"""

import ast
import importlib
import inspect
import pkgutil
import re
import signal
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from re import _compiler, _constants, _parser  # type: ignore[attr-defined]  # there is no public way to a pattern's parts
from types import ModuleType
from typing import Any

import pytest

import api
import graph.bodies
import graph.links
import graph.reading
import graph.sites

LENGTH = 40_000
SECONDS = 0.3
"""Of the processor: what is linear takes thousandths, what is quadratic several."""
MOST = 300
"""Runs that one pattern is tried with."""
CHARACTERS = " \t\n-=[]({<>\"'%.:/#&*_a1A\\|`!?+,;~@é\0"
ENDS = ("", "\0", "\n")
METHODS = frozenset({"search", "match", "fullmatch", "findall", "finditer", "sub", "split"})


def modules() -> Iterator[ModuleType]:
    yield graph.links
    for room in (graph.bodies, graph.reading, graph.sites, api):
        for found in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            yield importlib.import_module(found.name)


def held(value: object) -> list["re.Pattern[str]"]:
    """The patterns that a module has under one name, by themselves, in a table or in a class."""
    values: Sequence[object] = [value]
    if isinstance(value, (tuple, list)):
        values = value
    elif isinstance(value, (dict, type)):
        values = list((value if isinstance(value, dict) else vars(value)).values())
    return [found for found in values if isinstance(found, re.Pattern) and isinstance(found.pattern, str)]


def uses(module: ModuleType, name: str) -> set[str]:
    """How the module uses a pattern; as a search, if that is not seen."""
    found = {
        node.attr
        for node in ast.walk(parsed(module))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name
    }
    return found & METHODS or {"search"}


@cache
def parsed(module: ModuleType) -> ast.Module:
    return ast.parse(inspect.getsource(module))


def patterns() -> Iterator[tuple[str, "re.Pattern[str]", set[str]]]:
    for module in modules():
        for name, value in list(vars(module).items()):
            for number, pattern in enumerate(held(value)):
                yield f"{module.__name__}.{name}[{number}]", pattern, uses(module, name)


def sample(parts: Any) -> str:
    """A short text that the parts take, as far as that can be seen from each of them alone."""
    return "".join(_sample(operation, value) for operation, value in parts)


def _sample(operation: Any, value: Any) -> str:
    match str(operation):
        case "LITERAL":
            return chr(value)
        case "BRANCH":
            return sample(value[1][0])
        case "SUBPATTERN":
            return sample(value[3])
        case "ATOMIC_GROUP":
            return sample(value)
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            return sample(value[2]) * int(value[0])
        case "IN" | "NOT_LITERAL" | "ANY":
            return next(iter(taken([(operation, value)])), "")
        case _:
            return ""


def taken(parts: Any) -> str:
    """The characters that the parts take one at a time; none if they take several at once."""
    if len(parts) != 1:
        return ""
    [(operation, value)] = parts
    match str(operation):
        case "BRANCH":
            return "".join(dict.fromkeys("".join(map(taken, value[1]))))
        case "SUBPATTERN":
            return taken(value[3])
        case "ATOMIC_GROUP":
            return taken(value)
        case "IN" | "LITERAL" | "NOT_LITERAL" | "ANY":
            takes = _compiler.compile(_parser.SubPattern(_parser.State(), list(parts))).fullmatch
            return "".join(character for character in CHARACTERS if takes(character))
        case _:
            return ""


def runs(parts: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """What stands before each repeat, and what it may take again and again."""
    for operation, value in parts:
        match str(operation):
            case "BRANCH":
                for branch in value[1]:
                    yield from runs(branch, before)
            case "SUBPATTERN":
                yield from runs(value[3], before)
            case "ATOMIC_GROUP":
                yield from runs(value, before)
            case "ASSERT" | "ASSERT_NOT":
                yield from runs(value[1], before)
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                inner = value[2]
                for character in taken(inner) if value[1] == _constants.MAXREPEAT else ():
                    yield before, character
                if value[1] == _constants.MAXREPEAT and len(repeated := sample(inner)) > 1:
                    yield before, repeated
                yield from runs(inner, before)
        before += _sample(operation, value)


class TooSlowError(BaseException):
    """Not an Exception, so that nothing takes it for one of its own."""


def stop(*_: object) -> None:
    raise TooSlowError


def is_slow(take: Callable[[str], object], text: str) -> bool:
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        found = take(text)
        if isinstance(found, Iterator):
            all(found)
    except TooSlowError:
        return True
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return False


@pytest.mark.measured
def test_no_pattern_takes_quadratic_time() -> None:
    slow, tried = [], 0
    before = signal.signal(signal.SIGVTALRM, stop)
    try:
        for name, pattern, methods in patterns():
            tree = _parser.parse(pattern.pattern, pattern.flags)
            alone = [("", character) for character in (*CHARACTERS, sample(tree) or " ")]
            attacks = list(dict.fromkeys([*alone, *runs(tree)]))
            for start, run in attacks[:: len(attacks) // MOST + 1]:
                texts = [start + run * (LENGTH // len(run)) + end for end in ENDS]
                tried += len(texts)
                for method in sorted(methods):
                    take = getattr(pattern, method)
                    if method == "sub":
                        take = pattern.finditer
                    slow += [(name, method, start, run, text[-1]) for text in texts if is_slow(take, text)]
    finally:
        signal.signal(signal.SIGVTALRM, before)

    assert tried > 5_000
    assert slow == []

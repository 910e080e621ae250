"""Reads the settings of a configuration in Python, without running it: names that are assigned literals."""

import ast
import warnings

from graph.model import JsonValue


def assigned(source: str) -> dict[str, JsonValue] | None:
    """The names in capitals that are assigned a literal at the outermost level; None if this is no Python.

    Tuples are lists; of mappings only keys that are texts are kept.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what their authors' texts escape
            module = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    found: dict[str, JsonValue] = {}
    for statement in module.body:
        if isinstance(statement, ast.Assign):
            names = [target.id for target in statement.targets if isinstance(target, ast.Name) and target.id.isupper()]
            found.update(dict.fromkeys(names, _literal(statement.value) if names else None))
    return found


def _literal(node: ast.expr) -> JsonValue:
    try:
        return _json(ast.literal_eval(node))
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return None


def _json(value: object) -> JsonValue:
    match value:
        case dict():
            return {key: _json(member) for key, member in value.items() if isinstance(key, str)}
        case list() | tuple():
            return [_json(item) for item in value]
        case str() | int() | float() | bool():
            return value
    return None

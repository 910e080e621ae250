"""Answers as JSON text."""

import json
from collections.abc import Mapping

import orjson


def to_json(value: object, indent: bool = False) -> bytes:
    """The value as JSON text."""
    try:
        return orjson.dumps(value, default=plain, option=orjson.OPT_INDENT_2 if indent else None)
    except orjson.JSONEncodeError:  # orjson stops at 254 levels, which nested lists of related articles can reach
        return json.dumps(value, default=plain, indent=2 if indent else None).encode()


def plain(value: object) -> object:
    """What JSON has in the place of a value that it does not know.

    Raises:
        TypeError: it has nothing like it.
    """
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")

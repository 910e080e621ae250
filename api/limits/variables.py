"""Checks the values of a request: its variables as they came (how deep, how many, how long, how large), and the numbers in its text."""

import math
from collections.abc import Mapping
from typing import Any

from graphql import FloatValueNode, IntValueNode, ListValueNode, ObjectValueNode, ValueNode

from api.errors import ErrorCode
from api.limits.bounds import LimitError, Limits

_LARGEST = 2**64
"""A whole number that is larger comes from no JSON reader of this service; from another one it could have any size."""


def check_variables(variables: Mapping[str, Any], limits: Limits) -> None:
    """Does nothing for variables of a reasonable size.

    Cost: linear in the values, of which it sees at most one more than are allowed.

    Raises:
        LimitError: the variables are beyond one of the limits.
    """
    count = characters = depth = 0
    level: list[Any] = [dict(variables)]
    while level:
        if depth > limits.variable_depth:
            raise _refusal(ErrorCode.VARIABLES_TOO_DEEP, f"{depth:,} levels or more", limits.variable_depth)
        following: list[Any] = []
        for value in level:
            if isinstance(value, str):
                characters += len(value)
            elif isinstance(value, dict):
                characters += sum(map(len, value))
                count += len(value)
                following += value.values() if count <= limits.variable_values else ()
            elif isinstance(value, list):
                count += len(value)
                following += value if count <= limits.variable_values else ()
            elif isinstance(value, int | float) and not isinstance(value, bool):
                _check_number(value)
        if count > limits.variable_values:
            raise _refusal(ErrorCode.VARIABLES_TOO_LARGE, f"{count:,} values or more", limits.variable_values)
        if characters > limits.variable_characters:
            raise _refusal(
                ErrorCode.VARIABLES_TOO_LARGE, f"{characters:,} characters or more", limits.variable_characters
            )
        level, depth = following, depth + 1


def _check_number(value: int | float) -> None:
    if not math.isfinite(value) if isinstance(value, float) else not -_LARGEST < value < _LARGEST:
        message = (
            "The variables have a number that is beyond all numbers; the limit is 2 to the power of 64 for whole ones."
        )
        raise LimitError(ErrorCode.NUMBER_TOO_LARGE, message)


def _refusal(code: ErrorCode, found: str, limit: int) -> LimitError:
    message = (
        f"The variables have {found}; the limit is {limit:,}. Send fewer or shorter values, or ask in several requests."
    )
    return LimitError(code, message)


def check_literal(value: ValueNode, limits: Limits) -> None:
    """Does nothing for a value that can be read.

    Raises:
        LimitError: a number in it is too large, or its text too long.
    """
    pending = [value]
    while pending:
        node = pending.pop()
        if isinstance(node, IntValueNode | FloatValueNode):
            _check_number_text(node.value, limits)
        elif isinstance(node, ListValueNode):
            pending += node.values
        elif isinstance(node, ObjectValueNode):
            pending += [field.value for field in node.fields]


def _check_number_text(text: str, limits: Limits) -> None:
    if len(text) > limits.number_digits:
        message = f"The query has a number of {len(text):,} characters; the limit is {limits.number_digits}. Write a smaller one."
        raise LimitError(ErrorCode.NUMBER_TOO_LARGE, message)
    if math.isinf(float(text)):
        raise LimitError(ErrorCode.NUMBER_TOO_LARGE, f"The query has the number {text}; the limit is 1.7e308.")

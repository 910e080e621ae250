"""Checks the values in a query's text: no number in it is larger than anything here can be."""

from graphql import FloatValueNode, IntValueNode, ListValueNode, ObjectValueNode, ValueNode

from api.errors import ErrorCode
from api.limits.bounds import Limits
from api.limits.refusals import LimitError


def check_literal(value: ValueNode, limits: Limits) -> None:
    """Does nothing for a value that can be read.

    Raises:
        LimitError: a number in it is too large, or its text too long.
    """
    pending = [value]
    while pending:
        node = pending.pop()
        if isinstance(node, IntValueNode | FloatValueNode):
            check_number(node.value, limits, "The query")
        elif isinstance(node, ListValueNode):
            pending += node.values
        elif isinstance(node, ObjectValueNode):
            pending += [field.value for field in node.fields]


def check_number(text: str, limits: Limits, where: str) -> None:
    """Does nothing for the text of a number of a reasonable size.

    Raises:
        LimitError: the text is too long, or what it says is beyond all numbers.
    """
    if len(text) > limits.number_digits:
        message = f"{where} has a number of {len(text):,} characters; the limit is {limits.number_digits}. Write a smaller one."
        raise LimitError(ErrorCode.NUMBER_TOO_LARGE, message)
    if abs(float(text)) == float("inf"):
        raise LimitError(ErrorCode.NUMBER_TOO_LARGE, f"{where} has the number {text}; the limit is 1.7e308.")

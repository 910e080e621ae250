"""Variables as they came: depth, number of values, texts and numbers, each just below and just above its limit."""

from typing import Any

import orjson
import pytest

from api.errors import ErrorCode
from api.limits import LimitError, Limits, check_variables

LIMITS = Limits(variable_depth=4, variable_values=6, variable_characters=10)


def nested(levels: int) -> Any:
    value: Any = 1
    for level in range(levels):
        value = [value] if level % 2 else {"a": value}
    return value


CASES: list[tuple[dict[str, Any], dict[str, Any], ErrorCode, list[str]]] = [
    ({"a": nested(3)}, {"a": nested(4)}, ErrorCode.VARIABLES_TOO_DEEP, ["5 levels", "4"]),
    ({"a": [1, 2, 3, 4, 5]}, {"a": [1, 2, 3, 4, 5, 6]}, ErrorCode.VARIABLES_TOO_LARGE, ["7 values", "6"]),
    ({"a": {"b": "12345678"}}, {"a": {"b": "123456789"}}, ErrorCode.VARIABLES_TOO_LARGE, ["11 characters", "10"]),
    ({"a" * 10: 1}, {"a" * 11: 1}, ErrorCode.VARIABLES_TOO_LARGE, ["11 characters", "10"]),
    ({"a": 2**64 - 1}, {"a": 2**64}, ErrorCode.NUMBER_TOO_LARGE, ["64"]),
    ({"a": -(2**64) + 1}, {"a": [-(10**5_000)]}, ErrorCode.NUMBER_TOO_LARGE, ["64"]),
    ({"a": 1.7e308}, {"a": float("inf")}, ErrorCode.NUMBER_TOO_LARGE, ["64"]),
    ({"a": None, "b": True}, {"a": float("nan")}, ErrorCode.NUMBER_TOO_LARGE, ["64"]),
]


@pytest.mark.parametrize(("allowed", "refused", "code", "named"), CASES)
def test_limit_allows_what_is_at_it_and_names_what_is_beyond(
    allowed: dict[str, Any], refused: dict[str, Any], code: ErrorCode, named: list[str]
) -> None:
    check_variables(allowed, LIMITS)
    with pytest.raises(LimitError) as caught:
        check_variables(refused, LIMITS)
    assert caught.value.code is code
    assert [word for word in named if word not in str(caught.value)] == []
    assert len(str(caught.value)) < 300


def test_deepest_variables_that_a_body_can_hold_are_refused() -> None:
    variables = orjson.loads('{"a":' * 1_000 + "1" + "}" * 1_000)
    with pytest.raises(LimitError) as caught:
        check_variables(variables, Limits())
    assert caught.value.code is ErrorCode.VARIABLES_TOO_DEEP


def test_whole_numbers_of_thousands_of_digits_never_arrive() -> None:
    for text in (b'{"a": %s}' % (b"9" * 5_000), b'{"a": 1e999}'):
        with pytest.raises(orjson.JSONDecodeError):
            orjson.loads(text)
    check_variables(orjson.loads(b'{"a": 99999999999999999999}'), Limits())

"""What makes random cases is found by itself, wherever they come from: the thorough run would leave it out without a word."""

from types import ModuleType

import pytest

from tests.api.execution import answering
from tests.cases import SEED, number_of_cases
from tests.conftest import makes_random_cases


def test_module_that_makes_them_is_marked(request: pytest.FixtureRequest) -> None:
    assert request.node.get_closest_marker("random") is not None


def test_module_is_found_by_what_it_uses() -> None:
    user = ModuleType("tests.user")
    assert not makes_random_cases(user)
    assert makes_random_cases(answering)
    [made] = [value for value in vars(answering).values() if getattr(value, "__module__", "") == answering.__name__][:1]
    other = ModuleType("tests.other")
    vars(other)["used"] = made
    assert makes_random_cases(other)


def test_there_are_more_in_the_thorough_run() -> None:
    assert number_of_cases(1_000) == (1_000 if SEED else 50)

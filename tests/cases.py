"""How many random cases a run makes, and from which number.

As a rule they are few and always the same, so that what was green stays green. With FRONTGRAPH_SEED set they are all made, from
that number: `scripts/test --thorough` takes another one each time and prints it, and who sets it again gets the same cases again.
`.ci/run` always sets the same one.
"""

import os
from random import Random

from hypothesis import HealthCheck, settings

SEED = os.environ.get("FRONTGRAPH_SEED")
_FEW = 20
"""Of so many random cases, one is made as a rule."""

# How fast the machine is tells nothing of the code, hence no deadlines and no complaints of slow cases.
settings.register_profile(
    "few", max_examples=10, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
)
settings.register_profile("all", print_blob=True, deadline=None, suppress_health_check=list(HealthCheck))
settings.load_profile("all" if SEED else "few")


def number_of_cases(of: int) -> int:
    """How many of so many random cases this run makes."""
    return of if SEED else max(of // _FEW, 10)


def random_cases(of: int) -> settings:
    """Decorates a test of hypothesis."""
    return settings(max_examples=number_of_cases(of))


def random_from(seed: int) -> Random:
    """The source of a test's own random cases; the seed tells it from others of the same run."""
    return Random(f"{SEED} {seed}") if SEED else Random(seed)

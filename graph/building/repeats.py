"""Problems that every file has are one problem of the folder."""

from collections.abc import Sequence

from graph.problems import Problem, ProblemCode, warning


def summarised(problems: Sequence[Problem], document_count: int) -> list[Problem]:
    """The problems; where half of all documents and more than one name no provider, that is said once."""
    missing = [problem for problem in problems if problem.code is ProblemCode.PROVIDER_MISSING]
    if len(missing) < 2 or 2 * len(missing) < document_count:
        return list(problems)
    message = (
        f"{len(missing):,} articles name no provider, {missing[0].file} for one, and nothing says what the site is. "
        "Give `frontgraph.toml` the name and the address of the site, or use --site-url."
    )
    rest = [problem for problem in problems if problem.code is not ProblemCode.PROVIDER_MISSING]
    return [*rest, warning(ProblemCode.PROVIDER_MISSING, message, file=".")]

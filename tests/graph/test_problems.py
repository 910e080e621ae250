from graph.problems import PROBLEM_MEANINGS, Problem, ProblemCode, Severity, error, format_path, quote, warning


def test_every_code_has_a_meaning() -> None:
    assert list(PROBLEM_MEANINGS) == list(ProblemCode)


def test_every_code_is_its_own_name() -> None:
    assert [code.value for code in ProblemCode] == [code.name for code in ProblemCode]


def test_problem_reads_as_one_line_with_place_field_and_code() -> None:
    problem = error(ProblemCode.URL_INVALID, "Mend it.", file="a/b.md", line=7, path=("related", 3, "webUrl"))

    assert str(problem) == "a/b.md:7: error: related[3].webUrl: Mend it. [URL_INVALID]"


def test_problem_of_a_whole_file_has_no_line_and_no_field() -> None:
    problem = warning(ProblemCode.FRONT_MATTER_MISSING, "Add it.", file="a.md")

    assert problem == Problem(Severity.WARNING, ProblemCode.FRONT_MATTER_MISSING, "Add it.", "a.md", None, ())
    assert problem.field_path is None
    assert str(problem) == "a.md: warning: Add it. [FRONT_MATTER_MISSING]"


def test_path_joins_keys_with_dots_and_puts_indexes_in_brackets() -> None:
    assert format_path(("related", 3, "images", 0, "url")) == "related[3].images[0].url"


def test_quoted_value_is_short_and_on_one_line() -> None:
    assert [quote("a\nb\x00\ud800"), quote("x" * 61), quote("x" * 60), quote(7), quote("abcdef", 3)] == [
        "“a�b��”",
        f"“{'x' * 60}…”",
        f"“{'x' * 60}”",
        "“7”",
        "“abc…”",
    ]


def test_problems_sort_by_file_then_line_then_field() -> None:
    first = error(ProblemCode.URL_INVALID, "", file="a.md")
    second = error(ProblemCode.URL_INVALID, "", file="a.md", line=2, path=("title",))
    third = error(ProblemCode.DATE_INVALID, "", file="a.md", line=10, path=("a",))
    fourth = error(ProblemCode.DATE_INVALID, "", file="b.md", line=1)

    assert sorted([fourth, third, second, first], key=Problem.sort_key) == [first, second, third, fourth]

"""Corner cases of variables, documents and values: planned as the reference answers them, or left to it."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, cast

import pytest

from api.execution.operations import KEPT_CHARACTERS
from api.json_text import to_json
from api.schema.answer_size import AnswerTooLargeError
from api.settings import Settings
from graph.building.snapshot import GraphSnapshot
from graph.stores.memory import MemoryReader
from graph.stores.protocol import GraphReader
from tests.api.execution.answering import Planner, doubling, planned_answer, planned_executor, reference_answer
from tests.api.execution.generated_operations import Request

SLUG = "tidal-array-sends-its-first-power-ashore-at-ostrey"
Check = Callable[..., Planner]


def request(query: str, variables: dict[str, Any] | None = None, operation_name: str | None = None) -> Request:
    return Request(query, variables or {}, operation_name)


async def compare(executor: Planner, requests: Sequence[Request], reader: GraphReader) -> None:
    for asked in requests:
        answer = await reference_answer(asked, reader, Settings())
        found = await planned_answer(executor, asked, reader, Settings())
        assert found == (None if "errors" in answer else to_json(answer)), asked


@pytest.fixture
def check(known: GraphSnapshot) -> Check:
    """Asks one executor for all of these, three times over; each answer must be the reference's."""

    def run(*requests: Request, reader: GraphReader | None = None) -> Planner:
        executor = planned_executor()
        asyncio.run(compare(executor, [*requests, *reversed(requests), *requests], reader or MemoryReader(known)))
        return executor

    return run


RELATED = "{ article(by: {slug: “SLUG”}) { id related(first: $n) { totalCount nodes { id } } } }"
RELATED = RELATED.replace("“SLUG”", f'"{SLUG}"')


class TestVariables:
    def test_defaults_are_those_of_the_operation(self, check: Check) -> None:
        queries = [f"query ($n: Int = {default}) {RELATED}" for default in (0, 1, 2, "null")]
        executor = check(*map(request, [*queries, f"query ($n: Int) {RELATED}"]))
        assert executor.outcomes.total() == executor.outcomes["planned"] + executor.outcomes["repeated"] == 15

    def test_mistaken_arguments_of_nothing_are_not_read(self, check: Check) -> None:
        query = 'query ($z: String = "UTC") { snapshot { changes(since: "unknown") { added { timeline(timeZone: $z) { end } } } } }'
        executor = check(request(query, {"z": None}))
        assert executor.outcomes.total() == executor.outcomes["planned"] + executor.outcomes["repeated"] == 3

    def test_left_out_and_null_are_not_the_same(self, check: Check) -> None:
        for declared in ("$n: Int", "$n: Int = 1"):
            query = f"query ({declared}) {RELATED}"
            check(request(query), request(query, {"n": None}), request(query, {"n": 1}), request(query, {"n": 2}))

    def test_null_is_refused_where_it_is_refused(self, check: Check) -> None:
        queries = [f"query ($n: {of_type}) {RELATED}" for of_type in ("Int", "Int!", "Int! = 1", "Int = 1")]
        check(*(request(query, variables) for query in queries for variables in ({"n": None}, {"n": 1}, {})))

    def test_variable_of_a_field_that_is_skipped_is_still_checked(self, check: Check) -> None:
        query = (
            "query ($n: Int!, $no: Boolean!) { snapshot { version } articles(first: $n) @skip(if: $no) { totalCount } }"
        )
        check(
            *(request(query, {"no": True, **given}) for given in ({"n": 1}, {}, {"n": "many"}, {"n": None}, {"n": 2}))
        )

    def test_values_that_look_alike_are_told_apart(self, check: Check) -> None:
        query = """query ($text: String, $flag: Boolean, $number: Int) { articles(filter: {or: [
          {title: {eq: $text}}, {title: {isNull: $flag}}, {quality: {eq: $number}}
        ]}) { totalCount } }"""
        given: list[dict[str, Any]] = [
            {name: value}
            for name in ("text", "flag", "number")
            for value in (1, 1.0, True, "1", "true", "", 0, False, None)
        ]
        check(*(request(query, variables) for variables in [*given, {}]))

    def test_one_fragment_takes_the_variables_of_each_request(self, check: Check) -> None:
        query = """query ($n: Int = 1, $filter: ArticleFilter, $word: String = "the", $order: [ArticleOrder!]) {
          article(by: {slug: "SLUG"}) { ...card }
          articles(filter: {and: [{title: {contains: $word}}, {quality: {in: [1, $m]}}]}, orderBy: $order) { totalCount }
        }
        fragment card on Article { related(first: $n, filter: $filter) { nodes { id related(last: $n) { totalCount } } } }
        """.replace("SLUG", SLUG).replace("$n: Int = 1,", "$n: Int = 1, $m: Int! = 55,")
        check(
            request(query),
            request(query, {"n": 2}),
            request(query, {"n": None}),
            request(query, {"filter": {}}),
            request(query, {"filter": {"title": {"contains": "e"}, "quality": {"gt": 1}}}),
            request(query, {"filter": {"quality": {"gt": 1}, "title": {"contains": "e"}}}),
            request(query, {"filter": {"title": {"eq": None}}}),
            request(query, {"word": "a", "m": 60, "order": {"title": "ASC"}}),
            request(query, {"word": "a", "m": 60, "order": [{"title": "DESC"}]}),
            request(query, {"order": [{"title": "DESC", "slug": "ASC"}]}),
            request(query, {"unknown": "variables are ignored"}),
        )

    def test_values_that_are_no_json_are_left_to_the_reference(self, check: Check) -> None:
        query = "query ($text: String!) { articles(filter: {title: {eq: $text}}) { totalCount } }"
        executor = planned_executor()
        asked = request(query, {"text": "\ud800"})
        assert asyncio.run(planned_answer(executor, asked, MemoryReader(cast(GraphSnapshot, None)), Settings())) is None
        check(request(query, {"text": "🦀"}), request(query, {"text": 2**70}), request(query, {"text": []}))

    def test_switches_have_a_plan_for_each_set_of_values(self, check: Check) -> None:
        names = [f"s{number}" for number in range(5)]
        declared = ", ".join(f"${name}: Boolean! = true" for name in names)
        fields = " ".join(f"{name}: version @include(if: ${name})" for name in names)
        query = f"query ({declared}) {{ snapshot {{ ...all }} }} fragment all on Snapshot {{ {fields} }}"
        sets: list[dict[str, Any]] = [
            {name: bool(number >> place & 1) for place, name in enumerate(names)} for number in range(32)
        ]
        executor = check(*(request(query, values) for values in [*sets, {}, {"s0": None}, {"s0": "true"}]))
        assert executor.outcomes["planned"] >= 33


class TestDocuments:
    def test_operations_of_one_document_are_told_apart(self, check: Check) -> None:
        query = f"""query One($n: Int = 1) {RELATED}
        query Two($n: Int = 2, $no: Boolean!) {{ article(by: {{slug: "{SLUG}"}}) {{ ...more @skip(if: $no) id }} }}
        query Three {{ article(by: {{slug: "{SLUG}"}}) {{ ...plain }} }}
        fragment more on Article {{ related(first: $n) {{ totalCount }} ...plain }}
        fragment plain on Article {{ title }}"""
        executor = check(
            request(query, {}, "One"),
            request(query, {"no": True}, "Two"),
            request(query, {"no": False}, "Two"),
            request(query, {}, "Three"),
            request(query, {}, "Two"),
            request(query, {}, "Four"),
            request(query, {}, ""),
            request(query),
        )
        assert executor.outcomes["planned"] == 4
        assert executor.outcomes["repeated"] == 8

    @pytest.mark.parametrize(
        ("query", "reason"),
        [
            ("", "refused"),
            ("{", "refused"),
            ("{ snapshot { unknown } }", "refused"),
            ("{ snapshot }", "refused"),
            ("{ snapshot { ...a } } fragment a on Snapshot { ...a }", "refused"),
            ("query ($slug: String) { article(by: {slug: $slug}) { id } }", "refused"),
            (
                "query ($a: Int, $b: Int) { articles(first: $a) { totalCount } articles(first: $b) { totalCount } }",
                "refused",
            ),
            ("{ snapshot { ... @defer { version } } }", "refused"),
            ("{ articles { nodes @stream { id } } }", "refused"),
            ("{ snapshot @unknown { version } }", "refused"),
            ("{ snapshot @skip(if: false) @skip(if: true) { version } }", "refused"),
            ("query ($a: [Article]) { snapshot { version } }", "refused"),
            ("fragment a on Snapshot { version }", "refused"),
            ("type Query { a: Int }", "refused"),
            ("mutation { a }", "refused"),
            ("subscription { a }", "refused"),
            ("subscription { snapshotChanged { version } }", "no query"),
            ("{ __schema { queryType { name } } snapshot { version } }", "field __schema"),
            ("{" + " id" * 5_000 + "}", "refused"),
        ],
    )
    def test_what_no_plan_is_made_of(self, known: GraphSnapshot, query: str, reason: str) -> None:
        executor = planned_executor()
        for _ in range(2):
            assert asyncio.run(planned_answer(executor, request(query), MemoryReader(known), Settings())) is None
        assert executor.outcomes == {reason: 2}

    def test_operations_are_kept_within_a_number_of_characters(self, known: GraphSnapshot) -> None:
        executor, reader = planned_executor(), MemoryReader(known)
        queries = [f"{{ snapshot {{ version }} # {number:0>9000}\n}}" for number in range(80)]
        expected = to_json(asyncio.run(reference_answer(request(queries[0]), reader, Settings())))
        for query in [*queries, *queries]:
            assert asyncio.run(planned_answer(executor, request(query), reader, Settings())) == expected
        assert 0 < len(executor.operations) <= KEPT_CHARACTERS / 9_000
        for number in range(200):
            asked = request("", {}, f"{number:0>9000}")
            assert asyncio.run(planned_answer(executor, asked, reader, Settings())) is None
        assert 0 < len(executor.operations) <= KEPT_CHARACTERS / 9_000

    def test_operations_that_were_used_again_outlive_a_flood_of_others(self, known: GraphSnapshot) -> None:
        reader = MemoryReader(known)
        used = [f"{{ snapshot {{ version }} # {number:0>900}\n}}" for number in range(20)]
        executor = planned_executor()
        operations = executor.operations
        for query in [*used, *used, *(f"{{ id{number} # {number:0>9000}\n}}" for number in range(80))]:
            asyncio.run(planned_answer(executor, request(query), reader, Settings()))
        assert [query for query in used if operations.known(query, None) is None] == []
        assert operations.known("{ id1 }", None) is None

    def test_long_documents_are_planned_but_not_kept(self, check: Check) -> None:
        executor = check(
            request("{ snapshot { version } # " + "x" * 16_384 + "\n}"),
            request("{" + (" __typename" + " " * 100) * 200 + "}"),
        )
        assert executor.outcomes == {"planned": 2, "repeated": 4}
        assert len(executor.operations) == 0

    def test_everything_can_be_skipped(self, check: Check) -> None:
        executor = check(
            request("{ snapshot @skip(if: true) { version } }"),
            request("{ snapshot { version @include(if: false) } ... @skip(if: true) { __typename } }"),
            request("{ articles(first: 2) { nodes { ... on Article @skip(if: true) { id } } } }"),
            request("{ __typename again: __typename ... on Query { __typename } }"),
        )
        assert executor.outcomes == {"planned": 4, "repeated": 8}

    def test_a_switch_that_is_null_is_the_references_to_refuse(self, check: Check) -> None:
        query = "query ($no: Boolean = true) { snapshot { version @skip(if: $no) loadedAt } }"
        executor = check(request(query, {"no": None}), request(query), request(query, {"no": False}))
        assert executor.outcomes["a field failed: GraphQLError"] == 3


class OddReader:
    """Answers one method in a way of its own, made of what another reader answers."""

    def __init__(self, reader: GraphReader, name: str, answer: Callable[[Any], Any]) -> None:
        self._reader, self._name, self._answer = reader, name, answer

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method: Callable[..., Any] = getattr(self._reader, name)
        return (lambda *arguments: self._answer(method(*arguments))) if name == self._name else method


def fail(error: Exception) -> Callable[[Any], Any]:
    def answer(_: Any) -> Any:
        raise error

    return answer


TOPICS = "{ articles(first: 3) { nodes { id topics { name } } } }"
PROVIDER = "{ articles(first: 3) { nodes { id provider { __typename } } } }"


@pytest.mark.filterwarnings("ignore:coroutine")
class TestReaders:
    def odd(self, known: GraphSnapshot, name: str, answer: Callable[[Any], Any]) -> GraphReader:
        return cast(GraphReader, OddReader(MemoryReader(known), name, answer))

    @pytest.mark.parametrize("error", [RuntimeError("lost"), KeyError("lost"), TimeoutError(), RecursionError()])
    def test_error_of_a_reader_is_the_references_to_present(
        self, known: GraphSnapshot, error: Exception, caplog: pytest.LogCaptureFixture
    ) -> None:
        reader, executor = self.odd(known, "neighbors", fail(error)), planned_executor()
        assert asyncio.run(planned_answer(executor, request(TOPICS), reader, Settings())) is None
        assert executor.outcomes == {f"a field failed: {type(error).__name__}": 1}
        assert caplog.records == []
        answer = asyncio.run(reference_answer(request(TOPICS), reader, Settings()))
        assert {found["extensions"]["code"] for found in answer["errors"]} == {"INTERNAL_SERVER_ERROR"}

    def test_error_keeps_nothing_of_the_request(self, known: GraphSnapshot) -> None:
        calls: list[int] = []

        def sometimes(answer: Any) -> Any:
            calls.append(1)
            if len(calls) == 1:
                raise RuntimeError("lost")
            return answer

        reader, executor = self.odd(known, "neighbors", sometimes), planned_executor()
        first, second = (asyncio.run(planned_answer(executor, request(TOPICS), reader, Settings())) for _ in range(2))
        assert first is None
        assert second == to_json(asyncio.run(reference_answer(request(TOPICS), MemoryReader(known), Settings())))

    @pytest.mark.parametrize(
        ("query", "answer"),
        [
            (TOPICS, lambda found: found[:-1]),
            (TOPICS, lambda found: [*found, ()]),
            (TOPICS, lambda found: [None] * len(found)),
            (TOPICS, lambda found: ["text"] * len(found)),
            (TOPICS, lambda found: [{"a": 1}] * len(found)),
            (TOPICS, lambda found: [[None]] * len(found)),
            (TOPICS, lambda found: [[ValueError("lost")]] * len(found)),
            (TOPICS, lambda found: [ValueError("lost")] * len(found)),
            (PROVIDER, lambda found: [ValueError("lost")] * len(found)),
            (PROVIDER, lambda found: found[:-1]),
            (TOPICS, lambda found: [iter(topics) for topics in found]),
        ],
    )
    def test_answers_of_another_shape_are_left_to_the_reference(
        self, known: GraphSnapshot, query: str, answer: Callable[[Any], Any]
    ) -> None:
        reader = self.odd(known, "neighbors" if query == TOPICS else "neighbor", answer)
        assert asyncio.run(planned_answer(planned_executor(), request(query), reader, Settings())) is None

    @pytest.mark.parametrize(
        "answer",
        [lambda found: [list(topics) for topics in found], lambda found: tuple(found), lambda found: [()] * len(found)],
    )
    def test_lists_and_tuples_are_alike(self, known: GraphSnapshot, check: Check, answer: Callable[[Any], Any]) -> None:
        executor = check(request(TOPICS), reader=self.odd(known, "neighbors", answer))
        assert executor.outcomes == {"planned": 1, "repeated": 2}


def test_a_text_that_doubles_at_every_step_is_rendered_once_per_node(check: Check) -> None:
    executor = check(request(doubling(6)))
    assert executor.outcomes == {"planned": 1, "repeated": 2}


def test_a_text_that_doubles_too_often_is_refused(known: GraphSnapshot) -> None:
    with pytest.raises(AnswerTooLargeError):
        asyncio.run(planned_answer(planned_executor(), request(doubling(30)), MemoryReader(known), Settings()))

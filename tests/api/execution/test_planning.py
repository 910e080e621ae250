"""Plans: what is the same selection, what is not, and how much a document can make of them."""

from collections.abc import Iterator
from typing import Any

import pytest

from api.execution.plan import MOST_SELECTIONS, FallbackError, FieldPlan, Leaf, ListOf, Nullable, ObjectOf, Selection
from tests.api.execution.answering import doubling, plan_of
from tests.api.execution.generated_operations import Request
from tests.work import calls_of


def planned(query: str, **variables: Any) -> Selection:
    return plan_of(Request(query, variables, None))


def inner(field: FieldPlan) -> list[Selection]:
    shape = field.shape
    while isinstance(shape, Nullable | ListOf):
        shape = shape.inner
    match shape:
        case ObjectOf(selections):
            return list(selections.values())
        case Leaf() | _:
            return []


def selections(plan: Selection) -> Iterator[Selection]:
    """Each selection of the plan once."""
    found: dict[int, Selection] = {}
    waiting = [plan]
    while waiting:
        selection = waiting.pop()
        if id(selection) not in found:
            found[id(selection)] = selection
            waiting += [child for field in selection.fields for child in inner(field)]
    yield from found.values()


def topic_of(query: str, **variables: Any) -> Selection:
    (field,) = planned(query, **variables).fields
    (topic,) = inner(field)
    return topic


BY = '{ topic(by: {slug: "ai"}) { %s } }'


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("name", "name name"),
        ("name slug", "... { name } ... on Topic { slug } ... on Node { id @skip(if: true) }"),
        ("articles(first: 1, last: 2) { totalCount }", "articles(last: 2, first: 1) { totalCount }"),
        ("parent { name slug }", "parent { name } parent { slug }"),
        ("name", "name @include(if: true) slug @skip(if: true)"),
        ("id name", "... on Node { id } name"),
    ],
)
def test_selections_that_ask_for_the_same_share_what_is_kept(one: str, other: str) -> None:
    assert topic_of(BY % one).signature == topic_of(BY % other).signature


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("name", "slug"),
        ("name", "name: slug"),
        ("name", "title: name"),
        ("name slug", "slug name"),
        ("name", "name __typename"),
        ("name: __typename", "name"),
        ("articles(first: 1) { totalCount }", "articles(first: 2) { totalCount }"),
        ("articles(first: 1) { totalCount }", "articles(last: 1) { totalCount }"),
        ("articles { totalCount }", "articles(first: null) { totalCount }"),
        (
            'articles(filter: {title: {eq: "1"}}) { totalCount }',
            "articles(filter: {title: {isNull: true}}) { totalCount }",
        ),
        (
            'articles(filter: {title: {eq: "true"}}) { totalCount }',
            'articles(filter: {title: {eq: "1"}}) { totalCount }',
        ),
        ("articles(orderBy: [{title: ASC}]) { totalCount }", "articles(orderBy: {title: DESC}) { totalCount }"),
        ("articles { nodes { title } }", "articles { edges { node { title } } }"),
        ("articles { nodes { title } }", "articles { nodes { slug } }"),
        ("a: parent { name } b: parent { slug }", "a: parent { slug } b: parent { name }"),
    ],
)
def test_selections_that_ask_for_something_else_do_not(one: str, other: str) -> None:
    assert topic_of(BY % one).signature != topic_of(BY % other).signature


def test_selection_names_the_variables_in_it_at_any_depth() -> None:
    query = """query ($slug: String!, $first: Int, $text: String, $unused: Int, $no: Boolean = false) {
      topic(by: {slug: $slug}) {
        articles(first: $first, filter: {or: [{title: {contains: $text}}, {}]}) {
          nodes { related(first: $unused) @include(if: $no) { totalCount } title }
        }
      }
    }"""
    plan = planned(query, slug="ai")
    topic = inner(plan.fields[0])[0]
    connection = inner(topic.fields[0])[0]
    assert plan.variables == ("first", "slug", "text")
    assert topic.variables == ("first", "text")
    assert connection.variables == ()


def test_fields_that_merge_are_one_field_with_all_their_selections() -> None:
    topic = topic_of(
        BY % "parent { name ...more } ...more parent { id }" + " fragment more on Topic { parent { slug } name }"
    )
    parent = inner(topic.fields[0])[0]
    assert [field.key for field in topic.fields] == ["parent", "name"]
    assert parent.template == b'{"name":%b,"parent":%b,"slug":%b,"id":%b}'


def test_every_possible_type_has_a_selection_of_its_own() -> None:
    plan = planned('{ node(id: "x") { id ... on Topic { name } ... on Story { headline } ... on Node { key: id } } }')
    assert {found.type_name: found.template for found in inner(plan.fields[0])} == {
        "Article": b'{"id":%b,"key":%b}',
        "Person": b'{"id":%b,"key":%b}',
        "Provider": b'{"id":%b,"key":%b}',
        "Story": b'{"id":%b,"headline":%b,"key":%b}',
        "Topic": b'{"id":%b,"name":%b,"key":%b}',
    }


def test_fragments_that_double_at_every_step_are_planned_fast_and_small() -> None:
    calls_of(lambda: planned(doubling(30)), most=200_000)
    plan = planned(doubling(30))
    assert len(list(selections(plan))) < 30 * 5
    assert max(len(found.signature) for found in selections(plan)) == 32


def merging(steps: int) -> str:
    """Fields that merge anew at every step: each way down selects a different set of fragments.

    At a step, `a` goes on in every fragment that `b` goes on in, and in one more.
    """
    body = []
    for step in range(steps):
        onward = " ".join(f"...s{step + 1}_{state}" for state in (0, 1))
        body.append(f"fragment s{step}_0 on Topic {{ a: parent {{ {onward} }} b: parent {{ ...s{step + 1}_0 }} }}")
        body += [
            f"fragment s{step}_{state} on Topic {{ a: parent {{ ...s{step + 1}_{state + 1} }} b: parent {{ ...s{step + 1}_{state + 1} }} }}"
            for state in range(1, step + 1)
        ]
    last = [f"fragment s{steps}_{state} on Topic {{ x{state}: id }}" for state in range(steps + 1)]
    return "\n".join(['{ topic(by: {slug: "ai"}) { ...s0_0 } }', *body, *last])


def test_selections_of_one_plan_are_limited() -> None:
    assert len(list(selections(planned(merging(6))))) > 2**6
    with pytest.raises(FallbackError, match="too many selections"):
        planned(merging(12))
    assert MOST_SELECTIONS < 2**12


@pytest.mark.parametrize(("depth", "is_planned"), [(30, True), (65, False)])
def test_answers_too_deep_for_one_way_of_writing_json_are_left_to_the_reference(depth: int, is_planned: bool) -> None:
    query = "{ articles { nodes { " + "related { nodes { " * depth + "id" + " } }" * depth + " } } }"
    if is_planned:
        assert planned(query).height == 3 + 3 * depth + 1
    else:
        with pytest.raises(FallbackError, match="a deep answer"):
            planned(query)


@pytest.mark.parametrize("query", ["{ __schema { queryType { name } } }", '{ __type(name: "Article") { name } }'])
def test_introspection_is_not_planned(query: str) -> None:
    with pytest.raises(FallbackError, match="field __"):
        planned(query)

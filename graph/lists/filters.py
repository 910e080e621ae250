"""Filters: conditions as plain data, and the predicates over records that they compile to.

The logic is two-valued, unlike SQL's: comparing a missing value is false whatever the operator, and `Not` of that is
true; only `IS_NULL` tests for missing values. An empty `AllOf` is true, an empty `AnyOf` and an empty `IN` are false.
"""

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from types import MappingProxyType
from typing import Any, TypeAlias

from graph.analysis.metrics import NodeMetrics
from graph.building.snapshot import GraphSnapshot
from graph.checkpoints import checked_if_many
from graph.errors import FilterError
from graph.links import composed
from graph.lists.front_matter import JsonScalar, scalars, values_at
from graph.lists.relations import RELATIONS, Record, Relation
from graph.model import Article, Image

Predicate: TypeAlias = Callable[[Any], bool]
Scalar: TypeAlias = str | int | float | bool | datetime | Enum


class Operator(Enum):
    """How a value is compared."""

    EQ = "eq"
    IN = "in"
    LT = "lt"
    LTE = "lte"
    GT = "gt"
    GTE = "gte"
    CONTAINS = "contains"
    STARTS_WITH = "startsWith"
    ENDS_WITH = "endsWith"
    IS_NULL = "isNull"


class Quantifier(Enum):
    """How many of the records on the other side of a relation must pass."""

    SOME = "some"
    NONE = "none"
    EVERY = "every"


@dataclass(frozen=True, slots=True)
class Compare:
    """Compares a field of the record with a value; `value` is a tuple for IN and a bool for IS_NULL."""

    field: str
    """The attribute's name; ignored where the record itself is a string."""
    operator: Operator
    value: Scalar | tuple[Scalar, ...]
    ignore_case: bool = False


@dataclass(frozen=True, slots=True)
class RelationCondition:
    """Some, none or every one of the records on the other side of a relation passes `filter`."""

    relation: str
    quantifier: Quantifier
    filter: "Filter"


@dataclass(frozen=True, slots=True)
class RelationCount:
    """Compares the number of records on the other side of a relation with a value."""

    relation: str
    operator: Operator
    value: Scalar | tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class FrontMatterCondition:
    """Compares what an article's front matter has at a path, for keys without a field of their own.

    Where lists are on the way, one of the values that they lead to must pass. Only values of one type compare: a text
    with texts, a number with numbers.
    """

    path: str
    """As `graph.lists.front_matter` reads it."""
    operator: Operator
    values: tuple[JsonScalar, ...]
    """One, and for IN any number."""
    ignore_case: bool = False


@dataclass(frozen=True, slots=True)
class AllOf:
    filters: tuple["Filter", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    filters: tuple["Filter", ...]


@dataclass(frozen=True, slots=True)
class Not:
    filter: "Filter"


Filter: TypeAlias = Compare | RelationCondition | RelationCount | FrontMatterCondition | AllOf | AnyOf | Not

EVERYTHING = AllOf(())

_COMPARISONS: Mapping[Operator, Callable[[Any, Any], bool]] = MappingProxyType(
    {
        Operator.EQ: operator.eq,
        Operator.IN: lambda value, options: value in options,
        Operator.LT: operator.lt,
        Operator.LTE: operator.le,
        Operator.GT: operator.gt,
        Operator.GTE: operator.ge,
        Operator.CONTAINS: operator.contains,
        Operator.STARTS_WITH: str.startswith,
        Operator.ENDS_WITH: str.endswith,
    }
)


def compile_filter(snapshot: GraphSnapshot, record_type: type, condition: Filter) -> Predicate:
    """A predicate for records of the type. It memoizes what it finds out about nodes, so it fits this snapshot only.

    Raises:
        FilterError: the type, or one that a relation leads to, has no such field or relation.
    """
    match condition:
        case Compare():
            return _compare(record_type, condition)
        case RelationCondition():
            return _relation_predicate(snapshot, record_type, condition)
        case RelationCount(relation, how, value):
            related, compare = _relation(record_type, relation).records, _comparison(how, value)
            return lambda record: compare(len(related(snapshot, record)))
        case FrontMatterCondition():
            return _front_matter_predicate(record_type, condition)
        case AllOf(filters):
            tests = [compile_filter(snapshot, record_type, child) for child in filters]
            return tests[0] if len(tests) == 1 else lambda record: all(test(record) for test in checked_if_many(tests))
        case AnyOf(filters):
            tests = [compile_filter(snapshot, record_type, child) for child in filters]
            return lambda record: any(test(record) for test in checked_if_many(tests))
        case Not(child):
            test = compile_filter(snapshot, record_type, child)
            return lambda record: not test(record)


def _compare(record_type: type, condition: Compare) -> Predicate:
    if record_type is not str and condition.field not in getattr(record_type, "__dataclass_fields__", ()):
        raise FilterError(f"{record_type.__name__} has no field {condition.field!r} to filter by.")
    read: Callable[[Any], Any] = operator.attrgetter(condition.field) if record_type is not str else lambda text: text
    compare = _comparison(condition.operator, condition.value, condition.ignore_case)
    return lambda record: compare(read(record))


def _comparison(how: Operator, value: Any, ignore_case: bool = False) -> Predicate:
    if how is Operator.IS_NULL:
        return lambda found: (found is None) is value
    compare = _COMPARISONS[how]
    value = tuple(map(_composed, value)) if how is Operator.IN else _composed(value)
    if ignore_case:
        folded = frozenset(map(str.casefold, value)) if how is Operator.IN else value.casefold()
        return lambda found: found is not None and compare(found.casefold(), folded)
    wanted = frozenset(value) if how is Operator.IN else value
    return lambda found: found is not None and compare(found, wanted)


def _front_matter_predicate(record_type: type, condition: FrontMatterCondition) -> Predicate:
    if record_type is not Article:
        raise FilterError(f"{record_type.__name__} has no front matter to filter by.")
    values = values_at(condition.path)
    if condition.operator is Operator.IS_NULL:
        (wanted,) = condition.values
        return lambda article: (not values(article.front_matter)) is wanted.value
    compare = _json_comparison(condition)
    return lambda article: any(compare(value) for value in scalars(values(article.front_matter)))


def _json_comparison(condition: FrontMatterCondition) -> Predicate:
    how, ignore_case = condition.operator, condition.ignore_case

    def plain(scalar: JsonScalar) -> JsonScalar:
        if not isinstance(scalar.value, str):
            return scalar
        text = composed(scalar.value)
        return JsonScalar(str, text.casefold() if ignore_case else text)

    if how is Operator.IN:
        options = frozenset(map(plain, condition.values))
        return lambda value: plain(value) in options
    (wanted,) = map(plain, condition.values)
    allowed = _COMPARED.get(how, (str, float))
    if how is not Operator.EQ and wanted.type not in allowed:
        names = " or ".join("a text" if kind is str else "a number" for kind in allowed)
        raise FilterError(f"`frontMatter.{how.value}` compares with {names}.")
    compare = _COMPARISONS[how]
    return lambda value: value.type is wanted.type and compare(plain(value).value, wanted.value)


_COMPARED: Mapping[Operator, tuple[type, ...]] = MappingProxyType(
    dict.fromkeys((Operator.CONTAINS, Operator.STARTS_WITH, Operator.ENDS_WITH), (str,))
)
"""What operators compare with if not with texts and numbers alike."""


def _composed(value: Any) -> Any:
    return composed(value) if isinstance(value, str) else value


def _relation_predicate(snapshot: GraphSnapshot, record_type: type, condition: RelationCondition) -> Predicate:
    leads_to, related = _relation(record_type, condition.relation)
    test = compile_filter(snapshot, leads_to, condition.filter)
    known: dict[str, bool] = {}

    def passes(record: Record) -> bool:
        if isinstance(record, (str, Image, NodeMetrics)):  # these have no id to memoize the answer by
            return test(record)
        answer = known.get(record.id)
        if answer is None:
            answer = known[record.id] = test(record)
        return answer

    def others(record: Any) -> Iterable[Record]:
        return checked_if_many(related(snapshot, record))

    match condition.quantifier:
        case Quantifier.SOME:
            return lambda record: any(passes(other) for other in others(record))
        case Quantifier.NONE:
            return lambda record: not any(passes(other) for other in others(record))
        case Quantifier.EVERY:
            return lambda record: all(passes(other) for other in others(record))


def _relation(record_type: type, name: str) -> Relation:
    relation = RELATIONS.get((record_type, name))
    if relation is None:
        raise FilterError(f"{record_type.__name__} has no relation {name!r} to filter by.")
    return relation

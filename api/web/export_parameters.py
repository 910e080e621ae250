"""What an export is asked for: a filter in JSON, a node and its surroundings, or a story; and what is made of that part of the graph."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import orjson

from graph.analysis.projections import PROJECTED
from graph.errors import FilterError, SelectionError
from graph.export.contents import ExportOptions
from graph.export.selection_query import SelectionQuery
from graph.lists.filters import EVERYTHING, Filter
from graph.problems import quote

if TYPE_CHECKING:
    from graphql import GraphQLError

_SELECTING = ("filter", "around", "depth", "story")
_SHAPING = ("stories", "projection", "backbone", "bom")
PARAMETERS = _SELECTING + _SHAPING
PROJECTIONS = MappingProxyType({f"{kind.value.lower()}s": kind for kind in PROJECTED})
"""The networks that `projection` names."""


def read_selection(given: Mapping[str, str], *, hide_suggestions: bool = False) -> SelectionQuery:
    """The part that the parameters `filter`, `around`, `depth` and `story` describe; none of them is the whole graph.

    With `hide_suggestions`, errors tell no names of the schema but those that were given.

    Raises:
        InputError: a parameter is unknown or cannot be read.
    """
    for name in given:
        if name not in PARAMETERS:
            raise SelectionError(f"There is no parameter {quote(name)}; an export takes {', '.join(PARAMETERS)}.")
    if "depth" in given and "around" not in given:
        raise SelectionError("`depth` counts steps around a node; name the node in `around`.")
    condition = read_filter(given["filter"], hide_suggestions=hide_suggestions) if "filter" in given else EVERYTHING
    return SelectionQuery(condition, given.get("around"), _depth(given.get("depth", "1")), given.get("story"))


def read_options(given: Mapping[str, str]) -> ExportOptions:
    """What the parameters `stories`, `projection`, `backbone` and `bom` make of the part.

    Raises:
        SelectionError: one of them cannot be read, or they exclude each other.
    """
    projection = given.get("projection")
    if projection is not None and projection not in PROJECTIONS:
        raise SelectionError(f"`projection` is {quote(projection)}; it may be {', '.join(PROJECTIONS)}.")
    return ExportOptions(
        stories=_switch(given, "stories"),
        projection=None if projection is None else PROJECTIONS[projection],
        backbone=_switch(given, "backbone"),
        byte_order_mark=_switch(given, "bom"),
    )


def _switch(given: Mapping[str, str], name: str) -> bool:
    text = given.get(name, "false")
    if text not in ("true", "false"):
        raise SelectionError(f"`{name}` is {quote(text)}; it must be true or false.")
    return text == "true"


def read_filter(text: str, *, hide_suggestions: bool = False) -> Filter:
    """The condition that a filter in JSON stands for, as the argument `filter` of articles takes it.

    Raises:
        FilterError: the text is not JSON, or no filter of articles.
    """
    value = filter_value(text)
    if not isinstance(value, dict):
        raise FilterError('The filter is no JSON object; write, for example, {"title": {"contains": "tide"}}.')
    try:
        return _condition(value, hide_suggestions)
    except RecursionError as cause:
        raise FilterError("The filter is nested too deeply; join its conditions in one list.") from cause


def filter_value(text: str) -> Any:
    """What the JSON says, whether or not it is a filter.

    Raises:
        FilterError: the text is not JSON.
    """
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as cause:
        raise FilterError(f"The filter is not JSON: {cause}.") from cause


def _condition(value: dict[str, Any], hide_suggestions: bool) -> Filter:
    # Imported here, since an export without a filter, as the command writes it, needs no schema.
    from graphql import GraphQLInputType, coerce_input_value, validate_input_value

    from api.adapters.strawberry import core_schema, input_object
    from api.limits import Limits, hint_in_json
    from api.schema.assembly import schema
    from api.schema.inputs import ArticleFilter, to_filter

    core = core_schema(schema)
    wanted: GraphQLInputType = core.type_map["ArticleFilter"]  # type: ignore[assignment]  # it is an input
    problems: list[str] = []
    most = Limits().validation_errors

    def note(error: "GraphQLError", path: Sequence[str | int]) -> None:
        place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
        hint = "" if hide_suggestions else hint_in_json(core, error.message, place)
        problems.append(f"filter{place}: {error.message}{hint}")
        if len(problems) == most:  # each took as long as comparing it with all names that there are
            raise FilterError(" ".join((*problems, "No more mistakes were looked for.")))

    validate_input_value(value, wanted, note, hide_suggestions)
    if problems:
        raise FilterError(" ".join(problems))
    coerced = coerce_input_value(value, wanted)
    return to_filter(input_object(schema, coerced, ArticleFilter))


def _depth(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise SelectionError(f"`depth` is {quote(text)}; it must be a whole number.")
    return int(text)

"""Hints: what to write instead of what somebody guessed, where the schema wants it otherwise."""

import json
import re
from ast import literal_eval
from collections.abc import Iterable

from graphql import (
    ArgumentNode,
    FieldNode,
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLSchema,
    Node,
    get_named_type,
    print_ast,
)

from api.adapters.graphql_core import unknown_argument, unknown_field, wanted_object

_LONGEST_VALUE = 60
"""Characters of a value that is repeated; a longer one is cut."""
_NAME_BEFORE = re.compile(r"(?<!\w)([A-Za-z_]\w*+)\s*+:\s*+\Z")
_NAME_AT_THE_END = re.compile(r"\.([A-Za-z_]\w*)\Z")
_CUT = "…"
_CALLED_ELSEWHERE = {
    "where": "filter",
    "sort": "orderBy",
    "order": "orderBy",
    "q": "query",
    "text": "query",
    "term": "query",
}
"""Arguments of other APIs → what they are called here."""
_NODES_ELSEWHERE = frozenset({"data", "entries", "items", "list", "records", "results"})
"""What other APIs call the entries of a list."""


def add_hints(schema: GraphQLSchema, errors: Iterable[GraphQLError]) -> None:
    """Ends the message of each error of which it is known what was meant with what to write; it names parts of the schema."""
    for error in errors:
        if meant := _argument(schema, error) or _entries(schema, error) or _operator(schema, error):
            error.message += f" Write `{meant}`."


def hint_in_json(schema: GraphQLSchema, message: str, place: str) -> str:
    """The same for what is wrong with a value in JSON, at this place in it; empty if it is not known what was meant."""
    found = wanted_object(message)
    meant = found and _object(schema, found.type_name, _name_of(place), found.value, is_json=True)
    return f" Write `{meant}`." if meant else ""


def _argument(schema: GraphQLSchema, error: GraphQLError) -> str | None:
    """`by: {slug: "x"}` for `slug: "x"`."""
    found, nodes = unknown_argument(error), error.nodes or ()
    if found is None or not (nodes and isinstance(nodes[0], ArgumentNode)):
        return None
    fields = getattr(schema.type_map.get(found.type_name), "fields", {})
    arguments = fields[found.field_name].args if found.field_name in fields else {}
    for name, argument in arguments.items():
        wanted = get_named_type(argument.type)
        if isinstance(wanted, GraphQLInputObjectType) and found.name in wanted.fields:
            return f"{name}: {{{found.name}: {_shortened(print_ast(nodes[0].value))}}}"
    called = _CALLED_ELSEWHERE.get(found.name)
    return f"{called}: {_in_one_line(nodes[0].value)}" if called in arguments else None


def _entries(schema: GraphQLSchema, error: GraphQLError) -> str | None:
    """`nodes { title }` for `title` of a list, and `nodes` for `items`."""
    found, node = unknown_field(error), error.nodes[0] if error.nodes else None
    if found is None or not isinstance(node, FieldNode):
        return None
    nodes = getattr(schema.type_map.get(found.type_name), "fields", {}).get("nodes")
    if nodes is None:
        return None
    fields = getattr(get_named_type(nodes.type), "fields", {})
    if found.name in fields:
        return f"nodes {{ {_in_one_line(node)} }}"
    inside = f" {_in_one_line(node.selection_set)}" if node.selection_set else ""
    return f"nodes{inside}" if found.name in _NODES_ELSEWHERE else None


def _in_one_line(node: Node) -> str:
    return _shortened(" ".join(print_ast(node).split()))


def _operator(schema: GraphQLSchema, error: GraphQLError) -> str | None:
    """`{title: {eq: "x"}}` for `{title: "x"}`, in the query or in a variable."""
    found = wanted_object(error.message)
    if found is None:
        return None
    if found.place is not None:
        return _object(schema, found.type_name, _name_of(found.place), found.value, is_json=True)
    node = error.nodes[0] if error.nodes else None
    if node is None or node.loc is None:
        return None
    before = _NAME_BEFORE.search(node.loc.source.body[: node.loc.start])
    return _object(schema, found.type_name, before and before[1], _shortened(print_ast(node)), is_json=False)


def _name_of(place: str) -> str | None:
    found = _NAME_AT_THE_END.search(place)
    return found and found[1]


def _object(schema: GraphQLSchema, type_name: str, name: str | None, value: str, *, is_json: bool) -> str | None:
    """The object of this type that says the value, as the value of the field with this name."""
    wanted = schema.type_map.get(type_name)
    if not isinstance(wanted, GraphQLInputObjectType):
        return None
    quote = json.dumps if is_json else str
    said = _in_json(value) if is_json else value
    if "eq" in wanted.fields:
        found = f"{{{quote('eq')}: {said}}}"
    elif "some" in wanted.fields and "name" in getattr(get_named_type(wanted.fields["some"].type), "fields", {}):
        found = f"{{{quote('some')}: {{{quote('name')}: {{{quote('eq')}: {said}}}}}}}"
    elif "name" in wanted.fields and "eq" in getattr(get_named_type(wanted.fields["name"].type), "fields", {}):
        found = f"{{{quote('name')}: {{{quote('eq')}: {said}}}}}"
        if name == "filter":  # the argument, not a field of a filter
            return found
    elif (key := said.strip('"')) in wanted.fields and isinstance(
        get_named_type(wanted.fields[key].type), GraphQLEnumType
    ):
        return f"{{{quote(key)}: {quote('ASC')}}}"
    else:
        return None
    return f"{{{quote(name)}: {found}}}" if name else found


def _in_json(value: str) -> str:
    """What Python shows of a value, as JSON has it."""
    if len(value) > _LONGEST_VALUE:
        return _CUT
    try:
        return json.dumps(literal_eval(value), ensure_ascii=False)
    except (ValueError, SyntaxError, TypeError):
        return _CUT


def _shortened(value: str) -> str:
    return value if len(value) <= _LONGEST_VALUE else _CUT

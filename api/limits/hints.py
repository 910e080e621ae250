"""Hints: what to write instead of what somebody guessed, where the schema wants it otherwise."""

import json
import re
from ast import literal_eval
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from graphql import (
    ArgumentNode,
    BooleanValueNode,
    EnumValueNode,
    FieldNode,
    FloatValueNode,
    GraphQLEnumType,
    GraphQLError,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLSchema,
    IntValueNode,
    ListValueNode,
    NameNode,
    Node,
    NullValueNode,
    ObjectFieldNode,
    ObjectValueNode,
    SelectionSetNode,
    StringValueNode,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    print_ast,
)

from api.adapters.graphql_core import (
    no_selection,
    unknown_argument,
    unknown_field,
    unknown_key,
    unknown_member,
    wanted_object,
)
from api.limits.synonyms import called_here

_LONGEST_VALUE = 60
"""Characters of a value that is repeated; a longer one is cut."""
_NAME_BEFORE = re.compile(r"(?<!\w)([A-Za-z_]\w*+)\s*+:\s*+\Z")
_NAME_AT_THE_END = re.compile(r"\.([A-Za-z_]\w*)\Z")
_CUT = "…"
_DIRECTIONS = {"desc": "DESC", "descending": "DESC", "asc": "ASC", "ascending": "ASC"}
"""Endings of a text that says an order."""
_SHOWN = ("title", "name", "label")
"""Fields that are worth to be asked for, in the place of none."""


def add_hints(schema: GraphQLSchema, errors: Iterable[GraphQLError]) -> None:
    """Ends the message of each error of which it is known what was meant with what to write; it names parts of the schema."""
    for error in errors:
        if meant := next(filter(None, (hint(schema, error) for hint in _HINTS)), None):
            error.message += f" Write {meant}."


def hint_in_json(schema: GraphQLSchema, message: str, place: str) -> str:
    """The same for what is wrong with a value in JSON, at this place in it; empty if it is not known what was meant."""
    meant = None
    if wanted := wanted_object(message):
        meant = _object(schema, wanted.type_name, _name_of(place), _node_of(wanted.value), is_json=True)
    elif key := unknown_key(message):
        meant = _key(schema, key.type_name, key.name, _node_of(key.value), is_json=True)
    elif (member := unknown_member(message)) and (found := _member(schema, member.type_name, member.name)):
        meant = json.dumps(found)
    return f" Write `{meant}`." if meant else ""


def _unknown_argument(schema: GraphQLSchema, error: GraphQLError) -> str | None:
    """`by: {slug: "x"}` for `slug: "x"`, and `first: 5` for `limit: 5`."""
    found, node = unknown_argument(error), error.nodes[0] if error.nodes else None
    if found is None or not isinstance(node, ArgumentNode):
        return None
    field = getattr(schema.type_map.get(found.type_name), "fields", {}).get(found.field_name)
    written = field and _argument(field, node)
    if written == f"after: {_CUT}":
        return f"`{written}`, with the `endCursor` of the page before"
    return f"`{written}`" if written else None


def _argument(field: GraphQLField, node: ArgumentNode) -> str | None:
    """The argument as the field has it; None if it has nothing like it."""
    name = node.name.value
    known = name if name in field.args else called_here(name, field.args)
    if known == "after" and not isinstance(node.value, StringValueNode | VariableNode):
        return f"after: {_CUT}"  # there are no pages with numbers
    if known is not None:
        return f"{known}: {_text(_fitted(field.args[known].type, node.value))}"
    for argument, definition in field.args.items():
        wanted = get_named_type(definition.type)
        if isinstance(wanted, GraphQLInputObjectType):
            key = name if name in wanted.fields else called_here(name, wanted.fields)
            if key is not None:
                return f"{argument}: {{{key}: {_text(_fitted(wanted.fields[key].type, node.value))}}}"
    return None


def _unknown_field(schema: GraphQLSchema, error: GraphQLError) -> str | None:
    """`topics { name }` for `tags`, `nodes { title }` for `title` of a list, and `nodes` for `items`."""
    found, node = unknown_field(error), error.nodes[0] if error.nodes else None
    if found is None or not isinstance(node, FieldNode):
        return None
    fields: Mapping[str, GraphQLField] = getattr(schema.type_map.get(found.type_name), "fields", {})
    for inner in ("nodes", "node"):  # of a connection, of an edge
        if inner in fields:
            entry = _fields_of(fields[inner])
            if found.name in entry:
                return f"`{inner} {{ {_field(found.name, entry[found.name], node)} }}`"
    if (name := called_here(found.name, fields)) is not None:
        return f"`{_field(name, fields[name], node)}`"
    for inner in ("nodes", "node"):
        entry = _fields_of(fields[inner]) if inner in fields else {}
        if (name := called_here(found.name, entry)) is not None:
            return f"`{inner} {{ {_field(name, entry[name], node)} }}`"
    if found.name in ("nodes", "edges") and node.selection_set:  # of a list that is no connection
        return f"`{_selected(node.selection_set)}` without `{found.name}`"
    return None


def _field(name: str, definition: GraphQLField, node: FieldNode) -> str:
    """The field, with the arguments and the selection of one that was written in its place."""
    arguments = [_argument(definition, argument) for argument in node.arguments or ()]
    given = f"({', '.join(filter(None, arguments))})" if any(arguments) else ""
    if is_leaf_type(get_named_type(definition.type)):
        return name + given
    fields = _fields_of(definition)
    if not node.selection_set:
        return f"{name}{given} {_some_of(fields)}"
    selected = _in_one_line(node.selection_set)
    names = {each.name.value for each in node.selection_set.selections if isinstance(each, FieldNode)}
    return f"{name}{given} {selected if names & set(fields) or 'nodes' not in fields else f'{{ nodes {selected} }}'}"


def _fields_of(definition: GraphQLField) -> Mapping[str, GraphQLField]:
    fields: Mapping[str, GraphQLField] = getattr(get_named_type(definition.type), "fields", {})
    return fields


def _some_of(fields: Mapping[str, GraphQLField]) -> str:
    """A selection of these fields, in the place of none."""
    if "nodes" in fields:
        return f"{{ nodes {_some_of(_fields_of(fields['nodes']))} }}"
    return f"{{ {next((name for name in _SHOWN if name in fields), _CUT)} }}"


def _selected(selection_set: SelectionSetNode) -> str:
    """What is selected in it, or in the nodes of edges."""
    first, *others = selection_set.selections
    if isinstance(first, FieldNode) and first.name.value == "node" and first.selection_set and not others:
        return _selected(first.selection_set)
    return _in_one_line(selection_set).removeprefix("{ ").removesuffix(" }")


def _no_selection(schema: GraphQLSchema, error: GraphQLError) -> str | None:
    """`articles { nodes { title } }` for `articles`."""
    found = no_selection(error)
    fields = getattr(schema.type_map.get(found.type_name), "fields", {}) if found else {}
    return f"`{found.name} {_some_of(fields)}`" if found and {"nodes", *_SHOWN} & set(fields) else None


def _wanted_object(schema: GraphQLSchema, error: GraphQLError) -> str | None:
    """`{title: {eq: "x"}}` for `{title: "x"}`, in the query or in a variable."""
    found = wanted_object(error.message)
    if found is None:
        return None
    if found.place is not None:
        written = _object(schema, found.type_name, _name_of(found.place), _node_of(found.value), is_json=True)
        return written and f"`{written}`"
    node = error.nodes[0] if error.nodes else None
    if not isinstance(node, ValueNode) or node.loc is None:
        return None
    before = _NAME_BEFORE.search(node.loc.source.body[: node.loc.start])
    written = _object(schema, found.type_name, before and before[1], node, is_json=False)
    return written and f"`{written}`"


def _unknown_key(schema: GraphQLSchema, error: GraphQLError) -> str | None:
    """`topics: {some: {name: {eq: "x"}}}` for `tags: "x"`, in the query or in a variable."""
    found, node = unknown_key(error.message), error.nodes[0] if error.nodes else None
    if found is None:
        return None
    given = _node_of(found.value) if found.is_in_variable else node
    written = _key(schema, found.type_name, found.name, given, is_json=found.is_in_variable)
    return written and f"`{written}`"


def _unknown_member(schema: GraphQLSchema, error: GraphQLError) -> str | None:
    """`DESC` for `descending` or `"DESC"`."""
    found = unknown_member(error.message)
    member = found and _member(schema, found.type_name, found.name)
    if found is None or member is None:
        return None
    return f"`{json.dumps(member) if found.is_in_variable else member}`"


_HINTS: tuple[Callable[[GraphQLSchema, GraphQLError], str | None], ...] = (
    _unknown_argument,
    _unknown_field,
    _no_selection,
    _wanted_object,
    _unknown_key,
    _unknown_member,
)


def _name_of(place: str) -> str | None:
    found = _NAME_AT_THE_END.search(place)
    return found and found[1]


def _object(schema: GraphQLSchema, type_name: str, name: str | None, value: ValueNode, *, is_json: bool) -> str | None:
    """The object of this type that says the value, as the value of the field with this name."""
    wanted = schema.type_map.get(type_name)
    if not isinstance(wanted, GraphQLInputObjectType):
        return None
    ordered = _ordered(wanted, value)
    found = ordered or _compared(wanted, value)
    if found is None:
        return None
    text = _text(found, is_json=is_json)
    if name is None or name == "filter" or ordered:  # of an argument
        return text
    return f"{{{json.dumps(name) if is_json else name}: {text}}}"


def _key(schema: GraphQLSchema, type_name: str, name: str, given: Node | None, *, is_json: bool) -> str | None:
    """What is called otherwise in this type, with its value, where that or the object that holds it is given."""
    wanted = schema.type_map.get(type_name)
    known = called_here(name, wanted.fields) if isinstance(wanted, GraphQLInputObjectType) else None
    if known is None or not isinstance(wanted, GraphQLInputObjectType):
        return None
    fields = given.fields if isinstance(given, ObjectValueNode) else (given,)
    value = next(
        (each.value for each in fields if isinstance(each, ObjectFieldNode) and each.name.value == name), _cut()
    )
    text = _text(_fitted(wanted.fields[known].type, value), is_json=is_json)
    return f"{json.dumps(known) if is_json else known}: {text}"


def _member(schema: GraphQLSchema, type_name: str, name: str) -> str | None:
    wanted = schema.type_map.get(type_name)
    return called_here(name, wanted.values) if isinstance(wanted, GraphQLEnumType) else None


# Values as the schema wants them


def _fitted(wanted: Any, node: ValueNode) -> ValueNode:
    """The value made one of this type, as far as it is known what was meant."""
    wanted = get_nullable_type(wanted)
    if isinstance(node, VariableNode) or _is_cut(node):
        return node
    if isinstance(wanted, GraphQLList):
        if isinstance(node, ListValueNode):
            return ListValueNode(values=tuple(_fitted(wanted.of_type, each) for each in node.values))
        return _fitted(wanted.of_type, node)
    if isinstance(wanted, GraphQLEnumType) and isinstance(node, StringValueNode | EnumValueNode):
        member = node.value if node.value in wanted.values else called_here(node.value, wanted.values)
        return EnumValueNode(value=member) if member else node
    if not isinstance(wanted, GraphQLInputObjectType):
        return node
    if isinstance(node, ObjectValueNode):
        return ObjectValueNode(fields=tuple(_fitted_field(wanted, field) for field in node.fields))
    return _ordered(wanted, node) or _compared(wanted, node) or node


def _fitted_field(wanted: GraphQLInputObjectType, field: ObjectFieldNode) -> ObjectFieldNode:
    name = field.name.value
    known = name if name in wanted.fields else called_here(name, wanted.fields)
    return field if known is None else _one(known, _fitted(wanted.fields[known].type, field.value)).fields[0]


def _compared(wanted: GraphQLInputObjectType, node: ValueNode) -> ObjectValueNode | None:
    """`{eq: "x"}` or `{in: ["x"]}`, of the thing itself or of its name."""
    operator = "in" if isinstance(node, ListValueNode) else "eq"
    if operator in wanted.fields:
        return _one(operator, _fitted(wanted.fields[operator].type, node))
    for name in ("some", "name"):
        inner = get_named_type(wanted.fields[name].type) if name in wanted.fields else None
        if isinstance(inner, GraphQLInputObjectType) and (found := _compared(inner, node)):
            return _one(name, found)
    return None


def _ordered(wanted: GraphQLInputObjectType, node: ValueNode) -> ObjectValueNode | None:
    """`{title: DESC}` for `"-title"` or `title_DESC`."""
    if not isinstance(node, StringValueNode | EnumValueNode) or len(node.value) > _LONGEST_VALUE:
        return None
    said, direction = node.value.lstrip("+-"), "DESC" if node.value.startswith("-") else "ASC"
    for ending, meant in _DIRECTIONS.items():
        if said.lower().endswith(ending):
            said, direction = said[: -len(ending)].rstrip("_:. -"), meant
            break
    name = said if said in wanted.fields else called_here(said, wanted.fields)
    of_order = get_named_type(wanted.fields[name].type) if name else None
    is_order = isinstance(of_order, GraphQLEnumType) and direction in of_order.values
    return _one(name, EnumValueNode(value=direction)) if name and is_order else None


def _one(name: str, value: ValueNode) -> ObjectValueNode:
    return ObjectValueNode(fields=(ObjectFieldNode(name=NameNode(value=name), value=value),))


def _cut() -> ValueNode:
    return EnumValueNode(value=_CUT)


def _is_cut(node: ValueNode) -> bool:
    return isinstance(node, EnumValueNode) and node.value == _CUT


def _node_of(shown: str) -> ValueNode:
    """The value that Python shows so, if all of it is shown."""
    try:
        return _from_python(literal_eval(shown)) if len(shown) <= 10 * _LONGEST_VALUE else _cut()
    except (ValueError, SyntaxError, TypeError):
        return _cut()


def _from_python(value: Any) -> ValueNode:
    match value:
        case None:
            return NullValueNode()
        case bool():
            return BooleanValueNode(value=value)
        case int():
            return IntValueNode(value=str(value))
        case float():
            return FloatValueNode(value=str(value))
        case str():
            return StringValueNode(value=value)
        case list():
            return ListValueNode(values=tuple(map(_from_python, value)))
        case dict():
            fields = [ObjectFieldNode(name=NameNode(value=str(key)), value=_from_python(value[key])) for key in value]
            return ObjectValueNode(fields=tuple(fields))
    raise ValueError


def _text(node: ValueNode, *, is_json: bool = False) -> str:
    """The value as GraphQL or JSON has it; what is long in it is cut."""
    match node:
        case ObjectValueNode():
            fields = [
                f"{json.dumps(field.name.value) if is_json else field.name.value}: {_text(field.value, is_json=is_json)}"
                for field in node.fields
            ]
            return f"{{{_shortened(', '.join(fields), 2)}}}"
        case ListValueNode():
            return f"[{_shortened(', '.join(_text(each, is_json=is_json) for each in node.values))}]"
        case StringValueNode() if is_json:
            return _shortened(json.dumps(node.value, ensure_ascii=False))
        case EnumValueNode() if is_json and not _is_cut(node):
            return json.dumps(node.value)
        case EnumValueNode():
            return node.value
    return _shortened(print_ast(node))


def _in_one_line(node: Node) -> str:
    text = " ".join(print_ast(node).split())
    return text if len(text) <= _LONGEST_VALUE else f"{{ {_CUT} }}"


def _shortened(value: str, times: int = 1) -> str:
    return value if len(value) <= times * _LONGEST_VALUE else _CUT

"""The schema in few words, for language models: a line for each type, and what lists have in common said once."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    Undefined,
    get_named_type,
    is_introspection_type,
    is_specified_scalar_type,
)

from api.adapters.strawberry import is_one_of

_PAGE = ("first", "after", "last", "before")
_LIST = ("filter", "orderBy", *_PAGE)
_OF_EVERY_CONNECTION = {"edges", "nodes", "pageInfo", "totalCount"}
_OF_EVERY_EDGE = {"cursor", "node"}
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_HEAD = """\
# (page) stands for the arguments (first: Int, after: String, last: Int, before: String), (list) for (filter, orderBy, page), where the filter
# and the order are those of the entries: ArticleFilter and [ArticleOrder!] for articles. Outputs are shown without `!`.
# `connection Y of X { … }` has { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes edges { node cursor … } }:
# what its edges have besides stands in the braces. Everything is read-only.
"""


@dataclass(frozen=True, slots=True)
class _Part:
    """A type of the schema."""

    name: str
    line: str
    words: Mapping[str, int]
    """How much each tells of what it is about."""
    notes: Sequence[tuple[str, str]]
    """Its fields with their descriptions."""


def compact_schema(schema: GraphQLSchema) -> str:
    """All of the schema."""
    return _HEAD + "".join(f"{part.line}\n" for part in _parts(schema))


def schema_part(schema: GraphQLSchema, question: str, most: int) -> tuple[str, int]:
    """The root fields and the types that have most to do with the question, in so many characters; how many types are not shown.

    Fields that the question names come with their descriptions, as far as there is room.
    """
    parts = _parts(schema)
    asked = _weights(set(_words(question)), parts)
    ranked = sorted(parts[1:], key=lambda part: -sum(part.words.get(word, 0) * asked[word] for word in asked))
    text, shown = _HEAD, 0
    for part in [parts[0], *ranked]:
        is_meant = part is parts[0] or not asked or any(word in part.words for word in asked)
        if not is_meant or len(text) + len(part.line) >= most:
            continue
        text += f"{part.line}\n"
        shown += 1
        for name, description in part.notes:
            note = f"# {part.name}.{name}: {description}\n"
            if asked.keys() & set(_words(name)) and len(text) + len(note) <= most:
                text += note
    return text, len(parts) - shown


def _weights(words: set[str], parts: Sequence[_Part]) -> Mapping[str, float]:
    """How much each word tells: the more, the fewer types it is about."""
    counts = {word: sum(word in part.words for part in parts) for word in words}
    return {word: math.log(1 + len(parts) / count) for word, count in counts.items() if count}


def _parts(schema: GraphQLSchema) -> list[_Part]:
    """The types, the root of queries first."""
    root = schema.query_type
    types = [found for found in schema.type_map.values() if found is not root and _is_told(found)]
    return [_part(found) for found in ([root, *types] if root else types)]


def _is_told(found: GraphQLNamedType) -> bool:
    if is_introspection_type(found) or is_specified_scalar_type(found) or found.name == "PageInfo":
        return False
    return not (isinstance(found, GraphQLObjectType) and found.fields.keys() >= _OF_EVERY_EDGE)


def _part(found: GraphQLNamedType) -> _Part:
    fields = getattr(found, "fields", {})
    values = found.values if isinstance(found, GraphQLEnumType) else {}
    words: dict[str, int] = {}
    for word in _words(f"{found.description or ''} {' '.join((*fields, *values))}"):
        words[word] = 1
    for word in _words(found.name):
        words[word] = 3
    notes = [(name, field.description) for name, field in fields.items() if field.description]
    return _Part(found.name, _line(found), words, notes)


def _line(found: GraphQLNamedType) -> str:
    match found:
        case GraphQLEnumType():
            return f"enum {found.name} {{ {' '.join(found.values)} }}"
        case GraphQLInputObjectType():
            one_of = " @oneOf" if is_one_of(found) else ""
            told = ", ".join(_input(name, field) for name, field in found.fields.items())
            return f"input {found.name}{one_of} {{ {told} }}"
        case GraphQLObjectType() if found.fields.keys() >= _OF_EVERY_CONNECTION:
            return _connection(found)
        case GraphQLObjectType() | GraphQLInterfaceType():
            kind = "interface" if isinstance(found, GraphQLInterfaceType) else "type"
            interfaces = "".join(f" implements {interface.name}" for interface in found.interfaces)
            return f"{kind} {found.name}{interfaces} {{ {', '.join(_fields(found))} }}"
    return f"scalar {found.name}"


def _connection(found: GraphQLObjectType) -> str:
    edge = get_named_type(found.fields["edges"].type)
    entry = get_named_type(found.fields["nodes"].type).name
    assert isinstance(edge, GraphQLObjectType)
    own = f" {{ {told} }}" if (told := ", ".join(_fields(edge, _OF_EVERY_EDGE))) else ""
    more = ""
    if found.name == f"{entry}Connection":
        more = f" + {told}" if (told := ", ".join(_fields(found, _OF_EVERY_CONNECTION))) else ""
    elif found.fields.keys() - _OF_EVERY_CONNECTION:
        more = f" + as {entry}Connection"
    return f"connection {found.name} of {entry}{own}{more}"


def _fields(found: GraphQLObjectType | GraphQLInterfaceType, but: set[str] | None = None) -> Iterator[str]:
    for name, field in found.fields.items():
        if name not in (but or ()) and not field.deprecation_reason:
            yield f"{name}{_arguments(field)}: {str(field.type).replace('!', '')}"


def _arguments(field: GraphQLField) -> str:
    names = list(field.args)
    is_list = [name for name in names if name in _LIST] == list(_LIST)
    is_page = not is_list and names[-4:] == list(_PAGE)
    common = _LIST if is_list else _PAGE if is_page else ()
    told = [_input(name, argument) for name, argument in field.args.items() if name not in common]
    told += ["list"] if is_list else ["page"] if is_page else []
    return f"({', '.join(told)})" if told else ""


def _input(name: str, given: GraphQLArgument | GraphQLInputField) -> str:
    default = given.default_value
    if default is Undefined or default is None:
        return f"{name}: {given.type}"
    shown = str(getattr(default, "name", default))
    of_type = given.type.of_type if isinstance(given.type, GraphQLNonNull) else given.type
    return f"{name}: {of_type} = {shown.lower() if isinstance(default, bool) else shown}"


def _words(text: str) -> list[str]:
    """The words in names and sentences, without endings of the plural."""
    return [word.lower().removesuffix("s") for word in _WORD.findall(text) if len(word) > 2]

"""The service as a subgraph of Apollo Federation: its schema with keys, and what a gateway asks for beyond it.

https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/reference/subgraph-spec
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Annotated, Any, NewType

import strawberry
from graphql import (
    REMOVE,
    ConstDirectiveNode,
    DirectiveDefinitionNode,
    GraphQLError,
    InputObjectTypeDefinitionNode,
    NameNode,
    ObjectTypeDefinitionNode,
    Visitor,
    VisitorAction,
    parse,
    parse_const_value,
    print_ast,
    visit,
)
from graphql.language import ConstArgumentNode
from strawberry.types.scalar import ScalarDefinition

from api.errors import ErrorCode, RequestError
from api.schema.assembly import build_schema, print_schema
from api.schema.batching import batch_field
from api.schema.context import Context, settle
from api.schema.object_types import Article, Person, Provider, Topic
from api.schema.query import Query
from graph import model
from graph.building.lookups import Lookup
from graph.errors import IdError, UrlError
from graph.problems import quote

ENTITIES_LIMIT = 1_000
"""The most representations in one `_entities` field."""
SPECIFICATION = "https://specs.apollo.dev/federation/v2.3"

_RECORDS: Mapping[str, type[model.Node]] = MappingProxyType(
    {"Article": model.Article, "Provider": model.Provider, "Topic": model.Topic, "Person": model.Person}
)
_LOOKUPS: Mapping[str, Mapping[str, Lookup]] = MappingProxyType(
    {
        "Article": {"url": Lookup.ARTICLE_BY_URL, "slug": Lookup.ARTICLE_BY_SLUG},
        "Provider": {"domain": Lookup.PROVIDER_BY_DOMAIN},
        "Topic": {"slug": Lookup.TOPIC_BY_SLUG},
        "Person": {"slug": Lookup.PERSON_BY_SLUG},
    }
)
"""By type and key; `id` is a key of each."""

Representation = NewType("Representation", dict)  # type: ignore[type-arg]  # whatever a gateway knows of an entity


def _parse_representation(value: object) -> Representation:
    if not isinstance(value, dict) or not isinstance(value.get("__typename"), str):
        raise GraphQLError("A representation is an object with a `__typename` and the fields of a key.")
    return Representation(value)


_ANY: ScalarDefinition = strawberry.scalar(
    name="_Any",
    description="What a gateway knows of an entity: its `__typename` and the fields of a key.",
    parse_value=_parse_representation,
)
_Entity = Annotated[
    Article | Provider | Topic | Person, strawberry.union("_Entity", description="What other subgraphs may refer to.")
]


@dataclass(frozen=True, slots=True)
class ServiceRecord:
    """What stands behind `_service`."""

    sdl: str


@strawberry.type(name="_Service", description="What a gateway is made of.")
class Service:
    sdl: str = strawberry.field(description="The schema of this subgraph, with the keys of its entities.")

    @classmethod
    def is_type_of(cls, record: object, _: object) -> bool:
        return isinstance(record, ServiceRecord)


async def _service(roots: Sequence[None], context: Context) -> list[Any]:
    if not context.settings.shows_schema:
        message = (
            "The service does not tell its schema; `frontgraph schema --federation` prints it for the composition."
        )
        raise RequestError(ErrorCode.INTROSPECTION_DISABLED, message)
    return [ServiceRecord(subgraph_schema())] * len(roots)


async def _entities(
    roots: Sequence[None],
    context: Context,
    *,
    representations: Annotated[
        list[Representation],
        strawberry.argument(description=f"What is known of each entity; at most {ENTITIES_LIMIT:,}."),
    ],
) -> list[Any]:
    if len(representations) > ENTITIES_LIMIT:
        raise IdError(f"`representations` has {len(representations)} entries; give at most {ENTITIES_LIMIT} at a time.")
    return [await _nodes(context, list(map(_key_of, representations)))] * len(roots)


@dataclass(frozen=True, slots=True)
class _Key:
    """What identifies an entity."""

    type_name: str
    lookup: Lookup | None
    """None for an id."""
    value: str


def _key_of(representation: Representation) -> _Key | IdError:
    """The first key of its type, ids before others, that the representation has a text for; an error if it has none."""
    name = representation["__typename"]
    lookups = _LOOKUPS.get(name)
    if lookups is None:
        return IdError(f"{quote(name)} is no entity of this service; {', '.join(_LOOKUPS)} are.")
    keys: dict[str, Lookup | None] = {"id": None, **lookups}
    for key, lookup in keys.items():
        if isinstance(value := representation.get(key), str):
            return _Key(name, lookup, value)
    return IdError(f"A representation of {name} needs one of the keys {', '.join(keys)}, as a text.")


async def _nodes(context: Context, keys: Sequence[_Key | IdError]) -> list[Any]:
    """The node of each key, None for one that the graph does not hold; what is wrong in place of a wrong one.

    One read of the store for each kind of key, however many there are.
    """
    wanted: defaultdict[Lookup | None, dict[str, Any]] = defaultdict(dict)
    for key in keys:
        if isinstance(key, _Key):
            wanted[key.lookup][key.value] = None
    for lookup, found in wanted.items():
        found.update(zip(found, await _found(context, lookup, list(found)), strict=True))
    nodes = [wanted[key.lookup][key.value] if isinstance(key, _Key) else key for key in keys]
    return [node if _fits(key, node) else None for key, node in zip(keys, nodes, strict=True)]


async def _found(
    context: Context, lookup: Lookup | None, values: Sequence[str]
) -> Sequence[model.Node | UrlError | None]:
    if lookup is None:
        return await settle(context.reader.nodes(values))
    try:
        return await settle(context.reader.find(lookup, values))
    except UrlError as cause:
        if len(values) == 1:
            return [cause]
        return [node for value in values for node in await _found(context, lookup, [value])]


def _fits(key: _Key | IdError, node: object) -> bool:
    """An id may be that of a node of another type."""
    return isinstance(node, IdError | UrlError) or (isinstance(key, _Key) and isinstance(node, _RECORDS[key.type_name]))


@strawberry.type(name="Query")
class FederatedQuery(Query):
    service: Service = batch_field(_service, name="_service", description="What a gateway is made of.")
    entities: list[_Entity | None] = batch_field(
        _entities,
        name="_entities",
        description="The entity that each representation stands for, in their order; null for each that the graph does not hold.",
    )


@cache
def federated_schema() -> strawberry.Schema:
    """The service's own schema with the fields that a gateway asks for."""
    return build_schema(query=FederatedQuery, scalars={Representation: _ANY})


@cache
def subgraph_schema() -> str:
    """The service's own schema with the keys of its entities, as gateways are composed of it."""
    marked = visit(parse(print_schema()), _Marking())
    link = f'extend schema @link(url: "{SPECIFICATION}", import: ["@key", "@shareable"])'
    return f"{link}\n\n{print_ast(marked)}\n"


class _Marking(Visitor):
    """Adds keys, and takes away `@oneOf`, which compositions do not know; the service itself still sees to it."""

    def leave_directive_definition(self, node: DirectiveDefinitionNode, *_: Any) -> VisitorAction:
        return REMOVE if node.name.value == "oneOf" else None

    def leave_object_type_definition(self, node: ObjectTypeDefinitionNode, *_: Any) -> ObjectTypeDefinitionNode | None:
        name = node.name.value
        if name in _LOOKUPS:
            added = [_directive("key", fields=key) for key in ("id", *_LOOKUPS[name])]
        elif name == "PageInfo":  # which other subgraphs with connections have, too
            added = [_directive("shareable")]
        else:
            return None
        marked: ObjectTypeDefinitionNode = _with_directives(node, (*(node.directives or ()), *added))
        return marked

    def leave_input_object_type_definition(
        self, node: InputObjectTypeDefinitionNode, *_: Any
    ) -> InputObjectTypeDefinitionNode | None:
        kept = tuple(found for found in node.directives or () if found.name.value != "oneOf")
        unmarked: InputObjectTypeDefinitionNode = _with_directives(node, kept)
        return unmarked


def _directive(name: str, **arguments: str) -> ConstDirectiveNode:
    given = tuple(
        ConstArgumentNode(name=NameNode(value=key), value=parse_const_value(f'"{value}"'))
        for key, value in arguments.items()
    )
    return ConstDirectiveNode(name=NameNode(value=name), arguments=given)


def _with_directives(node: Any, directives: Sequence[ConstDirectiveNode]) -> Any:
    return type(node)(**{key: getattr(node, key) for key in node.keys if key != "directives"}, directives=directives)

"""Trusted documents as tools: where a service answers these operations alone, they are what a model can call."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    VariableDefinitionNode,
    parse,
    type_from_ast,
    value_from_ast_untyped,
)
from graphql import GraphQLList as ListType
from graphql import GraphQLNonNull as NonNull

from api.mcp.answers import fitting
from api.mcp.asking import Asker
from api.mcp.tools import Arguments, JsonSchema, Tool, answer_of
from graph.context_packs.pack import DEFAULT_TOKENS

_SCALARS = {"Int": "integer", "Float": "number", "String": "string", "ID": "string", "Boolean": "boolean"}
_UNFIT = re.compile(r"[^A-Za-z0-9_-]+")
_LONGEST_NAME = 64


def tools_of(documents: Mapping[str, str], schema: GraphQLSchema) -> Sequence[Tool]:
    """A tool for each query in the documents, which are texts by their ids; what is no valid document gives none."""
    found: dict[str, Tool] = {}
    for document_id, text in documents.items():
        for tool in _tools(document_id, text, schema):
            found.setdefault(tool.name, tool)
    return list(found.values())


def _tools(document_id: str, text: str, schema: GraphQLSchema) -> list[Tool]:
    try:
        definitions = parse(text).definitions
    except GraphQLError:
        return []
    return [
        _tool(document_id, text, definition, schema)
        for definition in definitions
        if isinstance(definition, OperationDefinitionNode) and definition.operation is OperationType.QUERY
    ]


def _tool(document_id: str, text: str, operation: OperationDefinitionNode, schema: GraphQLSchema) -> Tool:
    name = operation.name.value if operation.name else None
    variables = {variable.variable.name.value: variable for variable in operation.variable_definitions or ()}
    required = [key for key, variable in variables.items() if _is_required(variable)]
    described = getattr(operation, "description", None)

    async def run(asker: Asker, arguments: Arguments) -> str:
        given = {key: value for key, value in arguments.items() if key in variables}
        tokens = arguments.get("tokens", DEFAULT_TOKENS)
        return fitting(await answer_of(asker, text, given, name), tokens if isinstance(tokens, int) else DEFAULT_TOKENS)

    return Tool(
        _UNFIT.sub("_", name or document_id)[:_LONGEST_NAME],
        described.value
        if described
        else f"Answers the operation {name or document_id}, which the service's operator chose.",
        {key: _schema_of(variable, schema) for key, variable in variables.items()},
        required,
        run,
    )


def _is_required(variable: VariableDefinitionNode) -> bool:
    return variable.type.kind == "non_null_type" and variable.default_value is None


def _schema_of(variable: VariableDefinitionNode, schema: GraphQLSchema) -> JsonSchema:
    told = _json_type(type_from_ast(schema, variable.type))
    if variable.default_value is not None:
        told["default"] = value_from_ast_untyped(variable.default_value)
    return told


def _json_type(of_type: Any) -> JsonSchema:
    match of_type:
        case NonNull():
            return _json_type(of_type.of_type)
        case ListType():
            return {"type": "array", "items": _json_type(of_type.of_type)}
        case GraphQLEnumType():
            return {"type": "string", "enum": list(of_type.values)}
        case GraphQLInputObjectType():
            return {"type": "object", "description": f"{of_type.name}: {of_type.description or ''}".strip()}
    kind = _SCALARS.get(getattr(of_type, "name", ""))
    return {"type": kind} if kind else {"description": getattr(of_type, "description", None) or "Any value."}

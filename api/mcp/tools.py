"""The tools: what each is for, what it takes, and the operations that it asks."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias

from api.errors import ErrorCode, RequestError
from api.mcp.answers import AnswerError, fitting
from api.mcp.asking import Asker
from api.mcp.cheaper import cheaper_query
from api.names import article_keys
from api.schema.compact import schema_part
from api.schema.enums import Direction, EdgeKind, GroupKey, NodeKind, TimeInterval, TrendKind, TrendWindow
from graph.context_packs.budget import BYTES_PER_TOKEN, shortened
from graph.context_packs.pack import DEFAULT_TOKENS, LEAST_TOKENS, MOST_TOKENS
from graph.links import is_node_id
from graph.problems import quote

Arguments: TypeAlias = Mapping[str, Any]
JsonSchema: TypeAlias = dict[str, Any]

_MOST_MESSAGES = 5
_MOST_FIELDS = 10
"""Of which a refusal tells the cost."""


@dataclass(frozen=True, slots=True)
class Tool:
    """Something that a model can call."""

    name: str
    description: str
    parameters: Mapping[str, JsonSchema]
    required: Sequence[str]
    run: Callable[[Asker, Arguments], Awaitable[str]]

    @property
    def input_schema(self) -> JsonSchema:
        """Of all its arguments, in JSON schema."""
        return {
            "type": "object",
            "properties": {**self.parameters, "tokens": TOKENS},
            "required": list(self.required),
            "additionalProperties": False,
        }


TOKENS: JsonSchema = {
    "type": "integer",
    "minimum": LEAST_TOKENS,
    "maximum": MOST_TOKENS,
    "default": DEFAULT_TOKENS,
    "description": "The most that the answer may have: an estimate, four bytes to a token. What has no room is told.",
}


def _text(description: str) -> JsonSchema:
    return {"type": "string", "description": description}


def _number(description: str, default: int, least: int, most: int) -> JsonSchema:
    return {"type": "integer", "description": description, "default": default, "minimum": least, "maximum": most}


def _one_of(members: type[Enum], description: str) -> JsonSchema:
    return {"type": "string", "enum": [member.name for member in members], "description": description}


def _some_of(members: type[Enum], description: str) -> JsonSchema:
    return {
        "type": "array",
        "items": {"type": "string", "enum": [member.name for member in members]},
        "description": description,
    }


_FIRST = _number("At most this many.", 10, 1, 100)
_FILTER: JsonSchema = {
    "type": "object",
    "description": 'An `ArticleFilter` of the GraphQL schema, such as {"publishedDateTime": {"gte": "2024-01-01T00:00:00Z"}, '
    '"topics": {"some": {"name": {"eq": "AI"}}}, "provider": {"domain": {"eq": "x.example"}}}.',
}
_ARTICLE = _text("Its id, slug, path or URL.")
_NODE = _text("An id; or an article's slug, path or URL, a topic's or person's name, a provider's domain.")
_HUBS: JsonSchema = {"type": "boolean", "default": False, "description": "Whether to go on from hubs."}

_SHOWN = "fragment a on Article { id title url publishedDateTime provider { name } }"
_NAMED = "fragment n on Node { __typename id label }"


async def answer_of(
    asker: Asker, query: str, variables: Arguments, name: str | None = None, *, explains: bool = False
) -> dict[str, Any]:
    """The `data` of an operation, with its `hints`, its explanation if one is asked for, and with its `errors` if only a part of it failed.

    Raises:
        AnswerError: nothing of it could be answered.
    """
    response = await asker.ask(query, variables, name, explains=explains)
    errors = response.get("errors") or []
    data = response.get("data")
    extensions = response.get("extensions") or {}
    hints, explanation = extensions.get("hints") or [], extensions.get("explain")
    if errors and not any(value is not None for value in (data or {}).values()):
        raise AnswerError(await _told(asker, query, errors, hints, explanation))
    answered = {"data": data}
    if explanation:
        answered["explain"] = explanation
    if hints:
        answered["hints"] = [hint.get("message") for hint in hints]
    if errors:
        answered["errors"] = [error.get("message") for error in errors]
    return answered


async def _told(
    asker: Asker,
    query: str,
    errors: Sequence[Arguments],
    hints: Sequence[Arguments],
    explanation: Arguments | None,
) -> str:
    """What is wrong, and what to do about it."""
    lines = [str(error.get("message")) for error in errors[:_MOST_MESSAGES]]
    lines += [str(hint.get("message")) for hint in hints[:_MOST_MESSAGES]]
    if explanation:
        dearest = sorted(explanation["cost"]["fields"], key=lambda field: -field["cost"])[:_MOST_FIELDS]
        lines.append("Cost by field: " + ", ".join(f"{field['path']} {field['cost']:,.0f}" for field in dearest) + ".")
    codes = {(error.get("extensions") or {}).get("code") for error in errors}
    if ErrorCode.QUERY_TOO_EXPENSIVE.value in codes:
        with suppress(RequestError):  # a schema that is not shown is not told of here either
            if cheaper := cheaper_query(query, await asker.schema()):
                lines.append(f"A cheaper query, with at most five entries of each list:\n{cheaper}")
    if ErrorCode.GRAPHQL_VALIDATION_FAILED.value in codes:
        lines.append("The tool `schema` tells what there is for a question.")
    return "\n".join(lines)


async def _fit(asker: Asker, query: str, variables: Arguments, arguments: Arguments) -> str:
    return fitting(await answer_of(asker, query, variables), arguments.get("tokens", DEFAULT_TOKENS))


def _given(arguments: Arguments, *names: str) -> dict[str, Any]:
    return {name: arguments[name] for name in names if name in arguments}


async def node_id(asker: Asker, name: str, articles_alone: bool = False) -> str:
    """The id of what somebody names in one word.

    Raises:
        AnswerError: there is no such thing; the nearest names are told.
    """
    if is_node_id(name):
        return name
    fields = [f"{key}: article(by: {{ {key}: $name }}) {{ ...n }}" for key in article_keys(name)]
    if not articles_alone:
        fields += [
            "topic(by: { name: $name }) { ...n }",
            "provider(by: { domain: $name }) { ...n }",
            "person(by: { name: $name }) { ...n }",
        ]
    response = await asker.ask(f"query Name($name: String!) {{ {' '.join(fields)} }} {_NAMED}", {"name": name})
    if found := next(filter(None, (response.get("data") or {}).values()), None):
        return str(found["id"])
    if not response.get("data") and (errors := response.get("errors")):
        raise AnswerError(str(errors[0].get("message")))
    hints = (response.get("extensions") or {}).get("hints") or []
    nearest = dict.fromkeys(near for hint in hints for near in hint.get("nearest", ()))
    meant = f"; the nearest names: {', '.join(map(quote, nearest))}" if nearest else ""
    kinds = "article" if articles_alone else "article, topic, provider or person"
    raise AnswerError(f"There is no {kinds} {quote(name)}{meant}. The tool `search` finds things by words.")


def _held(data: Mapping[str, Any], what: str, name: str) -> None:
    """Does nothing if the one field of the data has something.

    Raises:
        AnswerError: it has not.
    """
    if not next(iter(data.values())):
        raise AnswerError(f"{quote(name)} is no {what} of this graph. The tool `search` finds things by words.")


# The tools


async def _search(asker: Asker, arguments: Arguments) -> str:
    query = (
        "query Search($query: String!, $kinds: [NodeKind!], $filter: ArticleFilter, $first: Int!, $after: String)"
        " { search(query: $query, kinds: $kinds, filter: $filter, first: $first, after: $after) { totalCount pageInfo { hasNextPage"
        " endCursor } edges { score highlights { field parts { text isMatch } } node { ...n ... on Article { url publishedDateTime"
        f" provider {{ name }} excerpt }} }} }} }} }} {_NAMED}"
    )
    answered = await answer_of(
        asker, query, {"first": 10, **_given(arguments, "query", "kinds", "filter", "first", "after")}
    )
    for edge in answered["data"]["search"]["edges"]:
        edge["highlights"] = {
            highlight["field"]: "".join(
                f"**{part['text']}**" if part["isMatch"] else part["text"] for part in highlight["parts"]
            )
            for highlight in edge["highlights"]
        }
    return fitting(answered, arguments.get("tokens", DEFAULT_TOKENS))


async def _read(asker: Asker, arguments: Arguments) -> str:
    return await context_of(asker, arguments["article"], arguments.get("tokens", DEFAULT_TOKENS))


async def context_of(asker: Asker, name: str, tokens: int) -> str:
    """The context pack of the article that is called this.

    Raises:
        AnswerError: there is no such article.
    """
    query = "query Read($id: ID!, $tokens: Int!) { article(by: { id: $id }) { context(tokens: $tokens) { markdown } } }"
    article = await node_id(asker, name, articles_alone=True)
    data = (await answer_of(asker, query, {"id": article, "tokens": tokens}))["data"]
    _held(data, "article", name)
    return str(data["article"]["context"]["markdown"])


_RELATIONS = {
    "related": "related(first: $first) { totalCount edges { rank direction node { ...a } } }",
    "links": "links(first: $first) { totalCount edges { text node { ...a } } }",
    "backlinks": "backlinks(first: $first) { totalCount edges { text node { ...a } } }",
    "topics": "relatedByTopic(first: $first) { totalCount edges { score sharedTopics { name } node { ...a } } }",
    "words": "similar(first: $first) { totalCount edges { score sharedTerms node { ...a } } }",
    "series": "series { name } partOf { ...a } previous { ...a } next { ...a } parts(first: $first) { totalCount nodes { ...a } }",
    "translations": "translations { language ...a }",
}


async def _related(asker: Asker, arguments: Arguments) -> str:
    wanted = arguments.get("by") or list(_RELATIONS)
    fields = " ".join(field for name, field in _RELATIONS.items() if name in wanted)
    needs_first = "$first" in fields
    query = f"query Related($id: ID!{', $first: Int!' if needs_first else ''}) {{ article(by: {{ id: $id }}) {{ ...a {fields} }} }} {_SHOWN}"
    article = await node_id(asker, arguments["article"], articles_alone=True)
    variables = {"id": article, **({"first": arguments.get("first", 5)} if needs_first else {})}
    answered = await answer_of(asker, query, variables)
    _held(answered["data"], "article", arguments["article"])
    return fitting(answered, arguments.get("tokens", DEFAULT_TOKENS))


async def _neighborhood(asker: Asker, arguments: Arguments) -> str:
    query = (
        "query Around($id: ID!, $depth: Int!, $limitPerNode: Int!, $edgeKinds: [EdgeKind!], $direction: Direction!,"
        " $throughHubs: Boolean!, $filter: ArticleFilter) { neighborhood(id: $id, depth: $depth, limitPerNode: $limitPerNode,"
        " edgeKinds: $edgeKinds, direction: $direction, throughHubs: $throughHubs, filter: $filter) { nodes { distance node { ...n } }"
        f" edges {{ kind source {{ id }} target {{ id }} }} skippedHubs {{ ...n }} truncated }} }} {_NAMED}"
    )
    variables = {
        "id": await node_id(asker, arguments["node"]),
        "depth": 1,
        "limitPerNode": 10,
        "direction": "ANY",
        "throughHubs": False,
        **_given(arguments, "depth", "limitPerNode", "edgeKinds", "direction", "throughHubs", "filter"),
    }
    return await _fit(asker, query, variables, arguments)


async def _path(asker: Asker, arguments: Arguments) -> str:
    query = (
        "query Path($from: ID!, $to: ID!, $first: Int!, $throughHubs: Boolean!) { paths(from: $from, to: $to, first: $first,"
        " throughHubs: $throughHubs) { noPathReason paths { length nodes { ...n } edges { kind direction explanation } }"
        f" skippedHubs {{ ...n }} }} }} {_NAMED}"
    )
    variables = {
        "from": await node_id(asker, arguments["from"]),
        "to": await node_id(asker, arguments["to"]),
        "first": 1,
        "throughHubs": False,
        **_given(arguments, "first", "throughHubs"),
    }
    return await _fit(asker, query, variables, arguments)


_STORY = (
    "fragment s on Story { id headline articleCount providerCount firstPublished lastPublished"
    " articles(first: $first) { totalCount nodes { ...a excerpt } } providers(first: $first) { edges { articleCount node { name domain } } }"
    f" topics(first: $first) {{ edges {{ articleCount node {{ name }} }} }} }} {_SHOWN}"
)


async def _story(asker: Asker, arguments: Arguments) -> str:
    first = arguments.get("first", 10)
    name = arguments.get("story")
    if name is None:
        query = (
            "query Stories($first: Int!) { stories(first: $first) { totalCount nodes { id headline articleCount providerCount"
            " firstPublished lastPublished } } }"
        )
        return await _fit(asker, query, {"first": first}, arguments)
    query = f"query Story($id: ID!, $first: Int!) {{ node(id: $id) {{ ...s ... on Article {{ story {{ ...s }} }} }} }} {_STORY}"
    story = await node_id(asker, name, articles_alone=True)
    answered = await answer_of(asker, query, {"id": story, "first": first})
    _held(answered["data"], "story or article", name)
    node = answered["data"]["node"]
    if "story" in node and node["story"] is None:
        raise AnswerError(f"{quote(name)} is part of no story: it is related to no other article by time and words.")
    return fitting({"data": {"story": node.get("story") or node}}, arguments.get("tokens", DEFAULT_TOKENS))


async def _trending(asker: Asker, arguments: Arguments) -> str:
    query = (
        "query Trending($kind: TrendKind!, $window: TrendWindow!, $until: DateTime, $first: Int!, $filter: ArticleFilter)"
        " { trending(kind: $kind, window: $window, until: $until, first: $first, filter: $filter) { score count previousCounts"
        f" node {{ ...n }} }} }} {_NAMED}"
    )
    variables = {
        "kind": "TOPIC",
        "window": "WEEK",
        "first": 10,
        **_given(arguments, "kind", "window", "until", "first", "filter"),
    }
    return await _fit(asker, query, variables, arguments)


async def _aggregate(asker: Asker, arguments: Arguments) -> str:
    variables = _given(arguments, "filter")
    declared, groups = "$filter: ArticleFilter", ""
    if "by" in arguments:
        given = {"first": 20, **_given(arguments, "by", "interval", "timeZone", "path", "first")}
        types = {
            "by": "GroupKey!",
            "interval": "TimeInterval!",
            "timeZone": "String!",
            "path": "String",
            "first": "Int",
        }
        declared += "".join(f", ${name}: {types[name]}" for name in given)
        taken = ", ".join(f"{'key' if name == 'by' else name}: ${name}" for name in given)
        groups = f"groupBy({taken}) {{ key count node {{ id }} }}"
        variables |= given
    query = (
        f"query Count({declared}) {{ articles(filter: $filter, first: 0) {{ totalCount aggregate {{ providerCount topicCount personCount"
        f" firstPublished lastPublished quality {{ count min avg max }} heat {{ count min avg max }} }} {groups} }} }}"
    )
    return await _fit(asker, query, variables, arguments)


async def _graphql(asker: Asker, arguments: Arguments) -> str:
    answered = await answer_of(
        asker,
        arguments["query"],
        arguments.get("variables") or {},
        arguments.get("operationName"),
        explains=arguments.get("explain", False),
    )
    return fitting(answered, arguments.get("tokens", DEFAULT_TOKENS))


async def _schema(asker: Asker, arguments: Arguments) -> str:
    room = arguments.get("tokens", DEFAULT_TOKENS) * BYTES_PER_TOKEN
    text, left_out = schema_part(await asker.schema(), arguments.get("question", ""), room - 100)
    told = f"# Left out: {left_out} types; ask with other words, or give more `tokens`.\n" if left_out else ""
    return shortened(text + told, room)


TOOLS: Sequence[Tool] = (
    Tool(
        "search",
        "Finds articles, topics, providers, persons and stories by words, the best first, with where they match.",
        {
            "query": _text("Words, all of which must occur; “phrases” in double quotes; word* for a beginning."),
            "kinds": _some_of(NodeKind, "What to search for; everything if left out."),
            "filter": _FILTER,
            "first": _FIRST,
            "after": _text("The `endCursor` of the page before."),
        },
        ("query",),
        _search,
    ),
    Tool(
        "read",
        "One article as markdown: its facts and sources, its text, and the articles around it with the reasons.",
        {"article": _ARTICLE},
        ("article",),
        _read,
    ),
    Tool(
        "related",
        "The articles that belong to one article, list by list, with the reasons: related lists, links, topics, words, series.",
        {
            "article": _ARTICLE,
            "by": {
                "type": "array",
                "items": {"type": "string", "enum": list(_RELATIONS)},
                "description": "Which lists; all if left out.",
            },
            "first": {**_FIRST, "default": 5, "description": "At most this many of each list."},
        },
        ("article",),
        _related,
    ),
    Tool(
        "neighborhood",
        "The part of the graph around a node, nearest first, with its edges. Hubs, which touch a fifth of all articles, are not passed.",
        {
            "node": _NODE,
            "depth": _number("Steps to go.", 1, 1, 4),
            "limitPerNode": _number("At most this many neighbors of each node.", 10, 1, 100),
            "edgeKinds": _some_of(EdgeKind, "Only edges of these kinds."),
            "direction": _one_of(Direction, "Which way edges are followed; ANY if left out."),
            "throughHubs": _HUBS,
            "filter": _FILTER,
        },
        ("node",),
        _neighborhood,
    ),
    Tool(
        "path",
        "The shortest ways from one node to another, with a sentence for each step.",
        {
            "from": _NODE,
            "to": _NODE,
            "first": _number("At most this many paths.", 1, 1, 20),
            "throughHubs": _HUBS,
        },
        ("from", "to"),
        _path,
    ),
    Tool(
        "story",
        "A story: articles that tell of the same events, who tells it and its topics. Without `story`, the latest stories.",
        {"story": _text("The story's id; or the id, slug, path or URL of one of its articles."), "first": _FIRST},
        (),
        _story,
    ),
    Tool(
        "trending",
        "Topics, providers or stories with more articles in a window of time than the time before lets expect.",
        {
            "kind": _one_of(TrendKind, "TOPIC if left out."),
            "window": _one_of(TrendWindow, "WEEK if left out."),
            "until": _text("Where the window ends, ISO 8601; just after the latest article if left out."),
            "first": _FIRST,
            "filter": _FILTER,
        },
        (),
        _trending,
    ),
    Tool(
        "aggregate",
        "Counts articles: how many pass a filter, of when, and how many in each group.",
        {
            "filter": _FILTER,
            "by": _one_of(GroupKey, "What to group by."),
            "interval": _one_of(TimeInterval, "How long a group by DATE is; MONTH if left out."),
            "timeZone": _text("Of groups by DATE, such as Europe/Berlin."),
            "path": _text("For FRONT_MATTER: the key, such as `series` or `seo.title`."),
            "first": _number("At most this many groups.", 20, 1, 1_000),
        },
        (),
        _aggregate,
    ),
    Tool(
        "graphql",
        "Answers any GraphQL query within the service's limits. Ask `schema` first for what there is.",
        {
            "query": _text("The operation; a query."),
            "variables": {"type": "object", "description": "The values of its variables."},
            "operationName": _text("Which of several operations."),
            "explain": {
                "type": "boolean",
                "default": False,
                "description": "Whether to tell beside the answer what each field cost and what was read; of a query that costs too much, what its fields would cost.",
            },
        },
        ("query",),
        _graphql,
    ),
    Tool(
        "schema",
        "The part of the GraphQL schema that fits a question, in a compact form: root fields, types, filters.",
        {"question": _text("What you want to ask, in words; without it the most general part.")},
        (),
        _schema,
    ),
)

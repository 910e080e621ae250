"""Resources: articles, topics and stories, each by an address of its own."""

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote as quoted
from urllib.parse import unquote

from api.mcp.answers import AnswerError, fitting
from api.mcp.asking import Asker
from api.mcp.tools import answer_of, context_of, node_id
from graph.context_packs.pack import DEFAULT_TOKENS

SCHEME = "frontgraph"
_LISTED = """
query Resources {
  articles(first: 20) { nodes { id label } }
  topics(first: 20, orderBy: [{ articles: { count: DESC } }]) { nodes { id label } }
  stories(first: 20) { nodes { id label } }
}
"""
_TOPIC = """
query Topic($id: ID!) {
  node(id: $id) { ... on Topic { id name description aliases parent { id name } children { id name }
    articles(first: 20) { totalCount nodes { id title url publishedDateTime provider { name } } }
    topics(first: 10) { edges { articleCount node { id name } } } } }
}
"""
_STORY = """
query Story($id: ID!) {
  node(id: $id) { ... on Story { id headline articleCount providerCount firstPublished lastPublished
    articles(first: 20) { totalCount nodes { id title url publishedDateTime excerpt provider { name } } } } }
}
"""


class Listed(NamedTuple):
    """A resource, or a template of resources."""

    address: str
    name: str
    description: str
    media_type: str


TEMPLATES = (
    Listed(
        f"{SCHEME}://article/{{article}}",
        "article",
        "An article and what surrounds it, by its id, slug, path or URL (percent-encoded).",
        "text/markdown",
    ),
    Listed(f"{SCHEME}://topic/{{topic}}", "topic", "A topic with its articles, by its id or name.", "application/json"),
    Listed(f"{SCHEME}://story/{{story}}", "story", "A story with its articles, by its id.", "application/json"),
)


async def listed(asker: Asker) -> Sequence[Listed]:
    """The newest articles, the largest topics and the latest stories."""
    data = (await answer_of(asker, _LISTED, {}))["data"]
    return [
        Listed(f"{SCHEME}://{template.name}/{quoted(node['id'], safe='')}", node["label"], "", template.media_type)
        for template, field in zip(TEMPLATES, ("articles", "topics", "stories"), strict=True)
        for node in data[field]["nodes"]
    ]


async def read(asker: Asker, address: str) -> tuple[str, str]:
    """The text of a resource with its media type.

    Raises:
        AnswerError: there is none at this address.
    """
    kind, _, name = address.removeprefix(f"{SCHEME}://").partition("/")
    name = unquote(name)
    if not address.startswith(f"{SCHEME}://") or kind not in ("article", "topic", "story") or not name:
        known = ", ".join(template.address for template in TEMPLATES)
        raise AnswerError(f"There is no resource {address[:200]}; there are {known}.")
    if kind == "article":
        return await context_of(asker, name, DEFAULT_TOKENS), "text/markdown"
    query = _TOPIC if kind == "topic" else _STORY
    answered = await answer_of(asker, query, {"id": await node_id(asker, name)})
    if not answered["data"]["node"]:
        raise AnswerError(f"There is no {kind} {name[:200]}.")
    return fitting(answered, DEFAULT_TOKENS), "application/json"

"""What every client of GraphQL asks in turn of the same service on `tests/blog`, and what it has to be told.

An operation has a name, by which clients that generate code know it. What clients add of their own, `__typename`, is left out of the
comparison. Where an error is expected, its code is compared, not the data: some clients hand on none then.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Operation:
    name: str
    text: str


@dataclass(frozen=True)
class Step:
    """One operation with its answer."""

    operation: Operation
    variables: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] | None = None
    """None where an error is expected."""
    code: str | None = None
    """Of the only error."""


def _page(titles: list[str], has_next: bool) -> Mapping[str, Any]:
    return {"articles": {"nodes": [{"title": title} for title in titles], "pageInfo": {"hasNextPage": has_next}}}


FIRST = Operation("First", "query First { topics(first: 1, orderBy: { name: ASC }) { nodes { name } } }")
ABOUT = Operation(
    "About",
    "query About($name: String!) { topic(by: { name: $name }) { name articles { totalCount nodes { title } } } }",
)
WRONG = Operation("Wrong", "query Wrong { nothing }")
"""Does not fit the schema, so that clients which generate code cannot ask it."""
MISTAKEN = Operation("Mistaken", "query Mistaken($id: ID!) { node(id: $id) { id } }")
PAGE = Operation(
    "Page",
    "query Page($after: String) { articles(first: 3, after: $after, orderBy: { title: ASC })"
    " { nodes { title } pageInfo { hasNextPage endCursor } } }",
)
COUNT = Operation("Count", "query Count { articles { totalCount } }")
"""Asked by its hash by clients that can."""
SINCE = Operation(
    "Since",
    "query Since($version: String!)"
    " { snapshot { version changes(since: $version) { version updated { nodes { title } } } } }",
)
"""What a client missed that knows this version; `changes` is null where the service does not know the version any more."""
CHANGES = Operation("Changes", "subscription Changes { snapshotChanged { since version updated { nodes { title } } } }")
OPERATIONS = (FIRST, ABOUT, WRONG, MISTAKEN, PAGE, COUNT, SINCE, CHANGES)

QUERY = Step(FIRST, data={"topics": {"nodes": [{"name": "Apples"}]}})
VARIABLES = Step(
    ABOUT,
    {"name": "Apples"},
    {"topic": {"name": "Apples", "articles": {"totalCount": 1, "nodes": [{"title": "Cider from windfalls"}]}}},
)
INVALID = Step(WRONG, code="GRAPHQL_VALIDATION_FAILED")
REFUSED = Step(MISTAKEN, {"id": "x"}, code="BAD_ID")
BY_HASH = Step(COUNT, data={"articles": {"totalCount": 4}})
FIRST_PAGE = Step(PAGE, data=_page(["Cider from windfalls", "The first hive", "The second hive"], has_next=True))
SECOND_PAGE = Step(PAGE, data=_page(["We are moving"], has_next=False))
"""After the cursor of the first page, which is compared with nothing."""

EDITED_FILE = "notice.md"
EDITED_TITLE = "We are moving"

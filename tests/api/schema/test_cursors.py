"""Pages on both sides of a reload, of every connection in every order: nothing is skipped or repeated in silence."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, GraphQLObjectType, get_named_type, is_required_argument
from starlette.testclient import TestClient

from api.adapters.strawberry import core_schema
from api.schema.assembly import schema
from api.settings import Settings
from api.web.app import create_app
from graph.building.live_folders import LiveFolders
from graph.building.snapshot import GraphSnapshot
from graph.stores.memory import MemoryStore
from graph.synth import write_corpus
from tests.cases import SEED

TYPES = core_schema(schema).type_map
REQUIRED = {"query": '"a*"', "topics": '["News", "Energy", "Health"]'}
"""Values for the arguments of connections that must be given."""
CHANGED = "SnapshotChange"
"""Its lists are of one version each, which `test_changes` pages through."""
ENTRIES = "totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { node { %s } }"
LASTING = {
    None: {
        "Query.articles",
        "Query.providers",
        "Query.topics",
        "Provider.articles",
        "Topic.articles",
        "Query.persons",
        "Person.articles",
        "Story.articles",
        "Article.backlinks",
        "Snapshot.problems",
    },
    "Article": {"publishedDateTime", "title", "slug", "url", "quality", "heat", "type", "category", "origin"}
    | {"topics.count", "authors.count", "images.count", "provider.domain", "updatedDateTime"},
    "Provider": {"domain", "name"},
    "Topic": {"slug", "name"},
    "Person": {"slug", "name"},
}
"""The orders that go on after every reload: of lists by themselves, and by criteria of these types."""


@dataclass(frozen=True)
class Listing:
    """A connection in an order."""

    where: str
    """Type and field, as in `Query.articles`."""
    order: str | None
    """The criterion's path, as in `metrics.pageRank`; None for the list's own order."""
    arguments: str
    is_lasting: bool
    key: str
    """What tells entries apart."""

    def __str__(self) -> str:
        return f"{self.where} {self.arguments}"


def listings() -> Iterator[Listing]:
    """Every connection of the schema in every order that it takes, upwards and downwards."""
    for of_type in TYPES.values():
        if not isinstance(of_type, GraphQLObjectType) or of_type.name == CHANGED:
            continue
        for name, field in of_type.fields.items():
            if "after" not in field.args:
                continue
            where = f"{of_type.name}.{name}"
            key = "file line code message" if where == "Snapshot.problems" else "... on Node { id }"
            required = [key for key, argument in field.args.items() if is_required_argument(argument)]
            given = [f"{key}: {REQUIRED[key]}" for key in required]
            yield Listing(where, None, ", ".join(given), where in LASTING[None], key)
            criterion = get_named_type(field.args["orderBy"].type) if "orderBy" in field.args else None
            if isinstance(criterion, GraphQLInputObjectType):
                for path in criteria(criterion):
                    is_lasting = ".".join(path) in LASTING.get(criterion.name.removesuffix("Order"), set())
                    for direction in ("ASC", "DESC"):
                        order = "orderBy: [" + "".join(f"{{{key}: " for key in path) + direction + "}" * len(path) + "]"
                        yield Listing(where, ".".join(path), ", ".join([*given, order]), is_lasting, key)


def criteria(of_type: GraphQLInputObjectType) -> Iterator[tuple[str, ...]]:
    for name, field in of_type.fields.items():
        inner = get_named_type(field.type)
        if isinstance(inner, GraphQLInputObjectType):
            yield from ((name, *rest) for rest in criteria(inner))
        else:
            yield (name,)


class Service:
    """The service on a folder, which is loaded again when a test says so."""

    def __init__(self, folder: Path) -> None:
        self._live = LiveFolders([folder])
        self._store = MemoryStore(self._snapshot())
        self._client = TestClient(create_app(Settings(log_requests=False), self._store))

    def _snapshot(self) -> GraphSnapshot:
        return self._live.load().snapshots[False]

    def reload(self) -> None:
        before = self._store.reader().version
        self._store.swap(self._snapshot())
        assert self._store.reader().version != before

    def ask(self, query: str, variables: dict[str, Any] | None = None) -> Any:
        """The data, or the code of the error in its place."""
        answer = self._client.post("/graphql", json={"query": query, "variables": variables or {}}).json()
        return answer["errors"][0]["extensions"]["code"] if "errors" in answer else answer["data"]

    def whole(self, place: str) -> list[str]:
        """The entries of a list that has at most a hundred."""
        found = self.page(place, {"first": 100})
        assert len(found["edges"]) == found["totalCount"]
        return entries(found)

    def page(self, place: str, page: dict[str, Any]) -> Any:
        found = self.ask(f"query ($first: Int, $after: String, $last: Int, $before: String) {{ {place} }}", page)
        while isinstance(found, dict) and "edges" not in found:
            (found,) = found.values()
        return found

    def place(self, listing: Listing) -> str:
        """The selection of a page of the list, of the node that has the longest."""
        of_type, field = listing.where.split(".")
        call = f"{field}({listing.arguments} first: $first, after: $after, last: $last, before: $before) {{ {ENTRIES % listing.key} }}"
        if of_type == "Query":
            return call
        if of_type == "Snapshot":
            return f"snapshot {{ {call} }}"
        plural = {"Story": "stories"}.get(of_type, f"{of_type.lower()}s")
        nodes = self.ask(f"{{ {plural}(first: 100) {{ nodes {{ id {field} {{ totalCount }} }} }} }}")[plural]["nodes"]
        longest = max(nodes, key=lambda node: node[field]["totalCount"])
        return f'node(id: "{longest["id"]}") {{ ... on {of_type} {{ {call} }} }}'


def entries(page: dict[str, Any]) -> list[str]:
    return [str(edge["node"]) for edge in page["edges"]]


@dataclass(frozen=True)
class Reader:
    """Someone who has read the first page of a list, from either end, and goes on after the reload."""

    listing: Listing
    place: str
    backward: bool
    old: list[str]
    """The whole list as it was."""
    page: dict[str, Any]

    @classmethod
    def begin(cls, service: Service, listing: Listing, *, backward: bool) -> "Reader":
        place = service.place(listing)
        old = service.whole(place)
        page = service.page(place, {"last" if backward else "first": max(len(old) // 2, 1)})
        return cls(listing, place, backward, old, page)

    def read_on(self, service: Service) -> list[str] | str:
        """All that the reader has seen in the end, or the code that ended it."""
        count, name, end, more = ("first", "after", "endCursor", "hasNextPage")
        if self.backward:
            count, name, end, more = ("last", "before", "startCursor", "hasPreviousPage")
        page = self.page
        seen = entries(page)
        while page["pageInfo"][more]:
            page = service.page(self.place, {count: 20, name: page["pageInfo"][end]})
            if isinstance(page, str):
                return page
            seen = entries(page) + seen if self.backward else seen + entries(page)
        return seen


# Reloads


NEW = """---
title: News of the {word}
excerpt: A new article that shifts every weight.
publishedDateTime: 2023-12-24T12:00:00Z
webUrl: https://new.example/{word}
provider: {{name: New, domain: {domain}}}
topics: [Energy, News, "{word}"]
quality: 50
related: [{related}]
---
News, news, and nothing but news of business.
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("news") / "articles"
    write_corpus(folder, articles=60, seed=5)
    for number in range(8):
        (folder / f"broken-{number}.md").write_text(
            f'---\ntitle: broken {number}\nwebUrl: "https://x.example/{number}"\nquality: much\n'
            f"topics: [Energy, Health]\nauthors: [Ada {number % 3}, Bo Reed]\nseries: Rubble\nweight: {number + 1}\n---\n",
            encoding="utf-8",
        )
    items = ", ".join(f"https://x.example/{number}" for number in range(8))
    (folder / "letter.md").write_text(f"---\ntitle: Letter\nitems: [{items}]\n---\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def service(folder: Path) -> Service:
    return Service(folder)


def urls(folder: Path) -> list[str]:
    texts = (path.read_text(encoding="utf-8") for path in sorted(folder.glob("_news/*.md")))
    return [text.partition('\nwebUrl: "')[2].partition('"')[0] for text in texts]


def add(folder: Path, word: str, domain: str = "new.example") -> None:
    """An article in the middle of most orders, with links to others, and topics of theirs."""
    related = ", ".join(f'{{webUrl: "{url}"}}' for url in urls(folder)[10:40:3])
    (folder / f"{word}.md").write_text(NEW.format(word=word, domain=domain, related=related), encoding="utf-8")


LISTINGS = sorted(listings(), key=str)
SOME_LISTINGS = [
    listing
    for place, listing in enumerate(LISTINGS)
    if SEED or listing.order is None or (place + len(listing.where)) % 24 == 0
]
"""As a rule each list in its own order, and one in 24 of the others."""
MOVED = {
    "Query.search",
    "Query.relatedByTopic",
    "Query.stories",
    "Article.related",
    "Article.links",
    "Article.parts",
    "Article.relatedByTopic",
    "Article.similar",
    "Provider.firsts",
    "Provider.providers",
    "Provider.topics",
    "Topic.parts",
    "Topic.providers",
    "Topic.topics",
    "Person.topics",
    "Story.providers",
    "Story.topics",
}
"""Lists whose own order is computed."""


def test_orders_that_are_not_named_as_lasting_are_computed() -> None:
    own = {listing.where for listing in LISTINGS if listing.order is None and not listing.is_lasting}
    assert own == MOVED
    computed = {listing.order for listing in LISTINGS if listing.order and not listing.is_lasting}
    assert {"metrics.pageRank", "related.count", "articles.count", "provider.name", "articleCount"} <= computed


@pytest.mark.parametrize("change", ["added", "removed"])
@pytest.mark.thorough
def test_pages_after_a_reload_go_on_or_say_that_they_cannot(folder: Path, service: Service, change: str) -> None:
    if change == "removed":
        add(folder, "cats")
        service.reload()
    readers = [
        Reader.begin(service, listing, backward=backward) for listing in SOME_LISTINGS for backward in (False, True)
    ]
    if change == "removed":
        (folder / "cats.md").unlink()
    else:
        add(folder, "dogs")
    service.reload()
    ended: set[str] = set()
    for reader in readers:
        listing, seen = reader.listing, reader.read_on(service)
        if seen == "BAD_CURSOR":
            assert is_renamed_story(service, reader.place), listing
            continue
        if isinstance(seen, str):
            assert (seen, listing.is_lasting) == ("CURSOR_EXPIRED", False), listing
            ended.add(f"{listing.where} by {listing.order}")
            continue
        new = service.whole(reader.place)
        assert len(seen) == len(set(seen)), listing
        assert set(reader.old) & set(new) <= set(seen), listing
        assert set(seen) <= {*reader.old, *new}, listing
    assert {"Query.search by None", "Query.relatedByTopic by None", "Article.relatedByTopic by None"} <= ended
    assert any("metrics" in listing for listing in ended)
    assert any("count" in listing for listing in ended)


def is_renamed_story(service: Service, place: str) -> bool:
    """Whether the place is a story that has another id now, since another article leads it: its lists are other lists."""
    found = re.match(r'node\(id: "(s_[^"]+)"', place)
    return found is not None and service.ask(f'{{ node(id: "{found[1]}") {{ id }} }}')["node"]["id"] != found[1]


def test_pages_go_on_after_a_reload_that_moves_nothing(folder: Path, service: Service) -> None:
    path = next(iter(sorted(folder.glob("_news/*.md"))))
    text = path.read_text(encoding="utf-8")
    readers = [Reader.begin(service, listing, backward=False) for listing in SOME_LISTINGS]
    path.write_text(text.replace("---\n", "---\nnote: read\n", 1), encoding="utf-8")
    service.reload()
    for reader in readers:
        assert reader.read_on(service) == reader.old, reader.listing


def test_page_goes_on_where_what_moved_was_still_to_come(folder: Path, service: Service) -> None:
    """A new topic that one article is about comes after the topics that many are about."""
    (listing,) = (found for found in LISTINGS if str(found) == "Query.topics orderBy: [{articles: {count: DESC}}]")
    place = service.place(listing)
    reader = Reader(listing, place, False, service.whole(place), service.page(place, {"first": 1}))
    add(folder, "parrots")
    service.reload()
    new = service.whole(place)
    assert len(new) == len(reader.old) + 1
    assert reader.read_on(service) == new

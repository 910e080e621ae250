"""What a snapshot says in the tables of the database: rows in pieces, each of one owner, of which only those that changed are written."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from itertools import chain, groupby
from operator import itemgetter
from types import MappingProxyType
from typing import Any

from graph.analysis.affinity import CooccurrenceLink, cooccurring_topics
from graph.analysis.metrics import NodeMetrics, metrics
from graph.analysis.stories import stories
from graph.building.changes import fingerprint
from graph.building.snapshot import GraphSnapshot
from graph.model import NodeKind
from graph.tables.columns import record_columns
from graph.tables.rows import Row, tables_of

NAMES = MappingProxyType(
    {
        "articles": "article",
        "providers": "provider",
        "topics": "topic",
        "persons": "person",
        "edges": "edge",
        "problems": "problem",
    }
)
"""What the tables of `graph.tables.rows` are called in the database."""
_OWNERS = MappingProxyType({"edge": "source", "problem": "file"})
"""To whom rows belong that are not their own: what is replaced together."""


@dataclass(frozen=True, slots=True)
class Rows:
    """What one table of the database holds of a snapshot."""

    table: str
    columns: tuple[str, ...]
    owner: str
    """The column that names the owner of a row."""
    rows: Iterable[Row]

    def pieces(self) -> Iterator[tuple[str, Sequence[Row]]]:
        """The rows of each owner; those of one owner stand together."""
        for owner, found in groupby(self.rows, key=itemgetter(self.columns.index(self.owner))):
            yield owner, list(found)


def contents(snapshot: GraphSnapshot) -> Iterator[Rows]:
    """All that is kept of a snapshot, what follows from it included.

    Cost: that of its stories and metrics, if nobody has asked for them yet.
    """
    for table in tables_of(snapshot):
        name = NAMES[table.name]
        rows = sorted(table.rows, key=itemgetter(1)) if name == "edge" else table.rows
        yield Rows(name, tuple(column.name for column in table.columns), _OWNERS.get(name, "id"), rows)
    yield from _derived(snapshot)


def _derived(snapshot: GraphSnapshot) -> Iterator[Rows]:
    story = record_columns(NodeKind.STORY)
    found = sorted(stories(snapshot).by_id.values(), key=lambda one: one.id)
    yield Rows("story", tuple(column.name for column in story.columns), "id", map(story.to_row, found))
    measured = ([node_id, *astuple(values)] for node_id, values in sorted(metrics(snapshot).items()))
    yield Rows("metric", ("node", *(field.name for field in fields(NodeMetrics))), "node", measured)
    columns = ("topic", "other", *(field.name for field in fields(CooccurrenceLink)))
    yield Rows("cooccurrence", columns, "topic", chain.from_iterable(_cooccurrences(snapshot)))
    digests: Iterable[Any] = fingerprint(snapshot).digest_by_id().items()
    yield Rows("fingerprint", ("article", "digest"), "article", map(list, digests))


def _cooccurrences(snapshot: GraphSnapshot) -> Iterator[list[Row]]:
    for topic in snapshot.ids[NodeKind.TOPIC]:
        links = cooccurring_topics(snapshot, topic)
        yield [[topic, other, *astuple(links[other])] for other in sorted(links)]

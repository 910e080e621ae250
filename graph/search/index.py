"""The text index of a snapshot, kept in memory by tantivy."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, cast

from tantivy import Document, Index, Query, Schema, SchemaBuilder, Searcher, TextAnalyzerBuilder, Tokenizer

from graph.analysis.nodes import nodes_of
from graph.building.derived import once_per_snapshot
from graph.building.snapshot import GraphSnapshot
from graph.checkpoints import checked
from graph.model import Node, NodeKind, kind_of
from graph.search.fields import Weight, field_texts
from graph.search.vocabulary import Vocabulary, vocabulary_of
from graph.search.words import terms

_WRITER_MEMORY = 100_000_000
"""Bytes, taken as they are needed. What exceeds them becomes another segment, which costs a little speed."""
_DIGITS = 6
"""Of a score; the engine's are of single precision."""


class SearchHit(NamedTuple):
    """A node that a query matches."""

    node_id: str
    score: float


@dataclass(frozen=True, slots=True, eq=False)
class TextIndex:
    """Every node as a document of the engine: its terms by weight, and its place in the order of ids.

    Read-only, so that threads can share it.
    """

    schema: Schema
    searcher: Searcher
    ids: tuple[str, ...]
    """Sorted; the place of a node is where its id stands here."""
    kinds: tuple[NodeKind, ...]
    """Of the node at each place."""
    vocabulary: Vocabulary

    def hits(self, query: Query, kinds: frozenset[NodeKind]) -> list[SearchHit]:
        """Every node of the kinds that the query matches, best first, ties by id."""
        ranked = sorted((-score, place) for place, score in self.scores(query, kinds))
        return [SearchHit(self.ids[place], -negated) for negated, place in ranked]

    def scores(self, query: Query, kinds: frozenset[NodeKind]) -> list[tuple[int, float]]:
        """Place and score of every node of the kinds that the query matches, in no particular order."""
        if not self.ids:
            return []
        hits = self.searcher.search(query, limit=len(self.ids), count=False).hits  # each access converts them
        places = cast("list[int]", self.searcher.fast_field_values("place", [address for _, address in hits]))
        # A filter in the engine's query takes several times as long, and kinds compare faster than they hash.
        wanted = tuple(kinds)
        return [
            (place, round(score, _DIGITS))
            for place, (score, _) in checked(zip(places, hits, strict=True))
            if self.kinds[place] in wanted
        ]


@once_per_snapshot
def text_index(snapshot: GraphSnapshot) -> TextIndex:
    """The index of all nodes, stories among them.

    Cost: linear in the texts; azure (4,944 articles, 1.3 million characters) takes a third of a second.
    """
    nodes = sorted((node for kind in NodeKind for node in nodes_of(snapshot, kind)), key=lambda node: node.id)
    schema = _schema()
    index = Index(schema)
    index.register_tokenizer("terms", TextAnalyzerBuilder(Tokenizer.whitespace()).build())
    writer = index.writer(_WRITER_MEMORY, num_threads=1)  # one thread: documents keep their order
    for document in _documents(nodes):
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    return TextIndex(
        schema, searcher, tuple(node.id for node in nodes), tuple(map(kind_of, nodes)), _vocabulary(searcher)
    )


def _schema() -> Schema:
    builder = SchemaBuilder()
    for weight in Weight:
        builder.add_text_field(weight.name, tokenizer_name="terms", index_option="position")
    builder.add_unsigned_field("place", indexed=True, fast=True)
    return builder.build()


def _documents(nodes: list[Node]) -> Iterator[Document]:
    for place, node in enumerate(checked(nodes)):
        document = Document()
        for field, text in field_texts(node):
            # A value by itself: the engine leaves a gap between values, so no phrase spans two of them.
            document.add_text(field.weight.name, " ".join(terms(text)))
        document.add_unsigned("place", place)
        yield document


def _vocabulary(searcher: Searcher) -> Vocabulary:
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0] * len(Weight))
    for place, weight in enumerate(Weight):
        for term, count in searcher.terms_with_prefix(weight.name, ""):
            counts[term][place] = count
    return vocabulary_of({term: tuple(found) for term, found in counts.items()})

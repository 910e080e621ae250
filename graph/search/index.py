"""The text index of a snapshot, kept in memory by tantivy."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, cast

from tantivy import Document, Index, Occur, Query, Schema, SchemaBuilder, Searcher, TextAnalyzerBuilder, Tokenizer

from graph.derived import once_per_snapshot
from graph.model import Node, NodeKind, kind_of
from graph.nodes import nodes_of
from graph.search.fields import Weight, field_texts
from graph.search.words import terms
from graph.snapshot import GraphSnapshot

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
    """Every node as a document of the engine: its terms by weight, its kind, and its place in the order of ids.

    Read-only, so that threads can share it.
    """

    schema: Schema
    searcher: Searcher
    ids: tuple[str, ...]
    """Sorted."""

    def hits(self, query: Query, kinds: frozenset[NodeKind]) -> list[SearchHit]:
        """Every node of the kinds that the query matches, best first, ties by id."""
        if not self.ids:
            return []
        result = self.searcher.search(self._of_kinds(query, kinds), limit=len(self.ids), count=False)
        hits = result.hits  # each access converts them
        places = cast("list[int]", self.searcher.fast_field_values("place", [address for _, address in hits]))
        ranked = sorted(zip([-round(score, _DIGITS) for score, _ in hits], places, strict=True))
        return [SearchHit(self.ids[place], -negated) for negated, place in ranked]

    def frequencies(self, term: str) -> list[int]:
        """In how many nodes the term stands in a text of each weight."""
        return [self.searcher.doc_freq(weight.name, term) for weight in Weight]

    def _of_kinds(self, query: Query, kinds: frozenset[NodeKind]) -> Query:
        is_of_kind = Query.term_set_query(self.schema, "kind", sorted(kind.value for kind in kinds))
        return Query.boolean_query([(Occur.Must, query), (Occur.Must, Query.const_score_query(is_of_kind, 0))])


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
    return TextIndex(schema, index.searcher(), tuple(node.id for node in nodes))


def _schema() -> Schema:
    builder = SchemaBuilder()
    for weight in Weight:
        builder.add_text_field(weight.name, tokenizer_name="terms", index_option="position")
    builder.add_text_field("kind", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("place", indexed=True, fast=True)
    return builder.build()


def _documents(nodes: list[Node]) -> Iterator[Document]:
    for place, node in enumerate(nodes):
        document = Document()
        for field, text in field_texts(node):
            # A value by itself: the engine leaves a gap between values, so no phrase spans two of them.
            document.add_text(field.weight.name, " ".join(terms(text)))
        document.add_text("kind", kind_of(node).value)
        document.add_unsigned("place", place)
        yield document

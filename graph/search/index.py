"""The full-text index of a snapshot, held in memory by tantivy (“the engine”)."""

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
from graph.search.spellings import Compounds, Phrase
from graph.search.vocabulary import Vocabulary, vocabulary_of
from graph.words import compounds, terms

_WRITER_MEMORY = 100_000_000
"""Bytes, allocated as needed. Beyond them the engine starts another segment, which slows searches a little."""
_DIGITS = 6
"""Decimal places of a score: the engine computes in single precision."""


class SearchHit(NamedTuple):
    """A node that matches a query."""

    node_id: str
    score: float


@dataclass(frozen=True, slots=True, eq=False)
class TextIndex:
    """Every node as a document of the engine, with its terms in one field per weight. Read-only: threads can share it.

    A node's place is its index in `ids`. The engine stores it as a number, which is cheaper to read than an id.
    """

    schema: Schema
    searcher: Searcher
    ids: tuple[str, ...]
    """Sorted."""
    kinds: tuple[NodeKind, ...]
    """The kind of the node at each place."""
    vocabulary: Vocabulary
    compounds: Compounds

    def hits(self, query: Query, kinds: frozenset[NodeKind]) -> list[SearchHit]:
        """Every node of these kinds that matches the query, highest score first, ties by id."""
        ranked = sorted((-score, place) for place, score in self.scores(query, kinds))
        return [SearchHit(self.ids[place], -negated) for negated, place in ranked]

    def scores(self, query: Query, kinds: frozenset[NodeKind]) -> list[tuple[int, float]]:
        """Place and score of every node of these kinds that matches the query, in no particular order."""
        if not self.ids:
            return []
        hits = self.searcher.search(query, limit=len(self.ids), count=False).hits  # converted anew on each access
        places = cast("list[int]", self.searcher.fast_field_values("place", [address for _, address in hits]))
        # Filtering by kind in the engine takes several times as long. A tuple, as enum members compare faster than they
        # hash.
        wanted = tuple(kinds)
        return [
            (place, round(score, _DIGITS))
            for place, (score, _) in checked(zip(places, hits, strict=True))
            if self.kinds[place] in wanted
        ]


@once_per_snapshot
def text_index(snapshot: GraphSnapshot) -> TextIndex:
    """The index of all nodes, stories included.

    Cost: linear in the texts; half a second for azure (4,944 articles, 1.3 million characters).
    """
    nodes = sorted((node for kind in NodeKind for node in nodes_of(snapshot, kind)), key=lambda node: node.id)
    schema = _schema()
    index = Index(schema)
    index.register_tokenizer("terms", TextAnalyzerBuilder(Tokenizer.whitespace()).build())
    writer = index.writer(_WRITER_MEMORY, num_threads=1)  # one thread: documents keep their order
    seen: set[Phrase] = set()
    for document in _documents(nodes, seen):
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    ids, kinds = tuple(node.id for node in nodes), tuple(map(kind_of, nodes))
    return TextIndex(schema, searcher, ids, kinds, _vocabulary(searcher), Compounds(seen))


def _schema() -> Schema:
    builder = SchemaBuilder()
    for weight in Weight:
        builder.add_text_field(weight.name, tokenizer_name="terms", index_option="position")
    builder.add_unsigned_field("place", indexed=True, fast=True)
    return builder.build()


def _documents(nodes: list[Node], seen: set[Phrase]) -> Iterator[Document]:
    """A document for each node. Adds the compounds of its texts to those that were `seen`."""
    for place, node in enumerate(checked(nodes)):
        document = Document()
        for field, text in field_texts(node):
            # Each text is a value of its own: the engine leaves a gap between values, so no phrase matches across two.
            document.add_text(field.weight.name, " ".join(terms(text)))
            seen.update(compounds(text))
        document.add_unsigned("place", place)
        yield document


def _vocabulary(searcher: Searcher) -> Vocabulary:
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0] * len(Weight))
    for place, weight in enumerate(Weight):
        for term, count in searcher.terms_with_prefix(weight.name, ""):
            counts[term][place] = count
    return vocabulary_of({term: tuple(found) for term, found in counts.items()})

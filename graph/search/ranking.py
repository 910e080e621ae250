"""Search: the nodes whose texts hold what a text asks for, the best first."""

from graph.building.snapshot import GraphSnapshot
from graph.model import NodeKind
from graph.search.engine_query import query_of_all
from graph.search.index import SearchHit, text_index
from graph.search.query_text import clauses


def search(snapshot: GraphSnapshot, text: str, kinds: frozenset[NodeKind]) -> tuple[SearchHit, ...]:
    """Every node of the kinds that has all the text asks for, best first, ties by id.

    What a text asks for is in `graph.search.query_text`. The score sums the BM25 of each word in each field, times
    the field's weight. A word found by its beginning, or with a typo forgiven, counts by the best such word in each
    field, and always less than the word itself. Scores of different kinds compare.
    Cost: the first search of a snapshot builds its index.

    Raises:
        SearchError: the text has no word, or too many of them, or is too long.
    """
    wanted = clauses(text)
    index = text_index(snapshot)
    return tuple(index.hits(query_of_all(index, wanted), kinds))

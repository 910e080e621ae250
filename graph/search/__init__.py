"""Full-text search: the nodes that match a query, where in their texts it matches, and articles similar to another.

`query_text` parses the query, `spellings` adds how else its compounds are written, `index` builds one tantivy index for each
snapshot, `ranking` runs the query on it and answers ids with scores, and `highlighting` finds the same matches in a node's
own texts.
"""

from graph.search.highlighting import Highlight, HighlightPart, highlights
from graph.search.index import SearchHit
from graph.search.ranking import search
from graph.search.similarity import SimilarHit, similar

__all__ = ["Highlight", "HighlightPart", "SearchHit", "SimilarHit", "highlights", "search", "similar"]

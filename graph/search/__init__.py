"""Full-text search: the nodes that a text finds and where it is in them, and the articles like one another.

A text comes in and is read by `query_text`; `index` builds one index for each snapshot, `ranking` asks it and answers ids
with scores, `highlighting` finds the same words in the node's own texts.
"""

from graph.search.highlighting import Highlight, HighlightPart, highlights
from graph.search.index import SearchHit
from graph.search.ranking import search
from graph.search.similarity import SimilarHit, similar

__all__ = ["Highlight", "HighlightPart", "SearchHit", "SimilarHit", "highlights", "search", "similar"]

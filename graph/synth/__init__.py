"""Synthetic corpora of any size, shaped like a real one, for measuring how the service scales.

`corpus` invents articles from a seed; `writing` writes them into a folder as a publisher's documents, `sites` as a site of Hugo,
Jekyll or Obsidian.
"""

from graph.synth.sites import SiteCounts, SiteKind, write_site
from graph.synth.writing import write_corpus

__all__ = ["SiteCounts", "SiteKind", "write_corpus", "write_site"]

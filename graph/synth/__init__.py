"""Synthetic corpora of any size, shaped like a real one, for measuring how the service scales.

`corpus` invents articles from a seed, `writing` writes them into a folder as documents.
"""

from graph.synth.writing import write_corpus

__all__ = ["write_corpus"]

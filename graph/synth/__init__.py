"""Corpora of any size that are like a real one, for measuring how the service grows."""

from graph.synth.writing import write_corpus

__all__ = ["write_corpus"]

"""Stores: the protocol that the API reads a graph through, and what fulfils it.

Every read takes a batch of ids and answers one by one in their order, at once or as an awaitable.
"""

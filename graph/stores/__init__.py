"""Stores: the protocol that the API reads a graph through, and what fulfils it.

A store hands out readers (`protocol.GraphReader`), each of one snapshot; every read takes a batch of ids and answers one
for each in their order, at once or as an awaitable. `memory` answers from a snapshot in this process.
"""

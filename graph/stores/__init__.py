"""Stores: the protocol by which the API reads a graph, and its implementations.

A store hands out readers (`protocol.GraphReader`), each bound to one snapshot. A read takes a batch of ids and answers
one value for each, in order, at once or as an awaitable. `memory` reads a snapshot in this process.
"""

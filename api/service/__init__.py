"""One operation, whoever carries it: who asks, what it may cost, what is kept, and where the work is done.

The way in is `service.GraphqlService`: `api.web` and `api.streams` hand it an operation and a `Client`, and get a `Reply` or a stream of
responses back. The way out leads to `api.execution`, which answers from a reader of the store: on the event loop what is short, in the
threads of `offload` what is longer. `reloading.Reloads` puts newer snapshots into the stores meanwhile.
"""

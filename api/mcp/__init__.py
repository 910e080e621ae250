"""What language models use: tools and resources of the Model Context Protocol, each of which asks GraphQL operations.

The way in is `server.make_server`, a server of the official SDK, which `stdio` and `http` connect: to standard input and output, and to
requests. The way out is an `asking.Asker`, which has an operation answered as for any other client: by the `GraphqlService` of this
process, with its access, limits and rate, or by a service elsewhere. `tools` says what can be asked, `answers` makes it fit the
number of tokens that the caller named. Only `server`, `stdio` and `http` import the SDK, an optional dependency.
"""

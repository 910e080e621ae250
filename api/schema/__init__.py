"""The GraphQL schema: types, inputs and resolvers, put together in `assembly`.

Each field is written once, as a resolver of a whole batch of parents.
"""

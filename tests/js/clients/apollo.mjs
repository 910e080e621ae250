import { gql } from "@apollo/client";
import { CombinedGraphQLErrors } from "@apollo/client/errors";
import { recipe, speak } from "./speak.mjs";

const { client } = await recipe("apollo.mjs");

function response({ data, error }) {
  if (error && !CombinedGraphQLErrors.is(error)) throw error;
  return error ? { data, errors: error.errors } : { data };
}

await speak({
  ask: async ({ query, variables }) =>
    response(await client.query({ query: gql(query), variables, errorPolicy: "all", fetchPolicy: "network-only" })),
  subscribe: ({ query }, tell) => client.subscribe({ query: gql(query) }).subscribe((result) => tell(response(result))),
});

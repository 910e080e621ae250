/** GraphQL's response of what urql tells. */
export function response({ data, error }) {
  if (error?.networkError) throw error.networkError;
  return error ? { data, errors: error.graphQLErrors } : { data };
}

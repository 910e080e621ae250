import relay from "relay-runtime";
import { recipe, speak } from "./speak.mjs";

const { environment } = await recipe("relay.mjs");
const compiled = async ({ operation, query }) =>
  (await recipe(`artifacts/Operations${operation}${query.startsWith("query") ? "Query" : "Subscription"}.graphql.js`)).default;

await speak({
  async ask(told) {
    try {
      const data = await relay.fetchQuery(environment, await compiled(told), told.variables).toPromise();
      return { data };
    } catch (error) {
      if (error.cause?.errors) return error.cause;
      throw error;
    }
  },
  subscribe: async (told, tell) =>
    relay.requestSubscription(environment, {
      subscription: await compiled(told),
      variables: {},
      onNext: (data) => tell({ data }),
      onError: console.error,
    }),
});

import urql, { useQuery, useSubscription } from "@urql/vue";
import { createSSRApp, effectScope } from "vue";
import { response } from "./response.mjs";
import { recipe, speak } from "./speak.mjs";

const { client } = await recipe("urql.mjs");
const app = createSSRApp({}).use(urql, client);
const scope = effectScope();
/** What a composable gives to a component. */
const composed = (use) => app.runWithContext(() => scope.run(use));

await speak({
  async ask({ query, variables }) {
    const { data, error } = await composed(() => useQuery({ query, variables, requestPolicy: "network-only" }));
    return response({ data: data.value, error: error.value });
  },
  subscribe({ query }, tell) {
    composed(() => useSubscription({ query }, (_, data) => tell({ data })));
  },
});

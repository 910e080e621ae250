import { queryStore, subscriptionStore } from "@urql/svelte";
import { response } from "./response.mjs";
import { recipe, speak } from "./speak.mjs";

const { client } = await recipe("urql.mjs");

/** What a store holds when it has its first result. */
const settled = (store) =>
  new Promise((resolve) => {
    const unsubscribe = store.subscribe((state) => {
      if (!state.fetching) queueMicrotask(() => (unsubscribe(), resolve(state)));
    });
  });

await speak({
  ask: async ({ query, variables }) => response(await settled(queryStore({ client, query, variables, requestPolicy: "network-only" }))),
  subscribe: ({ query }, tell) =>
    subscriptionStore({ client, query }).subscribe((state) => {
      if (state.data) tell({ data: state.data });
    }),
});

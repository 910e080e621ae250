import { response } from "./response.mjs";
import { recipe, speak } from "./speak.mjs";

const { client } = await recipe("urql.mjs");

await speak({
  ask: async ({ query, variables }) => response(await client.query(query, variables, { requestPolicy: "network-only" }).toPromise()),
  subscribe: ({ query }, tell) => client.subscription(query, {}).subscribe((result) => tell(response(result))),
});

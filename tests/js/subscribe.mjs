// Talks to a service by the npm client that is named (graphql-ws or graphql-sse): a query, a refused operation, and a
// subscription that it leaves after two events. Prints what it was told as JSON.

import { createClient as createSseClient } from "graphql-sse";
import { createClient as createWsClient } from "graphql-ws";

const [name, address] = process.argv.slice(2);
const client =
  name === "graphql-ws"
    ? createWsClient({ url: `ws://${address}/graphql`, connectionParams: { token: "open sesame" } })
    : createSseClient({ url: `http://${address}/graphql` });

const run = (query) =>
  new Promise((resolve) => {
    const told = [];
    client.subscribe(
      { query },
      {
        next: (result) => told.push(result),
        error: (error) => resolve({ told, error: Array.isArray(error) ? error : String(error) }),
        complete: () => resolve({ told }),
      },
    );
  });

const query = await run("{ articles { totalCount } }");
const refused = await run("subscription { nothing }");

const events = [];
const subscription = client.iterate({
  query: "subscription { snapshotChanged { added { nodes { title } } removed } }",
});
for await (const event of subscription) {
  events.push(event);
  if (events.length === 2) break;
}
client.dispose();
console.log(JSON.stringify({ query, refused, events }));

// graphql-ws and graphql-sse, which are used in the same way. Arguments: a file of the page, and the client that it exports.

import { recipe, speak } from "./speak.mjs";

const [file, name] = process.argv.slice(2);
const client = (await recipe(file))[name];
const { askByHash } = await recipe("hashed.mjs");

await speak({
  ask: ({ query, variables }) => askByHash(client, query, variables),
  async subscribe({ query }, tell) {
    for await (const event of client.iterate({ query })) tell(event);
  },
});

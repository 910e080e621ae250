// A session of the official client of the Model Context Protocol for TypeScript: its tools, an answer, a mistake, a resource.
// Prints what it was told as JSON. Arguments: the address of the service, its read token if it has one.

import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";

const [address, token] = process.argv.slice(2);
const client = new Client({ name: "tests", version: "1" });
const requestInit = token ? { headers: { Authorization: `Bearer ${token}` } } : {};
await client.connect(new StreamableHTTPClientTransport(new URL(`${address}/mcp`), { requestInit }));
const call = async (name, args) => {
  const { content, isError } = await client.callTool({ name, arguments: args });
  return { isError: Boolean(isError), text: content[0].text };
};
const { tools } = await client.listTools();
const { resources } = await client.listResources();
const { contents } = await client.readResource({ uri: resources[0].uri });
const told = {
  tools: tools.map((tool) => tool.name),
  topics: await call("graphql", { query: "{ topics { totalCount } }" }),
  mistake: await call("read", { article: "nothing-of-this-name" }),
  resource: contents[0].text.split("\n")[0],
};
console.log(JSON.stringify(told));
await client.close();

// Composes the service with a small subgraph of reviews, and asks a gateway in front of both; once for each key by which the
// reviews may know articles. Arguments: the address of the service, and a file of the reviews by key and of the operations.
// Prints the answers by key as JSON.

import { buildSubgraphSchema } from "@apollo/subgraph";
import { createGatewayRuntime } from "@graphql-hive/gateway-runtime";
import { composeServices } from "@theguild/federation-composition";
import { parse } from "graphql";
import { createYoga } from "graphql-yoga";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";

const [address, file] = process.argv.slice(2);
const { reviews, operations } = JSON.parse(await readFile(file, "utf8"));

const schemaOfReviews = (key) => /* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
  type Query {
    reviews: [Review!]!
  }
  type Review {
    stars: Int!
    of: Article
    topic: Topic
    house: Provider
    author: Person
  }
  type Article @key(fields: "${key}") {
    ${key}: ${key === "id" ? "ID!" : "String"}
    reviews: [Review!]!
  }
  type Topic @key(fields: "id") {
    id: ID!
    followers: Int!
  }
  type Provider @key(fields: "domain") {
    domain: String
  }
  type Person @key(fields: "slug") {
    slug: String!
  }
`;

function resolversOfReviews(key, found) {
  return {
    Query: { reviews: () => found },
    Article: { reviews: (article) => found.filter((review) => review.of[key] === article[key]) },
    Topic: { followers: ({ id }) => id.length },
  };
}

/** The body of the answer to an operation; `ask` is `fetch`, or the gateway's. */
async function answer(ask, url, operation) {
  const headers = { "Content-Type": "application/json", Accept: "application/json" };
  const response = await ask(url, { method: "POST", headers, body: JSON.stringify(operation) });
  return response.json();
}

async function schemaOfService() {
  const { data, errors } = await answer(fetch, `${address}/graphql`, { query: "{ _service { sdl } }" });
  if (errors) throw new Error(JSON.stringify(errors));
  return data._service.sdl;
}

async function answers(key) {
  const typeDefs = parse(schemaOfReviews(key));
  const schema = buildSubgraphSchema([{ typeDefs, resolvers: resolversOfReviews(key, reviews[key]) }]);
  const server = createServer(createYoga({ schema, logging: false }));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { supergraphSdl, errors } = composeServices([
    { name: "articles", url: `${address}/graphql`, typeDefs: parse(await schemaOfService()) },
    { name: "reviews", url: `http://127.0.0.1:${server.address().port}/graphql`, typeDefs },
  ]);
  if (errors) throw new Error(errors.map((error) => error.message).join("\n"));
  const gateway = createGatewayRuntime({ supergraph: supergraphSdl, logging: false, maskedErrors: false });
  const told = [];
  for (const operation of operations) {
    told.push(await answer(gateway.fetch, "http://gateway/graphql", operation));
  }
  await gateway[Symbol.asyncDispose]();
  server.close();
  server.closeAllConnections();
  return told;
}

const told = {};
for (const key of Object.keys(reviews)) told[key] = await answers(key);
console.log(JSON.stringify(told));

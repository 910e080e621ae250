// The same session through the npm client that is named: pages of a list, a mistake, a persisted query, a subscription.
// Prints what it was told as JSON. Arguments: client, address of the service, a file of its folder, the operator's token.

import { createHash } from "node:crypto";
import { appendFile } from "node:fs/promises";
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql as apolloGql } from "@apollo/client/core/index.js";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries/index.js";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions/index.js";
import { QueryClient } from "@tanstack/query-core";
import { Client, fetchExchange } from "@urql/core";
import { persistedExchange } from "@urql/exchange-persisted";
import { GraphQLClient } from "graphql-request";
import { createClient as createSseClient } from "graphql-sse";
import { createClient as createWsClient } from "graphql-ws";

const [name, address, file, token] = process.argv.slice(2);
const url = `${address}/graphql`;
const socketUrl = url.replace(/^http/, "ws");
const PAGE = `query Page($after: String) {
  topics(first: 2, after: $after) { nodes { name } pageInfo { endCursor hasNextPage } }
}`;
const CHANGES = "subscription Changes { snapshotChanged { updated { nodes { title } } } }";
const sha256 = async (text) => createHash("sha256").update(text).digest("hex");

/** How each client asks once, asks by hash where it can, and subscribes where it can. */
const CLIENTS = {
  urql() {
    const options = { url, preferGetMethod: false, fetchSubscriptions: true };
    const persisted = persistedExchange({ preferGetForPersistedQueries: false, generateHash: sha256 });
    const plain = new Client({ ...options, exchanges: [fetchExchange] });
    const hashing = new Client({ ...options, exchanges: [persisted, fetchExchange] });
    const ask = (client) => async (query, variables) => {
      const { data, error } = await client.query(query, variables).toPromise();
      return { data, codes: error?.graphQLErrors.map((each) => each.extensions.code) };
    };
    return {
      ask: ask(plain),
      askByHash: ask(hashing),
      subscribe: (query, tell) => plain.subscription(query, {}).subscribe(({ data }) => tell(data)).unsubscribe,
    };
  },
  apollo() {
    const cache = () => new InMemoryCache();
    const socket = createWsClient({ url: socketUrl });
    const plain = new ApolloClient({ link: new HttpLink({ uri: url }), cache: cache() });
    const hashing = new ApolloClient({
      link: ApolloLink.from([new PersistedQueryLink({ sha256 }), new HttpLink({ uri: url })]),
      cache: cache(),
    });
    const live = new ApolloClient({ link: new GraphQLWsLink(socket), cache: cache() });
    const ask = (client) => async (query, variables) => {
      const { data, error } = await client.query({ query: apolloGql(query), variables, errorPolicy: "all", fetchPolicy: "no-cache" });
      return { data, codes: error?.errors.map((each) => each.extensions.code) };
    };
    return {
      ask: ask(plain),
      askByHash: ask(hashing),
      subscribe(query, tell) {
        const subscription = live.subscribe({ query: apolloGql(query), fetchPolicy: "no-cache" }).subscribe(({ data }) => tell(data));
        return () => (subscription.unsubscribe(), socket.dispose());
      },
    };
  },
  "graphql-request"() {
    const client = new GraphQLClient(url, { errorPolicy: "all" });
    return {
      async ask(query, variables) {
        try {
          const { data, errors } = await client.rawRequest(query, variables);
          return { data, codes: errors?.map((each) => each.extensions.code) };
        } catch (error) {
          return { codes: error.response.errors.map((each) => each.extensions.code) };
        }
      },
    };
  },
  tanstack() {
    const client = new GraphQLClient(url);
    const cache = new QueryClient({ defaultOptions: { queries: { retry: false } } });
    return {
      async ask(query, variables) {
        try {
          const queryFn = () => client.request(query, variables);
          return { data: await cache.fetchQuery({ queryKey: [query, variables], queryFn }) };
        } catch (error) {
          return { codes: error.response.errors.map((each) => each.extensions.code) };
        }
      },
    };
  },
  "graphql-ws": () => ofStreams(createWsClient({ url: socketUrl })),
  "graphql-sse": () => ofStreams(createSseClient({ url })),
};

function ofStreams(client) {
  const ask = (payload) =>
    new Promise((resolve) => {
      const codes = (errors) => errors?.map((each) => each.extensions.code);
      let told = {};
      client.subscribe(payload, {
        next: ({ data, errors }) => (told = { data, codes: codes(errors) }),
        error: (errors) => resolve({ codes: codes(errors) }),
        complete: () => resolve(told),
      });
    });
  return {
    ask: (query, variables) => ask({ query, variables }),
    async askByHash(query, variables) {
      const extensions = { persistedQuery: { version: 1, sha256Hash: await sha256(query) } };
      const told = await ask({ query: "", variables, extensions });
      if (told.codes?.[0] === "PERSISTED_QUERY_NOT_FOUND") await ask({ query, variables, extensions });
      return ask({ query: "", variables, extensions });
    },
    subscribe: (query, tell) =>
      client.subscribe({ query }, { next: ({ data }) => tell(data), error: console.error, complete: () => {} }),
  };
}

const { ask, askByHash, subscribe } = CLIENTS[name]();

const pages = [];
for (let after = ""; pages.length < 2; ) {
  const { data } = await ask(PAGE, { after });
  pages.push(data.topics.nodes.map((node) => node.name));
  after = data.topics.pageInfo.endCursor;
}
const invalid = (await ask("query Wrong { nothing }", {})).codes;
const mistaken = (await ask('query Mistaken { node(id: "x") { id } }', {})).codes;
let byHash = null;
if (askByHash) {
  const answers = [await askByHash(PAGE, { after: "" }), await askByHash(PAGE, { after: "" })];
  byHash = answers.map(({ data }) => data.topics.nodes.map((node) => node.name));
}
let changed = null;
if (subscribe) {
  let unsubscribe;
  let editing;
  changed = await new Promise((resolve) => {
    unsubscribe = subscribe(CHANGES, (data) => resolve(data.snapshotChanged.updated.nodes.map((node) => node.title)));
    editing = setInterval(async () => {
      await appendFile(file, "\nOne line more.\n");
      await fetch(`${address}/-/reload`, { method: "POST", headers: { Authorization: `Bearer ${token}` } });
    }, 500);
  });
  clearInterval(editing);
  unsubscribe();
}
console.log(JSON.stringify({ pages, invalid, mistaken, byHash, changed }));
process.exit(0);

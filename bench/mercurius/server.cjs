// Mercurius with its JIT compiler over objects in memory, which are linked before the first request.
//   node server.cjs CORPUS   with the file that `peer.py` writes; tells its port in a line, and ends with its standard input
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const fastify = require("fastify");
const mercurius = require("mercurius");

const corpus = JSON.parse(readFileSync(process.argv[2], "utf8"));
const providers = new Map(corpus.providers.map((provider) => [provider.id, { ...provider, all: [] }]));
const topics = new Map(corpus.topics.map((topic) => [topic.id, { ...topic, all: [] }]));
const articles = new Map(corpus.articles.map((article) => [article.id, { ...article }]));
for (const article of articles.values()) {
  article.provider = article.provider && providers.get(article.provider.id);
  article.topics = article.topics.map(({ id }) => topics.get(id));
  article.related = article.related.nodes.map(({ id }) => articles.get(id));
  article.provider?.all.push(article); // articles come in the order of all lists: the newest first
  for (const topic of article.topics) topic.all.push(article);
}
const inOrder = [...articles.values()];
const byUrl = new Map(inOrder.map((article) => [article.webUrl, article]));
const byDomain = new Map([...providers.values()].map((provider) => [provider.domain, provider]));
const byName = new Map([...topics.values()].map((topic) => [topic.name, topic]));
const ownArticles = (node, { first }) => node.all.slice(0, first);

const app = fastify({ logger: false });
app.register(mercurius, {
  schema: readFileSync(join(__dirname, "schema.graphql"), "utf8"),
  resolvers: {
    Query: {
      articles: (_, { first, offset }) => inOrder.slice(offset, offset + first),
      article: (_, { webUrl }) => byUrl.get(webUrl),
      provider: (_, { domain }) => byDomain.get(domain),
      topic: (_, { name }) => byName.get(name),
    },
    Article: { related: (article, { first }) => article.related.slice(0, first) },
    Provider: { articles: ownArticles },
    Topic: { articles: ownArticles },
  },
  jit: 1,
  graphiql: false,
});
app.listen({ host: "127.0.0.1", port: 0 }).then(() => console.log(app.server.address().port));
process.stdin.on("end", () => process.exit(0)).resume();

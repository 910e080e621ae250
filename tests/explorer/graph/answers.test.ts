import assert from "node:assert/strict";
import test from "node:test";

import { nodeOf, partOfList, partOfPaths, type NodeAnswer } from "../../../api/pages/sources/src/explorer/graph/answers.ts";

const HUBS = new Set(["t_sea"]);
const metrics = { inDegree: 2, outDegree: 3, pageRank: 0.5, community: 4 };
const sea = { id: "t_sea", label: "Sea" };
const harbour = { id: "t_harbour", label: "Harbour" };
const post = { id: "p_post", label: "Post" };

function article(id: string, more: Partial<NodeAnswer> = {}): NodeAnswer {
  return { __typename: "Article", id, label: id, publishedDateTime: null, provider: post, topics: [sea, harbour], metrics, ...more };
}

test("an article's topic is the first that is no hub", () => {
  const found = nodeOf(article("a_1"), HUBS);
  assert.deepEqual([found.kind, found.degree, found.topic, found.provider, found.isHub], ["ARTICLE", 5, harbour, post, false]);
  assert.deepEqual(nodeOf(article("a_1", { topics: [sea] }), HUBS).topic, sea);
  const topic = nodeOf({ __typename: "Topic", ...sea, metrics }, HUBS);
  assert.deepEqual([topic.isHub, topic.topic, topic.community], [true, null, 4]);
  assert.equal(nodeOf({ __typename: "Story", id: "s_1", label: "S", articleCount: 7 }, HUBS).degree, 7);
});

test("a list brings the edges within it, and the providers and topics that several of it have", () => {
  const listed = [
    { ...article("a_1"), related: { nodes: [{ id: "a_2" }, { id: "a_far" }] }, links: { nodes: [] } },
    { ...article("a_2", { topics: [sea] }), related: { nodes: [] }, links: { nodes: [{ id: "a_1" }] } },
  ];
  const part = partOfList(listed, 5, HUBS);
  assert.deepEqual(part.nodes.map(({ id }) => id), ["a_1", "a_2", "p_post", "t_sea"]);
  assert.deepEqual(part.edges.map(({ key }) => key).sort(), [
    "ABOUT a_1 t_sea",
    "ABOUT a_2 t_sea",
    "LINKS_TO a_2 a_1",
    "PUBLISHED_BY a_1 p_post",
    "PUBLISHED_BY a_2 p_post",
    "RELATED_TO a_1 a_2",
  ]);
  assert.ok(part.isTruncated);
});

test("the steps of a path become edges in their own direction", () => {
  const step = { kind: "PUBLISHED_BY", position: 1 } as const;
  const part = partOfPaths(
    {
      from: article("a_1"),
      to: article("a_2"),
      paths: {
        skippedHubs: [sea],
        paths: [
          {
            nodes: [article("a_1"), { __typename: "Provider", ...post, metrics }, article("a_2")],
            edges: [
              { ...step, direction: "OUT", source: { id: "a_1" }, target: { id: "p_post" } },
              { ...step, direction: "IN", source: { id: "p_post" }, target: { id: "a_2" } },
            ],
          },
        ],
      },
    },
    HUBS,
  );
  assert.deepEqual(part.edges.map(({ key }) => key), ["PUBLISHED_BY a_1 p_post", "PUBLISHED_BY a_2 p_post"]);
  assert.deepEqual(part.nodes.map(({ id }) => id), ["a_1", "a_2", "p_post"]);
});

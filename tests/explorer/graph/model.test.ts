import assert from "node:assert/strict";
import test from "node:test";

import { countKinds, edgesByNode, hangingTogether, modelOf, seenOf, unseenNeighbors } from "../../../api/pages/sources/src/explorer/graph/model.ts";
import { edge, node, part, storm } from "./samples.ts";

const NOTHING = { nodeKinds: new Set<never>(), edgeKinds: new Set<never>(), nodes: new Set<never>() };
const later = { ...part, nodes: [storm, node("a_new")], edges: [edge("LINKS_TO", "a_new", "a_storm"), part.edges[0]!] };

test("answers are put together, beginnings first, then the latest, each node and edge once", () => {
  const model = modelOf([part, later], ["t_sea", "a_unknown"]);
  assert.deepEqual([...model.nodes.keys()], ["t_sea", "a_storm", "a_new", "a_wave", "p_post"]);
  assert.equal(model.edges.size, 5);
});

test("hidden kinds and nodes take their edges with them", () => {
  const hidden = { nodeKinds: new Set(["TOPIC"] as const), edgeKinds: new Set(["RELATED_TO"] as const), nodes: new Set(["a_wave"]) };
  const seen = seenOf(modelOf([part], []), hidden);
  assert.deepEqual(seen.nodes.map(({ id }) => id), ["a_storm", "p_post"]);
  assert.deepEqual(seen.edges.map(({ key }) => key), ["PUBLISHED_BY a_storm p_post"]);
  assert.deepEqual([seen.moreNodes, seen.moreEdges], [0, 0]);
});

test("what does not fit is counted, and an edge is only drawn between nodes that are", () => {
  const seen = seenOf(modelOf([part], []), NOTHING, 3, 2);
  assert.deepEqual([seen.nodes.length, seen.edges.length, seen.moreNodes, seen.moreEdges], [3, 2, 1, 1]);
});

test("nodes are counted by kind, edges found by node, and what is not seen of a node is told", () => {
  assert.deepEqual([...countKinds(part.nodes)], [["ARTICLE", 2], ["PROVIDER", 1], ["TOPIC", 1]]);
  const edges = edgesByNode(part.edges);
  assert.equal(edges.get("a_storm")!.length, 3);
  assert.equal(unseenNeighbors(node("p_post", { degree: 9 }), edges.get("p_post")!), 7);
  assert.equal(unseenNeighbors(node("s_1", { kind: "STORY", degree: 9 }), []), 0);
});

test("of many nodes those are chosen that hang together, beginning with the root, and not by way of hubs", () => {
  const hub = node("p_hub", { kind: "PROVIDER", isHub: true });
  const nodes = [hub, ...["a", "b", "c", "d", "e"].map((id) => node(id))];
  const edges = [...nodes.slice(1).map(({ id }) => edge("PUBLISHED_BY", id, "p_hub")), edge("RELATED_TO", "d", "e"), edge("LINKS_TO", "d", "e")];
  const whole = { ...part, nodes, edges };
  assert.deepEqual(hangingTogether(whole, "e", 3).map(({ id }) => id), ["e", "p_hub", "d"]);
  assert.deepEqual(hangingTogether(whole, "no such", 2).map(({ id }) => id), ["p_hub", "d"]);
  assert.equal(hangingTogether(whole, "e", 99).length, 6);
});

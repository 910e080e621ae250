import assert from "node:assert/strict";
import test from "node:test";

import { colouring, sizes } from "../../../api/pages/sources/src/explorer/graph/appearance.ts";
import { node, part, post, sea, storm, wave } from "./samples.ts";

const names = { kind: (kind: string) => kind.toLowerCase(), community: (value: number) => `Community ${value}` };

test("kinds have their own colours, the most frequent first in the legend", () => {
  const { groups, tokenOf } = colouring(part.nodes, "kind", names);
  assert.deepEqual(groups.map(({ label, token, count }) => [label, token, count]), [
    ["article", "--kind-article", 2],
    ["provider", "--kind-provider", 1],
    ["topic", "--kind-topic", 1],
  ]);
  assert.equal(tokenOf(sea), "--kind-topic");
});

test("articles have the colour of their provider, which has it too; the rest is one group", () => {
  const { groups, tokenOf } = colouring(part.nodes, "provider", names);
  assert.deepEqual(groups.map(({ label, count }) => [label, count]), [["Post", 3], [null, 1]]);
  assert.equal(tokenOf(storm), tokenOf(post));
  assert.notEqual(tokenOf(sea), tokenOf(post));
});

test("topics colour what is about them, and hubs are in no community", () => {
  assert.deepEqual(colouring(part.nodes, "topic", names).groups.map(({ key, count }) => [key, count]), [["t_sea", 2], ["others", 2]]);
  const { groups } = colouring([storm, post, sea, wave], "community", names);
  assert.deepEqual(groups.map(({ label, count }) => [label, count]), [["Community 0", 2], [null, 2]]);
});

test("no more groups have colours than can be told apart", () => {
  const many = Array.from({ length: 30 }, (_, index) => node(`a_${index}`, { community: index % 15 }));
  const { groups } = colouring(many, "community", names);
  assert.equal(groups.length, 8);
  assert.equal(groups.at(-1)!.count, 16);
  assert.equal(new Set(groups.map(({ token }) => token)).size, 8);
});

test("sizes grow with the measure; a hub is as large as the largest, and does not make the others small", () => {
  const found = sizes(part.nodes, "degree");
  assert.equal(found.get("t_sea"), found.get("p_post"));
  assert.ok(found.get("a_wave")! < found.get("a_storm")! && found.get("a_storm")! < found.get("p_post")!);
  assert.equal(sizes([node("a_1", { degree: 0, pageRank: 0 })], "pagerank").get("a_1"), 4);
});

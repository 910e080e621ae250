import assert from "node:assert/strict";
import test from "node:test";

import { arrange, type LayoutTask, startingPoints } from "../../../api/pages/sources/src/explorer/graph/layout.ts";

function ring(count: number): LayoutTask {
  const nodes = Array.from({ length: count }, (_, index) => ({ id: `n${index}`, size: 8, isHub: false }));
  return { nodes, edges: nodes.map(({ id }, index) => ({ source: id, target: `n${(index + 1) % count}` })), before: {} };
}

test("the same nodes and edges make the same picture", () => {
  assert.deepEqual(arrange(ring(40)), arrange(ring(40)));
});

test("no two nodes touch, and neighbors are nearer than others", () => {
  const places = Object.values(arrange(ring(40)));
  const distance = (one: number, other: number) => Math.hypot(places[one]!.x - places[other]!.x, places[one]!.y - places[other]!.y);
  for (let one = 0; one < 40; one += 1) for (let other = 0; other < one; other += 1) assert.ok(distance(one, other) > 15.9);
  assert.ok(distance(0, 1) < distance(0, 20));
});

test("hubs stand outside, each in a place of its own", () => {
  const { nodes, edges } = ring(20);
  const hubs = Array.from({ length: 8 }, (_, index) => ({ id: `hub${index}`, size: 17, isHub: true }));
  const spokes = hubs.flatMap((hub) => nodes.map(({ id }) => ({ source: id, target: hub.id })));
  const places = arrange({ nodes: [...nodes, ...hubs], edges: [...edges, ...spokes], before: {} });
  const far = Math.max(...nodes.map(({ id }) => Math.hypot(places[id]!.x, places[id]!.y)));
  assert.ok(hubs.every(({ id }) => Math.hypot(places[id]!.x, places[id]!.y) > far));
  assert.equal(new Set(hubs.map(({ id }) => JSON.stringify(places[id]))).size, 8);
});

test("a picture of hubs alone, of one node and of nothing has places too", () => {
  const alone = [{ id: "a", size: 5, isHub: true }];
  assert.deepEqual(Object.keys(arrange({ nodes: alone, edges: [], before: {} })), ["a"]);
  assert.deepEqual(arrange({ nodes: [], edges: [], before: {} }), {});
  for (const { x, y } of Object.values(arrange({ ...ring(5), edges: [] }))) assert.ok(Number.isFinite(x) && Number.isFinite(y));
});

test("what was there begins where it was, and a newcomer at its neighbor", () => {
  const before = { old: { x: 500, y: -300 } };
  const places = startingPoints([{ id: "old" }, { id: "new" }], [{ source: "new", target: "old" }], before);
  assert.deepEqual(places["old"], before.old);
  assert.ok(Math.hypot(places["new"]!.x - 500, places["new"]!.y + 300) < 62);
});

test("a picture lies rather than stands", () => {
  const nodes = Array.from({ length: 30 }, (_, index) => ({ id: `n${index}`, size: 5, isHub: false }));
  const chain = nodes.slice(1).map(({ id }, index) => ({ source: `n${index}`, target: id }));
  const places = Object.values(arrange({ nodes, edges: chain, before: {} }));
  const span = (of: (place: { x: number; y: number }) => number) => Math.max(...places.map(of)) - Math.min(...places.map(of));
  assert.ok(span(({ x }) => x) > span(({ y }) => y));
});

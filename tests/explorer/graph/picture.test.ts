import assert from "node:assert/strict";
import test from "node:test";

import { labelsOf, type Mark, shortened } from "../../../api/pages/sources/src/explorer/graph/picture.ts";
import { node } from "./samples.ts";

const options = { width: 400, height: 300, fontSize: 12, mostLetters: 20, mostLabels: 50, first: ["n3"] };

test("labels overlap neither each other nor the rim, and what comes first has one", () => {
  const marks: Mark[] = Array.from({ length: 40 }, (_, index) => ({
    node: node(`n${index}`),
    x: 30 + ((index * 37) % 340),
    y: 20 + ((index * 53) % 260),
    radius: 4 + (index % 5),
    token: "--ink",
  }));
  const labels = labelsOf(marks, options);
  assert.equal(labels[0]!.id, "n3");
  assert.ok(labels.length > 5 && labels.length < 40);
  const boxes = labels.map(({ text, x, y, anchor }) => {
    const length = text.length * 12 * 0.6;
    const left = anchor === "start" ? x : anchor === "end" ? x - length : x - length / 2;
    return { left, right: left + length, top: y - 7.8, bottom: y + 7.8 };
  });
  boxes.forEach((one, index) => {
    assert.ok(one.left >= 0 && one.right <= 400);
    for (const other of boxes.slice(0, index)) {
      assert.ok(one.right <= other.left || other.right <= one.left || one.bottom <= other.top || other.bottom <= one.top);
    }
  });
});

test("long texts end in an ellipsis, between words where that is near", () => {
  assert.equal(shortened("Storm", 10), "Storm");
  assert.equal(shortened("Storm over the northern sea", 16), "Storm over the…");
  assert.equal(shortened("Donaudampfschifffahrt", 10), "Donaudamp…");
  assert.equal(shortened("🌊🌊🌊🌊", 3), "🌊🌊…");
});

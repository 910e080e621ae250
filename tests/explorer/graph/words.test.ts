import assert from "node:assert/strict";
import test from "node:test";

import { EDGE_KINDS } from "../../../api/pages/sources/src/explorer/graph/model.ts";
import { enumerated, sentence } from "../../../api/pages/sources/src/explorer/graph/words.ts";
import { edge, part, post, sea, storm, wave } from "./samples.ts";

test("edges say in words why two nodes are connected", () => {
  assert.equal(sentence(part.edges[0]!, storm, wave), "“Storm” names “Wave” as related, number 2 of its list.");
  assert.equal(sentence(part.edges[1]!, storm, post), "Post published “Storm”.");
  assert.equal(sentence(part.edges[3]!, storm, sea), "“Storm” is about Sea & “sky”.");
  for (const kind of EDGE_KINDS) {
    const said = sentence(edge(kind, storm.id, wave.id, null), storm, wave);
    assert.match(said, /Storm.*Wave|Wave.*Storm/);
    assert.match(said, /\.$/);
  }
});

test("names stand in a row", () => {
  assert.equal(enumerated([post]), "Post");
  assert.equal(enumerated([post, storm, wave]), "Post, Storm, and Wave");
});

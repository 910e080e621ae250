import assert from "node:assert/strict";
import test from "node:test";

import { parametersOf, PLAIN_VIEW, type View, viewOf } from "../../../api/pages/sources/src/explorer/graph/view.ts";

function throughAddress(view: View): View {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(parametersOf(view))) if (value !== null) parameters.set(name, value);
  return viewOf(parameters);
}

const STARTS: View["start"][] = [
  { from: "nowhere" },
  { from: "node", id: "a_1" },
  { from: "story", id: "s_1" },
  { from: "search", text: "“storm tide” & more" },
  { from: "filter", filter: '{"topics":{"some":{"slug":{"eq":"sea"}}}}' },
  { from: "path", source: "a_1", target: "t_1", throughHubs: true },
];

test("an address brings back the view that it was made of", () => {
  for (const start of STARTS) {
    const view: View = {
      start,
      opened: ["a_2", "p_1"],
      without: ["t_9"],
      hiddenNodeKinds: ["TOPIC"],
      hiddenEdgeKinds: ["RELATED_TO", "NEAR"],
      colourBy: "community",
      sizeBy: "pagerank",
      selected: "a_2",
    };
    assert.deepEqual(throughAddress(view), view);
  }
  assert.deepEqual(throughAddress(PLAIN_VIEW), PLAIN_VIEW);
});

test("what an address says wrongly is left out", () => {
  const view = viewOf(new URLSearchParams("filter=[1&hide=nonsense+topic&colour=smell&size=&open=a_1+a_1&from=a_1"));
  assert.deepEqual(view, { ...PLAIN_VIEW, opened: ["a_1"], hiddenNodeKinds: ["TOPIC"] });
});

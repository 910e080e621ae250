// Writes what the Graph page saves of the small graph into a folder: `node exports.mjs FOLDER`.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { colouring, sizes } from "../../../api/pages/sources/src/explorer/graph/appearance.ts";
import { gexf } from "../../../api/pages/sources/src/explorer/graph/exports/gexf.ts";
import { graphml } from "../../../api/pages/sources/src/explorer/graph/exports/graphml.ts";
import { svg } from "../../../api/pages/sources/src/explorer/graph/exports/svg.ts";
import { node, part } from "./samples.ts";

const odd = node("a_odd", { label: 'A "<b>" & \u0007\uD800 line\nbreak 🌊' });
const nodes = [...part.nodes, odd];
const exported = {
  seen: { nodes, edges: part.edges, moreNodes: 0, moreEdges: 0 },
  positions: Object.fromEntries(nodes.map(({ id }, index) => [id, { x: index * 100.123, y: -index }])),
  sizes: sizes(nodes, "degree"),
  colours: colouring(nodes, "kind", { kind: (kind) => kind, community: String }),
  colourOf: () => "#0a64ff",
  addressOf: (id) => `https://news.example/#/node/${id}?a=1&b=2`,
  title: "Storm & <wave>",
};
const inks = { paper: "#ffffff", ink: "#000000", soft: "#555555", line: "#bbbbbb" };

const folder = process.argv[2];
writeFileSync(join(folder, "seen.graphml"), graphml(exported));
writeFileSync(join(folder, "seen.gexf"), gexf(exported));
writeFileSync(join(folder, "seen.svg"), svg(exported, inks, "Others"));

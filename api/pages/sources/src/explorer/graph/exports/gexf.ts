// GEXF 1.2, which every reader knows, of what is seen, with its places, sizes and colours.
import { element, escaped } from "../xml.ts";
import { components, type Exported, rounded } from "./whole.ts";

const NODE_ATTRIBUTES = ["kind", "url", "published", "degree", "pageRank", "community", "hub"] as const;
const TYPES: Record<string, string> = { degree: "integer", pageRank: "double", community: "integer", hub: "boolean", position: "integer" };

export function gexf({ seen, positions, sizes, colours, colourOf, addressOf, title }: Exported): string {
  const nodes = seen.nodes.map((node) => {
    const [r, g, b] = components(colourOf(colours.tokenOf(node)));
    const { x, y } = positions[node.id] ?? { x: 0, y: 0 };
    const values = [node.kind, addressOf(node.id), node.date, node.degree, node.pageRank, node.community, node.isHub];
    const content = [
      element("attvalues", {}, attributeValues(values)),
      element("viz:color", { r, g, b }),
      element("viz:position", { x: rounded(x), y: rounded(y), z: 0 }),
      element("viz:size", { value: rounded(sizes.get(node.id) ?? 1) }),
    ];
    return element("node", { id: node.id, label: node.label }, content.join(""));
  });
  const edges = seen.edges.map(({ key, source, target, kind, position }) =>
    element("edge", { id: key, source, target, label: kind }, element("attvalues", {}, attributeValues([position]))),
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<gexf xmlns="http://www.gexf.net/1.2draft" xmlns:viz="http://www.gexf.net/1.2draft/viz" version="1.2">',
    element("meta", {}, element("description", {}, escaped(title))),
    '<graph mode="static" defaultedgetype="directed">',
    element("attributes", { class: "node" }, declarations(NODE_ATTRIBUTES)),
    element("attributes", { class: "edge" }, declarations(["position"])),
    `<nodes>\n${nodes.join("\n")}\n</nodes>`,
    `<edges>\n${edges.join("\n")}\n</edges>`,
    "</graph>",
    "</gexf>",
    "",
  ].join("\n");
}

function declarations(names: readonly string[]): string {
  return names.map((title, id) => element("attribute", { id, title, type: TYPES[title] ?? "string" })).join("");
}

function attributeValues(values: readonly (string | number | boolean | null)[]): string {
  return values
    .map((value, index) => (value === null ? "" : element("attvalue", { for: index, value: String(value) })))
    .join("");
}

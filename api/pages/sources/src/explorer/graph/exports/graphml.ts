// GraphML of what is seen, with its places, sizes and colours by the names that Gephi, yEd's importers and Cytoscape take.
import { element, escaped } from "../xml.ts";
import { components, type Exported, rounded } from "./whole.ts";

type Values = Record<string, string | number | boolean | null>;

const NODE_TYPES = {
  label: "string",
  kind: "string",
  url: "string",
  published: "string",
  degree: "int",
  pageRank: "double",
  community: "int",
  hub: "boolean",
  x: "double",
  y: "double",
  size: "double",
  r: "int",
  g: "int",
  b: "int",
} as const;

const EDGE_TYPES = { relation: "string", position: "int" } as const;

export function graphml({ seen, positions, sizes, colours, colourOf, addressOf }: Exported): string {
  const nodes = seen.nodes.map((node) => {
    const [r, g, b] = components(colourOf(colours.tokenOf(node)));
    const { x, y } = positions[node.id] ?? { x: 0, y: 0 };
    const values: Record<keyof typeof NODE_TYPES, string | number | boolean | null> = {
      label: node.label,
      kind: node.kind,
      url: addressOf(node.id),
      published: node.date,
      degree: node.degree,
      pageRank: node.pageRank,
      community: node.community,
      hub: node.isHub,
      x: rounded(x),
      y: rounded(y),
      size: rounded(sizes.get(node.id) ?? 1),
      r,
      g,
      b,
    };
    return element("node", { id: node.id }, data(values));
  });
  const edges = seen.edges.map(({ key, source, target, kind, position }) =>
    element("edge", { id: key, source, target }, data({ relation: kind, position })),
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
    ...keys("node", NODE_TYPES),
    ...keys("edge", EDGE_TYPES),
    '<graph edgedefault="directed">',
    ...nodes,
    ...edges,
    "</graph>",
    "</graphml>",
    "",
  ].join("\n");
}

function keys(owner: string, types: Record<string, string>): string[] {
  return Object.entries(types).map(([name, type]) =>
    element("key", { id: name, for: owner, "attr.name": name, "attr.type": type }),
  );
}

function data(values: Values): string {
  return Object.entries(values)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `<data key="${key}">${escaped(String(value))}</data>`)
    .join("");
}

// What the address says of the Graph page: where the picture begins, what was opened, how it looks.
import { EDGE_KINDS, NODE_KINDS, type EdgeKind, type NodeKind } from "./model.ts";

export const COLOURS = ["kind", "community", "topic", "provider"] as const;
export type ColourBy = (typeof COLOURS)[number];

export const SIZES = ["degree", "pagerank"] as const;
export type SizeBy = (typeof SIZES)[number];

/** Where a picture begins. */
export type Start =
  | { from: "nowhere" }
  | { from: "node"; id: string }
  | { from: "story"; id: string }
  | { from: "search"; text: string }
  /** An `ArticleFilter` as JSON. */
  | { from: "filter"; filter: string }
  | { from: "path"; source: string; target: string; throughHubs: boolean };

export interface View {
  start: Start;
  /** Ids of the nodes whose neighbors were asked for besides, in this order. */
  opened: string[];
  /** Ids of single nodes that were taken out. */
  without: string[];
  hiddenNodeKinds: NodeKind[];
  hiddenEdgeKinds: EdgeKind[];
  colourBy: ColourBy;
  sizeBy: SizeBy;
  /** The id of the node that the side panel tells of. */
  selected: string | null;
}

/** What an address that says nothing means. */
export const PLAIN_VIEW: View = {
  start: { from: "nowhere" },
  opened: [],
  without: [],
  hiddenNodeKinds: [],
  hiddenEdgeKinds: [],
  colourBy: "kind",
  sizeBy: "degree",
  selected: null,
};

/** The view that the parameters of an address mean; what they say wrongly is left out. */
export function viewOf(parameters: URLSearchParams): View {
  return {
    start: startOf(parameters),
    opened: listOf(parameters.get("open")),
    without: listOf(parameters.get("without")),
    hiddenNodeKinds: known(NODE_KINDS, listOf(parameters.get("hide"))),
    hiddenEdgeKinds: known(EDGE_KINDS, listOf(parameters.get("hide"))),
    colourBy: known(COLOURS, [parameters.get("colour") ?? ""])[0] ?? PLAIN_VIEW.colourBy,
    sizeBy: known(SIZES, [parameters.get("size") ?? ""])[0] ?? PLAIN_VIEW.sizeBy,
    selected: parameters.get("selected"),
  };
}

/** The parameters of the address of a view; what is as usual is null and not in the address. */
export function parametersOf(view: View): Record<string, string | null> {
  const { start } = view;
  return {
    node: start.from === "node" ? start.id : null,
    story: start.from === "story" ? start.id : null,
    q: start.from === "search" ? start.text : null,
    filter: start.from === "filter" ? start.filter : null,
    from: start.from === "path" ? start.source : null,
    to: start.from === "path" ? start.target : null,
    hubs: start.from === "path" && start.throughHubs ? "through" : null,
    open: view.opened.join(" ") || null,
    without: view.without.join(" ") || null,
    hide: [...view.hiddenNodeKinds, ...view.hiddenEdgeKinds].join(" ").toLowerCase() || null,
    colour: view.colourBy === PLAIN_VIEW.colourBy ? null : view.colourBy,
    size: view.sizeBy === PLAIN_VIEW.sizeBy ? null : view.sizeBy,
    selected: view.selected,
  };
}

function startOf(parameters: URLSearchParams): Start {
  const [source, target] = [parameters.get("from"), parameters.get("to")];
  if (source !== null && target !== null) {
    return { from: "path", source, target, throughHubs: parameters.get("hubs") === "through" };
  }
  const id = parameters.get("node");
  if (id) return { from: "node", id };
  const story = parameters.get("story");
  if (story) return { from: "story", id: story };
  const text = parameters.get("q");
  if (text) return { from: "search", text };
  const filter = parameters.get("filter");
  if (filter && isObject(filter)) return { from: "filter", filter };
  return PLAIN_VIEW.start;
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function listOf(text: string | null): string[] {
  return [...new Set((text ?? "").split(" ").filter(Boolean))];
}

/** Those of the words that are in the list, as the list writes them. */
function known<T extends string>(all: readonly T[], words: readonly string[]): T[] {
  const lower = new Set(words.map((word) => word.toLowerCase()));
  return all.filter((one) => lower.has(one.toLowerCase()));
}

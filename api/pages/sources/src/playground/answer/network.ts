// The nodes that an answer names by their ids, and how it connects them.
import { edgeKey, type GraphEdge, type GraphNode, type NodeKind } from "../../explorer/graph/model";
import { isRecord, labelIn } from "./lists";

/** How ids begin, by the kind of node. */
const KINDS: Record<string, NodeKind> = { a: "ARTICLE", p: "PROVIDER", t: "TOPIC", h: "PERSON", s: "STORY" };
const ID = /^([apths])_[a-z2-7]{16}$/;

export interface Network {
  nodes: GraphNode[];
  edges: GraphEdge[];
}

/** Two nodes are connected where one stands within the other, or where an edge names both. */
export function networkIn(answer: unknown): Network {
  const labels = new Map<string, string>();
  const edges = new Map<string, GraphEdge>();
  const connect = (source: string, target: string) => {
    // Which kind of edge it is, the answer need not say; the picture shows them alike.
    const key = edgeKey("RELATED_TO", source, target);
    if (source !== target) edges.set(key, { key, source, target, kind: "RELATED_TO", position: null });
  };
  const walk = (value: unknown, owner: string | null): void => {
    if (Array.isArray(value)) for (const item of value) walk(item, owner);
    if (!isRecord(value)) return;
    const id = idOf(value);
    if (id) {
      labels.set(id, labelIn(value) ?? labels.get(id) ?? id);
      if (owner) connect(owner, id);
    }
    const [source, target] = [idOf(value["source"]), idOf(value["target"])];
    if (source && target) connect(source, target);
    for (const [key, child] of Object.entries(value)) {
      const isEnd = source && target && (key === "source" || key === "target");
      walk(child, isEnd ? null : (id ?? owner));
    }
  };
  if (isRecord(answer)) walk(answer["data"], null);
  return { nodes: nodesOf(labels, [...edges.values()]), edges: [...edges.values()] };
}

function idOf(value: unknown): string | null {
  const id = isRecord(value) ? value["id"] : null;
  return typeof id === "string" && ID.test(id) ? id : null;
}

function nodesOf(labels: ReadonlyMap<string, string>, edges: readonly GraphEdge[]): GraphNode[] {
  const degrees = new Map<string, number>();
  for (const id of edges.flatMap(({ source, target }) => [source, target])) degrees.set(id, (degrees.get(id) ?? 0) + 1);
  return [...labels].map(([id, label]) => ({
    id,
    label,
    kind: KINDS[id.charAt(0)] ?? "ARTICLE",
    degree: degrees.get(id) ?? 0,
    pageRank: 0,
    community: null,
    isHub: false,
    date: null,
    provider: null,
    topic: null,
  }));
}

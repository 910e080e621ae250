// What is seen on the Graph page: nodes and edges of several answers of the API, put together, without what is hidden and within bounds.

export const NODE_KINDS = ["ARTICLE", "STORY", "TOPIC", "PROVIDER", "PERSON"] as const;
export type NodeKind = (typeof NODE_KINDS)[number];

export const EDGE_KINDS = [
  "RELATED_TO",
  "LINKS_TO",
  "PUBLISHED_BY",
  "ABOUT",
  "WRITTEN_BY",
  "PART_OF",
  "TRANSLATION_OF",
  "BROADER",
  "NEAR",
] as const;
export type EdgeKind = (typeof EDGE_KINDS)[number];

/** What a picture may hold and still be read. */
export const MOST_NODES = 300;
export const MOST_EDGES = 3000;

export interface Named {
  id: string;
  label: string;
}

export interface GraphNode extends Named {
  kind: NodeKind;
  /** Its edges of all kinds in the whole graph. */
  degree: number;
  pageRank: number;
  /** The number of its community in the whole graph; null for a story, which is in none. */
  community: number | null;
  isHub: boolean;
  /** When an article was published, in ISO 8601. */
  date: string | null;
  /** Of an article. */
  provider: Named | null;
  /** The first topic of an article that is no hub, else its first. */
  topic: Named | null;
}

export interface GraphEdge {
  /** The same for the same edge in every answer. */
  key: string;
  source: string;
  target: string;
  kind: EdgeKind;
  /** Its place among the edges of this kind of its source, from 1. */
  position: number | null;
}

/** One answer of the API as nodes and edges. */
export interface Part {
  nodes: GraphNode[];
  edges: GraphEdge[];
  /** Whether the service left something out. */
  isTruncated: boolean;
  skippedHubs: Named[];
}

/** What several answers say together, each node and edge once. */
export interface Model {
  /** In the order in which they are dropped where there are too many, last first. */
  nodes: ReadonlyMap<string, GraphNode>;
  edges: ReadonlyMap<string, GraphEdge>;
}

export interface Hidden {
  nodeKinds: ReadonlySet<NodeKind>;
  edgeKinds: ReadonlySet<EdgeKind>;
  /** Single nodes. */
  nodes: ReadonlySet<string>;
}

export interface Seen {
  nodes: GraphNode[];
  edges: GraphEdge[];
  /** How many nodes and edges there is no room for. */
  moreNodes: number;
  moreEdges: number;
}

/** The key of an edge. */
export function edgeKey(kind: EdgeKind, source: string, target: string): string {
  return `${kind} ${source} ${target}`;
}

/** The answers put together: what `roots` names comes first, then the latest answer, the earliest last. */
export function modelOf(parts: readonly Part[], roots: readonly string[]): Model {
  const nodes = new Map<string, GraphNode>();
  const edges = new Map<string, GraphEdge>();
  const known = new Map(parts.flatMap((part) => part.nodes.map((node) => [node.id, node])));
  for (const id of roots) {
    const node = known.get(id);
    if (node) nodes.set(id, node);
  }
  for (const part of [...parts].reverse()) {
    for (const node of part.nodes) if (!nodes.has(node.id)) nodes.set(node.id, node);
    for (const edge of part.edges) if (!edges.has(edge.key)) edges.set(edge.key, edge);
  }
  return { nodes, edges };
}

/** What a picture shows of a model. */
export function seenOf(model: Model, hidden: Hidden, mostNodes = MOST_NODES, mostEdges = MOST_EDGES): Seen {
  const wanted = [...model.nodes.values()].filter((node) => !hidden.nodeKinds.has(node.kind) && !hidden.nodes.has(node.id));
  const nodes = wanted.slice(0, mostNodes);
  const ids = new Set(nodes.map((node) => node.id));
  const between = [...model.edges.values()].filter(
    (edge) => !hidden.edgeKinds.has(edge.kind) && ids.has(edge.source) && ids.has(edge.target),
  );
  const edges = between.slice(0, mostEdges);
  return { nodes, edges, moreNodes: wanted.length - nodes.length, moreEdges: between.length - edges.length };
}

/** How many of a model there are of each kind, hidden ones too; kinds that there are none of are left out. */
export function countKinds<K>(items: Iterable<{ kind: K }>): Map<K, number> {
  const counts = new Map<K, number>();
  for (const { kind } of items) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** The edges of each node, by its id. */
export function edgesByNode(edges: readonly GraphEdge[]): Map<string, GraphEdge[]> {
  const found = new Map<string, GraphEdge[]>();
  for (const edge of edges) {
    for (const id of edge.source === edge.target ? [edge.source] : [edge.source, edge.target]) {
      const list = found.get(id);
      if (list) list.push(edge);
      else found.set(id, [edge]);
    }
  }
  return found;
}

/** How many of its neighbors in the whole graph are not among those seen; 0 for a story, whose edges are those of its articles. */
export function unseenNeighbors(node: GraphNode, edges: readonly GraphEdge[]): number {
  return node.kind === "STORY" ? 0 : Math.max(0, node.degree - edges.length);
}

/** So many nodes that hang together: the root, else the one with most edges, and then always the neighbor with most edges. */
export function hangingTogether({ nodes, edges }: Part, root: string, most: number): GraphNode[] {
  const ofNode = edgesByNode(edges);
  const rest = new Map(
    [...nodes]
      .sort((one, other) => (ofNode.get(other.id)?.length ?? 0) - (ofNode.get(one.id)?.length ?? 0))
      .map((node) => [node.id, node]),
  );
  const rim = new Set([root]);
  const chosen: GraphNode[] = [];
  while (chosen.length < most && rest.size > 0) {
    const values = [...rest.values()];
    const next = values.find(({ id }) => rim.has(id)) ?? values[0]!;
    rest.delete(next.id);
    chosen.push(next);
    for (const { source, target } of next.isHub && next.id !== root ? [] : (ofNode.get(next.id) ?? [])) rim.add(source).add(target);
  }
  return chosen;
}

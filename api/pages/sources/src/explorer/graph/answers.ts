// What the API answers, as nodes and edges of a picture.
import { edgeKey, type EdgeKind, type GraphEdge, type GraphNode, type Named, type NodeKind, type Part } from "./model.ts";

interface Metrics {
  inDegree: number;
  outDegree: number;
  pageRank: number;
  community: number;
}

/** The fragment `GraphNode`, of whatever type. */
export interface NodeAnswer extends Named {
  __typename: "Article" | "Provider" | "Topic" | "Person" | "Story";
  publishedDateTime?: string | null;
  provider?: Named | null;
  topics?: Named[];
  metrics?: Metrics;
  articleCount?: number;
}

interface EdgeAnswer {
  kind: EdgeKind;
  position: number | null;
  source: { id: string };
  target: { id: string };
}

/** The fragment `GraphPart`. */
export interface PartAnswer {
  nodes: { node: NodeAnswer }[];
  edges: EdgeAnswer[];
  skippedHubs: Named[];
  truncated: boolean;
}

/** A node of a list, with what `GraphEdgesOfArticle` says of an article. */
export interface ListedAnswer extends NodeAnswer {
  related?: { nodes: { id: string }[] };
  links?: { nodes: { id: string }[] };
}

/** The answer for two nodes and the ways between them. */
export interface PathsAnswer {
  from: NodeAnswer | null;
  to: NodeAnswer | null;
  paths: {
    skippedHubs: Named[];
    paths: { nodes: NodeAnswer[]; edges: (EdgeAnswer & { direction: "OUT" | "IN" | "BOTH" })[] }[];
  };
}

export type Hubs = ReadonlySet<string>;

export function nodeOf(answer: NodeAnswer, hubs: Hubs): GraphNode {
  const { id, label, metrics, topics = [] } = answer;
  return {
    id,
    label,
    kind: answer.__typename.toUpperCase() as NodeKind,
    degree: metrics ? metrics.inDegree + metrics.outDegree : (answer.articleCount ?? 0),
    pageRank: metrics?.pageRank ?? 0,
    community: metrics?.community ?? null,
    isHub: hubs.has(id),
    date: answer.publishedDateTime ?? null,
    provider: answer.provider ?? null,
    topic: topics.find((topic) => !hubs.has(topic.id)) ?? topics[0] ?? null,
  };
}

export function partOf(answer: PartAnswer, hubs: Hubs): Part {
  return {
    nodes: answer.nodes.map(({ node }) => nodeOf(node, hubs)),
    edges: answer.edges.map((edge) => edgeOf(edge.kind, edge.source.id, edge.target.id, edge.position)),
    isTruncated: answer.truncated,
    skippedHubs: answer.skippedHubs,
  };
}

/** Several answers about the same node as one. */
export function together(first: Part, second: Part): Part {
  return {
    nodes: [...new Map([...first.nodes, ...second.nodes].map((node) => [node.id, node])).values()],
    edges: [...new Map([...first.edges, ...second.edges].map((edge) => [edge.key, edge])).values()],
    isTruncated: first.isTruncated || second.isTruncated,
    skippedHubs: [...new Map([...first.skippedHubs, ...second.skippedHubs].map((hub) => [hub.id, hub])).values()],
  };
}

/** A list of nodes with the edges between them; providers and topics come along that at least so many articles of it have. */
export function partOfList(answers: readonly ListedAnswer[], totalCount: number, hubs: Hubs, least = 2): Part {
  const nodes = new Map(answers.map((answer) => [answer.id, nodeOf(answer, hubs)]));
  const edges: GraphEdge[] = [];
  const shared = new Map<string, { named: Named; kind: "PROVIDER" | "TOPIC"; edges: GraphEdge[] }>();
  const share = (kind: "PROVIDER" | "TOPIC", named: Named, edge: GraphEdge) => {
    const known = shared.get(named.id) ?? { named, kind, edges: [] };
    known.edges.push(edge);
    shared.set(named.id, known);
  };
  for (const { id, provider, topics = [], related, links } of answers) {
    if (provider) share("PROVIDER", provider, edgeOf("PUBLISHED_BY", id, provider.id, 1));
    topics.forEach((topic, index) => share("TOPIC", topic, edgeOf("ABOUT", id, topic.id, index + 1)));
    related?.nodes.forEach((other, index) => {
      if (nodes.has(other.id)) edges.push(edgeOf("RELATED_TO", id, other.id, index + 1));
    });
    links?.nodes.forEach((other, index) => {
      if (nodes.has(other.id)) edges.push(edgeOf("LINKS_TO", id, other.id, index + 1));
    });
  }
  for (const { named, kind, edges: own } of shared.values()) {
    if (!nodes.has(named.id)) {
      if (own.length < least) continue;
      nodes.set(named.id, { ...plainNode(named, kind), degree: own.length, isHub: hubs.has(named.id) });
    }
    edges.push(...own);
  }
  return { nodes: [...nodes.values()], edges, isTruncated: totalCount > answers.length, skippedHubs: [] };
}

/** Both ends and all ways between them. */
export function partOfPaths(answer: PathsAnswer, hubs: Hubs): Part {
  const ends = [answer.from, answer.to].filter((node) => node !== null);
  const nodes = new Map([...ends, ...answer.paths.paths.flatMap((path) => path.nodes)].map((node) => [node.id, node]));
  const edges = answer.paths.paths.flatMap((path) =>
    path.edges.map(({ kind, direction, source, target, position }) =>
      direction === "IN" ? edgeOf(kind, target.id, source.id, position) : edgeOf(kind, source.id, target.id, position),
    ),
  );
  return {
    nodes: [...nodes.values()].map((node) => nodeOf(node, hubs)),
    edges,
    isTruncated: false,
    skippedHubs: answer.paths.skippedHubs,
  };
}

function edgeOf(kind: EdgeKind, source: string, target: string, position: number | null): GraphEdge {
  return { key: edgeKey(kind, source, target), kind, source, target, position };
}

function plainNode({ id, label }: Named, kind: NodeKind): GraphNode {
  return { id, label, kind, degree: 0, pageRank: 0, community: null, isHub: false, date: null, provider: null, topic: null };
}

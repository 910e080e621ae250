// What the Graph page asks the service: an operation for where the picture begins, and one for each node that was opened.
import { ask } from "../client/ask";
import type { Operation } from "../client/operation";
import { type Hubs, nodeOf, partOf, partOfList, partOfPaths, together } from "./answers";
import {
  GraphFromNodeOperation,
  GraphFromStoryOperation,
  type GraphFromStoryQuery,
  GraphNeighborsOperation,
  type GraphNeighborsQuery,
  GraphOfFilterOperation,
  type GraphOfFilterQueryVariables,
  GraphOfSearchOperation,
  GraphPathsOperation,
  type GraphPathsQuery,
} from "./graph.operations";
import type { GraphNode, Part } from "./model";
import type { Start } from "./view";

/** Entries of a list, and neighbors of a node that was opened, at most. */
export const PAGE = 100;
const MOST_WAYS = 5;

/** One of the shortest ways between two nodes. */
export interface Way {
  nodes: GraphNode[];
  /** A sentence for each step. */
  reasons: string[];
  edges: string[];
}

export interface Answered {
  part: Part;
  /** The node where the picture begins; null if there is no such node, or no single one. */
  node: GraphNode | null;
  /** Of a list: how many there are in all. */
  totalCount: number | null;
  ways: Way[];
  noPathReason: "DIFFERENT_COMPONENTS" | "ONLY_THROUGH_HUBS" | null;
}

export interface Request {
  /** The same for the same question. */
  key: string;
  load: (signal: AbortSignal) => Promise<Answered>;
  operation: Operation<unknown, object>;
  variables: object;
}

interface WithHubs {
  snapshot: { hubs: { id: string }[] };
}

const NOTHING: Answered = {
  part: { nodes: [], edges: [], isTruncated: false, skippedHubs: [] },
  node: null,
  totalCount: null,
  ways: [],
  noPathReason: null,
};

/** The question that a beginning asks; null where there is nothing to ask. */
export function requestOf(start: Start): Request | null {
  switch (start.from) {
    case "nowhere":
      return null;
    case "node":
      return request(GraphFromNodeOperation, { id: start.id }, ({ node }, hubs) => {
        if (node === null) return NOTHING;
        const known = nodeOf(node, hubs);
        if (!("neighborhood" in node)) return { ...NOTHING, node: known };
        const part = partOf(node.neighborhood, hubs);
        return { ...NOTHING, node: known, part: "named" in node ? together(partOf(node.named, hubs), part) : part };
      });
    case "story":
      return request(GraphFromStoryOperation, { id: start.id, first: PAGE }, readStory);
    case "search":
      return request(GraphOfSearchOperation, { query: start.text, first: PAGE }, ({ search }, hubs) => ({
        ...NOTHING,
        part: partOfList(search.nodes, search.totalCount, hubs),
        totalCount: search.totalCount,
      }));
    case "filter":
      return request(GraphOfFilterOperation, { filter: JSON.parse(start.filter) as GraphOfFilterQueryVariables["filter"], first: PAGE }, ({ articles }, hubs) => ({
        ...NOTHING,
        part: partOfList(articles.nodes, articles.totalCount, hubs),
        totalCount: articles.totalCount,
      }));
    case "path":
      return request(
        GraphPathsOperation,
        { from: start.source, to: start.target, first: MOST_WAYS, throughHubs: start.throughHubs },
        readPaths,
      );
  }
}

/** The question for the neighbors of a node that was opened. */
export function requestOfNeighbors(id: string): Request {
  return request(GraphNeighborsOperation, { id, limit: PAGE }, (data) => ({ ...NOTHING, part: readNeighbors(data) }));
}

/** What is around a node, and what it is about and who published it, which would not be among the first of what is around an article. */
export function readNeighbors({ snapshot, named, neighborhood }: GraphNeighborsQuery): Part {
  const hubs = hubsIn(snapshot);
  return together(partOf(named, hubs), partOf(neighborhood, hubs));
}

/** The articles of a story, the most central ones, and all who told them. */
export function readStory(data: GraphFromStoryQuery | null): Answered {
  if (data === null) return NOTHING;
  const { snapshot, node } = data;
  const hubs = hubsIn(snapshot);
  if (node === null || !("articles" in node)) return { ...NOTHING, node: node && nodeOf(node, hubs) };
  const { nodes, totalCount } = node.articles;
  return { ...NOTHING, node: nodeOf(node, hubs), part: partOfList(nodes, totalCount, hubs, 1), totalCount };
}

function hubsIn({ hubs }: WithHubs["snapshot"]): Hubs {
  return new Set(hubs.map((hub) => hub.id));
}

function readPaths(data: GraphPathsQuery, hubs: Hubs): Answered {
  return {
    ...NOTHING,
    part: partOfPaths(data, hubs),
    ways: data.paths.paths.map((path) => ({
      nodes: path.nodes.map((node) => nodeOf(node, hubs)),
      reasons: path.edges.map((edge) => edge.explanation),
      edges: partOfPaths({ ...data, paths: { skippedHubs: [], paths: [path] } }, hubs).edges.map((edge) => edge.key),
    })),
    noPathReason: data.paths.noPathReason,
  };
}

function request<Data extends WithHubs, Variables extends object>(
  operation: Operation<Data, Variables>,
  variables: Variables,
  read: (data: Data, hubs: Hubs) => Answered,
): Request {
  return {
    key: JSON.stringify([operation.name, variables]),
    operation: operation as Operation<unknown, object>,
    variables,
    load: async (signal) => {
      const data = await ask(operation, variables, signal);
      return read(data, hubsIn(data.snapshot));
    },
  };
}

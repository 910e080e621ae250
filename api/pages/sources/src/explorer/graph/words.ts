// Why two nodes are connected, in words.
import { texts } from "../texts.ts";
import type { GraphEdge, GraphNode, Named } from "./model.ts";

/** A node's name in a sentence: titles in quotation marks, names without. */
export function inSentence(node: Pick<GraphNode, "kind" | "label">): string {
  return node.kind === "ARTICLE" || node.kind === "STORY" ? texts.graph.quoted(node.label) : node.label;
}

/** What an edge says, as a sentence. */
export function sentence(edge: GraphEdge, source: GraphNode, target: GraphNode): string {
  return texts.graph.sentences[edge.kind](inSentence(source), inSentence(target), edge.position);
}

/** Names in a row: `A`, `A and B`, `A, B and C`. */
export function enumerated(nodes: readonly Named[]): string {
  return texts.graph.list(nodes.map(({ label }) => label));
}

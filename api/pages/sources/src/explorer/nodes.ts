// Nodes of the graph by kind, and their addresses in the explorer.

export type NodeKind = "ARTICLE" | "PROVIDER" | "TOPIC" | "PERSON" | "STORY";

/** GraphQL's names of the types that are nodes. */
export type NodeType = "Article" | "Provider" | "Topic" | "Person" | "Story";

const KINDS: Record<NodeType, NodeKind> = {
  Article: "ARTICLE",
  Provider: "PROVIDER",
  Topic: "TOPIC",
  Person: "PERSON",
  Story: "STORY",
};

/** The kind of a node, by its `__typename`. */
export function kindOf(type: NodeType): NodeKind {
  return KINDS[type];
}

/** The address of the table of all nodes of a kind: `/table/topics`. */
export function listAddress(kind: NodeKind): string {
  return `/table/${kind === "STORY" ? "stories" : `${kind.toLowerCase()}s`}`;
}

/** The address of a node's page: `/topic/t_…`. */
export function nodeAddress(kind: NodeKind, id: string): string {
  return `/${kind.toLowerCase()}/${encodeURIComponent(id)}`;
}

// A small graph for the tests: two articles of one provider, one of them about a topic that is a hub.
import type { GraphEdge, GraphNode, Part } from "../../../api/pages/sources/src/explorer/graph/model.ts";

export function node(id: string, values: Partial<GraphNode> = {}): GraphNode {
  return {
    id,
    label: `Label of ${id}`,
    kind: "ARTICLE",
    degree: 1,
    pageRank: 0.01,
    community: 0,
    isHub: false,
    date: null,
    provider: null,
    topic: null,
    ...values,
  };
}

export function edge(kind: GraphEdge["kind"], source: string, target: string, position: number | null = 1): GraphEdge {
  return { key: `${kind} ${source} ${target}`, kind, source, target, position };
}

export const post = node("p_post", { label: "Post", kind: "PROVIDER", degree: 9 });
export const sea = node("t_sea", { label: "Sea & “sky”", kind: "TOPIC", degree: 40, isHub: true });
export const storm = node("a_storm", { label: "Storm", degree: 3, date: "2024-05-03T10:00:00Z", provider: post, topic: sea });
export const wave = node("a_wave", { label: "Wave", degree: 2, community: 1, provider: post });

export const part: Part = {
  nodes: [storm, wave, post, sea],
  edges: [
    edge("RELATED_TO", "a_storm", "a_wave", 2),
    edge("PUBLISHED_BY", "a_storm", "p_post"),
    edge("PUBLISHED_BY", "a_wave", "p_post"),
    edge("ABOUT", "a_storm", "t_sea"),
  ],
  isTruncated: false,
  skippedHubs: [],
};

// How nodes look: their colours by what they are or belong to, their sizes by what they weigh, and the legend that tells so.
import type { GraphNode, NodeKind } from "./model.ts";
import type { ColourBy, SizeBy } from "./view.ts";

/** A colour by its name in tokens.css, since it differs between light and dark. */
export type Token = `--${string}`;

export interface Group {
  /** What its nodes have in common: a kind, or the id of a topic, a provider, a community. */
  key: string;
  /** What the legend calls it; null for what is in no group of its own. */
  label: string | null;
  token: Token;
  count: number;
}

export interface Colouring {
  groups: Group[];
  tokenOf: (node: GraphNode) => Token;
  groupOf: (node: GraphNode) => string;
}

const MOST_GROUPS = 7;
const OTHERS = "others";
const OTHERS_TOKEN: Token = "--series-8";

const SMALLEST = 4;
const LARGEST = 17;

/** The colours of these nodes. `labelOf` says what a kind or a community is called. */
export function colouring(
  nodes: readonly GraphNode[],
  by: ColourBy,
  labelOf: { kind: (kind: NodeKind) => string; community: (number: number) => string },
): Colouring {
  const belongs = belonging[by];
  const counts = new Map<string, { label: string; count: number }>();
  for (const node of nodes) {
    const group = belongs(node);
    if (group === null) continue;
    const known = counts.get(group.key);
    if (known) known.count += 1;
    else counts.set(group.key, { label: nameOf(group, by, labelOf), count: 1 });
  }
  const largest = [...counts].sort(([one, { count: a }], [other, { count: b }]) => b - a || (one < other ? -1 : 1));
  // A node alone in its group is told by its name, not by a colour; kinds are few and always told.
  const named = by === "kind" ? largest : largest.filter(([, { count }]) => count > 1).slice(0, MOST_GROUPS);
  const groups: Group[] = named.map(([key, { label, count }], index) => ({
    key,
    label,
    token: by === "kind" ? kindToken(key as NodeKind) : `--series-${index + 1}`,
    count,
  }));
  const tokens = new Map(groups.map(({ key, token }) => [key, token]));
  const rest = nodes.length - groups.reduce((sum, { count }) => sum + count, 0);
  if (rest > 0) groups.push({ key: OTHERS, label: null, token: OTHERS_TOKEN, count: rest });
  const groupOf = (node: GraphNode) => {
    const key = belongs(node)?.key;
    return key !== undefined && tokens.has(key) ? key : OTHERS;
  };
  return { groups, groupOf, tokenOf: (node) => tokens.get(groupOf(node)) ?? OTHERS_TOKEN };
}

export function kindToken(kind: NodeKind): Token {
  return `--kind-${kind.toLowerCase()}`;
}

interface Belonging {
  key: string;
  label: string;
}

const belonging: Record<ColourBy, (node: GraphNode) => Belonging | null> = {
  kind: ({ kind }) => ({ key: kind, label: kind }),
  community: ({ community, isHub }) =>
    community === null || isHub ? null : { key: String(community), label: String(community) },
  topic: (node) => ofNamed(node.kind === "TOPIC" ? node : node.topic),
  provider: (node) => ofNamed(node.kind === "PROVIDER" ? node : node.provider),
};

function ofNamed(named: { id: string; label: string } | null): Belonging | null {
  return named && { key: named.id, label: named.label };
}

function nameOf(
  { key, label }: Belonging,
  by: ColourBy,
  labelOf: { kind: (kind: NodeKind) => string; community: (number: number) => string },
): string {
  if (by === "kind") return labelOf.kind(key as NodeKind);
  return by === "community" ? labelOf.community(Number(key)) : label;
}

/** The radius of each node in pixels, by its id: its area grows with the measure, against the largest seen that is no hub. */
export function sizes(nodes: readonly GraphNode[], by: SizeBy): Map<string, number> {
  const measure = (node: GraphNode) => (by === "degree" ? node.degree : node.pageRank);
  const most = Math.max(0, ...nodes.filter((node) => !node.isHub).map(measure));
  return new Map(
    nodes.map((node) => {
      const share = most > 0 ? Math.min(1, measure(node) / most) : 0;
      return [node.id, SMALLEST + (LARGEST - SMALLEST) * (node.isHub ? 1 : Math.sqrt(share))];
    }),
  );
}

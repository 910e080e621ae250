// A drawing of what is seen, as circles, lines and labels at places, which SVG and canvas draw alike.
import type { Colouring, Token } from "./appearance.ts";
import type { Positions } from "./layout.ts";
import type { GraphNode, Seen } from "./model.ts";

export interface Mark {
  node: GraphNode;
  x: number;
  y: number;
  radius: number;
  token: Token;
}

export interface Line {
  key: string;
  x1: number;
  y1: number;
  x2: number;
  y2: number;
  /** An edge of a hub is drawn fainter: there are many, and they say little. */
  isFaint: boolean;
}

export interface Label {
  id: string;
  text: string;
  x: number;
  y: number;
  fontSize: number;
  anchor: "start" | "end" | "middle";
}

export interface Picture {
  width: number;
  height: number;
  lines: Line[];
  marks: Mark[];
  labels: Label[];
}

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface PictureOptions {
  width: number;
  height: number;
  fontSize: number;
  /** Of a label; longer ones end in an ellipsis. */
  mostLetters: number;
  mostLabels: number;
  /** Ids of nodes whose labels come first. */
  first: readonly string[];
}

const MARGIN = 28;
/** The mean width of a letter of a sans serif, as a share of its size. */
const LETTER_WIDTH = 0.6;
const LARGEST_SCALE = 1.6;
/** Of nodes in a small picture, or they could not be seen. */
const SMALLEST_GROWTH = 0.5;

export function pictureOf(
  seen: Seen,
  positions: Positions,
  sizes: ReadonlyMap<string, number>,
  colours: Colouring,
  options: PictureOptions,
): Picture {
  const { width, height } = options;
  const placed = seen.nodes.filter((node) => node.id in positions);
  const xs = placed.map((node) => positions[node.id]!.x);
  const ys = placed.map((node) => positions[node.id]!.y);
  const [left, right, bottom, top] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const scale = Math.min(
    (width - 2 * MARGIN) / Math.max(right - left, 1),
    (height - 2 * MARGIN) / Math.max(top - bottom, 1),
    LARGEST_SCALE,
  );
  const growth = Math.min(LARGEST_SCALE, Math.max(SMALLEST_GROWTH, scale));
  const marks = placed.map((node) => ({
    node,
    x: width / 2 + (positions[node.id]!.x - (left + right) / 2) * scale,
    y: height / 2 - (positions[node.id]!.y - (bottom + top) / 2) * scale,
    radius: (sizes.get(node.id) ?? 4) * growth,
    token: colours.tokenOf(node),
  }));
  const places = new Map(marks.map((mark) => [mark.node.id, mark]));
  const lines = seen.edges.flatMap(({ key, source, target }) => {
    const [from, to] = [places.get(source), places.get(target)];
    if (!from || !to || from === to) return [];
    return { key, x1: from.x, y1: from.y, x2: to.x, y2: to.y, isFaint: [from, to].some(({ node }) => node.isHub && !options.first.includes(node.id)) };
  });
  return { width, height, lines, marks, labels: labelsOf(marks, options) };
}

/** Labels that overlap neither each other nor nodes, those of the largest nodes first. */
export function labelsOf(marks: readonly Mark[], options: PictureOptions): Label[] {
  const { fontSize, mostLetters, mostLabels, first, width, height } = options;
  const taken: Box[] = [];
  const labels: Label[] = [];
  const order = [...marks].sort(
    (one, other) => rank(first, one) - rank(first, other) || other.radius - one.radius || (one.node.id < other.node.id ? -1 : 1),
  );
  const discs = order.map(({ x, y, radius }) => ({ left: x - radius, right: x + radius, top: y - radius, bottom: y + radius, x }));
  for (const { node, x, y, radius } of order) {
    if (labels.length >= mostLabels) break;
    const text = shortened(node.label, mostLetters);
    const length = text.length * fontSize * LETTER_WIDTH;
    const gap = radius + (node.isHub ? 9 : 4);
    const candidates: { anchor: Label["anchor"]; x: number; y: number }[] = [
      { anchor: "start", x: x + gap, y },
      { anchor: "end", x: x - gap, y },
      { anchor: "middle", x, y: y + gap + fontSize * 0.6 },
      { anchor: "middle", x, y: y - gap - fontSize * 0.6 },
    ];
    for (const candidate of candidates) {
      const box = boxOf(candidate, length, fontSize);
      if (box.left < 2 || box.right > width - 2 || box.top < 2 || box.bottom > height - 2) continue;
      if (taken.some((other) => overlap(box, other))) continue;
      if (discs.some((other) => other.x !== x && overlap(box, other))) continue;
      taken.push(box);
      labels.push({ id: node.id, text, fontSize, ...candidate });
      break;
    }
  }
  return labels;
}

function rank(first: readonly string[], { node }: Mark): number {
  const at = first.indexOf(node.id);
  return at === -1 ? first.length : at;
}

function boxOf({ anchor, x, y }: { anchor: Label["anchor"]; x: number; y: number }, length: number, fontSize: number): Box {
  const left = anchor === "start" ? x : anchor === "end" ? x - length : x - length / 2;
  return { left, right: left + length, top: y - fontSize * 0.65, bottom: y + fontSize * 0.65 };
}

export function overlap(one: Box, other: Box): boolean {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}

/** The text, or its beginning with an ellipsis, cut between words where that is near. */
export function shortened(text: string, mostLetters: number): string {
  const letters = [...text];
  if (letters.length <= mostLetters) return text;
  const cut = letters.slice(0, mostLetters - 1).join("");
  const space = cut.lastIndexOf(" ");
  return `${(space > mostLetters * 0.6 ? cut.slice(0, space) : cut).trimEnd()}…`;
}

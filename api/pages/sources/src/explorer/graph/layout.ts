// Where each node stands: ForceAtlas2 from starting points that follow from the ids, so that the same nodes and edges make the same picture.
import Graph from "graphology";
import forceAtlas2 from "graphology-layout-forceatlas2";

export interface Point {
  x: number;
  y: number;
}
export type Positions = Record<string, Point>;

/** What the layout needs to know; it goes to a worker. */
export interface LayoutTask {
  nodes: { id: string; size: number; isHub: boolean }[];
  edges: { source: string; target: string }[];
  /** Where nodes stood before; they begin there. */
  before: Positions;
}

const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));
/** The mean distance of nodes in a drawing, in pixels of a picture that shows it all. */
const SPACING = 62;
const ITERATIONS = 260;
const FEWER_ITERATIONS = 120;
/** Room between two nodes that would touch. */
const GAP = 9;
const ROUNDS_OF_PUSHING = 40;

/**
 * The place of each node. Hubs take no part: they would pull everything into a star. Each stands outside, in the direction of what it
 * is connected with.
 */
export function arrange({ nodes, edges, before }: LayoutTask): Positions {
  const hubs = nodes.filter((node) => node.isHub);
  // Where there is hardly anything but hubs, they are what the picture is about.
  const apart = hubs.length * 2 < nodes.length ? new Set(hubs.map((hub) => hub.id)) : new Set<string>();
  const placed = nodes.filter((node) => !apart.has(node.id));
  const network = new Graph({ type: "undirected", multi: false });
  const start = startingPoints(placed, edges, before);
  for (const { id } of placed) network.addNode(id, { ...start[id] });
  for (const { source, target } of edges) {
    if (source !== target && network.hasNode(source) && network.hasNode(target)) {
      network.updateUndirectedEdge(source, target, (known) => ({ weight: (known.weight ?? 0) + 1 }));
    }
  }
  const isNew = placed.some(({ id }) => !(id in before));
  let positions: Positions = start;
  if (network.order > 1 && network.size > 0) {
    positions = forceAtlas2(network, {
      iterations: isNew && Object.keys(before).length === 0 ? ITERATIONS : FEWER_ITERATIONS,
      getEdgeWeight: "weight",
      settings: { gravity: 1, strongGravityMode: false, scalingRatio: 12, slowDown: 2, linLogMode: false, edgeWeightInfluence: 0.5 },
    });
  }
  // What was turned once stays: the reader knows it so.
  const turned = Object.keys(before).length === 0 ? lying(positions) : positions;
  const scaled = pushApart(placed, scale(turned, placed.length));
  return { ...scaled, ...outside(hubs.filter((hub) => apart.has(hub.id)), edges, scaled) };
}

/** Where nodes begin: where they were, else around a neighbor that was there, else on a spiral in their order. */
export function startingPoints(
  nodes: readonly { id: string }[],
  edges: readonly { source: string; target: string }[],
  before: Positions,
): Positions {
  const anchors = new Map<string, Point>();
  for (const { source, target } of edges) {
    const [there, here] = [before[source], before[target]];
    if (there && !here && !anchors.has(target)) anchors.set(target, there);
    if (here && !there && !anchors.has(source)) anchors.set(source, here);
  }
  const positions: Positions = {};
  nodes.forEach(({ id }, index) => {
    const known = before[id];
    const anchor = anchors.get(id) ?? { x: 0, y: 0 };
    const radius = SPACING * (anchors.has(id) ? 0.6 : Math.sqrt(index + 0.5));
    const angle = index * GOLDEN_ANGLE;
    positions[id] = known ?? { x: anchor.x + radius * Math.cos(angle), y: anchor.y + radius * Math.sin(angle) };
  });
  return positions;
}

/** The same drawing about its middle, as large as suits so many nodes. */
function scale(positions: Positions, count: number): Positions {
  const points = Object.values(positions);
  if (points.length === 0) return {};
  const middle = { x: mean(points.map((point) => point.x)), y: mean(points.map((point) => point.y)) };
  const spread = Math.sqrt(mean(points.map(({ x, y }) => (x - middle.x) ** 2 + (y - middle.y) ** 2))) || 1;
  const factor = (SPACING * Math.sqrt(count)) / 2 / spread;
  return Object.fromEntries(
    Object.entries(positions).map(([id, { x, y }]) => [id, { x: (x - middle.x) * factor, y: (y - middle.y) * factor }]),
  );
}

/** The same drawing with its longest side lying, since pictures are wider than high. */
function lying(positions: Positions): Positions {
  const points = Object.values(positions);
  const middle = { x: mean(points.map((point) => point.x)), y: mean(points.map((point) => point.y)) };
  const moments = points.map(({ x, y }) => ({ x: x - middle.x, y: y - middle.y }));
  const [xx, yy, xy] = [mean(moments.map(({ x }) => x * x)), mean(moments.map(({ y }) => y * y)), mean(moments.map(({ x, y }) => x * y))];
  const angle = -Math.atan2(2 * xy, xx - yy) / 2;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return Object.fromEntries(Object.entries(positions).map(([id, { x, y }]) => [id, { x: x * cos - y * sin, y: x * sin + y * cos }]));
}

/** The same drawing with nodes moved until no two overlap, or nearly none. */
function pushApart(nodes: readonly { id: string; size: number }[], positions: Positions): Positions {
  const points = nodes.map(({ id, size }) => ({ id, size, ...positions[id]! }));
  for (let round = 0; round < ROUNDS_OF_PUSHING; round += 1) {
    let isCalm = true;
    points.forEach((one, index) => {
      for (const other of points.slice(index + 1)) {
        const least = one.size + other.size + GAP;
        const [dx, dy] = [other.x - one.x, other.y - one.y];
        const distance = Math.hypot(dx, dy);
        if (distance >= least) continue;
        isCalm = false;
        const angle = distance > 0.01 ? Math.atan2(dy, dx) : index * GOLDEN_ANGLE;
        const push = (least - distance) / 2 + 0.1;
        one.x -= Math.cos(angle) * push;
        one.y -= Math.sin(angle) * push;
        other.x += Math.cos(angle) * push;
        other.y += Math.sin(angle) * push;
      }
    });
    if (isCalm) break;
  }
  return Object.fromEntries(points.map(({ id, x, y }) => [id, { x, y }]));
}

/** Hubs beyond all others, each in the direction of its neighbors, and no two in one place. */
function outside(
  hubs: readonly { id: string; size: number }[],
  edges: readonly { source: string; target: string }[],
  positions: Positions,
): Positions {
  const all = Object.values(positions);
  const taken: number[] = [];
  return Object.fromEntries(
    hubs.map(({ id }, index) => {
      const others = edges.flatMap(({ source, target }) => (source === id ? [target] : target === id ? [source] : []));
      const points = others.flatMap((other) => positions[other] ?? []);
      const [x, y] = [mean(points.map((point) => point.x)), mean(points.map((point) => point.y))];
      let angle = points.length > 0 && Math.hypot(x, y) > 1 ? Math.atan2(y, x) : index * GOLDEN_ANGLE;
      while (taken.some((other) => Math.cos(other - angle) > 0.95)) angle += GOLDEN_ANGLE;
      if (taken.length < 6) taken.push(angle); // more would leave no room for the next
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
      const distance = Math.max(0, ...all.map((point) => point.x * cos + point.y * sin)) + 1.2 * SPACING;
      return [id, { x: distance * cos, y: distance * sin }];
    }),
  );
}

function mean(numbers: readonly number[]): number {
  return numbers.length === 0 ? 0 : numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

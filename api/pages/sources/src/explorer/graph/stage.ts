// The moving picture: sigma draws nodes and edges, and what it tells of pointers becomes what was meant. Labels are drawn here, since
// sigma's may overlap.
import Graph from "graphology";
import Sigma from "sigma";
import { animateNodes } from "sigma/utils";

import { mixed } from "./colours";
import type { Inks } from "./exports/svg";
import type { Point, Positions } from "./layout";
import type { GraphEdge, GraphNode, Seen } from "./model";
import { type Box, overlap, shortened } from "./picture";

export interface Emphasis {
  nodes: ReadonlySet<string>;
  edges: ReadonlySet<string>;
}

/** All that the picture depends on. */
export interface Look {
  seen: Seen;
  positions: Positions;
  sizes: ReadonlyMap<string, number>;
  /** `#rrggbb` by node. */
  colours: ReadonlyMap<string, string>;
  inks: Inks;
  accent: string;
  selected: string | null;
  /** What stands out, such as a path; null for nothing. */
  emphasis: Emphasis | null;
  /** What the reader points at in the legend; it stands out instead of all else. */
  pointed: Emphasis | null;
  /** Where the picture began. */
  roots: ReadonlySet<string>;
}

export interface StageEvents {
  select: (id: string | null) => void;
  open: (id: string) => void;
  move: (id: string, place: Point) => void;
}

/** A node as it is drawn, in pixels. */
interface Mark {
  id: string;
  x: number;
  y: number;
  radius: number;
  isClear: boolean;
  node: GraphNode;
}

/** Places as sigma's animation takes them. */
type Places = Record<string, { x: number; y: number }>;

const FONT = "13px system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif";
const FONT_BOLD = FONT.replace("13px", "600 13px");
const LINE = 16;
const LABEL_LETTERS = 42;
/** In pixels, and rather too wide, so that a label fits into the picture. */
const LETTER_WIDTH = 9;
/** Labels for each 10,000 square pixels. */
const LABEL_DENSITY = 0.75;
/** The radius from which a node is not written over. */
const LARGE = 7;
const PADDING = 44;
const SMALLEST_GROWTH = 0.65;
const MOVING_MILLISECONDS = 450;
const ZOOM = 1.5;
const DIMMED = 0.16;
/** So many pixels a pointer moves before it drags, and so near to a node a finger means it. */
const DRAG_BEGINS = 4;
const FINGER = 24;
/** Of edges that stand out, so many are drawn thick. */
const THICK = 40;

export function canDraw(): boolean {
  const canvas = document.createElement("canvas");
  return Boolean(canvas.getContext("webgl2") ?? canvas.getContext("webgl"));
}

export class Stage {
  readonly #graph = new Graph({ type: "directed", multi: true });
  readonly #sigma: Sigma;
  readonly #names: HTMLCanvasElement;
  #look: Look | null = null;
  #hovered: string | null = null;
  /** By what sizes are multiplied, since places are drawn closer together in a small picture. */
  #growth = 1;
  #stopMoving: (() => void) | null = null;

  constructor(container: HTMLElement, events: StageEvents) {
    this.#sigma = new Sigma(this.#graph, container, {
      renderLabels: false,
      defaultDrawNodeHover: () => {},
      stagePadding: PADDING,
      zIndex: true,
      minCameraRatio: 0.06,
      maxCameraRatio: 4,
      minEdgeThickness: 1.2,
      enableCameraRotation: false, // two fingers would turn the view while they zoom
      nodeReducer: (id, data) => this.#nodeLook(id, data),
      edgeReducer: (key, data) => this.#edgeLook(key, data),
    });
    this.#names = this.#sigma.createCanvas("names", { afterLayer: "hoverNodes" });
    this.#names.classList.add("graph-names");
    this.#sigma.on("afterRender", () => this.#drawNames());
    this.#sigma.on("resize", () => {
      if (this.#look) this.#growth = growthOf(this.#look, this.#sigma.getDimensions());
    });
    this.#listen(events);
  }

  show(look: Look): void {
    const before = this.#look;
    this.#stopMoving?.();
    this.#stopMoving = null;
    this.#look = look;
    this.#growth = growthOf(look, this.#sigma.getDimensions());
    if (before?.seen !== look.seen) this.#replace(look);
    const targets: Places = {};
    this.#graph.forEachNode((id, { x, y }) => {
      const place = look.positions[id]!;
      if (x !== place.x || y !== place.y) targets[id] = place;
    });
    if (Object.keys(targets).length === 0) this.#sigma.refresh();
    else this.#move(targets);
  }

  #move(targets: Places): void {
    this.#sigma.setCustomBBox(null);
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) {
      this.#stopMoving = animateNodes(this.#graph, targets, { duration: MOVING_MILLISECONDS });
      return;
    }
    for (const [id, place] of Object.entries(targets)) this.#graph.mergeNodeAttributes(id, place);
    this.#sigma.refresh();
  }

  #replace({ seen: { nodes, edges }, positions }: Look): void {
    const ids = new Set(nodes.map((node) => node.id));
    const beginnings = this.#beginnings(edges);
    this.#graph.clearEdges();
    for (const id of this.#graph.nodes()) if (!ids.has(id)) this.#graph.dropNode(id);
    for (const node of nodes) {
      if (this.#graph.hasNode(node.id)) this.#graph.setNodeAttribute(node.id, "node", node);
      else this.#graph.addNode(node.id, { node, ...(beginnings.get(node.id) ?? positions[node.id]!) });
    }
    for (const { key, source, target } of edges) this.#graph.addEdgeWithKey(key, source, target);
    if (this.#hovered !== null && !ids.has(this.#hovered)) this.#hovered = null;
  }

  /** Where nodes appear that were not there: at a neighbor that was, from where they move to their places. */
  #beginnings(edges: readonly GraphEdge[]): Map<string, { x: number; y: number }> {
    const found = new Map<string, { x: number; y: number }>();
    const place = (id: string) => {
      const { x, y } = this.#graph.getNodeAttributes(id);
      return { x: x as number, y: y as number };
    };
    for (const { source, target } of edges) {
      if (this.#graph.hasNode(source) && !found.has(target)) found.set(target, place(source));
      if (this.#graph.hasNode(target) && !found.has(source)) found.set(source, place(target));
    }
    return found;
  }

  zoomIn(): void {
    void this.#sigma.getCamera().animatedZoom({ factor: ZOOM, duration: 200 });
  }

  zoomOut(): void {
    void this.#sigma.getCamera().animatedUnzoom({ factor: ZOOM, duration: 200 });
  }

  fit(): void {
    this.#sigma.setCustomBBox(null);
    this.#sigma.refresh();
    void this.#sigma.getCamera().animatedReset({ duration: 200 });
  }

  /** Moves the view by a share of its width and height. */
  pan(right: number, up: number): void {
    const camera = this.#sigma.getCamera();
    const { x, y, ratio } = camera.getState();
    camera.setState({ x: x + right * ratio, y: y + up * ratio });
  }

  kill(): void {
    this.#stopMoving?.();
    this.#sigma.kill();
  }

  #listen(events: StageEvents): void {
    const sigma = this.#sigma;
    let dragged: string | null = null;
    let began: Point | null = null;
    let wasDragged = false;
    sigma.on("enterNode", ({ node }) => this.#hover(node));
    sigma.on("leaveNode", () => this.#hover(null));
    sigma.on("clickNode", ({ node }) => {
      if (!wasDragged) events.select(node);
    });
    sigma.on("clickStage", ({ event }) => {
      if (!wasDragged) events.select(isTouch(event.original) ? this.#nearest(event) : null);
    });
    sigma.on("doubleClickStage", ({ event, preventSigmaDefault }) => {
      const near = isTouch(event.original) ? this.#nearest(event) : null;
      if (near === null) return;
      preventSigmaDefault();
      events.open(near);
    });
    sigma.on("doubleClickNode", ({ node, preventSigmaDefault }) => {
      preventSigmaDefault();
      events.open(node);
    });
    sigma.on("downNode", ({ node, event, preventSigmaDefault }) => {
      dragged = node;
      began = { x: event.x, y: event.y };
      wasDragged = false;
      preventSigmaDefault();
    });
    sigma.on("moveBody", ({ event, preventSigmaDefault }) => {
      if (dragged === null || began === null) return;
      if (isTouch(event.original) && event.original.touches.length > 1) {
        dragged = null; // a second finger zooms, whatever lies under the first
        return;
      }
      preventSigmaDefault();
      event.original.preventDefault();
      if (!wasDragged && Math.hypot(event.x - began.x, event.y - began.y) < DRAG_BEGINS) return;
      if (!sigma.getCustomBBox()) sigma.setCustomBBox(sigma.getBBox());
      const place = sigma.viewportToGraph(event);
      this.#graph.mergeNodeAttributes(dragged, place);
      events.move(dragged, place);
      wasDragged = true;
    });
    const release = () => {
      dragged = null;
      // The click that ends a drag comes after this.
      setTimeout(() => {
        wasDragged = false;
      });
    };
    sigma.on("upNode", release);
    sigma.on("upStage", release);
  }

  #hover(id: string | null): void {
    this.#hovered = id;
    this.#sigma.getContainer().classList.toggle("is-over-node", id !== null);
    this.#sigma.scheduleRefresh();
  }

  /** The node that a finger means that touches the ground there. */
  #nearest({ x, y }: Point): string | null {
    const distance = (mark: Mark) => Math.hypot(mark.x - x, mark.y - y) - mark.radius;
    const [nearest] = this.#marks().sort((one, other) => distance(one) - distance(other));
    return nearest && distance(nearest) < FINGER ? nearest.id : null;
  }

  /** The node that all others stand back from: the one under the pointer, else the selected one. */
  get #focus(): string | null {
    const id = this.#hovered ?? (this.#look?.pointed ? null : this.#look?.selected) ?? null;
    return id !== null && this.#graph.hasNode(id) ? id : null;
  }

  #nodeLook(id: string, data: Record<string, unknown>) {
    const look = this.#look!;
    const colour = look.colours.get(id) ?? look.inks.soft;
    const isClear = this.#standsOut(id);
    return {
      ...data,
      size: (look.sizes.get(id) ?? 4) * this.#growth,
      color: isClear ? colour : mixed(colour, look.inks.paper, DIMMED),
      zIndex: isClear ? 2 : 1,
    };
  }

  #edgeLook(key: string, data: Record<string, unknown>) {
    const { inks, accent } = this.#look!;
    const emphasis = this.#emphasis;
    const [source, target] = this.#graph.extremities(key);
    const focus = this.#focus;
    if (focus !== null && (source === focus || target === focus)) return { ...data, color: accent, size: 2, zIndex: 3 };
    if (emphasis?.edges.has(key)) return { ...data, color: accent, size: emphasis.edges.size > THICK ? 1.5 : 3, zIndex: 2 };
    const isFaint = [source, target].some((id) => this.#node(id).isHub && !this.#look!.roots.has(id));
    const share = focus !== null || emphasis ? 0.3 : isFaint ? 0.4 : 1;
    return { ...data, color: mixed(inks.line, inks.paper, share), size: 1.3, zIndex: 1 };
  }

  #standsOut(id: string): boolean {
    const focus = this.#focus;
    if (focus !== null) return id === focus || this.#graph.areNeighbors(id, focus);
    return this.#emphasis?.nodes.has(id) ?? true;
  }

  get #emphasis(): Emphasis | null {
    return this.#look!.pointed ?? this.#look!.emphasis;
  }

  #node(id: string): GraphNode {
    return this.#graph.getNodeAttribute(id, "node") as GraphNode;
  }

  /** Labels where there is room, the most important first; and rings around hubs, beginnings and the selected node. */
  #drawNames(): void {
    if (!this.#look) return;
    const { width, height } = this.#sigma.getDimensions();
    const context = this.#clearNames(width, height);
    const marks = this.#marks();
    for (const mark of marks) this.#drawRing(context, mark);
    const order = marks
      .filter(({ isClear, x, y }) => isClear && x > -20 && x < width && y > 0 && y < height)
      .sort((one, other) => this.#weight(other) - this.#weight(one) || (one.id < other.id ? -1 : 1));
    const most = Math.max(8, Math.round(((width * height) / 10_000) * LABEL_DENSITY));
    const taken = new Map<string, Box>();
    const large = order.filter(({ radius }) => radius >= LARGE);
    for (const mark of order) {
      if (taken.size >= most) break;
      this.#drawName(context, mark, width, taken, large);
    }
    const { dataset } = this.#sigma.getContainer();
    dataset["labels"] = String(taken.size);
    dataset["clear"] = String(marks.filter(({ isClear }) => isClear).length);
    dataset["zoom"] = (1 / this.#sigma.getCamera().ratio).toFixed(2);
  }

  #marks(): Mark[] {
    return this.#graph.nodes().flatMap((id) => {
      const shown = this.#sigma.getNodeDisplayData(id);
      if (!shown) return [];
      const { x, y } = this.#sigma.framedGraphToViewport(shown);
      return [{ id, x, y, radius: this.#sigma.scaleSize(shown.size), isClear: this.#standsOut(id), node: this.#node(id) }];
    });
  }

  /** How early a node is labelled. */
  #weight({ id, radius, node }: Mark): number {
    const { selected, roots } = this.#look!;
    const claims = [id === this.#focus, id === selected, this.#emphasis?.nodes.has(id), roots.has(id), node.isHub];
    const first = claims.findIndex(Boolean);
    return radius + (first === -1 ? 0 : 1000 * (claims.length - first));
  }

  #drawName(context: CanvasRenderingContext2D, mark: Mark, width: number, taken: Map<string, Box>, avoided: readonly Mark[]): void {
    const { id, x, y, radius, node } = mark;
    const { selected, inks } = this.#look!;
    const isStrong = id === this.#focus || id === selected;
    context.font = isStrong ? FONT_BOLD : FONT;
    const text = shortened(node.label, Math.min(isStrong ? 2 * LABEL_LETTERS : LABEL_LETTERS, Math.floor(width / LETTER_WIDTH)));
    const length = context.measureText(text).width;
    const gap = radius + (this.#hasRing(id, node) ? 9 : 5);
    const boxes = [
      boxAt(x + gap, y, length),
      boxAt(x - gap - length, y, length),
      boxAt(x - length / 2, y + gap + LINE / 3, length),
      boxAt(x - length / 2, y - gap - LINE / 3, length),
    ].filter((box) => box.left > 3 && box.right < width - 3);
    const isFree = (box: Box) =>
      ![...taken.values()].some((other) => overlap(box, other)) && !avoided.some((other) => other.id !== id && overlap(box, around(other)));
    const strong = boxes[0] ?? boxAt(Math.max(3, (width - length) / 2), y + gap + LINE / 3, length);
    const box = boxes.find(isFree) ?? (isStrong ? strong : undefined);
    if (!box) return;
    taken.set(id, box);
    context.lineWidth = 4;
    context.strokeStyle = inks.paper;
    context.strokeText(text, box.left, (box.top + box.bottom) / 2);
    context.fillStyle = inks.ink;
    context.fillText(text, box.left, (box.top + box.bottom) / 2);
  }

  #clearNames(width: number, height: number): CanvasRenderingContext2D {
    const ratio = window.devicePixelRatio || 1;
    const context = this.#names.getContext("2d")!;
    this.#names.width = width * ratio;
    this.#names.height = height * ratio;
    this.#names.style.width = `${width}px`;
    this.#names.style.height = `${height}px`;
    context.scale(ratio, ratio);
    context.textBaseline = "middle";
    context.lineJoin = "round";
    return context;
  }

  #hasRing(id: string, { isHub }: GraphNode): boolean {
    return isHub || id === this.#look!.selected || this.#look!.roots.has(id);
  }

  #drawRing(context: CanvasRenderingContext2D, { id, x, y, radius, isClear, node }: Mark): void {
    const look = this.#look!;
    const isSelected = id === look.selected;
    if (!this.#hasRing(id, node)) return;
    const colour = isSelected || !node.isHub ? look.accent : (look.colours.get(id) ?? look.inks.soft);
    context.strokeStyle = isClear ? colour : mixed(colour, look.inks.paper, DIMMED);
    context.lineWidth = isSelected ? 3 : 2;
    context.beginPath();
    context.arc(x, y, radius + 4, 0, 2 * Math.PI);
    context.stroke();
  }
}

function isTouch(event: Event): event is TouchEvent {
  return "touches" in event;
}

function growthOf({ seen, positions }: Look, { width, height }: { width: number; height: number }): number {
  const places = seen.nodes.map(({ id }) => positions[id]!);
  const span = (values: number[]) => Math.max(1, Math.max(...values) - Math.min(...values));
  const across = (width - 2 * PADDING) / span(places.map(({ x }) => x));
  const along = (height - 2 * PADDING) / span(places.map(({ y }) => y));
  return Math.max(SMALLEST_GROWTH, Math.min(1, across, along));
}

function around({ x, y, radius }: Mark): Box {
  return { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius };
}

function boxAt(left: number, middle: number, length: number): Box {
  return { left, right: left + length, top: middle - LINE / 2, bottom: middle + LINE / 2 };
}

// A few dozen nodes around one, drawn once, each a link to its page; and a link to the Graph page, where there is more.
import "./graph.css";

import { type RefObject, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Link } from "wouter";

import { addressOf } from "../address";
import { useQuery } from "../client/useQuery";
import { Answer } from "../parts/Answer";
import { texts } from "../texts";
import { partOf, type PartAnswer } from "./answers";
import { colouring, sizes as sizesOf } from "./appearance";
import { Drawing } from "./Drawing";
import { GraphNeighborsOperation } from "./graph.operations";
import { arrange } from "./layout";
import { hangingTogether, modelOf, type NodeKind, seenOf } from "./model";
import { pictureOf } from "./picture";

export interface SmallGraphProps {
  id: string;
  kind: NodeKind;
  /** What the node is called. */
  label: string;
}

const MOST_NODES = 36;
const MOST_EDGES = 200;
const FONT_SIZE = 12;
/** Of a picture in pixels; a narrow one is nearly square. */
const NARROW = 480;
const WIDEST = 760;
const NOTHING_HIDDEN = { nodeKinds: new Set<never>(), edgeKinds: new Set<never>(), nodes: new Set<never>() };

export default function SmallPicture({ id, kind, label }: SmallGraphProps) {
  const asked = useQuery(GraphNeighborsOperation, { id, limit: MOST_NODES });
  const figure = useRef<HTMLElement>(null);
  const width = useWidth(figure);
  return (
    <figure className="small-graph" ref={figure}>
      <Answer asked={asked}>
        {({ neighborhood, snapshot }) => (
          <Neighbors id={id} label={label} width={Math.min(width, WIDEST)} part={neighborhood} hubs={new Set(snapshot.hubs.map((hub) => hub.id))} />
        )}
      </Answer>
      <figcaption>
        <Link href={addressOf("/graph", { [kind === "STORY" ? "story" : "node"]: id })}>{texts.graph.openPage}</Link>
      </figcaption>
    </figure>
  );
}

interface NeighborsProps {
  id: string;
  label: string;
  width: number;
  part: PartAnswer;
  hubs: ReadonlySet<string>;
}

function Neighbors({ id, label, width, part, hubs }: NeighborsProps) {
  const { seen, sizes, positions, colours } = useMemo(() => {
    const whole = partOf(part, hubs);
    const nodes = hangingTogether(whole, id, MOST_NODES);
    const seen = seenOf(modelOf([{ ...whole, nodes }], [id]), NOTHING_HIDDEN, MOST_NODES, MOST_EDGES);
    const sizes = sizesOf(seen.nodes, "degree");
    const positions = arrange({
      nodes: seen.nodes.map((node) => ({ id: node.id, size: sizes.get(node.id)!, isHub: node.isHub && node.id !== id })),
      edges: seen.edges,
      before: {},
    });
    const colours = colouring(seen.nodes, "kind", { kind: (kind) => texts.graph.kindNames[kind], community: texts.graph.community });
    return { seen, sizes, positions, colours };
  }, [id, part]);
  if (seen.nodes.length < 2) return <p className="hint">{texts.graph.noConnections}</p>;
  const picture = pictureOf(seen, positions, sizes, colours, {
    width,
    height: width < NARROW ? width * 0.9 : width * 0.6,
    fontSize: FONT_SIZE,
    mostLetters: Math.round(width / 14),
    mostLabels: Math.round(width / 36),
    first: [id],
  });
  return <Drawing picture={picture} label={texts.graph.smallPictureOf(label, seen.nodes.length, seen.edges.length)} hasLinks />;
}

/** The width of an element in pixels, as it is from time to time. */
function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(WIDEST);
  useLayoutEffect(() => {
    const measure = () => setWidth(Math.max(element.current?.clientWidth ?? 0, 240));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element.current!);
    return () => observer.disconnect();
  }, [element]);
  return width;
}

// A few dozen nodes around one, drawn once, each a link to its page; and a link to the Graph page, where there is more.
import "./graph.css";

import { useMemo, useRef } from "react";
import { Link } from "wouter";

import { addressOf } from "../address";
import { useQuery } from "../client/useQuery";
import { Answer } from "../parts/Answer";
import { texts } from "../texts";
import { colouring, sizes as sizesOf } from "./appearance";
import { Drawing } from "./Drawing";
import { GraphFromStoryOperation, GraphNeighborsOperation } from "./graph.operations";
import { arrange } from "./layout";
import { edgesByNode, hangingTogether, modelOf, type NodeKind, type Part, seenOf, unseenNeighbors } from "./model";
import { pictureOf } from "./picture";
import { readNeighbors, readStory } from "./requests";
import { useWidth } from "./useWidth";

export interface SmallGraphProps {
  id: string;
  kind: NodeKind;
  /** What the node is called. */
  label: string;
}

const MOST_NODES = 36;
/** Of these, articles of a story, or neighbors: the rest is what they are about and who published them. */
const FIRST = 24;
const MOST_EDGES = 200;
const FONT_SIZE = 12;
/** Of a picture in pixels; a narrow one is nearly square. */
const NARROW = 480;
const WIDEST = 760;
const NOTHING_HIDDEN = { nodeKinds: new Set<never>(), edgeKinds: new Set<never>(), nodes: new Set<never>() };

export default function SmallPicture(props: SmallGraphProps) {
  return props.kind === "STORY" ? <OfStory {...props} /> : <OfNode {...props} />;
}

function OfStory({ id, label }: SmallGraphProps) {
  const asked = useQuery(GraphFromStoryOperation, { id, first: FIRST });
  const { part, totalCount } = useMemo(() => readStory(asked.data), [asked.data]);
  return (
    <Answer asked={asked}>
      {() => <Figure id={id} label={label} part={part} address={addressOf("/graph", { story: id })} more={moreArticles(totalCount)} />}
    </Answer>
  );
}

function moreArticles(totalCount: number | null): string | null {
  return totalCount !== null && totalCount > FIRST ? texts.graph.moreArticles(totalCount - FIRST) : null;
}

function OfNode({ id, label }: SmallGraphProps) {
  const asked = useQuery(GraphNeighborsOperation, { id, limit: FIRST });
  const part = useMemo(() => asked.data && readNeighbors(asked.data), [asked.data]);
  const root = part?.nodes.find((node) => node.id === id);
  const more = root && part ? unseenNeighbors(root, edgesByNode(part.edges).get(id) ?? []) : 0;
  return (
    <Answer asked={asked}>
      {() => part && <Figure id={id} label={label} part={part} address={addressOf("/graph", { node: id })} more={more > 0 ? texts.graph.moreConnections(more) : null} />}
    </Answer>
  );
}

interface FigureProps {
  id: string;
  label: string;
  part: Part;
  /** Of the Graph page that shows more. */
  address: string;
  /** What of it is not in the picture; null if nothing. */
  more: string | null;
}

function Figure({ address, more, ...drawn }: FigureProps) {
  const figure = useRef<HTMLElement>(null);
  const width = useWidth(figure);
  return (
    <figure className="small-graph" ref={figure}>
      <Neighbors {...drawn} width={Math.min(width, WIDEST)} />
      <figcaption>
        {more && <span>{more}</span>} <Link href={address}>{texts.graph.openPage}</Link>
      </figcaption>
    </figure>
  );
}

function Neighbors({ id, label, width, part }: Omit<FigureProps, "address" | "more"> & { width: number }) {
  const { seen, sizes, positions, colours } = useMemo(() => {
    const nodes = hangingTogether(part, id, MOST_NODES);
    const seen = seenOf(modelOf([{ ...part, nodes }], [id]), NOTHING_HIDDEN, MOST_NODES, MOST_EDGES);
    const sizes = sizesOf(seen.nodes, "degree");
    const positions = arrange({
      nodes: seen.nodes.map((node) => ({ id: node.id, size: sizes.get(node.id)!, isHub: node.isHub && node.id !== id })),
      edges: seen.edges,
      before: {},
    });
    const colours = colouring(seen.nodes, "kind", { kind: (kind) => texts.graph.kindNames[kind], community: texts.graph.community });
    return { seen, sizes, positions, colours };
  }, [id, part]);
  if (seen.nodes.length < 2) return <p className="hint">{texts.graph.alone}</p>;
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

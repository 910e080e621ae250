// A few dozen nodes around one, drawn once, each a link to its page; and a link to the Graph page, where there is more.
import "./graph.css";

import { useMemo } from "react";
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
import { modelOf, type NodeKind, seenOf } from "./model";
import { pictureOf } from "./picture";

export interface SmallGraphProps {
  id: string;
  kind: NodeKind;
  /** What the node is called. */
  label: string;
}

const MOST_NODES = 36;
const MOST_EDGES = 200;
const FRAME = { width: 640, height: 380, fontSize: 13, mostLetters: 34, mostLabels: 16 };
const NOTHING_HIDDEN = { nodeKinds: new Set<never>(), edgeKinds: new Set<never>(), nodes: new Set<never>() };

export default function SmallPicture({ id, kind, label }: SmallGraphProps) {
  const asked = useQuery(GraphNeighborsOperation, { id, limit: MOST_NODES });
  return (
    <figure className="small-graph">
      <Answer asked={asked}>
        {({ neighborhood, snapshot }) => (
          <Neighbors id={id} label={label} part={neighborhood} hubs={new Set(snapshot.hubs.map((hub) => hub.id))} />
        )}
      </Answer>
      <figcaption>
        <Link href={addressOf("/graph", { [kind === "STORY" ? "story" : "node"]: id })}>{texts.graph.openPage}</Link>
      </figcaption>
    </figure>
  );
}

function Neighbors({ id, label, part, hubs }: { id: string; label: string; part: PartAnswer; hubs: ReadonlySet<string> }) {
  const { picture, seen } = useMemo(() => {
    const seen = seenOf(modelOf([partOf(part, hubs)], [id]), NOTHING_HIDDEN, MOST_NODES, MOST_EDGES);
    const sizes = sizesOf(seen.nodes, "degree");
    const positions = arrange({
      nodes: seen.nodes.map((node) => ({ id: node.id, size: sizes.get(node.id)!, isHub: node.isHub && node.id !== id })),
      edges: seen.edges,
      before: {},
    });
    const colours = colouring(seen.nodes, "kind", { kind: (kind) => texts.graph.kindNames[kind], community: texts.graph.community });
    return { seen, picture: pictureOf(seen, positions, sizes, colours, { ...FRAME, first: [id] }) };
  }, [id, part]);
  if (seen.nodes.length < 2) return <p className="hint">{texts.graph.noConnections}</p>;
  return <Drawing picture={picture} label={texts.graph.pictureOf(label, seen.nodes.length, seen.edges.length)} hasLinks />;
}

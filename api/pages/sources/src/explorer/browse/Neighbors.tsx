// What something has to do with, the weightiest first: a bar says how many articles they share.
import type { ReactNode } from "react";

import { formatNumber } from "../formats";
import type { NodeKind } from "../nodes";
import { NodeLink } from "../parts/NodeLink";
import { texts } from "../texts";

interface NeighborsProps {
  title: string;
  kind: NodeKind;
  totalCount: number;
  edges: { node: { id: string; label: string }; weight: number; note?: ReactNode }[];
  /** What a weight counts. */
  unit: (weight: number) => string;
}

export function Neighbors({ title, kind, totalCount, edges, unit }: NeighborsProps) {
  if (edges.length === 0) return null;
  const most = Math.max(...edges.map(({ weight }) => weight));
  return (
    <section className="neighbors" data-kind={kind.toLowerCase()}>
      <h2>{title}</h2>
      <ul>
        {edges.map(({ node, weight, note }) => (
          <li key={node.id}>
            <NodeLink kind={kind} id={node.id}>
              {node.label}
            </NodeLink>
            <span className="weight" title={unit(weight)}>
              {formatNumber(weight)}
              <span className="unseen"> {unit(weight)}</span>
            </span>
            <meter aria-hidden="true" min={0} max={most} value={weight} />
            {note && <p className="byline">{note}</p>}
          </li>
        ))}
      </ul>
      {totalCount > edges.length && <p className="byline">{texts.browse.more(totalCount - edges.length)}</p>}
    </section>
  );
}

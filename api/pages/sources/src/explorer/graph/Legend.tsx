// What the colours mean, and which kinds of nodes and edges are shown. What is pointed at stands out in the picture.
import { useEffect, useState } from "react";

import { formatNumber } from "../formats";
import { texts } from "../texts";
import { type Group, kindToken } from "./appearance";
import { countKinds, EDGE_KINDS, type EdgeKind, type Model, NODE_KINDS, type NodeKind } from "./model";
import type { ColourBy } from "./view";

/** An entry of the legend. */
export interface Entry {
  of: "group" | "nodes" | "edges";
  key: string;
}

interface LegendProps {
  model: Model;
  groups: readonly Group[];
  colourBy: ColourBy;
  hiddenNodeKinds: readonly NodeKind[];
  hiddenEdgeKinds: readonly EdgeKind[];
  toggleNodeKind: (kind: NodeKind) => void;
  toggleEdgeKind: (kind: EdgeKind) => void;
  /** Lets what an entry stands for stand out, as long as it has the pointer or the focus, a group until it is pressed again. */
  point: (entry: Entry | null) => void;
}

export function Legend({ model, groups, colourBy, hiddenNodeKinds, hiddenEdgeKinds, toggleNodeKind, toggleEdgeKind, point }: LegendProps) {
  const [under, setUnder] = useState<Entry | null>(null);
  const [kept, setKept] = useState<string | null>(null);
  useEffect(() => point(under ?? (kept === null ? null : { of: "group", key: kept })), [under, kept]);
  const nodes = countKinds(model.nodes.values());
  const edges = countKinds(model.edges.values());
  const pointing = (entry: Entry) => ({
    onPointerEnter: () => setUnder(entry),
    onPointerLeave: () => setUnder(null),
    onFocus: () => setUnder(entry),
    onBlur: () => setUnder(null),
  });
  return (
    <div className="graph-legend">
      {colourBy !== "kind" && (
        <section>
          <h3>{texts.graph.colours[colourBy]}</h3>
          <ul>
            {groups.map(({ key, label, token, count }) => (
              <li key={key}>
                <button type="button" aria-pressed={key === kept} onClick={() => setKept(key === kept ? null : key)} {...pointing({ of: "group", key })}>
                  <i className="graph-dot" style={{ background: `var(${token})` }} />
                  <span>{label ?? texts.graph.others}</span>
                  <small>{formatNumber(count)}</small>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      <fieldset>
        <legend>{texts.graph.nodes}</legend>
        <div className="entries">
        {NODE_KINDS.filter((kind) => nodes.has(kind)).map((kind) => (
          <label key={kind} {...pointing({ of: "nodes", key: kind })}>
            <input type="checkbox" checked={!hiddenNodeKinds.includes(kind)} onChange={() => toggleNodeKind(kind)} />
            {colourBy === "kind" && <i className="graph-dot" style={{ background: `var(${kindToken(kind)})` }} />}
            <span>{texts.graph.kindNames[kind]}</span>
            <small>{formatNumber(nodes.get(kind) ?? 0)}</small>
          </label>
        ))}
        </div>
      </fieldset>
      <fieldset>
        <legend>{texts.graph.edges}</legend>
        <div className="entries">
        {EDGE_KINDS.filter((kind) => edges.has(kind)).map((kind) => (
          <label key={kind} {...pointing({ of: "edges", key: kind })}>
            <input type="checkbox" checked={!hiddenEdgeKinds.includes(kind)} onChange={() => toggleEdgeKind(kind)} />
            <span>{texts.graph.edgeNames[kind]}</span>
            <small>{formatNumber(edges.get(kind) ?? 0)}</small>
          </label>
        ))}
        </div>
      </fieldset>
    </div>
  );
}

// All that the picture shows, as a list: for those who do not see it, and for those who look for a name.
import { useId, useState } from "react";

import { formatDay, formatNumber } from "../formats";
import { NodeLink } from "../parts/NodeLink";
import { texts } from "../texts";
import type { GraphEdge, GraphNode } from "./model";

interface NodeListProps {
  nodes: readonly GraphNode[];
  edges: ReadonlyMap<string, readonly GraphEdge[]>;
  selected: string | null;
  opened: readonly string[];
  select: (id: string) => void;
  open: (id: string) => void;
}

export function NodeList({ nodes, edges, selected, opened, select, open }: NodeListProps) {
  const id = useId();
  const [words, setWords] = useState("");
  const wanted = words.trim().toLowerCase();
  const shown = nodes.filter((node) => node.label.toLowerCase().includes(wanted));
  return (
    <details className="graph-list">
      <summary>{texts.graph.allSeen(formatNumber(nodes.length))}</summary>
      <p className="filter">
        <label htmlFor={id}>{texts.graph.onlyNames}</label>
        <input id={id} type="search" value={words} onChange={({ target }) => setWords(target.value)} />
      </p>
      <div className="graph-table" tabIndex={0} role="region" aria-label={texts.graph.nodes}>
        <table>
          <thead>
            <tr>
              <th scope="col">{texts.graph.name}</th>
              <th scope="col">{texts.graph.kind}</th>
              <th scope="col">{texts.graph.published}</th>
              <th scope="col">{texts.graph.connections}</th>
              <th scope="col">
                <span className="unseen">{texts.graph.open}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((node) => (
              <tr key={node.id} className={node.id === selected ? "is-selected" : undefined}>
                <th scope="row">
                  <button type="button" className="link" aria-pressed={node.id === selected} onClick={() => select(node.id)}>
                    {node.label}
                  </button>
                </th>
                <td>
                  <NodeLink kind={node.kind} id={node.id}>
                    {texts.kinds[node.kind]}
                  </NodeLink>
                  {node.isHub && ` · ${texts.graph.hub}`}
                </td>
                <td>{node.date && formatDay(node.date)}</td>
                <td>{formatNumber(edges.get(node.id)?.length ?? 0)}</td>
                <td>
                  {!opened.includes(node.id) && (
                    <button type="button" className="quiet" aria-label={texts.graph.openNode(node.label)} onClick={() => open(node.id)}>
                      {texts.graph.open}
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

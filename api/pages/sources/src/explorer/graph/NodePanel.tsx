// What is selected: what it is, where more stands, and why it is connected with the others.
import { useState } from "react";

import { useQuery } from "../client/useQuery";
import { formatDay, formatNumber, formatSpan } from "../formats";
import { NodeLink } from "../parts/NodeLink";
import { texts } from "../texts";
import { GraphNodeFactsOperation, type GraphNodeFactsQuery } from "./graph.operations";
import type { GraphEdge, GraphNode } from "./model";
import { unseenNeighbors } from "./model";
import { type Choice, NodePicker } from "./NodePicker";
import { sentence } from "./words";

interface NodePanelProps {
  node: GraphNode;
  /** Its edges that are seen. */
  edges: readonly GraphEdge[];
  nodes: ReadonlyMap<string, GraphNode>;
  isOpened: boolean;
  select: (id: string | null) => void;
  open: (id: string) => void;
  close: (id: string) => void;
  remove: (id: string) => void;
  begin: (node: GraphNode) => void;
  connect: (source: string, target: string) => void;
}

const SHOWN = 8;

export function NodePanel({ node, edges, nodes, isOpened, select, open, close, remove, begin, connect }: NodePanelProps) {
  const facts = useQuery(GraphNodeFactsOperation, { id: node.id });
  const known = facts.data?.node?.id === node.id ? facts.data.node : null;
  const unseen = unseenNeighbors(node, edges);
  return (
    <section className="node-panel" aria-label={texts.graph.selected}>
      <header>
        <p className="kicker">
          {texts.kinds[node.kind]}
          {node.isHub && ` · ${texts.graph.hub}`}
        </p>
        <button type="button" className="icon-button" aria-label={texts.graph.unselect} title={texts.graph.unselect} onClick={() => select(null)}>
          ×
        </button>
      </header>
      <h2>
        <NodeLink kind={node.kind} id={node.id}>
          {node.label}
        </NodeLink>
      </h2>
      {known && <Facts node={known} />}
      {node.isHub && <p className="hint">{texts.graph.hubHint}</p>}
      <div className="node-actions">
        {isOpened ? (
          <button type="button" className="quiet" onClick={() => close(node.id)}>
            {texts.graph.close}
          </button>
        ) : (
          <button type="button" onClick={() => open(node.id)}>
            {unseen > 0 ? texts.graph.openMore(formatNumber(unseen)) : texts.graph.open}
          </button>
        )}
        <button type="button" className="quiet" onClick={() => begin(node)}>
          {texts.graph.beginHere}
        </button>
        <button type="button" className="quiet" onClick={() => remove(node.id)}>
          {texts.graph.remove}
        </button>
      </div>
      <Connections key={node.id} node={node} edges={edges} nodes={nodes} select={select} />
      {node.kind !== "STORY" && (
        <NodePicker
          key={`to ${node.id}`}
          label={texts.graph.connectWith}
          placeholder={texts.graph.findNode}
          withStories={false}
          choose={(choice: Choice) => connect(node.id, choice.id)}
        />
      )}
    </section>
  );
}

function Facts({ node }: { node: NonNullable<GraphNodeFactsQuery["node"]> }) {
  switch (node.__typename) {
    case "Article":
      return (
        <>
          <p className="byline">
            {node.provider && (
              <NodeLink kind="PROVIDER" id={node.provider.id}>
                {node.provider.label}
              </NodeLink>
            )}
            {node.publishedDateTime && <time dateTime={node.publishedDateTime}>{formatDay(node.publishedDateTime)}</time>}
          </p>
          {node.excerpt && <p className="excerpt">{node.excerpt}</p>}
          {node.story && (
            <p className="hint">
              {texts.graph.inStory}{" "}
              <NodeLink kind="STORY" id={node.story.id}>
                {node.story.label}
              </NodeLink>
            </p>
          )}
        </>
      );
    case "Story":
      return (
        <p className="byline">
          {texts.counts.ARTICLE(node.articleCount)}
          {node.firstPublished && node.lastPublished && <span>{formatSpan(node.firstPublished, node.lastPublished)}</span>}
        </p>
      );
    default:
      return (
        <>
          <p className="byline">{texts.counts.ARTICLE(node.articles.totalCount)}</p>
          {node.description && <p className="excerpt">{node.description}</p>}
        </>
      );
  }
}

/** The edges of the node in words, by their other ends, to which they lead. */
function Connections({ node, edges, nodes, select }: Pick<NodePanelProps, "node" | "edges" | "nodes" | "select">) {
  const [isWhole, setWhole] = useState(false);
  if (edges.length === 0) return <p className="hint">{texts.graph.noConnections}</p>;
  const byEnd = new Map<string, GraphEdge[]>();
  for (const edge of edges) {
    const end = edge.source === node.id ? edge.target : edge.source;
    byEnd.set(end, [...(byEnd.get(end) ?? []), edge]);
  }
  const shown = [...byEnd].slice(0, isWhole ? undefined : SHOWN);
  return (
    <section className="graph-connections">
      <h3>{texts.graph.why(formatNumber(edges.length))}</h3>
      <ul>
        {shown.map(([end, between]) => (
          <li key={end}>
            <button type="button" className="link" onClick={() => select(end)}>
              {nodes.get(end)!.label}
            </button>
            {between.map((edge) => (
              <p key={edge.key}>{sentence(edge, nodes.get(edge.source)!, nodes.get(edge.target)!)}</p>
            ))}
          </li>
        ))}
      </ul>
      {!isWhole && byEnd.size > SHOWN && (
        <button type="button" className="quiet" onClick={() => setWhole(true)}>
          {texts.graph.allConnections(formatNumber(edges.length))}
        </button>
      )}
    </section>
  );
}

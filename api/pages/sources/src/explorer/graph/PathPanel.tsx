// Two nodes and the shortest ways between them, each step in words.
import { useState } from "react";

import { texts } from "../texts";
import type { GraphNode, Named } from "./model";
import { type Choice, NodePicker } from "./NodePicker";
import type { Answered } from "./requests";
import type { Start } from "./view";
import { enumerated } from "./words";

interface PathPanelProps {
  start: Start;
  answered: Answered | null;
  /** Which of the ways stands out. */
  way: number;
  chooseWay: (way: number) => void;
  connect: (source: string, target: string, throughHubs?: boolean) => void;
  select: (id: string) => void;
}

export function PathPanel({ start, answered, way, chooseWay, connect, select }: PathPanelProps) {
  const given = start.from === "path" ? start : null;
  const known = new Map<string, GraphNode>(answered?.part.nodes.map((node) => [node.id, node]));
  const [source, setSource] = useState<Choice | null>(null);
  const [target, setTarget] = useState<Choice | null>(null);
  const from = source ?? choiceOf(given && known.get(given.source));
  const to = target ?? choiceOf(given && known.get(given.target));

  function choose(one: Choice | null, other: Choice | null) {
    setSource(one);
    setTarget(other);
    if (one && other) connect(one.id, other.id, given?.throughHubs);
  }

  return (
    <section className="path-panel" aria-label={texts.graph.connect}>
      <NodePicker label={texts.graph.from} placeholder={texts.graph.findNode} value={from} withStories={false} choose={(choice) => choose(choice, to)} />
      <NodePicker label={texts.graph.to} placeholder={texts.graph.findNode} value={to} withStories={false} choose={(choice) => choose(from, choice)} />
      {given && answered && (
        <>
          {answered.noPathReason !== null && <p role="status">{noWay(answered, known.get(given.source), known.get(given.target))}</p>}
          {answered.part.skippedHubs.length > 0 && !given.throughHubs && (
            <p className="hint">{texts.graph.skipped(answered.part.skippedHubs.length, enumerated(answered.part.skippedHubs))}</p>
          )}
          <label className="check">
            <input
              type="checkbox"
              checked={given.throughHubs}
              onChange={() => connect(given.source, given.target, !given.throughHubs)}
            />
            {texts.graph.throughHubs}
          </label>
          <ol className="graph-ways">
            {answered.ways.map(({ nodes, reasons }, index) => (
              <li key={nodes.map((node) => node.id).join(" ")}>
                <button type="button" className="quiet" aria-pressed={index === way} onClick={() => chooseWay(index)}>
                  {texts.graph.way(index + 1, reasons.length)}
                </button>
                {index === way && <Steps nodes={nodes} reasons={reasons} select={select} />}
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  );
}

function Steps({ nodes, reasons, select }: { nodes: readonly GraphNode[]; reasons: readonly string[]; select: (id: string) => void }) {
  return (
    <ol className="graph-steps">
      {nodes.map((node, index) => (
        <li key={node.id}>
          <button type="button" className="link" onClick={() => select(node.id)}>
            {node.label}
          </button>
          {reasons[index] && <p>{reasons[index]}</p>}
        </li>
      ))}
    </ol>
  );
}

function choiceOf(node: GraphNode | null | undefined): Choice | null {
  return node ? { id: node.id, label: node.label, kind: node.kind } : null;
}

function noWay(answered: Answered, source: Named | undefined, target: Named | undefined): string {
  if (!source || !target) return texts.graph.unknown;
  const { ONLY_THROUGH_HUBS, DIFFERENT_COMPONENTS } = texts.graph.noPath;
  return answered.noPathReason === "ONLY_THROUGH_HUBS" ? ONLY_THROUGH_HUBS : DIFFERENT_COMPONENTS;
}

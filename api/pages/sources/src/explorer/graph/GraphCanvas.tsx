// The moving picture in the page, with what moves the view: pointer, buttons, keys.
import { type KeyboardEvent, useEffect, useRef } from "react";

import { texts } from "../texts";
import { type Look, Stage, type StageEvents } from "./stage";

interface GraphCanvasProps {
  look: Look;
  events: StageEvents;
  /** What the picture is of, for those who do not see it. */
  label: string;
}

const STEP = 0.15;

export function GraphCanvas({ look, events, label }: GraphCanvasProps) {
  const container = useRef<HTMLDivElement>(null);
  const stage = useRef<Stage | null>(null);
  const latest = useRef(events);
  latest.current = events;

  useEffect(() => {
    stage.current = new Stage(container.current!, {
      select: (id) => latest.current.select(id),
      open: (id) => latest.current.open(id),
      move: (id, place) => latest.current.move(id, place),
    });
    return () => {
      stage.current?.kill();
      stage.current = null;
    };
  }, []);

  useEffect(() => stage.current?.show(look), [look]);

  const keys: Record<string, () => void> = {
    "+": () => stage.current?.zoomIn(),
    "=": () => stage.current?.zoomIn(),
    "-": () => stage.current?.zoomOut(),
    "0": () => stage.current?.fit(),
    ArrowLeft: () => stage.current?.pan(-STEP, 0),
    ArrowRight: () => stage.current?.pan(STEP, 0),
    ArrowUp: () => stage.current?.pan(0, STEP),
    ArrowDown: () => stage.current?.pan(0, -STEP),
  };

  function press(event: KeyboardEvent) {
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  return (
    <div className="graph-frame">
      <div className="graph-canvas" role="img" aria-label={label} tabIndex={0} aria-keyshortcuts={Object.keys(keys).join(" ")} onKeyDown={press}>
        <div className="graph-stage" ref={container} aria-hidden="true" data-nodes={look.seen.nodes.length} data-edges={look.seen.edges.length} />
      </div>
      <div className="graph-zoom" role="group" aria-label={texts.graph.view}>
        <button type="button" className="icon-button" aria-label={texts.graph.zoomIn} title={texts.graph.zoomIn} onClick={() => stage.current?.zoomIn()}>
          <Sign path="M8 3v10M3 8h10" />
        </button>
        <button type="button" className="icon-button" aria-label={texts.graph.zoomOut} title={texts.graph.zoomOut} onClick={() => stage.current?.zoomOut()}>
          <Sign path="M3 8h10" />
        </button>
        <button type="button" className="icon-button" aria-label={texts.graph.fit} title={texts.graph.fit} onClick={() => stage.current?.fit()}>
          <Sign path="M3 6V3h3M10 3h3v3M13 10v3h-3M6 13H3v-3" />
        </button>
      </div>
    </div>
  );
}

function Sign({ path }: { path: string }) {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}

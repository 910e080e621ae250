// The places of what is seen, computed beside the page. What has a place keeps it until something new comes.
import { useCallback, useEffect, useRef, useState } from "react";

import { arrange, type LayoutTask, type Point, type Positions } from "./layout";
import type { Seen } from "./model";

export interface Arrangement {
  /** What has places, and these; while new places are computed, what was seen before. */
  seen: Seen;
  positions: Positions;
  isBusy: boolean;
  /** Keeps a node where the reader put it. */
  move: (id: string, place: Point) => void;
  /** Forgets all places and computes them anew. */
  again: () => void;
}

const NOTHING: Seen = { nodes: [], edges: [], moreNodes: 0, moreEdges: 0 };

/** Hubs stand outside, but for the roots, which the picture is about. */
export function useArrangement(seen: Seen, sizes: ReadonlyMap<string, number>, roots: readonly string[]): Arrangement {
  const places = useRef<Positions>({});
  const worker = useRef<LayoutWorker | null>(null);
  const [shown, setShown] = useState<{ seen: Seen; positions: Positions }>({ seen: NOTHING, positions: {} });
  const [attempt, setAttempt] = useState(0);
  const isMissing = seen.nodes.some((node) => !(node.id in places.current));

  // It loads while the service is asked.
  useEffect(() => {
    const started = new LayoutWorker();
    worker.current = started;
    return () => {
      worker.current = null;
      started.end();
    };
  }, []);

  useEffect(() => {
    if (seen.nodes.every((node) => node.id in places.current)) {
      setShown({ seen, positions: places.current });
      return;
    }
    let isWanted = true;
    const here = new Set(seen.nodes.map((node) => node.id));
    const before = Object.fromEntries(Object.entries(places.current).filter(([id]) => here.has(id)));
    const task: LayoutTask = {
      nodes: seen.nodes.map(({ id, isHub }) => ({ id, isHub: isHub && !roots.includes(id), size: sizes.get(id) ?? 4 })),
      edges: seen.edges.map(({ source, target }) => ({ source, target })),
      before,
    };
    void worker.current!.arrange(task).then((positions) => {
      if (!isWanted) return;
      places.current = { ...places.current, ...positions };
      setShown({ seen, positions: places.current });
    });
    return () => {
      isWanted = false;
    };
  }, [seen, attempt]); // sizes follow from what is seen, and what is seen from the roots

  const move = useCallback((id: string, place: Point) => {
    places.current = { ...places.current, [id]: place };
    setShown((before) => ({ ...before, positions: places.current }));
  }, []);
  const again = useCallback(() => {
    places.current = {};
    setAttempt((count) => count + 1);
  }, []);
  return { ...shown, isBusy: isMissing, move, again };
}

/** Answers layouts from a worker of its own; where the browser starts none, from the page. */
class LayoutWorker {
  readonly #waiting = new Map<number, { task: LayoutTask; resolve: (positions: Positions) => void }>();
  #worker: Worker | null = new Worker(new URL("./layout.worker.ts", import.meta.url), { type: "module" });
  #count = 0;

  constructor() {
    this.#worker?.addEventListener("message", ({ data }: MessageEvent<{ number: number; positions: Positions }>) => {
      this.#waiting.get(data.number)?.resolve(data.positions);
      this.#waiting.delete(data.number);
    });
    this.#worker?.addEventListener("error", () => {
      this.#worker = null;
      for (const { task, resolve } of this.#waiting.values()) resolve(arrange(task));
      this.#waiting.clear();
    });
  }

  arrange(task: LayoutTask): Promise<Positions> {
    if (this.#worker === null) return Promise.resolve(arrange(task));
    this.#count += 1;
    const number = this.#count;
    this.#worker.postMessage({ number, task });
    return new Promise((resolve) => this.#waiting.set(number, { task, resolve }));
  }

  end(): void {
    this.#worker?.terminate();
  }
}

// What the page that is shown asked the service: each operation with its variables, in the order in which they were asked first.
import { useEffect, useState, useSyncExternalStore } from "react";

import type { Operation } from "./operation";

export interface AskedQuery {
  operation: Operation<unknown, object>;
  variables: object;
}

const byOwner = new Map<object, readonly AskedQuery[]>();
const listeners = new Set<() => void>();
let all: readonly AskedQuery[] = [];

function change(owner: object, queries: readonly AskedQuery[] | null): void {
  if (queries) byOwner.set(owner, queries);
  else byOwner.delete(owner);
  const distinct = new Map([...byOwner.values()].flat().map((query) => [keyOf(query), query]));
  all = [...distinct.values()];
  for (const listener of listeners) listener();
}

function keyOf({ operation, variables }: AskedQuery): string {
  return JSON.stringify([operation.name, variables]);
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Tells what a component asks, as long as it is shown. */
export function useAsking(queries: readonly AskedQuery[]): void {
  const [owner] = useState(() => ({}));
  useEffect(() => change(owner, queries), [owner, queries.map(keyOf).join("\n")]);
  useEffect(() => () => change(owner, null), [owner]);
}

/** All that the components of the page asked. */
export function useAskedQueries(): readonly AskedQuery[] {
  return useSyncExternalStore(subscribe, () => all);
}

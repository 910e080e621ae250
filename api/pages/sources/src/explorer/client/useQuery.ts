// An operation's answer for a component, asked again when the variables or the token change.
import { useEffect, useState } from "react";

import { ask, type AskError } from "./ask";
import { useAsking } from "./asking";
import type { Operation } from "./operation";
import { useToken } from "./token";

export interface Asked<Data> {
  /** The answer; while a new one is on its way, the one before. */
  data: Data | null;
  error: AskError | null;
  isLoading: boolean;
  /** Asks the same again. */
  retry: () => void;
}

/** Answers kept for a moment, so that the way back is instant and lands where the reader was. */
const kept = new Map<string, { data: unknown; until: number }>();
const KEPT_MILLISECONDS = 60_000;
const MOST_KEPT = 40;

function lookUp(key: string): unknown {
  const found = kept.get(key);
  return found && found.until > Date.now() ? found.data : null;
}

function keep(key: string, data: unknown): void {
  kept.delete(key);
  kept.set(key, { data, until: Date.now() + KEPT_MILLISECONDS });
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
}

/** `null` in place of variables asks nothing, until there are some. */
export function useQuery<Data, Variables>(
  operation: Operation<Data, Variables>,
  variables: Variables | null,
): Asked<Data> {
  useAsking(variables === null ? [] : [{ operation: operation as Operation<unknown, object>, variables: variables as object }]);
  const token = useToken();
  const [attempt, setAttempt] = useState(0);
  const key = variables === null ? null : JSON.stringify([operation.name, variables, token]);
  const [state, setState] = useState<{ key: string | null; data: Data | null; error: AskError | null }>(() => ({
    key: null,
    data: null,
    error: null,
  }));
  const remembered = key === null ? null : (lookUp(key) as Data | null);

  useEffect(() => {
    if (key === null || variables === null) return;
    const found = attempt === 0 ? (lookUp(key) as Data | null) : null;
    if (found !== null) {
      setState({ key, data: found, error: null });
      return;
    }
    const controller = new AbortController();
    ask(operation, variables, controller.signal).then(
      (data) => {
        keep(key, data);
        if (!controller.signal.aborted) setState({ key, data, error: null });
      },
      (error: AskError) => {
        if (!controller.signal.aborted) setState((before) => ({ key, data: before.data, error }));
      },
    );
    return () => controller.abort();
  }, [operation, key, attempt]); // the key stands for the variables

  return {
    data: remembered ?? state.data,
    error: state.key === key ? state.error : null,
    isLoading: key !== null && state.key !== key && remembered === null,
    retry: () => {
      setState((before) => ({ ...before, key: null, error: null }));
      setAttempt((count) => count + 1);
    },
  };
}

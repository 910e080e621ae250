// The answers to several questions, each asked once.
import { useEffect, useRef, useState } from "react";

import type { AskError } from "../client/ask";
import { useAsking } from "../client/asking";
import { useToken } from "../client/token";
import type { Answered, Request } from "./requests";

export interface Answers {
  /** In the order of the questions; null for one that has no answer yet. */
  all: (Answered | null)[];
  error: AskError | null;
  isLoading: boolean;
  retry: () => void;
}

export function useAnswers(requests: readonly Request[]): Answers {
  useAsking(requests);
  const token = useToken();
  const known = useRef(new Map<string, Answered>());
  const [errors, setErrors] = useState<ReadonlyMap<string, AskError>>(new Map());
  const [, setCount] = useState(0);
  const [attempt, setAttempt] = useState(0);
  const keys = requests.map((request) => `${token ?? ""} ${request.key}`);

  useEffect(() => {
    const controller = new AbortController();
    requests.forEach((request, index) => {
      const key = keys[index]!;
      if (known.current.has(key)) return;
      request.load(controller.signal).then(
        (answered) => {
          known.current.set(key, answered);
          if (!controller.signal.aborted) setCount((count) => count + 1);
        },
        (error: AskError) => {
          if (!controller.signal.aborted) setErrors((before) => new Map(before).set(key, error));
        },
      );
    });
    return () => controller.abort();
  }, [keys.join("\n"), attempt]); // the keys stand for the questions

  const all = keys.map((key) => known.current.get(key) ?? null);
  const error = keys.map((key) => errors.get(key)).find((found) => found !== undefined) ?? null;
  return {
    all,
    error,
    isLoading: error === null && all.includes(null),
    retry: () => {
      setErrors(new Map());
      setAttempt((count) => count + 1);
    },
  };
}

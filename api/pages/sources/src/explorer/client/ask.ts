// One operation asked of the service that served the page.
import type { Operation } from "./operation";
import { currentToken } from "./token";

const ENDPOINT = "graphql";
/** How often the same is asked while the service has too much work, as right after its start. */
const TRIES = 4;
const MOST_SECONDS = 5;

/** Why there is no answer. */
export class AskError extends Error {
  /** The service's code, such as `RATE_LIMITED`; `UNREACHABLE` when nothing came back, `NOT_GRAPHQL` when something else did. */
  readonly code: string;
  /** Seconds after which the service asks to try again. */
  readonly retryAfter: number | null;

  constructor(code: string, message: string, retryAfter: number | null = null) {
    super(message);
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

interface Answer<Data> {
  data?: Data | null;
  errors?: { message: string; extensions?: { code?: string } }[];
}

/** The answer to an operation; throws an `AskError` where there is none, or not the whole. */
export async function ask<Data, Variables>(
  operation: Operation<Data, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<Data> {
  for (let left = TRIES - 1; ; left--) {
    try {
      return await askOnce(operation, variables, signal);
    } catch (error) {
      if (!left || !(error instanceof AskError) || error.code !== "OVERLOADED") throw error;
      await pause(Math.min(error.retryAfter ?? 1, MOST_SECONDS), signal);
    }
  }
}

function pause(seconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = setTimeout(resolve, seconds * 1000);
    signal?.addEventListener("abort", () => {
      clearTimeout(end);
      reject(signal.reason);
    });
  });
}

async function askOnce<Data, Variables>(
  operation: Operation<Data, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<Data> {
  const response = await send(JSON.stringify({ query: operation.text, operationName: operation.name, variables }), signal);
  const retryAfter = Number(response.headers.get("Retry-After")) || null;
  const answer = (await response.json().catch(() => null)) as Answer<Data> | null;
  const error = answer?.errors?.[0];
  if (error) throw new AskError(error.extensions?.code ?? "UNKNOWN", error.message, retryAfter);
  if (!answer?.data) throw new AskError("NOT_GRAPHQL", `HTTP ${response.status}`, retryAfter);
  return answer.data;
}

async function send(body: string, signal?: AbortSignal): Promise<Response> {
  const token = currentToken();
  const headers: Record<string, string> = {
    "Content-Type": "application/json",
    Accept: "application/graphql-response+json, application/json;q=0.9",
  };
  if (token) headers["Authorization"] = `Bearer ${token}`;
  try {
    return await fetch(ENDPOINT, { method: "POST", headers, body, signal: signal ?? null });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new AskError("UNREACHABLE", error instanceof Error ? error.message : String(error));
  }
}

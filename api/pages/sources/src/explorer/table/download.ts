// All rows of a list that pass the filter, page by page, for a file.
import { ask, AskError } from "../client/ask";
import type { Operation } from "../client/operation";
import type { PageOf, PageVariables } from "./source";

/** As many as the service gives at once. */
const PAGE = 100;
const MILLISECONDS = 1_000;

export async function allRows<Row, Data, Variables>(
  operation: Operation<Data, Variables>,
  variables: (page: PageVariables) => Variables,
  page: (data: Data) => PageOf<Row>,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (let after: string | null = null, hasMore = true; hasMore; ) {
    const { nodes, totalCount, pageInfo } = page(await patiently(operation, variables({ first: PAGE, after }), signal));
    rows.push(...nodes);
    onProgress(rows.length, totalCount);
    [after, hasMore] = [pageInfo.endCursor, pageInfo.hasNextPage];
  }
  return rows;
}

/** Waits where the service says that a client asked for much within a minute. */
async function patiently<Data, Variables>(
  operation: Operation<Data, Variables>,
  variables: Variables,
  signal: AbortSignal,
): Promise<Data> {
  for (;;) {
    try {
      return await ask(operation, variables, signal);
    } catch (error) {
      if (!(error instanceof AskError) || error.code !== "RATE_LIMITED" || error.retryAfter === null) throw error;
      await new Promise((resolve) => setTimeout(resolve, (error.retryAfter ?? 1) * MILLISECONDS));
      signal.throwIfAborted();
    }
  }
}

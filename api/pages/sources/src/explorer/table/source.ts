// A list of the API as a table: what asks for a page of it, and its columns.
import type { Operation } from "../client/operation";
import type { NodeKind } from "../nodes";
import type { PagerInfoFragment } from "../parts/pager.operations";
import type { Column, Sort } from "./columns";

/** Which page of a list. */
export interface PageVariables {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
}

export interface PageOf<Row> {
  totalCount: number;
  nodes: Row[];
  pageInfo: PagerInfoFragment;
}

export interface ListSource<Row extends { id: string; label: string }, Data, Variables> {
  kind: NodeKind;
  operation: Operation<Data, Variables>;
  columns: Column<Row>[];
  /** The columns at first. */
  shown: string[];
  page: (data: Data) => PageOf<Row>;
  variables: (parameters: URLSearchParams, shown: string[], sort: Sort | null, page: PageVariables) => Variables;
  /** Parameters of the address that narrow it, beside words: ids of nodes, and moments. */
  nodeFilters: string[];
  hasTime: boolean;
}

/** The criterion of an order, such as `[{ quality: "DESC" }]`; none for the list's own order. */
export function orderBy<Order>(
  sort: Sort | null,
  criteria: Record<string, (direction: "ASC" | "DESC") => Order>,
): Order[] | null {
  const criterion = sort && criteria[sort.key];
  return criterion ? [criterion(sort.isDescending ? "DESC" : "ASC")] : null;
}

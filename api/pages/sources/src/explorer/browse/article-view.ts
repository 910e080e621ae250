// Which articles are shown, as the address says it: words in the title, a provider, a topic, a span of time, an order and a page.
import type { Span } from "../charts/spans";
import { pageVariables } from "../parts/Pager";
import type { ArticleFilter, ArticleListQueryVariables, ArticleOrder } from "./article-list.operations";

export const ORDERS = {
  newest: [{ publishedDateTime: "DESC" }],
  oldest: [{ publishedDateTime: "ASC" }],
  related: [{ related: { count: "DESC" } }, { publishedDateTime: "DESC" }],
  central: [{ metrics: { pageRank: "DESC" } }],
} satisfies Record<string, ArticleOrder[]>;

export type OrderName = keyof typeof ORDERS;

/** The parameters of the address that this module reads, apart from the page. */
export const FILTERS = ["words", "provider", "topic", "from", "to"] as const;

const PAGE = 20;

export function orderOf(parameters: URLSearchParams): OrderName {
  const order = parameters.get("order") ?? "";
  return order in ORDERS ? (order as OrderName) : "newest";
}

/** A moment of the address; one that cannot be read is none. */
export function momentIn(parameters: URLSearchParams, name: "from" | "to"): string | null {
  const text = parameters.get(name);
  return text && !Number.isNaN(Date.parse(text)) ? text : null;
}

export function spanIn(parameters: URLSearchParams): Span | null {
  const [from, to] = [momentIn(parameters, "from"), momentIn(parameters, "to")];
  return from && to ? { from, to } : null;
}

/** The filter without the span of time, which the chart shows as a part of the whole. */
export function timelessFilter(base: ArticleFilter, parameters: URLSearchParams): ArticleFilter {
  const [words, provider, topic] = ["words", "provider", "topic"].map((name) => parameters.get(name));
  const conditions: ArticleFilter[] = [base];
  if (words) conditions.push({ title: { contains: words, ignoreCase: true } });
  if (provider) conditions.push({ provider: { id: { eq: provider } } });
  if (topic) conditions.push({ topics: { some: { id: { eq: topic } } } });
  return conditions.length === 1 ? base : { and: conditions };
}

export function wholeFilter(base: ArticleFilter, parameters: URLSearchParams): ArticleFilter {
  const [gte, lt] = [momentIn(parameters, "from"), momentIn(parameters, "to")];
  const timeless = timelessFilter(base, parameters);
  if (!gte && !lt) return timeless;
  return { and: [timeless, { publishedDateTime: { ...(gte && { gte }), ...(lt && { lt }) } }] };
}

export function listVariables(base: ArticleFilter, parameters: URLSearchParams): ArticleListQueryVariables {
  return {
    filter: wholeFilter(base, parameters),
    orderBy: ORDERS[orderOf(parameters)],
    ...pageVariables(parameters, PAGE),
  };
}

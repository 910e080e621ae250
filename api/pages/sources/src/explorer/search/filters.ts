// What a search is narrowed to, as the address holds it.
import type { NodeKind } from "../nodes";
import type { SearchQueryVariables } from "./search.operations";

export const KINDS: NodeKind[] = ["ARTICLE", "STORY", "TOPIC", "PROVIDER", "PERSON"];

/** Parameters of the address that narrow the articles; their names are those of `texts.search.facets`. */
export const FACETS = ["topic", "provider", "person", "year"] as const;
export type FacetName = (typeof FACETS)[number];

type Filter = NonNullable<SearchQueryVariables["filter"]>;

export function kindIn(parameters: URLSearchParams): NodeKind | null {
  const kind = parameters.get("kind")?.toUpperCase();
  return KINDS.find((known) => known === kind) ?? null;
}

/** The condition that the chosen facets make together; null if none is chosen. */
export function filterIn(parameters: URLSearchParams): Filter | null {
  const filter: Filter = {};
  const [topic, provider, person, year] = FACETS.map((name) => parameters.get(name));
  if (topic) filter.topics = { some: { id: { eq: topic } } };
  if (provider) filter.provider = { id: { eq: provider } };
  if (person) filter.authors = { some: { id: { eq: person } } };
  if (year && /^\d{4}$/.test(year)) {
    filter.publishedDateTime = { gte: `${year}-01-01T00:00:00Z`, lt: `${String(Number(year) + 1).padStart(4, "0")}-01-01T00:00:00Z` };
  }
  return Object.keys(filter).length > 0 ? filter : null;
}

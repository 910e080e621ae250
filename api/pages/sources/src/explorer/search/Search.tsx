// What was found for some words, in the whole graph or narrowed to some of the articles.
import { useEffect, useState } from "react";

import { useParameters } from "../address";
import { useQuery } from "../client/useQuery";
import { Answer } from "../parts/Answer";
import { EmptyState } from "../parts/EmptyState";
import { Page } from "../parts/Page";
import { Pager, pageVariables } from "../parts/Pager";
import { texts } from "../texts";
import { Facets } from "./Facets";
import { filterIn, kindIn } from "./filters";
import { Found } from "./Found";
import { Kinds } from "./Kinds";
import "./search.css";
import { SearchFacetsOperation } from "./search-facets.operations";
import { SearchKindsOperation } from "./search-kinds.operations";
import { SearchOperation, type SearchQueryVariables } from "./search.operations";

const PAGE_SIZE = 10;
/** Where texts are so long that to look for the words in ten of them costs more than a query may. */
const PAGE_SIZE_OF_LONG_TEXTS = 2;
const GROUPS = 8;

export default function Search() {
  const [parameters] = useParameters();
  const text = parameters.get("q")?.trim() ?? "";
  const filter = filterIn(parameters);
  const [size, setSize] = useState(PAGE_SIZE);
  const kind = kindIn(parameters);
  const variables: SearchQueryVariables = {
    text,
    kinds: kind && [kind],
    filter: kind && kind !== "ARTICLE" ? null : filter,
    ...pageVariables(parameters, size),
  };
  const asked = useQuery(SearchOperation, text ? variables : null);
  // Each by itself, since in a large graph both together would cost more than one request may.
  const kinds = useQuery(SearchKindsOperation, text ? { text, filter } : null);
  const facets = useQuery(SearchFacetsOperation, text ? { text, filter, groups: GROUPS } : null);
  const isTooMuch = asked.error?.code === "QUERY_TOO_EXPENSIVE" && size > PAGE_SIZE_OF_LONG_TEXTS;
  useEffect(() => {
    if (isTooMuch) setSize(PAGE_SIZE_OF_LONG_TEXTS);
  }, [isTooMuch]);

  if (!text) {
    return (
      <Page title={texts.search.title}>
        <EmptyState title={texts.search.noWords}>
          <p>{texts.search.syntax}</p>
        </EmptyState>
      </Page>
    );
  }
  return (
    <Page title={texts.search.titleOf(text)} kicker={texts.search.title}>
      <div className="search-columns">
        <div className="search-beside">
          {kinds.data && <Kinds counts={kinds.data} isNarrowed={filter !== null} />}
          {facets.data && <Facets counts={facets.data.articles} />}
        </div>
        <Answer asked={asked}>
          {({ search }) => (
            <section aria-label={texts.search.results}>
              <p className="search-count" role="status">
                {texts.search.found(search.totalCount)}
              </p>
              {search.totalCount === 0 && (
                <EmptyState title={texts.search.nothing}>
                  <p>{filter ? texts.search.nothingNarrowed : texts.search.syntax}</p>
                </EmptyState>
              )}
              <ol className="lines">
                {search.edges.map(({ node, highlights }) => (
                  <li key={node.id}>
                    <Found node={node} highlights={highlights} />
                  </li>
                ))}
              </ol>
              <Pager info={search.pageInfo} />
            </section>
          )}
        </Answer>
      </div>
    </Page>
  );
}

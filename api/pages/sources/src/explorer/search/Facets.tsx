// What the found articles have in common: choosing a topic, a provider, a person or a year narrows the search to it.
import { useEffect, useState } from "react";
import { Link } from "wouter";

import { addressOf, useParameters } from "../address";
import { formatNumber } from "../formats";
import { texts } from "../texts";
import { type FacetName, FACETS } from "./filters";
import type { SearchFacetsQuery } from "./search-facets.operations";

type Counts = SearchFacetsQuery["articles"];
interface Choice {
  value: string;
  name: string;
  count: number;
}

const wide = matchMedia("(min-width: 52rem)");

export function Facets({ counts }: { counts: Counts }) {
  const isWide = useIsWide();
  const [parameters] = useParameters();
  const isChosen = FACETS.some((name) => parameters.get(name));
  const choices: Record<FacetName, Choice[]> = {
    topic: choicesOf(counts.topics),
    provider: choicesOf(counts.providers),
    person: choicesOf(counts.persons),
    year: yearsOf(counts.years),
  };
  const shown = FACETS.filter((name) => choices[name].length > 0);
  if (shown.length === 0 && !isChosen) return null;
  return (
    <details className="facets" open={isWide || isChosen}>
      <summary>{texts.search.narrow}</summary>
      {shown.map((name) => (
        <section key={name}>
          <h2>{texts.search.facets[name]}</h2>
          <ul className="facet">
            {choices[name].map((choice) => (
              <FacetChoice key={choice.value} facet={name} {...choice} />
            ))}
          </ul>
        </section>
      ))}
    </details>
  );
}

/** Chosen once more, it is taken back. */
function FacetChoice({ facet, value, name, count }: Choice & { facet: FacetName }) {
  const [parameters] = useParameters();
  const isChosen = parameters.get(facet) === value;
  const kept = Object.fromEntries(["q", ...FACETS].map((key) => [key, parameters.get(key)]));
  return (
    <li>
      <Link
        href={addressOf("/search", { ...kept, [facet]: isChosen ? null : value })}
        aria-current={isChosen ? "true" : undefined}
        title={isChosen ? texts.search.takeBack : undefined}
      >
        {name}
        {isChosen && (
          <>
            {" "}
            <span aria-hidden="true">×</span>
            <span className="unseen">{texts.search.takeBack}</span>
          </>
        )}
      </Link>
      <span>{formatNumber(count)}</span>
    </li>
  );
}

function choicesOf(groups: Counts["topics"]): Choice[] {
  return groups.flatMap(({ node, count }) => (node ? [{ value: node.id, name: node.label, count }] : []));
}

function yearsOf(groups: Counts["years"]): Choice[] {
  const found = groups.flatMap(({ start, count }) => (start ? [{ value: start.slice(0, 4), name: start.slice(0, 4), count }] : []));
  return found.filter(({ count }) => count > 0).reverse();
}

function useIsWide(): boolean {
  const [isWide, setIsWide] = useState(wide.matches);
  useEffect(() => {
    const listen = () => setIsWide(wide.matches);
    wide.addEventListener("change", listen);
    return () => wide.removeEventListener("change", listen);
  }, []);
  return isWide;
}

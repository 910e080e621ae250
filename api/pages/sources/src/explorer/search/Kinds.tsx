// How many things of each kind were found; choosing one shows these alone.
import { Link } from "wouter";

import { addressOf, useParameters } from "../address";
import { formatNumber } from "../formats";
import type { NodeKind } from "../nodes";
import { texts } from "../texts";
import { kindIn, KINDS } from "./filters";
import type { SearchKindsQuery } from "./search-kinds.operations";

interface KindsProps {
  counts: SearchKindsQuery;
  /** Whether a condition on articles leaves only these. */
  isNarrowed: boolean;
}

export function Kinds({ counts, isNarrowed }: KindsProps) {
  const [parameters] = useParameters();
  const chosen = kindIn(parameters);
  const words = parameters.get("q");
  const found: Record<NodeKind, number> = {
    ARTICLE: counts.articles.totalCount,
    STORY: counts.stories.totalCount,
    TOPIC: counts.topics.totalCount,
    PROVIDER: counts.providers.totalCount,
    PERSON: counts.persons.totalCount,
  };
  const shown = KINDS.filter((kind) => found[kind] > 0 && !(isNarrowed && kind !== "ARTICLE"));
  if (shown.length < 2) return null;
  return (
    <nav aria-label={texts.search.kinds}>
      <h2>{texts.search.kinds}</h2>
      <ul className="facet">
        <li>
          <Link href={addressOf("/search", { q: words })} aria-current={chosen === null ? "true" : undefined}>
            {texts.search.everything}
          </Link>
        </li>
        {shown.map((kind) => (
          <li key={kind}>
            <Link
              href={addressOf("/search", { q: words, kind: kind.toLowerCase() })}
              aria-current={chosen === kind ? "true" : undefined}
            >
              {texts.kindsMany[kind]}
            </Link>
            <span>{formatNumber(found[kind])}</span>
          </li>
        ))}
      </ul>
    </nav>
  );
}

// The ways to the page after and the page before, which the address holds as `after` and `before`.
import { Link, useLocation } from "wouter";

import { addressOf, type Parameters, useParameters } from "../address";
import { texts } from "../texts";
import type { PagerInfoFragment } from "./pager.operations";

/** What a list takes for the page that the address names; other parameters should be cleared when a filter changes. */
export function pageVariables(parameters: URLSearchParams, size: number) {
  const before = parameters.get("before");
  if (before) return { first: null, after: null, last: size, before };
  return { first: size, after: parameters.get("after"), last: null, before: null };
}

/** Changes that lead to the first page: to be given along with those of a filter. */
export const FIRST_PAGE: Parameters = { after: null, before: null };

export function Pager({ info }: { info: PagerInfoFragment }) {
  const [path] = useLocation();
  const [parameters] = useParameters();
  if (!info.hasNextPage && !info.hasPreviousPage) return null;

  const to = (changes: Parameters) => {
    const others = Object.fromEntries([...parameters].map(([name]) => [name, parameters.getAll(name)]));
    return addressOf(path, { ...others, ...FIRST_PAGE, ...changes });
  };
  return (
    <nav className="pager" aria-label={texts.pager.name}>
      {info.hasPreviousPage && (
        <>
          <Link href={to({})}>{texts.pager.first}</Link>
          <Link href={to({ before: info.startCursor })} rel="prev">
            {texts.pager.previous}
          </Link>
        </>
      )}
      {info.hasNextPage && (
        <Link href={to({ after: info.endCursor })} rel="next">
          {texts.pager.next}
        </Link>
      )}
    </nav>
  );
}

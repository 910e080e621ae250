// What is told where an address names a node that this graph does not hold.
import { Link } from "wouter";

import { EmptyState } from "../parts/EmptyState";
import { texts } from "../texts";

export function Gone() {
  return (
    <EmptyState title={texts.browse.gone}>
      <p>{texts.browse.goneAdvice}</p>
      <p>
        <Link href="/">{texts.notFound.home}</Link>
      </p>
    </EmptyState>
  );
}

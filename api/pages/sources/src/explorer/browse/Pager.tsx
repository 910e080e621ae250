// The ways to the pages of a list before and after the present one.
import { useParameters } from "../address";
import { texts } from "../texts";

interface PagerProps {
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  startCursor: string | null;
  endCursor: string | null;
}

export function Pager({ hasNextPage, hasPreviousPage, startCursor, endCursor }: PagerProps) {
  const [, change] = useParameters();
  if (!hasNextPage && !hasPreviousPage) return null;
  return (
    <nav className="pager" aria-label={texts.browse.pages}>
      <button type="button" className="quiet" disabled={!hasPreviousPage} onClick={() => change({ after: null, before: startCursor })}>
        {texts.browse.previous}
      </button>
      <button type="button" className="quiet" disabled={!hasNextPage} onClick={() => change({ after: endCursor, before: null })}>
        {texts.browse.next}
      </button>
    </nav>
  );
}

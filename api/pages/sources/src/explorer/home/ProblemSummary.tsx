// What editors could mend, by kind of mistake, the most frequent first.
import { Link } from "wouter";

import { addressOf } from "../address";
import { formatNumber } from "../formats";
import { texts } from "../texts";
import type { HomeQuery } from "./home.operations";

interface ProblemSummaryProps {
  counts: HomeQuery["snapshot"]["problemCounts"];
  fileCount: number;
}

const MOST_SHOWN = 8;

export function ProblemSummary({ counts, fileCount }: ProblemSummaryProps) {
  const ordered = counts.toSorted((a, b) => b.count - a.count);
  const rest = ordered.slice(MOST_SHOWN).reduce((sum, { count }) => sum + count, 0);
  return (
    <section>
      <h2>{texts.home.problems}</h2>
      {ordered.length === 0 ? (
        <p>{texts.home.noProblems(fileCount)}</p>
      ) : (
        <ul className="counted">
          {ordered.slice(0, MOST_SHOWN).map(({ code, count }) => (
            <li key={code}>
              <span className="count">{formatNumber(count)}</span>{" "}
              <Link href={addressOf("/problems", { code })}>{texts.problems(code, count)}</Link>
            </li>
          ))}
          {rest > 0 && (
            <li>
              <span className="count">{formatNumber(rest)}</span>{" "}
              <Link href="/problems">{texts.home.otherProblems}</Link>
            </li>
          )}
        </ul>
      )}
    </section>
  );
}

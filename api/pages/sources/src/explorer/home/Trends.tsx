// Topics that more is written about than before.
import { Link } from "wouter";

import { NodeLink } from "../parts/NodeLink";
import { texts } from "../texts";
import type { HomeQuery } from "./home.operations";

interface TrendsProps {
  trends: HomeQuery["trending"];
  /** What is on so many articles that its rise is that of the whole graph. */
  hubs: Set<string>;
}

export function Trends({ trends, hubs }: TrendsProps) {
  const shown = trends.filter(
    ({ node, count, previousCounts }) => !hubs.has(node.id) && count > (previousCounts[0] ?? 0),
  );
  if (shown.length === 0) return null;
  return (
    <section>
      <h2>{texts.home.trends}</h2>
      <ul className="trends">
        {shown.map(({ node, count, previousCounts }) => (
          <li key={node.id}>
            <NodeLink type={node.__typename} id={node.id}>
              {node.label}
            </NodeLink>
            <span>{texts.home.trend(count, previousCounts[0] ?? 0)}</span>
          </li>
        ))}
      </ul>
      <p className="more">
        <Link href="/trends">{texts.home.allTrends}</Link>
      </p>
    </section>
  );
}

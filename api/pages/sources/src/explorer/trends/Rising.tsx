// What rose, the most first: its lines over time, and how often it was written about in the window and before.
import { Link } from "wouter";

import { addressOf } from "../address";
import type { Span } from "../charts/spans";
import { TimeChart } from "../charts/TimeChart";
import { formatNumber } from "../formats";
import { kindOf, nodeAddress } from "../nodes";
import { EmptyState } from "../parts/EmptyState";
import { texts } from "../texts";
import type { TimeInterval, TrendsQuery } from "./trends.operations";

type Trend = TrendsQuery["trending"][number];

const LINES = 5;

interface RisingProps {
  trends: Trend[];
  window: Span;
  /** What is on so many articles that its rise is that of the whole graph. */
  hubs: Set<string>;
  interval: TimeInterval;
}

export function Rising({ trends, window, hubs, interval }: RisingProps) {
  if (trends.length === 0) return <EmptyState title={texts.trends.none}>{texts.trends.noneAdvice}</EmptyState>;
  const drawn = trends.filter(({ node }) => !hubs.has(node.id)).slice(0, LINES);
  const buckets = drawn[0] ? timelineOf(drawn[0]) : [];
  return (
    <>
      {buckets.length > 1 && (
        <TimeChart
          title={texts.trends.lines(drawn.length)}
          buckets={buckets}
          interval={interval}
          series={drawn.map((trend) => ({ name: trend.node.label, counts: timelineOf(trend).map(({ count }) => count) }))}
        />
      )}
      <div className="trend-table" tabIndex={0} role="region" aria-label={texts.trends.rising}>
        <table>
          <caption className="unseen">{texts.trends.rising}</caption>
          <thead>
            <tr>
              <th scope="col">{texts.table.names.name}</th>
              <th scope="col" className="number">
                {texts.trends.now}
              </th>
              <th scope="col" className="number">
                {texts.trends.before}
              </th>
              <th scope="col">{texts.trends.course}</th>
              <th scope="col" className="number">
                {texts.trends.score}
              </th>
            </tr>
          </thead>
          <tbody>
            {trends.map((trend) => (
              <Row key={trend.node.id} trend={trend} window={window} isHub={hubs.has(trend.node.id)} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Row({ trend: { node, count, previousCounts, score }, window, isHub }: { trend: Trend; window: Span; isHub: boolean }) {
  const course = [...previousCounts].reverse().concat(count);
  const most = Math.max(...course, 1);
  return (
    <tr>
      <th scope="row">
        <Link href={addressOf(nodeAddress(kindOf(node.__typename), node.id), { from: window.from, to: window.to })}>{node.label}</Link>
        {isHub && <p className="byline">{texts.trends.hub}</p>}
      </th>
      <td className="number">{formatNumber(count)}</td>
      <td className="number">{formatNumber(previousCounts[0] ?? 0)}</td>
      <td>
        <svg className="course" viewBox="0 0 60 20" role="img" aria-label={course.map(formatNumber).join(", ")}>
          {course.map((value, index) => (
            <rect key={index} x={index * 12} y={20 - (value / most) * 20} width="9" height={(value / most) * 20} />
          ))}
        </svg>
      </td>
      <td className="number">{score.toFixed(1)}</td>
    </tr>
  );
}

/** With `from` and `to` of the query it is without gaps, so all have the same buckets. */
function timelineOf({ node }: Trend) {
  return "timeline" in node ? node.timeline : [];
}

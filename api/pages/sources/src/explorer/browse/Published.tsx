// When the articles of a page were published; a span that is dragged in the chart filters them.
import { useParameters } from "../address";
import { fittingInterval, intervalOf, INTERVALS } from "../charts/intervals";
import { ArticleTimelineOperation } from "../charts/article-timeline.operations";
import { TimeChart } from "../charts/TimeChart";
import { useQuery } from "../client/useQuery";
import { formatSpan } from "../formats";
import { Answer } from "../parts/Answer";
import { FIRST_PAGE } from "../parts/Pager";
import { texts } from "../texts";
import type { ArticleFilter } from "./article-list.operations";
import { spanIn, timelessFilter } from "./article-view";

interface PublishedProps {
  base: ArticleFilter;
  first: string;
  last: string;
}

export function Published({ base, first, last }: PublishedProps) {
  const [parameters, change] = useParameters();
  const interval = intervalOf(parameters.get("interval")) ?? fittingInterval(first, last);
  const asked = useQuery(ArticleTimelineOperation, { filter: timelessFilter(base, parameters), interval });
  const span = spanIn(parameters);
  return (
    <div className="published">
      <Answer asked={asked}>
        {({ articles: { timeline } }) => (
          <TimeChart
            title={texts.browse.published(formatSpan(first, last))}
            buckets={timeline}
            interval={interval}
            series={[{ name: texts.browse.articles, counts: timeline.map(({ count }) => count) }]}
            span={span}
            onSpan={(chosen) => change({ from: chosen?.from, to: chosen?.to, ...FIRST_PAGE }, { replace: true })}
            height={170}
          />
        )}
      </Answer>
      <div className="chart-controls">
        <label>
          <span>{texts.chart.by}</span>
          <select value={interval} onChange={(event) => change({ interval: event.target.value }, { replace: true })}>
            {INTERVALS.map((one) => (
              <option key={one} value={one}>
                {texts.chart.intervals[one]}
              </option>
            ))}
          </select>
        </label>
        {span && (
          <p>
            {texts.browse.span(formatSpan(span.from, new Date(Date.parse(span.to) - 1).toISOString()))}{" "}
            <button type="button" className="link" onClick={() => change({ from: null, to: null, ...FIRST_PAGE })}>
              {texts.browse.wholeTime}
            </button>
          </p>
        )}
      </div>
    </div>
  );
}

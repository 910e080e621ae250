// Which topics and stories are written about more than before, and which providers write more: a window of time against the four before it.
import "../browse/browse.css";
import "./trends.css";

import { useParameters } from "../address";
import { ArticleTimelineOperation } from "../charts/article-timeline.operations";
import { fittingInterval } from "../charts/intervals";
import { TimeChart } from "../charts/TimeChart";
import { useQuery } from "../client/useQuery";
import { formatSpan } from "../formats";
import { Answer } from "../parts/Answer";
import { EmptyState } from "../parts/EmptyState";
import { Page } from "../parts/Page";
import { texts } from "../texts";
import { Rising } from "./Rising";
import { type TrendBoundsQuery, TrendBoundsOperation } from "./trend-bounds.operations";
import { TrendsOperation } from "./trends.operations";
import { comparedBefore, endIn, KINDS, kindIn, nearestWindow, WINDOW_NAMES, windowBefore, windowIn } from "./window";

const SHOWN = 15;

export default function TrendsPage() {
  const bounds = useQuery(TrendBoundsOperation, {});
  return (
    <Page title={texts.trends.title} meta={texts.trends.about}>
      <Answer asked={bounds}>
        {({ articles: { aggregate }, snapshot }) =>
          aggregate.firstPublished && aggregate.lastPublished ? (
            <Content first={aggregate.firstPublished} last={aggregate.lastPublished} hubs={snapshot.hubs} />
          ) : (
            <EmptyState title={texts.trends.undated}>{texts.trends.undatedAdvice}</EmptyState>
          )
        }
      </Answer>
    </Page>
  );
}

interface ContentProps {
  first: string;
  last: string;
  hubs: TrendBoundsQuery["snapshot"]["hubs"];
}

function Content({ first, last, hubs }: ContentProps) {
  const [parameters, change] = useParameters();
  const [kind, window, end] = [kindIn(parameters), windowIn(parameters), endIn(parameters, last)];
  const compared = comparedBefore(end, window);
  const variables = { kind, window, until: end, first: SHOWN, interval: compared.interval, from: compared.from, to: end };
  const asked = useQuery(TrendsOperation, variables);
  const shown = windowBefore(end, window);
  return (
    <>
      <Whole first={first} last={last} />
      <div className="filters" role="group" aria-label={texts.browse.filters}>
        <label>
          <span>{texts.trends.kind}</span>
          <select value={kind} onChange={(event) => change({ kind: event.target.value })}>
            {KINDS.map((name) => (
              <option key={name} value={name}>
                {texts.kindsMany[name]}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>{texts.trends.window}</span>
          <select value={window} onChange={(event) => change({ window: event.target.value })}>
            {WINDOW_NAMES.map((name) => (
              <option key={name} value={name}>
                {texts.trends.windows[name]}
              </option>
            ))}
          </select>
        </label>
        {parameters.has("until") && (
          <button type="button" className="quiet" onClick={() => change({ until: null })}>
            {texts.trends.latest}
          </button>
        )}
      </div>
      <Answer asked={asked}>
        {({ trending }) => (
          <Rising trends={trending} window={shown} hubs={new Set(hubs.map(({ id }) => id))} interval={compared.interval} />
        )}
      </Answer>
    </>
  );
}

/** All articles over time, with the window marked; a span that is dragged there becomes the nearest window that ends with it. */
function Whole({ first, last }: Omit<ContentProps, "hubs">) {
  const [parameters, change] = useParameters();
  const interval = fittingInterval(first, last);
  const asked = useQuery(ArticleTimelineOperation, { filter: null, interval });
  const span = windowBefore(endIn(parameters, last), windowIn(parameters));
  return (
    <Answer asked={asked}>
      {({ articles: { timeline } }) => (
        <TimeChart
          title={texts.trends.whole(formatSpan(span.from, span.to))}
          buckets={timeline}
          interval={interval}
          series={[{ name: texts.browse.articles, counts: timeline.map(({ count }) => count) }]}
          span={span}
          onSpan={(chosen) => change({ until: chosen?.to, window: chosen && nearestWindow(chosen) }, { replace: true })}
          height={120}
        />
      )}
    </Answer>
  );
}

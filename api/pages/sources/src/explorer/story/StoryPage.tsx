// A story: who told what when, from the first telling to the latest, and who and what takes part in it.
import "../browse/browse.css";
import "./story.css";

import { Link, useParams } from "wouter";

import { addressOf, useParameters } from "../address";
import { Gone } from "../browse/Gone";
import { Neighbors } from "../browse/Neighbors";
import { fittingInterval } from "../charts/intervals";
import type { TimeInterval } from "../charts/article-timeline.operations";
import { TimeChart } from "../charts/TimeChart";
import { useQuery } from "../client/useQuery";
import { formatSpan } from "../formats";
import { SmallGraph } from "../graph/SmallGraph";
import { Answer } from "../parts/Answer";
import { ArticleLine } from "../parts/ArticleLine";
import { Page } from "../parts/Page";
import { Pager, pageVariables } from "../parts/Pager";
import { texts } from "../texts";
import type { Story } from "./data";
import { StorySpanOperation } from "./story-span.operations";
import { StoryPageOperation, type StoryPageQuery } from "./story.operations";
import { Tellings } from "./Tellings";

const TELLINGS = 60;
const NEIGHBORS = 12;

export default function StoryPage() {
  const { id } = useParams<{ id: string }>();
  const [parameters] = useParameters();
  const span = useQuery(StorySpanOperation, { id });
  const interval = intervalFor(span.data?.node);
  const variables = {
    id,
    ...pageVariables(parameters, TELLINGS),
    neighbors: NEIGHBORS,
    interval: interval ?? "MONTH",
  };
  const asked = useQuery(StoryPageOperation, interval && variables);
  const story = storyIn(asked.data);
  return (
    <Page title={story?.label ?? texts.kinds.STORY} kicker={texts.kinds.STORY} meta={story && <Facts {...story} />}>
      <Answer asked={span.error ? span : asked}>
        {() => (story && interval ? <Content story={story} interval={interval} /> : <Gone />)}
      </Answer>
    </Page>
  );
}

/** None as long as the span of the story is not known. */
function intervalFor(node: object | null | undefined): TimeInterval | null {
  if (node === undefined) return null;
  const { firstPublished, lastPublished } = (node ?? {}) as { firstPublished?: string | null; lastPublished?: string | null };
  return firstPublished && lastPublished ? fittingInterval(firstPublished, lastPublished) : "MONTH";
}

function storyIn(data: StoryPageQuery | null): Story | null {
  return data?.node && "tellings" in data.node ? (data.node as Story) : null;
}

function Facts({ articleCount, providerCount, firstPublished, lastPublished }: Story) {
  return (
    <>
      <span>{texts.counts.ARTICLE(articleCount)}</span>
      <span>{texts.counts.PROVIDER(providerCount)}</span>
      {firstPublished && lastPublished && <span>{formatSpan(firstPublished, lastPublished)}</span>}
    </>
  );
}

function Content({ story, interval }: { story: Story; interval: TimeInterval }) {
  const { id, lead, latest, timeline, providers, topics } = story;
  const { nodes, pageInfo } = story.tellings;
  const last = latest.nodes[0];
  return (
    <>
      <div className="ends">
        <section>
          <h2>{texts.story.lead}</h2>
          <ArticleLine article={lead} />
        </section>
        {last && last.id !== lead.id && (
          <section>
            <h2>{texts.story.latest}</h2>
            <ArticleLine article={last} />
          </section>
        )}
      </div>
      {timeline.length > 1 && (
        <TimeChart
          title={texts.story.chart(texts.chart.intervals[interval])}
          buckets={timeline}
          interval={interval}
          series={[{ name: texts.browse.articles, counts: timeline.map(({ count }) => count) }]}
          height={130}
        />
      )}
      <div className="columns-of-page">
        <section>
          <h2>{texts.story.tellings}</h2>
          <Tellings articles={nodes} leadId={lead.id} isWhole={!pageInfo.hasPreviousPage} />
          <Pager info={pageInfo} />
          <p className="aside">
            <Link href={addressOf("/table/articles", { story: id })}>{texts.browse.asTable}</Link>
          </p>
        </section>
        <div className="beside">
          <Neighbors
            title={texts.story.providers}
            kind="PROVIDER"
            totalCount={providers.totalCount}
            edges={providers.edges.map(({ node, articleCount }) => ({ node, weight: articleCount }))}
            unit={texts.counts.ARTICLE}
          />
          <Neighbors
            title={texts.story.topics}
            kind="TOPIC"
            totalCount={topics.totalCount}
            edges={topics.edges.map(({ node, articleCount }) => ({ node, weight: articleCount }))}
            unit={texts.counts.ARTICLE}
          />
          <section>
            <h2>{texts.graph.around}</h2>
            <SmallGraph id={id} kind="STORY" label={story.label} />
          </section>
        </div>
      </div>
    </>
  );
}

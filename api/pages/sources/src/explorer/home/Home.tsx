// The start page: what this graph holds.
import { Link } from "wouter";

import { useQuery } from "../client/useQuery";
import { formatNumber } from "../formats";
import { SearchBox } from "../layout/SearchBox";
import { listAddress } from "../nodes";
import { Answer } from "../parts/Answer";
import { ArticleLine } from "../parts/ArticleLine";
import { EmptyState } from "../parts/EmptyState";
import { NodeLink } from "../parts/NodeLink";
import { Page } from "../parts/Page";
import { Shares } from "../parts/Shares";
import { StoryLine } from "../parts/StoryLine";
import { texts } from "../texts";
import { Exports } from "./Exports";
import { HomeOperation, type HomeQuery } from "./home.operations";
import "./home.css";
import { ProblemSummary } from "./ProblemSummary";
import { Published } from "./Published";
import { Trends } from "./Trends";

const VARIABLES = { newest: 7, stories: 5, topics: 10, trends: 6 };
const LEAD_ARTICLES = 2;

export function Home() {
  const asked = useQuery(HomeOperation, VARIABLES);
  return (
    <Page title={asked.data ? nameOf(asked.data) : texts.home.title}>
      <Answer asked={asked}>{(data) => <Content {...data} />}</Answer>
    </Page>
  );
}

/** The name of the site, if it is one that says it. */
function nameOf({ snapshot: { sites } }: HomeQuery): string {
  const names = sites.flatMap(({ name }) => name ?? []);
  return names.length > 0 && names.length <= 2 ? names.join(", ") : texts.home.title;
}

function Content(data: HomeQuery) {
  const { snapshot, articles, biggest, latest, topics, trending } = data;
  const hubs = new Set(snapshot.hubs.map(({ id }) => id));
  return (
    <>
      <Summary {...data} />
      {articles.nodes.length === 0 && <EmptyState title={texts.home.empty}>{texts.home.emptyAdvice}</EmptyState>}
      <div className="home-rows">
        <div className="home-main">
          <section className="home-newest">
            <h2>{texts.home.newest}</h2>
            <ul className="lines">
              {articles.nodes.map((article, index) => (
                <li key={article.id} className={index < LEAD_ARTICLES ? "lead" : undefined}>
                  <ArticleLine article={article}>
                    {index < LEAD_ARTICLES && article.excerpt && <p className="excerpt">{article.excerpt}</p>}
                  </ArticleLine>
                </li>
              ))}
            </ul>
          </section>
          <div className="home-beside">
            {topics.nodes.length > 0 && (
              <section>
                <h2>{texts.home.topics}</h2>
                <Topics nodes={topics.nodes} hubs={hubs} />
              </section>
            )}
            <Trends trends={trending} hubs={hubs} />
          </div>
        </div>
        {biggest.nodes.length > 0 && (
          <div className="home-stories">
            <Stories title={texts.home.latestStories} stories={latest.nodes} />
            <Stories title={texts.home.biggestStories} stories={biggest.nodes} />
          </div>
        )}
        <div className="home-end">
          <ProblemSummary counts={snapshot.problemCounts} fileCount={snapshot.fileCount} />
          <Exports />
          <section>
            <h2>{texts.home.ask}</h2>
            <ul className="plain">
              <li>
                <a href="graphql">{texts.shell.playground}</a> {texts.home.playgroundAbout}
              </li>
              <li>
                <a href="schema.graphql">schema.graphql</a> {texts.home.schemaAbout}
              </li>
              <li>
                <a href="readyz">readyz</a> {texts.home.readyAbout}
              </li>
            </ul>
          </section>
        </div>
      </div>
    </>
  );
}

function Summary({ snapshot, articles }: HomeQuery) {
  const { firstPublished, lastPublished } = articles.aggregate;
  const description = snapshot.sites.length === 1 ? snapshot.sites[0]?.description : null;
  return (
    <div className="home-summary">
      <div>
        {description && <p className="home-description">{description}</p>}
        <ul className="facts" aria-label={texts.home.facts}>
          {snapshot.nodeCounts.map(({ kind, count }) => (
            <li key={kind}>
              <Link href={listAddress(kind)}>
                <strong>{formatNumber(count)}</strong> <span>{texts.countNames[kind](count)}</span>
              </Link>
            </li>
          ))}
        </ul>
        <SearchBox isLarge />
        <p className="home-loaded">
          {texts.home.loaded(snapshot.fileCount, systemsOf(snapshot.sites))}{" "}
          {snapshot.hidden.length > 0 &&
            texts.home.hidden(snapshot.hidden.map(({ reason, count }) => texts.hidden(reason, count)))}
        </p>
      </div>
      {firstPublished && lastPublished && <Published first={firstPublished} last={lastPublished} />}
    </div>
  );
}

function systemsOf(sites: HomeQuery["snapshot"]["sites"]): string[] {
  return [...new Set(sites.map(({ system }) => texts.systems[system] ?? system))];
}

/** A hub is on so many articles that its line would leave no room for the others, so it has none. */
function Topics({ nodes, hubs }: { nodes: HomeQuery["topics"]["nodes"]; hubs: Set<string> }) {
  const common = nodes.filter(({ id }) => hubs.has(id));
  const items = nodes
    .filter(({ id }) => !hubs.has(id))
    .map(({ id, label, articles }) => ({
      key: id,
      name: (
        <NodeLink kind="TOPIC" id={id}>
          {label}
        </NodeLink>
      ),
      count: articles.totalCount,
    }));
  return (
    <>
      <Shares items={items} />
      {common.map(({ id, label, articles }) => (
        <p key={id} className="byline">
          <NodeLink kind="TOPIC" id={id}>
            {label}
          </NodeLink>
          {texts.home.hub(articles.totalCount)}
        </p>
      ))}
    </>
  );
}

function Stories({ title, stories }: { title: string; stories: HomeQuery["biggest"]["nodes"] }) {
  return (
    <section>
      <h2>{title}</h2>
      <ul className="lines">
        {stories.map((story) => (
          <li key={story.id}>
            <StoryLine story={story} />
          </li>
        ))}
      </ul>
    </section>
  );
}

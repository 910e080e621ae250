// A topic: who writes about it, what it goes together with, its articles.
import { useParams } from "wouter";

import { useQuery } from "../client/useQuery";
import { NodeLink } from "../parts/NodeLink";
import { texts } from "../texts";
import { Articles } from "./Articles";
import { Neighbors } from "./Neighbors";
import { NodePage } from "./NodePage";
import { TopicPageOperation, type TopicPageQuery } from "./topic.operations";

const NEIGHBORS = 12;

export default function TopicPage() {
  const variables = { id: useParams<{ id: string }>().id, neighbors: NEIGHBORS };
  const asked = useQuery(TopicPageOperation, variables);
  return (
    <NodePage
      kind="TOPIC"
      asked={asked}
      node={({ topic }) => topic}
      meta={({ providers }) => <span>{texts.counts.PROVIDER(providers.totalCount)}</span>}
      articles={({ id, articles: { aggregate } }) => (
        <Articles
          base={{ topics: { some: { id: { eq: id } } } }}
          tableParameters={{ topic: id }}
          first={aggregate.firstPublished}
          last={aggregate.lastPublished}
          without="topic"
        />
      )}
      beside={(topic) => <Beside {...topic} />}
    />
  );
}

function Beside({ parent, children, providers, topics }: NonNullable<TopicPageQuery["topic"]>) {
  return (
    <>
      {(parent ?? children.length > 0) && (
        <section>
          <h2>{texts.browse.hierarchy}</h2>
          <ul className="lines">
            {parent && (
              <li>
                {texts.browse.broader}{" "}
                <NodeLink kind="TOPIC" id={parent.id}>
                  {parent.label}
                </NodeLink>
              </li>
            )}
            {children.map(({ id, label }) => (
              <li key={id}>
                {texts.browse.narrower}{" "}
                <NodeLink kind="TOPIC" id={id}>
                  {label}
                </NodeLink>
              </li>
            ))}
          </ul>
        </section>
      )}
      <Neighbors
        title={texts.browse.whoWrites}
        kind="PROVIDER"
        totalCount={providers.totalCount}
        edges={providers.edges.map(({ node, articleCount }) => ({ node, weight: articleCount }))}
        unit={texts.counts.ARTICLE}
      />
      <Neighbors
        title={texts.browse.togetherWith}
        kind="TOPIC"
        totalCount={topics.totalCount}
        edges={topics.edges.map(({ node, articleCount, lift }) => ({
          node,
          weight: articleCount,
          note: lift > 1 ? texts.browse.lift(lift) : null,
        }))}
        unit={texts.counts.ARTICLE}
      />
    </>
  );
}

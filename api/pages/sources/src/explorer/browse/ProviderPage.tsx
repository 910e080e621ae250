// A provider: what it writes about, who is near it, its articles.
import { useParams } from "wouter";

import { useQuery } from "../client/useQuery";
import { texts } from "../texts";
import { Articles } from "./Articles";
import { Neighbors } from "./Neighbors";
import { NodePage } from "./NodePage";
import { ProviderPageOperation } from "./provider.operations";

const NEIGHBORS = 12;

export default function ProviderPage() {
  const variables = { id: useParams<{ id: string }>().id, neighbors: NEIGHBORS };
  const asked = useQuery(ProviderPageOperation, variables);
  return (
    <NodePage
      kind="PROVIDER"
      operation={ProviderPageOperation}
      variables={variables}
      asked={asked}
      node={({ provider }) => provider}
      meta={({ domain, label }) => domain && domain !== label && <span>{domain}</span>}
      articles={({ id, articles: { aggregate } }) => (
        <Articles
          base={{ provider: { id: { eq: id } } }}
          tableParameters={{ provider: id }}
          first={aggregate.firstPublished}
          last={aggregate.lastPublished}
          without="provider"
        />
      )}
      beside={({ topics, providers }) => (
        <>
          <Neighbors
            title={texts.browse.writesAbout}
            kind="TOPIC"
            totalCount={topics.totalCount}
            edges={topics.edges.map(({ node, articleCount }) => ({ node, weight: articleCount }))}
            unit={texts.counts.ARTICLE}
          />
          <Neighbors
            title={texts.browse.nearProviders}
            kind="PROVIDER"
            totalCount={providers.totalCount}
            edges={providers.edges.map(({ node, linkCount, sharedTopics }) => ({
              node,
              weight: linkCount,
              note: sharedTopics.length > 0 ? texts.browse.sharedTopics(sharedTopics.map(({ label }) => label)) : null,
            }))}
            unit={texts.browse.links}
          />
        </>
      )}
    />
  );
}

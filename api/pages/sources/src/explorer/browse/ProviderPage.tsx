// A provider: what it writes about, which stories it told first, who is near it, its articles.
import { Link, useParams } from "wouter";

import { addressOf } from "../address";
import { useQuery } from "../client/useQuery";
import { StoryLine } from "../parts/StoryLine";
import { texts } from "../texts";
import { Articles } from "./Articles";
import { Neighbors } from "./Neighbors";
import { NodePage } from "./NodePage";
import { ProviderPageOperation, type ProviderPageQuery } from "./provider.operations";

const NEIGHBORS = 12;
const FIRSTS = 5;

type Provider = NonNullable<ProviderPageQuery["provider"]>;

export default function ProviderPage() {
  const variables = { id: useParams<{ id: string }>().id, neighbors: NEIGHBORS, firsts: FIRSTS };
  const asked = useQuery(ProviderPageOperation, variables);
  return (
    <NodePage
      kind="PROVIDER"
      asked={asked}
      node={({ provider }) => provider}
      meta={({ domain, label, firsts }) => (
        <>
          {domain && domain !== label && <span>{domain}</span>}
          {firsts.totalCount > 0 && <span>{texts.browse.toldFirst(firsts.totalCount)}</span>}
        </>
      )}
      articles={({ id, articles: { aggregate } }) => (
        <Articles
          base={{ provider: { id: { eq: id } } }}
          tableParameters={{ provider: id }}
          first={aggregate.firstPublished}
          last={aggregate.lastPublished}
          without="provider"
        />
      )}
      beside={({ id, topics, firsts, providers }) => (
        <>
          <Neighbors
            title={texts.browse.writesAbout}
            kind="TOPIC"
            totalCount={topics.totalCount}
            edges={topics.edges.map(({ node, articleCount }) => ({ node, weight: articleCount }))}
            unit={texts.counts.ARTICLE}
          />
          <Firsts id={id} firsts={firsts} />
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

/** The stories that it told first, the latest ones; all of them stand in the table. */
function Firsts({ id, firsts: { totalCount, nodes } }: Pick<Provider, "id" | "firsts">) {
  if (totalCount === 0) return null;
  return (
    <section>
      <h2>{texts.browse.firsts}</h2>
      <ul className="lines">
        {nodes.map((story) => (
          <li key={story.id}>
            <StoryLine story={story} />
          </li>
        ))}
      </ul>
      {totalCount > nodes.length && (
        <p className="aside">
          <Link href={addressOf("/table/stories", { firstProvider: id })}>{texts.browse.allFirsts(totalCount)}</Link>
        </p>
      )}
    </section>
  );
}

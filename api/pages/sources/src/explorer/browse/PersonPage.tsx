// A person: what they write about, for whom and with whom, their articles.
import { useParams } from "wouter";

import { useQuery } from "../client/useQuery";
import { texts } from "../texts";
import { Articles } from "./Articles";
import { Neighbors } from "./Neighbors";
import { NodePage } from "./NodePage";
import { PersonPageOperation, type PersonPageQuery } from "./person.operations";

const NEIGHBORS = 12;

export default function PersonPage() {
  const variables = { id: useParams<{ id: string }>().id, neighbors: NEIGHBORS };
  const asked = useQuery(PersonPageOperation, variables);
  return (
    <NodePage
      kind="PERSON"
      asked={asked}
      node={({ person }) => person}
      articles={({ id, articles: { aggregate } }) => (
        <Articles
          base={{ authors: { some: { id: { eq: id } } } }}
          tableParameters={{ person: id }}
          first={aggregate.firstPublished}
          last={aggregate.lastPublished}
        />
      )}
      beside={(person) => <Beside {...person} />}
    />
  );
}

type Person = NonNullable<PersonPageQuery["person"]>;

function Beside({ id, topics, articles }: Person) {
  const [providers, others] = [weights(articles.providers), weights(articles.persons).filter(({ node }) => node.id !== id)];
  return (
    <>
      <Neighbors
        title={texts.browse.writesAbout}
        kind="TOPIC"
        totalCount={topics.totalCount}
        edges={topics.edges.map(({ node, articleCount }) => ({ node, weight: articleCount }))}
        unit={texts.counts.ARTICLE}
      />
      <Neighbors title={texts.browse.writesFor} kind="PROVIDER" totalCount={0} edges={providers} unit={texts.counts.ARTICLE} />
      <Neighbors title={texts.browse.writesWith} kind="PERSON" totalCount={0} edges={others} unit={texts.counts.ARTICLE} />
    </>
  );
}

function weights(groups: Person["articles"]["providers"]) {
  return groups.flatMap(({ node, count }) => (node ? [{ node, weight: count }] : []));
}

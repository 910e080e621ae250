// The start page: what this graph holds.
import { useQuery } from "../client/useQuery";
import { SearchBox } from "../layout/SearchBox";
import { Answer } from "../parts/Answer";
import { ArticleLine } from "../parts/ArticleLine";
import { Page } from "../parts/Page";
import { ShowQuery } from "../parts/ShowQuery";
import { texts } from "../texts";
import { HomeOperation } from "./home.operations";

const VARIABLES = { newest: 8 };

export function Home() {
  const asked = useQuery(HomeOperation, VARIABLES);
  return (
    <Page title={texts.home.title}>
      <SearchBox isLarge />
      <Answer asked={asked}>
        {({ snapshot, articles }) => (
          <>
            <ul className="facts">
              {snapshot.nodeCounts.map(({ kind, count }) => (
                <li key={kind}>{texts.counts[kind](count)}</li>
              ))}
            </ul>
            <section>
              <h2>{texts.home.newest}</h2>
              <ul className="lines">
                {articles.nodes.map((article) => (
                  <li key={article.id}>
                    <ArticleLine article={article} />
                  </li>
                ))}
              </ul>
            </section>
          </>
        )}
      </Answer>
      <ShowQuery operation={HomeOperation} variables={VARIABLES} />
    </Page>
  );
}

// Where a picture can begin, for those who did not come from a page.
import { Link } from "wouter";

import { addressOf } from "../address";
import { useQuery } from "../client/useQuery";
import { formatDay } from "../formats";
import { Answer } from "../parts/Answer";
import { texts } from "../texts";
import { GraphStartsOperation } from "./graph.operations";
import { SmallGraph } from "./SmallGraph";

export function StartPanel() {
  const asked = useQuery(GraphStartsOperation, {});
  return (
    <div className="graph-starts">
      <p>{texts.graph.begin}</p>
      <Answer asked={asked}>
        {({ stories, articles, topics, providers }) => (
          <div className="start-columns">
            {stories.nodes.length > 0 ? (
              <section>
                <h2>{texts.graph.newStories}</h2>
                <ul className="lines">
                  {stories.nodes.map((story) => (
                    <li key={story.id}>
                      <Link href={addressOf("/graph", { story: story.id })}>{story.label}</Link>
                      <p className="byline">
                        <span>{texts.counts.ARTICLE(story.articleCount)}</span>
                        {story.lastPublished && <time dateTime={story.lastPublished}>{formatDay(story.lastPublished)}</time>}
                      </p>
                    </li>
                  ))}
                </ul>
              </section>
            ) : (
              <section>
                <h2>{texts.graph.central}</h2>
                <ul className="lines">
                  {articles.nodes.map((article) => (
                    <li key={article.id}>
                      <Link href={addressOf("/graph", { node: article.id })}>{article.label}</Link>
                      {article.publishedDateTime && (
                        <p className="byline">
                          <time dateTime={article.publishedDateTime}>{formatDay(article.publishedDateTime)}</time>
                        </p>
                      )}
                    </li>
                  ))}
                </ul>
              </section>
            )}
            <div>
              {stories.nodes.slice(0, 1).map(({ id, label }) => (
                <section key={id}>
                  <h2>{label}</h2>
                  <SmallGraph id={id} kind="STORY" label={label} />
                </section>
              ))}
              {[
                { title: texts.graph.topTopics, nodes: topics.nodes },
                { title: texts.graph.topProviders, nodes: providers.nodes },
              ].filter(({ nodes }) => nodes.length > 0).map(({ title, nodes }) => (
                <section key={title}>
                  <h2>{title}</h2>
                  <ul className="graph-chips">
                    {nodes.map(({ id, label }) => (
                      <li key={id}>
                        <Link href={addressOf("/graph", { node: id })}>{label}</Link>
                      </li>
                    ))}
                  </ul>
                </section>
              ))}
            </div>
          </div>
        )}
      </Answer>
    </div>
  );
}

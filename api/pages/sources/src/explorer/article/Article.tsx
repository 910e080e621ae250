// One article: its text, what belongs to it, what it is connected with, and what is said differently about it.
import { useParams } from "wouter";

import { useParameters } from "../address";
import { Gone } from "../browse/Gone";
import { useQuery } from "../client/useQuery";
import { formatMoment } from "../formats";
import { Answer } from "../parts/Answer";
import { NodeLink } from "../parts/NodeLink";
import { Page } from "../parts/Page";
import { Progress } from "../parts/Progress";
import { texts } from "../texts";
import "./article.css";
import { ArticleOperation } from "./article.operations";
import { Beside } from "./Beside";
import { Body } from "./Body";
import { Conflicts } from "./Conflicts";
import { Connected } from "./Connected";
import type { ArticleData } from "./data";
import { Picture } from "./Picture";

const FEW = { related: 12, similar: 6, backlinks: 12 };
const ALL = { related: 100, similar: 20, backlinks: 100 };

export default function Article() {
  const { id = "" } = useParams();
  return <ArticlePage key={id} id={id} />;
}

function ArticlePage({ id }: { id: string }) {
  const [parameters] = useParameters();
  const variables = { id, ...(parameters.has("all") ? ALL : FEW) };
  const asked = useQuery(ArticleOperation, variables);
  const article = asked.data?.article;
  // The title takes the focus when it comes, so it comes with the article.
  if (asked.data === null && !asked.error) return <Progress />;
  return (
    <Page
      title={article?.label ?? texts.kinds.ARTICLE}
      kicker={article?.category ?? article?.type ?? texts.kinds.ARTICLE}
      meta={article && <Meta article={article} />}
    >
      <Answer asked={asked}>
        {(data) => (data.article ? <Content article={data.article} /> : <Gone />)}
      </Answer>
    </Page>
  );
}

function Meta({ article }: { article: ArticleData }) {
  const { provider, authors, publishedDateTime, readingMinutes, url } = article;
  return (
    <>
      {provider && (
        <NodeLink kind="PROVIDER" id={provider.id}>
          {provider.label}
        </NodeLink>
      )}
      {authors.map(({ id, label }) => (
        <NodeLink key={id} kind="PERSON" id={id}>
          {label}
        </NodeLink>
      ))}
      {publishedDateTime && <time dateTime={publishedDateTime}>{formatMoment(publishedDateTime)}</time>}
      {readingMinutes !== null && <span>{texts.article.minutes(readingMinutes)}</span>}
      {url && isWeb(url) && (
        <a href={url} rel="noopener noreferrer">
          {texts.article.original(new URL(url).host)}
        </a>
      )}
    </>
  );
}

function isWeb(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

function Content({ article }: { article: ArticleData }) {
  return (
    <div className="article-columns">
      <div className="article-main">
        {article.excerpt && <p className="article-lead">{article.excerpt}</p>}
        {article.images.slice(0, 1).map((image) => (
          <Picture key={image.url} address={image.url} base={article.url} text={image.title} attribution={image.attribution} />
        ))}
        {article.bodyHtml ? (
          <Body html={article.bodyHtml} known={article.links.nodes} url={article.url} path={article.path} />
        ) : (
          <p className="article-nobody">{texts.article.noBody[article.origin]}</p>
        )}
        <Connected article={article} />
        <Conflicts article={article} />
        {article.problems.length > 0 && (
          <section>
            <h2>{texts.article.problems}</h2>
            <ul className="problems">
              {article.problems.map(({ code, message, file, line }, index) => (
                <li key={`${code} ${index}`}>
                  {message}{" "}
                  <span className="said">
                    {file}
                    {line !== null && `:${line}`}
                  </span>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
      <Beside article={article} />
    </div>
  );
}

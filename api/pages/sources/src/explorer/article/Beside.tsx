// What belongs to an article: its story, topics, series, parts, translations, neighbours in order.
import type { ReactNode } from "react";

import { formatSpan } from "../formats";
import { SmallGraph } from "../graph/SmallGraph";
import type { NodeKind } from "../nodes";
import { NodeLink } from "../parts/NodeLink";
import { texts } from "../texts";
import type { ArticleData } from "./data";

export function Beside({ article }: { article: ArticleData }) {
  const { story, topics, series, partOf, previous, next, translations } = article;
  return (
    <aside className="article-beside" aria-label={texts.article.beside}>
      {story && (
        <Group title={texts.kinds.STORY}>
          <p className="article-line">
            <NodeLink kind="STORY" id={story.id} className="title">
              {story.label}
            </NodeLink>
          </p>
          <p className="byline">
            <span>{texts.counts.ARTICLE(story.articleCount)}</span>
            <span>{texts.counts.PROVIDER(story.providerCount)}</span>
            {story.firstPublished && story.lastPublished && (
              <span>{formatSpan(story.firstPublished, story.lastPublished)}</span>
            )}
          </p>
        </Group>
      )}
      <Names title={texts.kindsMany.TOPIC} kind="TOPIC" nodes={topics} />
      <Names title={texts.article.series} kind="TOPIC" nodes={series} />
      <Names title={texts.article.partOf} kind="ARTICLE" nodes={partOf} />
      <Names title={texts.article.previous} kind="ARTICLE" nodes={previous ? [previous] : []} />
      <Names title={texts.article.next} kind="ARTICLE" nodes={next ? [next] : []} />
      <Names
        title={texts.article.translations}
        kind="ARTICLE"
        nodes={translations.map(({ id, label, language }) => ({ id, label: language ? `${language}: ${label}` : label }))}
      />
      <Group title={texts.graph.around}>
        <SmallGraph id={article.id} kind="ARTICLE" label={article.label} />
      </Group>
      {article.file && (
        <Group title={texts.article.file}>
          <p className="said">{article.file}</p>
        </Group>
      )}
    </aside>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

interface NamesProps {
  title: string;
  kind: NodeKind;
  nodes: { id: string; label: string }[];
}

function Names({ title, kind, nodes }: NamesProps) {
  if (nodes.length === 0) return null;
  return (
    <Group title={title}>
      <ul className="names">
        {nodes.map(({ id, label }) => (
          <li key={id}>
            <NodeLink kind={kind} id={id}>
              {label}
            </NodeLink>
          </li>
        ))}
      </ul>
    </Group>
  );
}

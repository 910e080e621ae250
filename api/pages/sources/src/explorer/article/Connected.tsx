// The articles that this one is connected with, each list with the reason why.
import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";

import { addressOf, useParameters } from "../address";
import { ArticleLine } from "../parts/ArticleLine";
import type { ArticleLineFragment } from "../parts/article-line.operations";
import { texts } from "../texts";
import type { ArticleData } from "./data";

const MOST_TERMS = 6;

export function Connected({ article }: { article: ArticleData }) {
  const { parts, related, backlinks, similar } = article;
  const shown = new Set(related.edges.map(({ node }) => node.id));
  return (
    <>
      <Lines title={texts.article.parts(parts.totalCount)} entries={parts.nodes.map((node) => ({ node }))} />
      <Lines
        title={texts.article.related(related.totalCount)}
        total={related.totalCount}
        entries={related.edges.map(({ node, direction }) => ({ node, reason: texts.article.directions[direction] }))}
      />
      <Lines
        title={texts.article.backlinks(backlinks.totalCount)}
        total={backlinks.totalCount}
        entries={backlinks.edges.map(({ node, text }) => ({ node, reason: text && texts.article.linkText(text) }))}
      />
      <Lines
        title={texts.article.similar}
        entries={similar.edges
          .filter(({ node }) => !shown.has(node.id))
          .map(({ node, sharedTerms }) => ({
            node,
            reason: texts.article.sharedTerms(sharedTerms.slice(0, MOST_TERMS)),
          }))}
      />
    </>
  );
}

interface LinesProps {
  title: string;
  /** How many there are, if these may be a part. */
  total?: number;
  entries: { node: ArticleLineFragment; reason?: ReactNode }[];
}

function Lines({ title, total = 0, entries }: LinesProps) {
  const [parameters] = useParameters();
  const [path] = useLocation();
  if (entries.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      <ul className="lines">
        {entries.map(({ node, reason }) => (
          <li key={node.id}>
            <ArticleLine article={node}>{reason && <p className="reason">{reason}</p>}</ArticleLine>
          </li>
        ))}
      </ul>
      {total > entries.length && !parameters.has("all") && (
        <p className="more">
          <Link href={addressOf(path, { all: "1" })}>{texts.article.all(total)}</Link>
        </p>
      )}
    </section>
  );
}

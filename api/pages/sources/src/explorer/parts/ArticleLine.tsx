// An article in a list: its title, who published it and when.
import { type ReactNode } from "react";

import { formatDay } from "../formats";
import type { ArticleLineFragment } from "./article-line.operations";
import { NodeLink } from "./NodeLink";

/** `children` stand below: why it is in the list, or how it begins. */
export function ArticleLine({ article, children }: { article: ArticleLineFragment; children?: ReactNode }) {
  const { provider, publishedDateTime } = article;
  return (
    <div className="article-line">
      <NodeLink kind="ARTICLE" id={article.id} className="title">
        {article.label}
      </NodeLink>
      {children}
      <p className="byline">
        {provider && (
          <NodeLink kind="PROVIDER" id={provider.id}>
            {provider.label}
          </NodeLink>
        )}
        {publishedDateTime && <time dateTime={publishedDateTime}>{formatDay(publishedDateTime)}</time>}
      </p>
    </div>
  );
}

// One thing that was found: what it is, and where the words stand in it.
import { formatDay, formatSpan } from "../formats";
import { kindOf } from "../nodes";
import { Marked } from "../parts/Marked";
import { NodeLink } from "../parts/NodeLink";
import { texts } from "../texts";
import type { SearchQuery } from "./search.operations";

type Edge = SearchQuery["search"]["edges"][number];
type Node = Edge["node"];

const MOST_SNIPPETS = 1;

export function Found({ node, highlights }: { node: Node; highlights: Edge["highlights"] }) {
  const ofLabel = highlights.find(({ parts }) => parts.map(({ text }) => text).join("") === node.label);
  const snippets = highlights.filter((found) => found !== ofLabel).slice(0, MOST_SNIPPETS);
  return (
    <div className="article-line" data-kind={kindOf(node.__typename).toLowerCase()}>
      <NodeLink type={node.__typename} id={node.id} className="title">
        {ofLabel ? <Marked parts={ofLabel.parts} /> : node.label}
      </NodeLink>
      {snippets.length > 0
        ? snippets.map(({ field, parts }) => (
            <p key={field} className="excerpt">
              {field === "body" && "… "}
              <Marked parts={parts} />
              {field === "body" && " …"}
            </p>
          ))
        : textOf(node) && <p className="excerpt">{textOf(node)}</p>}
      <p className="byline">
        <span className="kind">{texts.kinds[kindOf(node.__typename)]}</span>
        <Byline node={node} />
      </p>
    </div>
  );
}

function textOf(node: Node): string | null {
  if (node.__typename === "Article") return node.excerpt;
  return node.__typename === "Story" ? null : node.description;
}

function Byline({ node }: { node: Node }) {
  switch (node.__typename) {
    case "Article":
      return (
        <>
          {node.provider && (
            <NodeLink kind="PROVIDER" id={node.provider.id}>
              {node.provider.label}
            </NodeLink>
          )}
          {node.publishedDateTime && <time dateTime={node.publishedDateTime}>{formatDay(node.publishedDateTime)}</time>}
        </>
      );
    case "Story":
      return (
        <>
          <span>{texts.counts.ARTICLE(node.articleCount)}</span>
          {node.firstPublished && node.lastPublished && <span>{formatSpan(node.firstPublished, node.lastPublished)}</span>}
        </>
      );
    default:
      return <span>{texts.counts.ARTICLE(node.articles.totalCount)}</span>;
  }
}

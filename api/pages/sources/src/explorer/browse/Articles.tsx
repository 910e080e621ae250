// The articles of something: when they were published, filters, and the list itself. Its state stands in the address.
import { type ReactNode, useId } from "react";
import { Link } from "wouter";

import { addressOf, useParameters } from "../address";
import { useQuery } from "../client/useQuery";
import { Answer } from "../parts/Answer";
import { ArticleLine } from "../parts/ArticleLine";
import { EmptyState } from "../parts/EmptyState";
import { FIRST_PAGE, Pager } from "../parts/Pager";
import { texts } from "../texts";
import { ArticleListOperation, type ArticleFilter, type ArticleListQuery } from "./article-list.operations";
import { FILTERS, listVariables, orderOf, ORDERS } from "./article-view";
import { Facet } from "./Facet";
import { Published } from "./Published";
import { WordsBox } from "./WordsBox";

interface ArticlesProps {
  /** Which articles the page is about. */
  base: ArticleFilter;
  /** The same for the address of the table. */
  tableParameters: Record<string, string>;
  first: string | null;
  last: string | null;
  /** What is the same for all of them is no filter. */
  without?: "provider" | "topic";
}

export function Articles({ base, tableParameters, first, last, without }: ArticlesProps) {
  const [parameters, change] = useParameters();
  const variables = listVariables(base, parameters);
  const asked = useQuery(ArticleListOperation, variables);
  const id = useId();
  const isFiltered = FILTERS.some((name) => parameters.has(name));
  const table = Object.fromEntries(FILTERS.map((name) => [name, parameters.get(name)]));
  return (
    <section aria-labelledby={id} className="articles">
      <h2 id={id}>{texts.browse.articles}</h2>
      {first && last && <Published base={base} first={first} last={last} />}
      <div className="filters" role="group" aria-label={texts.browse.filters}>
        <WordsBox label={texts.browse.words} />
        {without !== "provider" && (
          <Facet name="provider" label={texts.kinds.PROVIDER} groups={asked.data?.articles.providers ?? []} />
        )}
        {without !== "topic" && (
          <Facet name="topic" label={texts.kinds.TOPIC} groups={asked.data?.articles.topics ?? []} />
        )}
        <label>
          <span>{texts.browse.order}</span>
          <select
            value={orderOf(parameters)}
            onChange={(event) => change({ order: event.target.value === "newest" ? null : event.target.value, ...FIRST_PAGE })}
          >
            {Object.keys(ORDERS).map((order) => (
              <option key={order} value={order}>
                {texts.browse.orders[order as keyof typeof ORDERS]}
              </option>
            ))}
          </select>
        </label>
        {isFiltered && (
          <button
            type="button"
            className="quiet"
            onClick={() => change({ ...Object.fromEntries(FILTERS.map((name) => [name, null])), ...FIRST_PAGE })}
          >
            {texts.browse.clear}
          </button>
        )}
      </div>
      <Answer asked={asked}>{({ articles }) => <List articles={articles} />}</Answer>
      <p className="aside">
        <Link href={addressOf("/table/articles", { ...table, ...tableParameters })}>{texts.browse.asTable}</Link>
      </p>
    </section>
  );
}

function List({ articles }: { articles: ArticleListQuery["articles"] }): ReactNode {
  if (articles.totalCount === 0) return <EmptyState title={texts.browse.none}>{texts.browse.noneAdvice}</EmptyState>;
  return (
    <>
      <p className="found" role="status">
        {texts.counts.ARTICLE(articles.totalCount)}
      </p>
      <ul className="lines">
        {articles.nodes.map((article) => (
          <li key={article.id}>
            <ArticleLine article={article}>{article.excerpt && <p className="excerpt">{article.excerpt}</p>}</ArticleLine>
          </li>
        ))}
      </ul>
      <Pager info={articles.pageInfo} />
    </>
  );
}

// The lists that can be shown as tables.
import { momentIn, wholeFilter } from "../browse/article-view";
import { texts } from "../texts";
import type { Column } from "./columns";
import { orderBy, type ListSource } from "./source";
import {
  type ArticleFilter,
  type ArticleOrder,
  TableArticlesOperation,
  type TableArticlesQuery,
  type TableArticlesQueryVariables,
} from "./table-articles.operations";
import { type PersonOrder, TablePersonsOperation, type TablePersonsQuery, type TablePersonsQueryVariables } from "./table-persons.operations";
import { type ProviderOrder, TableProvidersOperation, type TableProvidersQuery, type TableProvidersQueryVariables } from "./table-providers.operations";
import { type StoryFilter, type StoryOrder, TableStoriesOperation, type TableStoriesQuery, type TableStoriesQueryVariables } from "./table-stories.operations";
import { TableTopicsOperation, type TableTopicsQuery, type TableTopicsQueryVariables, type TopicOrder } from "./table-topics.operations";

const names = texts.table.names;

type ArticleRow = TableArticlesQuery["articles"]["nodes"][number];

const articleColumns: Column<ArticleRow>[] = [
  { key: "title", name: names.title, value: ({ label }) => label, isSortable: true },
  { key: "provider", name: texts.kinds.PROVIDER, value: ({ provider }) => provider?.label ?? null, isSortable: true },
  { key: "published", name: names.published, value: (row) => row.publishedDateTime, type: "moment", isSortable: true },
  { key: "updated", name: names.updated, value: (row) => row.updatedDateTime, type: "moment", isSortable: true },
  { key: "topics", name: names.topics, value: ({ topics }) => topics.map(({ label }) => label) },
  { key: "authors", name: names.authors, value: ({ authors }) => authors.map(({ label }) => label) },
  { key: "related", name: names.related, value: ({ related }) => related?.totalCount ?? null, type: "number", isSortable: true },
  { key: "links", name: names.links, value: ({ links }) => links?.totalCount ?? null, type: "number", isSortable: true },
  { key: "backlinks", name: names.backlinks, value: ({ backlinks }) => backlinks?.totalCount ?? null, type: "number", isSortable: true },
  { key: "quality", name: names.quality, value: ({ quality }) => quality, type: "number", isSortable: true },
  { key: "heat", name: names.heat, value: ({ heat }) => heat, type: "number", isSortable: true },
  { key: "type", name: names.type, value: ({ type }) => type, isSortable: true },
  { key: "category", name: names.category, value: ({ category }) => category, isSortable: true },
  { key: "language", name: names.language, value: ({ language }) => language, isSortable: true },
  { key: "pageRank", name: names.pageRank, value: ({ metrics }) => metrics?.pageRank ?? null, isSortable: true },
  { key: "community", name: names.community, value: ({ metrics }) => metrics?.community ?? null },
  { key: "url", name: names.url, value: ({ url }) => url, isSortable: true },
  { key: "path", name: names.path, value: ({ path }) => path, isSortable: true },
  { key: "file", name: names.file, value: ({ file }) => file },
];

/** By what the address says beyond what `wholeFilter` knows. */
function articleFilter(parameters: URLSearchParams): ArticleFilter {
  const [person, story] = [parameters.get("person"), parameters.get("story")];
  return {
    ...(person && { authors: { some: { id: { eq: person } } } }),
    ...(story && { story: { id: { eq: story } } }),
  };
}

const articles: ListSource<ArticleRow, TableArticlesQuery, TableArticlesQueryVariables> = {
  kind: "ARTICLE",
  operation: TableArticlesOperation,
  columns: articleColumns,
  shown: ["title", "provider", "published", "topics", "related", "quality"],
  page: (data) => data.articles,
  nodeFilters: ["provider", "topic", "person", "story"],
  hasTime: true,
  variables: (parameters, shown, sort, page) => ({
    filter: wholeFilter(articleFilter(parameters), parameters),
    orderBy: orderBy<ArticleOrder>(sort, {
      title: (title) => ({ title }),
      provider: (name) => ({ provider: { name } }),
      published: (publishedDateTime) => ({ publishedDateTime }),
      updated: (updatedDateTime) => ({ updatedDateTime }),
      related: (count) => ({ related: { count } }),
      links: (count) => ({ links: { count } }),
      backlinks: (count) => ({ backlinks: { count } }),
      quality: (quality) => ({ quality }),
      heat: (heat) => ({ heat }),
      type: (type) => ({ type }),
      category: (category) => ({ category }),
      language: (language) => ({ language }),
      pageRank: (pageRank) => ({ metrics: { pageRank } }),
      url: (url) => ({ url }),
      path: (path) => ({ path }),
    }),
    ...page,
    related: shown.includes("related"),
    links: shown.includes("links"),
    backlinks: shown.includes("backlinks"),
    metrics: shown.includes("pageRank") || shown.includes("community"),
  }),
};

/** What topics, providers and persons say of their articles. */
interface WithArticles {
  articles: { totalCount: number; aggregate: { firstPublished: string | null; lastPublished: string | null } };
}

const name: Column<{ label: string }> = { key: "name", name: names.name, value: ({ label }) => label, isSortable: true };

const articleCounts: Column<WithArticles>[] = [
  { key: "articles", name: names.articles, value: ({ articles }) => articles.totalCount, type: "number", isSortable: true },
  { key: "first", name: names.first, value: ({ articles }) => articles.aggregate.firstPublished, type: "moment" },
  { key: "last", name: names.last, value: ({ articles }) => articles.aggregate.lastPublished, type: "moment" },
];

function measured<Row extends { metrics?: { pageRank: number; betweenness: number } }>(): Column<Row>[] {
  return [
    { key: "pageRank", name: names.pageRank, value: ({ metrics }) => metrics?.pageRank ?? null, isSortable: true },
    { key: "betweenness", name: names.betweenness, value: ({ metrics }) => metrics?.betweenness ?? null, isSortable: true },
  ];
}

type TopicRow = TableTopicsQuery["topics"]["nodes"][number];

const topics: ListSource<TopicRow, TableTopicsQuery, TableTopicsQueryVariables> = {
  kind: "TOPIC",
  operation: TableTopicsOperation,
  columns: [
    name,
    ...articleCounts,
    { key: "providers", name: names.providers, value: ({ providers }) => providers.totalCount, type: "number", isSortable: true },
    { key: "parent", name: names.broader, value: ({ parent }) => parent?.label ?? null },
    ...measured<TopicRow>(),
    { key: "taxonomies", name: names.taxonomies, value: ({ taxonomies }) => taxonomies },
    { key: "slug", name: names.slug, value: ({ slug }) => slug, isSortable: true },
    { key: "description", name: names.description, value: ({ description }) => description },
  ],
  shown: ["name", "articles", "first", "last", "providers", "parent"],
  page: (data) => data.topics,
  nodeFilters: [],
  hasTime: false,
  variables: (parameters, shown, sort, page) => ({
    filter: named(parameters),
    orderBy: orderBy<TopicOrder>(sort, {
      name: (name) => ({ name }),
      slug: (slug) => ({ slug }),
      articles: (count) => ({ articles: { count } }),
      providers: (count) => ({ providers: { count } }),
      pageRank: (pageRank) => ({ metrics: { pageRank } }),
      betweenness: (betweenness) => ({ metrics: { betweenness } }),
    }),
    ...page,
    metrics: shown.includes("pageRank") || shown.includes("betweenness"),
  }),
};

function named(parameters: URLSearchParams) {
  const words = parameters.get("words");
  return words ? { name: { contains: words, ignoreCase: true } } : null;
}

type ProviderRow = TableProvidersQuery["providers"]["nodes"][number];

const providers: ListSource<ProviderRow, TableProvidersQuery, TableProvidersQueryVariables> = {
  kind: "PROVIDER",
  operation: TableProvidersOperation,
  columns: [
    name,
    { key: "domain", name: names.domain, value: ({ domain }) => domain, isSortable: true },
    ...articleCounts,
    { key: "toldFirst", name: names.toldFirst, value: ({ firsts }) => firsts.totalCount, type: "number", isSortable: true },
    { key: "topics", name: names.topics, value: ({ topics }) => topics.totalCount, type: "number", isSortable: true },
    ...measured<ProviderRow>(),
    { key: "description", name: names.description, value: ({ description }) => description },
  ],
  shown: ["name", "domain", "articles", "first", "last", "topics", "toldFirst"],
  page: (data) => data.providers,
  nodeFilters: [],
  hasTime: false,
  variables: (parameters, shown, sort, page) => ({
    filter: named(parameters),
    orderBy: orderBy<ProviderOrder>(sort, {
      name: (name) => ({ name }),
      domain: (domain) => ({ domain }),
      articles: (count) => ({ articles: { count } }),
      toldFirst: (count) => ({ firsts: { count } }),
      topics: (count) => ({ topics: { count } }),
      pageRank: (pageRank) => ({ metrics: { pageRank } }),
      betweenness: (betweenness) => ({ metrics: { betweenness } }),
    }),
    ...page,
    metrics: shown.includes("pageRank") || shown.includes("betweenness"),
  }),
};

type PersonRow = TablePersonsQuery["persons"]["nodes"][number];

const persons: ListSource<PersonRow, TablePersonsQuery, TablePersonsQueryVariables> = {
  kind: "PERSON",
  operation: TablePersonsOperation,
  columns: [
    name,
    ...articleCounts,
    { key: "topics", name: names.topics, value: ({ topics }) => topics.totalCount, type: "number", isSortable: true },
    { key: "url", name: names.url, value: ({ url }) => url },
    { key: "slug", name: names.slug, value: ({ slug }) => slug, isSortable: true },
    { key: "description", name: names.description, value: ({ description }) => description },
  ],
  shown: ["name", "articles", "first", "last", "topics"],
  page: (data) => data.persons,
  nodeFilters: [],
  hasTime: false,
  variables: (parameters, _, sort, page) => ({
    filter: named(parameters),
    orderBy: orderBy<PersonOrder>(sort, {
      name: (name) => ({ name }),
      slug: (slug) => ({ slug }),
      articles: (count) => ({ articles: { count } }),
      topics: (count) => ({ topics: { count } }),
    }),
    ...page,
  }),
};

type StoryRow = TableStoriesQuery["stories"]["nodes"][number];

const stories: ListSource<StoryRow, TableStoriesQuery, TableStoriesQueryVariables> = {
  kind: "STORY",
  operation: TableStoriesOperation,
  columns: [
    { key: "headline", name: names.headline, value: ({ label }) => label, isSortable: true },
    { key: "articles", name: names.articles, value: ({ articleCount }) => articleCount, type: "number", isSortable: true },
    { key: "providers", name: names.providers, value: ({ providerCount }) => providerCount, type: "number", isSortable: true },
    { key: "topics", name: names.topics, value: ({ topicCount }) => topicCount, type: "number", isSortable: true },
    { key: "first", name: names.first, value: (row) => row.firstPublished, type: "moment", isSortable: true },
    { key: "last", name: names.last, value: (row) => row.lastPublished, type: "moment", isSortable: true },
    { key: "toldFirst", name: texts.story.lead, value: ({ firstProvider }) => firstProvider?.label ?? null, isSortable: true },
    { key: "tellings", name: names.tellings, value: ({ tellingCount }) => tellingCount, type: "number", isSortable: true },
    { key: "growth", name: names.growth, value: ({ growth }) => growth, type: "number", isSortable: true },
  ],
  shown: ["headline", "articles", "providers", "first", "last", "toldFirst"],
  page: (data) => data.stories,
  nodeFilters: ["firstProvider"],
  hasTime: true,
  variables: (parameters, _, sort, page) => ({
    filter: storyFilter(parameters),
    orderBy: orderBy<StoryOrder>(sort, {
      headline: (headline) => ({ headline }),
      articles: (articleCount) => ({ articleCount }),
      providers: (providerCount) => ({ providerCount }),
      topics: (topicCount) => ({ topicCount }),
      first: (firstPublished) => ({ firstPublished }),
      last: (lastPublished) => ({ lastPublished }),
      toldFirst: (name) => ({ firstProvider: { name } }),
      tellings: (tellingCount) => ({ tellingCount }),
      growth: (growth) => ({ growth }),
    }),
    ...page,
  }),
};

/** Those that were told within the span at least once. */
function storyFilter(parameters: URLSearchParams): StoryFilter {
  const [words, firstProvider] = [parameters.get("words"), parameters.get("firstProvider")];
  const [from, to] = [momentIn(parameters, "from"), momentIn(parameters, "to")];
  return {
    ...(words && { headline: { contains: words, ignoreCase: true } }),
    ...(firstProvider && { firstProvider: { id: { eq: firstProvider } } }),
    ...(from && { lastPublished: { gte: from } }),
    ...(to && { firstPublished: { lt: to } }),
  };
}

export const LISTS = { articles, topics, providers, persons, stories };

export type ListName = keyof typeof LISTS;

// A list of articles that filters, orders and loads more.
import { graphql } from "relay-runtime";

export const page = graphql`
  query ArticleListPageQuery($count: Int!, $cursor: String, $filter: ArticleFilter, $order: [ArticleOrder!]) {
    ...ArticleList_query @arguments(count: $count, cursor: $cursor, filter: $filter, order: $order)
    snapshot {
      version
      problems(severity: ERROR) {
        totalCount
      }
    }
  }
`;

export const list = graphql`
  fragment ArticleList_query on Query
  @refetchable(queryName: "ArticleListNextQuery")
  @argumentDefinitions(
    count: { type: "Int", defaultValue: 10 }
    cursor: { type: "String" }
    filter: { type: "ArticleFilter" }
    order: { type: "[ArticleOrder!]" }
  ) {
    articles(first: $count, after: $cursor, filter: $filter, orderBy: $order)
      @connection(key: "ArticleList_articles", filters: ["filter", "orderBy"]) {
      totalCount
      edges {
        node {
          ...ArticleCard_article
        }
      }
    }
  }
`;

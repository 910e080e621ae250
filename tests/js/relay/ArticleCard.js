// One article, and the articles related to it, which load more by themselves.
import { graphql } from "relay-runtime";

export const card = graphql`
  fragment ArticleCard_article on Article {
    title
    publishedDateTime
    frontMatter
    provider {
      name
      domain
    }
    topics {
      name
    }
    ...ArticleCardRelated_article
  }
`;

export const related = graphql`
  fragment ArticleCardRelated_article on Article
  @refetchable(queryName: "ArticleCardRelatedNextQuery")
  @argumentDefinitions(
    count: { type: "Int", defaultValue: 5 }
    cursor: { type: "String" }
    direction: { type: "Direction", defaultValue: ANY }
  ) {
    related(first: $count, after: $cursor, direction: $direction)
      @connection(key: "ArticleCardRelated_related", filters: ["direction"]) {
      edges {
        rank
        direction
        node {
          title
        }
      }
    }
  }
`;

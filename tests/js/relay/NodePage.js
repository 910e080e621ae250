// Any node by its id, and one article by whichever key is at hand.
import { graphql } from "relay-runtime";

export const byId = graphql`
  query NodePageQuery($id: ID!) {
    node(id: $id) {
      __typename
      ...ArticleCard_article @alias(as: "article")
      ...NodePageTopics_provider @alias(as: "provider")
      ... on Topic {
        name
        children {
          name
        }
      }
    }
  }
`;

export const byKey = graphql`
  query NodePageArticleQuery($by: ArticleBy!) {
    article(by: $by) {
      ...ArticleCard_article
    }
  }
`;

export const topics = graphql`
  fragment NodePageTopics_provider on Provider
  @refetchable(queryName: "NodePageTopicsPreviousQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 5 }, cursor: { type: "String" }) {
    name
    # Renamed, since an article's topics are a plain list, and one query may not give one name to both.
    topicPage: topics(last: $count, before: $cursor) @connection(key: "NodePageTopics_topicPage") {
      edges {
        articleCount
        node {
          name
        }
      }
    }
  }
`;

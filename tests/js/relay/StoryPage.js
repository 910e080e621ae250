// A story with its articles, which load more by themselves, and what lies around one of them.
import { graphql } from "relay-runtime";

export const story = graphql`
  fragment StoryPage_story on Story
  @refetchable(queryName: "StoryPageNextQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 3 }, cursor: { type: "String" }) {
    headline
    timeline(interval: WEEK, timeZone: "Europe/Berlin") {
      start
      count
    }
    lead {
      neighborhood(depth: 2, limitPerNode: 5) {
        truncated
        nodes {
          distance
          node {
            label
          }
        }
        edges {
          kind
          source {
            id
          }
          target {
            id
          }
        }
      }
    }
    articles(first: $count, after: $cursor) @connection(key: "StoryPage_articles") {
      aggregate {
        count
        quality {
          avg
        }
      }
      edges {
        node {
          ...ArticleCard_article
        }
      }
    }
  }
`;

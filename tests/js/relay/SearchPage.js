// What a search finds, whatever it is, with what was searched for marked.
import { graphql } from "relay-runtime";

export const page = graphql`
  query SearchPageQuery($text: String!, $kinds: [NodeKind!]) {
    ...SearchPage_query @arguments(text: $text, kinds: $kinds)
  }
`;

export const results = graphql`
  fragment SearchPage_query on Query
  @refetchable(queryName: "SearchPageNextQuery")
  @argumentDefinitions(
    text: { type: "String!" }
    kinds: { type: "[NodeKind!]" }
    count: { type: "Int", defaultValue: 10 }
    cursor: { type: "String" }
  ) {
    search(query: $text, kinds: $kinds, first: $count, after: $cursor)
      @connection(key: "SearchPage_search", filters: ["query", "kinds"]) {
      totalCount
      edges {
        score
        highlights {
          field
          parts {
            text
            isMatch
          }
        }
        node {
          __typename
          label
          ...StoryPage_story @alias(as: "story")
        }
      }
    }
  }
`;

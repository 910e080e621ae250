// Every text of the explorer, by page, so that another language is another object of this shape.
//
// A text with a number takes the number; `count` picks the word for it.

export const language = "en";

const plural = new Intl.PluralRules(language);
const number = new Intl.NumberFormat(language);

/** `1 article`, `4,944 articles`. */
function count(value: number, one: string, many: string): string {
  return `${number.format(value)} ${plural.select(value) === "one" ? one : many}`;
}

const english = {
  shell: {
    name: "Frontgraph",
    skip: "Skip to the content",
    pages: "Pages",
    home: "Home",
    playground: "Playground",
    search: "Search",
    searchLabel: "Search this graph",
    searchPlaceholder: "Search articles, topics, providers…",
    toLight: "Light colours",
    toDark: "Dark colours",
    about: "Everything here is asked from the public GraphQL API.",
    schema: "Schema",
    loadingPage: "Loading the page…",
  },
  kinds: {
    ARTICLE: "Article",
    PROVIDER: "Provider",
    TOPIC: "Topic",
    PERSON: "Person",
    STORY: "Story",
  },
  counts: {
    ARTICLE: (value: number) => count(value, "article", "articles"),
    PROVIDER: (value: number) => count(value, "provider", "providers"),
    TOPIC: (value: number) => count(value, "topic", "topics"),
    PERSON: (value: number) => count(value, "person", "persons"),
    STORY: (value: number) => count(value, "story", "stories"),
  },
  query: {
    show: "Show the query",
    about: "The GraphQL that this page asked, and its variables.",
    operation: "Query",
    variables: "Variables",
    open: "Open in the playground",
  },
  progress: {
    working: "Asking the service…",
    long: (seconds: number) => `Still working, ${seconds} s. The first answer after a start takes longest.`,
  },
  errors: {
    title: "There is no answer",
    retry: "Try again",
    details: (code: string) => `The service said (${code}):`,
    /** By code: what happened and what to do. */
    advice: {
      UNREACHABLE: "The service cannot be reached. Check that it runs and that you are connected, then try again.",
      NOT_GRAPHQL: "Something between this page and the service answered in its place. Try again, or ask the operator.",
      UNAUTHENTICATED: "This service answers those who have a token. Give yours below.",
      RATE_LIMITED: "You asked for much within a minute. Wait a little, then try again.",
      OVERLOADED: "The service has as much work as it can take. Wait a little, then try again.",
      TIME_LIMIT_EXCEEDED: "The answer took too long. Ask for less: narrow the filter or the span of time.",
      ANSWER_TOO_LARGE: "The answer would be too large. Ask for less: narrow the filter or the page.",
      QUERY_TOO_EXPENSIVE: "This asks for more than the service allows in one request. Narrow the filter.",
      BAD_SEARCH: "This text cannot be searched for. Change the words.",
      BAD_CURSOR: "This page of the list cannot be found. Begin at the first page.",
      CURSOR_EXPIRED: "The list has changed since. Begin at its first page.",
      DOCUMENT_NOT_TRUSTED:
        "This service answers only queries that its operator listed, and the explorer's are not among them.",
    } as Record<string, string>,
    otherwise: "The service refused. Its message says why.",
    retryAfter: (seconds: number) => `It asks to wait ${count(seconds, "second", "seconds")}.`,
    crashed: "This page failed. Load it again; if that does not help, tell whoever runs the service.",
  },
  token: {
    label: "Token",
    hint: "It stays in this tab until you close it.",
    use: "Use this token",
    forget: "Forget the token",
  },
  home: {
    title: "This graph",
    newest: "Newest articles",
  },
  notFound: {
    title: "Nothing stands here",
    text: "The address names no page of the explorer.",
    home: "Go to the start page",
  },
};

/** What another language has to say. */
export type Texts = typeof english;

export const texts: Texts = english;

// Every text of the explorer, by page, so that another language is another object of this shape.
//
// A text with a number takes the number; `count` picks the word for it.

export const language = "en";

const plural = new Intl.PluralRules(language);
const number = new Intl.NumberFormat(language);

/** `article`, `articles`. */
function pick(value: number, one: string, many: string): string {
  return plural.select(value) === "one" ? one : many;
}

/** `1 article`, `4,944 articles`. */
function count(value: number, one: string, many: string): string {
  return `${number.format(value)} ${pick(value, one, many)}`;
}

const lists = new Intl.ListFormat(language);

/** `drafts, notes, and pages` */
function list(parts: string[]): string {
  return lists.format(parts);
}

/** An enum's value in words, for what has no text of its own: `DATE_INVALID` is “date invalid”. */
function words(code: string): string {
  return code.toLowerCase().replaceAll("_", " ");
}

const hiddenFiles: Record<string, [one: string, many: string]> = {
  PUBLISHED_FALSE: ["unpublished file", "unpublished files"],
  PUBLISH_FALSE: ["unpublished file", "unpublished files"],
  REMOVED: ["removed file", "removed files"],
  DELETED: ["deleted file", "deleted files"],
  DRAFT: ["draft", "drafts"],
  DRAFTS_FOLDER: ["file among the drafts", "files among the drafts"],
  UNLISTED: ["unlisted file", "unlisted files"],
  HEADLESS: ["file without a page", "files without pages"],
  NOT_RENDERED: ["file without a page", "files without pages"],
  FUTURE: ["file dated in the future", "files dated in the future"],
  EXPIRED: ["expired file", "expired files"],
};

const mistakes: Record<string, [one: string, many: string]> = {
  ADDRESS_SHARED: ["address of several files", "addresses of several files"],
  ARTICLE_DUPLICATED: ["article in several files", "articles in several files"],
  CATALOGUE_INVALID: ["unusable catalogue entry", "unusable catalogue entries"],
  CATALOGUE_REPEATED: ["repeated catalogue entry", "repeated catalogue entries"],
  DATE_IMPLAUSIBLE: ["implausible date", "implausible dates"],
  DATE_INVALID: ["unreadable date", "unreadable dates"],
  FIELD_TOO_LONG: ["value that is too long", "values that are too long"],
  FIELD_TYPE: ["value of the wrong type", "values of the wrong type"],
  FILE_NOT_TEXT: ["file that is no text", "files that are no text"],
  FILE_TOO_LARGE: ["file that is too large", "files that are too large"],
  FILE_UNREADABLE: ["unreadable file", "unreadable files"],
  FRONT_MATTER_INVALID: ["broken front matter", "broken front matters"],
  FRONT_MATTER_MISSING: ["file without front matter", "files without front matter"],
  FRONT_MATTER_UNCLOSED: ["front matter without an end", "front matters without an end"],
  ITEM_UNKNOWN: ["item that leads nowhere", "items that lead nowhere"],
  KEY_MISSPELT: ["misspelt key", "misspelt keys"],
  KEY_REPEATED: ["repeated key", "repeated keys"],
  LINK_BROKEN: ["broken link", "broken links"],
  LINK_OUTSIDE_FOLDER: ["link that leaves the folder", "links that leave the folder"],
  LIST_AS_TEXT: ["list written as text", "lists written as text"],
  LIST_TOO_LONG: ["list that is too long", "lists that are too long"],
  NAME_SIMILAR: ["name that is nearly another", "names that are nearly others"],
  NAME_UNUSABLE: ["unusable name", "unusable names"],
  NUMBER_OUT_OF_RANGE: ["number out of range", "numbers out of range"],
  PROVIDER_MISSING: ["article without a provider", "articles without a provider"],
  RELATED_REPEATED: ["related article named twice", "related articles named twice"],
  RELATED_SIMILAR: ["related address that is nearly another", "related addresses that are nearly others"],
  RELATED_TO_ITSELF: ["article related to itself", "articles related to themselves"],
  RELATED_UNIDENTIFIED: ["related article without an address", "related articles without an address"],
  SLUG_SHARED: ["slug of several articles", "slugs of several articles"],
  TAG_IGNORED: ["ignored YAML tag", "ignored YAML tags"],
  TEXT_CLEANED: ["text with control characters", "texts with control characters"],
  TITLE_MISSING: ["article without a title", "articles without a title"],
  TOPIC_PARENT_CYCLE: ["topic above itself", "topics above themselves"],
  TOPIC_PARENT_UNKNOWN: ["unknown broader topic", "unknown broader topics"],
  URL_INVALID: ["unusable address", "unusable addresses"],
  URL_SHARED: ["address of several articles", "addresses of several articles"],
  VALUE_CUT: ["value that was cut", "values that were cut"],
};

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
  kindsMany: {
    ARTICLE: "Articles",
    PROVIDER: "Providers",
    TOPIC: "Topics",
    PERSON: "Persons",
    STORY: "Stories",
  },
  counts: {
    ARTICLE: (value: number) => count(value, "article", "articles"),
    PROVIDER: (value: number) => count(value, "provider", "providers"),
    TOPIC: (value: number) => count(value, "topic", "topics"),
    PERSON: (value: number) => count(value, "person", "persons"),
    STORY: (value: number) => count(value, "story", "stories"),
  },
  /** The words alone, where the number stands by itself. */
  countNames: {
    ARTICLE: (value: number) => pick(value, "article", "articles"),
    PROVIDER: (value: number) => pick(value, "provider", "providers"),
    TOPIC: (value: number) => pick(value, "topic", "topics"),
    PERSON: (value: number) => pick(value, "person", "persons"),
    STORY: (value: number) => pick(value, "story", "stories"),
  },
  systems: {
    JEKYLL: "a Jekyll site",
    HUGO: "a Hugo site",
    ZOLA: "a Zola site",
    ELEVENTY: "an Eleventy site",
    DOCUSAURUS: "a Docusaurus site",
    MKDOCS: "a MkDocs site",
    OBSIDIAN: "an Obsidian vault",
    ASTRO: "an Astro site",
    PELICAN: "a Pelican site",
    PLAIN: "a folder of documents",
  } as Record<string, string>,
  /** Files that are not shown, by the reason. */
  hidden: (reason: string, value: number) => {
    const [one, many] = hiddenFiles[reason] ?? [`file (${words(reason)})`, `files (${words(reason)})`];
    return count(value, one, many);
  },
  /** Mistakes by code, without their number. */
  problems: (code: string, value: number) => {
    const [one, many] = mistakes[code] ?? [words(code), words(code)];
    return pick(value, one, many);
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
    facts: "What it holds",
    loaded: (files: number, systems: string[]) =>
      `Read from ${count(files, "file", "files")} of ${list(systems)}.`,
    hidden: (parts: string[]) => `Left out, as the site would: ${list(parts)}.`,
    timeline: (span: string) => `When the articles were published, ${span}`,
    newest: "Newest articles",
    topics: "Topics",
    hub: (articles: number) => `is on ${count(articles, "article", "articles")}: a hub.`,
    trends: "Rising in the last 30 days",
    trend: (now: number, before: number) => `${number.format(now)}, ${number.format(before)} before`,
    biggestStories: "Biggest stories",
    latestStories: "Newest stories",
    problems: "For editors",
    noProblems: (files: number) => `No mistakes in ${count(files, "file", "files")}.`,
    otherProblems: "of other kinds",
    exports: "Take it away",
    exportFor: {
      graphml: "Gephi, igraph, networkx, yEd",
      gexf: "Gephi, with time",
      json: "networkx node-link data",
      cyjs: "Cytoscape",
      zip: "nodes.csv and edges.csv",
      jsonld: "JSON-LD, schema.org",
      dot: "Graphviz",
      "parquet.zip": "data frames",
    },
    ask: "Ask it yourself",
    playgroundAbout: "queries with examples and completion",
    schemaAbout: "everything that can be asked",
    readyAbout: "which version is served",
    empty: "There are no articles in this graph.",
    emptyAdvice: "Look at what was left out and at the mistakes below, or start the service on another folder.",
  },
  chart: {
    role: "chart",
    time: "Time",
    by: "By",
    intervals: { HOUR: "hour", DAY: "day", WEEK: "week", MONTH: "month", QUARTER: "quarter", YEAR: "year" },
    week: (day: string) => `Week of ${day}`,
    quarter: (quarter: number, year: string) => `Quarter ${quarter} of ${year}`,
    point: "Point to it, or use the arrow keys, to read its numbers.",
    drag: "Drag over a span of time to see its articles alone.",
    keys: "Left and right arrow read the numbers of each span of time.",
    keysWithSpan:
      "Left and right arrow read the numbers of each span of time; with Shift they choose several. Enter filters by what is chosen, Escape shows all again.",
    asTable: "These numbers as a table",
  },
  browse: {
    articles: "Articles",
    published: (span: string) => `Articles published, ${span}`,
    filters: "Filters",
    words: "In the title",
    order: "Order",
    orders: { newest: "Newest first", oldest: "Oldest first", related: "Most related", central: "Most central" },
    all: "All",
    chosen: "The chosen one",
    clear: "Clear filters",
    span: (span: string) => `Only ${span}.`,
    wholeTime: "Show all",
    none: "No article passes these filters.",
    noneAdvice: "Clear one of them, or choose a longer span of time.",
    asTable: "These articles as a table, with CSV and JSON",
    more: (value: number) => `and ${number.format(value)} more`,
    aliases: (names: string[]) => `Also called ${list(names)}.`,
    hierarchy: "Broader and narrower",
    broader: "Broader:",
    narrower: "Narrower:",
    whoWrites: "Who writes about it",
    togetherWith: "Together with",
    /** How much more often than by chance. */
    lift: (value: number) => `${number.format(Math.round(value * 10) / 10)} times as often as by chance`,
    writesAbout: "Writes about",
    writesFor: "Writes for",
    writesWith: "Writes with",
    nearProviders: "Providers nearby",
    links: (value: number) => count(value, "link between their articles", "links between their articles"),
    sharedTopics: (names: string[]) => `Both write about ${list(names.slice(0, 4))}.`,
    gone: "This graph does not hold it",
    goneAdvice: "It may have been renamed or taken away since the address was made. Search for its name.",
  },
  story: {
    lead: "Who told it first",
    latest: "The latest word",
    isLead: "told it first",
    chart: (interval: string) => `Articles of the story by ${interval}`,
    tellings: "Who told what when",
    silence: (days: number) => `${count(days, "day", "days")} later`,
    firsts: "A provider stands out where it tells the story for the first time.",
    undated: "Without a date",
    providers: "Who tells it",
    topics: "What it is about",
  },
  pager: {
    name: "Pages of the list",
    first: "First page",
    previous: "Previous page",
    next: "Next page",
  },
  search: {
    title: "Search",
    titleOf: (words: string) => `“${words}”`,
    results: "What was found",
    found: (value: number) => `${count(value, "result", "results")}, the best first`,
    kinds: "Kinds",
    everything: "Everything",
    narrow: "Narrow the articles",
    facets: { topic: "Topics", provider: "Providers", person: "Persons", year: "Years" },
    takeBack: "take back",
    noWords: "What are you looking for?",
    nothing: "Nothing was found.",
    nothingNarrowed: "Take back a condition, or try other words.",
    syntax:
      "All words must occur. Put a phrase in double quotes, end the beginning of a word with *. One mistake in a longer word is forgiven.",
  },
  article: {
    unknown: "This graph holds no article with this id. It may have been removed; search for it.",
    minutes: (value: number) => `${count(value, "minute", "minutes")} to read`,
    original: (host: string) => `Read at ${host}`,
    graph: "Show in the graph",
    noBody: {
      DOCUMENT: "Its file has no text of its own; the article is read at its address.",
      REFERENCE: "It has no file here: other articles name it, and this is what they say.",
    },
    picture: "Picture",
    table: "Table",
    code: "Code",
    beside: "What belongs to it",
    series: "Series",
    partOf: "Part of",
    previous: "Before it",
    next: "After it",
    translations: "In other languages",
    file: "File",
    parts: (value: number) => `Its ${count(value, "part", "parts")}`,
    all: (value: number) => `Show all ${number.format(value)}`,
    related: (value: number) => count(value, "related article", "related articles"),
    directions: {
      OUT: "Named here.",
      IN: "Names this article.",
      BOTH: "Each names the other.",
    },
    backlinks: (value: number) => `${count(value, "article links", "articles link")} to it`,
    linkText: (text: string) => `Links to it with the words “${text}”.`,
    similar: "Similar articles",
    sharedTerms: (terms: string[]) => `In common: ${terms.join(", ")}.`,
    conflicts: "What is said differently",
    conflictsAbout: "The article’s own file always holds; copies of it in other files say something else.",
    otherValues: (value: number) => count(value, "other value", "other values"),
    holds: "Holds",
    saidBy: (value: number) => (value === 1 ? "One place says" : `${number.format(value)} places say`),
    moreSources: (value: number) => `and ${number.format(value)} more`,
    noValue: "nothing",
    problems: "Mistakes in its file",
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

-- The graph, version by version.
--
-- A row of the graph is in all versions from `born` on and before `died`; 2147483647 stands for a row that is in the current
-- one. So a version is read by `born <= v AND died > v`, and loading another one writes only the rows that changed.
-- The columns of nodes, edges and problems are those of graph/tables/rows.py.
--
-- Rows can be distributed by the first column of each primary key. Providers, topics and persons are few, and can stand
-- on every server.

CREATE TABLE version (
    number       integer PRIMARY KEY,
    version      text NOT NULL,
    loaded_at    timestamptz NOT NULL,
    unpublished  boolean NOT NULL,
    facts        json NOT NULL
);
COMMENT ON TABLE version IS 'What was loaded, the greatest number last: that one is current as soon as its row can be seen.';

CREATE TABLE loader (only_row boolean PRIMARY KEY CHECK (only_row));
INSERT INTO loader VALUES (true);
COMMENT ON TABLE loader IS 'Whoever loads locks its row, so that two loaders follow one another.';

CREATE TABLE piece (
    owner   text COLLATE "C" NOT NULL,
    rows_of text COLLATE "C" NOT NULL,
    digest  bytea NOT NULL,
    PRIMARY KEY (owner, rows_of)
);
COMMENT ON TABLE piece IS 'What the current rows of one table that belong to one owner say, in short: a loader finds by it what changed.';

CREATE TABLE article (
    title               text COLLATE "C",
    excerpt             text COLLATE "C",
    published_date_time timestamptz,
    updated_date_time   timestamptz,
    web_url             text COLLATE "C",
    original_url        text COLLATE "C",
    amp_web_url         text COLLATE "C",
    cdn_amp_web_url     text COLLATE "C",
    type                text COLLATE "C",
    category            text COLLATE "C",
    quality             bigint,
    heat                bigint,
    images              json NOT NULL,
    id                  text COLLATE "C" NOT NULL,
    url                 text COLLATE "C",
    origin              text COLLATE "C" NOT NULL,
    slug                text COLLATE "C",
    slugs               text[] COLLATE "C" NOT NULL,
    path                text COLLATE "C",
    aliases             text[] COLLATE "C" NOT NULL,
    language            text COLLATE "C",
    version             text COLLATE "C",
    body                text COLLATE "C",
    body_format         text COLLATE "C" NOT NULL,
    links               json NOT NULL,
    published           boolean,
    front_matter        json NOT NULL,
    file                text COLLATE "C",
    duplicate_files     text[] COLLATE "C" NOT NULL,
    conflicts           json NOT NULL,
    paths               text[] COLLATE "C" NOT NULL,
    parts               text[] COLLATE "C" NOT NULL,
    next                text COLLATE "C",
    previous            text COLLATE "C",
    born                integer NOT NULL,
    died                integer NOT NULL DEFAULT 2147483647,
    PRIMARY KEY (id, born)
);
CREATE INDEX article_published ON article (published_date_time DESC NULLS LAST, id);
CREATE INDEX article_url ON article USING hash (url);
CREATE INDEX article_slugs ON article USING gin (slugs);
CREATE INDEX article_paths ON article USING gin (paths);

CREATE TABLE provider (
    id          text COLLATE "C" NOT NULL,
    domain      text COLLATE "C",
    name        text COLLATE "C" NOT NULL,
    aliases     text[] COLLATE "C" NOT NULL,
    images      json NOT NULL,
    description text COLLATE "C",
    born        integer NOT NULL,
    died        integer NOT NULL DEFAULT 2147483647,
    PRIMARY KEY (id, born)
);

CREATE TABLE topic (
    id          text COLLATE "C" NOT NULL,
    slug        text COLLATE "C" NOT NULL,
    name        text COLLATE "C" NOT NULL,
    short_name  text COLLATE "C",
    description text COLLATE "C",
    keywords    text[] COLLATE "C" NOT NULL,
    hashtags    text[] COLLATE "C" NOT NULL,
    images      json NOT NULL,
    taxonomies  text[] COLLATE "C" NOT NULL,
    aliases     text[] COLLATE "C" NOT NULL,
    parts       text[] COLLATE "C" NOT NULL,
    born        integer NOT NULL,
    died        integer NOT NULL DEFAULT 2147483647,
    PRIMARY KEY (id, born)
);

CREATE TABLE person (
    id          text COLLATE "C" NOT NULL,
    slug        text COLLATE "C" NOT NULL,
    name        text COLLATE "C" NOT NULL,
    aliases     text[] COLLATE "C" NOT NULL,
    description text COLLATE "C",
    url         text COLLATE "C",
    images      json NOT NULL,
    born        integer NOT NULL,
    died        integer NOT NULL DEFAULT 2147483647,
    PRIMARY KEY (id, born)
);

CREATE TABLE edge (
    kind     text COLLATE "C" NOT NULL,
    source   text COLLATE "C" NOT NULL,
    target   text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    born     integer NOT NULL,
    died     integer NOT NULL DEFAULT 2147483647,
    PRIMARY KEY (source, kind, position, born)
);
CREATE INDEX edge_target ON edge (target, kind);

CREATE TABLE problem (
    severity text COLLATE "C" NOT NULL,
    code     text COLLATE "C" NOT NULL,
    message  text COLLATE "C" NOT NULL,
    file     text COLLATE "C" NOT NULL,
    line     bigint,
    path     json NOT NULL,
    born     integer NOT NULL,
    died     integer NOT NULL DEFAULT 2147483647
);
CREATE INDEX problem_file ON problem (file, born);

CREATE TABLE story (
    id              text COLLATE "C" NOT NULL,
    headline        text COLLATE "C",
    articles        text[] COLLATE "C" NOT NULL,
    providers       text[] COLLATE "C" NOT NULL,
    topics          text[] COLLATE "C" NOT NULL,
    first_published timestamptz,
    last_published  timestamptz,
    article_count   bigint NOT NULL,
    telling_count   bigint NOT NULL,
    provider_count  bigint NOT NULL,
    topic_count     bigint NOT NULL,
    first_provider  text COLLATE "C",
    growth          bigint NOT NULL,
    born            integer NOT NULL,
    died            integer NOT NULL DEFAULT 2147483647,
    PRIMARY KEY (id, born)
);
CREATE INDEX story_articles ON story USING gin (articles);

CREATE TABLE metric (
    node        text COLLATE "C" NOT NULL,
    in_degree   bigint NOT NULL,
    out_degree  bigint NOT NULL,
    page_rank   double precision NOT NULL,
    betweenness double precision NOT NULL,
    core_number bigint NOT NULL,
    community   bigint NOT NULL,
    born        integer NOT NULL,
    died        integer NOT NULL DEFAULT 2147483647,
    PRIMARY KEY (node, born)
);

CREATE TABLE cooccurrence (
    topic         text COLLATE "C" NOT NULL,
    other         text COLLATE "C" NOT NULL,
    article_count bigint NOT NULL,
    lift          double precision NOT NULL,
    born          integer NOT NULL,
    died          integer NOT NULL DEFAULT 2147483647,
    PRIMARY KEY (topic, other, born)
);

CREATE TABLE fingerprint (
    article text COLLATE "C" NOT NULL,
    digest  bytea NOT NULL,
    born    integer NOT NULL,
    died    integer NOT NULL DEFAULT 2147483647,
    PRIMARY KEY (article, born)
);
COMMENT ON TABLE fingerprint IS 'All that a client can see of an article, in short: by two versions of it one knows what was updated.';

-- The current version, for people.

CREATE VIEW current_articles AS SELECT * FROM article WHERE died = 2147483647;
CREATE VIEW current_providers AS SELECT * FROM provider WHERE died = 2147483647;
CREATE VIEW current_topics AS SELECT * FROM topic WHERE died = 2147483647;
CREATE VIEW current_persons AS SELECT * FROM person WHERE died = 2147483647;
CREATE VIEW current_edges AS SELECT * FROM edge WHERE died = 2147483647;
CREATE VIEW current_problems AS SELECT * FROM problem WHERE died = 2147483647;
CREATE VIEW current_stories AS SELECT * FROM story WHERE died = 2147483647;
CREATE VIEW current_metrics AS SELECT * FROM metric WHERE died = 2147483647;
CREATE VIEW current_cooccurrences AS SELECT * FROM cooccurrence WHERE died = 2147483647;

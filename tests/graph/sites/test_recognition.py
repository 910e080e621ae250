import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import graph.reading.site_places
from graph.problems import Problem
from graph.reading.files import SourceFile, read_source
from graph.reading.folders import find_sources, may_matter
from graph.sites.site import PLAIN_SITE, Site, SiteSystem


@pytest.fixture(autouse=True)
def _edits_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An edit of whatever recognition reads is one that may change the graph."""
    read: list[Path] = []

    def recorded(source: SourceFile) -> bytes | Problem:
        read.append(Path(source.path))
        return read_source(source)

    monkeypatch.setattr(graph.reading.site_places, "read_source", recorded)
    yield
    monkeypatch.undo()
    assert [path for path in read if not may_matter(path, tmp_path)] == []


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def sites(folder: Path, files: dict[str, str] | None = None) -> dict[str, Site]:
    """The sites of the documents, by their labels."""
    write(folder, files or {})
    found_here = find_sources([folder])
    sources, problems = found_here.sources, list(found_here.problems)
    assert problems == []
    return {source.label: source.site for source in sources}


def site(folder: Path, files: dict[str, str]) -> Site:
    [found] = {id(site): site for site in sites(folder, files).values()}.values()
    return found


def told(folder: Path, files: dict[str, str]) -> tuple[Site, list[Problem]]:
    write(folder, files)
    found_here = find_sources([folder])
    [source], problems = found_here.sources, list(found_here.problems)
    return source.site, problems


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("_config.yml", "title: A\ndescription: >-\n  News from\n  the shore.\n"),
        ("hugo.toml", 'baseURL = "/"\n[params]\nDescription = "News from the shore."'),
        ("hugo.toml", 'baseURL = "/"\n[languages.en.params]\ndescription = "News from the shore."'),
        ("config/_default/params.toml", 'description = "News from the shore."'),
        ("zola.toml", 'base_url = "/"\ndescription = "News from the shore."'),
        ("mkdocs.yml", "site_name: A\nsite_description: News from the shore."),
        ("docusaurus.config.js", "module.exports = {title: 'A', tagline: 'News from the shore.'}"),
        ("astro.config.mjs", "export default {integrations: [starlight({title: 'A', description: 'News from the shore.'})]}"),
        ("src/consts.ts", "export const SITE_DESCRIPTION = 'News from the shore.'"),
        ("src/consts.ts", "export const SITE = {title: 'A', description: 'News from the shore.'}"),
        ("_data/site.json", '{"title": "A", "description": "News from the shore."}'),
        ("pelicanconf.py", "SITENAME = 'A'\nSITESUBTITLE = 'News from the shore.'"),
        ("frontgraph.toml", '[site]\ndescription = "News from the shore."'),
    ],
)  # fmt: skip
def test_site_says_what_it_is_about(tmp_path: Path, name: str, text: str) -> None:
    beside = {
        "src/consts.ts": {"astro.config.mjs": "export default {}"},
        "config/_default/params.toml": {"config/_default/hugo.toml": 'baseURL = "/"'},
        "_data/site.json": {".eleventy.js": "module.exports = () => {}"},
    }.get(name, {})

    write(tmp_path, {name: text, **beside, "a.md": "A"})
    [found] = find_sources([tmp_path]).sites

    assert found.description == "News from the shore."


def test_jekyll(tmp_path: Path) -> None:
    configuration = """
title: Quill and Ink
url: https://quill.example
baseurl: /blog
lang: en
permalink: /:categories/:title/
collections:
  guides: {output: true, permalink: /guides/:path/}
  people: {output: true}
future: true
exclude: [drafts/, secret.md, "*.tmp.md", docs/*.md]
"""

    assert site(tmp_path, {"_config.yml": configuration, "_posts/2024-01-01-a.md": ""}) == Site(
        system=SiteSystem.JEKYLL,
        evidence="_config.yml",
        name="Quill and Ink",
        url="https://quill.example/blog",
        language="en",
        permalinks={"": "/:categories/:title/", "guides": "/guides/:path/"},
        exclude=("/drafts/", "/secret.md", "/**/*.tmp.md", "/docs/**/*.md"),
        shown=("future",),
        settings={"collections": ["guides", "people"], "output": ["guides", "people"]},
    )


def test_jekyll_with_its_source_elsewhere(tmp_path: Path) -> None:
    found = site(tmp_path, {"_config.yml": "source: src/\nname: 7", "src/a.md": ""})

    assert (found.content, found.name, found.content_path("src/a.md")) == (("src",), "7", ("src", "a.md"))


HUGO_KEYS = {
    "hugo.toml": 'baseURL = "https://a.example/"\ntitle = "A"\n[permalinks]\nposts = "/:year/:slug/"\n[taxonomies]\ntopic = "topics"',
    "hugo.yaml": "baseurl: https://a.example/\nTitle: A\npermalinks: {page: {posts: /:year/:slug/}}\ntaxonomies: {topic: topics}",
    "config.json": '{"BaseURL": "https://a.example", "title": "A", "permalinks": {"posts": "/:year/:slug/"}, "taxonomies": {"topic": "topics"}}',
    "config/_default/hugo.yml": "baseURL: https://a.example\ntitle: A\npermalinks: {posts: /:year/:slug/}\ntaxonomies: {topic: topics}",
}


@pytest.mark.parametrize("name", HUGO_KEYS)
def test_hugo_in_every_form_of_configuration(tmp_path: Path, name: str) -> None:
    found = site(tmp_path, {name: HUGO_KEYS[name], "content/posts/a.md": ""})

    assert (found.system, found.evidence) == (SiteSystem.HUGO, name)
    assert (found.name, found.url, found.language, found.content) == ("A", "https://a.example", "en", ("content",))
    assert found.permalinks == {"posts": "/:year/:slug/"}
    assert found.taxonomies == {"topics": "topics"}


def test_hugo_in_files_for_each_table_and_for_production(tmp_path: Path) -> None:
    files = {
        "config/_default/config.toml": 'baseURL = "https://staging.example"\ntitle = "A"\ndefaultContentLanguage = "de"',
        "config/_default/languages.toml": '[de]\nweight = 1\n[fr]\ncontentDir = "content/fr"\n[xx]\ndisabled = true',
        "config/_default/taxonomies.toml": 'series = "series"',
        "config/production/config.toml": 'baseurl = "https://a.example"',
        "content/fr/a.md": "",
    }

    found = site(tmp_path, files)

    assert (found.name, found.url, found.language, found.languages) == ("A", "https://a.example", "de", ("de", "fr"))
    assert (found.content, found.content_languages) == (("content/fr",), {"content/fr": "fr"})
    assert found.taxonomies == {"series": "series"}


def test_hugo_languages_are_those_of_the_folders_where_their_table_is_elsewhere(tmp_path: Path) -> None:
    files = {f"content/{name}/a.md": "" for name in ("en", "pt-br", "de", "base-l10n")}

    assert site(tmp_path, {"hugo.toml": 'baseURL = "https://h.example"', **files}).languages == ("en", "de", "pt-br")


def test_hugo_with_mounted_folders(tmp_path: Path) -> None:
    configuration = """
baseURL = "https://a.example"
[[module.mounts]]
source = "docs"
target = "content/guide"
lang = "en"
[[module.mounts]]
source = "assets"
target = "assets"
"""
    found = site(tmp_path, {"hugo.toml": configuration, "docs/a.md": ""})

    assert (found.content, found.routes, found.content_languages) == (("docs",), {"docs": "guide"}, {"docs": "en"})


def test_zola(tmp_path: Path) -> None:
    configuration = """
base_url = "https://z.example/"
title = "Z"
default_language = "fr"
taxonomies = [{name = "tags"}, {name = "series", feed = true}]
ignored_content = ["*.draft.md"]
[languages.en]
title = "Z in English"
"""
    found = site(tmp_path, {"config.toml": configuration, "content/a.md": ""})

    assert (found.system, found.name, found.url) == (SiteSystem.ZOLA, "Z", "https://z.example")
    assert (found.language, found.languages) == ("fr", ("fr", "en"))
    assert found.taxonomies == {"tags": "tags", "series": "series"}
    assert found.exclude == ("content/*.draft.md",)


def test_docusaurus_with_its_documents_beside_its_root(tmp_path: Path) -> None:
    configuration = """
import type {Config} from '@docusaurus/types';
const config: Config = {
  title: 'D', url: 'https://d.example', baseUrl: '/base/', trailingSlash: false,
  i18n: {defaultLocale: 'en', locales: ['en', 'de']},
  presets: [['classic', {docs: {path: '../docs', routeBasePath: '/'}, blog: {routeBasePath: 'news'}} satisfies Options]],
  plugins: ['sass', ['@docusaurus/plugin-content-docs', {id: 'community', path: 'community', routeBasePath: 'community'}]],
};
export default config;
"""
    files = {
        "docs/a.md": "",
        "website/docusaurus.config.ts": configuration,
        "website/blog/b.md": "",
        "website/community/c.md": "",
        "website/i18n/de/x.md": "",
        "website/versions.json": '["2.0", "1.0"]',
    }

    found = site(tmp_path, files)

    assert (found.system, found.label, found.evidence) == (SiteSystem.DOCUSAURUS, "", "website/docusaurus.config.ts")
    assert (found.name, found.url, found.languages) == ("D", "https://d.example/base", ("en", "de"))
    assert found.content == ("docs", "website/blog", "website/community", "website/i18n")
    assert found.routes == {"website/blog": "news", "website/community": "community"}
    assert found.settings == {
        "trailingSlash": False,
        "versions": ["2.0", "1.0"],
        "blogs": ["website/blog"],
    }


def test_docusaurus_whose_options_cannot_be_read_has_the_usual_ones(tmp_path: Path) -> None:
    found = site(tmp_path, {"docusaurus.config.js": "module.exports = {title: 'D', presets: all()}", "docs/a.md": ""})

    assert (found.content, found.routes) == (("docs",), {"docs": "docs"})


def test_mkdocs_with_tags_of_python(tmp_path: Path) -> None:
    configuration = """
INHERIT: base.yml
site_url: !ENV [SITE_URL, "https://m.example/docs/"]
theme: {name: material, language: de}
plugins:
  - search
  - material/blog: {blog_dir: news, post_url_format: "{slug}"}
markdown_extensions:
  - emoji: {index: !!python/name:material.extensions.emoji.twemoji ""}
  - slugs: !!python/object/apply:pymdownx.slugs.slugify {kwds: {case: lower}}
exclude_docs: |
  # not these
  /internal/
  *.tmp.md
  !kept.tmp.md
"""
    files = {"mkdocs.yml": configuration, "base.yml": "site_name: M", "docs/a.md": ""}

    assert site(tmp_path, files) == Site(
        system=SiteSystem.MKDOCS,
        evidence="mkdocs.yml",
        content=("docs",),
        name="M",
        url="https://m.example/docs",
        language="de",
        permalinks={"blog": "{slug}"},
        exclude=("/docs/internal/", "/docs/**/*.tmp.md", "!/docs/**/kept.tmp.md"),
        settings={"blog": {"blog_dir": "news"}},
    )


def test_astro_and_starlight(tmp_path: Path) -> None:
    blog = site(
        tmp_path / "blog",
        {
            "astro.config.mjs": "export default defineConfig({site: 'https://a.example', base: '/b', integrations: [mdx()]})",
            "src/consts.ts": "export const SITE_TITLE = 'Astro blog';",
            "src/content/blog/a.md": "",
            "src/pages/posts/[...slug].astro": "---\nconst posts = await getCollection('blog');\n---\n",
        },
    )
    docs = site(
        tmp_path / "docs",
        {
            "astro.config.ts": "export default defineConfig({integrations: [starlight({title: 'S', defaultLocale: 'en', locales: {en: {}, fr: {}}})]})",
            "src/content/docs/a.md": "",
        },
    )

    assert (blog.system, blog.name, blog.url) == (SiteSystem.ASTRO, "Astro blog", "https://a.example/b")
    assert blog.permalinks == {"blog": "/posts/:slug/"}
    assert (docs.name, docs.language, docs.languages, docs.content) == (
        "S",
        "en",
        ("en", "fr"),
        ("src/content", "src/content/docs"),
    )


def test_eleventy(tmp_path: Path) -> None:
    files = {
        "eleventy.config.js": "export default function(c) { c.addPlugin(rss); return {dir: {input: 'src', data: '_data'}}; }",
        "src/_data/metadata.js": "export default {title: 'E', url: 'https://e.example/', language: 'en'}",
        "src/a.md": "",
    }

    found = site(tmp_path, files)

    assert (found.system, found.name, found.url, found.language) == (
        SiteSystem.ELEVENTY,
        "E",
        "https://e.example",
        "en",
    )
    assert found.content == ("src",)


def test_pelican(tmp_path: Path) -> None:
    files = {
        "pelicanconf.py": "SITENAME = 'P'\nSITEURL = ''\nPATH = 'content'\nDEFAULT_LANG = 'fr'\nARTICLE_URL = '{date:%Y}/{slug}/'\nX = f(y)",
        "publishconf.py": "import os\nfrom pelicanconf import *\nSITEURL = 'https://p.example'",
        "content/a.md": "",
    }

    found = site(tmp_path, files)

    assert (found.system, found.name, found.url, found.language) == (SiteSystem.PELICAN, "P", "https://p.example", "fr")
    assert found.permalinks == {"": "{date:%Y}/{slug}/"}


def test_obsidian_and_quartz(tmp_path: Path) -> None:
    vault = site(tmp_path / "My vault", {".obsidian/templates.json": '{"folder": "Meta/Templates"}', "a.md": ""})
    quartz = site(
        tmp_path / "quartz",
        {
            "quartz.config.ts": "const config: QuartzConfig = {configuration: {pageTitle: 'Q', baseUrl: 'q.example/notes', locale: 'en-US'}}\nexport default config",
            "content/a.md": "",
        },
    )

    assert (vault.system, vault.name, vault.exclude) == (SiteSystem.OBSIDIAN, "My vault", ("/Meta/Templates/",))
    assert (quartz.system, quartz.name, quartz.url) == (SiteSystem.OBSIDIAN, "Q", "https://q.example/notes")


@pytest.mark.parametrize(
    ("files", "system", "content"),
    [
        ({"_posts/2024-01-01-a.md": ""}, SiteSystem.JEKYLL, ("",)),
        ({"content/a.md": "", "archetypes/default.md": ""}, SiteSystem.HUGO, ("content",)),
        ({"_index.md": "", "a/_index.md": ""}, SiteSystem.HUGO, ("",)),
        ({"src/content/a.md": "", "src/pages/b.md": ""}, SiteSystem.ASTRO, ("src/content", "src/pages")),
        ({"content/a.md": "", "data/site.yaml": "title: E"}, SiteSystem.ELEVENTY, ("content",)),
        ({"_news/a.md": "", "_data/topics/b.yaml": ""}, SiteSystem.PLAIN, ("",)),
        ({"topics/api/_index.md": "", "a.md": ""}, SiteSystem.HUGO, ("",)),
        ({"a/_index.md": '+++\nsort_by = "date"\n+++\n', "a/b.md": ""}, SiteSystem.ZOLA, ("",)),
        ({"a.md": "See [[b]].", "b.md": "![[a|image]]", "c.md": "Text."}, SiteSystem.OBSIDIAN, ("",)),
        ({"a.md": "`[[b]]`", "b.md": "```\n[[a]]\n```", "c.md": "[[ -f x ]]"}, SiteSystem.PLAIN, ("",)),
        ({"docs/a.md": "", "config.yml": "queue: fast"}, SiteSystem.PLAIN, ("",)),
        ({"a.md": "", "_config.yml": "title: Book", "_toc.yml": "root: a"}, SiteSystem.PLAIN, ("",)),
    ],
)
def test_folder_without_configuration_is_known_by_its_layout(
    tmp_path: Path, files: dict[str, str], system: SiteSystem, content: tuple[str, ...]
) -> None:
    assert {(found.system, found.content) for found in sites(tmp_path, files).values()} == {(system, content)}


def test_sites_below_the_loaded_folder_have_their_own_documents(tmp_path: Path) -> None:
    files = {
        "notes.md": "",
        "website/hugo.toml": 'baseURL = "https://h.example"',
        "website/content/a.md": "",
        "website/content/examples/mkdocs.yml": "site_name: An example, not a site",
        "website/content/examples/b.md": "",
        "packages/x/docs/_config.yml": "title: J",
        "packages/x/docs/c.md": "",
    }

    found = {label: (site.system, site.label) for label, site in sites(tmp_path, files).items()}

    assert found == {
        "notes.md": (SiteSystem.PLAIN, ""),
        "packages/x/docs/c.md": (SiteSystem.JEKYLL, "packages/x/docs/"),
        "website/content/a.md": (SiteSystem.HUGO, "website/"),
        "website/content/examples/b.md": (SiteSystem.HUGO, "website/"),
    }


def test_folder_of_content_alone_belongs_to_the_site_above_it(tmp_path: Path) -> None:
    write(tmp_path, {"hugo.toml": 'baseURL = "https://h.example"', "content/posts/a.md": "", "data/b.md": ""})

    [found] = sites(tmp_path / "content" / "posts").values()

    assert (found.system, found.evidence, found.above) == (SiteSystem.HUGO, "../../hugo.toml", "content/posts/")
    assert found.content_path("a.md") == ("content", "posts/a.md")
    assert sites(tmp_path / "data")["b.md"] == PLAIN_SITE


def test_what_stands_above_a_repository_is_another_ones(tmp_path: Path) -> None:
    write(tmp_path, {"_config.yml": "title: J", "repository/.git/HEAD": "", "repository/a.md": ""})

    assert sites(tmp_path / "repository") == {"a.md": PLAIN_SITE}


def test_labels_of_several_folders_are_those_of_their_sites(tmp_path: Path) -> None:
    write(tmp_path, {"x/mkdocs.yml": "site_name: X", "x/docs/a.md": "", "y/b.md": ""})

    sources = find_sources([tmp_path / "x", tmp_path / "y"]).sources

    assert [(source.label, source.site.label, source.site.system) for source in sources] == [
        ("x/docs/a.md", "x/", SiteSystem.MKDOCS),
        ("y/b.md", "y/", SiteSystem.PLAIN),
    ]
    assert sources[0].site.content_path("x/docs/a.md") == ("docs", "a.md")


def test_address_of_a_plain_folder_is_its_custom_domain(tmp_path: Path) -> None:
    assert site(tmp_path, {"CNAME": "Notes.Example.org\n", "a.md": ""}).url == "https://notes.example.org"


DEEP = "a: " + "[" * 100_000
BILLION = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("_config.yml", "title: [unclosed"),
        ("_config.yml", DEEP),
        ("_config.yml", BILLION),
        ("_config.yml", "title: &a [*a]"),
        ("_config.yml", "- a list"),
        ("_config.yml", "x: " + "y" * 600_000),
        ("_config.yml", "title: {a: 1}\nurl: [https://a.example]\npermalink: true"),
        ("_config.yml", "collections: 3\nurl: not an address"),
        ("_config.yml", "title: \0"),
        ("hugo.toml", "title = "),
        ("hugo.json", "[" * 100_000),
        ("hugo.toml", 'languages = 3\nmodule = "x"\npermalinks = ["a"]\ntaxonomies = 7\nbaseURL = 3.5'),
        ("mkdocs.yml", "plugins: {blog: 3}\nsite_name: [a]\ntheme: 3\ndocs_dir: {}"),
        ("docusaurus.config.js", "export default read()"),
        ("docusaurus.config.js", "export default {title: 3.5, presets: [['classic', {docs: 7, blog: 'x'}]], i18n: []}"),
        ("pelicanconf.py", "(" * 100_000),
        ("pelicanconf.py", "SITENAME = {1: 2}"),
        ("zola.toml", 'base_url = ""\ntaxonomies = "x"\nlanguages = []'),
    ],
)
def test_configuration_that_cannot_be_read_is_a_problem(tmp_path: Path, name: str, text: str) -> None:
    found, problems = told(tmp_path, {name: text, "a.md": ""})

    assert [(problem.code.value, problem.file) for problem in problems][:1] == [("SITE_CONFIGURATION_INVALID", name)]
    assert found.name is None
    assert found.content == ("",)


def test_configuration_that_is_a_pipe_is_a_problem_and_a_folder_is_none(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "_config.yml")
    (tmp_path / "hugo.toml").mkdir()

    _, problems = told(tmp_path, {"a.md": ""})

    assert [(problem.code.value, problem.file) for problem in problems] == [
        ("SITE_CONFIGURATION_INVALID", "_config.yml")
    ]


def test_configuration_is_not_read_through_a_link_out_of_the_folder(tmp_path: Path) -> None:
    write(tmp_path, {"outside/_config.yml": "title: Secret", "inside/a.md": ""})
    (tmp_path / "inside" / "_config.yml").symlink_to(tmp_path / "outside" / "_config.yml")

    assert sites(tmp_path / "inside") == {"a.md": PLAIN_SITE}


def test_texts_that_cannot_be_sent_are_replaced(tmp_path: Path) -> None:
    found = site(tmp_path, {"hugo.json": '{"title": "\\ud800", "baseURL": "https://a.example"}', "a.md": ""})

    assert found.name == "?"
    assert Site.from_json(found.to_json()) == found


@pytest.mark.parametrize("config", [".vitepress/config.mts", ".vuepress/config.js", "docs/.vitepress/config.ts"])
def test_vitepress_and_vuepress_tell_what_a_plain_folder_is(tmp_path: Path, config: str) -> None:
    settings = (
        "export default { title: 'Guide', description: 'All of it.', base: '/guide/', lang: 'en-US',"
        " srcExclude: ['**/TODO.md'], sitemap: { hostname: 'https://ex.com' } }\n"
    )
    folder = config.partition(".")[0]
    found = site(tmp_path, {config: settings, f"{folder}a.md": "# A\n", f"{folder}b/TODO.md": "# B\n"})

    assert (found.system, found.evidence) == (SiteSystem.PLAIN, config)
    assert (found.name, found.description, found.language) == ("Guide", "All of it.", "en-US")
    assert found.url == "https://ex.com/guide"
    assert list(sites(tmp_path)) == [f"{folder}a.md"]


def test_documents_of_vitepress_may_stand_in_a_folder_of_their_own(tmp_path: Path) -> None:
    files = {".vitepress/config.js": "export default { srcDir: './src' }\n", "src/a.md": "# A\n", "notes.md": "# N\n"}

    assert {label: found.content for label, found in sites(tmp_path, files).items()} == {"src/a.md": ("src",)}


def test_mdbook_tells_what_a_plain_folder_is(tmp_path: Path) -> None:
    book = '[book]\ntitle = "Frost"\ndescription = "On ice."\nlanguage = "en"\n'
    found = sites(
        tmp_path, {"book.toml": book, "src/SUMMARY.md": "- [A](a.md)\n", "src/a.md": "# A\n", "book/a.md": "# A\n"}
    )

    assert list(found) == ["src/a.md"]
    assert (found["src/a.md"].name, found["src/a.md"].description, found["src/a.md"].language) == (
        "Frost",
        "On ice.",
        "en",
    )
    assert found["src/a.md"].content == ("src",)

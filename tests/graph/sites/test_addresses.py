"""Addresses, against what the documentation of each system says."""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from graph.sites.addresses import address_of, own_path, whole_address
from graph.sites.locations import location_of
from graph.sites.rules.said import Said
from graph.sites.site import Site, SiteSystem

DATE = datetime(2024, 5, 3, 9, 30)


def address(system: SiteSystem, path: str, said: Said | None = None, **site: Any) -> str | None:
    known = Site(system=system, **site)
    return address_of(known, location_of(known, path), said or Said())


def jekyll(
    path: str, said: Said | None = None, permalink: str | None = None, permalinks: Any = (), **settings: Any
) -> str | None:
    patterns = {**dict(permalinks), **({"": permalink} if permalink else {})}
    return address(SiteSystem.JEKYLL, path, said, permalinks=patterns, settings=settings)


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        (None, "/2024/05/03/first-frost.html"),
        ("date", "/2024/05/03/first-frost.html"),
        ("pretty", "/2024/05/03/first-frost/"),
        ("ordinal", "/2024/124/first-frost.html"),
        ("weekdate", "/2024/W18/Fri/first-frost.html"),
        ("none", "/first-frost.html"),
        ("/blog/:year/:i_month/:i_day/:title/", "/blog/2024/5/3/first-frost/"),
        ("/:short_year/:short_month/:slug", "/24/May/first-frost"),
        ("/:categories/:title/index.html", "/first-frost/"),
    ],
)
def test_jekyll_posts_follow_the_style_or_the_pattern(style: str | None, expected: str) -> None:
    assert jekyll("_posts/2024-05-03-first-frost.md", permalink=style) == expected


def test_jekyll_posts_have_the_categories_of_their_folders_and_their_own() -> None:
    said = Said(categories=("Garden", "Ice Age"))

    assert jekyll("news/_posts/2024-05-03-frost.md", said) == "/news/garden/ice age/2024/05/03/frost.html"
    assert (
        jekyll("_posts/2024-05-03-frost.md", said, permalink="/:slugified_categories/:title/")
        == "/garden/ice-age/frost/"
    )


def test_jekyll_dates_are_those_of_the_place_where_the_site_is_made() -> None:
    late = Said(date=datetime(2024, 5, 3, 23, 30, tzinfo=timezone(timedelta(hours=-5))))

    assert jekyll("_posts/2024-05-03-frost.md", late) == "/2024/05/04/frost.html"
    assert jekyll("_posts/2024-05-03-frost.md", late, timezone="America/Chicago") == "/2024/05/03/frost.html"
    assert jekyll("_posts/2024-05-03-frost.md", Said(date=DATE), timezone="America/Chicago") == "/2024/05/03/frost.html"


def test_jekyll_front_matter_has_the_last_word() -> None:
    assert jekyll("_posts/2024-05-03-frost.md", Said(slug="Cold Snap")) == "/2024/05/03/Cold-Snap.html"
    assert jekyll("_posts/2024-05-03-frost.md", Said(permalink="/essays/frost/")) == "/essays/frost/"
    assert jekyll("_posts/2024-05-03-frost.md", Said(permalink="/essays/:year/:title")) == "/essays/2024/frost"


def test_jekyll_collections_have_addresses_where_they_have_pages() -> None:
    output, tips = ["docs", "tips"], {"tips": "/tips/:path/"}

    assert jekyll("_docs/a/setup.md", output=output) == "/docs/a/setup.html"
    assert jekyll("_docs/a/setup.md", permalink="pretty", output=output) == "/docs/a/setup/"
    assert jekyll("_tips/a/setup.md", permalinks=tips, output=output) == "/tips/a/setup/"
    assert jekyll("_data/setup.md", output=output) is None
    assert jekyll("all/_docs/setup.md", output=output, collections_dir="all") == "/docs/setup.html"


def test_jekyll_pages_stand_where_their_files_do() -> None:
    assert jekyll("index.md") == "/"
    assert jekyll("about.md") == "/about.html"
    assert jekyll("about.md", permalink="pretty") == "/about/"
    assert jekyll("docs/index.md") == "/docs/"
    assert jekyll("docs/setup.markdown", permalink="/:year/:title/") == "/docs/setup/"


def test_jekyll_folders_of_languages_are_folders() -> None:
    assert address(SiteSystem.JEKYLL, "fr/about.md", languages=("en", "fr"), language="en") == "/fr/about.html"


def test_jekyll_defaults_give_permalinks_the_longest_scope_first() -> None:
    defaults = [
        {"scope": {"path": "", "type": "posts"}, "values": {"permalink": "/all/:title/"}},
        {"scope": {"path": "_posts/old"}, "values": {"permalink": "/old/:title/"}},
        {"scope": {"path": "pages/*"}, "values": {"permalink": "/:basename/"}},
    ]

    assert jekyll("_posts/2024-05-03-frost.md", defaults=defaults) == "/all/frost/"
    assert jekyll("_posts/old/2024-05-03-frost.md", defaults=defaults) == "/old/frost/"
    assert jekyll("pages/about.md", defaults=defaults) == "/about/"


def hugo(path: str, said: Said | None = None, **site: Any) -> str | None:
    return address(SiteSystem.HUGO, path, said, **{"content": ("content",)} | site)


def test_hugo_pages_stand_where_their_files_do() -> None:
    assert hugo("content/_index.md") == "/"
    assert hugo("content/posts/_index.md") == "/posts/"
    assert hugo("content/posts/First Frost.md") == "/posts/first-frost/"
    assert hugo("content/posts/first-frost/index.md") == "/posts/first-frost/"
    assert hugo("content/posts/Grüße.md") == "/posts/grüße/"


def test_hugo_slug_replaces_the_last_part_and_url_all() -> None:
    assert hugo("content/posts/a.md", Said(slug="first-frost")) == "/posts/first-frost/"
    assert hugo("content/posts/a/index.md", Said(slug="first-frost")) == "/posts/first-frost/"
    assert hugo("content/posts/a.md", Said(slug="x", permalink="/cold/frost/")) == "/cold/frost/"
    assert hugo("content/posts/a.md", Said(permalink="cold/frost.html")) == "/cold/frost.html"
    assert hugo("content/posts/a.md", Said(permalink="/:year/:slug", slug="x", date=DATE)) == "/2024/x"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("/articles/:year/:month/:day/:slug/", "/articles/2024/05/03/first-frost/"),
        (":year/:monthname/:title", "/2024/may/first-frost/"),
        ("/:section/:contentbasename/", "/posts/2024-05-03-a/"),
        ("/:sections[1:]/:slugorfilename/", "/ice/2024-05-03-a/"),
        ("/:sections[last]/:2006/:yearday/:weekday/:filename", "/ice/2024/124/5/2024-05-03-a/"),
    ],
)
def test_hugo_permalinks_are_configured_by_section(pattern: str, expected: str) -> None:
    said = Said(title="First Frost", date=DATE)

    assert hugo("content/posts/ice/2024-05-03-a.md", said, permalinks={"posts": pattern}) == expected
    assert hugo("content/tips/a.md", said, permalinks={"posts": pattern}) == "/tips/a/"


def test_hugo_sections_have_patterns_of_their_own() -> None:
    patterns = {"posts": "/:slug/", "section:posts": "/articles/"}

    assert hugo("content/posts/_index.md", permalinks=patterns) == "/articles/"
    assert hugo("content/posts/_index.md", permalinks={"posts": "/:slug/"}) == "/posts/"


def test_hugo_ugly_addresses_are_those_of_files() -> None:
    assert hugo("content/posts/a.md", settings={"uglyurls": True}) == "/posts/a.html"
    assert hugo("content/posts/_index.md", settings={"uglyurls": True}) == "/posts/"
    assert hugo("content/post/a.md", settings={"uglyurls": {"post": True}}) == "/post/a.html"
    assert hugo("content/docs/a.md", settings={"uglyurls": {"post": True}}) == "/docs/a/"


def test_hugo_languages_have_folders_but_the_default() -> None:
    site: dict[str, Any] = {"language": "en", "languages": ("en", "pt-br", "de")}
    folders: dict[str, Any] = {"content": ("content", "inhalt"), "content_languages": {"inhalt": "de"}}

    assert hugo("content/posts/a.pt-br.md", **site) == "/pt-br/posts/a/"
    assert hugo("content/posts/a.md", **site) == "/posts/a/"
    assert hugo("content/en/posts/a.md", **site) == "/posts/a/"
    assert hugo("content/pt-br/posts/a/index.md", **site) == "/pt-br/posts/a/"
    assert hugo("inhalt/posts/a.md", **site, **folders) == "/de/posts/a/"
    assert hugo("content/a.md", **site, settings={"defaultcontentlanguageinsubdir": True}) == "/en/a/"
    assert hugo("content/de/posts/_index.md", **site) == "/de/posts/"


def test_hugo_keeps_case_or_drops_accents_where_it_is_told_to() -> None:
    assert hugo("content/Über uns.md", settings={"disablepathtolower": True}) == "/Über-uns/"
    assert hugo("content/Über uns.md", settings={"removepathaccents": True}) == "/uber-uns/"


def zola(path: str, said: Said | None = None, **site: Any) -> str | None:
    return address(SiteSystem.ZOLA, path, said, **{"content": ("content",)} | site)


def test_zola_pages_stand_where_their_files_do_without_dates() -> None:
    assert zola("content/_index.md") == "/"
    assert zola("content/blog/_index.md") == "/blog/"
    assert zola("content/about/index.md") == "/about/"
    assert zola("content/blog/2018-10-10-hello-world.md") == "/blog/hello-world/"
    assert zola("content/blog/2018-10-10_Hello World/index.md") == "/blog/hello-world/"
    assert (
        zola("content/blog/2018-10-10-a.md", settings={"slugify": {"paths_keep_dates": True}}) == "/blog/2018-10-10-a/"
    )


def test_zola_slug_replaces_the_last_part_and_path_all() -> None:
    assert zola("content/posts/intro/start.md", Said(slug="hello-&-world")) == "/posts/intro/hello-world/"
    assert zola("content/posts/start.md", Said(permalink="2019/05/15/zola")) == "/2019/05/15/zola/"
    assert zola("content/日本.md", settings={"slugify": {"paths": "safe"}}) == "/日本/"


def test_zola_languages_are_told_by_a_suffix() -> None:
    site: dict[str, Any] = {"language": "en", "languages": ("en", "fr")}

    assert zola("content/blog/a.fr.md", **site) == "/fr/blog/a/"
    assert zola("content/blog/_index.fr.md", **site) == "/fr/blog/"
    assert zola("content/blog/a.md", **site) == "/blog/a/"


def docusaurus(path: str, said: Said | None = None, **site: Any) -> str | None:
    usual = {"content": ("docs", "blog", "src/pages"), "routes": {"docs": "docs", "blog": "blog"}}
    return address(SiteSystem.DOCUSAURUS, path, said, **usual | site)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("docs/intro.md", "/docs/intro"),
        ("docs/guides/setup.mdx", "/docs/guides/setup"),
        ("docs/guides/index.md", "/docs/guides"),
        ("docs/guides/README.md", "/docs/guides"),
        ("docs/Guides/guides.md", "/docs/Guides"),
        ("docs/01-guides/02. setup.md", "/docs/guides/setup"),
        ("docs/2024-05-03-notes.md", "/docs/2024-05-03-notes"),
        ("docs/1.0-notes.md", "/docs/1.0-notes"),
        ("docs/index.md", "/docs"),
        ("src/pages/index.md", "/"),
        ("src/pages/about/team.md", "/about/team"),
        ("blog/2019-05-28-hello.md", "/blog/2019/05/28/hello"),
        ("blog/2019-05-28-hello/index.md", "/blog/2019/05/28/hello"),
        ("blog/2019/05/28/hello.md", "/blog/2019/05/28/hello"),
        ("blog/hello.md", "/blog/hello"),
    ],
)
def test_docusaurus_routes(path: str, expected: str) -> None:
    assert docusaurus(path) == expected


def test_docusaurus_slugs_are_relative_to_the_folder_or_to_the_route() -> None:
    assert docusaurus("docs/guides/a.md", Said(slug="setup")) == "/docs/guides/setup"
    assert docusaurus("docs/guides/a.md", Said(slug="/setup")) == "/docs/setup"
    assert docusaurus("docs/guides/a.md", Said(slug="../setup")) == "/docs/setup"
    assert docusaurus("docs/guides/a.md", Said(slug="/")) == "/docs"
    assert docusaurus("docs/guides/a.md", Said(id="setup")) == "/docs/guides/setup"
    assert docusaurus("blog/2019-05-28-a.md", Said(slug="hello")) == "/blog/hello"


def test_docusaurus_routes_may_be_configured() -> None:
    notes: dict[str, Any] = {"content": ("docs", "notes"), "routes": {"notes": "articles"}}
    settings = {"blogs": ["notes"], "trailingSlash": True}

    assert docusaurus("docs/intro.md", **notes, settings=settings) == "/intro/"
    assert docusaurus("notes/2019-05-28-a.md", **notes, settings=settings) == "/articles/2019/05/28/a/"


def test_docusaurus_versions_and_languages_stand_in_the_address() -> None:
    versions = {"versions": ["2.0", "1.0"]}
    site: dict[str, Any] = {"language": "en", "languages": ("en", "fr"), "settings": versions}
    plugin = "i18n/fr/docusaurus-plugin-content-docs"

    assert docusaurus("docs/intro.md", **site) == "/docs/next/intro"
    assert docusaurus("versioned_docs/version-2.0/intro.md", **site) == "/docs/intro"
    assert docusaurus("versioned_docs/version-1.0/intro.md", **site) == "/docs/1.0/intro"
    assert docusaurus(f"{plugin}/current/intro.md", **site) == "/fr/docs/next/intro"
    assert docusaurus(f"{plugin}/version-1.0/intro.md", **site) == "/fr/docs/1.0/intro"
    assert docusaurus("i18n/fr/docusaurus-plugin-content-blog/2019-05-28-a.md", **site) == "/fr/blog/2019/05/28/a"
    assert docusaurus("docs/intro.md") == "/docs/intro"


def mkdocs(
    path: str, said: Said | None = None, permalinks: dict[str, str] | None = None, **settings: Any
) -> str | None:
    return address(SiteSystem.MKDOCS, path, said, content=("docs",), permalinks=permalinks or {}, settings=settings)


def test_mkdocs_pages_are_folders_unless_told_otherwise() -> None:
    assert mkdocs("docs/index.md") == "/"
    assert mkdocs("docs/user-guide/Writing docs.md") == "/user-guide/Writing docs/"
    assert mkdocs("docs/user-guide/README.md") == "/user-guide/"
    assert mkdocs("docs/about.md", use_directory_urls=False) == "/about.html"
    assert mkdocs("docs/user-guide/README.md", use_directory_urls=False) == "/user-guide/index.html"


def test_mkdocs_languages_have_folders_but_the_default() -> None:
    site: dict[str, Any] = {"content": ("docs",), "language": "en", "languages": ("en", "fr")}

    assert address(SiteSystem.MKDOCS, "docs/fr/guide.md", **site) == "/fr/guide/"
    assert address(SiteSystem.MKDOCS, "docs/guide.fr.md", **site) == "/fr/guide/"
    assert address(SiteSystem.MKDOCS, "docs/en/guide.md", **site) == "/guide/"


def test_mkdocs_posts_follow_the_format_of_the_blog() -> None:
    said = Said(title="First frost: it's cold!", date=DATE, categories=("Ice Age", "News"))
    path = "docs/blog/posts/2024/frost.md"

    def post(pattern: str, **options: Any) -> str | None:
        return mkdocs(path, said, {"blog": pattern}, blog=options)

    assert mkdocs(path, said, blog={}) == "/blog/2024/05/03/first-frost-its-cold/"
    assert post("{categories}/{file}") == "/blog/ice-age/frost/"
    assert post("{date}/{slug}", post_url_date_format="yyyy/M") == "/blog/2024/5/first-frost-its-cold/"
    assert post("{slug}", blog_dir=".") == "/blog/posts/2024/frost/"
    assert mkdocs("docs/posts/a.md", said, blog={"blog_dir": "."}) == "/2024/05/03/first-frost-its-cold/"
    assert mkdocs(path, Said(), blog={}) is None
    assert mkdocs("docs/blog/index.md", blog={}) == "/blog/"
    assert mkdocs(path, said) == "/blog/posts/2024/frost/"


def test_eleventy_writes_folders_with_the_date_in_the_name() -> None:
    eleventy = SiteSystem.ELEVENTY

    assert address(eleventy, "index.md") == "/"
    assert address(eleventy, "subdir/template.md") == "/subdir/template/"
    assert address(eleventy, "subdir/template/template.md") == "/subdir/template/"
    assert address(eleventy, "content/posts/2018-01-01-a.md", content=("content",)) == "/posts/2018-01-01-a/"


def test_eleventy_without_its_program_may_give_any_address() -> None:
    unknown: dict[str, Any] = {"settings": {"laidOut": True}}

    assert address(SiteSystem.ELEVENTY, "posts/2018-01-01-a.md", **unknown) is None
    assert address(SiteSystem.ELEVENTY, "posts/a.md", Said(permalink="/b/"), **unknown) == "/b/"


def test_eleventy_permalinks_are_read_where_they_only_name_things() -> None:
    def post(permalink: str) -> str | None:
        said = Said(permalink=permalink, title="First Frost", date=DATE)
        return address(SiteSystem.ELEVENTY, "posts/2018-01-01-a.md", said)

    assert post("/cold/index.html") == "/cold/"
    assert post("/cold/{{ title | slugify }}/") == "/cold/first-frost/"
    assert post("/{{ page.date | date: '%Y/%m/%d' }}/{{ page.fileSlug }}/") == "/2024/05/03/a/"
    assert post("{{ page.filePathStem }}.html") == "/posts/a.html"
    assert post("/{% if draft %}x{% endif %}/") is None
    assert post("/{{ custom | filter | other }}/") is None


def test_obsidian_has_addresses_where_it_is_published() -> None:
    obsidian = SiteSystem.OBSIDIAN

    assert address(obsidian, "Some folder/My note.md") is None
    assert address(obsidian, "Some folder/My note.md", url="https://n.example") == "/Some+folder/My+note"
    assert address(obsidian, "My note.md", Said(permalink="notes/mine")) == "/notes/mine"
    quartz: dict[str, Any] = {"url": "https://n.example", "content": ("content",), "settings": {"quartz": True}}
    assert address(obsidian, "content/A & B/My note?.md", **quartz) == "/A--and--B/My-note"
    assert address(obsidian, "content/A/index.md", **quartz) == "/A"


def test_astro_has_addresses_for_pages_and_for_starlight() -> None:
    astro, content = SiteSystem.ASTRO, ("src/content", "src/pages", "src/content/docs")

    assert address(astro, "src/pages/about.md", content=content) == "/about/"
    assert address(astro, "src/content/docs/guides/index.mdx", content=content) == "/guides/"
    assert address(astro, "src/content/blog/a.md", content=content) is None
    assert address(astro, "src/content/blog/a.md", content=content, permalinks={"blog": "/posts/:slug/"}) == "/posts/a/"


def test_pelican_articles_and_pages_follow_the_settings() -> None:
    said = Said(title="It's Cold", date=DATE, categories=("Ice Age",))

    def pelican(path: str, said: Said = said, **permalinks: str) -> str | None:
        return address(SiteSystem.PELICAN, path, said, content=("content",), language="en", permalinks=permalinks)

    assert pelican("content/a.md") == "/its-cold.html"
    assert pelican("content/a.md", Said(title="A", slug="frost")) == "/frost.html"
    assert pelican("content/pages/about.md", Said(title="About")) == "/pages/about.html"
    assert pelican("content/a.md", Said(title="A", language="fr")) == "/a-fr.html"
    dated: dict[str, Any] = {"": "{category}/{date:%Y}/{date:%b}/{slug}/"}
    assert pelican("content/a.md", **dated) == "/ice-age/2024/May/its-cold/"
    assert pelican("content/2024-05-03-a.md", Said(), **dated) == "/misc/2024/May/2024-05-03-a/"


def test_plain_folders_have_the_addresses_that_documents_say() -> None:
    assert address(SiteSystem.PLAIN, "a.md", Said(permalink="/x/./a/")) == "/x/a/"
    assert address(SiteSystem.PLAIN, "a.md", Said(slug="b")) is None
    patterns = {"posts": "/:year/:slug/"}
    assert address(SiteSystem.PLAIN, "posts/a.md", Said(slug="b", date=DATE), permalinks=patterns) == "/2024/b/"
    assert address(SiteSystem.PLAIN, "notes/a.md", Said(slug="b", date=DATE), permalinks=patterns) is None


def test_addresses_of_the_own_site_count_from_its_start_page() -> None:
    site = Site(url="https://www.example.org/blog")

    assert own_path(site, "https://example.org/blog/a/?x=1#y") == "/a/"
    assert own_path(site, "//example.org/blog") == "/"
    assert own_path(site, "/blog/a") == "/a"
    assert own_path(site, "/a") == "/a"
    assert own_path(site, "https://example.org/blogs/a") is None
    assert own_path(site, "https://other.example/blog/a") is None
    assert own_path(Site(), "https://other.example/blog/a") is None
    assert whole_address(site, "/a/") == "https://www.example.org/blog/a/"
    assert whole_address(Site(), "/a/") is None


def test_of_whole_addresses_only_those_of_the_own_site_are_permalinks() -> None:
    site = Site(system=SiteSystem.JEKYLL, url="https://example.org")

    assert address_of(site, location_of(site, "a.md"), Said(permalink="https://example.org/b/")) == "/b/"
    assert address_of(site, location_of(site, "a.md"), Said(permalink="https://other.example/b/")) == "/a.html"


def test_addresses_are_decoded_and_composed() -> None:
    assert address(SiteSystem.PLAIN, "a.md", Said(permalink="/caf%C3%A9/")) == "/café/"
    assert address(SiteSystem.PLAIN, "a.md", Said(permalink="/cafe\u0301/")) == "/café/"


def test_a_date_with_its_zone_is_followed_as_it_is_written() -> None:
    said = Said(title="A", date=datetime(2024, 5, 3, 23, 30, tzinfo=timezone(timedelta(hours=-5))))

    assert hugo("content/p/a.md", said, permalinks={"p": "/:year/:month/:day/"}) == "/2024/05/03/"

"""Settings of every system in the wrong types, and what the right ones change."""

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from graph.dates import format_date_time
from graph.model import JsonValue
from graph.problems import ProblemCode
from graph.reading.loader import load_folders
from graph.reading.records import Document, HiddenReason

DOCUMENT = "---\ntitle: Frost\ndate: 2024-05-03 23:30\ncategories: [Ice]\nlang: de\n---\nText.\n"
DOCUMENTS = (
    "a.md",
    "_posts/2024-05-03-frost.md",
    "content/posts/a.md",
    "content/pages/b.md",
    "docs/blog/posts/a.md",
    "src/pages/a.md",
)

Configuration = Mapping[str, Any]


def script(configuration: Configuration) -> str:
    return f"export default {json.dumps(configuration)}"


def python(configuration: Configuration) -> str:
    return "\n".join(f"{key} = {value!r}" for key, value in configuration.items())


def toml(configuration: Configuration) -> str:
    return "\n".join(f"{key} = {_toml(value)}" for key, value in configuration.items() if value is not None)


def _toml(value: JsonValue) -> str:
    if isinstance(value, dict):
        members = (f'"{key}" = {_toml(inner)}' for key, inner in value.items() if inner is not None)
        return f"{{{', '.join(members)}}}"
    return f"[{', '.join(map(_toml, value))}]" if isinstance(value, list) else json.dumps(value)


WRITERS: dict[str, Callable[[Configuration], str]] = {
    **dict.fromkeys((".yml", ".yaml", ".json"), json.dumps),
    **dict.fromkeys((".js", ".mjs", ".ts"), script),
    ".py": python,
    ".toml": toml,
}
SITES: dict[str, dict[str, Configuration]] = {
    "jekyll": {
        "_config.yml": {
            "title": "A",
            "url": "https://a.example",
            "baseurl": "/b",
            "lang": "en",
            "permalink": "pretty",
            "description": "D",
            "source": ".",
            "collections_dir": "c",
            "exclude": ["x"],
            "include": ["_pages"],
            "future": True,
            "show_drafts": True,
            "unpublished": True,
            "timezone": "Europe/Berlin",
            "collections": {"guides": {"output": True, "permalink": "/g/:path/"}},
            "defaults": [{"scope": {"path": "", "type": "posts"}, "values": {"permalink": "/x/:title/"}}],
        }
    },
    "hugo": {
        "hugo.yaml": {
            "title": "A",
            "baseURL": "https://a.example",
            "defaultContentLanguage": "en",
            "timeZone": "UTC",
            "buildDrafts": True,
            "buildExpired": True,
            "buildFuture": True,
            "defaultContentLanguageInSubdir": True,
            "disablePathToLower": True,
            "removePathAccents": True,
            "languages": {"en": {}, "de": {"disabled": False, "contentDir": "inhalt"}},
            "permalinks": {"posts": "/:year/:slug/", "page": {"posts": "/:year/:sections[0]/"}},
            "taxonomies": {"tag": "tags"},
            "module": {"mounts": [{"source": "content", "target": "content", "lang": "en"}]},
            "uglyURLs": {"posts": True},
            "frontmatter": {"date": ["day", ":default"]},
            "cascade": {"draft": False},
        }
    },
    "zola": {
        "zola.toml": {
            "base_url": "https://a.example",
            "default_language": "en",
            "ignored_content": ["*.x"],
            "languages": {"en": {"title": "A"}},
            "taxonomies": [{"name": "tags"}],
            "slugify": {"paths": "safe", "paths_keep_dates": True},
        }
    },
    "eleventy": {
        ".eleventy.js": {"dir": {"input": "content", "data": "_data"}},
        "_data/site.json": {"title": "A", "url": "https://a.example", "lang": "en"},
        "content/posts/posts.json": {"permalink": "/p/{{ page.fileSlug }}/"},
    },
    "docusaurus": {
        "docusaurus.config.js": {
            "title": "A",
            "url": "https://a.example",
            "baseUrl": "/",
            "trailingSlash": True,
            "i18n": {"defaultLocale": "en", "locales": ["en", "de"]},
            "presets": [["classic", {"docs": {"path": "docs", "routeBasePath": "/d", "lastVersion": "1", "id": "i"}}]],
            "plugins": ["x"],
        },
    },
    "mkdocs": {
        "mkdocs.yml": {
            "site_name": "A",
            "site_url": "https://a.example",
            "docs_dir": "docs",
            "use_directory_urls": False,
            "exclude_docs": "x/",
            "draft_docs": "y/",
            "INHERIT": "b.yml",
            "theme": {"language": "en"},
            "plugins": {
                "blog": {
                    "blog_dir": "blog",
                    "post_dir": "{blog}/posts",
                    "post_url_format": "{date}/{slug}/{categories}",
                    "post_slugify_separator": "-",
                    "post_url_date_format": "yyyy",
                    "post_url_max_categories": 2,
                },
                "i18n": {"languages": [{"locale": "en", "default": True}]},
            },
        }
    },
    "vault": {
        ".obsidian/templates.json": {"folder": "templates"},
        ".obsidian/app.json": {"userIgnoreFilters": ["x/"]},
    },
    "quartz": {
        "quartz.config.ts": {
            "configuration": {"pageTitle": "A", "baseUrl": "a.example", "locale": "en", "ignorePatterns": ["private"]}
        }
    },
    "astro": {
        "astro.config.mjs": {
            "site": "https://a.example",
            "base": "/b",
            "trailingSlash": "never",
            "i18n": {"defaultLocale": "en", "locales": ["en", "de"]},
            "integrations": [["starlight", {"title": "A", "defaultLocale": "en", "locales": {"en": {}}}]],
        }
    },
    "pelican": {
        "pelicanconf.py": {
            "SITENAME": "A",
            "SITESUBTITLE": "B",
            "SITEURL": "https://a.example",
            "PATH": "content",
            "DEFAULT_LANG": "en",
            "ARTICLE_URL": "{date:%Y}/{category}/{slug}",
            "PAGE_URL": "{slug}",
            "PAGE_PATHS": ["pages"],
            "SLUGIFY_SOURCE": "basename",
            "DEFAULT_CATEGORY": "misc",
            "TIMEZONE": "UTC",
            "FILENAME_METADATA": "(?P<slug>.*)",
            "USE_FOLDER_AS_CATEGORY": False,
            "DEFAULT_METADATA": {},
        }
    },
    "owner": {
        "frontgraph.toml": {
            "site": {"system": "hugo", "name": "A", "url": "https://a.example", "language": "en", "languages": ["en"]},
            "content": {"folders": ["content"], "exclude": ["x"]},
            "fields": {"title": ["heading"]},
            "taxonomies": {"moods": "moods"},
            "permalinks": {"posts": "/:slug/"},
            "hidden": {"when": {"private": True}, "show": ["draft"]},
            "links": {"kinds": ["wikilinks"]},
        }
    },
}
"""By system its configuration, with each setting that is read, in its right type."""
VALUES: tuple[JsonValue, ...] = (5, "text", ["x"], [5], {"a": 1}, True, None)
MAY_BE_ANYTHING = {
    "collections",
    "defaults",
    "cascade",
    "permalink",
    "presets",
    "plugins",
    "theme",
    "when",
    "integrations",
    "permalinks",
    "uglyURLs",
    "site_url",
    "locales",
}
"""Settings that have several types, or whose wrong values other systems have too."""


def paths(value: JsonValue, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where the settings stand, those in mappings and lists too."""
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from paths(inner, (*path, key))


def changed(configuration: Configuration, path: tuple[str | int, ...], value: JsonValue) -> Configuration:
    found: Any = copy.deepcopy(configuration)
    inner = found
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return dict(found)


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def written(configurations: Mapping[str, Configuration]) -> dict[str, str]:
    return {name: WRITERS[Path(name).suffix](configuration) for name, configuration in configurations.items()}


def is_wrong(right: JsonValue, value: JsonValue) -> bool:
    """Whether the value cannot stand for one like the right one: numbers are texts too, and one text is a list of one."""
    if value is None or type(value) is type(right):
        return isinstance(right, list) and isinstance(value, list) and not isinstance(value[0], type(right[0]))
    return not (
        (isinstance(right, str) and type(value) is int)
        or (isinstance(right, list) and isinstance(value, type(right[0])))
    )


@pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.thorough)], ids=["some", "all"])
@pytest.mark.parametrize("system", SITES)
def test_settings_of_wrong_types_are_told_and_end_no_load(system: str, step: int, tmp_path: Path) -> None:
    configurations = SITES[system]
    write(tmp_path, {**dict.fromkeys(DOCUMENTS, DOCUMENT), "b.yml": "{}", **written(configurations)})
    usual = load_folders([tmp_path])
    told = [problem for problem in usual.problems if problem.code is ProblemCode.SITE_CONFIGURATION_INVALID]
    assert told == []
    for name, configuration in configurations.items():
        for path, value in list(product(paths(dict(configuration)), VALUES))[::step]:
            write(tmp_path, written({name: changed(configuration, path, value)}))
            found = load_folders([tmp_path])

            assert found.documents or found.left_out, (path, value)
            if is_wrong(_at(configuration, path), value) and MAY_BE_ANYTHING.isdisjoint(map(str, path)):
                codes = [problem.code for problem in found.problems]
                assert ProblemCode.SITE_CONFIGURATION_INVALID in codes, (path, value)
        write(tmp_path, written({name: configuration}))


def _at(value: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def loaded(folder: Path, **files: str) -> Document:
    """The one document of the site with these files."""
    write(folder, files)
    [document] = load_folders([folder]).documents
    return document


HUGO, PELICAN, MKDOCS = "hugo.toml", "pelicanconf.py", "mkdocs.yml"


@pytest.mark.parametrize(
    ("configuration", "text", "path", "address"),
    [
        (("_config.yml", "title: A"), "title: A", "_pages/about.md", None),
        (("_config.yml", "include: [_pages]"), "title: A", "_pages/about.md", "/_pages/about.html"),
        (("_config.yml", "include: [_pages/]"), "permalink: /about/", "_pages/about.md", "/about/"),
        (("_config.yml", "include: [_about.md]"), "title: A", "_about.md", "/_about.html"),
        (("_config.yml", "timezone: Nowhere"), "date: 2024-05-03 23:30 -05:00", "_posts/2024-05-03-a.md", "/2024/05/04/a.html"),
        (("astro.config.mjs", 'export default {trailingSlash: "never"}'), "title: A", "src/pages/a.md", "/a"),
        (("astro.config.mjs", 'export default {trailingSlash: "never"}'), "title: A", "src/pages/index.md", "/"),
        (("astro.config.mjs", 'export default {trailingSlash: "always"}'), "title: A", "src/pages/a.md", "/a/"),
        ((MKDOCS, "use_directory_urls: !ENV [URLS, false]"), "title: A", "docs/a.md", "/a.html"),
        ((PELICAN, "FILENAME_METADATA = r'(?P<date>\\d+-\\d+-\\d+)-(?P<slug>.*)'"), "title: A", "content/2024-05-03-frost.md", "/frost.html"),
        ((PELICAN, "FILENAME_METADATA = '(?P<slug>.*)'"), "title: A", "content/frost.md", "/frost.html"),
        ((PELICAN, "FILENAME_METADATA = '(?P<slug>.*)'"), "title: A\nslug: ice", "content/frost.md", "/ice.html"),
        ((PELICAN, "ARTICLE_URL = '{category}/{slug}'"), "title: A", "content/news/a.md", "/news/a"),
        ((PELICAN, "ARTICLE_URL = '{category}/{slug}'\nUSE_FOLDER_AS_CATEGORY = False"), "title: A", "content/news/a.md", "/misc/a"),
        ((PELICAN, "PAGE_PATHS = ['site/static']"), "title: A", "content/site/static/a.md", "/pages/a.html"),
        ((PELICAN, "PAGE_PATHS = 5"), "title: A", "content/pages/a.md", "/pages/a.html"),
        ((HUGO, "baseURL = 'a'\npermalinks.posts = '/:sections[²]/:slug/'"), "title: A", "content/posts/a.md", "/a/"),
    ],
)  # fmt: skip
def test_settings_change_addresses(
    configuration: tuple[str, str], text: str, path: str, address: str | None, tmp_path: Path
) -> None:
    name, said = configuration

    assert loaded(tmp_path, **{name: said, path: f"---\n{text}\n---\n"}).address == address


@pytest.mark.parametrize(
    ("configuration", "date", "moment"),
    [
        ((HUGO, "timeZone = 'America/New_York'"), "2024-05-03 23:30", "2024-05-04T03:30:00Z"),
        ((HUGO, "timeZone = 'America/New_York'"), "2024-05-03", "2024-05-03T00:00:00Z"),
        ((HUGO, "timeZone = 'America/New_York'"), "2024-05-03T23:30Z", "2024-05-03T23:30:00Z"),
        ((HUGO, "timeZone = 'Nowhere/Nothing'"), "2024-05-03 23:30", "2024-05-03T23:30:00Z"),
        ((PELICAN, "TIMEZONE = 'Europe/Paris'"), "2024-05-03 23:30", "2024-05-03T21:30:00Z"),
        ((HUGO, "frontmatter.date = ['released', ':default']"), "2024-01-01\nreleased: 2024-05-03", "2024-05-03T00:00:00Z"),
        ((HUGO, "frontmatter.date = [':default', 'released']"), "2024-01-01\nreleased: 2024-05-03", "2024-01-01T00:00:00Z"),
        ((HUGO, "frontmatter.date = [':filename', 'released']"), "2024-01-01\nreleased: 2024-05-03", "2024-05-03T00:00:00Z"),
    ],
)  # fmt: skip
def test_settings_change_dates(configuration: tuple[str, str], date: str, moment: str, tmp_path: Path) -> None:
    name, said = configuration
    said = f"baseURL = 'https://a.example'\n{said}" if name == HUGO else said
    found = loaded(tmp_path, **{name: said, "content/a.md": f"---\ndate: {date}\n---\n"})

    assert found.published_date_time is not None
    assert format_date_time(found.published_date_time) == moment


@pytest.mark.parametrize(
    ("configuration", "text", "hidden"),
    [
        (("_config.yml", "title: A"), "published: false", HiddenReason.PUBLISHED_FALSE),
        (("_config.yml", "unpublished: true"), "published: false", None),
        (("_config.yml", "unpublished: true"), "draft: true", HiddenReason.DRAFT),
        ((MKDOCS, "draft_docs: |\n  # notes\n  notes/\n  !notes/b.md"), "title: A", HiddenReason.DRAFTS_FOLDER),
        ((MKDOCS, "draft_docs: |\n  notes/\n  !a.md"), "title: A", None),
        ((PELICAN, "DEFAULT_METADATA = {'status': 'draft'}"), "title: A", HiddenReason.STATUS),
        ((PELICAN, "DEFAULT_METADATA = {'status': 'draft'}"), "status: published", None),
    ],
)
def test_settings_change_what_is_hidden(
    configuration: tuple[str, str], text: str, hidden: HiddenReason | None, tmp_path: Path
) -> None:
    name, said = configuration
    folder = {MKDOCS: "docs", PELICAN: "content"}.get(name, "pages")

    assert loaded(tmp_path, **{name: said, f"{folder}/notes/a.md": f"---\n{text}\n---\n"}).hidden is hidden


def test_drafts_by_their_place_count_from_the_site_wherever_it_stands(tmp_path: Path) -> None:
    files = {"site/mkdocs.yml": "docs_dir: docs\ndraft_docs: notes/", "site/docs/notes/a.md": "# A"}

    assert loaded(tmp_path, **files).hidden is HiddenReason.DRAFTS_FOLDER


def test_owner_adds_keys_of_dates_to_those_that_hugo_is_told(tmp_path: Path) -> None:
    files = {
        HUGO: "baseURL = 'https://a.example'\nfrontmatter.date = ['released']",
        "frontgraph.toml": "[fields]\ntitle = 'heading'",
        "content/a.md": "---\nheading: H\nreleased: 2024-05-03\n---\n",
    }
    found = loaded(tmp_path, **files)

    assert (found.title, str(found.published_date_time)) == ("H", "2024-05-03 00:00:00+00:00")


def test_pelican_says_for_articles_what_they_do_not_say(tmp_path: Path) -> None:
    files = {
        PELICAN: "DEFAULT_METADATA = {'category': 'Notes', 'tags': ['ice'], 'date': 'soon', 'title': 'No title'}",
        "content/a.md": "---\ntitle: A\n---\n",
    }
    write(tmp_path, files)
    found = load_folders([tmp_path])
    [article] = found.documents

    assert (article.title, [topic.name for topic in article.topics]) == ("A", ["ice", "Notes"])
    told = [(problem.code, problem.file) for problem in found.problems if problem.code is ProblemCode.DATE_INVALID]
    assert told == [(ProblemCode.DATE_INVALID, "pelicanconf.py")]

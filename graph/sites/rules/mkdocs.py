"""Addresses of MkDocs: https://www.mkdocs.org/user-guide/configuration/#use_directory_urls, and of the blog plugin of Material for MkDocs."""

import re
from datetime import datetime
from typing import Any

from graph.sites.places import Place
from graph.sites.rules.said import Said
from graph.sites.rules.words import directory, joined, mkdocs_slug
from graph.sites.site import Site

SETTINGS = frozenset({"use_directory_urls", "plugins"})

_FIELD = re.compile(r"\{(categories|date|slug|file)\}")
_DATE_LETTERS = re.compile(r"y+|M+|d+")


def address(site: Site, place: Place, said: Said) -> str | None:
    """The address of a page, or of a post of a blog."""
    language = (place.language,) if place.language and place.language != site.language else ()
    is_directory = site.settings.get("use_directory_urls") is not False
    for blog in _blogs(site):
        folder = str(blog.get("blog_dir", "blog")).strip("/").removeprefix(".").strip("/")
        posts = str(blog.get("post_dir", "{blog}/posts")).format(blog=folder).strip("/")
        if place.path.startswith(f"{posts}/"):
            path = _post(blog, place, said)
            if path is None:
                return None
            return directory((*language, folder, path)) if is_directory else joined((*language, folder, path)) + ".html"
    if is_directory:
        return directory((*language, place.standing))
    return joined((*language, place.path)) + ".html"


def _blogs(site: Site) -> list[dict[str, Any]]:
    """The options of each blog that the plugins make."""
    plugins = site.settings.get("plugins")
    if isinstance(plugins, dict):
        plugins = [{name: options} for name, options in plugins.items()]
    blogs: list[dict[str, Any]] = []
    for plugin in plugins if isinstance(plugins, list | tuple) else ():
        named = {plugin: None} if isinstance(plugin, str) else plugin
        for name, options in named.items() if isinstance(named, dict) else ():
            if str(name).rpartition("/")[2] == "blog":
                blogs.append(options if isinstance(options, dict) else {})
    return blogs


def _post(blog: dict[str, Any], place: Place, said: Said) -> str | None:
    if said.date is None:
        return None
    separator = str(blog.get("post_slugify_separator", "-"))
    limit = blog.get("post_url_max_categories", 1)
    categories = said.categories[: limit if isinstance(limit, int) else 1]
    values = {
        "categories": "/".join(mkdocs_slug(category, separator) for category in categories),
        "date": _formatted(said.date, str(blog.get("post_url_date_format", "yyyy/MM/dd"))),
        "slug": said.slug or mkdocs_slug(said.title or place.name, separator),
        "file": place.name,
    }
    return _FIELD.sub(lambda match: values[match[1]], str(blog.get("post_url_format", "{date}/{slug}")))


def _formatted(date: datetime, pattern: str) -> str:
    """The date by a pattern of Babel, of which addresses use year, month and day."""

    def value(match: re.Match[str]) -> str:
        letters = match[0]
        if letters[0] == "y":
            return f"{date.year % 100:02}" if len(letters) == 2 else f"{date.year:04}"
        if letters[0] == "M" and len(letters) > 2:
            return f"{date:%b}" if len(letters) == 3 else f"{date:%B}"
        return f"{date.month if letters[0] == 'M' else date.day:0{len(letters)}}"

    return _DATE_LETTERS.sub(value, pattern)

"""Addresses of MkDocs: https://www.mkdocs.org/user-guide/configuration/#use_directory_urls, and of the blog plugin of Material for MkDocs."""

import re
from datetime import datetime
from typing import Any

from graph.sites.locations import Location
from graph.sites.rules.said import Said
from graph.sites.rules.words import directory, joined, mkdocs_slug
from graph.sites.site import Site

_FIELD = re.compile(r"\{(categories|date|slug|file)\}")
_DATE_LETTERS = re.compile(r"y+|M+|d+")


def address(site: Site, location: Location, said: Said) -> str | None:
    """The address of a page, or of a post of a blog."""
    language = (location.language,) if location.language and location.language != site.language else ()
    is_directory = site.settings.get("use_directory_urls") is not False
    blog = site.settings.get("blog")
    if isinstance(blog, dict):
        folder = blog.get("blog_dir", "blog").strip("./")
        posts = blog.get("post_dir", "{blog}/posts").replace("{blog}", folder).strip("/")
        if location.path.startswith(f"{posts}/"):
            path = _post(blog, site.permalinks.get("blog") or "{date}/{slug}", location, said)
            if path is None:
                return None
            return directory((*language, folder, path)) if is_directory else joined((*language, folder, path)) + ".html"
    if is_directory:
        return directory((*language, location.standing))
    return joined((*language, location.path)) + ".html"


def _post(blog: dict[str, Any], pattern: str, location: Location, said: Said) -> str | None:
    if said.date is None:
        return None
    separator = blog.get("post_slugify_separator", "-")
    categories = said.categories[: blog.get("post_url_max_categories", 1)]
    values = {
        "categories": "/".join(mkdocs_slug(category, separator) for category in categories),
        "date": _formatted(said.date, blog.get("post_url_date_format", "yyyy/MM/dd")),
        "slug": said.slug or mkdocs_slug(said.title or location.name, separator),
        "file": location.name,
    }
    return _FIELD.sub(lambda match: values[match[1]], pattern)


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

"""The documentation as pages of the service, below `/docs`: the markdown of the folder `docs`, as it is installed with the package."""

import re
from collections.abc import Mapping
from functools import cache
from html import escape
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from graph.bodies.pages import ID_PREFIX, html_page
from graph.model import BodyFormat

_PAGE = """\
<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>{title} – Frontgraph</title>
    <link rel="icon" type="image/svg+xml" href="{prefix}/static/icon.svg">
    <link rel="stylesheet" href="{prefix}/static/docs.css">
  </head>
  <body>
    <nav>
      <a href="{prefix}/">Start page</a>
      {pages}
    </nav>
    <main>
{body}
    </main>
  </body>
</html>
"""
_LINK = re.compile(r"\]\(([\w-]+\.md(?:#[^)\s]*)?)\)")
_WITHIN = re.compile(f'href="#{ID_PREFIX}([^"]*)"')
"""A link to a heading of the same page."""
_HEADING = re.compile(r"^#{1,6} ([^\n{]+)", re.MULTILINE)
_ELSEWHERE = re.compile(r'<a href="(?![a-z]+:|/|#)[^"]*"[^>]*>(.*?)</a>', re.DOTALL)
"""A link to a file that is not served."""
_NO_SIGNS = re.compile(r"[^\w\- ]")
FIRST = "api"
"""The page that `/docs` leads to."""


class Page(NamedTuple):
    """A page of the documentation."""

    name: str
    title: str
    text: str
    """Markdown."""


@cache
def documentation() -> Mapping[str, Page]:
    """The pages by their names."""
    found = {}
    for file in sorted(_folder().iterdir(), key=lambda file: file.name):
        if file.name.endswith(".md"):
            text = file.read_text(encoding="utf-8")
            title = _HEADING.search(text)
            name = file.name.removesuffix(".md")
            found[name] = Page(name, title[1].strip() if title else name, text)
    return found


def rendered(name: str, prefix: str) -> str | None:
    """A page in HTML; None if there is none of this name. `prefix` is the path below which the service is seen."""
    return _rendered(name, prefix) if name in documentation() else None


def _folder() -> Path | Traversable:
    installed = files("api") / "_data" / "docs"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "docs"


@cache
def _rendered(name: str, prefix: str) -> str:
    pages = documentation()
    page = pages[name]
    addresses = {link: _target(link, prefix) for link in _LINK.findall(page.text)}
    addresses["../schema.graphql"] = f"{prefix}/schema.graphql"
    shown = html_page(page.text, BodyFormat.MARKDOWN, {link: target for link, target in addresses.items() if target})
    links = (
        f'<a href="{escape(prefix)}/docs/{other}"{" aria-current=page" if other == name else ""}>{escape(found.title)}</a>'
        for other, found in pages.items()
    )
    return _PAGE.format(
        title=escape(page.title),
        prefix=escape(prefix),
        pages="\n      ".join(links),
        body=_WITHIN.sub(
            lambda link: f'href="#{_anchors(name).get(link[1], link[1])}"', _ELSEWHERE.sub(r"\1", shown.html)
        ),
    )


def _target(link: str, prefix: str) -> str | None:
    """Where a link to another page, or to a heading of it, leads; None if there is no such page."""
    file, sign, heading = link.partition("#")
    name = file.removesuffix(".md")
    if name not in documentation():
        return None
    anchor = f"#{_anchors(name).get(heading, heading)}" if sign else ""
    return f"{prefix}/docs/{quote(name)}{anchor}"


@cache
def _anchors(name: str) -> Mapping[str, str]:
    """The ids of headings in HTML, by the anchors that links in markdown name them by."""
    headings = html_page(documentation()[name].text, BodyFormat.MARKDOWN, {}).headings
    return {_NO_SIGNS.sub("", heading.text.lower()).replace(" ", "-"): heading.anchor for heading in headings}

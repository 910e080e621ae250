"""What is no content of a site though it stands in its folder, and why."""

import re
from enum import Enum

from graph.sites.site import Site, SiteSystem


class NotRead(Enum):
    """Why a file that could be a document is not read."""

    EXCLUDED = "EXCLUDED"
    IGNORED = "IGNORED"
    OUTSIDE = "OUTSIDE"
    BY_SITE = "BY_SITE"
    APPARATUS = "APPARATUS"
    PARTIAL = "PARTIAL"
    REPOSITORY = "REPOSITORY"
    FORMAT = "FORMAT"


NOT_READ_MEANINGS: dict[NotRead, str] = {
    NotRead.EXCLUDED: "excluded by `frontgraph.toml` or `--exclude`",
    NotRead.IGNORED: "named in a `.gitignore`",
    NotRead.OUTSIDE: "outside the site's folders of documents",
    NotRead.BY_SITE: "excluded by the site's own configuration",
    NotRead.APPARATUS: "layouts, templates, themes, dependencies, or pages already made",
    NotRead.PARTIAL: "parts of other documents, whose names begin with an underscore",
    NotRead.REPOSITORY: "about the repository: README, LICENSE and the like without front matter",
    NotRead.FORMAT: "in a format that is not read, such as reStructuredText or a template language",
}
"""What each reason means, for the documentation and for who starts the service."""

_ANYWHERE = frozenset(
    {"__pycache__", "_includes", "_layouts", "_plugins", "_sass", "_site", "bower_components", "node_modules"}
)
_AT_ROOT = frozenset({"archetypes", "layouts", "public", "templates", "themes", "vendor"})
_WITH_PARTIALS = frozenset({SiteSystem.ASTRO, SiteSystem.DOCUSAURUS, SiteSystem.JEKYLL, SiteSystem.PLAIN})
_ABOUT_REPOSITORY = re.compile(
    r"(?:readme|licen[cs]e|copying|notice|contributing|contributors|changelog|changes|history|releases?|roadmap|todo|authors|maintainers"
    r"|governance|security|support|code[_-]of[_-]conduct|pull_request_template|issue_template|agents|claude|gemini|upgrading)"
    r"(?:[._-][\w-]*)?\.\w+",
    re.IGNORECASE,
)
UNREAD_SUFFIXES = frozenset(
    {".adoc", ".asciidoc", ".creole", ".ejs", ".haml", ".hbs", ".ipynb", ".liquid", ".mediawiki", ".njk", ".org"}
    | {".pug", ".rst", ".textile", ".typ", ".webc"}
)
"""How files end that other programs take for documents, and that are not read here."""


def folder_not_read(site: Site, path: str) -> NotRead | None:
    """Why nothing in a folder is read, by its path below the root of its site; None if it is read, or looked into."""
    name = path.rpartition("/")[2]
    if name in _ANYWHERE:
        return NotRead.APPARATUS
    is_at_root = "/" not in path and (name in _AT_ROOT or name.casefold() == "templates")
    is_content = any(folder == path or folder.startswith(f"{path}/") for folder in site.content)
    return NotRead.APPARATUS if is_at_root and not is_content else None


def is_apparatus(name: str) -> bool:
    """Whether a folder of this name holds no content of any site, wherever it is."""
    return name in _ANYWHERE


def file_not_read(site: Site, path: str) -> NotRead | None:
    """Why a file is not read, by its path below the root of its site; None if it is."""
    if not any(not folder or path.startswith(f"{folder}/") for folder in site.content):
        return NotRead.OUTSIDE
    name = path.rpartition("/")[2]
    is_included = name.startswith("_index.") or name in site.settings.get("include", ())
    if name.startswith("_") and site.system in _WITH_PARTIALS and not is_included:
        return NotRead.PARTIAL
    return None


def is_about_repository(name: str) -> bool:
    """Whether a file at a repository's root tells of the repository, by its name."""
    return _ABOUT_REPOSITORY.fullmatch(name) is not None

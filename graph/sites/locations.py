"""Where a document stands in its site: its content folder, the path below that, its language and its version."""

import re
from dataclasses import dataclass, replace
from functools import cached_property

from graph.sites.site import Site, SiteSystem

INDEX_NAMES = frozenset({"index", "_index"})
"""Names of files that stand for their folder, in every system."""

_README_SYSTEMS = frozenset({SiteSystem.MKDOCS, SiteSystem.DOCUSAURUS})
"""Where a README does so too."""
_LIKE_DOCUSAURUS = frozenset({SiteSystem.DOCUSAURUS, SiteSystem.PLAIN})
"""Whose folders of versions and translations are known by their names, with or without a configuration."""
_VERSIONED = re.compile(r"(?:(?P<instance>.+)_)?versioned_docs/version-(?P<version>[^/]+)/(?P<path>.+)")
_LOCALIZED = re.compile(
    r"i18n/(?P<language>[^/]+)/docusaurus-plugin-content-(?P<plugin>docs|blog|pages)(?:-(?P<instance>[^/]+))?/(?P<path>.+)"
)
_LOCALIZED_VERSION = re.compile(r"(?:current|version-(?P<version>[^/]+))/(?P<path>.+)")


@dataclass(frozen=True)
class Location:
    """Where a document stands."""

    folder: str
    """The content folder, below the site's root and without a slash at its ends."""
    path: str
    """Below the content folder, without what tells language or version, without the file's ending: `posts/frost/index`."""
    suffix: str = ""
    """The file's ending: `.md`."""
    language: str | None = None
    """As the path tells it; None if it does not."""
    version: str | None = None
    language_folder: str = ""
    """The folder that tells the language, which `path` leaves out."""

    @cached_property
    def parts(self) -> tuple[str, ...]:
        return tuple(self.path.split("/"))

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self.parts[-1]

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders below the content folder, outermost first."""
        return self.parts[:-1]

    @property
    def is_index(self) -> bool:
        """Whether it stands for its folder, by a name that does so everywhere."""
        return self.name in INDEX_NAMES

    @property
    def standing(self) -> str:
        """The path, where an index stands for its folder: empty for that of the content folder itself."""
        return "/".join(self.folders if self.is_index else self.parts)


def location_of(site: Site, label: str) -> Location:
    """Where the file with this label stands in its site."""
    if site.system in _LIKE_DOCUSAURUS and (special := _docusaurus_location(site.path(label))):
        return special
    folder, below = site.content_path(label)
    if site.system is SiteSystem.HUGO and (route := site.routes.get(folder)):
        below = f"{route}/{below}"
    stem, dot, ending = below.rpartition(".")
    if not dot or "/" in ending:
        stem, ending = below, ""
    location = _in_language(site, Location(folder, stem, f".{ending}" if ending else ""))
    if site.system in _README_SYSTEMS and location.name.lower() == "readme":
        location = replace(location, path="/".join((*location.folders, "index")))
    return location


def version_of(site: Site, label: str) -> str | None:
    """The version of the documentation that the file with this label belongs to; None where there are not several."""
    special = _docusaurus_location(site.path(label)) if site.system in _LIKE_DOCUSAURUS else None
    return special.version if special else None


def standing_path(label: str) -> str:
    """The path of a file without its ending, where an index stands for its folder: that of all folders is empty."""
    head, _, name = label.rpartition("/")
    stem = name.rpartition(".")[0] or name
    return head if stem in INDEX_NAMES else f"{head}/{stem}".lstrip("/")


def matching_language(site: Site, code: str) -> str | None:
    """The site's own spelling of a language that it has."""
    wanted = code.lower().replace("_", "-")
    return next((language for language in site.languages if language.lower().replace("_", "-") == wanted), None)


def _in_language(site: Site, location: Location) -> Location:
    """The location, when the site has several languages: told by the content folder, a suffix, or the first folder."""
    if not site.languages and not site.content_languages:
        return location
    if language := site.content_languages.get(location.folder):
        return replace(location, language=language)
    stem, dot, code = location.name.rpartition(".")
    if dot and stem and (language := matching_language(site, code)):
        return replace(location, path="/".join((*location.folders, stem)), language=language)
    if len(location.parts) > 1 and (language := matching_language(site, location.parts[0])):
        path = "/".join(location.parts[1:])
        return replace(location, path=path, language=language, language_folder=location.parts[0])
    return location


def _docusaurus_location(path: str) -> Location | None:
    """A location in a folder of versions or translations, as if it stood in the folder that it belongs to."""
    if "versioned_docs/" not in path and not path.startswith("i18n/"):
        return None
    stem, _, ending = path.rpartition(".")
    if found := _VERSIONED.fullmatch(stem):
        return Location(found["instance"] or "docs", _index_name(found["path"]), f".{ending}", version=found["version"])
    if found := _LOCALIZED.fullmatch(stem):
        folder = found["instance"] or {"docs": "docs", "blog": "blog", "pages": "src/pages"}[found["plugin"]]
        below, version = found["path"], None
        if found["plugin"] == "docs" and (inner := _LOCALIZED_VERSION.fullmatch(below)):
            below, version = inner["path"], inner["version"]
        return Location(folder, _index_name(below), f".{ending}", found["language"], version)
    return None


def _index_name(path: str) -> str:
    head, slash, name = path.rpartition("/")
    return f"{head}{slash}index" if name.lower() == "readme" else path

"""Where a document stands in its site: its content folder, the path below that, its language and its version."""

import re
from dataclasses import dataclass, replace
from functools import cached_property

from graph.sites.site import Site, SiteSystem

INDEX_NAMES = frozenset({"index", "_index"})
"""Names of files that stand for their folder, in every system."""

_README_SYSTEMS = frozenset({SiteSystem.MKDOCS, SiteSystem.DOCUSAURUS})
"""Where a README does so too."""
_VERSIONED = re.compile(r"(?:(?P<instance>.+)_)?versioned_docs/version-(?P<version>[^/]+)/(?P<path>.+)")
_LOCALIZED = re.compile(
    r"i18n/(?P<language>[^/]+)/docusaurus-plugin-content-(?P<plugin>docs|blog|pages)(?:-(?P<instance>[^/]+))?/(?P<path>.+)"
)
_LOCALIZED_VERSION = re.compile(r"(?:current|version-(?P<version>[^/]+))/(?P<path>.+)")


@dataclass(frozen=True)
class Place:
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


def place_of(site: Site, path: str) -> Place:
    """The place of a document by its path below the site's root."""
    if site.system is SiteSystem.DOCUSAURUS and (special := _docusaurus_place(path)):
        return special
    folder = content_folder(site, path)
    below = path[len(folder) + 1 :] if folder else path
    stem, dot, ending = below.rpartition(".")
    if not dot or "/" in ending:
        stem, ending = below, ""
    place = Place(folder, stem, f".{ending}" if ending else "")
    place = _in_language(site, place)
    if site.system in _README_SYSTEMS and place.name.lower() == "readme":
        place = replace(place, path="/".join((*place.folders, "index")))
    return place


def content_folder(site: Site, path: str) -> str:
    """The innermost content folder that holds the path; nothing if it is the root, or if the path is in none."""
    folders = [folder for folder in site.content if folder and path.startswith(f"{folder}/")]
    return max(folders, key=len, default="")


def matching_language(site: Site, code: str) -> str | None:
    """The site's own spelling of a language that it has."""
    wanted = code.lower().replace("_", "-")
    return next((language for language in site.languages if language.lower().replace("_", "-") == wanted), None)


def _in_language(site: Site, place: Place) -> Place:
    """The place, when the site has several languages: told by the content folder, a suffix, or the first folder."""
    if not site.languages:
        return place
    for language, options in (site.settings.get("languages") or {}).items():
        if isinstance(options, dict) and place.folder and _trimmed(options.get("contentDir")) == place.folder:
            return replace(place, language=matching_language(site, language) or language)
    stem, dot, code = place.name.rpartition(".")
    if dot and stem and (language := matching_language(site, code)):
        return replace(place, path="/".join((*place.folders, stem)), language=language)
    if len(place.parts) > 1 and (language := matching_language(site, place.parts[0])):
        return replace(place, path="/".join(place.parts[1:]), language=language)
    return place


def _trimmed(folder: object) -> str | None:
    return folder.strip("/").removeprefix("./") if isinstance(folder, str) else None


def _docusaurus_place(path: str) -> Place | None:
    """A place in a folder of versions or translations, as if it stood in the folder that it belongs to."""
    stem, _, ending = path.rpartition(".")
    if found := _VERSIONED.fullmatch(stem):
        return Place(found["instance"] or "docs", _index_name(found["path"]), f".{ending}", version=found["version"])
    if found := _LOCALIZED.fullmatch(stem):
        folder = found["instance"] or {"docs": "docs", "blog": "blog", "pages": "src/pages"}[found["plugin"]]
        below, version = found["path"], None
        if found["plugin"] == "docs" and (inner := _LOCALIZED_VERSION.fullmatch(below)):
            below, version = inner["path"], inner["version"]
        return Place(folder, _index_name(below), f".{ending}", found["language"], version)
    return None


def _index_name(path: str) -> str:
    head, slash, name = path.rpartition("/")
    return f"{head}{slash}index" if name.lower() == "readme" else path

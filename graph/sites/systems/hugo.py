"""Hugo, whose keys are written in any case, in one file or in a folder of files."""

from collections.abc import Iterator
from itertools import takewhile

from graph.model import JsonValue
from graph.sites.languages import is_language_name
from graph.sites.place import Place
from graph.sites.settings import Settings
from graph.sites.site import Site, SiteSystem
from graph.sites.systems.shared import clean_folder, given

_FORMATS = ("toml", "yaml", "yml", "json")
_SIGNS = frozenset({"baseurl", "contentdir", "defaultcontentlanguage", "languagecode", "themesdir", "disablekinds"})
"""Keys that tell Hugo's `config.toml` from those of others."""
_BESIDE = ("languages", "module", "permalinks", "taxonomies", "frontmatter", "cascade", "params")
"""Tables that may have files of their own."""
_FLAGS = ("defaultcontentlanguageinsubdir", "disablepathtolower", "removepathaccents")
_DATES = {
    "date": "publishedDateTime",
    "lastmod": "updatedDateTime",
    "publishDate": "publishDate",
    "expiryDate": "expiryDate",
}
"""By the name of a date in the table `frontmatter` the field that it is here."""
_SHOWING = {"buildDrafts": "draft", "buildExpired": "expired", "buildFuture": "future"}
_USUAL_TAXONOMIES: dict[str, JsonValue] = {"tag": "tags", "category": "categories"}


def configured(place: Place) -> Site | None:
    settings = _settings(place)
    if settings is None:
        return None
    languages = settings.mapping("languages")
    default = languages.mapping(_default_language(settings))
    enabled = tuple(name for name in languages if not languages.mapping(name).flag("disabled"))
    folders = _content(settings, enabled)
    there = {folder: place_of for folder, place_of in folders.items() if place.names(folder)} or {"": ("", None)}
    taxonomies = settings.mapping("taxonomies").patterns() if "taxonomies" in settings else _USUAL_TAXONOMIES
    return Site(
        system=SiteSystem.HUGO,
        evidence=settings.file,
        content=tuple(there),
        routes={folder: route for folder, (route, _) in there.items() if route},
        content_languages={folder: language for folder, (_, language) in there.items() if language},
        name=settings.text("title") or default.text("title"),
        description=settings.mapping("params").text("description") or default.mapping("params").text("description"),
        url=settings.url("baseurl"),
        language=_default_language(settings),
        languages=enabled or _languages_of_folders(place, tuple(there), _default_language(settings)),
        permalinks=_permalinks(settings),
        taxonomies={str(plural): str(plural) for plural in taxonomies.values()},
        shown=tuple(what for key, what in _SHOWING.items() if settings.flag(key)),
        synonyms=dict(_keys_of_dates(settings.mapping("frontmatter"))),
        time_zone=settings.time_zone("timeZone"),
        settings=given(
            {
                **{key: settings.flag(key) for key in _FLAGS},
                "cascade": settings.get("cascade"),
                "saidIn": settings.file if "cascade" in settings else None,
                "uglyurls": _ugly(settings),
            }
        ),
    )


def _ugly(settings: Settings) -> JsonValue:
    """Whether addresses end with `.html`: everywhere, or by section."""
    if not isinstance(settings.get("uglyURLs"), dict):
        return settings.flag("uglyURLs")
    sections = settings.mapping("uglyURLs")
    return {section: sections.flag(section) for section in sections}


def _keys_of_dates(table: Settings) -> Iterator[tuple[str, list[str]]]:
    """By field the keys in front matter that come before the usual ones; `:default` stands for these, `:filename` for what is no key."""
    for name, field in _DATES.items():
        keys = list(takewhile(lambda key: key.lower() != ":default", table.texts(name)))
        if said := [key for key in keys if not key.startswith(":")]:
            yield field, said


def laid_out(place: Place) -> Site | None:
    names = place.names()
    if "content" in names and names & {"archetypes", "layouts"} and place.names("content"):
        return Site(system=SiteSystem.HUGO, evidence="content/ beside archetypes/ or layouts/", content=("content",))
    if "_index.md" in place.names("content"):
        return Site(system=SiteSystem.HUGO, evidence="content/_index.md", content=("content",))
    return Site(system=SiteSystem.HUGO, evidence="_index.md") if "_index.md" in names else None


def _settings(place: Place) -> Settings | None:
    single = place.settings(*_files("hugo"))
    if single is None and (other := place.settings(*_files("config"))) and _is_hugo(other):
        single = other
    for environment in ("_default", "production"):  # what is published is made for production
        folder = f"config/{environment}/"
        if not place.names(folder.removesuffix("/")):
            continue
        here = place.settings(*_files(f"{folder}hugo"), *_files(f"{folder}config"))
        for table in _BESIDE:
            if beside := place.settings(*_files(f"{folder}{table}")):
                here = beside.inside({table: beside.get_all()}).over(here)
        if here is not None:
            single = here.in_any_case().over(single.in_any_case() if single else None)
    return single.in_any_case() if single else None


def _files(stem: str) -> list[str]:
    return [f"{stem}.{suffix}" for suffix in _FORMATS]


def _is_hugo(settings: Settings) -> bool:
    return not _SIGNS.isdisjoint(key.lower() for key in settings)


def _default_language(settings: Settings) -> str:
    return settings.text("defaultContentLanguage") or "en"


def _content(settings: Settings, languages: tuple[str, ...]) -> dict[str, tuple[str, str | None]]:
    """The folders of content, each with the path that its addresses begin with, and its language."""
    folders: dict[str, tuple[str, str | None]] = {}
    for mount in settings.mapping("module").mappings("mounts"):
        source, target = clean_folder(mount.text("source")), clean_folder(mount.text("target")) or ""
        if source and (target == "content" or target.startswith("content/")):
            folders[source] = target.removeprefix("content").strip("/"), mount.text("lang")
    for language in languages:
        if folder := clean_folder(settings.mapping("languages").mapping(language).text("contentDir")):
            folders.setdefault(folder, ("", language))
    if not folders:
        folders[clean_folder(settings.text("contentDir")) or "content"] = ("", None)
    return folders


def _languages_of_folders(place: Place, content: tuple[str, ...], default: str) -> tuple[str, ...]:
    """The languages that the folders of content are named for, where the default one is among several; their table may be elsewhere."""
    names = sorted(name for folder in content for name in place.names(folder) if is_language_name(name))
    return (default, *(name for name in names if name != default)) if default in names and len(names) > 1 else ()


def _permalinks(settings: Settings) -> dict[str, str]:
    """The patterns of pages by section; those of sections by `section:` and their names."""
    table = settings.mapping("permalinks")
    by_section = {key: pattern for key in table if not isinstance(pattern := table.get(key), dict)}
    found = settings.inside(by_section, "permalinks").patterns()
    for kind in ("page", "section"):
        if isinstance(table.get(kind), dict):
            patterns = table.mapping(kind).patterns()
            found |= {name if kind == "page" else f"{kind}:{name}": pattern for name, pattern in patterns.items()}
    return found

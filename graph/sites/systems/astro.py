"""Astro, and Starlight, its documentation."""

import re
from collections.abc import Iterator

from graph.model import JsonValue
from graph.sites.place import Place
from graph.sites.settings import Settings
from graph.sites.site import Site, SiteSystem
from graph.sites.systems.shared import address, existing, given

_SUFFIXES = ("mjs", "ts", "js", "mts", "cjs", "cts")
_FILES = tuple(f"astro.config.{suffix}" for suffix in _SUFFIXES)
_NAMES = ("src/consts.ts", "src/consts.js", "src/config.ts", "src/site.config.ts", "src/constants.ts")
_FOLDERS = ("src/content", "src/data", "src/pages", "src/blog", "content")
_ROUTE = re.compile(r"\[(?:\.\.\.)?(?:slug|id|path)\]\.(?:astro|tsx?|jsx?)")
_COLLECTION = re.compile(r"""getCollection\(\s*["']([\w-]+)["']""")


def configured(place: Place) -> Site | None:
    settings = place.script(*_FILES)
    if settings is None:
        return None
    starlight = _integration(settings, "starlight")
    languages = settings.mapping("i18n")
    locales = languages.get("locales")
    folders = existing(place, *_FOLDERS, "src/content/docs" if "title" in starlight else None)
    return Site(
        system=SiteSystem.ASTRO,
        evidence=settings.file,
        content=folders,
        routes=dict.fromkeys(folders, ""),
        name=_text(starlight, "title") or _constant(place, "TITLE", "NAME"),
        description=_text(starlight, "description") or _constant(place, "DESCRIPTION"),
        url=address(settings.url("site"), settings.text("base")),
        language=languages.text("defaultLocale") or starlight.text("defaultLocale"),
        languages=tuple(_locales(locales)) or tuple(starlight.mapping("locales")),
        permalinks=dict(_collections(place)),
        persons=_authors(starlight),
        settings=given({"trailingSlash": settings.text("trailingSlash")}),
    )


def _authors(starlight: Settings) -> dict[str, JsonValue]:
    """The authors that a plugin is told of, as that for blogs is."""
    plugins = starlight.get("plugins")
    for plugin in plugins if isinstance(plugins, list) else []:
        match plugin:
            case [str(), {"authors": dict(authors)}, *_]:
                return authors
    return {}


def laid_out(place: Place) -> Site | None:
    if not place.names("src/content") or not place.names("src/pages"):
        return None
    return Site(system=SiteSystem.ASTRO, evidence="src/content/ and src/pages/", content=("src/content", "src/pages"))


def _collections(place: Place) -> Iterator[tuple[str, str]]:
    """The collections that a page with a slug in its name shows, each with the pattern of its addresses."""
    for folder in ("", *sorted(name for name in place.names("src/pages") if "." not in name)):
        path = f"src/pages/{folder}".rstrip("/")
        for name in sorted(place.names(path)):
            page = place.text(f"{path}/{name}") if _ROUTE.fullmatch(name) else None
            shown = _COLLECTION.search(page[1]) if page else None
            if shown:
                yield shown[1], f"/{folder}/:slug/".replace("//", "/")


def _locales(locales: object) -> list[str]:
    items = locales if isinstance(locales, list) else []
    texts = [item if isinstance(item, str) else item.get("path") for item in items if isinstance(item, (str, dict))]
    return [text for text in texts if isinstance(text, str)]


def _integration(settings: Settings, name: str) -> Settings:
    """What an integration is told: the argument of a call in the list."""
    items = settings.get("integrations")
    for item in items if isinstance(items, list) else []:
        match item:
            case [str(called), dict(options), *_] if called == name:
                return settings.inside(options, "integrations")
    return settings.nothing()


def _text(settings: Settings, key: str) -> str | None:
    """A text that may be a mapping by language as well."""
    return settings.text(key) if isinstance(settings.get(key), str) else None


def _constant(place: Place, *names: str) -> str | None:
    """A text that the site's own script of constants defines, as the templates have it: `SITE_TITLE`, or `title` in `SITE`."""
    constants = place.script(*_NAMES)
    if constants is None:
        return None
    site = constants.mapping("SITE") if isinstance(constants.get("SITE"), dict) else constants.nothing()
    return constants.text(*(f"SITE_{name}" for name in names)) or site.text(*map(str.lower, names))

"""Docusaurus, whose configuration is a script."""

import json
import posixpath
from collections.abc import Iterator
from typing import NamedTuple

from graph.model import JsonValue
from graph.sites.place import Place
from graph.sites.settings import Settings
from graph.sites.site import Site, SiteSystem
from graph.sites.systems.shared import address, given

_FILES = tuple(f"docusaurus.config.{suffix}" for suffix in ("ts", "js", "mts", "mjs", "cts", "cjs"))
_PRESETS = frozenset({"classic", "preset-classic", "@docusaurus/preset-classic"})
_PLUGINS = {"docs": ("docs", "docs"), "blog": ("blog", "blog"), "pages": ("src/pages", "")}
"""By the name of a plugin the folder and the route that it has unless configured."""
_PARTIALS = ("**/_*.md", "**/_*.mdx", "**/_*/**")
_BESIDE_TRANSLATIONS = ("/i18n/*.md", "/i18n/*/*.md")
"""Documents of translations stand below folders that are named for their plugins."""


def configured(place: Place) -> Site | None:
    settings = place.script(*_FILES)
    if settings is None:
        return None
    plugins = [plugin for plugin in _plugins(settings) if place.names(plugin.folder)]
    routes = {plugin.folder: plugin.route for plugin in plugins}
    last = next((plugin.last_version for plugin in plugins if plugin.last_version), None)
    languages = settings.mapping("i18n")
    translated = ("i18n",) if place.names("i18n") else ()
    return Site(
        system=SiteSystem.DOCUSAURUS,
        evidence=settings.file,
        content=(*routes, *translated) or ("",),
        routes={folder: route for folder, route in routes.items() if route},
        name=settings.text("title"),
        description=settings.text("tagline"),
        url=address(settings.url("url"), settings.text("baseUrl")),
        language=languages.text("defaultLocale") or "en",
        languages=languages.texts("locales"),
        exclude=(*_PARTIALS, *_BESIDE_TRANSLATIONS),
        settings=given({"trailingSlash": settings.flag("trailingSlash")})
        | {"versions": _versions(place), "blogs": [plugin.folder for plugin in plugins if plugin.kind == "blog"]}
        | ({"lastVersion": last} if last else {}),
    )


def _versions(place: Place) -> list[JsonValue]:
    """The versions of the documents besides the current ones, the latest first."""
    found = place.text("versions.json")
    try:
        versions = json.loads(found[1]) if found else []
    except (ValueError, RecursionError):
        versions = []
    return [version for version in versions if isinstance(version, str)] if isinstance(versions, list) else []


class _Plugin(NamedTuple):
    kind: str
    folder: str
    route: str
    """The path that its addresses begin with."""
    last_version: str | None = None


def _plugins(settings: Settings) -> Iterator[_Plugin]:
    """The folders of content, each with its plugin."""
    for kind, options in _options(settings):
        usual_folder, usual_route = _PLUGINS[kind]
        written = options.text("routeBasePath")
        route = usual_route if written is None else written.strip("/")
        yield _Plugin(
            kind, posixpath.normpath(options.text("path") or usual_folder), route, options.text("lastVersion")
        )
        if kind == "docs":
            name = options.text("id") or "default"
            yield _Plugin(kind, "versioned_docs" if name == "default" else f"{name}_versioned_docs", route)


def _options(settings: Settings) -> Iterator[tuple[str, Settings]]:
    """Each kind of content plugin that is used, with its options; all of them where none can be read."""
    found: list[tuple[str, Settings]] = []
    for name, options in _named(settings, "presets"):
        if name in _PRESETS:
            found += ((kind, options.mapping(kind)) for kind in _PLUGINS if options.get(kind) is not False)
    for name, options in _named(settings, "plugins"):
        if (kind := name.rpartition("content-")[2]) in _PLUGINS:
            found.append((kind, options))
    yield from found or ((kind, settings.nothing()) for kind in _PLUGINS)


def _named(settings: Settings, key: str) -> Iterator[tuple[str, Settings]]:
    """The plugins or presets of a list, each with its options."""
    items = settings.get(key)
    for item in items if isinstance(items, list) else []:
        match item:
            case str():
                yield item, settings.nothing()
            case [str(name), dict(options), *_]:
                yield name, settings.inside(options, key)
            case [str(name), *_]:
                yield name, settings.nothing()

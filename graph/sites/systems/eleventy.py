"""Eleventy, whose configuration is a script, and whose sites are named in a data file."""

from collections.abc import Iterator

from graph.sites.place import Place
from graph.sites.settings import Settings
from graph.sites.site import Site, SiteSystem
from graph.sites.systems.shared import clean_folder, existing

_FILES = (".eleventy.js", *(f"eleventy.config.{suffix}" for suffix in ("js", "mjs", "cjs", "ts")))
_DATA = ("site", "metadata", "meta", "config")
_PACKAGE = "@11ty/eleventy"


def configured(place: Place) -> Site | None:
    settings = place.script(*_FILES)
    if settings is None and not _is_required(place):
        return None
    folders = settings.mapping("dir", "config") if settings else None
    folders = folders.mapping("dir") if folders and "dir" in folders else folders
    source = clean_folder(folders.text("input") if folders else None) or ""
    data = clean_folder(folders.text("data") if folders else None) or "_data"
    named = site_data(place, f"{source}/{data}".strip("/"), data)
    return Site(
        system=SiteSystem.ELEVENTY,
        evidence=settings.file if settings else "package.json",
        content=existing(place, source),
        name=named.text("title", "name") if named else None,
        description=named.text("description") if named else None,
        url=named.url("url", "host", "baseUrl", "domain") if named else None,
        language=named.text("lang", "language", "locale") if named else None,
        permalinks=dict(_permalinks(place, existing(place, source)[0])),
    )


def _permalinks(place: Place, content: str) -> Iterator[tuple[str, str]]:
    """The patterns of addresses that data files of folders have for all documents in them."""
    for folder in ("", *sorted(name for name in place.names(content) if "." not in name)):
        path = "/".join(filter(None, (content, folder)))
        stem = f"{path}/{path.rpartition('/')[2]}".lstrip("/")
        data = place.settings(f"{stem}.json", f"{stem}.11tydata.json") or place.script(
            f"{stem}.11tydata.js", f"{stem}.11tydata.cjs"
        )
        pattern = data.get("permalink") if data else None
        if isinstance(pattern, str):
            yield folder, pattern


def laid_out(place: Place) -> Site | None:
    """Known by a folder of content beside a data file that names the site."""
    named = site_data(place, "data", "_data")
    if named is None or "content" not in place.names():
        return None
    return Site(
        system=SiteSystem.ELEVENTY,
        evidence=f"content/ beside {named.file}",
        content=("content",),
        settings={"laidOut": True},
        name=named.text("title", "name"),
        description=named.text("description"),
        url=named.url("url", "host", "baseUrl", "domain"),
        language=named.text("lang", "language", "locale"),
    )


def site_data(place: Place, *folders: str) -> Settings | None:
    """The data file that names the site."""
    stems = [f"{folder}/{name}" for folder in folders for name in _DATA]
    return place.settings(
        *(f"{stem}.{suffix}" for stem in stems for suffix in ("json", "yaml", "yml"))
    ) or place.script(*(f"{stem}.{suffix}" for stem in stems for suffix in ("js", "cjs", "mjs")))


def _is_required(place: Place) -> bool:
    package = place.settings("package.json")
    return package is not None and any(_PACKAGE in package.mapping(key) for key in ("dependencies", "devDependencies"))

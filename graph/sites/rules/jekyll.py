"""Addresses of Jekyll: https://jekyllrb.com/docs/permalinks/."""

import re
from collections.abc import Mapping
from datetime import datetime
from fnmatch import fnmatchcase
from operator import itemgetter
from zoneinfo import ZoneInfo

from graph.model import JsonValue
from graph.sites.locations import Location
from graph.sites.rules.said import Said, dated_name
from graph.sites.rules.words import jekyll_slug, rooted
from graph.sites.site import Site

_STYLES = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
_POSTS = ("posts", "drafts")
_PLACEHOLDER = re.compile(r":([A-Za-z_]+)")
_INDEX_PAGE = re.compile(r"(?<=/)index(?:\.html)?$")


def address(site: Site, location: Location, said: Said) -> str | None:
    """The address of a document; None if Jekyll makes no page of it."""
    collection, above, below = _collection(site, location)
    if collection is None:
        return _page(site, location, said)
    pattern = said.permalink or _default(site, location, collection) or _pattern(site, collection)
    if pattern is None:
        return None
    values = _values(site, location, said, collection, above, below)
    return _expanded(pattern, values)


def _page(site: Site, location: Location, said: Said) -> str:
    pattern = said.permalink or _default(site, location, "pages")
    if pattern is None:
        is_index = location.name == "index"
        pattern = "/:path/" if is_index else _with_suffix("/:path/:basename", _style(site))
    values = {
        "path": "/".join(location.folders),
        "basename": location.name,
        "name": location.name,
        "output_ext": ".html",
    }
    return _expanded(pattern, values) or "/"


def _style(site: Site) -> str:
    return site.permalinks.get("") or "date"


def _with_suffix(pattern: str, style: str) -> str:
    """The pattern with the end that the style for posts implies."""
    if style in ("date", "ordinal", "none", "weekdate"):
        return f"{pattern}:output_ext" if style != "weekdate" else pattern
    if style == "pretty" or style.endswith("/"):
        return f"{pattern}/"
    return f"{pattern}:output_ext" if style.endswith(":output_ext") else pattern


def _collection(site: Site, location: Location) -> tuple[str | None, tuple[str, ...], tuple[str, ...]]:
    """The collection that the location belongs to, the folders above it, and the parts below it."""
    parts = location.parts
    for index, part in enumerate(location.folders):
        if part in ("_posts", "_drafts"):
            return part[1:], parts[:index], parts[index + 1 :]
    base = site.settings.get("collections_dir", "").strip("/")
    start = len(base.split("/")) if base and location.path.startswith(f"{base}/") else 0
    if len(parts) > start + 1 and parts[start].startswith("_") and not _is_included(site, parts[start]):
        return parts[start][1:], parts[:start], parts[start + 1 :]
    return None, (), parts


def _is_included(site: Site, folder: str) -> bool:
    """Whether a folder whose name begins with an underscore is one of pages all the same."""
    return folder in site.settings.get("include", ()) and folder[1:] not in site.settings.get("collections", ())


def _pattern(site: Site, collection: str) -> str | None:
    own, style = site.permalinks.get(collection), _style(site)
    if collection in _POSTS:
        return _STYLES.get(own or style, own or style)
    return (own or _with_suffix("/:collection/:path", style)) if _has_pages(site, collection) else None


def _has_pages(site: Site, collection: str) -> bool:
    return collection in _POSTS or collection in (site.settings.get("output") or ())


def _default(site: Site, location: Location, kind: str) -> str | None:
    """The permalink among the front matter defaults that counts."""
    if kind != "pages" and not _has_pages(site, kind):
        return None
    links = (values.get("permalink") for values in _scoped(site, location, kind))
    return next(reversed([link for link in links if isinstance(link, str)]), None)


def in_scope(site: Site, location: Location) -> list[Mapping[str, JsonValue]]:
    """The front matter defaults that fit the document, what counts last."""
    return _scoped(site, location, _collection(site, location)[0] or "pages")


def _scoped(site: Site, location: Location, kind: str) -> list[Mapping[str, JsonValue]]:
    """Those of the longest path last, and of one with a type and one without; else as they are written."""
    found: list[tuple[tuple[int, int], Mapping[str, JsonValue]]] = []
    defaults = site.settings.get("defaults")
    path = location.path + location.suffix
    for default in defaults if isinstance(defaults, list) else ():
        scope, values = (default.get("scope"), default.get("values")) if isinstance(default, dict) else (None, None)
        if not isinstance(scope, dict) or not isinstance(values, dict):
            continue
        inside = str(scope.get("path") or "").strip("/")
        wanted = scope.get("type")
        fits = not inside or path == inside or path.startswith(f"{inside}/") or fnmatchcase(path, f"{inside}*")
        rank = (len(inside), 1 if wanted else 0)
        if fits and wanted in (None, "", kind, kind.removesuffix("s")):
            found.append((rank, values))
    return [values for _, values in sorted(found, key=itemgetter(0))]


def _values(
    site: Site, location: Location, said: Said, collection: str, above: tuple[str, ...], below: tuple[str, ...]
) -> dict[str, str]:
    dated = dated_name(location.name)
    slug = said.slug or (dated.name if dated and dated.name else location.name).rstrip(".")
    name = dated.name if dated and dated.name and collection in _POSTS else location.name
    named = (*(above if collection in _POSTS else ()), *said.categories)
    categories = tuple(dict.fromkeys(category.lower() for category in named))
    values = {
        "collection": collection,
        "output_ext": ".html",
        "name": jekyll_slug(name),
        "path": "/".join(below),
        "title": jekyll_slug(slug, pretty=True, cased=True),
        "slug": jekyll_slug(slug),
        "categories": "/".join(categories),
        "slugified_categories": "/".join(map(jekyll_slug, categories)),
    }
    date = _local(site, said.date) or (dated.date if dated else None)
    return values | (_date_values(date) if date else {})


def _local(site: Site, date: datetime | None) -> datetime | None:
    """The date where the site is made: in its time zone, without one in UTC."""
    if date is None or date.tzinfo is None:
        return date
    try:
        return date.astimezone(ZoneInfo(site.settings.get("timezone", "UTC")))
    except OverflowError:
        return date


def _date_values(date: datetime) -> dict[str, str]:
    iso = date.isocalendar()
    return {
        "year": f"{date.year:04}",
        "short_year": f"{date.year % 100:02}",
        "month": f"{date.month:02}",
        "i_month": str(date.month),
        "short_month": f"{date:%b}",
        "long_month": f"{date:%B}",
        "day": f"{date.day:02}",
        "i_day": str(date.day),
        "y_day": f"{date.timetuple().tm_yday:03}",
        "short_day": f"{date:%a}",
        "long_day": f"{date:%A}",
        "week": f"{iso.week:02}",
        "w_year": f"{iso.year:04}",
        "w_day": str(iso.weekday),
        "hour": f"{date.hour:02}",
        "minute": f"{date.minute:02}",
        "second": f"{date.second:02}",
    }


def _expanded(pattern: str, values: Mapping[str, str]) -> str | None:
    """The pattern with its placeholders replaced; None if one has no value, such as a date."""

    def value(match: re.Match[str]) -> str:
        # as Jekyll, the longest name counts that is one: `:title_draft` is the title and `_draft`
        name = match[1]
        while name and name not in values:
            name, _, _ = name.rpartition("_")
        if not name:
            raise KeyError(match[1])
        return values[name] + match[1][len(name) :]

    try:
        path = _PLACEHOLDER.sub(value, pattern)
    except KeyError:
        return None
    return _INDEX_PAGE.sub("", rooted(re.sub("/{2,}", "/", path)))

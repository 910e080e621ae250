"""Addresses of Hugo: https://gohugo.io/content-management/urls/ and https://gohugo.io/configuration/permalinks/."""

import re
from collections.abc import Mapping
from typing import Any

from graph.sites.places import Place
from graph.sites.rules.said import Said, dated_name
from graph.sites.rules.words import directory, hugo_path, joined, rooted
from graph.sites.site import Site

SETTINGS = frozenset(
    {
        *("permalinks", "uglyurls", "disablepathtolower", "removepathaccents", "languages", "frontmatter"),
        *("defaultcontentlanguage", "defaultcontentlanguageinsubdir"),
    }
)
"""In lower case, as Hugo reads its configuration."""

_TOKEN = re.compile(r":(\w+(?:\[[^\]]+\])?)")
_GO_DATES = {"2006": "%Y", "06": "%y", "01": "%m", "02": "%d", "Jan": "%b", "January": "%B"}


def address(site: Site, place: Place, said: Said) -> str | None:
    """The address of a page or a section."""
    prefix = _language_prefix(site, place, said)
    if said.permalink:
        if said.permalink.startswith("/"):
            return rooted(said.permalink) if ":" not in said.permalink else _pattern(site, place, said, said.permalink)
        return rooted(joined((prefix, said.permalink)) + ("/" if said.permalink.endswith("/") else ""))
    pattern = _configured(site, place)
    path = _pattern(site, place, said, pattern) if pattern else _by_path(site, place, said)
    if path is None:
        return None
    is_ugly = _is_ugly(site, place)
    if path == "/" or (pattern and re.search(r"\.html?$", path)):
        return rooted(prefix + path) if prefix else path
    return joined((prefix, path)) + ".html" if is_ugly else directory((prefix, path))


def _setting(site: Site, name: str) -> Any:
    """A setting, however its key is written: Hugo ignores the case."""
    return next((value for key, value in site.settings.items() if key.lower() == name), None)


def _path(site: Site, text: str) -> str:
    return hugo_path(text, not _setting(site, "disablepathtolower"), bool(_setting(site, "removepathaccents")))


def _language_prefix(site: Site, place: Place, said: Said) -> str:
    language = place.language
    default = site.language or "en"
    if not site.languages:
        return ""
    if language is None or language.lower() == default.lower():
        return default.lower() if _setting(site, "defaultcontentlanguageinsubdir") else ""
    return language.lower()


def _is_ugly(site: Site, place: Place) -> bool:
    ugly = _setting(site, "uglyurls")
    if isinstance(ugly, dict):
        ugly = ugly.get(place.parts[0]) if place.folders else False
    return ugly is True and place.name != "_index"


def _by_path(site: Site, place: Place, said: Said) -> str:
    parts = place.parts[:-1] if place.is_index else place.parts
    if said.slug and place.name != "_index" and parts:
        parts = (*parts[:-1], said.slug)
    return joined(_path(site, part) for part in parts)


def _configured(site: Site, place: Place) -> str | None:
    """The pattern that is configured for the place's section, the innermost first."""
    if place.name == "_index":
        kinds: tuple[str, ...] = ("section",)
    else:
        kinds = ("page", "")
    sections = ["/".join(place.folders[:count]) for count in range(len(place.folders), 0, -1)]
    sections += ["/", ""]
    for kind in kinds:
        patterns = _patterns(site, kind)
        for section in sections:
            if section and isinstance(found := patterns.get(section), str):
                return found
    return None


def _patterns(site: Site, kind: str) -> Mapping[str, Any]:
    configured = _setting(site, "permalinks")
    found: dict[str, Any] = {}
    if isinstance(configured, dict):
        nested = configured.get(kind) if kind else configured
        found = {key.strip("/") or "/": value for key, value in nested.items()} if isinstance(nested, dict) else {}
    if kind != "section":
        found |= {key.strip("/") or "/": value for key, value in site.permalinks.items()}
    return found


def _pattern(site: Site, place: Place, said: Said, pattern: str) -> str | None:
    sections = [_path(site, part) for part in (place.folders[:-1] if place.name == "index" else place.folders)]
    name = place.folders[-1] if place.name == "index" and place.folders else place.name
    base = "" if place.name == "_index" else _path(site, name)

    def value(match: re.Match[str]) -> str:
        token = match[1]
        if token.startswith("sections"):
            return "/".join(_sliced(sections, token.removeprefix("sections")))
        match token:
            case "section":
                return sections[0] if sections else ""
            case "filename" | "contentbasename":
                return base
            case "slugorfilename" | "slugorcontentbasename":
                return _path(site, said.slug) if said.slug else base
            case "title" if said.title:
                return _path(site, said.title)
            case "slug" if said.slug or said.title:
                return _path(site, said.slug or said.title or "")
        return _date_part(place, said, token)

    try:
        return rooted(re.sub("/{2,}", "/", _TOKEN.sub(value, pattern)))
    except KeyError:
        return None


def _sliced(sections: list[str], cut: str) -> list[str]:
    """As Go slices: `[0]`, `[last]`, `[1:]`, `[:last]`."""
    if not cut:
        return sections
    bounds = [_bound(bound, len(sections)) for bound in cut.strip("[]").split(":")]
    if len(bounds) == 1:
        place = bounds[0]
        return sections[place : place + 1] if place is not None else []
    return sections[bounds[0] : bounds[1]]


def _bound(text: str, length: int) -> int | None:
    if text == "last":
        return length - 1
    return int(text) if text.isdigit() else None


def _date_part(place: Place, said: Said, token: str) -> str:
    dated = dated_name(place.name)
    date = said.date or (dated.date if dated else None)
    if date is None:
        raise KeyError(token)
    match token:
        case "year":
            return f"{date.year}"
        case "month":
            return f"{date.month:02}"
        case "monthname":
            return f"{date:%B}".lower()
        case "day":
            return f"{date.day:02}"
        case "weekday":
            return str(date.isoweekday() % 7)
        case "weekdayname":
            return f"{date:%A}".lower()
        case "yearday":
            return str(date.timetuple().tm_yday)
    return date.strftime(_GO_DATES[token]).lower()

"""Addresses of Hugo: https://gohugo.io/content-management/urls/ and https://gohugo.io/configuration/permalinks/."""

import re

from graph.sites.locations import Location
from graph.sites.rules.said import Said, dated_name
from graph.sites.rules.words import directory, hugo_path, joined, rooted
from graph.sites.site import Site

_TOKEN = re.compile(r":(\w+(?:\[[^\]]+\])?)")
_GO_DATES = {"2006": "%Y", "06": "%y", "01": "%m", "02": "%d", "Jan": "%b", "January": "%B"}


def address(site: Site, location: Location, said: Said) -> str | None:
    """The address of a page or a section."""
    prefix = _language_prefix(site, location, said)
    if said.permalink:
        if said.permalink.startswith("/"):
            return (
                rooted(said.permalink) if ":" not in said.permalink else _pattern(site, location, said, said.permalink)
            )
        return rooted(joined((prefix, said.permalink)) + ("/" if said.permalink.endswith("/") else ""))
    pattern = _configured(site, location)
    path = _pattern(site, location, said, pattern) if pattern else _by_path(site, location, said)
    if path is None:
        return None
    is_ugly = _is_ugly(site, location)
    if path == "/" or (pattern and re.search(r"\.html?$", path)):
        return rooted(prefix + path) if prefix else path
    return joined((prefix, path)) + ".html" if is_ugly else directory((prefix, path))


def _path(site: Site, text: str) -> str:
    return hugo_path(text, not site.settings.get("disablepathtolower"), bool(site.settings.get("removepathaccents")))


def by_pattern(site: Site, location: Location, said: Said) -> str | None:
    """The address by the pattern of the section alone; None if it has none."""
    pattern = _configured(site, location)
    return _pattern(site, location, said, pattern) if pattern else None


def _language_prefix(site: Site, location: Location, said: Said) -> str:
    language = location.language
    default = site.language or "en"
    if not site.languages:
        return ""
    if language is None or language.lower() == default.lower():
        return default.lower() if site.settings.get("defaultcontentlanguageinsubdir") else ""
    return language.lower()


def _is_ugly(site: Site, location: Location) -> bool:
    ugly = site.settings.get("uglyurls")
    if isinstance(ugly, dict):
        ugly = ugly.get(location.parts[0]) if location.folders else False
    return ugly is True and location.name != "_index"


def _by_path(site: Site, location: Location, said: Said) -> str:
    parts = location.parts[:-1] if location.is_index else location.parts
    if said.slug and location.name != "_index" and parts:
        parts = (*parts[:-1], said.slug)
    return joined(_path(site, part) for part in parts)


def _configured(site: Site, location: Location) -> str | None:
    """The pattern that is configured for the page's section, the innermost first; that of a section for `_index`."""
    if not site.permalinks:
        return None
    kind = "section:" if location.name == "_index" else ""
    patterns = {key.strip("/") or "/": pattern for key, pattern in site.permalinks.items()}
    for count in range(len(location.folders), -1, -1):
        if pattern := patterns.get(kind + ("/".join(location.folders[:count]) or "/")):
            return pattern
    return None


def _pattern(site: Site, location: Location, said: Said, pattern: str) -> str | None:
    sections = [_path(site, part) for part in (location.folders[:-1] if location.name == "index" else location.folders)]
    name = location.folders[-1] if location.name == "index" and location.folders else location.name
    base = "" if location.name == "_index" else _path(site, name)

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
        return _date_part(location, said, token)

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
        location = bounds[0]
        return sections[location : location + 1] if location is not None else []
    return sections[bounds[0] : bounds[1]]


def _bound(text: str, length: int) -> int | None:
    if text == "last":
        return length - 1
    return int(text) if text.isdecimal() else None


def _date_part(location: Location, said: Said, token: str) -> str:
    dated = dated_name(location.name)
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

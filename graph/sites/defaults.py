"""What documents say unless they say otherwise: `defaults` of Jekyll, `cascade` of Hugo, in its configuration and in files `_index`, `DEFAULT_METADATA` of Pelican."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from graph.model import JsonValue
from graph.sites.locations import Location, location_of
from graph.sites.rules.jekyll import in_scope
from graph.sites.site import Site, SiteSystem
from graph.sites.vocabulary import folded

_TARGETS = ("target", "_target")
_LONGEST_PATTERN, _MOST_WILDCARDS = 300, 8
"""Of a pattern of paths; a longer one fits nothing."""
_WILDCARD = re.compile(r"\*\*|\*|\?|\{[^{}]*\}")


class Default(NamedTuple):
    """A value that somebody else says for a document."""

    value: JsonValue
    file: str
    """Where it stands, as problems name files."""


def defaults(site: Site, label: str) -> Mapping[str, Default]:
    """What the document with this label says by default, by key. A permalink of Jekyll is a matter of the rules of addresses."""
    found: dict[str, Default] = {}
    if site.system is SiteSystem.JEKYLL and site.settings.get("defaults"):
        location = location_of(site, label)
        if location.language_folder:  # a folder like others to Jekyll
            location = replace(location, path=f"{location.language_folder}/{location.path}")
        for values in in_scope(site, location):  # what is said last counts
            found |= {key: Default(value, _file(site)) for key, value in values.items() if key != "permalink"}
    elif site.system is SiteSystem.HUGO and (site.cascades or site.settings.get("cascade")):
        for file, values in _cascading(site, location_of(site, label)):  # what is said first counts
            for key, value in values.items():
                found.setdefault(folded(key), Default(value, file))
    elif site.system is SiteSystem.PELICAN:
        found = {key: Default(value, _file(site)) for key, value in site.settings.get("DEFAULT_METADATA", {}).items()}
    return found


def _file(site: Site) -> str:
    """The configuration."""
    return str(site.settings.get("saidIn") or site.evidence)


def _cascading(site: Site, location: Location) -> Iterator[tuple[str, Mapping[str, JsonValue]]]:
    """What cascades to a page, each with its file: from the nearest section first, from the configuration last."""
    language = location.language or site.language
    above = [
        cascade
        for cascade in site.cascades
        if f"{'/'.join(location.folders)}/".startswith(f"{cascade['section']}/".lstrip("/"))
        and (cascade["language"] or site.language) == language
    ]
    for cascade in sorted(above, key=lambda cascade: -len(cascade["section"])):
        for values in _fitting(site, location, cascade["values"]):
            yield cascade["file"], values
    for values in _fitting(site, location, site.settings.get("cascade")):
        yield _file(site), values


def _fitting(site: Site, location: Location, cascade: object) -> Iterator[Mapping[str, JsonValue]]:
    """The values of a cascade, or of each in a list, whose target the page is."""
    for each in cascade if isinstance(cascade, list) else [cascade]:
        if isinstance(each, dict):
            said = {str(key).lower(): value for key, value in each.items()}
            if _is_target(site, location, next((said[key] for key in _TARGETS if key in said), None)):
                yield {key: value for key, value in each.items() if str(key).lower() not in _TARGETS}


def _is_target(site: Site, location: Location, target: object) -> bool:
    """Whether all conditions hold; one that is not known here does not."""
    if target is None:
        return True
    if not isinstance(target, dict):
        return False
    is_section = location.name == "_index"
    facts = {
        "path": f"/{location.standing}".lower(),
        "kind": ("section" if location.folders else "home") if is_section else "page",
        "lang": location.language or site.language or "",
        "environment": "production",
    }
    if is_section and location.folders and location.folders[0] in site.taxonomies:
        facts["kind"] = "term" if len(location.folders) > 1 else "taxonomy"
    return all(
        key.lower() in facts and isinstance(wanted, str) and _fits(wanted.lower(), facts[key.lower()].lower())
        for key, wanted in target.items()
    )


def _fits(pattern: str, text: str) -> bool:
    compiled = _compiled(pattern)
    return compiled is not None and compiled.fullmatch(text) is not None


@lru_cache(256)
def _compiled(pattern: str) -> "re.Pattern[str] | None":
    """As Hugo has patterns: `*` is anything in one part of a path, `**` in several, `{a,b}` either of the two."""
    if len(pattern) > _LONGEST_PATTERN or len(_WILDCARD.findall(pattern)) > _MOST_WILDCARDS:
        return None
    pieces: list[str] = []
    place = 0
    for found in _WILDCARD.finditer(pattern):
        pieces += (re.escape(pattern[place : found.start()]), _as_expression(found[0]))
        place = found.end()
    return re.compile("".join((*pieces, re.escape(pattern[place:]))))


def _as_expression(wildcard: str) -> str:
    match wildcard:
        case "**":
            return ".*"
        case "*":
            return "[^/]*"
        case "?":
            return "[^/]"
    return f"(?:{'|'.join(_any_in(choice) for choice in wildcard[1:-1].split(','))})"


def _any_in(choice: str) -> str:
    return re.escape(choice).replace(r"\*\*", ".*").replace(r"\*", "[^/]*")

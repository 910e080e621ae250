"""`frontgraph.toml`: what an owner says of a site, over whatever was recognised."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from graph.problems import quote
from graph.sites.patterns import Patterns
from graph.sites.settings import Settings
from graph.sites.site import Site, SiteSystem
from graph.sites.vocabulary import FIELD_NAMES

LINK_KINDS: Mapping[str, tuple[str, ...]] = {
    "wikilinks": ("wiki",),
    "addresses": ("url",),
    "references": ("ref", "post", "file"),
}
"""What the links in bodies may be written as: `[[Note]]`; an address in markdown or HTML; `ref`, `relref`, `post_url`, `link` and `@/`. By each
the values of `graph.bodies.targets.LinkStyle` that are meant."""


@dataclass(frozen=True)
class Key:
    """A key of `frontgraph.toml`."""

    meaning: str
    kind: str
    """`text`, `texts`, or `open`: a mapping of keys that the owner chooses."""
    choices: tuple[str, ...] = ()
    """The only values, where they are few."""


SYSTEMS = tuple(system.value.lower() for system in SiteSystem)
HIDING = ("draft", "expired", "future")
TABLES: Mapping[str, Mapping[str, Key] | Key] = {
    "site": {
        "system": Key("What makes pages of the documents.", "text", SYSTEMS),
        "name": Key("The site's name, which is that of the provider of its articles.", "text"),
        "description": Key("What the site says of itself, which is the text of that provider.", "text"),
        "url": Key("The address of the start page.", "text"),
        "language": Key("The language of documents that say none.", "text"),
        "languages": Key("All languages of the site.", "texts"),
    },
    "content": {
        "folders": Key("The folders of documents; `.` is the folder of this file.", "texts"),
        "exclude": Key("What is no content: patterns as in `.gitignore`, `!` takes back.", "texts"),
    },
    "fields": Key("By the name of a field the keys that mean it in front matter, before all others.", "open"),
    "taxonomies": Key(
        "By a key in front matter the name of the taxonomy whose terms it lists; a key that means a field, such as `series`, stays that.",
        "open",
    ),
    "permalinks": Key(
        "By section or collection the pattern of addresses, as the site's system writes them; in a plain folder as Hugo does.",
        "open",
    ),
    "hidden": {
        "when": Key("By a key in front matter the value that hides a document.", "open"),
        "show": Key("What is shown though the system would hide it.", "texts", HIDING),
    },
    "links": {
        "kinds": Key(
            "Which links in bodies count: `[[Note]]`, addresses in markdown and HTML, references to files (`ref`, `post_url`, `@/`); all, unless said.",
            "texts",
            tuple(LINK_KINDS),
        )
    },
}
"""All that the file may hold."""


def said_system(own: Settings) -> SiteSystem | None:
    """The system that the owner names; a name that is none is told by `as_said`."""
    text = own.mapping("site").get("system")
    return SiteSystem(text.upper()) if isinstance(text, str) and text.lower() in SYSTEMS else None


def as_said(site: Site, own: Settings) -> Site:
    """The site with what its owner says; a key or value that is unknown is a problem."""
    _check_keys(own)
    said, content, hidden = own.mapping("site"), own.mapping("content"), own.mapping("hidden")
    system = said_system(own)
    changes: dict[str, Any] = {
        "system": system,
        "name": said.text("name"),
        "description": said.text("description"),
        "url": said.url("url"),
        "language": said.text("language"),
        "languages": said.texts("languages"),
        "content": tuple(_folders(content)),
        "exclude_said": _patterns(content),
        "synonyms": {**site.synonyms, **dict(_synonyms(own.mapping("fields")))},
        "hidden_when": hidden.mapping("when").get_all(),
        "shown": tuple(dict.fromkeys((*site.shown, *_chosen(hidden, "show", HIDING)))),
        "link_styles": tuple(
            style for kind in _chosen(own.mapping("links"), "kinds", tuple(LINK_KINDS)) for style in LINK_KINDS[kind]
        ),
    }
    changes = {key: value for key, value in changes.items() if value not in (None, (), {})}
    if "content" in changes:
        changes["routes"] = {folder: route for folder, route in site.routes.items() if folder in changes["content"]}
    return replace(
        site,
        **changes,
        evidence=own.file if system or site.evidence is None else site.evidence,
        permalinks={**site.permalinks, **own.mapping("permalinks").patterns()},
        taxonomies={**site.taxonomies, **own.mapping("taxonomies").patterns()},
    )


def _check_keys(own: Settings) -> None:
    for table in own:
        known = TABLES.get(table)
        if known is None:
            own.remark(_unknown(table, TABLES), table)
        elif not isinstance(known, Key):
            inside = own.mapping(table)
            for key in inside:
                if key not in known:
                    inside.remark(_unknown(key, known), key)
    said = own.mapping("site")
    if (system := said.text("system")) and said_system(own) is None:
        said.remark(_unknown(system, SYSTEMS, "system"), "system")


def _unknown(key: str, known: Iterable[str], kind: str = "key") -> str:
    near = get_close_matches(key.lower(), known, 1)
    advice = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(f'`{name}`' for name in known)}."
    return f"{quote(key)} is no {kind} here: {advice}"


def _folders(content: Settings) -> Iterator[str]:
    for folder in content.texts("folders"):
        parts = [part for part in folder.replace("\\", "/").split("/") if part not in ("", ".")]
        if ".." in parts:
            content.remark(f"{quote(folder)} leads out of the folder of this file; put the file further up.", "folders")
        else:
            yield "/".join(parts)


def _patterns(content: Settings) -> tuple[str, ...]:
    lines = content.texts("exclude")
    for bad in Patterns(lines).bad:
        content.remark(f"{quote(lines[bad.line - 1])} does not count: {bad.reason}.", "exclude")
    return lines


def _chosen(settings: Settings, key: str, choices: tuple[str, ...]) -> Iterator[str]:
    for text in settings.texts(key):
        if text in choices:
            yield text
        else:
            settings.remark(_unknown(text, choices, "value"), key)


def _synonyms(fields: Settings) -> Iterator[tuple[str, list[str]]]:
    for field in fields:
        if field not in FIELD_NAMES:
            fields.remark(_unknown(field, FIELD_NAMES, "field"), field)
            continue
        if names := fields.texts(field):
            yield field, list(names)

"""What a site generator would not publish, and when it would."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from graph.model import JsonValue
from graph.reading.field_reader import FieldReader
from graph.reading.records import HiddenReason
from graph.sites.patterns import patterns_of
from graph.sites.site import Site, SiteSystem
from graph.sites.vocabulary import Resolved, folded

_FLAGS = (
    ("published", False, HiddenReason.PUBLISHED_FALSE),
    ("publish", False, HiddenReason.PUBLISH_FALSE),
    ("removed", True, HiddenReason.REMOVED),
    ("deleted", True, HiddenReason.DELETED),
    ("draft", True, HiddenReason.DRAFT),
    ("unlisted", True, HiddenReason.UNLISTED),
    ("headless", True, HiddenReason.HEADLESS),
    ("excluded", True, HiddenReason.NOT_RENDERED),
)
"""The fields that hide a file, with the value that does."""
_HIDING_STATES = frozenset({"draft", "drafts", "pending", "private", "trash", "scheduled", "hidden"})
_DRAFTS = frozenset({HiddenReason.DRAFT, HiddenReason.DRAFTS_FOLDER, HiddenReason.STATUS})
_PUBLICATION = frozenset(
    map(
        folded,
        (
            *(
                "publishedDateTime",
                "date",
                "datePublished",
                "publishedDate",
                "publishDate",
                "publishedAt",
                "publishedOn",
            ),
            *("published", "pubDate", "publicationDate", "postDate"),
        ),
    )
)
"""The keys that say when a document is published."""
_WAIT_FOR_DATES = frozenset({SiteSystem.JEKYLL, SiteSystem.HUGO, SiteSystem.PLAIN})
"""Where what is dated in the future is left out."""
_DRAFTS_FOLDER = "_drafts"


@dataclass(frozen=True, slots=True)
class Visibility:
    """Whether, and when, a file is published."""

    hidden: HiddenReason | None = None
    """Why it is not, whatever the time is."""
    visible_from: datetime | None = None
    visible_until: datetime | None = None


def hiding_reason(reader: FieldReader, folders: Sequence[str] = ()) -> HiddenReason | None:
    """Why a file below these folders is not published, whatever the time is, by what it says."""
    reasons = [reason for field, hiding, reason in _FLAGS if field in reader.fields and reader.boolean(field) is hiding]
    if _DRAFTS_FOLDER in folders:
        reasons.append(HiddenReason.DRAFTS_FOLDER)
    status = reader.fields.get("status")
    if isinstance(status, str) and status.strip().lower() in _HIDING_STATES:
        reasons.append(HiddenReason.STATUS)
    if _is_not_rendered(reader):
        reasons.append(HiddenReason.NOT_RENDERED)
    return reasons[0] if reasons else None


def visibility(reader: FieldReader, label: str, published: datetime | None, site: Site) -> Visibility:
    """Whether, and when, the document with this label is published; it is dated so."""
    begins = reader.date_time("publishDate") if "publishDate" in reader.fields else None
    if begins is None and _is_of_publication(reader, site):
        begins = published
    return Visibility(
        hiding_reason(reader, label.split("/")[:-1]) or _by_place(label, site),
        begins if site.system in _WAIT_FOR_DATES else None,
        reader.date_time("expiryDate"),
    )


def _by_place(label: str, site: Site) -> HiddenReason | None:
    return HiddenReason.DRAFTS_FOLDER if site.drafts and patterns_of(site.drafts).verdict(site.path(label)) else None


def _is_of_publication(reader: FieldReader, site: Site) -> bool:
    """Whether the date says when the document is published: not when it was begun, nor when an event takes place."""
    name = folded(".".join(map(str, reader.place("publishedDateTime"))))
    return name in _PUBLICATION or name in map(folded, site.synonyms.get("publishedDateTime", ()))


def as_owner_says(visible: Visibility, said: Resolved, fields: Mapping[str, JsonValue], site: Site) -> Visibility:
    """What the owner of the site shows all the same, or hides beside."""
    if site.shown:
        is_shown = ("draft" in site.shown and visible.hidden in _DRAFTS) or (
            "unpublished" in site.shown and visible.hidden is HiddenReason.PUBLISHED_FALSE
        )
        visible = Visibility(
            None if is_shown else visible.hidden,
            None if "future" in site.shown else visible.visible_from,
            None if "expired" in site.shown else visible.visible_until,
        )
    for key, hiding in site.hidden_when.items():
        written = said.keys.get(folded(key))
        if visible.hidden is None and written is not None and _is_alike(fields[written], hiding):
            visible = replace(visible, hidden=HiddenReason.CONFIGURED)
    return visible


def _is_alike(value: JsonValue, hiding: JsonValue) -> bool:
    """Whether the value is the one that hides, or a list that holds it; text counts whatever its case."""
    values = value if isinstance(value, list) and not isinstance(hiding, list) else [value]
    if isinstance(hiding, str):
        return any(isinstance(item, str) and item.casefold() == hiding.casefold() for item in values)
    return any(type(item) is type(hiding) and item == hiding for item in values)


def _is_not_rendered(reader: FieldReader) -> bool:
    """Whether no page is made of the file: Eleventy's `permalink: false`, Hugo's `build: {render: never}`."""
    build = reader.fields.get("build")
    return reader.fields.get("permalink") is False or (
        isinstance(build, dict) and build.get("render") in ("never", False)
    )

"""`Manifest`: what is told of a graph beside its tables, and its form as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from graph.building.inventory import Inventory
from graph.building.snapshot import GraphSnapshot
from graph.dates import format_date_time
from graph.reading.records import HiddenReason
from graph.reading.site_roots import LeftOut
from graph.sites.content import NotRead
from graph.sites.site import Site

FORMAT = 1
"""The number of the layout; a reader takes no other."""


class ManifestError(ValueError):
    """JSON that is no manifest, or one of another version of the program."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is told of a graph beside its tables."""

    version: str
    """Of the snapshot."""
    loaded_at: datetime
    unpublished: bool
    """Whether what a site would hide is in the graph."""
    inventory: Inventory
    sites: tuple[Site, ...]


def facts_of(snapshot: GraphSnapshot, unpublished: bool) -> dict[str, Any]:
    """The manifest of a snapshot, as JSON has it."""
    inventory = snapshot.inventory
    return {
        "frontgraph": FORMAT,
        "version": snapshot.version,
        "loadedAt": format_date_time(snapshot.loaded_at),
        "unpublished": unpublished,
        "inventory": {
            "sites": [[site.to_json(), count] for site, count in inventory.sites],
            "fileCount": inventory.file_count,
            "hidden": {reason.name: count for reason, count in inventory.hidden.items()},
            "notRead": {
                reason.name: {"files": part.files, "folders": part.folders, "example": part.example}
                for reason, part in inventory.not_read.items()
            },
        },
        "sites": [site.to_json() for site in snapshot.lookups.sites],
    }


def says_the_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two manifests, as JSON has them, tell of one graph, whenever it was loaded."""
    one_text, other_text = (
        orjson.dumps({**facts, "loadedAt": None}, option=orjson.OPT_SORT_KEYS) for facts in (one, other)
    )
    return one_text == other_text


def manifest_of(values: Mapping[str, Any]) -> Manifest:
    """The manifest of which `facts_of` made this.

    Raises:
        ManifestError: it is none.
    """
    try:
        if values["frontgraph"] != FORMAT:
            raise ManifestError("It has another layout.")
        return Manifest(
            values["version"],
            datetime.fromisoformat(values["loadedAt"]),
            values["unpublished"],
            _inventory(values["inventory"]),
            tuple(map(Site.from_json, values["sites"])),
        )
    except (LookupError, TypeError, ValueError, AttributeError) as cause:
        raise ManifestError(str(cause)) from cause


def _inventory(values: Mapping[str, Any]) -> Inventory:
    return Inventory(
        [(Site.from_json(site), count) for site, count in values["sites"]],
        values["fileCount"],
        {HiddenReason[name]: count for name, count in values["hidden"].items()},
        {NotRead[name]: LeftOut(**part) for name, part in values["notRead"].items()},
    )

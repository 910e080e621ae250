"""What the modules of the systems share."""

from collections.abc import Mapping

from graph.model import JsonValue
from graph.sites.place import Place


def existing(place: Place, *folders: str | None) -> tuple[str, ...]:
    """Those of these folders that are there, each once; the whole place if none is."""
    cleaned = (clean_folder(folder) for folder in folders)
    found = tuple(dict.fromkeys(folder for folder in cleaned if folder and place.names(folder)))
    return found or ("",)


def clean_folder(folder: str | None) -> str | None:
    """A path below the place, without slashes at its ends; None if it leads out of it."""
    parts = [part for part in (folder or "").replace("\\", "/").split("/") if part not in ("", ".")]
    return None if ".." in parts else "/".join(parts)


def given(values: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Those of the settings that say something."""
    return {key: value for key, value in values.items() if value not in (None, [], {})}


def address(url: str | None, base: str | None) -> str | None:
    """The address of the start page from that of the host and the path below it; None without a host."""
    path = (base or "").strip("/")
    return f"{url}/{path}" if url and path and "://" not in path else url

"""`Sites`: the sites in a loaded folder, found while it is listed; and which of them a file belongs to."""

import os
from collections.abc import Iterator, Set
from dataclasses import replace
from pathlib import Path

from graph.problems import Problem
from graph.reading.site_places import DiskPlace
from graph.sites.recognition import CONFIGURATIONS, configured_site, recognised_site
from graph.sites.site import PLAIN_SITE, Site

_LEVELS_ABOVE = 4
"""Folders above the loaded one that may be the root of its site."""


class Sites:
    """The sites whose documents stand in one loaded folder."""

    def __init__(self, label: str, root: str) -> None:
        """`label` is what stands before the names of what the folder holds; `root` is where it is, without links."""
        self.problems: list[Problem] = []
        self._label = label
        self._root = root
        self._by_folder: dict[str, Site] = {}
        """The sites by the labels of their roots and of their folders of documents, each with a slash at its end."""

    def enter(self, label: str, real: str, names: Set[str]) -> bool:
        """Looks whether a site begins in the folder that is being listed; True if it is one of documents.

        The loaded folder comes first.
        """
        if label == self._label or not CONFIGURATIONS.isdisjoint(names):
            self._recognise(label, real)
        site = self._by_folder.get(label)
        return site is not None and any(site.content) and label != site.label

    def site_of(self, label: str) -> Site:
        """The site of a file, by its label."""
        folder = label
        while folder not in self._by_folder and folder != self._label:
            folder = folder[: folder.rstrip("/").rfind("/") + 1]
        return self._by_folder.get(folder, PLAIN_SITE)

    def _recognise(self, label: str, real: str) -> None:
        is_loaded = label == self._label
        place = DiskPlace(real, label, self._root)
        site = configured_site(place) or (is_loaded and self._site_above()) or None
        if site is None and is_loaded:
            site = recognised_site(place)
        if site is None:
            return
        self.problems.extend(place.problems)
        if not site.above:
            site = self._placed(replace(site, label=label))
            self._by_folder |= {f"{site.label}{folder}/": site for folder in site.content if folder}
        self._by_folder[label] = site

    def _placed(self, site: Site) -> Site:
        """The site with all its folders below its root: documents may stand beside its configuration (`../docs`)."""
        up = max((folder.count("../") + (folder == "..") for folder in site.content), default=0)
        parts = site.label.removeprefix(self._label).split("/")[:-1]
        if up == 0:
            return site
        if up > len(parts):
            outside = {folder for folder in site.content if folder.startswith("..")}
            return replace(site, content=tuple(folder for folder in site.content if folder not in outside) or ("",))
        return _from_above(
            site,
            "/".join(parts[len(parts) - up :]),
            self._label + "".join(f"{part}/" for part in parts[: len(parts) - up]),
        )

    def _site_above(self) -> Site | None:
        """The site of which the loaded folder is a part, by a configuration in a folder above it."""
        for above in self._folders_above():
            relative = Path(self._root).relative_to(above).as_posix()
            place = DiskPlace(str(above), "../" * (relative.count("/") + 1), str(above))
            if CONFIGURATIONS.isdisjoint(place.names()) or (site := configured_site(place)) is None:
                continue
            self.problems.extend(place.problems)
            if any(not folder or f"{relative}/".startswith(f"{folder}/") for folder in site.content):
                return replace(site, label=self._label, above=f"{relative}/")
            return None
        return None

    def _folders_above(self) -> Iterator[Path]:
        """Those that may belong to the same repository, the nearest first."""
        folder = Path(self._root)
        for above in folder.parents[:_LEVELS_ABOVE]:
            if (folder / ".git").exists() or above in (Path.home(), Path(above.anchor)):
                return
            yield above
            folder = above


def _from_above(site: Site, below: str, label: str) -> Site:
    """The site as it looks from a folder above its own root."""

    def moved(folder: str) -> str:
        path = os.path.normpath(os.path.join(below, folder)).replace(os.sep, "/")
        return "" if path == "." else path

    return replace(
        site,
        label=label,
        content=tuple(moved(folder) for folder in site.content),
        routes={moved(folder): route for folder, route in site.routes.items()},
        content_languages={moved(folder): language for folder, language in site.content_languages.items()},
        exclude=tuple(_moved_pattern(below, pattern) for pattern in site.exclude),
        settings={**site.settings, "blogs": [moved(folder) for folder in site.settings.get("blogs", ())]},
    )


def _moved_pattern(below: str, pattern: str) -> str:
    is_anchored = "/" in pattern.rstrip("/") and not pattern.startswith("**/")
    return f"/{below}/{pattern.lstrip('/')}" if is_anchored else pattern

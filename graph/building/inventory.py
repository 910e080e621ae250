"""`Inventory`: what the loaded folders are, and what of them is in the graph and what is not."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from graph.reading.records import HiddenReason
from graph.reading.site_roots import LeftOut
from graph.sites.content import NOT_READ_MEANINGS, NotRead
from graph.sites.site import Site, SiteSystem

_SHOWN = 4
"""Folders and hidden reasons that a line names."""


@dataclass(frozen=True, slots=True)
class Inventory:
    """Told of files; how many articles there are is told by the graph."""

    sites: Sequence[tuple[Site, int]] = ()
    """Each with how many of its files were read, in the order in which they were found; a folder that is no site of a known system is one of its own."""
    file_count: int = 0
    hidden: Mapping[HiddenReason, int] = field(default_factory=dict)
    """Files that are read and not shown, by reason, the most frequent first; none where all are shown."""
    not_read: Mapping[NotRead, LeftOut] = field(default_factory=dict)
    """In the order of the reasons."""

    @property
    def hidden_count(self) -> int:
        return sum(self.hidden.values())


def hidden_by_reason(reasons: Sequence[HiddenReason]) -> Mapping[HiddenReason, int]:
    """How often each reason occurs, the most frequent first."""
    return dict(Counter(reasons).most_common())


def told(inventory: Inventory) -> Iterator[str]:
    """The inventory in a few sentences, each fit for a line."""
    for site, count in inventory.sites:
        if site.system is not SiteSystem.PLAIN or site.evidence or count == inventory.file_count:
            yield f"{site_line(site)}: {_files(count)} read."
        elif count:
            yield f"{_place(site)}: {_files(count)} read beside that, of no known system."
    if inventory.hidden:
        parts = [f"{count:,} {_hidden(reason)}" for reason, count in inventory.hidden.items()]
        yield f"Hidden: {', '.join(parts)}; add --unpublished to see them."
    for reason, part in inventory.not_read.items():
        yield f"Not read: {_left_out(part)} ({NOT_READ_MEANINGS[reason]})."


def nothing_found(inventory: Inventory) -> str:
    """Why the folders give no article, and what to do."""
    if inventory.hidden_count:
        found = (
            "the 1 file that was found is"
            if inventory.hidden_count == 1
            else f"all {inventory.hidden_count:,} files that were found are"
        )
        return f"There is no article: {found} hidden. Add --unpublished to see {'it' if inventory.hidden_count == 1 else 'them'}."
    if inventory.file_count:
        return f"There is no article in the {_files(inventory.file_count)} read; `frontgraph check` says what is wrong."
    if inventory.not_read:
        return "There is no article: everything that could be one is left out. Name the folder of documents, or take it back with `--exclude '!PATTERN'`."
    return "There is no article: no markdown file was found. Name the folder that holds the documents."


def site_line(site: Site) -> str:
    """What a site was recognised as, and by what."""
    system = "Plain folder" if site.system is SiteSystem.PLAIN else _NAMES.get(site.system, site.system.value.title())
    name = f" “{site.name}”" if site.name else ""
    at = f" at {site.url}" if site.url else ""
    by = f", recognised by {site.evidence}" if site.evidence else ""
    return f"{system}{name}{at}{f' in {_place(site)}' if site.label else ''}{by}"


_NAMES = {SiteSystem.MKDOCS: "MkDocs"}


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count:,} files"


def _place(site: Site) -> str:
    return site.label.rstrip("/") or "."


def _hidden(reason: HiddenReason) -> str:
    return f"by `{reason.value}`" if ":" in reason.value else f"({reason.value})"


def _left_out(part: LeftOut) -> str:
    shown = part.folders[:_SHOWN]
    more = len(part.folders) - len(shown)
    folders = ", ".join(shown) + (f" and {more:,} more folders" if more else "")
    files = f"{_files(part.files)} such as {part.example}" if part.files else ""
    return "; ".join(filter(None, (folders, files)))

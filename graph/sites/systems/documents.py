"""Systems that documents tell of themselves, where nothing else in the folder does."""

import re
from collections.abc import Callable, Sequence

from graph.sites.site import Site, SiteSystem

SAMPLE = 32
"""Documents that are looked into at most, spread evenly."""

_ZOLA = re.compile(
    r"^(?:sort_by|paginate_by|page_template|insert_anchor_links|transparent)\s*=|^\[(?:taxonomies|extra)\]",
    re.MULTILINE,
)
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
_WIKILINK = re.compile(r"(?<!\[)\[\[[^\s\[\]][^\[\]\n]*\]\]")

Beginning = Callable[[str], str]
"""What a document begins with, by its path."""


def told(name: str, paths: Sequence[str], beginning: Beginning) -> Site | None:
    """The system of the folder of this name that holds these documents; None if they do not tell."""
    return _sections(paths, beginning) or _notes(name, paths, beginning)


def _sections(paths: Sequence[str], beginning: Beginning) -> Site | None:
    """Hugo and Zola describe a folder in a file `_index.md`."""
    found = next((path for path in paths if path.rpartition("/")[2] == "_index.md"), None)
    if found is None:
        return None
    text = beginning(found)
    is_zola = text.startswith("+++") and _ZOLA.search(text.partition("\n+++")[0])
    return Site(system=SiteSystem.ZOLA if is_zola else SiteSystem.HUGO, evidence="files _index.md")


def _notes(name: str, paths: Sequence[str], beginning: Beginning) -> Site | None:
    """A vault of Obsidian links its notes by their names."""
    notes = [path for path in paths if path.lower().endswith(".md")]
    chosen = notes[:: max(1, len(notes) // SAMPLE)][:SAMPLE]
    linking = sum(bool(_WIKILINK.search(_CODE.sub("", beginning(path)))) for path in chosen)
    if linking < 2 or 2 * linking < len(chosen):
        return None
    return Site(system=SiteSystem.OBSIDIAN, evidence="links such as [[Note]]", name=name or None)

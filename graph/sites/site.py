"""`Site`: what is known of a folder of documents beyond the documents themselves."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any, Self

import orjson


class SiteSystem(Enum):
    """What makes pages of the documents."""

    JEKYLL = "JEKYLL"
    HUGO = "HUGO"
    ZOLA = "ZOLA"
    ELEVENTY = "ELEVENTY"
    DOCUSAURUS = "DOCUSAURUS"
    MKDOCS = "MKDOCS"
    OBSIDIAN = "OBSIDIAN"
    ASTRO = "ASTRO"
    PELICAN = "PELICAN"
    PLAIN = "PLAIN"
    """Nothing that is known: markdown files with front matter."""


@dataclass(frozen=True, kw_only=True)
class Site:
    """A folder that one system makes pages of. All of it is text, numbers, lists and mappings of these, so that it can be sent."""

    system: SiteSystem = SiteSystem.PLAIN
    evidence: str | None = None
    """By what it was recognised: a file or folder of its root; None for a plain folder."""
    label: str = ""
    """Where its root stands, as the labels of its files begin: nothing, or ends with a slash."""
    above: str = ""
    """The path from its root down to the loaded folder, where only a part of the site was loaded: nothing, or ends with a slash."""
    content: tuple[str, ...] = ("",)
    """The folders of documents below the root, each without a slash at its ends; addresses count from there."""
    routes: Mapping[str, str] = field(default_factory=dict)
    """By the folder of documents the path that its addresses begin with, without slashes at its ends, where that is not empty."""
    content_languages: Mapping[str, str] = field(default_factory=dict)
    """By the folder of documents their language, where the configuration says so."""
    name: str | None = None
    description: str | None = None
    """What it says of itself."""
    url: str | None = None
    """The address of its start page, without a slash at its end: `https://example.org/blog`."""
    language: str | None = None
    """The language of documents that say none."""
    languages: tuple[str, ...] = ()
    """All languages that the site is configured for."""
    permalinks: Mapping[str, str] = field(default_factory=dict)
    """The patterns of addresses as the system writes them, by what they are for (a section or a collection; "" for all others)."""
    taxonomies: Mapping[str, str] = field(default_factory=dict)
    """By the key in front matter the name of the taxonomy; empty where the system's usual ones hold."""
    synonyms: Mapping[str, list[str]] = field(default_factory=dict)
    """By field the keys that mean it in front matter, before all others."""
    hidden_when: Mapping[str, Any] = field(default_factory=dict)
    """By a key in front matter the value that hides a document."""
    shown: tuple[str, ...] = ()
    """What is shown though the system would hide it: `draft`, `expired`, `future`, `unpublished`."""
    time_zone: str | None = None
    """Of times in front matter that are written without one."""
    drafts: tuple[str, ...] = ()
    """What is a draft by its place: patterns as in `.gitignore`, which count from the root."""
    link_styles: tuple[str, ...] = ()
    """Which links in bodies count, by the values of `graph.bodies.targets.LinkStyle`; empty for all."""
    exclude: tuple[str, ...] = ()
    """What is no content though it looks like it: patterns as in `.gitignore`, which count from the root."""
    exclude_said: tuple[str, ...] = ()
    """Patterns of the owner, which go before all others."""
    persons: Mapping[str, Any] = field(default_factory=dict)
    """What the configuration says of authors, by the keys by which documents name them."""
    cascades: tuple[Mapping[str, Any], ...] = ()
    """What files `_index` of Hugo say for all pages below: `file`, `section`, `language`, and `values` as the file has them."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """What else concerns addresses, dates and visibility, in the system's own words and forms; Hugo's keys in lower case."""

    def path(self, label: str) -> str:
        """Where a file of this site stands below its root."""
        return self.above + label.removeprefix(self.label)

    def content_path(self, label: str) -> tuple[str, str]:
        """The folder of documents that a file of this site stands in, and its path below that."""
        path = self.path(label)
        if len(self.content) == 1 and not self.content[0]:
            return "", path
        folders = [folder for folder in self.content if not folder or path.startswith(f"{folder}/")]
        folder = max(folders, key=len, default="")
        return folder, path[len(folder) :].lstrip("/")

    @cached_property
    def fingerprint(self) -> bytes:
        """Equal for equal sites: what a file says depends on this too."""
        return hashlib.sha256(orjson.dumps(self.to_json(), option=orjson.OPT_SORT_KEYS)).digest()[:16]

    def to_json(self) -> dict[str, Any]:
        """All of it as JSON has it."""
        return {**asdict(self), "system": self.system.value}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """The site of which `to_json` made this."""
        known: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
        }
        return cls(**known | {"system": SiteSystem(values["system"])})


PLAIN_SITE = Site()

"""`Place`: what recognition sees of a folder, whoever reads it from the disk."""

from typing import Protocol

from graph.sites.settings import Settings


class Place(Protocol):
    """A folder that may be the root of a site. Paths are below it, with forward slashes."""

    @property
    def name(self) -> str:
        """Its own name."""
        ...

    def names(self, folder: str = "") -> frozenset[str]:
        """The names of all that a folder below it holds, hidden ones too; none if there is no such folder."""
        ...

    def settings(self, *paths: str) -> Settings | None:
        """The first of these YAML, TOML or JSON files that is there; empty if it cannot be read, which is a problem."""
        ...

    def text(self, *paths: str) -> tuple[str, str] | None:
        """The first of these files that is there: its path below this folder, and what it holds."""
        ...

    def script(self, *paths: str) -> Settings | None:
        """The first of these scripts that is there: the object that it exports, as far as that can be read without running it."""
        ...

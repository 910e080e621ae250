"""`SiteOptions`: what whoever loads folders says of their sites."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SiteOptions:
    """Applies to every folder that is loaded, and goes before its configuration."""

    url: str | None = None
    """The address of the start page."""
    exclude: tuple[str, ...] = ()
    """Patterns as in `.gitignore`, which count from each folder."""
    configuration: Path | None = None
    """What to read in place of the folder's own `frontgraph.toml`."""


NO_OPTIONS = SiteOptions()

"""`SiteOptions`: what whoever loads folders says of their sites."""

from collections.abc import Iterable
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from graph.errors import UrlError
from graph.links import clean_url


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


def site_options(
    url: str | None = None, exclude: Iterable[str] = (), configuration: str | PathLike[str] | None = None
) -> SiteOptions:
    """The options as people write them: the address may lack its scheme.

    Raises:
        UrlError: the address is none.
    """
    address = url and clean_url(url if "://" in url else f"https://{url}")
    if url is not None and not address:
        raise UrlError(f"{url} is no address; write it as https://example.org")
    return SiteOptions(
        address.rstrip("/") if address else None, tuple(exclude), Path(configuration) if configuration else None
    )

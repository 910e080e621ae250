"""A folder → the site that it is."""

from collections.abc import Callable
from dataclasses import replace

from graph.sites.place import Place
from graph.sites.site import PLAIN_SITE, Site
from graph.sites.systems import astro, docusaurus, eleventy, hugo, jekyll, mkdocs, obsidian, pelican, zola

_Recognise = Callable[[Place], Site | None]

_CONFIGURED: tuple[_Recognise, ...] = (
    docusaurus.configured,
    mkdocs.configured,
    zola.configured,
    hugo.configured,
    eleventy.configured,
    astro.configured,
    pelican.configured,
    jekyll.configured,
    obsidian.configured,
)
_LAID_OUT: tuple[_Recognise, ...] = (jekyll.laid_out, astro.laid_out, hugo.laid_out, eleventy.laid_out)

CONFIGURATIONS = frozenset(
    {".eleventy.js", ".obsidian", "_config.toml", "_config.yaml", "_config.yml", "mkdocs.yaml", "mkdocs.yml"}
    | {"pelicanconf.py", "quartz.config.js", "quartz.config.ts", "zola.toml"}
    | {f"{stem}.{suffix}" for stem in ("config", "hugo") for suffix in ("json", "toml", "yaml", "yml")}
    | {
        f"{stem}.config.{suffix}"
        for stem in ("astro", "docusaurus", "eleventy")
        for suffix in ("cjs", "cts", "js", "mjs", "mts", "ts")
    }
)
"""The names that make a folder below the loaded one worth a look."""


def recognised_site(place: Place) -> Site:
    """What the folder is by its configuration, else by how it is laid out, else a plain folder."""
    site = configured_site(place) or next((site for by in _LAID_OUT if (site := by(place))), PLAIN_SITE)
    return site if site.url or not (domain := _custom_domain(place)) else replace(site, url=domain)


def configured_site(place: Place) -> Site | None:
    """What the folder is by its configuration; None if it has none."""
    return next((site for by in _CONFIGURED if (site := by(place))), None)


def _custom_domain(place: Place) -> str | None:
    """The address that GitHub Pages is told by a file `CNAME`."""
    found = place.text("CNAME", "static/CNAME", "public/CNAME", "docs/CNAME")
    host = found[1].strip().lower() if found else ""
    is_host = "." in host and all(part and part.replace("-", "").isalnum() for part in host.split("."))
    return f"https://{host}" if is_host and len(host) < 254 else None

"""A folder → the site that it is."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from graph.sites.own_configuration import as_said, said_system
from graph.sites.place import Place
from graph.sites.settings import Settings
from graph.sites.site import PLAIN_SITE, Site, SiteSystem
from graph.sites.systems import astro, docusaurus, eleventy, hugo, jekyll, mkdocs, obsidian, pelican, plain, zola

_Recognise = Callable[[Place], Site | None]

_BY_SYSTEM: Mapping[SiteSystem, _Recognise] = {
    SiteSystem.DOCUSAURUS: docusaurus.configured,
    SiteSystem.MKDOCS: mkdocs.configured,
    SiteSystem.ZOLA: zola.configured,
    SiteSystem.HUGO: hugo.configured,
    SiteSystem.ELEVENTY: eleventy.configured,
    SiteSystem.ASTRO: astro.configured,
    SiteSystem.PELICAN: pelican.configured,
    SiteSystem.JEKYLL: jekyll.configured,
    SiteSystem.OBSIDIAN: obsidian.configured,
    SiteSystem.PLAIN: plain.configured,
}
"""In the order in which they are asked: where a folder has configurations of two, the first makes its pages."""
_LAID_OUT: tuple[_Recognise, ...] = (jekyll.laid_out, astro.laid_out, hugo.laid_out, eleventy.laid_out)

OWN_CONFIGURATION = "frontgraph.toml"
CONFIGURATIONS = frozenset(
    {OWN_CONFIGURATION}
    | {".eleventy.js", ".obsidian", "_config.toml", "_config.yaml", "_config.yml", "mkdocs.yaml", "mkdocs.yml"}
    | {".vitepress", ".vuepress", "book.toml", "pelicanconf.py", "quartz.config.js", "quartz.config.ts", "zola.toml"}
    | {f"{stem}.{suffix}" for stem in ("config", "hugo") for suffix in ("json", "toml", "yaml", "yml")}
    | {
        f"{stem}.config.{suffix}"
        for stem in ("astro", "docusaurus", "eleventy")
        for suffix in ("cjs", "cts", "js", "mjs", "mts", "ts")
    }
)
"""The names that make a folder below the loaded one worth a look."""
_ALSO_TELLING = re.compile(
    r"""(?:.*/)?(?:
        CNAME | package\.json | versions\.json | publishconf\.py | _toc\.yml
        | \.obsidian/(?:app|templates)\.json
        | config/(?:_default|production)/[^/]+\.(?:toml|ya?ml|json)    # of Hugo
        | (?:site|metadata|meta|config)\.(?:json|ya?ml|[cm]?js)        # data of Eleventy
        | [^/]+\.11tydata\.(?:json|c?js) | (?P<folder>[^/]+)/(?P=folder)\.json
        | src/(?:consts\.[jt]s|(?:site\.)?config\.ts|constants\.ts)  # of Astro
        | src/pages/(?:[^/]+/)?\[[^/]+\]\.(?:astro|[jt]sx?)
    )""",
    re.VERBOSE,
)
"""The paths of files that tell more of a site, once it is known."""


def may_tell_of_a_site(path: str) -> bool:
    """Whether the file with this path may say what a site is; a base of MkDocs (`INHERIT`), which is called anything, is not known by it."""
    return path.rpartition("/")[2] in CONFIGURATIONS or _ALSO_TELLING.fullmatch(path) is not None


def recognised_site(place: Place, own: Settings | None = None) -> Site:
    """What the folder is by what its owner says, by its configuration, else by how it is laid out, else a plain folder."""
    if own is not None and (system := said_system(own)):
        site = (_BY_SYSTEM[system](place) if system in _BY_SYSTEM else None) or Site(system=system)
    else:
        site = configured_site(place) or next((found for by in _LAID_OUT if (found := by(place))), PLAIN_SITE)
    if own is not None:
        site = as_said(site, own)
    return site if site.url or not (domain := _custom_domain(place)) else replace(site, url=domain)


def configured_site(place: Place) -> Site | None:
    """What the folder is by its configuration; None if it has none."""
    return next((site for by in _BY_SYSTEM.values() if (site := by(place))), None)


def _custom_domain(place: Place) -> str | None:
    """The address that GitHub Pages is told by a file `CNAME`."""
    found = place.text("CNAME", "static/CNAME", "public/CNAME", "docs/CNAME")
    host = found[1].strip().lower() if found else ""
    is_host = "." in host and all(part and part.replace("-", "").isalnum() for part in host.split("."))
    return f"https://{host}" if is_host and len(host) < 254 else None

"""Pelican, whose configuration is Python."""

from graph.sites.place import Place
from graph.sites.site import Site, SiteSystem
from graph.sites.systems.shared import existing

_PATTERNS = {
    "": "ARTICLE_URL",
    ":lang": "ARTICLE_LANG_URL",
    "pages": "PAGE_URL",
    "pages:lang": "PAGE_LANG_URL",
    "drafts": "DRAFT_URL",
}
_SETTINGS = (
    "DEFAULT_CATEGORY",
    "DEFAULT_METADATA",
    "FILENAME_METADATA",
    "PAGE_PATHS",
    "SLUGIFY_SOURCE",
    "TIMEZONE",
    "USE_FOLDER_AS_CATEGORY",
)


def configured(place: Place) -> Site | None:
    settings = place.script("pelicanconf.py")
    if settings is None:
        return None
    published = place.script("publishconf.py") or settings
    patterns = {name: settings.text(key) for name, key in _PATTERNS.items()}
    return Site(
        system=SiteSystem.PELICAN,
        evidence=settings.file,
        content=existing(place, settings.text("PATH") or "content"),
        name=settings.text("SITENAME"),
        description=settings.text("SITESUBTITLE"),
        url=published.url("SITEURL") or settings.url("SITEURL"),
        language=settings.text("DEFAULT_LANG") or "en",
        permalinks={name: pattern for name, pattern in patterns.items() if pattern},
        settings=settings.chosen(*_SETTINGS),
    )

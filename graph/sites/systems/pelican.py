"""Pelican, whose configuration is Python."""

from graph.sites.place import Place
from graph.sites.site import Site, SiteSystem
from graph.sites.systems.shared import existing


def configured(place: Place) -> Site | None:
    settings = place.script("pelicanconf.py")
    if settings is None:
        return None
    published = place.script("publishconf.py") or settings
    patterns = {
        "": settings.text("ARTICLE_URL"),
        "pages": settings.text("PAGE_URL"),
        "drafts": settings.text("DRAFT_URL"),
    }
    return Site(
        system=SiteSystem.PELICAN,
        evidence=settings.file,
        content=existing(place, settings.text("PATH") or "content"),
        name=settings.text("SITENAME"),
        url=published.url("SITEURL") or settings.url("SITEURL"),
        language=settings.text("DEFAULT_LANG") or "en",
        permalinks={name: pattern for name, pattern in patterns.items() if pattern},
        settings=settings.chosen("DEFAULT_DATE_FORMAT", "DEFAULT_METADATA", "FILENAME_METADATA", "TIMEZONE"),
    )

"""Pelican, whose configuration is Python."""

import re

from graph.sites.place import Place
from graph.sites.site import Site, SiteSystem
from graph.sites.systems.shared import existing, given

_PATTERNS = {"": "ARTICLE_URL", ":lang": "ARTICLE_LANG_URL", "pages": "PAGE_URL", "pages:lang": "PAGE_LANG_URL"}
_GROUP = re.compile(r"\(\?P<(\w+)>")


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
        time_zone=settings.time_zone("TIMEZONE"),
        permalinks={name: pattern for name, pattern in patterns.items() if pattern},
        settings=given(
            {
                "DEFAULT_CATEGORY": settings.text("DEFAULT_CATEGORY"),
                "FILENAME_METADATA": list(_GROUP.findall(settings.text("FILENAME_METADATA") or "")),
                "PAGE_PATHS": list(settings.texts("PAGE_PATHS")),
                "SLUGIFY_SOURCE": settings.text("SLUGIFY_SOURCE"),
                "USE_FOLDER_AS_CATEGORY": settings.flag("USE_FOLDER_AS_CATEGORY"),
                "DEFAULT_METADATA": settings.mapping("DEFAULT_METADATA").get_all(),
            }
        ),
    )

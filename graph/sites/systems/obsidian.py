"""Obsidian, and Quartz, which makes pages of a vault."""

from graph.sites.place import Place
from graph.sites.site import Site, SiteSystem
from graph.sites.systems.shared import address, clean_folder, existing


def configured(place: Place) -> Site | None:
    return _quartz(place) or _vault(place)


def _quartz(place: Place) -> Site | None:
    settings = place.script("quartz.config.ts", "quartz.config.js")
    if settings is None:
        return None
    given = settings.mapping("configuration") if "configuration" in settings else settings
    return Site(
        system=SiteSystem.OBSIDIAN,
        evidence=settings.file,
        content=existing(place, "content"),
        name=given.text("pageTitle"),
        url=address(given.url("baseUrl"), None),
        language=given.text("locale"),
        exclude=tuple(f"content/**/{pattern}" for pattern in given.texts("ignorePatterns")),
        settings={"quartz": True},
    )


def _vault(place: Place) -> Site | None:
    if ".obsidian" not in place.names():
        return None
    templates = place.settings(".obsidian/templates.json")
    folder = clean_folder(templates.text("folder")) if templates else None
    app = place.settings(".obsidian/app.json")
    ignored = [pattern for pattern in (app.texts("userIgnoreFilters") if app else ()) if not pattern.startswith("/")]
    return Site(
        system=SiteSystem.OBSIDIAN,
        evidence=".obsidian/",
        name=place.name or None,
        exclude=tuple(f"/{pattern}" for pattern in [*([f"{folder}/"] if folder else []), *ignored]),
    )

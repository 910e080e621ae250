"""Zola."""

from graph.sites.place import Place
from graph.sites.site import Site, SiteSystem
from graph.sites.systems.shared import existing, given


def configured(place: Place) -> Site | None:
    settings = place.settings("zola.toml", "config.toml")
    if settings is None or "base_url" not in settings:
        return None
    languages = settings.mapping("languages")
    default = settings.text("default_language") or "en"
    slugs = settings.mapping("slugify")
    names = [taxonomy.text("name") for taxonomy in settings.mappings("taxonomies")]
    return Site(
        system=SiteSystem.ZOLA,
        evidence=settings.file,
        content=existing(place, "content"),
        name=settings.text("title") or languages.mapping(default).text("title"),
        description=settings.text("description") or languages.mapping(default).text("description"),
        url=settings.url("base_url"),
        language=default,
        languages=tuple(dict.fromkeys((default, *languages))) if list(languages) else (),
        taxonomies={name: name for name in names if name},
        exclude=tuple(f"content/{pattern.lstrip('/')}" for pattern in settings.texts("ignored_content")),
        settings=given(
            {"slugify": given({"paths": slugs.text("paths"), "paths_keep_dates": slugs.flag("paths_keep_dates")})}
        ),
    )

"""MkDocs, with the plugins of Material for MkDocs."""

from collections.abc import Iterator

from graph.model import JsonValue
from graph.sites.place import Place
from graph.sites.settings import Settings
from graph.sites.site import Site, SiteSystem
from graph.sites.systems.shared import clean_folder, existing, given

_BLOG = ("blog_dir", "post_dir", "post_slugify_separator", "post_url_date_format")


def configured(place: Place) -> Site | None:
    settings = place.settings("mkdocs.yml", "mkdocs.yaml")
    if settings is None:
        return None
    base = clean_folder(settings.text("INHERIT"))
    settings = settings.over(place.settings(base) if base else None)
    plugins = dict(_plugins(settings))
    folders = existing(place, settings.text("docs_dir") or "docs")
    theme = settings.mapping("theme") if isinstance(settings.get("theme"), dict) else settings.nothing()
    translations = plugins.get("i18n", settings.nothing()).mappings("languages")
    default = next((language.text("locale") for language in translations if language.flag("default")), None)
    blog = plugins.get("blog")
    return Site(
        system=SiteSystem.MKDOCS,
        evidence=settings.file,
        content=folders,
        name=settings.text("site_name"),
        description=settings.text("site_description"),
        url=_url(settings),
        language=default or theme.text("language", "locale"),
        languages=tuple(locale for language in translations if (locale := language.text("locale"))),
        permalinks={"blog": blog.text("post_url_format") or "{date}/{slug}"} if blog else {},
        exclude=tuple(_below(folders[0], pattern) for pattern in settings.lines("exclude_docs")),
        drafts=tuple(_below(folders[0], pattern) for pattern in settings.lines("draft_docs")),
        settings=given({"use_directory_urls": _flag(settings, "use_directory_urls")})
        | ({"blog": _blog(blog)} if blog else {}),
    )


def _blog(options: Settings) -> dict[str, JsonValue]:
    texts: dict[str, JsonValue] = {key: options.text(key) for key in _BLOG}
    return given({**texts, "post_url_max_categories": options.number("post_url_max_categories")})


def _flag(settings: Settings, key: str) -> bool | None:
    """True or false; of `!ENV [NAME, default]` the default."""
    value = settings.get(key)
    return settings.inside({key: value[-1]}).flag(key) if isinstance(value, list) and value else settings.flag(key)


def _plugins(settings: Settings) -> Iterator[tuple[str, Settings]]:
    """The plugins by name, each with its options; they stand in a list or in a mapping."""
    given = settings.get("plugins")
    items: list[JsonValue] = [{key: value} for key, value in given.items()] if isinstance(given, dict) else []
    for item in given if isinstance(given, list) else items:
        if isinstance(item, str):
            yield item.rpartition("/")[2], settings.nothing()
        elif isinstance(item, dict):
            for name, options in item.items():
                inside = settings.inside(options, "plugins") if isinstance(options, dict) else settings.nothing()
                yield name.rpartition("/")[2], inside


def _url(settings: Settings) -> str | None:
    """The site's address, unless `!ENV` leaves it to a variable alone; `!ENV [NAME, default]` has a default."""
    value = settings.get("site_url")
    if isinstance(value, list):
        value = next((item for item in reversed(value) if isinstance(item, str)), None)
    is_address = not isinstance(value, str) or "/" in value or "." in value
    return settings.inside({"site_url": value}).url("site_url") if is_address else None


def _below(folder: str, pattern: str) -> str:
    """A pattern as in `.gitignore`, which counts from the folder of documents, as it counts from the site's root."""
    negation, pattern = ("!", pattern[1:]) if pattern.startswith("!") else ("", pattern)
    if not folder:
        return negation + pattern
    is_anchored = "/" in pattern.rstrip("/")
    return f"{negation}/{folder}/{pattern.lstrip('/') if is_anchored else f'**/{pattern}'}"

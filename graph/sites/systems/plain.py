"""VitePress, VuePress and mdBook, whose documents a plain folder's rules suit: their configurations tell what it is, and what is no content."""

from graph.sites.place import Place
from graph.sites.site import Site, SiteSystem
from graph.sites.systems.shared import address, existing

_SUFFIXES = ("mts", "ts", "mjs", "js", "cts", "cjs")
_SCRIPTS = tuple(f".{system}/config.{suffix}" for system in ("vitepress", "vuepress") for suffix in _SUFFIXES)


def configured(place: Place) -> Site | None:
    return _vue(place) or _book(place)


def _vue(place: Place) -> Site | None:
    settings = place.script(*_SCRIPTS)
    if settings is None:
        return None
    (folder,) = existing(place, settings.text("srcDir"))
    return Site(
        system=SiteSystem.PLAIN,
        evidence=settings.file,
        content=(folder,),
        name=settings.text("title"),
        description=settings.text("description"),
        url=address(settings.mapping("sitemap").url("hostname"), settings.text("base")),
        language=settings.text("lang"),
        exclude=tuple(f"{folder}/{pattern}".lstrip("/") for pattern in settings.texts("srcExclude")),
    )


def _book(place: Place) -> Site | None:
    settings = place.settings("book.toml")
    if settings is None or "book" not in settings:
        return None
    book = settings.mapping("book")
    (folder,) = existing(place, book.text("src") or "src")
    return Site(
        system=SiteSystem.PLAIN,
        evidence=settings.file,
        content=(folder,),
        name=book.text("title"),
        description=book.text("description"),
        language=book.text("language"),
        exclude=("SUMMARY.md", "/book/"),
    )

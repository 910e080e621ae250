"""Jekyll, and Hexo, whose configuration has the same name."""

from collections.abc import Iterable, Iterator

from graph.model import JsonValue
from graph.sites.place import Place
from graph.sites.site import Site, SiteSystem
from graph.sites.systems.shared import address, existing, given

_FILES = ("_config.yml", "_config.yaml", "_config.toml")
_SHOWING = {"future": "future", "show_drafts": "draft", "unpublished": "unpublished"}


def configured(place: Place) -> Site | None:
    settings = place.settings(*_FILES)
    if settings is None or "_toc.yml" in place.names():  # Jupyter Book has both
        return None
    collections = settings.get("collections")
    members = settings.mapping("collections") if isinstance(collections, dict) else None
    names = tuple(members or ()) or settings.texts("collections")
    patterns = {name: members.mapping(name).text("permalink") for name in members or ()} if members else {}
    output: list[JsonValue] = [name for name in members or () if members and members.mapping(name).flag("output")]
    patterns[""] = settings.text("permalink")
    source = settings.text("source", "source_dir") or ("source" if "_posts" in place.names("source") else "")
    languages = settings.texts("languages", "locales") if isinstance(settings.get("languages", "locales"), list) else ()
    return Site(
        system=SiteSystem.JEKYLL,
        evidence=settings.file,
        content=existing(place, source),
        name=settings.text("title", "name"),
        description=settings.text("description"),
        url=address(settings.url("url"), settings.text("baseurl", "root")),
        exclude=tuple(_patterns(existing(place, source)[0], settings.texts("exclude"))),
        language=settings.text("lang", "locale", "language", "default_lang"),
        languages=languages,
        permalinks={name: pattern for name, pattern in patterns.items() if pattern},
        shown=tuple(what for key, what in _SHOWING.items() if settings.flag(key)),
        settings=given(
            {
                "collections": list(names),
                "collections_dir": settings.text("collections_dir"),
                "defaults": settings.get("defaults"),
                "saidIn": settings.file if "defaults" in settings else None,
                "include": [name.strip("/") for name in settings.texts("include")],
                "output": output,
                "timezone": settings.time_zone("timezone"),
            }
        ),
    )


def _patterns(source: str, excluded: Iterable[str]) -> Iterator[str]:
    """What Jekyll excludes, as `.gitignore` has it: its asterisks take in slashes, and each name counts from its source."""
    for pattern in excluded:
        path = pattern.strip("/").replace("**/", "").replace("*", "**/*") if "*" in pattern else pattern.strip("/")
        below = "/".join(filter(None, (source, path)))
        if path:
            yield f"/{below}{'/' if pattern.endswith('/') else ''}"


def laid_out(place: Place) -> Site | None:
    for folder in ("_posts", "_drafts", "_layouts", "_includes"):
        if folder in place.names() and place.names(folder):
            return Site(system=SiteSystem.JEKYLL, evidence=f"{folder}/")
    return None

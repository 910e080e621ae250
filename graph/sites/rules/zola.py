"""Addresses of Zola: https://www.getzola.org/documentation/content/page/ and …/section/."""

from graph.sites.places import Place
from graph.sites.rules.said import Said, dated_name
from graph.sites.rules.words import directory, zola_slug
from graph.sites.site import Site

SETTINGS = frozenset({"slugify", "languages"})


def address(site: Site, place: Place, said: Said) -> str | None:
    """The address of a page or a section: always that of a folder."""
    options = site.settings.get("slugify")
    options = options if isinstance(options, dict) else {}
    strategy = str(options.get("paths") or "on")
    if place.name == "_index":
        return directory((*_prefix(site, place), *place.folders))
    if said.permalink:
        return directory((said.permalink,))
    is_index = place.name == "index"
    folders = place.folders[:-1] if is_index else place.folders
    name = (place.folders[-1] if place.folders else "") if is_index else place.name
    dated = dated_name(name)
    if dated and dated.name and not options.get("paths_keep_dates"):
        name = dated.name
    return directory((*_prefix(site, place), *folders, zola_slug(said.slug or name, strategy)))


def _prefix(site: Site, place: Place) -> tuple[str, ...]:
    return (place.language,) if place.language and place.language != site.language else ()

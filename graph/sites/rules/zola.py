"""Addresses of Zola: https://www.getzola.org/documentation/content/page/ and …/section/."""

from graph.sites.locations import Location
from graph.sites.rules.said import Said, dated_name
from graph.sites.rules.words import directory, zola_slug
from graph.sites.site import Site


def address(site: Site, location: Location, said: Said) -> str | None:
    """The address of a page or a section: always that of a folder."""
    options = site.settings.get("slugify", {})
    strategy = options.get("paths", "on")
    if location.name == "_index":
        return directory((*_prefix(site, location), *location.folders))
    if said.permalink:
        return directory((said.permalink,))
    is_index = location.name == "index"
    folders = location.folders[:-1] if is_index else location.folders
    name = (location.folders[-1] if location.folders else "") if is_index else location.name
    dated = dated_name(name)
    if dated and dated.name and not options.get("paths_keep_dates"):
        name = dated.name
    return directory((*_prefix(site, location), *folders, zola_slug(said.slug or name, strategy)))


def _prefix(site: Site, location: Location) -> tuple[str, ...]:
    return (location.language,) if location.language and location.language != site.language else ()

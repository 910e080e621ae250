"""Fields of a catalogue file → a checked `CatalogueEntry`, with the problems found on the way."""

from graph.links import name_slug
from graph.problems import Problem, ProblemCode, error
from graph.reading.field_reader import FieldReader
from graph.reading.files import SourceKind
from graph.reading.front_matter import FrontMatter, located
from graph.reading.mentions import domain_of
from graph.reading.records import CatalogueEntry
from graph.reading.visibility import hiding_reason
from graph.sites.site import PLAIN_SITE, Site


def check_catalogue_entry(
    label: str, kind: SourceKind, front_matter: FrontMatter, site: Site = PLAIN_SITE
) -> tuple[CatalogueEntry | None, list[Problem]]:
    """What a catalogue file says, or None if it does not say of what; and everything that is wrong with it."""
    reader = FieldReader(front_matter.fields, as_written=front_matter.text, base=site.url)
    name, domain = reader.text("name", 500), domain_of(reader)
    key = domain or (name_slug(name) if name else None)
    if kind is SourceKind.TOPIC:
        key, domain = (name_slug(name) if name else None), None
    if key is None:
        wanted = "a name" if kind is SourceKind.TOPIC else "a name or a domain"
        message = f"The catalogue file does not say what it describes; give it {wanted}."
        reader.problems.append(error(ProblemCode.CATALOGUE_INVALID, message))
        return None, located(label, front_matter, reader.problems)
    other_names = reader.texts("otherNames")
    slugs = dict.fromkeys(map(name_slug, other_names)) if kind is SourceKind.TOPIC else {}
    entry = CatalogueEntry(
        file=label,
        kind=kind,
        key=key,
        name=name or key,
        slugs=tuple(slug for slug in slugs if slug and slug != key),
        domain=domain,
        short_name=reader.text("shortname", 500),
        description=reader.text("description"),
        other_names=other_names,
        keywords=reader.texts("keywords"),
        hashtags=reader.texts("hashtags"),
        images=reader.images("images"),
        parent=reader.text("parent", 500),
        hidden=hiding_reason(reader),
    )
    return entry, located(label, front_matter, reader.problems)

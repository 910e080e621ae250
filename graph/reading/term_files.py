"""Files in which sites describe topics, providers and persons: pages of terms, and mappings of many by their keys.

Hugo has a page for each term, `topics/api/_index.md`; Docusaurus, Jekyll and MkDocs have `authors.yml` and `tags.yml`; collections of
people, `_people/ada.md`, hold articles that describe their authors as well.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

from graph.links import name_slug
from graph.model import JsonValue
from graph.problems import Problem
from graph.reading.field_reader import FieldReader
from graph.reading.files import SourceFile, SourceKind
from graph.reading.front_matter import WHOLE_LIST, FrontMatter, located
from graph.reading.mentions import domain_of
from graph.reading.records import CatalogueEntry
from graph.reading.visibility import hiding_reason
from graph.sites.site import Site, SiteSystem
from graph.sites.vocabulary import PERSON, PERSON_NAMES, PROVIDER, TOPIC, TOPIC_NAMES, Vocabulary

_PERSONS = frozenset({"authors", "author", "people", "persons", "contributors"})
_PROVIDERS = frozenset({"sources", "source", "publishers", "publisher", "providers"})
_COLLECTIONS = frozenset({"_people", "_authors", "_persons", "_contributors"})
_IN_COLLECTION = re.compile(rf"(?:^|/)(?:{'|'.join(sorted(_COLLECTIONS))})/")
_VOCABULARIES: Mapping[SourceKind, Vocabulary] = {
    SourceKind.TOPIC: TOPIC,
    SourceKind.ORGANIZATION: PROVIDER,
    SourceKind.PERSON: PERSON,
}


_PERSON_PAGE = Vocabulary(
    {field: [name for name in names if name != "title"] for field, names in PERSON_NAMES.items()} | {"name": ["title"]}
)
"""Of the page of a person who has no other name than its title."""

_LISTED_PERSON = Vocabulary(dict(PERSON_NAMES) | {"name": ["displayName", "fullName", *PERSON_NAMES["name"]]})
"""Of a person in a list, whose `name` may be a key that documents have."""


class Described(NamedTuple):
    """What a file describes."""

    kind: SourceKind
    term: str
    """The name by which documents mean it."""
    is_article: bool
    """Whether the file is an article as well."""


def described(source: SourceFile) -> Described | None:
    """What a document describes, known from where it stands; None for most."""
    if "_index." not in source.label and not _IN_COLLECTION.search(source.label):
        return None
    parts = PurePosixPath(source.site.content_path(source.label)[1]).parts
    if len(parts) < 2:
        return None
    stem = PurePosixPath(parts[-1]).stem
    if stem == "_index" and len(parts) > 2 and source.site.system in (SiteSystem.HUGO, SiteSystem.PLAIN):
        kind = _kind_of_folder(parts[-3], source.site)
        return Described(kind, parts[-2], is_article=False) if kind else None
    if not _COLLECTIONS.isdisjoint(parts[:-1]):
        return Described(SourceKind.PERSON, stem, is_article=True)
    return None


def _kind_of_folder(name: str, site: Site) -> SourceKind | None:
    if name in _PERSONS:
        return SourceKind.PERSON
    if name in _PROVIDERS:
        return SourceKind.ORGANIZATION
    return SourceKind.TOPIC if name in TOPIC_NAMES or name in site.taxonomies else None


def check_term(
    label: str, found: Described, front_matter: FrontMatter, site: Site
) -> tuple[CatalogueEntry | None, list[Problem]]:
    """What a page says of the term that it stands for, and what is wrong with it."""
    said = _VOCABULARIES[found.kind].resolve(front_matter.fields)
    if found.kind is SourceKind.PERSON and "name" not in said.values:
        said = _PERSON_PAGE.resolve(front_matter.fields)
    reader = FieldReader(said.values, places=said.paths, as_written=front_matter.text, base=site.url)
    return _entry(label, found.kind, found.term, reader), located(label, front_matter, reader.problems)


def check_terms(
    label: str, kind: SourceKind, front_matter: FrontMatter, site: Site
) -> tuple[list[CatalogueEntry], list[Problem]]:
    """What a file says of many, each a mapping under its key or in a list; or of the one that the file is called after."""
    problems: list[Problem] = []
    fields, above = _unwrapped(front_matter.fields)
    if (items := _items(fields)) is not None:
        entries = list(_listed(label, kind, items, front_matter, site, problems))
        return entries, located(label, front_matter, problems)
    is_one = not all(isinstance(value, dict) or value is None for value in fields.values())
    named = (
        {PurePosixPath(label).stem: (fields, ())} if is_one else {key: (fields[key], (*above, key)) for key in fields}
    )
    entries = []
    for term, (value, path) in named.items():
        said = _VOCABULARIES[kind].resolve(value if isinstance(value, dict) else {})
        reader = FieldReader(said.values, path, problems, said.paths, front_matter.text, site.url)
        if entry := _entry(label, kind, term, reader):
            entries.append(entry)
    return entries, located(label, front_matter, problems)


def _items(fields: Mapping[str, JsonValue]) -> tuple[list[JsonValue], tuple[str, ...]] | None:
    """The items of the list that is all that a file holds, and the key of it, if it has one."""
    if len(fields) != 1:
        return None
    ((key, value),) = fields.items()
    is_list = isinstance(value, list) and (key == WHOLE_LIST or all(isinstance(item, dict) for item in value))
    return (value, (key,) if key else ()) if is_list and isinstance(value, list) else None


def _listed(
    label: str,
    kind: SourceKind,
    items: tuple[list[JsonValue], tuple[str, ...]],
    front_matter: FrontMatter,
    site: Site,
    problems: list[Problem],
) -> Iterator[CatalogueEntry]:
    """What a list says of many, each of which has a key or a name."""
    listed, above = items
    for place, item in enumerate(listed):
        if isinstance(item, dict):
            term = _VOCABULARIES[kind].resolve(item).values.get("name")
            said = (_LISTED_PERSON if kind is SourceKind.PERSON else _VOCABULARIES[kind]).resolve(item)
            reader = FieldReader(said.values, (*above, place), problems, said.paths, front_matter.text, site.url)
            if entry := _entry(label, kind, term if isinstance(term, str) else "", reader):
                yield entry


def site_persons(site: Site) -> tuple[list[CatalogueEntry], list[Problem]]:
    """What the configuration of a site says of persons, as a file of data would."""
    if not site.persons:
        return [], []
    return check_terms(site.evidence or site.label, SourceKind.PERSON, FrontMatter(dict(site.persons), ""), site)


def _unwrapped(fields: Mapping[str, JsonValue]) -> tuple[Mapping[str, JsonValue], tuple[str, ...]]:
    """The mappings by key, and the key around them all that MkDocs has."""
    if len(fields) == 1:
        ((key, inner),) = fields.items()
        if key in _PERSONS and isinstance(inner, dict):
            return inner, (key,)
    return fields, ()


def _entry(label: str, kind: SourceKind, term: str, reader: FieldReader) -> CatalogueEntry | None:
    written = reader.text("key", 500) or term
    name = reader.name("name") or written
    domain = domain_of(reader) if kind is SourceKind.ORGANIZATION else None
    names = (*_names(reader.fields.get("aliases"), label), term) if kind is SourceKind.TOPIC else ()
    slugs = dict.fromkeys(filter(None, map(name_slug, (written, term, name, *names))))
    key = domain or next(iter(slugs), None)
    if key is None:
        return None
    return CatalogueEntry(
        file=label,
        kind=kind,
        key=key,
        name=name,
        slugs=tuple(slug for slug in slugs if slug != key),
        domain=domain,
        short_name=reader.text("shortName", 500),
        description=reader.text("description"),
        other_names=tuple(dict.fromkeys(names)),
        keywords=reader.texts("keywords"),
        hashtags=reader.texts("hashtags"),
        images=reader.images("images"),
        parent=reader.text("parent", 500),
        url=reader.url("url"),
        hidden=hiding_reason(reader),
    )


def _names(value: JsonValue, label: str) -> Iterator[str]:
    """The names in a list of names and former addresses: of the address of a term its last part; other addresses are no names."""
    folders = (*PurePosixPath(label).parts[:-1], *TOPIC_NAMES)
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str):
            *above, name = item.strip().strip("/").split("/")
            if (not above or above[-1] in folders) and name.removesuffix(".html"):
                yield name.removesuffix(".html")

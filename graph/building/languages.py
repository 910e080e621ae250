"""In which language each document is written, which version of the documentation it belongs to, and which are translations of one another."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from graph.links import file_slug
from graph.reading.records import Document
from graph.sites.languages import is_language_name, language_tag
from graph.sites.locations import location_of, standing_path, version_of
from graph.sites.site import PLAIN_SITE, Site


class Spoken(NamedTuple):
    """What a document is a version of."""

    language: str | None = None
    """A tag of BCP 47; None if neither the document nor its site says one."""
    version: str | None = None
    """Of the documentation, where it has several."""
    slug: str | None = None
    """The slug without the suffix of the language, where the file's name has one that its site is not configured for."""
    shared: tuple[tuple[str, ...], ...] = ()
    """What it has in common with its translations: any one of these."""


class _Twin(NamedTuple):
    """How a path might tell a language: by a folder or by the end of the file's name."""

    code: str
    scope: tuple[str, ...]
    """Where the languages would stand side by side."""
    shared: tuple[str, ...]
    """What translations would have in common."""


class Speech:
    """What each document is a version of."""

    def __init__(
        self, documents: Iterable[Document], sites: Mapping[str, Site], before: "Speech | None" = None
    ) -> None:
        """`before` is that of documents of the same sites, of which many may be the same.

        Where a site is not configured for languages, folders and suffixes named like some count if the same document stands in
        two of them. Cost: linear in documents.
        """
        self.by_file: dict[str, Spoken] = {}
        self._twins: dict[Document, Sequence[_Twin]] = {}
        self._told: dict[Document, tuple[bool, _Twin | None, Spoken]] = {}
        """What follows from whether no document of the site tells a language, and from how the path of this one does."""
        known: Mapping[Document, tuple[bool, _Twin | None, Spoken]] = before._told if before else {}
        by_site: dict[str, list[Document]] = defaultdict(list)
        for document in documents:
            by_site[sites.get(document.file, PLAIN_SITE).label].append(document)
        for same in by_site.values():
            site = sites.get(same[0].file, PLAIN_SITE)
            inferred: Mapping[str, _Twin] = {}
            if not site.languages:
                twins = {document: (before or self).twins(document) for document in same}
                inferred = _inferred(twins)
                self._twins |= twins
            is_silent = not (
                site.languages or inferred or any(document.language or document.translation_key for document in same)
            )
            for document in same:
                twin = inferred.get(document.file)
                told = known.get(document)
                if told is None or told[:2] != (is_silent, twin):
                    spoken_as = _silent(document, site) if is_silent else _spoken(document, site, twin)
                    told = is_silent, twin, spoken_as
                self._told[document] = told
                self.by_file[document.file] = told[2]

    def twins(self, document: Document) -> "Sequence[_Twin]":
        """The ways in which its path might tell a language."""
        found = self._twins.get(document)
        return tuple(_twins(document)) if found is None else found


def _silent(document: Document, site: Site) -> Spoken:
    return Spoken(language_tag(site.language) if site.language else None, version_of(site, document.file))


def _spoken(document: Document, site: Site, twin: _Twin | None) -> Spoken:
    said = language_tag(document.language) if document.language else None
    location = location_of(site, document.file)
    told = said or (twin and language_tag(twin.code)) or (location.language and language_tag(location.language))
    language = told or (language_tag(site.language) if site.language else None)
    version = location.version
    slug = None
    shared: list[tuple[str, ...]] = []
    if document.translation_key:
        shared.append((site.label, "key", document.translation_key))
    elif twin:
        name = file_slug(twin.shared[-1])
        slug = name if document.slug == file_slug(standing_path(document.file).rpartition("/")[2]) else None
        shared += [
            (site.label, *twin.shared),
            (site.label, *_without_language(twin.shared)),
            (site.label, *twin.shared[:-1], "slug", slug or document.slug),
        ]
    elif site.languages or said:
        place = (site.label, location.folder, version or "", *location.folders)
        shared += [(*place, location.name), (*place, "slug", document.slug)]
    else:
        shared.append((site.label, *standing_path(document.file).split("/")))
    return Spoken(language, version, slug, tuple(shared))


def _inferred(possible: Mapping[Document, Sequence[_Twin]]) -> dict[str, _Twin]:
    """How the path of each document tells its language, for those whose path does."""
    codes: dict[tuple[str, ...], dict[tuple[str, ...], set[str]]] = defaultdict(lambda: defaultdict(set))
    for twins in possible.values():
        for twin in twins:
            codes[twin.scope][twin.shared].add(twin.code.lower())
    if not codes:
        return {}
    plain = {tuple(standing_path(document.file).split("/")) for document in possible}
    scopes = {
        scope
        for scope, by_document in codes.items()
        if any(len(found) > 1 for found in by_document.values())
        or any(_without_language(shared) in plain for shared in by_document)
    }
    told = {document.file: _first(twins, scopes) for document, twins in possible.items()}
    return {file: twin for file, twin in told.items() if twin}


def _first(twins: Iterable[_Twin], scopes: set[tuple[str, ...]]) -> _Twin | None:
    return next((twin for twin in twins if twin.scope in scopes), None)


def _without_language(shared: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part for part in shared if part != "*")


def _twins(document: Document) -> Iterator[_Twin]:
    """Each way in which the path might tell a language."""
    parts = tuple(standing_path(document.file).split("/"))
    *folders, name = parts
    stem, dot, code = name.rpartition(".")
    if dot and stem and is_language_name(code):
        yield _Twin(code, (*folders, stem, "."), (*folders, stem))
    for place, folder in enumerate(folders):
        if is_language_name(folder):
            before, after = parts[:place], parts[place + 1 :]
            yield _Twin(folder, (*before, "*"), (*before, "*", *after))
            if document.slug != after[-1]:
                yield _Twin(folder, (*before, "*"), (*before, "*", *after[:-1], document.slug))


def translation_groups(
    keys: Mapping[str, Sequence[tuple[str, ...]]], languages: Mapping[str, str | None]
) -> Iterator[list[str]]:
    """Articles that are translations of one another: those that share something, and are in different languages.

    `keys` are what each article shares, by its id, in the order in which the groups are to be. Of several in one language the
    first counts.
    """
    roots: dict[str, str] = {}

    def root(node: str) -> str:
        while roots[node] != node:
            roots[node] = node = roots[roots[node]]
        return node

    owners: dict[tuple[str, ...], str] = {}
    for article, shared in keys.items():
        roots.setdefault(article, article)
        for key in shared:
            owner = root(owners.setdefault(key, article))
            roots[root(article)] = owner
    members: dict[str, dict[str | None, str]] = defaultdict(dict)
    for article in keys:
        members[root(article)].setdefault(languages.get(article), article)
    for group in members.values():
        if len(group) > 1:
            yield list(group.values())

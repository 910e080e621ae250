"""Which article each item of a `related` list names.

Nearly all items say a URL, and a URL is the article's key. An item with a slug alone is harder: it names the article that a
look-up of the slug would find, which is known only when all files are. And only then does it show whether two items of a
list name one article, so these mistakes are reported here rather than where the file is checked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from graph.building.slug_owners import by_precedence, latest_first, slug_owners
from graph.problems import Problem, ProblemCode, error, quote
from graph.reading.copies import link_problem
from graph.reading.records import Document, Reference, is_slug_key


@dataclass(frozen=True, slots=True)
class RelatedList:
    """What the `related` list of one file names: two sequences of one length, since all lists together are long."""

    file: str
    keys: Sequence[str | None]
    """The key of the article that each item names, None for one that names none."""
    copies: Sequence[Reference | None]
    """What the items say of these articles."""
    problems: tuple[Problem, ...] = ()
    """What only shows when slugs are resolved."""


Files = Mapping[str, Sequence[Document]]
"""The files of each article by its key, the one whose values win first."""


def related_lists(documents: Sequence[Document], files: Files) -> dict[str, RelatedList]:
    """What each file names, the latest-published file first: in this order copies of an article count."""
    by_slug = _keys_by_slug(documents, files)
    ordered = sorted(documents, key=lambda document: (latest_first(document.published_date_time), document.file))
    return {
        document.file: _resolved(document, by_slug) if document.related_lines else _plain(document)
        for document in ordered
    }


def _plain(document: Document) -> RelatedList:
    """What a document names of which every item says a URL."""
    return RelatedList(document.file, [copy.key if copy else None for copy in document.related], document.related)


def _resolved(document: Document, by_slug: Mapping[str, str]) -> RelatedList:
    keys: list[str | None] = [None] * len(document.related)
    problems: list[Problem] = []
    first: dict[str, int] = {}
    urls = {document.url}  # what names these twice was reported when the file was checked
    for index, copy in enumerate(document.related):
        if copy is None:
            continue
        slug = _only_slug(copy)
        owner = by_slug.get(slug) if slug else None
        path = ("related", index)
        problem = None
        if slug and owner is None and copy.title is None:
            message = f"No article has the slug {quote(slug)}; give the item a webUrl."
            problem = error(ProblemCode.RELATED_UNIDENTIFIED, message, path=path)
        else:
            key = keys[index] = owner or copy.key
            if copy.key not in urls:
                problem = link_problem(path, key == document.key, first.setdefault(key, index))
        if problem:
            problems.append(replace(problem, file=document.file, line=document.related_lines.get(index)))
        if not slug:
            urls.add(copy.key)
    return RelatedList(document.file, keys, document.related, tuple(problems))


def _only_slug(copy: Reference | None) -> str | None:
    """The slug by which alone the copy names its article; None if it has a URL."""
    return copy.slug if copy and is_slug_key(copy.key) else None


class _Claimant(NamedTuple):
    """An article, as far as its slugs are concerned."""

    key: str
    file: str | None
    url: str | None
    published_date_time: datetime | None
    slugs: tuple[str, ...]


def _keys_by_slug(documents: Sequence[Document], files: Files) -> dict[str, str]:
    """Which article a slug names, for the slugs by which alone some item names one.

    These are few, so only the articles that claim one of them are put in order.
    """
    with_slugs = (document for document in documents if document.related_lines)
    slugs = {slug for document in with_slugs for copy in document.related if (slug := _only_slug(copy))}
    if not slugs:
        return {}
    claimants = [
        _Claimant(key, same[0].file, same[0].url, _first_date(same), names)
        for key, same in files.items()
        if not slugs.isdisjoint(names := names_of(same))
    ]
    mentioned = {
        (copy.key, copy.slug)
        for document in documents
        for copy in document.related
        if copy and copy.slug in slugs and copy.key not in files and not is_slug_key(copy.key)
    }
    claimants += [_Claimant(key, None, key, None, (slug,)) for key, slug in mentioned]
    return {slug: owner.key for slug, owner in slug_owners(by_precedence(claimants)).items()}


def names_of(files: Iterable[Document]) -> tuple[str, ...]:
    """All names of an article: the slugs and file names of its files, the winner's slug first."""
    return tuple(dict.fromkeys(name for document in files for name in document.names))


def _first_date(files: Iterable[Document]) -> datetime | None:
    return next((document.published_date_time for document in files if document.published_date_time), None)

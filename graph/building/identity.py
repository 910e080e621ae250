"""Which files are one article: those that say the same address, and no others.

An article is known by the address that its file says. Where it says none, by the one that its site gives it, as long as no other
file has that already; then by the path of its file, an index standing for its folder; at last by the file itself. So ids stay
while files are added, hidden or edited elsewhere.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from graph.building.slug_owners import latest_first
from graph.problems import Problem, ProblemCode, quote, warning
from graph.reading.records import Document, file_key, path_key
from graph.sites.locations import standing_path

Files = Mapping[str, Sequence[Document]]
"""The files of each article by its key, the one whose values win first."""


def files_by_key(documents: Sequence[Document], problems: list[Problem]) -> dict[str, list[Document]]:
    """The files of each article, in the order of their first ones; files that are one, or have the address of another, are reported."""
    keys: Mapping[str, str] = {document.file: document.key or next(_keys(document)) for document in documents}
    said = {document.key for document in documents if document.key is not None}
    others = [keys[document.file] for document in documents if document.key is None]
    if len({*others}) < len(others) or not said.isdisjoint(others):
        keys = _keys_in_order(documents, problems)
    files: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        files[keys[document.file]].append(document)
    for same in files.values():
        if len(same) > 1:
            same.sort(key=_precedence)
            problems.extend(_duplicate(document, same[0]) for document in same[1:])
    return dict(files)


def _keys_in_order(documents: Sequence[Document], problems: list[Problem]) -> Mapping[str, str]:
    """The keys of the articles by their files: what is shown before what is hidden, then by file, each the first that is free."""
    keys: dict[str, str] = {document.file: document.key for document in documents if document.key is not None}
    owners: dict[str, Document] = {}
    in_order = sorted(documents, key=lambda document: (document.hidden is not None, document.file))
    for document in in_order:
        if document.key is not None:
            owners.setdefault(document.key, document)
    for document in in_order:
        if document.key is None:
            possible = list(_keys(document))
            if document.address and (owner := owners.get(possible[0])):
                problems.append(_address_shared(document, document.address, owner))
            key = keys[document.file] = next(key for key in possible if key not in owners)
            owners[key] = document
    return keys


def _keys(document: Document) -> Iterator[str]:
    """What the file may be known by, the strongest first; the last one is its own alone."""
    if document.url:
        yield document.url
    elif document.address:
        yield path_key(document.address)
    yield path_key(standing_path(document.file))
    yield file_key(document.file)


def _precedence(document: Document) -> tuple[bool, float, float, str]:
    """Published first, then higher quality, then later date, then file name."""
    quality = float("-inf") if document.quality is None else document.quality
    return document.hidden is not None, -quality, latest_first(document.published_date_time), document.file


def _duplicate(loser: Document, winner: Document) -> Problem:
    message = f"This is the same article as {winner.file}, whose values win; links and slugs of both are kept. Merge the two files."
    return warning(
        ProblemCode.ARTICLE_DUPLICATED, message, file=loser.file, line=loser.identity_line, path=loser.identity_path
    )


def _address_shared(document: Document, address: str, owner: Document) -> Problem:
    message = f"{owner.file} has the address {quote(address, 200)} too, so one page hides the other; give one of them a slug or permalink of its own."
    return warning(ProblemCode.ADDRESS_SHARED, message, file=document.file)

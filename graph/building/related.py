"""Which article each item of a `related` list names.

Nearly all items say a URL, and a URL is the article's key. An item with a slug or a path alone is harder: it names the article
that a look-up would find, which is known only when all files are. And only then does it show whether two items of a list name
one article, so these mistakes are reported here rather than where the file is checked.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from graph.building.names import ArticleNames
from graph.building.slug_owners import latest_first
from graph.problems import Problem, ProblemCode, error, quote
from graph.reading.copies import link_problem
from graph.reading.records import Document, Reference, is_slug_key, is_url_key

Copies = dict[Reference, int]
"""The different copies of one article, the latest-published first, and how often each stands in a list."""


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


def related_lists(
    documents: Sequence[Document],
    names: ArticleNames,
    keys: Mapping[str, str],
    before: Mapping[str, RelatedList],
) -> dict[str, RelatedList]:
    """What each file with such a list names, the latest-published file first: in this order copies of an article count.

    `keys` are the keys of the articles by their files. What is equal to what was named `before` is the same object.
    """
    ordered = sorted(
        (found for found in documents if found.related),
        key=lambda document: (latest_first(document.published_date_time), document.file),
    )
    return {
        document.file: _related(document, names, keys[document.file], before.get(document.file)) for document in ordered
    }


def _related(document: Document, names: ArticleNames, own_key: str, before: RelatedList | None) -> RelatedList:
    found = _resolved(document, names, own_key) if document.related_lines else _plain(document, names.former_urls)
    return before if before is not None and before == found else found


def _plain(document: Document, former_urls: Mapping[str, str]) -> RelatedList:
    """What a document names of which every item says a URL."""
    keys = [copy.key if copy else None for copy in document.related]
    if former_urls:
        keys = [former_urls.get(key, key) if key else None for key in keys]
    return RelatedList(document.file, keys, document.related)


def _resolved(document: Document, names: ArticleNames, own_key: str) -> RelatedList:
    keys: list[str | None] = [None] * len(document.related)
    problems: list[Problem] = []
    first: dict[str, int] = {}
    urls = {document.url}  # what names these twice was reported when the file was checked
    for index, copy in enumerate(document.related):
        if copy is None:
            continue
        key = keys[index] = names.of_copy(copy, document)
        path = ("related", index)
        problem = None
        if key is None:
            what, name = ("slug", copy.slug) if is_slug_key(copy.key) else ("path", copy.web_url or copy.original_url)
            message = f"No article has the {what} {quote(name or '')}; give the item a webUrl."
            problem = error(ProblemCode.RELATED_UNIDENTIFIED, message, path=path)
        elif copy.key not in urls:
            problem = link_problem(path, key == own_key, first.setdefault(key, index))
        if problem:
            problems.append(replace(problem, file=document.file, line=document.related_lines.get(index)))
        if is_url_key(copy.key):
            urls.add(copy.key)
    return RelatedList(document.file, keys, document.related, tuple(problems))


def copies_by_key(lists: Iterable[RelatedList]) -> dict[str, Copies]:
    """The copies of each article. A copy that says a slug alone may be of several: in each list of the one in its language."""
    counts = Counter(chain.from_iterable(zip(found.keys, found.copies, strict=True) for found in lists))
    copies: dict[str, Copies] = defaultdict(dict)
    for (key, copy), count in counts.items():
        if key is not None and copy is not None:
            copies[key][copy] = count
    return dict(copies)

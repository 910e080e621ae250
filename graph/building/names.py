"""Which article the name, path or address means that another one gives: in `related` and `items` lists, as the next or previous one."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from operator import itemgetter
from urllib.parse import urlsplit

from graph.building.identity import Files
from graph.building.languages import Spoken
from graph.building.slug_owners import by_precedence
from graph.links import canonical_url, path_name
from graph.reading.records import Document, Reference, is_slug_key, is_url_key
from graph.sites.addresses import own_path, whole_address
from graph.sites.locations import location_of
from graph.sites.site import PLAIN_SITE, Site, SiteSystem

Claims = Sequence[tuple[int, str]]
"""The paths that a file claims, with how strong a claim each is."""


def names_of(files: Iterable[Document], own: Mapping[str, Spoken]) -> tuple[str, ...]:
    """All names of an article: the slugs and file names of its files, the winner's slug first, then its aliases that are names."""
    files = tuple(files)
    slugs = (own[document.file].slug for document in files if document.file in own)
    names = [*(slug for slug in slugs if slug)]
    names += [name for document in files for name in document.names]
    names += [alias for document in files for alias in document.aliases if "/" not in alias]
    return tuple(dict.fromkeys(names))


def _paths(document: Document, site: Site) -> Iterator[tuple[int, str]]:
    """The paths with how strong a claim each is, the strongest first."""
    if document.address is not None:
        yield 0, path_name(document.address)
        if base := urlsplit(site.url or "").path.strip("/"):
            yield 0, path_name(f"{base}/{document.address.lstrip('/')}")
    yield 1, path_name(document.file)
    if (path := site.path(document.file)) != document.file:
        yield 1, path_name(path)
    if (below := site.content_path(document.file)[1]) != path:
        yield 2, path_name(below)
    if site.languages:
        location = location_of(site, document.file)
        if location.language is None or location.language == site.language:
            yield 2, path_name(location.path)
    for alias in document.aliases:
        if (former := former_address(document, site, alias)) is not None:
            yield 3, path_name(former)
    if document.permalink and "/" in document.permalink and own_path(site, document.permalink):
        yield 3, path_name(own_path(site, document.permalink) or "")


def former_address(document: Document, site: Site, alias: str) -> str | None:
    """The address below the start page that an alias is; None if it is a name, or on another site."""
    path = own_path(site, alias)
    if path is None or "/" not in alias:
        return None
    if not path.startswith("/") and site.system is SiteSystem.HUGO and document.address:
        # Hugo counts such aliases from where the page itself stands
        return f"{document.address.rstrip('/').rpartition('/')[0]}/{path}"
    return path


class ArticleNames:
    """The articles by all their names."""

    def __init__(
        self,
        documents: Sequence[Document],
        files: Files,
        sites: Mapping[str, Site],
        own: Mapping[str, Spoken],
        before: "ArticleNames | None" = None,
    ) -> None:
        """`before` are those of documents of the same sites, of which many may be the same."""
        known: Mapping[Document, Claims] = before._claims if before else {}
        self._claims: Mapping[Document, Claims] = {
            document: known.get(document) or tuple(_paths(document, sites.get(document.file, PLAIN_SITE)))
            for document in documents
        }
        self._documents = documents
        self._files = files
        self._sites = sites
        self._own = own

    def find(self, name: str, document: Document) -> str | None:
        """The key of the article that a document means by this: a URL, a path, a slug, or the name of a file.

        Of several with a slug the one in the document's language is meant, else the first in the order of look-ups; one whose slug
        only copies tell, if no file is meant.
        """
        return self._find_file(name, document) or self._mentioned.get(name)

    def of_copy(self, copy: Reference, document: Document) -> str | None:
        """The key of the article that a copy in a document is of; None if it says no URL, no title, and a name or path of none."""
        if is_url_key(copy.key):
            return self.former_urls.get(copy.key, copy.key)
        if is_slug_key(copy.key):
            found = self.find(copy.slug or "", document)
        else:
            found = self._find_file(copy.web_url or copy.original_url or "", document)
        return found or (copy.key if copy.title is not None else None)

    def _find_file(self, name: str, document: Document) -> str | None:
        if url := canonical_url(name):
            if url in self._files:
                return url
            path = own_path(self._sites.get(document.file, PLAIN_SITE), name)
            return self.by_path.get(path_name(path)) if path is not None else None
        if owners := self._by_slug.get(name):
            language = self._language(document)
            return next((key for key in owners if self._language_of(key) == language), owners[0])
        if found := self.by_path.get(path_name(name)):
            return found
        folder = document.file
        while "/" in folder:  # the nearest folder below which such a path leads to an article
            folder = folder.rpartition("/")[0]
            if found := self.by_path.get(path_name(f"{folder}/{name}")):
                return found
        return None

    def paths(self, key: str) -> tuple[str, ...]:
        """Every path that means the article, in the form of `path_name`, the strongest first: its address, its file, then former addresses."""
        found = [claim for document in self._files.get(key, ()) for claim in self._claims[document]]
        found.sort(key=itemgetter(0))
        return tuple(dict.fromkeys(path for _, path in found))

    def _language(self, document: Document) -> str | None:
        return self._own[document.file].language if document.file in self._own else None

    def _language_of(self, key: str) -> str | None:
        files = self._files.get(key)
        return self._language(files[0]) if files else None

    @cached_property
    def former_urls(self) -> Mapping[str, str]:
        """The articles by the URLs that they had, where these are known and nobody has them now."""
        found: dict[str, str] = {}
        for key, same in self._files.items():
            for document in same:
                site = self._sites.get(document.file, PLAIN_SITE)
                for alias in document.aliases if site.url else ():
                    former = former_address(document, site, alias)
                    whole = whole_address(site, former if former.startswith("/") else f"/{former}") if former else None
                    url = canonical_url(whole or "")
                    if url and url not in self._files:
                        found.setdefault(url, key)
        return found

    @cached_property
    def _by_slug(self) -> Mapping[str, Sequence[str]]:
        """The articles with a file that claim a slug: first those that have it as their own, then those that have it as another name."""
        claimants = by_precedence(
            [_Claimant(key, same, names_of(same, self._own)) for key, same in self._files.items()]
        )
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for claimant in claimants:
            found[claimant.slugs[0]][claimant.key] = None
        for claimant in claimants:
            for name in claimant.slugs[1:]:
                found[name][claimant.key] = None
        return {slug: tuple(keys) for slug, keys in found.items()}

    @cached_property
    def _mentioned(self) -> Mapping[str, str]:
        """The articles by the slugs that copies tell of them; of several the first by key."""
        found: dict[str, str] = {}
        for document in self._documents:
            for copy in document.related:
                if copy and copy.slug and not is_slug_key(copy.key) and (key := self.of_copy(copy, document)):
                    found[copy.slug] = min(key, found.get(copy.slug, key))
        return found

    @cached_property
    def by_path(self) -> Mapping[str, str]:
        """The key of the article that a path means, in the form of `path_name`."""
        found: dict[str, tuple[int, str]] = {}
        for key, same in self._files.items():
            for document in same:
                for strength, path in self._claims[document]:
                    if path not in found or strength < found[path][0]:
                        found[path] = (strength, key)
        return {path: key for path, (_, key) in found.items()}


class _Claimant:
    """An article, as far as its names are concerned."""

    def __init__(self, key: str, files: Sequence[Document], slugs: tuple[str, ...]) -> None:
        self.key = key
        self.file: str | None = files[0].file
        self.url = files[0].url
        self.published_date_time = next(
            (document.published_date_time for document in files if document.published_date_time), None
        )
        self.slugs = slugs
